"""What holds for every restaging: r and nothing else, the diagnosis untouched, any single change found."""

from __future__ import annotations

import copy
import re
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import rstage
from rstage import Severity, Timing
from rstage.restaging.naaccr_1880 import naaccr_codes
from rstage.restaging.staging import certainly_before, partial_date
from tests.support.stagings import (
    NEW_FIELDS,
    any_texts,
    assessments,
    changed_at,
    diagnoses,
    events,
    leaves,
    replacements,
    stagings,
    stated,
    value_at,
)


def without_r(stage: rstage.Stage) -> dict[str, Any]:
    """Return a stage as a dictionary with no r in any timing."""
    data: dict[str, Any] = copy.deepcopy(stage.to_dict())
    for part in ("t", "n", "m", "group"):
        if part in data:
            data[part]["timing"] = [mark for mark in data[part].get("timing", []) if mark != "r"]
    return data


@given(diagnoses | stagings(any_texts), assessments | stagings(any_texts), events, stated)
def test_the_r_form_is_the_assessment_with_r_or_a_refusal(
    diagnosis: rstage.Staging, assessment: rstage.Staging, event: str, recurrence: set[str] | None
) -> None:
    before = diagnosis.to_dict(), assessment.to_dict()
    try:
        made = rstage.restage(diagnosis, assessment, event=event, recurrence=recurrence)
    except rstage.RestagingError as error:
        codes = [found.code for found in error.diagnostics if found.severity is Severity.ERROR]
        assert codes
        assert all(re.fullmatch(r"RS40\d", code) for code in codes)
        return
    finally:
        assert (diagnosis.to_dict(), assessment.to_dict()) == before
    assert made.diagnosis is diagnosis
    assert made.assessment is assessment
    assert all(Timing.RECURRENCE in found.timing for found in made.restaged.categories)
    assert made.restaged.group is None or Timing.RECURRENCE in made.restaged.group.timing
    assert without_r(made.restaged) == without_r(assessment.stage)
    assert made.restaged.restaged() is made.restaged
    assert rstage.parse(str(made.restaged)) == made.restaged
    assert rstage.verify(made, original=diagnosis) == ()
    assert {found.severity for found in made.diagnostics} <= {Severity.WARNING, Severity.INFO}
    assert made.describe().endswith("The stage at diagnosis stays as it was.")
    assert rstage.recurrence_to_naaccr(made) in naaccr_codes()


@given(diagnoses, assessments)
def test_restaging_the_r_form_gives_the_r_form(diagnosis: rstage.Staging, assessment: rstage.Staging) -> None:
    once = rstage.restage(diagnosis, assessment)
    again = rstage.restage(diagnosis, replace(assessment, stage=once.restaged))
    assert again.restaged is once.restaged
    assert again.recurrence == once.recurrence
    assert again.link.diagnosis == once.link.diagnosis


@given(diagnoses, assessments, events, stated)
def test_a_dictionary_gives_the_same_restaging(
    diagnosis: rstage.Staging, assessment: rstage.Staging, event: str, recurrence: set[str] | None
) -> None:
    made = rstage.restage(diagnosis, assessment, event=event, recurrence=recurrence)
    again = rstage.Restaging.from_dict(made.to_dict())
    assert again == made
    assert hash(again) == hash(made)
    assert rstage.verify(again) == ()


@given(diagnoses, assessments, events, stated, st.data())
def test_any_single_change_is_found(
    diagnosis: rstage.Staging,
    assessment: rstage.Staging,
    event: str,
    recurrence: set[str] | None,
    data: st.DataObject,
) -> None:
    made = rstage.restage(diagnosis, assessment, event=event, recurrence=recurrence)
    written = made.to_dict()
    known = [(path, [*replacements(path[-1], value_at(written, path)), None]) for path in leaves(written)]
    known += [
        ((part, name), replacements(name, ""))
        for part, names in NEW_FIELDS.items()
        for name in names
        if name not in written[part]
    ]
    for path, values in known:
        value = data.draw(st.sampled_from(values))
        try:
            changed = rstage.Restaging.from_dict(changed_at(written, path, value))
        except (ValueError, TypeError):
            continue  # a value that cannot be
        assert changed == made or rstage.verify(changed), path


@given(diagnoses, assessments)
def test_the_same_input_gives_the_same_link(diagnosis: rstage.Staging, assessment: rstage.Staging) -> None:
    first, second = (
        rstage.restage(rstage.Staging.from_dict(diagnosis.to_dict()), assessment) for _ in range(2)
    )
    assert first.link == second.link


@given(diagnoses, assessments, assessments)
def test_different_restagings_have_different_links(
    diagnosis: rstage.Staging, assessment: rstage.Staging, other: rstage.Staging
) -> None:
    links = [rstage.restage(diagnosis, one).link.restaging for one in (assessment, other)]
    assert (links[0] == links[1]) is (assessment == other)


@given(st.dates(), st.dates(), st.sampled_from([4, 7, 10]), st.sampled_from([4, 7, 10]))
def test_certainly_before_is_never_wrong(first: Any, second: Any, cut: int, other_cut: int) -> None:
    a, b = partial_date(str(first)[:cut]), partial_date(str(second)[:other_cut])
    if certainly_before(a, b):
        assert first < second
        assert not certainly_before(b, a)
    if cut == other_cut == 10:
        assert certainly_before(a, b) is (first < second)
