"""The recurrences of a run: their types, the years after the diagnosis, and the first tumors one by one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rstage.caches import cached
from rstage.restaging.recurrence import types_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rstage.restaging.history import History
    from rstage.restaging.restage import Restaging

MOST_TIMELINES = 200
"""Tumors that are kept one by one; the others are only counted."""

MOST_STEPS = 4
"""Restagings of one tumor that are kept."""

A_YEAR = 10_000
"""The days of `day_range` from one year to the next."""


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
    if first is None or second is None:
        return None
    earliest, latest = day_range(first)
    next_earliest, next_latest = day_range(second)
    return (next_earliest - latest) // A_YEAR, (next_latest - earliest) // A_YEAR


@cached()
def day_range(date: str) -> tuple[int, int]:
    """Return the first and the last day that a date may mean, as numbers that show it: YYYYMMDD.

    What is not known is 0 or 9 in each digit: below and above what any date has there.
    """
    digits = date.replace("-", "")
    return int(digits.ljust(8, "0")), int(digits.ljust(8, "9"))


def years_after(first: str, second: str) -> float:
    """Return where the second date stands on a line that begins with the first one, in years."""
    years = float(int(second[:4]) - int(first[:4]))
    if len(first) > 4 and len(second) > 4:
        years += (int(second[5:7]) - int(first[5:7])) / 12
    return max(years, 0.0)
