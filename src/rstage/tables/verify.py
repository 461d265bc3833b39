"""Proving that a table holds another one unaltered, and that the appended cells are what they should be."""

from __future__ import annotations

from collections import deque
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from rstage import rules
from rstage.files.errors import reading_file
from rstage.files.inputs import STDIN, Input, read_exactly
from rstage.privacy import is_column_name
from rstage.reporting.counts import FindingCounts
from rstage.reporting.placed import WHOLE_ROW, CellFinding, PlacedFinding
from rstage.restaging.link import unproven
from rstage.tables.append import failed_row
from rstage.tables.appender import RowCells

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rstage.diagnostics import Rule
    from rstage.tables.appender import Appender
    from rstage.tables.table import BlockMaker, LineTable

FARTHEST = 50
"""Rows that are looked at on either side to tell a missing row from an altered one."""


class _ComparedRow(NamedTuple):
    """A row of the original with the text that it should have, or of the output.

    `failed` says why the text cannot be computed.
    """

    cells: list[str]
    raw: str
    line: int
    number: int
    appended: str | None = None
    failed: PlacedFinding | None = None


class _RowsAhead:
    """An iterator of rows that can be looked at before they are taken."""

    def __init__(self, rows: Iterable[_ComparedRow]) -> None:
        self._rows = iter(rows)
        self._seen: deque[_ComparedRow] = deque()

    def look(self, distance: int) -> _ComparedRow | None:
        """Return the row so far ahead; None where the table ends before."""
        while len(self._seen) <= distance:
            row = next(self._rows, None)
            if row is None:
                return None
            self._seen.append(row)
        return self._seen[distance]

    def take(self, count: int) -> list[_ComparedRow]:
        """Return the next rows and go past them; all of them were looked at before."""
        return [self._seen.popleft() for _ in range(count)]


