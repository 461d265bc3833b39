"""Proving that a table holds another one unaltered, and that the appended cells are what they should be."""

from __future__ import annotations

import csv
from collections import deque
from itertools import chain, starmap
from typing import TYPE_CHECKING, NamedTuple

from . import rules
from .table_findings import WHOLE_ROW, CellFinding, FindingCounts, PlacedFinding
from .tables import as_cells, split_line_end

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .diagnostics import Rule
    from .table_append import Appender
    from .tables import Table

FARTHEST = 50
"""Rows that are looked at on either side to tell a missing row from an altered one."""

# The fields of a row; several million of them are never more than a tuple.
_Fields = tuple[list[str], str, int, int, str | None, str]


class _Row(NamedTuple):
    """A row of the original with the text that it should have, or of the output."""

    cells: list[str]
    raw: str
    line: int
    number: int
    appended: str | None = None
    expected: str = ""


class _Ahead:
    """An iterator of rows that can be looked at before they are taken."""

    def __init__(self, rows: Iterable[_Row]) -> None:
        self._rows = iter(rows)
        self._seen: deque[_Row] = deque()

    def look(self, distance: int) -> _Row | None:
        """Return the row so far ahead; nothing where the table ends before."""
        while len(self._seen) <= distance:
            row = next(self._rows, None)
            if row is None:
                return None
            self._seen.append(row)
        return self._seen[distance]

    def take(self, count: int) -> list[_Row]:
        """Return the next rows and go past them; all of them were looked at before."""
        return [self._seen.popleft() for _ in range(count)]


class Verifier:
    """Compares an output with the table that it was made from.

    Args:
        original: the table. output: what it became.
        appender: what was appended; without it only the original part of each row is compared.

    Attributes:
        counts: what was found. output_count: the rows of the output.
        rejected_count: the ragged rows of the original, which the output lacks. All of these are complete
            when `findings` has come to its end.
    """

    def __init__(self, original: Table, output: Table, appender: Appender | None = None) -> None:
        self.counts = FindingCounts()
        self.output_count = 0
        self.rejected_count = 0
        self._original, self._output, self._appender = original, output, appender
        self._width = len(original.columns)
        found = output.columns[self._width :]
        self._names = tuple(appender.names) if appender else found
        self._current: _Fields | None = None

    @property
    def original_count(self) -> int:
        """The rows of the original, ragged ones too."""
        return self._original.row_count

    def findings(self) -> Iterator[PlacedFinding]:
        """Yield what was altered, row by row.

        Raises:
            TableError: a table cannot be read to its end.
        """
        for found in chain(self._header_findings(), self._row_findings()):
            self.counts.add([found.cell])
            yield found

    def _header_findings(self) -> Iterator[PlacedFinding]:
        original, output = self._original, self._output
        appended = as_cells(self._names, original.delimiter)
        body, end = split_line_end(original.header)
        before = _Row(list(original.columns), original.header, 1, 0, appended, body + appended + end)
        after = _Row(list(output.columns), output.header, 1, 0)
        if original.preamble != output.preamble or not self._holds(before, after):
            yield self._finding(rules.ORIGINAL_ALTERED, after, self._altered_column(before, after))
        elif before.expected != after.raw:
            yield from self._cell_findings(before, after)

    def _row_findings(self) -> Iterator[PlacedFinding]:
        originals = self._originals()
        if self._appender is not None:
            self._output.skip_equal(self._expected(originals))
        rest = originals if self._current is None else chain([self._current], originals)
        yield from self._compare(_Ahead(starmap(_Row, rest)), _Ahead(self._outputs()))

    def _originals(self) -> Iterator[_Fields]:
        """Yield the rows that the output should have, each with its appended cells and its whole text."""
        cells_of = self._appender.cells if self._appender else None
        number = 0
        for cells, raw, line in self._original.records():
            number += bool(cells)
            if len(cells) != self._width:
                if cells:
                    self.rejected_count += 1
                else:
                    yield cells, raw, line, number, None, raw
            elif cells_of is None:
                yield cells, raw, line, number, None, raw
            else:
                body = raw.rstrip("\r\n")
                appended = cells_of(cells)
                yield cells, raw, line, number, appended, body + appended + raw[len(body) :]

    def _expected(self, originals: Iterator[_Fields]) -> Iterator[str]:
        for fields in originals:
            self._current = fields
            yield fields[5]
            # The next one is asked for, so this one was there.
            if fields[0]:
                self.output_count += 1
        self._current = None

    def _outputs(self) -> Iterator[_Row]:
        for cells, raw, line in self._output.records():
            if cells:
                self.output_count += 1
            yield _Row(cells, raw, line, self.output_count)

    def _compare(self, originals: _Ahead, outputs: _Ahead) -> Iterator[PlacedFinding]:
        while True:
            before, after = originals.look(0), outputs.look(0)
            if before is None and after is None:
                return
            if before is not None and after is not None and self._holds(before, after):
                if before.appended is None or before.expected != after.raw:
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

    def _shift(self, originals: _Ahead, outputs: _Ahead) -> tuple[int, int]:
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

    def _holds(self, before: _Row, after: _Row) -> bool:
        """Return whether the original text of a row is in its place in a row of the output."""
        if not before.cells or not self._names:
            return before.raw == after.raw
        body, end = split_line_end(before.raw)
        found, found_end = split_line_end(after.raw)
        return found_end == end and found.startswith(body + self._original.delimiter)

    def _cell_findings(self, before: _Row, after: _Row) -> Iterator[PlacedFinding]:
        """Yield the appended cells that are not what they are computed to be."""
        found = after.cells[self._width :]
        if not before.cells or (before.appended is None and len(found) == len(self._names)):
            return
        if before.appended is None or len(found) != len(self._names):
            yield self._finding(rules.CELL_ALTERED, after, "+".join(self._names))
            return
        expected = next(csv.reader([before.appended[1:]], delimiter=self._original.delimiter))
        # The same cells in another quoting are altered too: the bytes are not those that were written.
        columns = [
            name for name, one, other in zip(self._names, expected, found, strict=True) if one != other
        ] or ["+".join(self._names)]
        for column in columns:
            yield self._finding(rules.CELL_ALTERED, after, column)

    def _altered_column(self, before: _Row, after: _Row) -> str:
        """Return the first column whose cell differs; the row where only quoting or line ends do."""
        pairs = zip(self._original.columns, before.cells, after.cells, strict=False)
        return next((name for name, one, other in pairs if one != other), WHOLE_ROW)

    def _finding(self, rule: Rule, row: _Row, column: str, file: str | None = None) -> PlacedFinding:
        found = rule.at(row=row.line, column=column)
        cell = CellFinding(diagnostic=found, column=column)
        return PlacedFinding(file=file or self._output.file, line=row.line, row=row.number, cell=cell)
