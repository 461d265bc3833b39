"""The recurrences of a run: their types, the years after the diagnosis, and the first tumors one by one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import repeat
from operator import add, and_
from typing import TYPE_CHECKING

from rstage.caches import CACHE_SIZE, BoundedDict, cached
from rstage.restaging.recurrence import types_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rstage.restaging.history import History
    from rstage.restaging.restage import Restaging

MOST_TIMELINES = 200
"""Tumors that are kept one by one; the others are only counted."""

MOST_STEPS = 4
"""Restagings of one tumor that are kept."""

A_YEAR = 1 << 14
"""The days of `day_range` from one year to the next: a power of 2, so that the days of a year are bits."""


@dataclass(frozen=True, slots=True)
class Step:
    """One restaging of a tumor: its r-form, its types of recurrence (`local+distant`), and its date."""

    stage: str
    types: str
    date: str | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """One tumor.

    Attributes:
        tumor_id: what the input calls it. diagnosis: its stage at diagnosis. date: of the diagnosis.
        steps: its restagings, the first of them. more: how many there are besides.
    """

    tumor_id: str | None
    diagnosis: str
    date: str | None
    steps: tuple[Step, ...]
    more: int = 0


class Course:
    """Counts recurrences; memory does not grow with them.

    Attributes:
        restagings, tumors: how many there were.
        types: how often each set of types came (`local+distant`); an empty text where none is shown.
        years: how often each number of whole years lies between diagnosis and recurrence.
        unclear, undated: recurrences whose dates do not decide the number, or are not there.
        timelines: the first tumors with a restaging.
    """

    def __init__(self) -> None:
        self.restagings = self.tumors = self.unclear = self.undated = 0
        self.types: Counter[str] = Counter()
        self.years: Counter[int] = Counter()
        self.timelines: list[Timeline] = []

    @property
    def room(self) -> int:
        """How many tumors more are kept one by one."""
        return MOST_TIMELINES - len(self.timelines)

    def add_types(self, types: str, count: int = 1) -> None:
        """Count restagings with the same types of recurrence; less than nothing takes them back."""
        self.restagings += count
        self.types[types] += count

    def add_years(self, counts: Iterable[tuple[tuple[int, int] | None, int]]) -> None:
        """Count the least and the most whole years from diagnoses to recurrences.

        Args:
            counts: the two as `years_between` has them, None where a date is missing, and how often they are
                there.
        """
        for bounds, count in counts:
            if bounds is None:
                self.undated += count
                continue
            least, most = bounds
            if most in (least, 0):
                self.years[most] += count
            else:
                self.unclear += count

    def add_restaging(self, restaging: Restaging) -> None:
        """Count a restaging that stands for itself."""
        self.tumors += 1
        self._add_step(restaging)
        if self.room:
            diagnosis = restaging.diagnosis
            self.timelines.append(
                Timeline(diagnosis.tumor_id, str(diagnosis), diagnosis.date, (_step(restaging),))
            )

    def add_history(self, history: History | None, new_count: int | None = None) -> None:
        """Count the restagings of one tumor, or only so many of them, the last; its line shows all."""
        self.tumors += 1
        if history is None or not history.restagings:
            return
        known = 0 if new_count is None else len(history.restagings) - new_count
        for one in history.restagings[known:]:
            self._add_step(one)
        if self.room:
            diagnosis, kept = history.diagnosis, history.restagings[:MOST_STEPS]
            more = len(history.restagings) - len(kept)
            steps = tuple(map(_step, kept))
            self.timelines.append(Timeline(diagnosis.tumor_id, str(diagnosis), diagnosis.date, steps, more))

    def _add_step(self, restaging: Restaging) -> None:
        self.add_types(types_text(restaging.recurrence))
        if restaging.recurrence:
            self.add_years([(years_between(restaging.diagnosis.date, restaging.assessment.date), 1)])


def _step(restaging: Restaging) -> Step:
    return Step(str(restaging.restaged), types_text(restaging.recurrence), restaging.assessment.date)


def years_between(first: str | None, second: str | None) -> tuple[int, int] | None:
    """Return the least and the most whole years that can lie between two dates, the same where they decide.

    Where they leave open which is the earlier one, the least is below 0.

    Args:
        first: ISO 8601, possibly partial; None where it is missing, and so is the answer.
        second: likewise.
    """
    return _years(_before(first) + _after(second))


_HALF = 1 << 30
_MORE = 1 << 28
_MISSING = 1 << 62
_YEARS = (4 * _MISSING - 1) ^ ((A_YEAR - 1) * (_HALF + 1))
"""Of two dates the numbers `_before` and `_after` add up to the least days between them and the most, in one
number, so that many are counted at once. Each has so much more that it is above 0 and leaves the other as it
is. With the days of a year masked there are few sums; where a date is missing they are far above all others.
"""


class YearsBetween:
    """Counts the years between many dates; memory does not grow with them."""

    def __init__(self) -> None:
        self._counted: Counter[int] = Counter()
        self._before, self._after = _Numbers(_before), _Numbers(_after)

    def add(self, first: Iterable[str | None], second: Iterable[str | None]) -> None:
        """Count dates, each with that in the same place of the others."""
        before, after = map(self._before.__getitem__, first), map(self._after.__getitem__, second)
        self._counted.update(map(and_, map(add, before, after), repeat(_YEARS)))

    def counts(self) -> Iterator[tuple[tuple[int, int] | None, int]]:
        """Yield what `years_between` says of dates, and how often."""
        for between, count in self._counted.items():
            yield _years(between), count


class _Numbers(BoundedDict[str | None, int]):
    """The number that stands for each date."""

    def __init__(self, number_of: Callable[[str | None], int]) -> None:
        super().__init__(CACHE_SIZE)
        self._number_of = number_of

    def __missing__(self, date: str | None) -> int:
        return self.keep(date, self._number_of(date))


def _before(date: str | None) -> int:
    if date is None:
        return _MISSING
    first, last = day_range(date)
    return (_MORE - last) * _HALF + (_MORE - first)


def _after(date: str | None) -> int:
    if date is None:
        return _MISSING
    first, last = day_range(date)
    return first * _HALF + last


def _years(between: int) -> tuple[int, int] | None:
    if between >= _MISSING:
        return None
    least, most = divmod(between, _HALF)
    return (least - _MORE) // A_YEAR, (most - _MORE) // A_YEAR


@cached()
def day_range(date: str) -> tuple[int, int]:
    """Return the first and the last day that a date may mean: its years, and MMDD as the days in them.

    What is not known is 0 or 9 in each digit: below and above what any date has there.
    """
    years, days = int(date[:4]) * A_YEAR, date[4:].replace("-", "")
    return years + int(days.ljust(4, "0")), years + int(days.ljust(4, "9"))


def years_after(first: str, second: str) -> float:
    """Return where the second date stands on a line that begins with the first one, in years."""
    years = float(int(second[:4]) - int(first[:4]))
    if len(first) > 4 and len(second) > 4:
        years += (int(second[5:7]) - int(first[5:7])) / 12
    return max(years, 0.0)
