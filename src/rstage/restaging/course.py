"""Which stagings of a tumor are later assessments: of the course of the disease, never of the diagnosis.

A staging without r, y and a is one where it is dated later than the first staging by more than the window, or
after a recurrence that the record dates. Source: rstage design decision; no format says it of a staging.
"""

from __future__ import annotations

import calendar
import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from rstage import rules
from rstage.caches import cached
from rstage.model.category import Timing
from rstage.model.stage import every_timing
from rstage.restaging.staging import certainly_before

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rstage.diagnostics import Diagnostic
    from rstage.restaging.recurrence import Types
    from rstage.restaging.staging import Staging

DEFAULT_WINDOW = 12
"""Months after the first staging in which a staging can still be the one at diagnosis."""

LONGEST_WINDOW = 1_200

UNKNOWN = "unknown"
RECURRENCE = "recurrence"

# The month and day that a date of so many characters leaves open: the last ones.
_LAST: dict[int, tuple[int, ...]] = {4: (12, 31), 7: (31,), 10: ()}
_OF_THE_POLICY = frozenset({Timing.POST_THERAPY, Timing.AUTOPSY})


class StatedEvent(NamedTuple):
    """What a record says of the course of a tumor, apart from its stagings.

    Attributes:
        event: `recurrence` or `progression`. date: ISO 8601, possibly partial, or None.
        recurrence: the types of recurrence that are stated.
    """

    event: str = RECURRENCE
    date: str | None = None
    recurrence: Types | str | None = None


class Judged(NamedTuple):
    """What a staging is to the course of its tumor.

    Attributes:
        is_later: whether it is a later assessment.
        event, recurrence: what is stated for it, as for `rstage.restage`.
        found: what is to be said of it.
    """

    is_later: bool
    event: str = UNKNOWN
    recurrence: Types | str | None = None
    found: tuple[Diagnostic, ...] = ()

    @property
    def is_restaged(self) -> bool:
        """Whether it follows the diagnosis: an event is stated for it."""
        return self.is_later and self.event != UNKNOWN


_NOT_LATER = Judged(is_later=False)


def check_window(window: object) -> int:
    """Return a window in months.

    Raises:
        ValueError: it is no whole number of months that can be.
    """
    if type(window) is int and 0 <= window <= LONGEST_WINDOW:
        return window
    raise ValueError(f"a diagnosis window is a whole number of months from 0 to {LONGEST_WINDOW:,}")


class _Start(NamedTuple):
    """When a tumor was staged first.

    Attributes:
        first: the last day that can be: at no time is the first staging certainly later than the last day of
            any other. None without a date. earliest: the first day that can be.
        window: months.
        has_beyond: whether any of the stagings is later by more than the window; None: one may be.
    """

    first: dt.date | None
    earliest: dt.date | None
    window: int
    has_beyond: bool | None = False

    def is_beyond(self, date: str) -> bool | None:
        """Return whether a date is later than the first staging by more than the window; None: it may be."""
        if self.first is None or self.earliest is None:
            return False
        if _first_day(date) > _months_later(self.first, self.window):
            return True
        return None if _last_day(date) > _months_later(self.earliest, self.window) else False


@cached(4096)
def _start_of(dates: frozenset[str], window: int) -> _Start:
    """Return when a tumor with stagings of these dates was staged first; many a tumor has one date only."""
    first, earliest = min(map(_last_day, dates), default=None), min(map(_first_day, dates), default=None)
    start = _Start(first, earliest, window)
    beyond = {start.is_beyond(date) for date in dates}
    return start._replace(has_beyond=True if True in beyond else None if None in beyond else False)


