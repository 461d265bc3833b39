"""The recurrences of a run: their types, the years after the diagnosis, and the first tumors one by one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from operator import itemgetter, lt
from typing import TYPE_CHECKING

from rstage.restaging.recurrence import types_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeGuard

    from rstage.restaging.history import History
    from rstage.restaging.restage import Restaging

MOST_TIMELINES = 200
"""Tumors that are kept one by one; the others are only counted."""

MOST_STEPS = 4
"""Restagings of one tumor that are kept."""

_FULL = len("2019-03-02")
_YEAR, _DAY = itemgetter(slice(4)), itemgetter(slice(5, None))


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
    def has_room(self) -> bool:
        """Whether another tumor is kept."""
        return len(self.timelines) < MOST_TIMELINES

    def add_types(self, types: str, count: int = 1) -> None:
        """Count restagings with the same types of recurrence; less than nothing takes them back."""
        self.restagings += count
        self.types[types] += count

    def add_years(self, diagnosed: Sequence[str | None], found: Sequence[str | None]) -> None:
        """Count the years between diagnoses and recurrences.

        Args:
            diagnosed: the dates of the diagnoses, as ISO 8601, possibly partial.
            found: the dates of the recurrences, in the same order.
        """
        if _are_full(diagnosed) and _are_full(found):
            # As `years_between`, for many rows at a time.
            is_before = map(lt, map(_DAY, found), map(_DAY, diagnosed))
            same = Counter(zip(map(_YEAR, diagnosed), map(_YEAR, found), is_before, strict=True))
            for (first, second, less), count in same.items():
                self.years[int(second) - int(first) - less] += count
            return
        for first, second in zip(diagnosed, found, strict=True):
            if first is None or second is None:
                self.undated += 1
                continue
            least, most = years_between(first, second)
            if least == most:
                self.years[most] += 1
            else:
                self.unclear += 1

    def add_restaging(self, restaging: Restaging) -> None:
        """Count a restaging that stands for itself."""
        self.tumors += 1
        self._add_step(restaging)
        if self.has_room:
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
        if self.has_room:
            diagnosis, kept = history.diagnosis, history.restagings[:MOST_STEPS]
            more = len(history.restagings) - len(kept)
            steps = tuple(map(_step, kept))
            self.timelines.append(Timeline(diagnosis.tumor_id, str(diagnosis), diagnosis.date, steps, more))

    def _add_step(self, restaging: Restaging) -> None:
        self.add_types(types_text(restaging.recurrence))
        if restaging.recurrence:
            self.add_years([restaging.diagnosis.date], [restaging.assessment.date])


def _are_full(dates: Sequence[str | None]) -> TypeGuard[Sequence[str]]:
    """Return whether each date has a day, as nearly all have in nearly every table."""
    return None not in dates and {len(date or "") for date in dates} <= {_FULL}


def _step(restaging: Restaging) -> Step:
    return Step(str(restaging.restaged), types_text(restaging.recurrence), restaging.assessment.date)


def years_between(first: str, second: str) -> tuple[int, int]:
    """Return the least and the most whole years that can lie between two dates, the same where they decide.

    Args:
        first: ISO 8601, possibly partial.
        second: likewise.
    """
    years = int(second[:4]) - int(first[:4])
    known = min(len(first), len(second))
    before, after = first[5:known], second[5:known]
    if before == after and not len(first) == len(second) == _FULL:
        return max(years - 1, 0), years
    return (years - 1, years - 1) if after < before else (years, years)


def years_after(first: str, second: str) -> float:
    """Return where the second date stands on a line that begins with the first one, in years."""
    years = float(int(second[:4]) - int(first[:4]))
    if len(first) > 4 and len(second) > 4:
        years += (int(second[5:7]) - int(first[5:7])) / 12
    return max(years, 0.0)
