"""What is later than the diagnosis: windows, recurrences with and without a date, and stated events."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rstage
from rstage.restaging.course import Course, StatedEvent, check_window, windows_that_differ
from rstage.restaging.linking import Member, Role, linked

FIRST = ("cT2 cN0 cM0", "2019-03-02")
# Stagings beside the first, the events of the record, the diagnosis, what is restaged, what is left, codes.
CASES: dict[str, tuple[list[tuple[str, str]], list[StatedEvent], str, str, int, set[str]]] = {
    "inside": ([("pT3 pN1", "2019-05-01")], [], "pT3 pN1", "", 0, set()),
    "beyond": ([("pM1", "2023-05-11")], [], "cT2 cN0 cM0", "", 1, {"RS438"}),
    "beyond, an undated recurrence": (
        [("pM1", "2023-05-11")],
        [StatedEvent()],
        "cT2 cN0 cM0",
        "rpM1 recurrence",
        0,
        {"RS439"},
    ),
    "inside, an undated recurrence": (
        [("pT3 pN1", "2019-05-01")],
        [StatedEvent()],
        "pT3 pN1",
        "",
        0,
        {"RS441"},
    ),
    "inside, after a dated recurrence": (
        [("pT3 pN1", "2019-12-01")],
        [StatedEvent(date="2019-11")],
        "cT2 cN0 cM0",
        "rpT3 rpN1 recurrence",
        0,
        {"RS439"},
    ),
    "on the day of a recurrence": (
        [("pT3 pN1", "2019-11-05")],
        [StatedEvent(date="2019-11-05", recurrence=frozenset({rstage.RecurrenceType.LOCAL}))],
        "cT2 cN0 cM0",
        "rpT3 rpN1 recurrence",
        0,
        {"RS439"},
    ),
    "before a recurrence": (
        [("pT3 pN1", "2019-05-01")],
        [StatedEvent(date="2019-11")],
        "pT3 pN1",
        "",
        0,
        set(),
    ),
    "beyond, and before a recurrence": (
        [("pT3 pN1", "2021-05-01")],
        [StatedEvent(date="2022")],
        "cT2 cN0 cM0",
        "",
        1,
        {"RS438"},
    ),
    "a month that does not decide": (
        [("pT3 pN1", "2019-11")],
        [StatedEvent(date="2019-11-05")],
        "pT3 pN1",
        "",
        0,
        {"RS440"},
    ),
    "a progression is no recurrence": (
        [("pT3 pN1", "2019-11-07")],
        [StatedEvent(event="progression", date="2019-11-05")],
        "pT3 pN1",
        "",
        0,
        set(),
    ),
    "a stage with r on the day of the first staging": (
        [("rT1", "2019-03-02"), ("pT3 pN1", "2019-05-01")],
        [],
        "pT3 pN1",
        "",
        1,
        {"RS403"},
    ),
    "a stage with r on the day after it": (
        [("rT1", "2019-03-03"), ("pT3 pN1", "2019-05-01")],
        [],
        "cT2 cN0 cM0",
        "rT1 unknown",
        1,
        {"RS438"},
    ),
    "two of one date": (
        [("pT3 pN1", "2019-05-01"), ("pT4 pN1 cM0", "2019-05-01")],
        [],
        "pT4 pN1 cM0",
        "",
        0,
        {"RS442"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_a_record_comes_to(name: str) -> None:
    others, events, diagnosis, restaged, left, codes = CASES[name]
    members = [Member(rstage.Staging.parse(text, date=date)) for text, date in (FIRST, *others)]
    for ordered in (members, members[::-1]):
        made = linked(ordered, events=events)
        assert made.history is not None
        assert str(made.history.diagnosis) == diagnosis
        told = [f"{one.restaged} {one.event}" for one in made.history.restagings]
        assert " | ".join(told) == restaged
        assert len(made.left) == left
        found = {one.code for each in made.found for one in each}
        assert found - {"RS416", "RS417", "RS419"} == codes
        assert rstage.verify(made.history) == ()


def test_the_window_is_a_setting() -> None:
    stagings = [
        rstage.Staging.parse(*FIRST[:1], date=FIRST[1]),
        rstage.Staging.parse("pT3", date="2021-01-01"),
    ]
    for window, diagnosis in ((0, "cT2 cN0 cM0"), (12, "cT2 cN0 cM0"), (24, "pT3")):
        history = rstage.History.of(stagings, diagnosis_window=window)
        assert str(history.diagnosis) == diagnosis
        made = linked(list(map(Member, stagings)), diagnosis_window=window)
        assert made.history == history
    wrong: list[Any] = [-1, 1.5, "12", None, True, 5_000]
    for window in wrong:
        with pytest.raises(ValueError, match="months"):
            rstage.History.of(stagings, diagnosis_window=window)
        with pytest.raises(ValueError, match="months"):
            check_window(window)


def test_a_recurrence_before_the_date_of_diagnosis_contradicts_it_and_is_passed_over() -> None:
    staging = rstage.Staging.parse("cT2", date="2019-03-02")
    events = [StatedEvent(date="2018-05")]
    assert linked([Member(staging)], events=events).history is None
    made = linked([Member(staging)], events=events, diagnosed="2019-03-02")
    assert made.history is not None


def test_the_place_says_the_kind_whatever_the_values_carry() -> None:
    clinical = Member(rstage.Staging.parse("pTis cN0", date="2019-03-02"), kind="clinical")
    pathological = Member(rstage.Staging.parse("pT1 pN0", date="2019-03-02"), kind="pathological")
    beside = Member(rstage.Staging.parse("pT4 pN2 pM1", date="2019-03-02"), kind="beside")
    made = linked([clinical, beside, pathological])
    assert made.history is not None
    assert str(made.history.diagnosis) == "pT1 pN0"
    assert made.found == [(), (), ()]
    alone = linked([clinical, beside])
    assert alone.history is not None
    assert (str(alone.history.diagnosis), alone.history.diagnosis_basis) == ("pTis cN0", "clinical")


def test_a_staging_of_the_course_belongs_to_the_history_inside_the_window_only() -> None:
    first = Member(rstage.Staging.parse("cT2", date="2019-03-02"))
    for date, event, initial, restaged, left in (
        ("2019-06-01", "progression", 2, 0, 0),
        ("2021-06-01", "progression", 1, 1, 0),
        ("2021-06-01", "unknown", 1, 0, 1),
    ):
        later = Member(rstage.Staging.parse("T4", date=date), Role.LATER, event)
        made = linked([first, later])
        assert made.history is not None
        assert (len(made.history.initial), len(made.history.restagings)) == (initial, restaged)
        assert len(made.left) == left


def test_without_a_staging_that_can_be_the_diagnosis_each_is_left_and_told() -> None:
    of_course = [rstage.Staging.parse(text, date="2019-06-01") for text in ("T4", "T3 N1")]
    made = linked([Member(one, Role.LATER, "progression") for one in of_course])
    assert made.history is None
    assert [[one.name for one in found] for found in made.found] == [["NO_DIAGNOSIS"], ["NO_DIAGNOSIS"]]
    assert made.left == {0, 1}


DATES = st.none() | st.sampled_from(
    ["2018", "2019", "2019-03", "2019-03-02", "2019-12-31", "2020", "2020-03-02", "2020-03-03", "2021-02"]
)
STAGINGS = st.lists(
    st.builds(lambda date: rstage.Staging.parse("cT2", date=date), DATES), min_size=1, max_size=5
)


@given(STAGINGS, st.lists(DATES, max_size=2), st.integers(0, 60))
def test_one_of_the_windows_that_differ_decides_as_any_window(
    stagings: list[rstage.Staging], recurrences: list[str | None], window: int
) -> None:
    def decided(months: int) -> list[bool]:
        course = Course(stagings, recurrences=recurrences, window=months)
        return [course.judged(one).is_later for one in stagings]

    assert decided(window) in [decided(one) for one in windows_that_differ(stagings)]


def test_the_window_that_parts_two_days_is_among_those_that_differ() -> None:
    days = ("2019-03-02", "2021-09-01", "2021-09-03")
    stagings = [rstage.Staging.parse("cT2", date=date) for date in days]
    assert {29, 30, 31} <= set(windows_that_differ(stagings))
    assert 0 in windows_that_differ(stagings)


@pytest.mark.parametrize(("window", "code"), [(23, "RS438"), (24, "RS440")])
def test_a_year_begins_with_its_first_day(window: int, code: str) -> None:
    stagings = [rstage.Staging.parse("T2", date=date) for date in ("2017-01-01", "2019")]
    judged = Course(stagings, window=window).judged(stagings[1])
    assert [one.code for one in judged.found] == [code]


@given(STAGINGS)
def test_the_first_staging_is_never_later(stagings: list[rstage.Staging]) -> None:
    course = Course(stagings)
    assert not all(course.judged(one).is_later for one in stagings)
