"""The dates, tumor ids, sites and the event that stand beside the two stages of a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from . import rules
from .missing import is_missing, without_numbers
from .recurrence import EVENTS
from .staging import Circumstances
from .table_dates import read_date
from .table_findings import CellFinding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .columns import Source
    from .diagnostics import Rule

MOST_DATES = 100_000
"""Distinct dates that are kept; then all are forgotten, so that memory stays flat."""


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


class Facts(NamedTuple):
    """The facts of one row, and what is wrong with them."""

    diagnosis: Circumstances
    assessment: Circumstances
    event: str
    findings: list[CellFinding]


class FactReader:
    """Reads the facts of a row.

    One column of tumor ids is that of the row, so it counts for both stages; a site counts for the diagnosis
    alone. Ids and sites are kept as they are written.

    Args:
        sources: where they come from. words: the words of a missing cell. A word that is a number is none for
            an id or a site. date_format: see `read_date`.
    """

    def __init__(self, sources: FactSources, words: frozenset[str], date_format: str | None = None) -> None:
        self._sources = sources
        self._words, self._id_words = words, without_numbers(words)
        self._date_format = date_format
        self._dates: dict[str, str | None] = {}

    def of(self, row: Sequence[str]) -> Facts:
        """Return the facts of a row."""
        sources = self._sources
        found: list[CellFinding] = []
        tumor_id = self._text(sources.tumor_id, row)
        new_tumor_id = (
            self._text(sources.assessment_tumor_id, row) if sources.assessment_tumor_id else tumor_id
        )
        return Facts(
            Circumstances(
                self._date(sources.diagnosis_date, row, found), None, self._text(sources.site, row), tumor_id
            ),
            Circumstances(
                self._date(sources.assessment_date, row, found),
                None,
                self._text(sources.assessment_site, row),
                new_tumor_id,
            ),
            self._event(sources.event, row, found),
            found,
        )

    def _text(self, source: Source | None, row: Sequence[str]) -> str | None:
        if source is None:
            return None
        text = source.of(row)
        return None if is_missing(text, self._id_words) else text

    def _date(self, source: Source | None, row: Sequence[str], found: list[CellFinding]) -> str | None:
        if source is None:
            return None
        text = source.of(row)
        date = self._dates.get(text)
        if date is None and text not in self._dates:
            if len(self._dates) >= MOST_DATES:
                self._dates.clear()
            date = self._dates[text] = self._read_date(text)
        if date is None:
            found.append(_finding(rules.DATE_UNREADABLE, source, text))
        return date or None

    def _read_date(self, text: str) -> str | None:
        """Return the date, an empty text where there is none, nothing where it cannot be read."""
        if is_missing(text, self._words):
            return ""
        try:
            return read_date(text, self._date_format)
        except ValueError:
            return None

    def _event(self, source: Source | None, row: Sequence[str], found: list[CellFinding]) -> str:
        if source is None:
            return EVENTS[0]
        text = source.of(row)
        if text in EVENTS:
            return text
        event = text.strip().lower()
        if event in EVENTS:
            return event
        if not is_missing(text, self._words):
            found.append(_finding(rules.EVENT_UNKNOWN, source, text))
        return EVENTS[0]


def _finding(rule: Rule, source: Source, text: str) -> CellFinding:
    found = rule.at((0, len(text)), column=source.name)
    return CellFinding(diagnostic=found, column=source.name, value=text)
