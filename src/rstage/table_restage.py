"""What `restage` appends: the r-form of each assessment, the kind of recurrence, the link and the findings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from . import rules
from .diagnostics import RestagingError, Severity
from .missing import is_missing, without_numbers
from .recurrence import RecurrenceType
from .restaging import restage
from .staging import Staging
from .table_cells import Cells, Entry, Key, StageReader, entry_of
from .table_dates import read_date
from .table_findings import CellFinding, FindingCounts
from .tables import as_cells

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .columns import Source
    from .diagnostics import Diagnostic, Rule
    from .restaging import Restaging

EVENTS = ("unknown", "recurrence", "progression")
_MOST_DATES = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RestageSources:
    """Where the facts beside the two stages come from; nothing where they are not given."""

    tumor_id: Source | None = None
    assessment_tumor_id: Source | None = None
    diagnosis_date: Source | None = None
    assessment_date: Source | None = None
    site: Source | None = None
    assessment_site: Source | None = None
    event: Source | None = None


class Outcome(NamedTuple):
    """What became of one row: its restaging, where there is one, and every finding in order of position."""

    restaging: Restaging | None
    findings: tuple[CellFinding, ...]


def appended_names(*, prefix: str | None = None, has_link: bool = True) -> tuple[str, ...]:
    """Return the names of the columns that `restage` appends."""
    names = [f"{prefix}_restaged" if prefix else "restaged"]
    names += [f"{prefix or 'restage'}_{ending}" for ending in ("recurrence", "link", "findings")]
    return tuple(name for name in names if has_link or not name.endswith("_link"))


class Restager:
    """Appends the restaging of each row.

    Args:
        diagnosis, assessment: the two stages. sources: where the facts beside them come from.
        words: the words of a missing cell. date_format: see `read_date`.
        delimiter: what stands between cells. has_link: whether the link is appended.
        prefix: another stem for the names. with_values: whether findings are counted by value too.

    Attributes:
        names, counts: as for every appender.
        restaged_count, blank_count: the rows restaged, and those without an assessment.
    """

    def __init__(
        self,
        diagnosis: StageReader,
        assessment: StageReader,
        sources: RestageSources,
        *,
        delimiter: str,
        words: frozenset[str],
        date_format: str | None = None,
        has_link: bool = True,
        prefix: str | None = None,
        with_values: bool = False,
    ) -> None:
        self.names = appended_names(prefix=prefix, has_link=has_link)
        self.counts = FindingCounts(with_values=with_values)
        self.restaged_count = 0
        self.blank_count = 0
        self._diagnosis, self._assessment, self._sources = diagnosis, assessment, sources
        self._delimiter, self._date_format, self._has_link = delimiter, date_format, has_link
        self._words, self._no_id_words = words, without_numbers(words)
        self._old = Cells(partial(_entry, diagnosis), self.counts)
        self._new = Cells(partial(_entry, assessment), self.counts)
        self._dates: dict[str, str | None] = {}
        self._pair = f"{diagnosis.columns.label} + {assessment.columns.label}"
        self._no_result = ("",) * (len(self.names) - 1)
        self._blank = as_cells((*self._no_result, ""), delimiter)

    def cells(self, row: list[str]) -> str:
        """Return the appended cells of a row as text."""
        outcome = self.outcome(row)
        if outcome is None:
            return self._blank
        restaging, findings = outcome
        codes = " ".join(dict.fromkeys([found.diagnostic.code for found in findings])) if findings else ""
        if restaging is None:
            return as_cells((*self._no_result, codes), self._delimiter)
        recurrence = "+".join([kind for kind in RecurrenceType if kind in restaging.recurrence])
        link = (str(restaging.link),) if self._has_link else ()
        return as_cells((str(restaging.restaged), recurrence, *link, codes), self._delimiter)

    def outcome(self, row: Sequence[str]) -> Outcome | None:
        """Return the restaging of a row and its findings, and count them; nothing where no assessment is."""
        new_key = self._assessment.key(row)
        new = self._new[new_key]
        new.count += 1
        if new.reading is None:
            self.blank_count += 1
            return None
        old = self._old[self._diagnosis.key(row)]
        old.count += 1
        restaging, found = self._restage(row, old, new)
        if found:
            self.counts.add(found)
        if restaging is not None:
            self.restaged_count += 1
        return Outcome(restaging, (*old.findings, *new.findings, *found))

    def _restage(
        self, row: Sequence[str], old: Entry, new: Entry
    ) -> tuple[Restaging | None, list[CellFinding]]:
        """Restage one row; every error of its cells is found before the stages are compared."""
        sources = self._sources
        found: list[CellFinding] = []
        if old.reading is None:
            found.append(
                CellFinding(diagnostic=rules.DIAGNOSIS_MISSING.at(), column=self._diagnosis.columns.label)
            )
        old_date = self._date(sources.diagnosis_date, row, found)
        new_date = self._date(sources.assessment_date, row, found)
        event = self._event(sources.event, row, found)
        if found or old.reading is None or new.reading is None or _is_refused(old) or _is_refused(new):
            return None, found
        tumor_id = self._identity(sources.tumor_id, row)
        # One column of tumor numbers is that of the row: both stages belong to it.
        new_tumor_id = (
            self._identity(sources.assessment_tumor_id, row) if sources.assessment_tumor_id else tumor_id
        )
        site, new_site = self._identity(sources.site, row), self._identity(sources.assessment_site, row)
        try:
            restaging = restage(
                Staging.of(old.reading, tumor_id=tumor_id, site=site, date=old_date),
                Staging.of(new.reading, tumor_id=new_tumor_id, site=new_site, date=new_date),
                event=event,
            )
        except RestagingError as error:
            return None, self._pair_findings(error.diagnostics, new)
        return restaging, self._pair_findings(restaging.diagnostics, new)

    def _pair_findings(self, diagnostics: tuple[Diagnostic, ...], new: Entry) -> list[CellFinding]:
        """Return findings of both stages together; they are told by the text of the assessment."""
        value = new.reading.text if new.reading else ""
        return [CellFinding(diagnostic=found, column=self._pair, value=value) for found in diagnostics]

    def _identity(self, source: Source | None, row: Sequence[str]) -> str | None:
        if source is None:
            return None
        text = source.of(row).strip()
        return None if is_missing(text, self._no_id_words) else text

    def _date(self, source: Source | None, row: Sequence[str], found: list[CellFinding]) -> str | None:
        if source is None:
            return None
        text = source.of(row)
        if text not in self._dates:
            if len(self._dates) >= _MOST_DATES:
                self._dates.clear()
            self._dates[text] = self._read_date(text)
        date = self._dates[text]
        if date is None:
            found.append(_row_finding(rules.DATE_UNREADABLE, source, text))
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
        event = text.strip().lower()
        if event in EVENTS:
            return event
        if not is_missing(text, self._words):
            found.append(_row_finding(rules.EVENT_UNKNOWN, source, text))
        return EVENTS[0]

    def finish(self) -> None:
        """Put the counts together."""
        self._old.finish()
        self._new.finish()


def _entry(reader: StageReader, key: Key) -> Entry:
    """Return the entry of the cells of a stage; a row restages one stage, so several are an error."""
    entry = entry_of(reader, key)
    if entry.reading is not None and len(entry.reading.stages) > 1:
        several = rules.ONE_STAGE_NEEDED.at((0, len(entry.reading.text)), column=reader.columns.label)
        found = CellFinding(diagnostic=several, column=reader.columns.label, value=entry.reading.text)
        return Entry(entry.reading, (*entry.findings, found), entry.text)
    return entry


def _is_refused(entry: Entry) -> bool:
    return any(found.diagnostic.severity is Severity.ERROR for found in entry.findings)


def _row_finding(rule: Rule, source: Source, text: str) -> CellFinding:
    column = source.column or "=VALUE"
    return CellFinding(diagnostic=rule.at((0, len(text)), column=column), column=column, value=text)