class LineVerifier:
    """Compares an output with the table that it was made from.

    Args:
        original: the table. output: what it became.
        appender: what was appended; without it only the original part of each row is compared.
        blocks: what makes the output that is expected.

    Attributes:
        counts: what was found. output_count: the rows of the output.
        rejected_count: the rows of the original that the output lacks because they were rejected. All of
            these are complete when `findings` has come to its end.
    """

    def __init__(
        self,
        original: LineTable,
        output: LineTable,
        appender: Appender | None,
        blocks: BlockMaker,
    ) -> None:
        self.counts = FindingCounts()
        self.output_count = 0
        self.rejected_count = 0
        self._original, self._output, self._appender, self._blocks = original, output, appender, blocks
        self._width = len(original.columns)
        found = output.columns[self._width :]
        self._names = tuple(appender.names) if appender else found
        self._cells_of = RowCells(appender).of if appender else None

    @property
    def original_count(self) -> int:
        """The rows of the original, ragged ones too."""
        return self._original.row_count

    def findings(self) -> Iterator[PlacedFinding]:
        """Yield what was altered, row by row.

        Raises:
            TableError: a table cannot be read to its end.
        """
        if self._appender is not None and STDIN not in (self._original.file, self._output.file):
            if self._is_expected(self._appender):
                return
            self._original = self._original.again()
        with self._original:
            for found in chain(self._header_findings(), self._row_findings()):
                self.counts.add([found])
                yield found

    def _is_expected(self, appender: Appender) -> bool:
        """Return whether the output has the very bytes that are written for the original today."""
        row_count = rejected_count = 0
        with reading_file(self._output.file), Input(self._output.file) as found:
            for block in self._blocks(appender):
                if read_exactly(found, len(block.data)) != block.data:
                    return False
                if any(_is_failed(one.finding) for one in block.rejected):
                    return False  # each of these rows is reported
                row_count += block.row_count
                rejected_count += len(block.rejected)
            if found.read(1):
                return False
        self.output_count, self.rejected_count = row_count, rejected_count
        return True

    def _header_findings(self) -> Iterator[PlacedFinding]:
        original, output = self._original, self._output
        expected = original.head(self._names)
        if expected == output.preamble + output.header:
            return
        appended = original.cell_format.write(self._names, self._names)
        before = _ComparedRow(list(original.columns), original.header, 1, 0, appended)
        after = _ComparedRow(list(output.columns), output.header, 1, 0)
        if original.preamble != output.preamble or not self._holds(before, after):
            yield self._finding(rules.ORIGINAL_ALTERED, after, self._altered_column(before, after))
        else:
            yield from self._cell_findings(before, after)

    def _row_findings(self) -> Iterator[PlacedFinding]:
        yield from self._compare(_RowsAhead(self._originals()), _RowsAhead(self._outputs()))

    def _originals(self) -> Iterator[_ComparedRow]:
        """Yield the rows that the output should have, each with its appended cells."""
        number = 0
        for cells, raw, line in self._original.records():
            number += bool(cells)
            if len(cells) == self._width:
                yield self._expected(cells, raw, line, number)
            elif cells:
                self.rejected_count += 1
            else:
                yield _ComparedRow(cells, raw, line, number)

    def _expected(self, cells: list[str], raw: str, line: int, number: int) -> _ComparedRow:
        try:
            appended = self._cells_of(cells) if self._cells_of else None
        except Exception as error:  # noqa: BLE001  one bad row never stops a run
            failed = failed_row(self._original.file, error, line, number)
            return _ComparedRow(cells, raw, line, number, failed=failed)
        return _ComparedRow(cells, raw, line, number, appended)

    def _outputs(self) -> Iterator[_ComparedRow]:
        for cells, raw, line in self._output.records():
            if cells:
                self.output_count += 1
            yield _ComparedRow(cells, raw, line, self.output_count)

    def _compare(self, originals: _RowsAhead, outputs: _RowsAhead) -> Iterator[PlacedFinding]:
        while True:
            before, after = originals.look(0), outputs.look(0)
            if before is None and after is None:
                return
            if before is not None and before.failed is not None:
                yield before.failed
                originals.take(1)
                # Where it is not in the output it was rejected.
                if after is not None and self._holds(before, after):
                    outputs.take(1)
                else:
                    self.rejected_count += 1
                continue
            if before is not None and after is not None and self._holds(before, after):
                yield from self._cell_findings(before, after)
                originals.take(1)
                outputs.take(1)
                continue
            missing, added = self._shift(originals, outputs)
            for row in originals.take(missing):
                yield self._finding(rules.ROW_MISSING, row, WHOLE_ROW, self._original.file)
            for row in outputs.take(added):
                yield self._finding(rules.ROW_ADDED, row, WHOLE_ROW)
            if not missing and not added and before is not None and after is not None:
                yield self._finding(rules.ORIGINAL_ALTERED, after, self._altered_column(before, after))
                originals.take(1)
                outputs.take(1)

    def _shift(self, originals: _RowsAhead, outputs: _RowsAhead) -> tuple[int, int]:
        """Return how many rows of the original are missing and how many were added, where two rows differ.

        The nearest place where both go on alike decides; none missing and none added is an altered row.
        """
        if outputs.look(0) is None:
            return 1, 0
        if originals.look(0) is None:
            return 0, 1
        for distance in range(1, FARTHEST + 1):
            for missing, added in ((distance, distance), (0, distance), (distance, 0)):
                before, after = originals.look(missing), outputs.look(added)
                if before is not None and after is not None and self._holds(before, after):
                    return (0, 0) if missing == added else (missing, added)
        return 0, 0

    def _holds(self, before: _ComparedRow, after: _ComparedRow) -> bool:
        """Return whether the original text of a row is in its place in a row of the output."""
        if not before.cells or not self._names:
            return before.raw == after.raw
        body, found = self._original.body_of(before.raw), self._original.body_of(after.raw)
        is_same_end = before.raw[len(body) :] == after.raw[len(found) :]
        return is_same_end and found.startswith(body + self._original.cell_format.separator)

    def _cell_findings(self, before: _ComparedRow, after: _ComparedRow) -> Iterator[PlacedFinding]:
        """Yield the appended cells that are not what they are computed to be."""
        found = after.cells[self._width :]
        body = self._original.body_of(before.raw)
        if not before.cells or after.raw == body + (before.appended or "") + before.raw[len(body) :]:
            return
        if before.appended is None and len(found) == len(self._names):
            return
        if before.appended is None or len(found) != len(self._names):
            yield self._finding(rules.CELL_ALTERED, after, "+".join(self._names))
            return
        expected = self._original.cell_format.read(before.appended)
        # The same cells in another quoting are altered too: the bytes are not those that were written.
        altered = [
            (name, unproven(one, other) or rules.CELL_ALTERED)
            for name, one, other in zip(self._names, expected, found, strict=True)
            if one != other
        ] or [("+".join(self._names), rules.CELL_ALTERED)]
        for column, rule in altered:
            yield self._finding(rule, after, column)

    def _altered_column(self, before: _ComparedRow, after: _ComparedRow) -> str:
        """Return the first column whose cell differs; the row where only quoting or line ends do."""
        pairs = enumerate(zip(self._original.columns, before.cells, after.cells, strict=False), start=1)
        for number, (name, one, other) in pairs:
            if one != other:
                return name if is_column_name(name) else f"column {number}"
        return WHOLE_ROW

    def _finding(self, rule: Rule, row: _ComparedRow, column: str, file: str | None = None) -> PlacedFinding:
        found = rule.at(row=row.line, column=column)
        cell = CellFinding(diagnostic=found, column=column)
        return cell.at(file or self._output.file, row.line, row.number)


def _is_failed(found: PlacedFinding) -> bool:
    return found.diagnostic.code == rules.INTERNAL_ERROR.code
