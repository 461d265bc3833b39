"""Years between two dates: only what the dates decide."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import product

import pytest

from rstage.report.course import Course
from rstage.report.years import SUM_OF_YEARS, first_number, second_number, years_between, years_of
from rstage.tables.pair_tally import NO_YEARS, RowTally


@pytest.mark.parametrize(
    ("first", "second", "years"),
    [
        ("2015-04-01", "2018-04-01", (3, 3)),
        ("2015-04-01", "2018-03-31", (2, 2)),
        ("2015-04-01", "2015-04-01", (0, 0)),
        ("2015", "2018", (2, 3)),
        ("2015", "2018-12-31", (2, 3)),
        ("2015", "2015-12", (-1, 0)),
        ("2015-04", "2018-05", (3, 3)),
        ("2015-04", "2018-03", (2, 2)),
        ("2015-04", "2018-04", (2, 3)),
        ("2015-04-02", "2018-04", (2, 3)),
        ("2015-04-02", "2018-05", (3, 3)),
        ("2015-04-02", "2018-01", (2, 2)),
    ],
)
def test_years_are_whole_and_only_what_the_dates_decide(
    first: str, second: str, years: tuple[int, int]
) -> None:
    assert years_between(first, second) == years
    course = Course()
    course.add_years(years, 3)
    is_decided = max(years[0], 0) == years[1]
    assert course.years == ({years[1]: 3} if is_decided else {})
    assert course.unclear == (0 if is_decided else 3)


def test_a_missing_date_is_counted_as_such() -> None:
    course = Course()
    course.add_years(years_between(None, "2018"), 2)
    course.add_years(years_between("2015", None))
    assert (course.undated, course.unclear, course.years) == (3, 0, {})


def test_the_years_of_full_dates_are_those_of_the_calendar() -> None:
    draw = random.Random(1)  # noqa: S311  dates, and no secret
    for _ in range(500):
        first, second = sorted(date(2000, 1, 1) + timedelta(draw.randrange(5_000)) for _ in range(2))
        years = second.year - first.year - ((second.month, second.day) < (first.month, first.day))
        assert years_between(str(first), str(second)) == (years, years)


def test_the_years_of_partial_dates_are_those_that_their_days_can_have() -> None:
    days = [date(2015, 1, 1) + timedelta(number) for number in range(0, 4 * 365, 3)]
    known = ("2015", "2015-04", "2015-04-04", "2017-03", "2017-04", "2017-05", "2017", "2018-04")
    for first, second in product(known, repeat=2):
        olds, news = ([day for day in days if str(day).startswith(one)] for one in (first, second))
        found = {
            new.year - old.year - ((new.month, new.day) < (old.month, old.day))
            for old, new in product(olds, news)
        }
        if max(found) >= 0:
            assert years_between(first, second) == (min(found), max(found))


def test_a_few_bits_of_the_sum_are_enough() -> None:
    known = (None, "0001", "2015", "2015-04", "2015-04-04", "2017-03", "2017-12-31", "2018-04", "9999-12-31")
    for first, second in product(known, repeat=2):
        total = first_number(first) + second_number(second) & SUM_OF_YEARS
        assert years_of(total) == years_between(first, second)


@pytest.mark.parametrize("most", [1, 1_000])
def test_many_rows_are_counted_by_their_years(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rstage.tables.pair_tally.MOST_YEARS", most)
    course = Course()
    tally = RowTally(course)
    for year in ("2016", "2017", "2016", "2019"):
        total = first_number("2015-05-05") + second_number(f"{year}-07")
        tally.add_years([total & SUM_OF_YEARS, NO_YEARS, first_number(None) + second_number(year)])
    tally.finish()
    assert (course.years, course.undated, course.unclear) == ({1: 2, 2: 1, 4: 1}, 4, 0)
