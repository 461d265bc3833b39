"""The histories of the tumors of a long table, which has one row for each staging.

Rows of one tumor can stand anywhere, so what was read of each row is kept until the table has come to its
end.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from rstage import rules
from rstage.diagnostics import Severity
from rstage.reference.choices import EVENTS
from rstage.reporting.counts import FindingCounts
from rstage.reporting.placed import WHOLE_ROW, CellFinding, PlacedFinding
from rstage.restaging.diagnosis import TAKING, Taking
from rstage.restaging.linking import Member, Role, linked
from rstage.restaging.staging import Circumstances, Staging
from rstage.tables.append import failed_row, misfit
from rstage.tables.appender import cells_at
from rstage.tables.cells import StageCells, tally_of
from rstage.tables.missing import is_missing, without_numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rstage.diagnostics import Diagnostic
    from rstage.reading.read import Reading
    from rstage.report.tally import Tally
    from rstage.restaging.history import History
    from rstage.restaging.link_key import LinkKey
    from rstage.restaging.linking import Linked
    from rstage.tables.cells import ReadStage, StageReader
    from rstage.tables.facts import FactReader, FactSources
    from rstage.tables.stage_columns import ValueSource
    from rstage.tables.table import Table


class _ReadStaging(NamedTuple):
    """One staging as it was read; what rows have in common is held once.

    Attributes:
        line, number: where it stands. reading: what its stage says.
        circumstances: date, id, site and tumor id. event, types: what is stated of the recurrence.
        is_stated: whether the row itself states a recurrence.
    """

    line: int
    number: int
    reading: Reading
    circumstances: Circumstances
    event: str
    types: str | None
    is_stated: bool


class _Tumor:
    """The rows of one tumor that have a stage, and how many of them could not be read."""

    __slots__ = ("rows", "tumor_id", "unread")

    def __init__(self, tumor_id: str) -> None:
        self.tumor_id = tumor_id
        self.rows: list[_ReadStaging] = []
        self.unread = 0


class TumorLine(NamedTuple):
    """The history of one tumor as it is written, and what was found.

    Attributes:
        data: a line of JSON; None where an internal error rejected the rows of the tumor.
        findings: what was found while the stagings were linked, in order of the rows.
    """

    data: bytes | None
    findings: tuple[PlacedFinding, ...]


class _Made(NamedTuple):
    """What the rows of a tumor come to."""

    data: bytes
    found_by_row: list[list[CellFinding]]
    history: History | None

    @property
    def restaging_count(self) -> int:
        """How many restagings the history has."""
        return len(self.history.restagings) if self.history is not None else 0


class HistoryReader:
    """Puts the stagings of a long table together, tumor by tumor: first `findings`, then `tumors`.

    A row without r whose own cells state an event or a type of recurrence is an assessment; a text that is
    given for every row says nothing of a single one.

    Args:
        stage: where the stage of a row stands.
        sources: the facts of a row: `tumor_id`, `diagnosis_date` (its date), `site`, `event`, `recurrence`.
        facts: reads them.
        words: the words of a missing cell.
        staging_id: where the id of the staging itself stands.
        taking: how the diagnosis is taken. key: what the links are made with.
        counts: counts what is found. record: where the key stands that overrides call a row by.
        tally: counts for a report.

    Attributes:
        counts: what was found; complete when `tumors` has come to its end.
        staging_count, blank_count, refused_count, rejected_count: what became of each row: a staging, no
            stage, an error, too many or too few fields.
        tumor_count, restaging_count: what the stagings came to.
    """

    def __init__(
        self,
        stage: StageReader,
        sources: FactSources,
        facts: FactReader,
        *,
        words: frozenset[str],
        staging_id: ValueSource | None = None,
        taking: Taking = TAKING,
        key: LinkKey | None = None,
        counts: FindingCounts | None = None,
        record: int | None = None,
        tally: Tally | None = None,
    ) -> None:
        self.counts = counts or FindingCounts()
        self._record, self._tally = record, tally
        self._reviewed: dict[int, str] = {}
        self.staging_count = self.blank_count = self.refused_count = self.rejected_count = 0
        self.tumor_count = self.restaging_count = 0
        self._stage, self._facts, self._taking, self._key = stage, facts, taking, key
        self._row_cells = cells_at(facts.row_indexes)
        self._label = stage.columns.label
        self._tumor_column = sources.tumor_id.name if sources.tumor_id is not None else WHOLE_ROW
        self._event_in_row, self._types_in_row = _in_row(sources.event), _in_row(sources.recurrence)
        self._staging_id, self._id_words = staging_id, without_numbers(words)
        self._tumors: dict[str, _Tumor] = {}

    def findings(self, table: Table) -> Iterator[PlacedFinding]:
        """Read every row, and yield what is found in it.

        Raises:
            TableError: the table cannot be read to its end.
        """
        tally = tally_of(self._tally, self._stage, is_one=True)
        stages = StageCells(self._stage.read_one_stage, FindingCounts(), tally=tally)
        number, width = 0, len(table.columns)
        for cells, _, line in table.records():
            number += bool(cells)
            if len(cells) == width:
                self._note_record(cells, number)
                try:
                    stage = stages[self._stage.key(cells)]
                    found = self._read(cells, stage.value, line, number)
                except Exception as error:  # noqa: BLE001  one bad row never stops a run
                    yield self._rejected(failed_row(table.file, error, line, number))
                    continue
                stage.count += 1
                yield from self._placed(table.file, line, number, found)
            elif cells:
                yield self._rejected(misfit(table, cells, line, number))
        stages.finish()

    def _rejected(self, found: PlacedFinding) -> PlacedFinding:
        self.rejected_count += 1
        self.counts.add([found])
        return found

    def _note_record(self, cells: Sequence[str], number: int) -> None:
        """Keep the key of a row that has overrides, for what is found when its tumor is put together."""
        overrides = self.counts.overrides
        if overrides is not None and self._record is not None and cells[self._record] in overrides.records:
            self._reviewed[number] = cells[self._record]

    def _read(self, cells: Sequence[str], stage: ReadStage, line: int, number: int) -> Sequence[CellFinding]:
        """Keep a row with its tumor, and return what was found in it."""
        if stage.reading is None:
            self.blank_count += 1
            return ()
        shared = self._facts.of_key(cells)
        own = self._facts.of_row(self._row_cells(cells), shared)
        circumstances = Circumstances(*own.diagnosis)._replace(id=self._id_of(cells))
        found = (*stage.findings, *own.findings, *shared.findings)
        tumor = self._tumor(circumstances.tumor_id)
        if tumor is None:
            missing = rules.TUMOR_ID_MISSING.at(column=self._tumor_column)
            found += (CellFinding(diagnostic=missing, column=self._tumor_column),)
        if tumor is None or any(one.diagnostic.severity is Severity.ERROR for one in found):
            self.refused_count += 1
            if tumor is not None:
                tumor.unread += 1
            return found
        self.staging_count += 1
        has_event = self._event_in_row and shared.event != EVENTS[0]
        is_stated = has_event or (self._types_in_row and shared.types is not None)
        tumor.rows.append(
            _ReadStaging(line, number, stage.reading, circumstances, shared.event, shared.types, is_stated)
        )
        return found

    def _tumor(self, tumor_id: str | None) -> _Tumor | None:
        """Return the tumor of an id; blanks around it come from columns of fixed width."""
        if tumor_id is None:
            return None
        key = tumor_id.strip()
        if key not in self._tumors:
            self._tumors[key] = _Tumor(tumor_id)
        return self._tumors[key]

    def _id_of(self, cells: Sequence[str]) -> str | None:
        if self._staging_id is None:
            return None
        text = self._staging_id.of(cells)
        return None if is_missing(text, self._id_words) else text

    def _placed(
        self, file: str, line: int, number: int, found: Iterable[CellFinding]
    ) -> Iterator[PlacedFinding]:
        """Count the findings of a row, and yield those that are reported."""
        cells, record = list(found), self._reviewed.get(number)
        self.counts.add(cells, record=record)
        for cell in cells:
            if self.counts.is_reported(cell, record):
                yield cell.at(file, line, number)

    def tumors(self, file: str) -> Iterator[TumorLine]:
        """Yield the history of each tumor, in the order of their first rows with a stage.

        Args:
            file: the name of the table, for the findings.
        """
        for key in list(self._tumors):
            tumor = self._tumors.pop(key)
            try:
                made = self._made(tumor)
            except Exception as error:  # noqa: BLE001  one bad tumor never stops a run
                self.staging_count -= len(tumor.rows)
                lost = [failed_row(file, error, row.line, row.number) for row in tumor.rows]
                yield TumorLine(None, tuple(map(self._rejected, lost)))
                continue
            found = [
                placed
                for row, cells in zip(tumor.rows, made.found_by_row, strict=True)
                for placed in self._placed(file, row.line, row.number, cells)
            ]
            self.tumor_count += 1
            self.restaging_count += made.restaging_count
            if self._tally is not None:
                self._tally.course.add_history(made.history)
            yield TumorLine(made.data, tuple(found))

    def _made(self, tumor: _Tumor) -> _Made:
        members = [_member(row) for row in tumor.rows]
        made = linked(members, **self._taking._asdict(), key=self._key)
        left = [members[number].staging for number in sorted(made.left)]
        found = [
            list(self._in_stage(row, _in_history(row, members[number], made, number)))
            for number, row in enumerate(tumor.rows)
        ]
        written = json.dumps(_to_dict(tumor, made.history, left), ensure_ascii=False)
        return _Made(
            data=written.encode() + b"\n",
            found_by_row=found,
            history=made.history,
        )

    def _in_stage(self, row: _ReadStaging, found: Iterable[Diagnostic]) -> Iterator[CellFinding]:
        for diagnostic in found:
            yield CellFinding(diagnostic=diagnostic, column=self._label, value=row.reading.text)


def _to_dict(tumor: _Tumor, history: History | None, unlinked: Sequence[Staging]) -> dict[str, Any]:
    """Return a history as JSON-ready values, with what was not linked and how many rows could not be read."""
    made: dict[str, Any] = {"tumor_id": tumor.tumor_id}
    made |= {"initial": [], "diagnosis": None} if history is None else history.to_dict()
    left = {"unlinked": [one.to_dict() for one in unlinked]} if unlinked else {}
    return made | left | ({"unread": tumor.unread} if tumor.unread else {})


def _member(row: _ReadStaging) -> Member:
    staging = Staging.of(row.reading, **row.circumstances._asdict())
    if row.is_stated or staging.stage.is_recurrence:
        return Member(staging, Role.ASSESSMENT, row.event, row.types)
    return Member(staging)


def _in_history(row: _ReadStaging, member: Member, made: Linked, number: int) -> Iterator[Diagnostic]:
    """Yield what the circumstances of a row add to the findings of its stage, and what linking it found."""
    yield from member.staging.diagnostics[len(row.reading.diagnostics) :]
    found = made.found[number]
    is_again = rules.STAGING_AGAIN.code in {one.code for one in found}
    is_without_r = member.is_assessment and not member.staging.stage.is_recurrence
    if is_without_r and number not in made.left and not is_again:
        yield rules.RESTAGED_WITHOUT_R.at()
    yield from found


def _in_row(source: ValueSource | None) -> bool:
    """Return whether each row has its own text."""
    return source is not None and source.index is not None
