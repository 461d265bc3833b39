"""The dates, tumor ids, sites and the event that stand beside the two stages of a row."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from itertools import repeat
from operator import itemgetter
from typing import TYPE_CHECKING

from rstage import rules
from rstage.reporting.placed import CellFinding
from rstage.restaging.recurrence import EVENTS, stated_types, types_text
from rstage.restaging.staging import CircumstanceValues
from rstage.tables.dates import read_date
from rstage.tables.missing import is_missing, without_numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rstage.diagnostics import Rule
    from rstage.tables.batches import Batch
    from rstage.tables.stage_columns import Row, Source

MOST_DATES = 100_000
"""Distinct dates that are kept; then all are forgotten, so that memory stays flat."""

_LONGEST_KEPT = 40
_UNREADABLE = ""

Facts = tuple[CircumstanceValues, CircumstanceValues, str, str | None, tuple[CellFinding, ...]]
"""The circumstances of the diagnosis and of the assessment, the event, the types of recurrence where they are
stated, and what is wrong with all of these."""

Meanings = tuple[tuple[re.Pattern[str], str], ...]
"""What the texts of a column mean: the first pattern that matches a whole text tells it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSources:
    """Where the facts come from; nothing where they are not given."""

    tumor_id: Source | None = None
    assessment_tumor_id: Source | None = None
    diagnosis_date: Source | None = None
    assessment_date: Source | None = None
    site: Source | None = None
    assessment_site: Source | None = None
    event: Source | None = None
    recurrence: Source | None = None

    @property
    def indexes(self) -> frozenset[int]:
        """The places of the columns that they come from."""
        sources = (getattr(self, field.name) for field in fields(self))
        return frozenset(source.index for source in sources if source and source.index is not None)


class _Dates(dict[str, str | None]):
    """The date in each cell met so far as ISO 8601; nothing where there is none."""

    def __init__(self, words: frozenset[str], date_format: str | None) -> None:
        super().__init__()
        self._words, self._date_format = words, date_format

    def __missing__(self, cell: str) -> str | None:
        date = self._read(cell)
        if len(cell) <= _LONGEST_KEPT:
            if len(self) >= MOST_DATES:
                self.clear()
            self[cell] = date
        return date

    def _read(self, cell: str) -> str | None:
        if is_missing(cell, self._words):
            return None
        try:
            return read_date(cell, self._date_format)
        except ValueError:
            return _UNREADABLE


