"""Tables as JSON Lines: one object a line, its keys are the columns. What is appended stands behind them."""

from __future__ import annotations

from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Self

from rstage import rules
from rstage.files.errors import TableError, reading_file
from rstage.tables.append import blocks_by_rows
from rstage.tables.formats.csv_records import BYTE_ORDER_MARK, LONGEST_FIELD
from rstage.tables.formats.json_cells import JsonCells, object_cells
from rstage.tables.formats.sourced import SourcedTable
from rstage.tables.formats.text_source import TextSource
from rstage.tables.table import Record
from rstage.tables.verify import LineVerifier

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence

    from rstage.diagnostics import Diagnostic
    from rstage.tables.appender import Appender
    from rstage.tables.formats.open_options import OpenOptions
    from rstage.tables.table import BlockMaker

LINES_SEEN = 1_000
"""Lines whose keys are the columns; a key that comes up later only is none."""

LONGEST_ROW = 4 * LONGEST_FIELD
"""Characters; what is longer is no row."""


def open_table(file: str, options: OpenOptions) -> JsonTable:
    """Open a file of this format.

    Raises:
        TableError: as for `TextSource` and `JsonTable`.
    """
    return JsonTable(TextSource(file, options.encoding))


class JsonTable(SourcedTable[TextSource]):
    """An open table of JSON Lines. A context manager.

    A value that is null or missing is a blank cell, a number is its digits. A line that is no object, is
    empty, or has a key twice is no row.

    Args:
        source: the text; it is closed with the table.

    Raises:
        TableError: RS001, RS004 or RS011; no line of the beginning holds an object.
    """

    written_form = "JSON Lines"
    cell_format = JsonCells()
    preamble = header = ""
    _row_word = "line"

    def __init__(self, source: TextSource) -> None:
        super().__init__(source)
        self._appended: tuple[str, ...] = ()
        self._lines = self._read_lines()
        try:
            self._seen = list(islice(self._lines, LINES_SEEN))
            self.columns = self._keys_seen()
        except BaseException:
            self.close()
            raise

    def _keys_seen(self) -> tuple[str, ...]:
        found = [self._object(line) for _, line in self._seen]
        columns = tuple(dict.fromkeys(chain.from_iterable(one for one in found if one)))
        if not columns:
            why = f"no {self._row_word} is a JSON object"
            raise TableError(rules.FILE_MALFORMED.at(file=self.file, row=1, why=why))
        return columns

    @property
    def block_makers(self) -> Mapping[str, BlockMaker]:
        """What makes an output: rows only."""
        return {"stdlib": partial(blocks_by_rows, self)}

    def verifier(self, output: JsonTable, appender: Appender | None, blocks: BlockMaker) -> LineVerifier:
        """Return what compares an output with this table."""
        return LineVerifier(self, output, appender, blocks)

    def again(self) -> Self:
        """Return the same table, opened once more."""
        return type(self)(self.source.again())

    def opened_alike(self, file: str) -> Self:
        """Return the table that this one became; its further columns come behind those of this one."""
        other = type(self)(self.source.opened_alike(file))
        other.columns = tuple(dict.fromkeys((*self.columns, *other.columns)))
        return other

    def _read_lines(self) -> Iterator[tuple[int, str]]:
        """Yield the lines with their numbers."""
        text, number = self.source.text("\n"), 0
        try:
            with reading_file(self.file):
                for number, line in enumerate(iter(partial(text.readline, LONGEST_ROW), ""), start=1):
                    if len(line) == LONGEST_ROW:
                        why = "a line is too long for a row"
                        raise TableError(rules.FILE_MALFORMED.at(file=self.file, row=number, why=why))
                    yield number, line
        except UnicodeDecodeError as error:
            raise self.encoding.undecodable(error, number + 1) from error

    def records(self) -> Generator[Record, None, None]:
        """Yield every line with its cells; what is no row comes with more cells than there are columns.

        Raises:
            TableError: RS001, RS004 or RS011; the file cannot be read to its end.
        """
        no_row = [""] * (len(self.columns) + 1)
        for number, line in chain(self._seen, self._lines):
            found = self._object(line)
            if found is None:
                yield Record([], line, number)
                continue
            self.row_count += 1
            if not found or not found.keys().isdisjoint(self._appended):
                yield Record(no_row, line, number)
            else:
                yield Record([found.get(column, "") for column in self.columns], line, number)

    def _object(self, line: str) -> dict[str, str] | None:
        """Return the cells of a line, none where it is no row; None where the line is blank."""
        if not line.strip():
            return None
        return object_cells(line.removeprefix(BYTE_ORDER_MARK))

    def misfit(self, _cells: Sequence[str]) -> Diagnostic:
        """Return why a line is no row."""
        return rules.LINE_NOT_OBJECT.at()

    def body_of(self, raw: str) -> str:
        """Return a line as far as its last value."""
        return raw.rstrip()[:-1].rstrip()

    def head(self, names: Sequence[str]) -> str:
        """Return what stands before the rows. From now on one that has such a key is no row."""
        self._appended = tuple(names)
        return self.preamble

    def other_delimiter(self, _column: str) -> None:
        """Return None: there is no delimiter."""
