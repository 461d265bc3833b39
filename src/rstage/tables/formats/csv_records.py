"""Records of a delimited table: the csv module alone decides where each ends.

The raw text of a record is the physical lines that it took.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from rstage.tables.table import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LONGEST_FIELD = 10_000_000
"""Characters; a longer field is a quote that was never closed."""

BYTE_ORDER_MARK = "\ufeff"
"""What a file in Unicode may begin with; it stays in the text, and is no part of a name."""


class CsvRecords:
    """Takes records from physical lines.

    Args:
        lines: the physical lines, each with its line end.
        delimiter: what stands between cells.
        first_line: the number of the first of them.
        more: further lines, taken only where a record goes on behind the end of `lines`.

    Attributes:
        row_count: the records with cells, when there are no more.
    """

    def __init__(
        self, lines: Iterable[str], delimiter: str, first_line: int = 1, more: Iterable[str] = ()
    ) -> None:
        self._lines, self._more = lines, more
        self._first_line = first_line
        self.row_count = 0
        self._pending: list[str] = []
        self._is_at_end = False
        self._reader = csv.reader(self._taken(), delimiter=delimiter)

    @property
    def next_line(self) -> int:
        """The number of the line behind those taken."""
        return self._first_line + self._reader.line_num

    @property
    def line(self) -> int:
        """The number of the line where the record begins that is being read."""
        return self.next_line - len(self._pending)

    def _taken(self) -> Iterator[str]:
        """Yield the physical lines to the csv reader and keep them for the raw text."""
        keep = self._pending.append
        number = self._first_line
        for line in self._lines:
            keep(line)
            yield line.removeprefix(BYTE_ORDER_MARK) if number == 1 else line
            number = 0
        # The reader asks on: no line is pending where a record has ended.
        if self._pending:
            for line in self._more:
                keep(line)
                yield line
                if not self._pending:
                    return
            self._is_at_end = bool(self._pending)

    def __iter__(self) -> Iterator[Record]:
        """Yield the records.

        Raises:
            csv.Error: a record cannot be read. UnicodeDecodeError, OSError: as the lines raise them.
        """
        pending, reader, first_line = self._pending, self._reader, self._first_line
        line = self.next_line
        count = 0
        try:
            for cells in reader:
                # Only a quote that is still open makes the reader ask for more than there is.
                if self._is_at_end:
                    raise csv.Error("a quote is never closed")
                raw = pending[0] if len(pending) == 1 else "".join(pending)
                pending.clear()
                if cells:
                    count += 1
                yield Record(cells, raw, line)
                line = first_line + reader.line_num
        finally:
            self.row_count = count
