"""Reading a delimited table so that each record keeps the very text it was written with.

The csv module alone decides where a record ends; the raw text is the physical lines that it took.
"""

from __future__ import annotations

import csv
import io
import os
import re
from itertools import chain
from typing import TYPE_CHECKING, Self, cast

from . import rules
from .inputs import STDIN, open_bytes
from .table_encodings import DEFAULT_ENCODING, choose_codec
from .table_errors import TableError, reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LONGEST_FIELD = 10_000_000
"""Characters; a longer field is a quote that was never closed."""

_BLOCK = 1 << 16
_BYTE_ORDER_MARK = "\ufeff"
_OTHER_DELIMITERS = (",", ";", "\t", "|")
_TAB_ENDINGS = (".tsv", ".tab")
_LINE_END = re.compile("\r\n|\r|\n")

Record = tuple[list[str], str, int]
"""The cells, the raw text with its line end, and the number of the first physical line."""


def choose_delimiter(asked: str | None, file: str) -> str:
    r"""Return the delimiter: the asked one (`\t` and `tab` are a tab), else by the ending of the file name.

    Raises:
        TableError: RS012, the delimiter is not one character that can stand between cells.
    """
    if asked is None:
        return "\t" if file.lower().endswith(_TAB_ENDINGS) else ","
    delimiter = {"\\t": "\t", "tab": "\t"}.get(asked, asked)
    if len(delimiter) != 1 or delimiter in '"\r\n\0':
        why = "it is one character, or \\t"
        raise TableError(rules.OPTION_UNUSABLE.at(option="--delimiter", why=why))
    return delimiter


class Table:
    """An open table: its header is read, its records come one by one. A context manager.

    Attributes:
        file: the name as given. delimiter, codec: how it is read.
        preamble: blank lines before the header. header: the raw header line, byte-order mark included.
        columns: the names in the header.
        row_count: the rows, ragged ones too, when `records` has come to its end; blank lines are no rows.

    Raises:
        TableError: RS001 to RS004, RS011 or RS012.
    """

    def __init__(self, file: str, *, delimiter: str | None = None, encoding: str = DEFAULT_ENCODING) -> None:
        self.file = file
        self.delimiter = choose_delimiter(delimiter, file)
        self.row_count = 0
        self._pending: list[str] = []
        self._at_end = False
        self._lines_before = 0
        self._limit = csv.field_size_limit(LONGEST_FIELD)
        self._stream: io.BufferedReader | None = None
        try:
            self._open(encoding)
        except BaseException:
            self.close()
            raise

    def _open(self, encoding: str) -> None:
        try:
            self._stream = io.BufferedReader(cast("io.RawIOBase", open_bytes(self.file)), _BLOCK)
            first = self._stream.peek(_BLOCK)
        except OSError as error:
            raise TableError(rules.FILE_UNREADABLE.at(file=self.file, why=reason(error))) from error
        if not first:
            raise TableError(rules.FILE_EMPTY.at(file=self.file))
        self._encoding = encoding
        self.codec = choose_codec(encoding, first, self.file)
        self._check_delimiter()
        # Kept beside the source: a wrapper that nothing refers to closes its file with a warning.
        self._text = io.TextIOWrapper(self._stream, self.codec, errors="strict", newline="")
        self._source: Iterator[str] = self._text
        self._reader = csv.reader(self._lines(), delimiter=self.delimiter)
        self._read_header()

    def _check_delimiter(self) -> None:
        try:
            self.delimiter.encode(self.codec)
        except UnicodeEncodeError:
            why = f"{self.codec} does not have this character"
            raise TableError(rules.OPTION_UNUSABLE.at(option="--delimiter", why=why)) from None

    def _lines(self) -> Iterator[str]:
        """Yield the physical lines to the csv reader and keep them for the raw text."""
        keep = self._pending.append
        if not self._lines_before:
            for line in self._source:
                keep(line)
                yield line.removeprefix(_BYTE_ORDER_MARK)
                break
        for line in self._source:
            keep(line)
            yield line
        self._at_end = True

    def _read_header(self) -> None:
        self.preamble = ""
        for cells, raw, _ in self.records():
            if cells:
                self.header, self.columns = raw, tuple(cells)
                return
            self.preamble += raw
        raise TableError(rules.FILE_EMPTY.at(file=self.file))

    def records(self) -> Iterator[Record]:
        """Yield every record after the header; a blank line comes as a record without cells.

        Raises:
            TableError: RS001, RS004 or RS011; the file cannot be read to its end.
        """
        reader, pending, before = self._reader, self._pending, self._lines_before + 1
        line = before + reader.line_num
        count = 0
        try:
            for cells in reader:
                # Only a quote that is still open makes the reader ask for more than there is.
                if self._at_end:
                    raise self._malformed(line, "a quote is never closed")
                raw = pending[0] if len(pending) == 1 else "".join(pending)
                pending.clear()
                if cells:
                    count += 1
                yield cells, raw, line
                line = before + reader.line_num
        except UnicodeDecodeError as error:
            raise self._undecodable(error) from error
        except csv.Error as error:
            why = f"a field is longer than {LONGEST_FIELD:,} characters"
            raise self._malformed(line, why if "limit" in str(error) else str(error)) from error
        except OSError as error:
            raise TableError(rules.FILE_UNREADABLE.at(file=self.file, why=reason(error))) from error
        finally:
            self.row_count = count

    def skip_equal(self, expected: Iterable[str]) -> None:
        """Go on past the records that are exactly the `expected` texts; a comparison costs no parsing.

        Stops where a record is another; `records` yields that one first.

        Raises:
            TableError: RS001 or RS004.
        """
        lines = self._lines_before + self._reader.line_num
        taken: list[str] = []
        source = self._source
        try:
            for text in expected:
                line = next(source, "")
                if line == text:
                    lines += 1
                    continue
                taken = [line]
                while taken[-1] and sum(map(len, taken)) < len(text):
                    taken.append(next(source, ""))
                if "".join(taken) != text:
                    return
                lines += len(taken)
                taken = []
        except UnicodeDecodeError as error:
            raise self._undecodable(error) from error
        except OSError as error:
            raise TableError(rules.FILE_UNREADABLE.at(file=self.file, why=reason(error))) from error
        finally:
            self._source = chain([line for line in taken if line], self._source)
            self._lines_before = lines
            self._reader = csv.reader(self._lines(), delimiter=self.delimiter)

    def _undecodable(self, error: UnicodeDecodeError) -> TableError:
        """Return the error with its line: those read so far, and those of the block before the bad byte."""
        before = error.object[: error.start].decode(self.codec, errors="replace")
        row = self._lines_before + self._reader.line_num + 1 + len(_LINE_END.findall(before))
        hint = ("--encoding cp1252",) if self.codec == "utf-8" else ()
        return TableError(
            rules.FILE_ENCODING.at(suggestions=hint, file=self.file, encoding=self._encoding, row=row)
        )

    def _malformed(self, row: int, why: str) -> TableError:
        return TableError(rules.FILE_MALFORMED.at(file=self.file, row=row, why=why))

    def header_split_by(self, delimiter: str) -> list[str]:
        """Return the names that the header would have with another delimiter."""
        line = self.header.removeprefix(_BYTE_ORDER_MARK)
        return next(csv.reader([line], delimiter=delimiter), [])

    def other_delimiter(self, column: str) -> str | None:
        """Return a delimiter with which the header would have this column."""
        others = (one for one in _OTHER_DELIMITERS if one != self.delimiter)
        return next((one for one in others if column in self.header_split_by(one)), None)

    def is_file(self, status: os.stat_result) -> bool:
        """Return whether the table is read from the very file that has this status."""
        if self._stream is None:
            return False
        try:
            return os.path.samestat(os.fstat(self._stream.fileno()), status)
        except (OSError, io.UnsupportedOperation):
            return False

    def close(self) -> None:
        """Close the file; standard input stays open."""
        csv.field_size_limit(self._limit)
        if self._stream is None or self._stream.closed:
            return
        if self.file == STDIN:
            self._stream.detach()
        else:
            self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def split_line_end(raw: str) -> tuple[str, str]:
    """Return a raw record and its line end apart."""
    body = raw.rstrip("\r\n")
    return body, raw[len(body) :]


def as_cells(cells: tuple[str, ...], delimiter: str) -> str:
    """Return cells as they are appended to a record: each with a delimiter in front, quoted where needed."""
    return "".join([delimiter + _quoted(cell, delimiter) for cell in cells])


def _quoted(cell: str, delimiter: str) -> str:
    if delimiter in cell or '"' in cell or "\n" in cell or "\r" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell
