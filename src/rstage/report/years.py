"""Whole years between two dates, which may be partial."""

from __future__ import annotations

from rstage.caches import cached

Years = tuple[int, int]
"""The least and the most that there can be, the same where the dates decide.

Where they leave open which is the earlier one, the least is below 0.
"""

_A_YEAR = 1 << 14
"""The days of `_day_range` from one year to the next: a power of 2, so that the days of a year are bits."""

_HALF = 1 << 30
_MORE = 1 << 28
_MISSING = 1 << 62
SUM_OF_YEARS = (4 * _MISSING - 1) ^ ((_A_YEAR - 1) * (_HALF + 1))
"""Of two dates `first_number` and `second_number` add up to the least days between them and the most, in one
number. Each has so much more that it is above 0 and leaves the other as it is; where a date is missing, the
sum is far above all others. Without the days of a year there are few sums: these are the other bits.
"""


def years_between(first: str | None, second: str | None) -> Years | None:
    """Return the whole years between two dates.

    Args:
        first: ISO 8601, possibly partial; None where it is missing, and so is the answer.
        second: likewise.
    """
    return years_of(first_number(first) + second_number(second))


def first_number(date: str | None) -> int:
    """Return the number of the first of two dates."""
    if date is None:
        return _MISSING
    first, last = _day_range(date)
    return (_MORE - last) * _HALF + (_MORE - first)


def second_number(date: str | None) -> int:
    """Return the number of the second of two dates."""
    if date is None:
        return _MISSING
    first, last = _day_range(date)
    return first * _HALF + last


def years_of(total: int) -> Years | None:
    """Return the years that the sum of the numbers of two dates stands for."""
    if total >= _MISSING:
        return None
    least, most = divmod(total, _HALF)
    return (least - _MORE) // _A_YEAR, (most - _MORE) // _A_YEAR


@cached()
def _day_range(date: str) -> tuple[int, int]:
    """Return the first and the last day that a date may mean: its years, and MMDD as the days in them.

    What is not known is 0 or 9 in each digit: below and above what any date has there.
    """
    years, days = int(date[:4]) * _A_YEAR, date[4:].replace("-", "")
    return years + int(days.ljust(4, "0")), years + int(days.ljust(4, "9"))


def years_after(first: str, second: str) -> float:
    """Return where the second date stands on a line that begins with the first one, in years."""
    years = float(int(second[:4]) - int(first[:4]))
    if len(first) > 4 and len(second) > 4:
        years += (int(second[5:7]) - int(first[5:7])) / 12
    return max(years, 0.0)
