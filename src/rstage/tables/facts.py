"""The dates, tumor ids, sites and the event that stand beside the two stages of a row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from rstage import rules
from rstage.reference.choices import EVENTS
from rstage.report.years import first_number, second_number
from rstage.reporting.placed import CellFinding
from rstage.restaging.recurrence import stated_types, types_text
from rstage.tables.dates import day_of_time, read_date
from rstage.tables.linked import PlainDate
from rstage.tables.missing import is_missing, without_numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from rstage.diagnostics import Rule
    from rstage.restaging.staging import CircumstanceValues
    from rstage.tables.shared import Row
    from rstage.tables.stage_columns import ValueSource

MOST_DATES = 100_000
"""Distinct dates that are kept; then all are forgotten, so that memory stays flat."""

REQUIRABLE = ("tumor-id", "dates")
"""The facts that a run can require of each row."""

_FACTS = {"tumor-id": "a tumor id", "dates": "a date"}
_LONGEST_KEPT = 40


class Unreadable(Enum):
    """Stands for a text that cannot be read; None stands for one that is missing."""

    UNREADABLE = "unreadable"


UNREADABLE: Final = Unreadable.UNREADABLE

Date = str | Unreadable | None
"""A date as ISO 8601, where there is one that can be read."""

Meanings = tuple[tuple[re.Pattern[str], str], ...]
"""What the texts of a column mean: the first pattern that matches a whole text decides."""


class SharedFacts(NamedTuple):
    """What stands beside the two stages and is the same in many rows.

    Attributes:
        assessment_site: the primary site of the assessment as it is written, or None.
        event: one of `EVENTS`. types: the types of recurrence where they are stated: `local+distant`.
        findings: what is wrong with these.
    """

    assessment_site: str | None
    event: str
    types: str | None
    findings: tuple[CellFinding, ...]


class RowFacts(NamedTuple):
    """What stands beside the two stages of one row.

    Attributes:
        diagnosis, assessment: the circumstances of the two.
        findings: what is wrong with their dates.
        first, second: the numbers of their dates, which add up to the years between (`years_of`).
    """

    diagnosis: CircumstanceValues
    assessment: CircumstanceValues
    findings: tuple[CellFinding, ...]
    first: int
    second: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSources:
    """Where the facts come from; None where they are not given."""

    tumor_id: ValueSource | None = None
    assessment_tumor_id: ValueSource | None = None
    diagnosis_date: ValueSource | None = None
    assessment_date: ValueSource | None = None
    site: ValueSource | None = None
    assessment_site: ValueSource | None = None
    event: ValueSource | None = None
    recurrence: ValueSource | None = None

    @property
    def unchecked(self) -> tuple[str, ...]:
        """Those of `REQUIRABLE` that are not given, so that what they show is not looked for."""
        lacks = {
            "tumor-id": self.tumor_id is None,
            "dates": self.diagnosis_date is None or self.assessment_date is None,
        }
        return tuple(one for one in REQUIRABLE if lacks[one])

    @property
    def of_row(self) -> tuple[ValueSource | None, ...]:
        """Those of the dates and tumor ids, which nearly every row has for itself."""
        return self.diagnosis_date, self.assessment_date, self.tumor_id, self.assessment_tumor_id

    @property
    def of_key(self) -> tuple[ValueSource | None, ...]:
        """Those of the site of the assessment, the event and the recurrence, which many rows share."""
        return self.assessment_site, self.event, self.recurrence


class _Dates(dict[str, tuple[Date, int]]):
    """The date in each cell met so far, with its number.

    Args:
        words: those of a missing cell. date_format: see `read_date`.
        number_of: returns the number, which costs a row next to nothing beside the date.

    Attributes:
        has_times: whether any cell held a time of day too, which is told of each of its rows.
    """

    def __init__(
        self, words: frozenset[str], date_format: str | None, number_of: Callable[[str | None], int]
    ) -> None:
        super().__init__()
        self.has_times = False
        self._words, self._date_format, self._number_of = words, date_format, number_of

    def __missing__(self, cell: str) -> tuple[Date, int]:
        date = self._read(cell)
        found = date, self._number_of(None if date is UNREADABLE else date)
        if len(cell) <= _LONGEST_KEPT:
            if len(self) >= MOST_DATES:
                self.clear()
            self[cell] = found
        return found

    def _read(self, cell: str) -> Date:
        if is_missing(cell, self._words):
            return None
        try:
            date = read_date(cell, self._date_format)
        except ValueError:
            return UNREADABLE
        self.has_times = self.has_times or self.is_time(cell)
        return date

    def is_time(self, cell: str) -> bool:
        """Return whether a cell holds a time of day that is left out; a format says so itself."""
        return self._date_format is None and day_of_time(cell) is not None


class FactReader:
    """Reads the facts of rows.

    One column of tumor ids is that of the row, so it counts for both stages; a site counts for the diagnosis
    alone. Ids and sites are kept as they are written.

    Args:
        sources: where they come from. words: the words of a missing cell. A word that is a number is none for
            an id or a site. date_format: see `read_date`. events, types: what further texts of the two
            columns mean. required: those of `REQUIRABLE` that no row may lack.

    Attributes:
        indexes: the places of the columns of the `SharedFacts`. site_indexes: that of the primary site.
        row_indexes: those of the `RowFacts`.
    """

    def __init__(
        self,
        sources: FactSources,
        words: frozenset[str],
        date_format: str | None = None,
        *,
        events: Meanings = (),
        types: Meanings = (),
        required: Collection[str] = (),
    ) -> None:
        self.indexes, self.row_indexes = _indexes(sources.of_key), _indexes(sources.of_row)
        self.site_indexes = _indexes([sources.site])
        self._sources, self.unchecked = sources, sources.unchecked
        self._words, self._id_words = words, without_numbers(words)
        self._old_dates, self._new_dates = (
            _Dates(words, date_format, one) for one in (first_number, second_number)
        )
        getters = [_getter(source, self.row_indexes) for source in sources.of_row]
        self._old_date, self._new_date, self._tumor_id, self._new_tumor_id = getters
        self._has_one_id = sources.assessment_tumor_id in (None, sources.tumor_id)
        self._events, self._type_words = events, types
        self._required = tuple(one for one in REQUIRABLE if one in required)

    @property
    def are_plain(self) -> bool:
        """Whether dates and ids are in columns, or not given, and no row has to have them."""
        has_columns = all(one is None or one.index is not None for one in self._sources.of_row)
        return has_columns and not self._required

    @property
    def places(self) -> tuple[int | None, ...]:
        """The places of the two dates and the two tumor ids; None where they are not given."""
        sources = self._sources.of_row
        found = [None if one is None else one.index for one in sources]
        return (*found[:3], found[2] if self._has_one_id else found[3])

    def plain_date(self, cell: str) -> PlainDate:
        """Return the date in a cell; it is not plain where something is told of it."""
        date, _ = self._old_dates[cell]
        if date is UNREADABLE:
            return PlainDate(None, is_plain=False)
        is_time = self._old_dates.has_times and self._old_dates.is_time(cell)
        return PlainDate(date, is_plain=not is_time)

    @property
    def id_words(self) -> frozenset[str]:
        """The words of a missing tumor id, in lower case."""
        return self._id_words

    def site(self, row: Row) -> str | None:
        """Return the primary site of a row, from its cells at `site_indexes`."""
        return self._site(self._sources.site, row)

    def of_key(self, row: Row) -> SharedFacts:
        """Return what stands beside the assessment of many rows, from their cells at `indexes`."""
        sources = self._sources
        event = EVENTS[0] if sources.event is None else self._event(sources.event.of(row))
        types = None if sources.recurrence is None else self._types(sources.recurrence.of(row))
        found = []
        if event is UNREADABLE and sources.event is not None:
            found.append(_finding(rules.EVENT_UNKNOWN, sources.event, sources.event.of(row)))
        if types is UNREADABLE and sources.recurrence is not None:
            found.append(_finding(rules.RECURRENCE_UNKNOWN, sources.recurrence, sources.recurrence.of(row)))
        return SharedFacts(
            self._site(sources.assessment_site, row),
            EVENTS[0] if event is UNREADABLE else event,
            None if types is UNREADABLE else types,
            tuple(found),
        )

    def of_row(self, cells: tuple[str, ...], site: str | None, shared: SharedFacts) -> RowFacts:
        """Return the facts of a row.

        Args:
            cells: its cells at `row_indexes`.
            site: its primary site.
            shared: what stands beside its assessment.
        """
        old_dates, new_dates, words = self._old_dates, self._new_dates, self._id_words
        old_date, first = old_dates[self._old_date(cells)]
        new_date, second = new_dates[self._new_date(cells)]
        # The same twice, because a call for each would cost as much as all the rest.
        text = self._tumor_id(cells)
        tumor_id = text if (word := text.strip()) and word.casefold() not in words else None
        new_tumor_id = tumor_id
        if not self._has_one_id:
            text = self._new_tumor_id(cells)
            new_tumor_id = text if (word := text.strip()) and word.casefold() not in words else None
        found: tuple[CellFinding, ...] = ()
        if old_date is UNREADABLE or new_date is UNREADABLE:
            found = self._of_dates(cells)
            old_date = None if old_date is UNREADABLE else old_date
            new_date = None if new_date is UNREADABLE else new_date
        if old_dates.has_times or new_dates.has_times:
            found += self._of_times(cells)
        if self._required:
            found += self._lacking((tumor_id, new_tumor_id), (old_date, new_date), found)
        return RowFacts(
            (old_date, None, site, tumor_id),
            (new_date, None, shared.assessment_site, new_tumor_id),
            found,
            first,
            second,
        )

    def _site(self, source: ValueSource | None, row: Row) -> str | None:
        text = "" if source is None else source.of(row)
        return None if is_missing(text, self._id_words) else text

    def _event(self, text: str) -> str | Unreadable:
        if text in EVENTS:
            return text
        event = _meaning(text.strip().lower(), self._events)
        if event in EVENTS:
            return event
        return EVENTS[0] if is_missing(text, self._words) else UNREADABLE

    def _types(self, text: str) -> str | Unreadable | None:
        """Return the types of recurrence as `local+distant`; None where none are stated."""
        if is_missing(text, self._words):
            return None
        named = _meaning(text.strip().lower(), self._type_words)
        try:
            return types_text(stated_types(named)) if named else None
        except ValueError:
            return UNREADABLE

    def _of_dates(self, cells: tuple[str, ...]) -> tuple[CellFinding, ...]:
        """Return a finding for each date that cannot be read."""
        return tuple(
            _finding(rules.DATE_UNREADABLE, source, text)
            for source, text in self._date_cells(cells)
            if self._old_dates[text][0] is UNREADABLE
        )

    def _lacking(
        self,
        ids: tuple[str | None, str | None],
        dates: tuple[str | None, str | None],
        found: Sequence[CellFinding],
    ) -> tuple[CellFinding, ...]:
        """Return an error for each fact that a row may not lack; an unreadable date is told already."""
        has_unread = any(one.diagnostic.code == rules.DATE_UNREADABLE.code for one in found)
        lacking = {"tumor-id": None in ids, "dates": None in dates and not has_unread}
        return tuple(
            CellFinding(rules.FACT_MISSING.at(fact=_FACTS[one])) for one in self._required if lacking[one]
        )

    def _of_times(self, cells: tuple[str, ...]) -> tuple[CellFinding, ...]:
        """Return a finding for each date whose time of day is left out."""
        return tuple(
            _finding(rules.TIME_LEFT_OUT, source, text)
            for source, text in self._date_cells(cells)
            if self._old_dates.is_time(text)
        )

    def _date_cells(self, cells: tuple[str, ...]) -> Iterator[tuple[ValueSource, str]]:
        texts = self._old_date(cells), self._new_date(cells)
        for source, text in zip(self._sources.of_row[:2], texts, strict=True):
            if source is not None:
                yield source, text


def _meaning(text: str, meanings: Meanings) -> str:
    """Return what a text means, or itself where no pattern matches it."""
    return next((meaning for pattern, meaning in meanings if pattern.fullmatch(text)), text)


def _indexes(sources: Iterable[ValueSource | None]) -> tuple[int, ...]:
    """Return the places of the columns that values come from, in order."""
    return tuple(sorted({one.index for one in sources if one is not None and one.index is not None}))


def _getter(source: ValueSource | None, indexes: Sequence[int]) -> Callable[[Sequence[str]], str]:
    """Return what gives the text of a source from the cells at `indexes`; blank where there is no source."""
    if source is not None and source.index is not None:
        return itemgetter(indexes.index(source.index))
    literal = "" if source is None else source.literal
    return lambda _cells: literal


def _finding(rule: Rule, source: ValueSource, text: str) -> CellFinding:
    found = rule.at((0, len(text)), column=source.name)
    return CellFinding(diagnostic=found, column=source.name, value=text)
