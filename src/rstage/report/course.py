"""The recurrences of a run: their types, the years after the diagnosis, and the first tumors one by one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rstage.report.years import years_between
from rstage.restaging.recurrence import types_text

if TYPE_CHECKING:
    from rstage.report.years import Years
    from rstage.restaging.history import History
    from rstage.restaging.restage import Restaging

MOST_TIMELINES = 200
"""Tumors that are kept one by one; the others are only counted."""

MOST_STEPS = 4
"""Restagings of one tumor that are kept."""


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

    def add_years(self, years: Years | None, count: int = 1) -> None:
        """Count recurrences by the years since their diagnoses; None where a date is missing."""
        if years is None:
            self.undated += count
            return
        least, most = years
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
            self.add_years(years_between(restaging.diagnosis.date, restaging.assessment.date))


def _step(restaging: Restaging) -> Step:
    return Step(str(restaging.restaged), types_text(restaging.recurrence), restaging.assessment.date)
