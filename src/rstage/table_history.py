"""The histories of the tumors of a long table, which has one row for each staging.

Rows of one tumor can stand anywhere, so what was read of each row is kept until the table has come to its
end.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from . import rules
from .diagnostics import Severity
from .history_linking import Member, Role, linked
from .missing import is_missing, without_numbers
from .recurrence import EVENTS
from .staging import Circumstances, Staging
from .table_append import misfit
from .table_cells import Cells, single_entry_of
from .table_findings import WHOLE_ROW, CellFinding, FindingCounts, PlacedFinding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .diagnostics import Diagnostic
    from .history import History
    from .history_linking import Linked
    from .reading import Reading
    from .table_cells import Entry, StageReader
    from .table_columns import Source
    from .table_facts import FactReader, FactSources
    from .tables import Table


class _Row(NamedTuple):
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
        self.rows: list[_Row] = []
        self.unread = 0


class TumorLine(NamedTuple):
    """The history of one tumor, and what is no part of it.

    Attributes:
        tumor_id: as its first row has it. history: nothing where no staging can be the diagnosis.
        unlinked: the stagings outside the history. unread: how many rows could not be read.
        findings: what was found while the stagings were linked, in order of the rows.
    """

    tumor_id: str
    history: History | None
    unlinked: tuple[Staging, ...]
    unread: int
    findings: tuple[PlacedFinding, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the history as JSON-ready values, with what was not linked."""
        made: dict[str, Any] = {"tumor_id": self.tumor_id}
        made |= {"initial": [], "diagnosis": None} if self.history is None else self.history.to_dict()
        left = {"unlinked": [one.to_dict() for one in self.unlinked]} if self.unlinked else {}
        return made | left | ({"unread": self.unread} if self.unread else {})


class HistoryReader:
    """Puts the stagings of a long table together, tumor by tumor: first `findings`, then `tumors`.

    A row without r whose own cells state an event or a type of recurrence is an assessment; a text that is
    given for every row tells nothing of a single one.

    Args:
        stage: where the stage of a row stands.
        sources: the facts of a row: `tumor_id`, `diagnosis_date` (its date), `site`, `event`, `recurrence`.
        facts: reads them.
        words: the words of a missing cell.
        staging_id: where the id of the staging itself stands.
        policy: as for `History.of`.
        counts: counts what is found. record: where the key stands that overrides call a row by.

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
        staging_id: Source | None = None,
        policy: str = "pathological",
        counts: FindingCounts | None = None,
        record: int | None = None,
    ) -> None:
        self.counts = counts or FindingCounts()
        self._record = record
        self._reviewed: dict[int, str] = {}
        self.staging_count = self.blank_count = self.refused_count = self.rejected_count = 0
        self.tumor_count = self.restaging_count = 0
        self._stage, self._facts, self._policy = stage, facts, policy
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
        entries = Cells(partial(single_entry_of, self._stage), FindingCounts())
        number, width = 0, len(table.columns)
        for cells, _, line in table.records():
            number += bool(cells)
            if len(cells) == width:
                self._note_record(cells, number)
                found = self._read(cells, entries[self._stage.key(cells)], line, number)
                yield from self._placed(table.file, line, number, found)
            elif cells:
                self.rejected_count += 1
                rejected = misfit(table, cells, line, number)
                self.counts.add([rejected.cell])
                yield rejected

    def _note_record(self, cells: Sequence[str], number: int) -> None:
        """Keep the key of a row that has overrides, for what is found when its tumor is put together."""
        overrides = self.counts.overrides
        if overrides is not None and self._record is not None and cells[self._record] in overrides.records:
            self._reviewed[number] = cells[self._record]

    def _read(self, cells: Sequence[str], entry: Entry, line: int, number: int) -> Sequence[CellFinding]:
        """Keep a row with its tumor, and return what was found in it."""
        if entry.reading is None:
            self.blank_count += 1
            return ()
        given, _, event, types, wrong = self._facts.of(cells)
        circumstances = Circumstances(*given)
        found = (*entry.findings, *wrong)
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
        is_stated = (self._event_in_row and event != EVENTS[0]) or (self._types_in_row and types is not None)
        own_id = self._id_of(cells)
        tumor.rows.append(
            _Row(line, number, entry.reading, circumstances._replace(id=own_id), event, types, is_stated)
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
        """Count the findings of a row, and yield those that are told."""
        cells, record = list(found), self._reviewed.get(number)
        self.counts.add(cells, record=record)
        for cell in cells:
            if self.counts.is_told(cell, record):
                yield PlacedFinding(file=file, line=line, row=number, cell=cell)

    def tumors(self, file: str) -> Iterator[TumorLine]:
        """Yield the history of each tumor, in the order of their first rows with a stage.

        Args:
            file: the name of the table, for the findings.
        """
        for key in list(self._tumors):
            tumor = self._tumors.pop(key)
            members = [_member(row) for row in tumor.rows]
            made = linked(members, policy=self._policy)
            found = [
                placed
                for number, row in enumerate(tumor.rows)
                for placed in self._placed(
                    file, row.line, row.number, self._in_stage(row, _told(row, members[number], made, number))
                )
            ]
            self.tumor_count += 1
            self.restaging_count += len(made.history.restagings) if made.history is not None else 0
            left = tuple(members[number].staging for number in sorted(made.left))
            yield TumorLine(tumor.tumor_id, made.history, left, tumor.unread, tuple(found))

    def _in_stage(self, row: _Row, found: Iterable[Diagnostic]) -> Iterator[CellFinding]:
        for diagnostic in found:
            yield CellFinding(diagnostic=diagnostic, column=self._label, value=row.reading.text)


def _member(row: _Row) -> Member:
    staging = Staging.of(row.reading, **row.circumstances._asdict())
    role = Role.ASSESSMENT if row.is_stated else Role.INITIAL
    return Member(staging, role, row.event, row.types)


def _told(row: _Row, member: Member, made: Linked, number: int) -> Iterator[Diagnostic]:
    """Yield what the circumstances of a row add to the findings of its stage, and what linking it found."""
    yield from member.staging.diagnostics[len(row.reading.diagnostics) :]
    found = made.found[number]
    is_again = rules.STAGING_AGAIN.code in {one.code for one in found}
    is_without_r = member.is_assessment and not member.staging.stage.is_recurrence
    if is_without_r and number not in made.left and not is_again:
        yield rules.RESTAGED_WITHOUT_R.at()
    yield from found


def _in_row(source: Source | None) -> bool:
    """Return whether each row has its own text."""
    return source is not None and source.index is not None
