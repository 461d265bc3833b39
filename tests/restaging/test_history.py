"""A history takes its diagnosis by the policy, only grows, and nothing in it can be altered unseen."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise, permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rstage
from rstage import History, rules
from rstage.reference.choices import POLICIES, Policy
from rstage.restaging.history import in_order
from rstage.restaging.staging import certainly_before
from tests.support.case_tables import cases
from tests.support.stagings import (
    LIKELY,
    assessments,
    changed_at,
    diagnoses,
    events,
    leaves,
    new_texts,
    replacements,
    stagings,
    stated,
    value_at,
)


def read(text: str) -> list[rstage.Staging]:
    """Return the stagings of a line of the table."""
    pairs = [one.split("@") for one in text.split("|")]
    return [rstage.Staging.parse(stage.strip(), date=date.strip() or None) for stage, date in pairs]


def stage_texts(found: Any) -> list[str]:
    return [str(one) for one in found]


@pytest.mark.parametrize("row", cases("histories.tsv", "stagings", "policy"))
def test_lines(row: dict[str, str]) -> None:
    keywords: dict[str, Any] = {"policy": row["policy"]} if row["policy"] else {}
    given_stagings = read(row["stagings"])
    names = row["codes"].split()
    if not row["diagnosis"]:
        with pytest.raises(rstage.RestagingError) as caught:
            History.of(given_stagings, **keywords)
        assert [found.name for found in caught.value.diagnostics] == names
        return
    history = History.of(given_stagings, **keywords)
    assert history.diagnosis.text == row["diagnosis"]
    assert any(history.diagnosis is one for one in given_stagings)
    assert history.diagnosis_basis == row["basis"]
    assert stage_texts(history.restagings) == [one.strip() for one in row["restaged"].split("|") if one]
    assert [found.name for found in history.diagnostics] == names
    assert rstage.verify(history) == ()


def test_the_restagings_are_linked_to_the_diagnosis_and_to_the_one_before() -> None:
    history = History.of(read("rT3 N0 M0 @2023 | cT2 cN0 cM0 @2019 | rT1 N0 M0 @2020 | rT2 N0 M0 @2021"))
    assert [one.assessment.date for one in history.restagings] == ["2020", "2021", "2023"]
    assert {id(one.diagnosis) for one in history.restagings} == {id(history.diagnosis)}
    assert len({one.link.diagnosis for one in history.restagings}) == 1
    assert history.restagings[0].link.previous is None
    for before, after in pairwise(history.restagings):
        assert after.link.previous == before.link.restaging
    assert str(history) == "cT2 cN0 cM0 -> rT1 rN0 rM0 -> rT2 rN0 rM0 -> rT3 rN0 rM0"


def test_a_history_only_grows() -> None:
    short = History.of(read("cT2 cN0 cM0 @2019"))
    before = short.to_dict()
    first, second = read("rT2 N0 M0 @2021 | T3 N0 M0 @2022")
    longer = short.restage(first, event="recurrence").restage(second, recurrence="local+distant")
    assert short.to_dict() == before
    assert short.restagings == ()
    assert longer.initial is short.initial
    assert longer.diagnosis is short.diagnosis
    assert [one.event for one in longer.restagings] == ["recurrence", "unknown"]
    assert [one.recurrence_basis for one in longer.restagings] == ["derived", "stated"]
    assert longer.restagings[:1] == short.restage(first, event="recurrence").restagings
    with pytest.raises(AttributeError):
        longer.restagings = ()  # type: ignore[misc]  # that it is frozen is the test


def test_what_cannot_follow_is_refused_and_the_history_stays() -> None:
    history = History.of(read("cT2 cN0 cM0 @2019 | rT2 N0 M0 @2021 | rT2 N1 M0 @"))
    for text, rule in (
        ("rT3 N0 M0 @2020", rules.OUT_OF_ORDER),
        ("rT3 N0 M0 @2018", rules.OUT_OF_ORDER),
        ("R1 @2022", rules.NOTHING_TO_RESTAGE),
    ):
        (wrong,) = read(text)
        with pytest.raises(rstage.RestagingError) as caught:
            history.restage(wrong)
        assert rule.code in [found.code for found in caught.value.diagnostics]
    with pytest.raises(rstage.RestagingError) as caught:
        History.of(read("cT2 cN0 cM0 @2019 | rT2 N0 M0 @2018"))
    assert [found.code for found in caught.value.diagnostics] == [rules.BEFORE_DIAGNOSIS.code]


@pytest.mark.parametrize("policy", ["", "latest", "Pathological"])
def test_an_unknown_policy_is_a_value_error(policy: Any) -> None:
    with pytest.raises(ValueError, match="a policy is one of"):
        History.of(read("cT2 cN0 cM0 @2019"), policy=policy)


def test_the_diagnosis_is_one_of_the_initial_stagings() -> None:
    first, other = read("cT2 cN0 cM0 @2019 | cT3 cN0 cM0 @2019")
    with pytest.raises(ValueError, match="one of the initial stagings"):
        History(initial=(first,), diagnosis=other, diagnosis_basis="earliest")
    with pytest.raises(ValueError, match="basis"):
        History(initial=(first,), diagnosis=first, diagnosis_basis="guess")
    nothing: list[Any] = [{}, [], {"initial": []}, {"initial": None, "diagnosis": None}, None]
    for data in nothing:
        with pytest.raises(ValueError, match="History"):
            History.from_dict(data)


def test_a_later_staging_without_r_belongs_to_the_history_and_is_never_the_diagnosis() -> None:
    first, later = read("cT2 cN0 cM0 @2019 | pT1 pN0 cM0 @2018")
    history = History.begun([first], later=[later])
    assert history.initial == (later, first)
    assert history.diagnosis is first
    with pytest.raises(rstage.RestagingError):
        History.begun([], later=[later])


# ---------------------------------------------------------------- order

dates = st.none() | st.sampled_from(
    ["2018", "2019", "2019-01", "2019-03", "2019-03-02", "2019-03-30", "2020", "2020-01-01"]
)
dated = st.lists(
    st.builds(lambda t, date: rstage.Staging.parse(f"cT{t}", date=date), st.sampled_from("1234"), dates),
    max_size=7,
)


@given(dated)
def test_the_order_never_contradicts_a_date(found: list[rstage.Staging]) -> None:
    ordered = in_order(found)
    assert sorted(map(id, ordered)) == sorted(map(id, found))
    for place, staging in enumerate(ordered):
        assert not any(certainly_before(staging.date, one.date) for one in ordered[:place])
    if ordered != found:
        assert any(
            certainly_before(later.date, one.date)
            for place, one in enumerate(found)
            for later in found[place:]
        )


@pytest.mark.parametrize("policy", POLICIES)
def test_the_order_of_the_input_does_not_matter_where_dates_decide(policy: Policy) -> None:
    found = read(
        "cT2 cN0 cM0 @2019-03 | pT3 pN1 cM0 @2019-05 | ypT1 ypN0 cM0 @2020 | rT2 N0 M0 @2021"
        "| rT3 N0 M0 @2022-02"
    )
    made = {json.dumps(History.of(one, policy=policy).to_dict()) for one in permutations(found)}
    assert len(made) == 1


# ---------------------------------------------------------------- what is altered is found

late = ("2020", "2020-02", "2021", "2022-03-04", "2023")


@st.composite
def histories(draw: st.DrawFn, least: int = 0) -> History:
    """Draw a history of up to four restagings whose dates do not fall."""
    first = draw(diagnoses)
    more = draw(st.lists(diagnoses, max_size=2))
    history = History.begun([first, *more], policy=draw(st.sampled_from(POLICIES)))
    count = draw(st.integers(least, 4))
    for date in sorted(draw(st.lists(st.sampled_from(late), min_size=count, max_size=count))):
        staging = replace(draw(stagings(new_texts, tumor="T1")), date=date)
        history = history.restage(staging, event=draw(events), recurrence=draw(stated))
    return history


def places(found: tuple[rstage.Diagnostic, ...]) -> set[str | None]:
    return {one.part for one in found}


@given(histories())
def test_an_unaltered_history_is_clean_also_from_its_dictionary(history: History) -> None:
    assert rstage.verify(history) == ()
    assert rstage.verify(history, original=history.diagnosis) == ()
    again = History.from_dict(json.loads(json.dumps(history.to_dict())))
    assert again == history
    assert hash(again) == hash(history)
    assert again.to_dict() == history.to_dict()
    assert rstage.verify(again) == ()


@given(histories(least=1), st.data())
def test_any_single_change_of_a_restaging_is_found_and_named(history: History, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(history.restagings) - 1))
    written = history.to_dict()
    path = data.draw(st.sampled_from(sorted(leaves(written["restagings"][place]), key=str)))
    old = value_at(written["restagings"][place], path)
    known = [one for one in LIKELY.get(str(path[-1]), ()) if one != old] or replacements(path[-1], old)
    value = data.draw(st.sampled_from([*known, None]))
    changed = changed_at(written, ("restagings", place, *path), value)
    try:
        made = History.from_dict(changed)
    except (ValueError, TypeError):
        return
    assert made == history or f"restagings[{place}]" in places(rstage.verify(made)), path


@given(histories(least=1), st.data())
def test_a_change_of_the_diagnosis_is_found_in_every_restaging(history: History, data: st.DataObject) -> None:
    name, value = data.draw(
        st.sampled_from([("date", "2001"), ("site", "C80.9"), ("tumor_id", "T9"), ("id", "X"), ("text", "x")])
    )
    changed: dict[str, Any] = {name: value}
    other = replace(history.diagnosis, **changed)
    initial = tuple(other if one == history.diagnosis else one for one in history.initial)
    altered = replace(history, initial=initial, diagnosis=other)
    expected = {f"restagings[{place}]" for place in range(len(history.restagings))}
    assert places(rstage.verify(altered)) >= expected
    assert rstage.verify(history, original=other)
    with pytest.raises(ValueError, match="one of the initial stagings"):
        replace(history, diagnosis=replace(other, text="another"))


@given(histories(least=2), st.data())
def test_a_restaging_that_is_dropped_swapped_or_added_is_found(history: History, data: st.DataObject) -> None:
    whole = history.restagings
    place = data.draw(st.integers(0, len(whole) - 2))
    dropped = replace(history, restagings=(*whole[:place], *whole[place + 1 :]))
    assert f"restagings[{place}]" in places(rstage.verify(dropped))
    other = data.draw(st.integers(place + 1, len(whole) - 1))
    swapped = list(whole)
    swapped[place], swapped[other] = whole[other], whole[place]
    assert f"restagings[{place}]" in places(rstage.verify(replace(history, restagings=tuple(swapped))))
    again = replace(history, restagings=(*whole[: place + 1], whole[place], *whole[place + 1 :]))
    assert f"restagings[{place + 1}]" in places(rstage.verify(again))
    # One that follows the diagnosis and not the restaging before it.
    forged = rstage.restage(history.diagnosis, data.draw(assessments.filter(lambda one: one.date is None)))
    added = replace(history, restagings=(*whole[: place + 1], forged, *whole[place + 1 :]))
    assert f"restagings[{place + 1}]" in places(rstage.verify(added))


@given(histories(), assessments)
def test_a_staging_with_r_among_the_initial_ones_is_found(history: History, found: rstage.Staging) -> None:
    restaged = replace(found, stage=found.stage.restaged())
    altered = replace(history, initial=(*history.initial, restaged))
    assert places(rstage.verify(altered)) == {f"initial[{len(history.initial)}]"}


def test_a_restaging_before_the_ones_it_follows_is_out_of_order() -> None:
    history = History.of(read("cT2 cN0 cM0 @2019 | rT2 N0 M0 @2021 | rT3 N0 M0 @"))
    (early,) = read("rT4 N0 M0 @2020")
    forged = rstage.restage(history.diagnosis, early, after=history.restagings[-1])
    found = rstage.verify(replace(history, restagings=(*history.restagings, forged)))
    assert [(one.code, one.part) for one in found] == [(rules.OUT_OF_ORDER.code, "restagings[2]")]


def test_the_tumor_id_is_that_of_the_first_staging_that_has_one() -> None:
    first = rstage.Staging.parse("cT2 cN0 cM0", date="2019")
    history = History.of([first])
    assert history.tumor_id is None
    assert "tumor_id" not in history.to_dict()
    longer = history.restage(rstage.Staging.parse("rT2 N0 M0", tumor_id="T1", date="2021"))
    assert longer.tumor_id == "T1" == longer.to_dict()["tumor_id"]
    assert History.from_dict(longer.to_dict()) == longer


@pytest.mark.parametrize(
    ("texts", "taken", "why"),
    [
        (("pT2", "pT2 pN1"), "pT2 pN1", "it says more"),
        (("pT2 pN1", "pT2"), "pT2 pN1", "it says more"),
        (("pT2 pN1", "pT3 pN0"), "pT2 pN1", "it stands first"),
        (("pT2 pN1", "pT2 pN1 Stage II"), "pT2 pN1 Stage II", "it says more"),
    ],
)
def test_of_two_stagings_of_one_act_it_is_told_why_one_is_the_diagnosis(
    texts: tuple[str, str], taken: str, why: str
) -> None:
    history = rstage.History.of([rstage.Staging.parse(text, date="2019-03-02") for text in texts])
    assert str(history.diagnosis) == taken
    (told,) = [one for one in history.diagnostics if why in one.message]
    assert "2 stagings" in told.message


@pytest.mark.parametrize("later", [False, True])
def test_the_stagings_of_two_tumors_make_no_history(later: bool) -> None:
    first = rstage.Staging.parse("cT2 N0 M0", date="2019", tumor_id="A")
    other = rstage.Staging.parse("pT3 N0 M0", date="2019-02", tumor_id="B")
    unnamed = rstage.Staging.parse("pT3 N0 M0", date="2019-02")
    assert History.of([first, unnamed]).diagnosis == unnamed
    with pytest.raises(ValueError, match="one tumor"):
        History.begun([first], later=[other]) if later else History.of([first, other])
