"""Tables as JSON Lines: one object a line, its keys are the columns. What is appended stands behind them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Self

from rstage import rules
from rstage.files.errors import TableError, reading_file
from rstage.privacy import is_column_name
from rstage.reporting.similar import closest
from rstage.tables.append import blocks_by_rows
from rstage.tables.appender import cells_of_failed
from rstage.tables.formats.csv_records import BYTE_ORDER_MARK, LONGEST_FIELD
from rstage.tables.formats.json_cells import JsonCells, object_cells
from rstage.tables.formats.sourced import SourcedTable
from rstage.tables.formats.text_source import TextSource
from rstage.tables.table import EITHER, OPTIONAL, OutputBlock, Record
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
    if options.is_answered:
        return AnsweredLines(TextSource(file, options.encoding, as_it_comes=True))
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
            self._seen = self._looked_at()
            self.columns = self._keys_seen()
        except BaseException:
            self.close()
            raise

    def _looked_at(self) -> list[tuple[int, str]]:
        """Return the lines whose keys are the columns, and take them."""
        return list(islice(self._lines, LINES_SEEN))

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


class AnsweredLines(JsonTable):
    """JSON Lines of standard input that are answered on standard output: each line by one line, at once.

    Nothing is read ahead, so that its columns are those that a command asks for. The first line that is a row
    has all of them; behind it one that is missing is blank. A line that is no row is answered by an object
    with what would be appended to a row: its code where the findings stand.
    """

    def _looked_at(self) -> list[tuple[int, str]]:
        """Return no line: who asks waits for the answer to the first."""
        self._unseen: set[str] = set()
        self._why = rules.LINE_NOT_OBJECT.at()
        return []

    def _keys_seen(self) -> tuple[str, ...]:
        return ()

    def awaited(self, column: str) -> int | None:
        """Return the place of a column that is asked for.

        Raises:
            TableError: RS012, it is a choice between columns.
        """
        if EITHER in column or column.startswith(OPTIONAL):
            why = "lines of stdin are answered before all keys are known: name one, or give FILE or --output"
            raise TableError(rules.OPTION_UNUSABLE.at(option=column, why=why))
        self._unseen.add(column)
        self.columns = (*self.columns, column)
        return len(self.columns) - 1

    def _object(self, line: str) -> dict[str, str] | None:
        """Return the cells of a line, as for every table of JSON Lines; what `misfit` says is that of it."""
        self._why = rules.LINE_NOT_OBJECT.at()
        if not _is_text(line):
            self._why = rules.FILE_ENCODING.at(
                file=self.file, encoding=self.encoding.name, row=self.row_count + 1
            )
            return {}
        found = super()._object(line)
        if found and self._unseen:
            self._unseen -= found.keys()
            if self._unseen:
                self._why = _unseen_key(min(self._unseen), found)
                return {}
        return found

    def misfit(self, _cells: Sequence[str]) -> Diagnostic:
        """Return why a line is no row."""
        return self._why

    @property
    def block_makers(self) -> Mapping[str, BlockMaker]:
        """What makes the answers: row by row."""
        return {"stdlib": self._answers}

    def _answers(self, appender: Appender) -> Iterator[OutputBlock]:
        names = appender.names
        for block in blocks_by_rows(self, appender, at_a_time=1):
            answers = b"".join(
                self._refusal(names, one.finding.diagnostic.code, one.raw) for one in block.rejected
            )
            yield block._replace(data=answers) if answers else block

    def _refusal(self, names: Sequence[str], code: str, raw: bytes) -> bytes:
        """Return the answer to a line that is no row, with the line end that it has."""
        written = self.cell_format.write(names, cells_of_failed(names, code))
        answer = "{" + written.removeprefix(self.cell_format.separator) + "}"
        line_end = raw[len(raw.rstrip(b"\r\n")) :].decode()
        return self.encoding.encoded(answer + line_end)


def _is_text(line: str) -> bool:
    """Return whether every character of a line is one; what was no text became a lone surrogate."""
    try:
        line.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unseen_key(column: str, found: Mapping[str, str]) -> Diagnostic:
    """Return the finding of a line without a key that no line had before."""
    near = closest(column, filter(is_column_name, found))
    missing = rules.COLUMN_UNKNOWN.at(column=column, suggestions=near)
    why = (
        f"{missing.message} yet: the first line has every key that is asked for, null where there is nothing"
    )
    return replace(missing, message=why)
