"""What `verify` finds in a restaging that was altered."""

from __future__ import annotations

from typing import Any

import pytest

import rstage
from rstage import rules
from tests.support.restagings import assessment, diagnosis, names, restaging

ALTERATIONS: list[tuple[list[str], Any, str]] = [
    (["diagnosis", "text"], "cT2N0M0", "DIAGNOSIS_ALTERED"),
    (["diagnosis", "stage", "t", "value"], "3", "DIAGNOSIS_ALTERED"),
    (["diagnosis", "date"], "2019-03-03", "DIAGNOSIS_ALTERED"),
    (["diagnosis", "site"], "C18.9", "DIAGNOSIS_ALTERED"),
    (["diagnosis", "id"], "new", "DIAGNOSIS_ALTERED"),
    (["diagnosis", "tumor_id"], "T1 ", "DIAGNOSIS_ALTERED"),
    (["diagnosis", "tumor_id"], "T2", "SECOND_PRIMARY"),
    (["assessment", "text"], "cT0N0", "ASSESSMENT_ALTERED"),
    (["assessment", "date"], "2023-06", "ASSESSMENT_ALTERED"),
    (["assessment", "date"], "2018", "BEFORE_DIAGNOSIS"),
    (["assessment", "site"], "C22.0", "ASSESSMENT_ALTERED"),
    (["assessment", "stage", "n", "value"], "1", "RESTAGED_ALTERED"),
    (["restaged", "t", "value"], "1", "RESTAGED_ALTERED"),
    (["restaged", "m", "suffixes", "sites"], ["PUL"], "RESTAGED_ALTERED"),
    (["recurrence"], ["local"], "RECURRENCE_ALTERED"),
    (["recurrence"], [], "RECURRENCE_ALTERED"),
    (["recurrence_basis"], "stated", "LINK_ALTERED"),
    (["event"], "progression", "LINK_ALTERED"),
    (["link", "diagnosis"], "0" * 64, "LINK_ALTERED"),
    (["link", "assessment"], "0" * 64, "LINK_ALTERED"),
    (["link", "restaging"], "0" * 64, "LINK_ALTERED"),
    (["link", "previous"], "0" * 64, "LINK_ALTERED"),
    (["link", "tumor_id"], "T2", "LINK_ALTERED"),
    (["link", "assessment_id"], "A2", "LINK_ALTERED"),
    (["link", "version"], 2, "LINK_ALTERED"),
]


def altered(made: rstage.Restaging, path: list[str], value: Any) -> rstage.Restaging:
    data = made.to_dict()
    inner = data
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    return rstage.Restaging.from_dict(data)


@pytest.mark.parametrize(("path", "value", "expected"), ALTERATIONS, ids=lambda part: str(part)[:40])
def test_verify_names_what_was_altered(path: list[str], value: Any, expected: str) -> None:
    changed = altered(restaging(), path, value)
    assert changed != restaging()
    assert expected in names(rstage.verify(changed))
    if path[0] != "diagnosis":
        assert "DIAGNOSIS_ALTERED" not in names(rstage.verify(changed))


@pytest.mark.parametrize(
    ("path", "value"), [(path, value) for path, value, _ in ALTERATIONS if path[0] == "link"]
)
def test_verify_names_the_field_of_a_link(path: list[str], value: Any) -> None:
    found = rstage.verify(altered(restaging(), path, value))
    # Whether another link comes before it, a restaging alone cannot tell.
    name = "restaging" if path[1] == "previous" else path[1]
    expected = rules.LINK_ALTERED.at(field=f": {name}")
    assert expected in found


@pytest.mark.parametrize("name", ["text", "date", "site", "id", "tumor_id"])
def test_verify_names_the_field_where_the_original_is_given(name: str) -> None:
    changed = altered(restaging(), ["diagnosis", name], "2018" if name == "date" else "T1 ")
    found = [one for one in rstage.verify(changed, original=diagnosis()) if one.name == "DIAGNOSIS_ALTERED"]
    assert len(found) == 1
    assert found[0].message.endswith(name)


def test_verify_names_the_stage_of_the_diagnosis() -> None:
    changed = altered(restaging(), ["diagnosis", "stage", "n", "value"], "1")
    found = rstage.verify(changed, original=diagnosis())
    assert [one.message.rpartition(" ")[2] for one in found] == ["stage"]


def test_verify_against_the_diagnosis_of_somebody_else() -> None:
    found = rstage.verify(restaging(), original=diagnosis("cT2 cN0 cM0", tumor_id="T9"))
    assert names(found) == ["DIAGNOSIS_ALTERED"]


def test_a_stated_recurrence_is_covered_by_the_digest() -> None:
    changed = altered(restaging(recurrence="local"), ["recurrence"], ["regional"])
    assert names(rstage.verify(changed)) == ["LINK_ALTERED"]


def test_verify_finds_what_restage_would_have_refused() -> None:
    first, second = diagnosis(tumor_id="T2"), assessment()
    data = restaging().to_dict()
    data["diagnosis"] = first.to_dict()
    made = rstage.Restaging.from_dict(data)
    assert rules.SECOND_PRIMARY.code in {one.code for one in rstage.verify(made)}
    assert made.assessment == second


def test_from_dict_does_not_verify_but_holds_legal_values() -> None:
    data = restaging().to_dict()
    for name, value in (("event", "relapse"), ("recurrence_basis", "guessed"), ("recurrence", ["nearby"])):
        with pytest.raises(ValueError, match=r"one of|derived or stated|joined"):
            rstage.Restaging.from_dict({**data, name: value})
    with pytest.raises(ValueError, match="do not make a Restaging"):
        rstage.Restaging.from_dict({**data, "comment": "x"})
