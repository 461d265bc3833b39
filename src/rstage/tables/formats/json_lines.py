"""Tables as JSON Lines: one object a line, its keys are the columns. What is appended stands behind them."""

from __future__ import annotations

import io
import json
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from rstage import rules
from rstage.files.encodings import choose_codec
from rstage.files.errors import TableError, reading_file
from rstage.tables.formats.delimited import BLOCK, BYTE_ORDER_MARK, LONGEST_FIELD, Record, Table

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from rstage.diagnostics import Diagnostic
    from rstage.tables.formats.delimited import RecordReader

LINES_SEEN = 1_000
"""Lines whose keys are the columns; a key that comes up later only is none."""

_LONGEST_LINE = 4 * LONGEST_FIELD


class JsonTable(Table):
    """An open table of JSON Lines.

    A value that is null or missing is a blank cell, a number is its digits. A line that is no object, is
    empty, or has a key twice is no row.

    Raises:
        TableError: RS001 to RS004, RS011, RS012; no line of the beginning holds an object.
    """

    is_delimited = False
    written_form = "ndjson"

    def _open(self) -> None:
        self._input = self._opened()
        self._stream = io.BufferedReader(self._input, BLOCK)
        first = self._peeked()
        self.codec = choose_codec(self._encoding, first, self.file)
        self.delimiter, self.preamble, self.header = ",", "", ""
        self._text = io.TextIOWrapper(self._stream, self.codec, errors="strict", newline="\n")
        self._appended: tuple[str, ...] = ()
        self._lines = self._read_lines()
        self._seen = list(islice(self._lines, LINES_SEEN))
        found = [self._object(line) for _, line in self._seen]
        self.columns = tuple(dict.fromkeys(chain.from_iterable(one for one in found if one)))
        if not self.columns:
            raise TableError(rules.FILE_MALFORMED.at(file=self.file, row=1, why="no line is a JSON object"))

    def again(self) -> JsonTable:
        """Return the same table, opened once more."""
        return JsonTable(self.file, encoding=self._encoding)

    def opened_alike(self, file: str) -> JsonTable:
        """Return the table that this one became; its further columns come behind those of this one."""
        other = JsonTable(file, encoding=self._encoding)
        other.columns = tuple(dict.fromkeys((*self.columns, *other.columns)))
        return other

    def _read_lines(self) -> Iterator[tuple[int, str]]:
        """Yield the lines with their numbers."""
        number = 0
        lines = iter(partial(self._text.readline, _LONGEST_LINE), "")
        try:
            with reading_file(self.file):
                for number, line in enumerate(lines, start=1):
                    if len(line) == _LONGEST_LINE:
                        why = "a line is too long for a row"
                        raise TableError(rules.FILE_MALFORMED.at(file=self.file, row=number, why=why))
                    yield number, line
        except UnicodeDecodeError as error:
            raise self.undecodable(error, number + 1) from error

    def records(self, reader: RecordReader | None = None) -> Generator[Record, None, None]:
        """Yield every line with its cells; what is no row comes with more cells than there are columns.

        Raises:
            TableError: RS001, RS004 or RS011; the file cannot be read to its end.
        """
        del reader  # lines are records
        no_row = [""] * (len(self.columns) + 1)
        for number, line in chain(self._seen, self._lines):
            found = self._object(line)
            if found is None:
                yield [], line, number
                continue
            self.row_count += 1
            if not found or not found.keys().isdisjoint(self._appended):
                yield no_row, line, number
            else:
                yield [found.get(column, "") for column in self.columns], line, number

    def _object(self, line: str) -> dict[str, str] | None:
        """Return the cells of a line, none where it is no row; nothing where the line is blank."""
        if not line.strip():
            return None
        try:
            # A lone surrogate, which JSON can escape, is no text that could be written again.
            found = _decode(line.removeprefix(BYTE_ORDER_MARK))
            if "\\u" in line:
                json.dumps(found, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            return {}
        return {key: _text(value) for key, value in found.items()} if isinstance(found, dict) else {}

    def misfit(self, cells: Sequence[str]) -> Diagnostic:
        """Return why a line is no row."""
        del cells
        return rules.LINE_NOT_OBJECT.at()

    def body_of(self, raw: str) -> str:
        """Return a line as far as its last value."""
        return raw.rstrip()[:-1].rstrip()

    def write_cells(self, names: Sequence[str], cells: Sequence[str]) -> str:
        """Return further keys with their values."""
        return "".join(f",{_written(name)}:{_written(cell)}" for name, cell in zip(names, cells, strict=True))

    def read_cells(self, written: str) -> list[str]:
        """Return the values that `write_cells` wrote."""
        return list(json.loads("{" + written[1:] + "}").values())

    def head(self, names: Sequence[str]) -> str:
        """Return nothing: there is no header. From now on a line that has such a key is no row."""
        self._appended = tuple(names)
        return ""

    def header_split_by(self, delimiter: str) -> list[str]:
        """Return no names: there is no delimiter."""
        del delimiter
        return []


_written = json.JSONEncoder(ensure_ascii=False).encode


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refused(_name: str) -> None:
    raise ValueError("this is no JSON number")


_decode = json.JSONDecoder(
    object_pairs_hook=_no_repeats, parse_int=str, parse_float=str, parse_constant=_refused
).decode


def _text(value: Any) -> str:
    """Return a value as a cell; one that is no text or number comes as JSON, and is no stage."""
    if isinstance(value, str):
        return value
    return "" if value is None else _written(value)
