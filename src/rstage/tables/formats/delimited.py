"""Reading a delimited table so that each record keeps the very text it was written with.

The csv module alone decides where a record ends; the raw text is the physical lines that it took.
"""

from __future__ import annotations

import csv
import io
import re
from itertools import chain
from operator import methodcaller
from typing import TYPE_CHECKING, Self

from rstage import rules
from rstage.files.encodings import DEFAULT_ENCODING, choose_codec
from rstage.files.errors import TableError, reading_file
from rstage.files.inputs import Input

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

    from rstage.diagnostics import Diagnostic

LONGEST_FIELD = 10_000_000
"""Characters; a longer field is a quote that was never closed."""

BLOCK = 1 << 16
"""Bytes that are read at a time."""

BYTE_ORDER_MARK = "\ufeff"
"""What a file in Unicode may begin with; it stays in the text, and is no part of a name."""

_OTHER_DELIMITERS = (",", ";", "\t", "|")
_OF_ENDINGS = {".tsv": "\t", ".tab": "\t", ".psv": "|"}
_COMPRESSED = re.compile(r"\.(gz|xz|zst)$")
_LINE_END = re.compile("\r\n|\r|\n")

Record = tuple[list[str], str, int]
"""The cells, the raw text with its line end, and the number of the first physical line."""


def name_ending(file: str) -> str:
    """Return the ending of a file name in lower case, `.csv`; that of a compression does not count."""
    _, dot, ending = _COMPRESSED.sub("", file.lower()).rpartition(".")
    return dot + ending


def choose_delimiter(asked: str | None, file: str) -> str:
    r"""Return the delimiter: the asked one (`\t` and `tab` are a tab), else by the ending of the file name.

    Raises:
        TableError: RS012, the delimiter is not one character that can stand between cells.
    """
    if asked is None:
        return _OF_ENDINGS.get(name_ending(file), ",")
    delimiter = {"\\t": "\t", "tab": "\t"}.get(asked, asked)
    if len(delimiter) != 1 or delimiter in '"\r\n\0':
        why = "it is one character, or \\t"
        raise TableError(rules.OPTION_UNUSABLE.at(option="--delimiter", why=why))
    return delimiter


class RecordReader:
    """Takes records from physical lines: the csv module alone decides where each ends.

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
        # The reader asks on: nothing is pending where a record has ended.
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
                yield cells, raw, line
                line = first_line + reader.line_num
        finally:
            self.row_count = count


class Table:
    """An open table: its header is read, its records come one by one. A context manager.

    Attributes:
        file: the name as given. delimiter, codec: how it is read.
        preamble: comments and blank lines before the header. header: the raw header line, with a
            byte-order mark.
        columns: the names in the header.
        row_count: the rows, ragged ones too, when all are read; blank lines are no rows.
        body_of: returns the part of a raw record behind which cells are appended.
        is_delimited: whether its records are lines that the csv module splits.
        written_form: what an output of it is: `text`, `ndjson` or `parquet`.

    Args:
        file: the name, or `-` for standard input.
        delimiter, encoding: see `choose_delimiter` and `choose_codec`.
        comment: what lines before the header begin with that are carried along as they are.

    Raises:
        TableError: RS001 to RS004, RS011 or RS012.
    """

    body_of: Callable[[str], str] = methodcaller("rstrip", "\r\n")
    is_delimited = True
    written_form = "text"

    def __init__(
        self,
        file: str,
        *,
        delimiter: str | None = None,
        encoding: str = DEFAULT_ENCODING,
        comment: str | None = None,
    ) -> None:
        self.file = file
        self.delimiter = choose_delimiter(delimiter, file)
        self.row_count = 0
        self.preamble = ""
        self._encoding, self._comment = encoding, comment
        self._limit = csv.field_size_limit(LONGEST_FIELD)
        self._input: Input | None = None
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        self._input = self._opened()
        self._stream = io.BufferedReader(self._input, BLOCK)
        self.codec = choose_codec(self._encoding, self._peeked(), self.file)
        self._check_delimiter()
        # Kept beside the reader: a wrapper that nothing refers to closes its file with a warning.
        self._text = io.TextIOWrapper(self._stream, self.codec, errors="strict", newline="")
        comments, lines = self._after_comments()
        self._reader = RecordReader(lines, self.delimiter, len(comments) + 1)
        self._read_header()
        self.preamble = "".join(comments) + self.preamble

    def _after_comments(self) -> tuple[list[str], Iterator[str]]:
        """Return the comments before the header, and the lines behind them."""
        lines, comments = iter(self._text), []
        if self._comment is None:
            return [], lines
        try:
            with reading_file(self.file):
                for line in lines:
                    if not line.removeprefix(BYTE_ORDER_MARK).startswith(self._comment):
                        lines = chain([line], lines)
                        break
                    comments.append(line)
        except UnicodeDecodeError as error:
            raise self.undecodable(error, len(comments) + 1) from error
        return comments, lines

    def _opened(self) -> Input:
        with reading_file(self.file):
            return Input(self.file)

    def _peeked(self) -> bytes:
        """Return the first bytes; there are some."""
        with reading_file(self.file):
            first = self._stream.peek(BLOCK)
        if not first:
            raise TableError(rules.FILE_EMPTY.at(file=self.file))
        return first

    def again(self) -> Self:
        """Return the same table, opened once more."""
        return type(self)(self.file, delimiter=self.delimiter, encoding=self._encoding, comment=self._comment)

    def opened_alike(self, file: str) -> Table:
        """Return the table that this one became, opened in the same way."""
        return type(self)(file, delimiter=self.delimiter, encoding=self._encoding, comment=self._comment)

    def _check_delimiter(self) -> None:
        try:
            self.delimiter.encode(self.codec)
        except UnicodeEncodeError:
            why = f"{self.codec} does not have this character"
            raise TableError(rules.OPTION_UNUSABLE.at(option="--delimiter", why=why)) from None

    def _read_header(self) -> None:
        records = self.records()
        for cells, raw, _ in records:
            if cells:
                self.header, self.columns = raw, tuple(cells)
                records.close()
                self.row_count = 0  # the header is none
                return
            self.preamble += raw
        raise TableError(rules.FILE_EMPTY.at(file=self.file))

    def records(self, reader: RecordReader | None = None) -> Generator[Record, None, None]:
        """Yield every record after the header; a blank line comes as a record without cells.

        Args:
            reader: where they come from instead.

        Raises:
            TableError: RS001, RS004 or RS011; the file cannot be read to its end.
        """
        reader = reader or self._reader
        try:
            with reading_file(self.file):
                yield from reader
        except UnicodeDecodeError as error:
            raise self.undecodable(error, reader.next_line) from error
        except csv.Error as error:
            why = f"a field is longer than {LONGEST_FIELD:,} characters"
            raise self._malformed(reader.line, why if "limit" in str(error) else str(error)) from error
        finally:
            self.row_count += reader.row_count

    def undecodable(self, error: UnicodeDecodeError, line: int) -> TableError:
        """Return the error with its line, where decoding broke off in what begins with a line."""
        before = error.object[: error.start].decode(self.codec, errors="replace")
        row = line + len(_LINE_END.findall(before))
        hint = ("--encoding cp1252",) if self.codec == "utf-8" else ()
        return TableError(
            rules.FILE_ENCODING.at(suggestions=hint, file=self.file, encoding=self._encoding, row=row)
        )

    def _malformed(self, row: int, why: str) -> TableError:
        return TableError(rules.FILE_MALFORMED.at(file=self.file, row=row, why=why))

    def misfit(self, cells: Sequence[str]) -> Diagnostic:
        """Return why a record of these cells is no row."""
        return rules.RAGGED_ROW.at(fields=len(cells), expected=len(self.columns))

    def write_cells(self, names: Sequence[str], cells: Sequence[str]) -> str:
        """Return the cells of appended columns as they stand behind the body of a record."""
        del names  # the header has them
        return as_cells(cells, self.delimiter)

    def read_cells(self, written: str) -> list[str]:
        """Return the cells that `write_cells` wrote."""
        return next(csv.reader([written[1:]], delimiter=self.delimiter))

    def head(self, names: Sequence[str]) -> str:
        """Return what stands before the rows where the columns of these names are appended."""
        body = self.body_of(self.header)
        return self.preamble + body + self.write_cells(names, names) + self.header[len(body) :]

    def encoded(self, text: str) -> bytes:
        """Return a text of the output in the encoding of the table.

        Raises:
            TableError: RS009, the encoding does not have a character of what is appended.
        """
        try:
            return text.encode(self.codec)
        except UnicodeEncodeError:
            why = f"{self.codec} does not have each character of the canonical text"
            raise TableError(rules.OUTPUT_UNWRITABLE.at(file="the output", why=why)) from None

    def header_split_by(self, delimiter: str) -> list[str]:
        """Return the names that the header would have with another delimiter."""
        line = self.header.removeprefix(BYTE_ORDER_MARK)
        return next(csv.reader([line], delimiter=delimiter), [])

    def other_delimiter(self, column: str) -> str | None:
        """Return a delimiter with which the header would have this column."""
        others = (one for one in _OTHER_DELIMITERS if one != self.delimiter)
        return next((one for one in others if column in self.header_split_by(one)), None)

    def is_file(self, status: os.stat_result) -> bool:
        """Return whether the table is read from the very file that has this status."""
        return self._input is not None and self._input.is_file(status)

    @property
    def size(self) -> int:
        """How many bytes the file has; 0 where that is not known."""
        return (self._input.raw_size or 0) if self._input is not None else 0

    def close(self) -> None:
        """Close the file; standard input stays open."""
        csv.field_size_limit(self._limit)
        if self._input is not None:
            self._input.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def as_cells(cells: Sequence[str], delimiter: str) -> str:
    """Return cells as they are appended to a record: each with a delimiter in front, quoted where needed."""
    return "".join([delimiter + _quoted(cell, delimiter) for cell in cells])


def comma_cells(_names: Sequence[str], cells: Sequence[str]) -> str:
    """Return cells as they are appended to a record of a CSV file."""
    return as_cells(cells, ",")


def _quoted(cell: str, delimiter: str) -> str:
    if delimiter in cell or '"' in cell or "\n" in cell or "\r" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell
