"""The recurrences of a run: their types, the years after the diagnosis, and the first tumors one by one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from operator import eq, itemgetter, lt
from typing import TYPE_CHECKING, NamedTuple

from rstage.restaging.recurrence import types_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import TypeGuard

    from rstage.restaging.history import History
    from rstage.restaging.restage import Restaging

MOST_TIMELINES = 200
"""Tumors that are kept one by one; the others are only counted."""

MOST_STEPS = 4
"""Restagings of one tumor that are kept."""

_FULL = len("2019-03-02")
_YEAR = itemgetter(slice(4))


class DateGap(NamedTuple):
    """What decides how many whole years lie between two dates, which may be partial.

    Attributes:
        years: between the year of the first and that of the second.
        is_less: whether the second is earlier in its year than the first, as far as both go.
        is_open: whether the two are the same as far as both go, but a day is not known.
    """

    years: int
    is_less: bool
    is_open: bool

    @property
    def bounds(self) -> tuple[int, int]:
        """The least and the most whole years that can lie between, the same where the dates decide."""
        if self.is_open:
            return max(self.years - 1, 0), self.years
        return self.years - self.is_less, self.years - self.is_less


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
        if _are_alike(diagnosed) and _are_alike(found):
            self.add_gaps(_gaps_of_many(diagnosed, found))
            return
        for first, second in zip(diagnosed, found, strict=True):
            self.add_gap(None if first is None or second is None else date_gap(first, second), 1)

    def add_gaps(self, counts: Iterable[tuple[DateGap | None, int]]) -> None:
        """Count what lies between diagnoses and recurrences, each with how often it is there."""
        for gap, count in counts:
            self.add_gap(gap, count)

    def add_gap(self, gap: DateGap | None, count: int) -> None:
        """Count what lies between so many diagnoses and recurrences; None where a date is missing."""
        if gap is None:
            self.undated += count
            return
        least, most = gap.bounds
        if least == most:
            self.years[most] += count
        else:
            self.unclear += count

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


def _are_alike(dates: Sequence[str | None]) -> TypeGuard[Sequence[str]]:
    """Return whether each date goes as far as the others, as nearly all do in nearly every column."""
    return None not in dates and len({len(date or "") for date in dates}) == 1


def _step(restaging: Restaging) -> Step:
    return Step(str(restaging.restaged), types_text(restaging.recurrence), restaging.assessment.date)


def years_between(first: str, second: str) -> tuple[int, int]:
    """Return the least and the most whole years that can lie between two dates, the same where they decide.

    Args:
        first: ISO 8601, possibly partial.
        second: likewise.
    """
    return date_gap(first, second).bounds


def date_gap(first: str, second: str) -> DateGap:
    """Return what lies between two dates, given as ISO 8601."""
    known = min(len(first), len(second))
    before, after = first[5:known], second[5:known]
    return DateGap(int(second[:4]) - int(first[:4]), after < before, before == after and known < _FULL)


def _gaps_of_many(first: Sequence[str], second: Sequence[str]) -> Iterator[tuple[DateGap, int]]:
    """Yield the same for many dates, of which each goes as far as the others, and how often each is there."""
    known = min(len(first[0]), len(second[0]))
    beside = itemgetter(slice(5, known))
    before, after = (list(map(beside, dates)) for dates in (first, second))
    years = map(_YEAR, first), map(_YEAR, second)
    counts = Counter(zip(*years, map(lt, after, before), map(eq, before, after), strict=True))
    for (one, other, is_less, is_same), count in counts.items():
        yield DateGap(int(other) - int(one), is_less, is_same and known < _FULL), count


def years_after(first: str, second: str) -> float:
    """Return where the second date stands on a line that begins with the first one, in years."""
    years = float(int(second[:4]) - int(first[:4]))
    if len(first) > 4 and len(second) > 4:
        years += (int(second[5:7]) - int(first[5:7])) / 12
    return max(years, 0.0)