class Course:
    """The course of one tumor, as far as its stagings and its record tell.

    Args:
        possible: the stagings that can be of the diagnosis: without r, and with no event of their own.
        recurrences: the dates of the stagings with r, and of those that a recurrence is stated for.
        events: what the record states apart from them.
        diagnosed: the date of diagnosis, where the record states it. A recurrence before it contradicts it,
            and is passed over; without it, so is one with r that is dated before every other staging. A first
            staging of its time is certainly not of a recurrence without a date.
        window: months.
    """

    def __init__(
        self,
        possible: Sequence[Staging],
        *,
        recurrences: Iterable[str | None] = (),
        events: Sequence[StatedEvent] = (),
        diagnosed: str | None = None,
        window: int = DEFAULT_WINDOW,
    ) -> None:
        dates = [one.date for one in possible if one.date is not None]
        dated = [date for date in recurrences if date]
        self._window = window
        self._is_alone = len(possible) < 2
        self._start = _start_of(frozenset(dates), window)
        stated = [one for one in events if one.event == RECURRENCE] if events else []
        self._is_undated = None in [one.date for one in stated]
        self._dated = [one for one in stated if one.date and not certainly_before(one.date, diagnosed)]
        self._with_r = [date for date in dated if self._is_after_diagnosis(date, diagnosed)]
        # Of most tumors nothing is told but the stagings of one time, and then none of them is a later one.
        self._is_quiet = self._start.has_beyond is False and not (dated or stated)
        is_told_of = dated or self._dated or self._start.has_beyond
        self._is_unconfirmed = self._is_undated and not (is_told_of or self._is_near(diagnosed))

    def _is_after_diagnosis(self, date: str, diagnosed: str | None) -> bool:
        return certainly_before(diagnosed, date) or self._is_not_first(date)

    def _is_near(self, diagnosed: str | None) -> bool:
        """Return whether the first staging is of the time of a stated diagnosis."""
        earliest = self._start.earliest
        if diagnosed is None or earliest is None:
            return False
        return earliest <= _months_later(_last_day(diagnosed), self._window)

    def judged(self, staging: Staging, event: str = UNKNOWN, types: Types | str | None = None) -> Judged:
        """Return what a staging is.

        Args:
            staging: one of the possible ones.
            event: what its own report states, which does not by itself make it an assessment.
            types: likewise, the types of recurrence.
        """
        if self._is_quiet or not _OF_THE_POLICY.isdisjoint(every_timing(staging.stage)):
            return _NOT_LATER
        if staging.date is None:
            came_back = self._dated or self._with_r or self._is_undated
            is_told = came_back and not self._is_alone
            return Judged(is_later=False, found=(rules.LATER_UNDECIDED.at(),) if is_told else ())
        after = [one for one in self._dated if self._is_at_or_after(staging.date, one.date)]
        is_after = bool(after) or any(self._is_at_or_after(staging.date, one) for one in self._with_r)
        is_beyond = self._start.is_beyond(staging.date)
        if is_beyond or is_after:
            why = (
                f"more than {self._window} months after the first staging"
                if is_beyond
                else "after a recurrence"
            )
            return self._later(staging.date, after, event, types, why)
        if is_beyond is None or self._may_be_after(staging.date):
            return Judged(is_later=False, found=(rules.LATER_UNDECIDED.at(),))
        if self._is_unconfirmed or (self._is_undated and self._is_not_first(staging.date)):
            return Judged(is_later=False, found=(rules.UNDATED_RECURRENCE_INSIDE.at(months=self._window),))
        return _NOT_LATER

    def _later(
        self, date: str, after: Sequence[StatedEvent], event: str, types: Types | str | None, why: str
    ) -> Judged:
        if event == UNKNOWN and after:
            event = RECURRENCE
            types = next((one.recurrence for one in after if one.date == date), None)
        elif event == UNKNOWN and self._is_undated:
            event = RECURRENCE
        rule = rules.LATER_NOT_LINKED if event == UNKNOWN else rules.LATER_RESTAGED
        found = (rule.at(why=why, event=event),)
        return Judged(is_later=True, event=event, recurrence=types, found=found)

    def _is_not_first(self, date: str) -> bool:
        return self._start.first is not None and _first_day(date) > self._start.first

    def _is_at_or_after(self, date: str, recurrence: str | None) -> bool:
        """Return whether a date is certainly after a recurrence, or its day and not that of the diagnosis."""
        is_same_day = date == recurrence and len(date) == 10 and self._is_not_first(date)
        return certainly_before(recurrence, date) or is_same_day

    def _may_be_after(self, date: str) -> bool:
        """Return whether a date is partly after a recurrence; the first staging itself is not asked."""
        known = [*(one.date for one in self._dated), *self._with_r]
        return self._is_not_first(date) and any(
            one is not None and _last_day(date) > _first_day(one) and not certainly_before(date, one)
            for one in known
        )


def windows_that_differ(stagings: Iterable[Staging]) -> list[int]:
    """Return windows among which is one that decides as any other would."""
    dates = [one.date for one in stagings if one.date is not None]
    days = [day for date in dates for day in (_first_day(date), _last_day(date))]
    months = {
        (day.year - first.year) * 12 + day.month - first.month + more
        for day in days
        for first in (min(days), min(map(_last_day, dates)))
        for more in (-1, 0, 1)
    }
    return sorted({DEFAULT_WINDOW, *(one for one in months if 0 <= one <= LONGEST_WINDOW)})


@cached(4096)
def _first_day(date: str) -> dt.date:
    year, month, day = [*map(int, date.split("-")), 1, 1][:3]
    return dt.date(year, month, day)


@cached(4096)
def _last_day(date: str) -> dt.date:
    year, month, day = [*map(int, date.split("-")), *_LAST[len(date)]]
    return dt.date(year, month, min(day, _days_of(year, month)))


@cached(4096)
def _days_of(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def _months_later(day: dt.date, months: int) -> dt.date:
    """Return the same day of a later month, or the last one of a shorter month."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if years > dt.MAXYEAR:
        return dt.date.max
    return dt.date(years, month + 1, min(day.day, _days_of(years, month + 1)))