class FactReader:
    """Reads the facts of a row.

    One column of tumor ids is that of the row, so it counts for both stages; a site counts for the diagnosis
    alone. Ids and sites are kept as they are written.

    Args:
        sources: where they come from. words: the words of a missing cell. A word that is a number is none for
            an id or a site. date_format: see `read_date`. events, types: what further texts of the two
            columns mean.
    """

    def __init__(
        self,
        sources: FactSources,
        words: frozenset[str],
        date_format: str | None = None,
        *,
        events: Meanings = (),
        types: Meanings = (),
    ) -> None:
        self.indexes = sources.indexes
        self._sources = sources
        self._words, self._id_words = words, without_numbers(words) | {""}
        self._dates = _Dates(words, date_format)
        self._old_date, self._new_date = _getter(sources.diagnosis_date), _getter(sources.assessment_date)
        self._tumor_id = _getter(sources.tumor_id)
        self._has_one_id = sources.assessment_tumor_id in (None, sources.tumor_id)
        self._new_tumor_id = _getter(sources.assessment_tumor_id)
        self._site, self._new_site = _getter(sources.site), _getter(sources.assessment_site)
        self._event_text = _getter(sources.event)
        self._recurrence_text = _getter(sources.recurrence)
        self._events, self._type_words = events, types

    def of(self, row: Row) -> Facts:
        """Return the facts of a row."""
        dates, words = self._dates, self._id_words
        old_date, new_date = dates[self._old_date(row)], dates[self._new_date(row)]
        sources = self._sources
        event = EVENTS[0] if sources.event is None else self._event(self._event_text(row))
        types = None if sources.recurrence is None else self._types(self._recurrence_text(row))
        # The same line four times, because a call for each would cost as much as all the rest.
        text = self._site(row)
        site = text if text and text.strip().casefold() not in words else None
        text = self._new_site(row)
        new_site = text if text and text.strip().casefold() not in words else None
        text = self._tumor_id(row)
        tumor_id = text if text and text.strip().casefold() not in words else None
        new_tumor_id = tumor_id
        if not self._has_one_id:
            text = self._new_tumor_id(row)
            new_tumor_id = text if text and text.strip().casefold() not in words else None
        is_wrong = _UNREADABLE in (old_date, new_date, event, types)
        return (
            (old_date or None, None, site, tumor_id),
            (new_date or None, None, new_site, new_tumor_id),
            event or EVENTS[0],
            types or None,
            self._findings(row, old_date, new_date, event, types) if is_wrong else (),
        )

    def columns(self, batch: Batch) -> tuple[Iterable[str | None], ...]:
        """Return the two dates and the two tumor ids of each row; an unreadable date is an empty text."""
        sources, dates, words = self._sources, self._dates, self._id_words
        old, new = [
            repeat(None) if source is None else [dates[text] for text in _texts(source, batch)]
            for source in (sources.diagnosis_date, sources.assessment_date)
        ]
        ids, new_ids = [
            repeat(None)
            if source is None
            else [
                text if text and text.strip().casefold() not in words else None
                for text in _texts(source, batch)
            ]
            for source in (sources.tumor_id, None if self._has_one_id else sources.assessment_tumor_id)
        ]
        return old, new, ids, ids if self._has_one_id else new_ids

    @property
    def shared_indexes(self) -> tuple[int, ...]:
        """The places of the sites, the event and the recurrence, which many rows share."""
        sources = self._sources
        shared = (sources.site, sources.assessment_site, sources.event, sources.recurrence)
        return tuple(source.index for source in shared if source and source.index is not None)

    def _event(self, text: str) -> str:
        """Return the event; nothing where the text is none."""
        if text in EVENTS:
            return text
        event = _meaning(text.strip().lower(), self._events)
        if event in EVENTS:
            return event
        return EVENTS[0] if is_missing(text, self._words) else _UNREADABLE

    def _types(self, text: str) -> str | None:
        """Return the types of recurrence as `local+distant`; nothing where none are stated."""
        if is_missing(text, self._words):
            return None
        named = _meaning(text.strip().lower(), self._type_words)
        try:
            return types_text(stated_types(named)) if named else None
        except ValueError:
            return _UNREADABLE

    def _findings(
        self,
        row: Row,
        old_date: str | None,
        new_date: str | None,
        event: str,
        types: str | None,
    ) -> tuple[CellFinding, ...]:
        sources = self._sources
        wrong = (
            (rules.DATE_UNREADABLE, sources.diagnosis_date, old_date == _UNREADABLE),
            (rules.DATE_UNREADABLE, sources.assessment_date, new_date == _UNREADABLE),
            (rules.EVENT_UNKNOWN, sources.event, event == _UNREADABLE),
            (rules.RECURRENCE_UNKNOWN, sources.recurrence, types == _UNREADABLE),
        )
        return tuple(
            _finding(rule, source, source.of(row)) for rule, source, is_wrong in wrong if is_wrong and source
        )


def _meaning(text: str, meanings: Meanings) -> str:
    """Return what a text means, or itself where nothing is said of it."""
    return next((meaning for pattern, meaning in meanings if pattern.fullmatch(text)), text)


def _texts(source: Source, batch: Batch) -> Iterable[str]:
    return repeat(source.literal) if source.index is None else batch.column(source.index)


def _getter(source: Source | None) -> Callable[[Row], str]:
    """Return what gives the text of a source; a blank where there is no source."""
    if source is None:
        return lambda _row: ""
    if source.index is not None:
        return itemgetter(source.index)
    literal = source.literal
    return lambda _row: literal


def _finding(rule: Rule, source: Source, text: str) -> CellFinding:
    found = rule.at((0, len(text)), column=source.name)
    return CellFinding(diagnostic=found, column=source.name, value=text)
