"""Years between two dates: only what the dates decide, and the same one by one as many at a time."""

from __future__ import annotations

import random

import pytest

from rstage.report.course import Course, years_between


@pytest.mark.parametrize(
    ("first", "second", "years"),
    [
        ("2015-04-01", "2018-04-01", (3, 3)),
        ("2015-04-01", "2018-03-31", (2, 2)),
        ("2015-04-01", "2015-04-01", (0, 0)),
        ("2015", "2018", (2, 3)),
        ("2015", "2018-12-31", (2, 3)),
        ("2015", "2015-12", (0, 0)),
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
    course.add_years([first], [second])
    assert course.years == ({years[0]: 1} if years[0] == years[1] else {})
    assert course.unclear == (years[0] != years[1])


def test_many_at_a_time_are_counted_as_one_by_one() -> None:
    draw = random.Random(1)  # noqa: S311  dates, and no secret
    days = [
        (f"{2000 + draw.randrange(5)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}", draw.randrange(9))
        for _ in range(500)
    ]
    first = [day for day, _ in days]
    second = [f"{int(day[:4]) + 1 + later}-{draw.randint(1, 12):02}-{day[8:]}" for day, later in days]
    together, alone, mixed = Course(), Course(), Course()
    together.add_years(first, second)
    for pair in zip(first, second, strict=True):
        alone.add_years(*([one] for one in pair))
    mixed.add_years([*first, None, "2001"], [*second, "2001", "2004"])
    assert together.years == alone.years == mixed.years
    assert sum(together.years.values()) == len(days)
    assert (mixed.undated, mixed.unclear) == (1, 1)
