"""Delimited tables: each record keeps the very text it was written with, and cells are put behind it."""

from __future__ import annotations

import csv
from itertools import chain, islice
from operator import methodcaller
from typing import TYPE_CHECKING, Self

from rstage import rules
from rstage.files.encodings import DEFAULT_ENCODING
from rstage.files.errors import TableError, reading_file
from rstage.tables.append import blocks_by_rows
from rstage.tables.formats.csv_records import BYTE_ORDER_MARK, LONGEST_FIELD, CsvRecords
from rstage.tables.formats.listing import DELIMITED_TEXT, choose_format
from rstage.tables.formats.sourced import SourcedTable
from rstage.tables.formats.text_source import LineSource, TextSource
from rstage.tables.verify import LineVerifier

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping, Sequence

    from rstage.diagnostics import Diagnostic
    from rstage.tables.appender import Appender
    from rstage.tables.formats.open_options import OpenOptions
    from rstage.tables.table import BlockMaker, OutputBlock, Record

_OTHER_DELIMITERS = (",", ";", "\t", "|")
_ASCII = bytes(range(128))


def choose_delimiter(asked: str | None, file: str) -> str:
    r"""Return the delimiter: the asked one (`\t` and `tab` are a tab), else by the ending of the file name.

    Raises:
        TableError: RS012, the delimiter is not one character that can stand between cells.
    """
    if asked is None:
        return choose_format(None, file).delimiter or ","
    delimiter = {"\\t": "\t", "tab": "\t"}.get(asked, asked)
    if len(delimiter) != 1 or delimiter in '"\r\n\0':
        why = "it is one character, or \\t"
        raise TableError(rules.OPTION_UNUSABLE.at(option="--delimiter", why=why))
    return delimiter


class DelimitedCells:
    """Writes cells with a delimiter in front of each, quoted where needed."""

    def __init__(self, delimiter: str) -> None:
        self.separator = delimiter

    def write(self, _names: Sequence[str], cells: Sequence[str]) -> str:
        """Return cells as text; the header has their names."""
        return "".join([self.separator + self._quoted(cell) for cell in cells])

    def around(self, _name: str, characters: str) -> tuple[str, str]:
        """Return a delimiter, and the quotes that a cell of these characters needs."""
        is_quoted = self._quoted(characters) != characters
        return (self.separator + '"', '"') if is_quoted else (self.separator, "")

    def read(self, written: str) -> list[str]:
        """Return the cells that `write` wrote."""
        return next(csv.reader([written[1:]], delimiter=self.separator))

    def _quoted(self, cell: str) -> str:
        if self.separator in cell or '"' in cell or "\n" in cell or "\r" in cell:
            return '"' + cell.replace('"', '""') + '"'
        return cell


class DelimitedTable(SourcedTable[LineSource]):
    """An open table of delimited text: its header is read, its records come one by one. A context manager.

    Args:
        source: where its lines come from; it is closed with the table.
        delimiter: what stands between cells.
        comment: what lines before the header begin with that are kept as they are.
        skipped: how many lines stand before these and the header; they are kept as they are too.

    Raises:
        TableError: RS001, RS002, RS004, RS011 or RS012.
    """

    body_of: Callable[[str], str] = methodcaller("rstrip", "\r\n")
    written_form = DELIMITED_TEXT

    def __init__(
        self,
        source: LineSource,
        delimiter: str,
        *,
        comment: str | None = None,
        skipped: int = 0,
    ) -> None:
        super().__init__(source)
        self.delimiter = delimiter
        self.cell_format = DelimitedCells(delimiter)
        self.header, self.columns = "", tuple[str, ...]()
        self._comment = comment
        self._skipped = skipped
        self._limit = csv.field_size_limit(LONGEST_FIELD)
        try:
            self._check_delimiter()
            comments, lines = self._before_header()
            self._records = CsvRecords(lines, delimiter, len(comments) + 1)
            self.preamble = "".join(comments) + self._read_header()
        except BaseException:
            self.close()
            raise

    def _check_delimiter(self) -> None:
        try:
            self.delimiter.encode(self.encoding.codec)
        except UnicodeEncodeError:
            why = f"{self.encoding.codec} does not have this character"
            raise TableError(rules.OPTION_UNUSABLE.at(option="--delimiter", why=why)) from None

    def _before_header(self) -> tuple[list[str], Iterator[str]]:
        """Return the lines that are skipped and the comments behind them, and the lines that follow."""
        lines, before = self.source.lines(), list[str]()
        try:
            with reading_file(self.file):
                before += islice(lines, self._skipped)
                for line in lines if self._comment is not None else ():
                    if not line.removeprefix(BYTE_ORDER_MARK).startswith(self._comment or ""):
                        lines = chain([line], lines)
                        break
                    before.append(line)
        except UnicodeDecodeError as error:
            raise self.encoding.undecodable(error, len(before) + 1) from error
        return before, lines

    def _read_header(self) -> str:
        """Read the header, and return the blank lines before it."""
        blank = ""
        records = self.records()
        for cells, raw, _ in records:
            if cells:
                self.header, self.columns = raw, tuple(cells)
                records.close()
                self.row_count = 0  # the header is none
                return blank
            blank += raw
        raise TableError(rules.FILE_EMPTY.at(file=self.file))

    def records(self) -> Generator[Record, None, None]:
        """Yield every record after the header; a blank line comes as a record without cells.

        Raises:
            TableError: RS001, RS004 or RS011; the file cannot be read to its end.
        """
        return self.checked_records(self._records)

    def checked_records(self, records: CsvRecords) -> Generator[Record, None, None]:
        """Yield records that were taken from lines of the table, and count them.

        Raises:
            TableError: RS001, RS004 or RS011; the lines cannot be read to their end.
        """
        try:
            with reading_file(self.file):
                yield from records
        except UnicodeDecodeError as error:
            raise self.encoding.undecodable(error, records.next_line) from error
        except csv.Error as error:
            why = f"a field is longer than {LONGEST_FIELD:,} characters"
            raise self._malformed(records.line, why if "limit" in str(error) else str(error)) from error
        finally:
            self.row_count += records.row_count

    def _malformed(self, row: int, why: str) -> TableError:
        return TableError(rules.FILE_MALFORMED.at(file=self.file, row=row, why=why))

    def misfit(self, cells: Sequence[str]) -> Diagnostic:
        """Return why a record of these cells is no row."""
        return rules.RAGGED_ROW.at(fields=len(cells), expected=len(self.columns))

    def head(self, names: Sequence[str]) -> str:
        """Return what stands before the rows where the columns of these names are appended."""
        body = self.body_of(self.header)
        return self.preamble + body + self.cell_format.write(names, names) + self.header[len(body) :]

    @property
    def block_makers(self) -> Mapping[str, BlockMaker]:
        """What makes an output: rows always, polars where the file can be cut into blocks."""
        makers: dict[str, BlockMaker] = {"stdlib": self.blocks_by_rows}
        return makers | {"polars": self.blocks_by_polars} if self._can_be_cut() else makers

    def blocks_by_rows(self, appender: Appender) -> Iterator[OutputBlock]:
        """Yield the output, row by row."""
        return blocks_by_rows(self, appender)

    def blocks_by_polars(self, appender: Appender) -> Iterator[OutputBlock]:
        """Yield the output, made by polars."""
        from rstage.tables.formats.polars_engine import blocks_by_polars

        return blocks_by_polars(self, appender)

    def _can_be_cut(self) -> bool:
        """Return whether the file has the bytes of its lines, in an encoding that agrees with ASCII."""
        if not self.source.has_its_bytes or len(self.delimiter.encode()) > 1:
            return False
        try:
            return (
                _ASCII.decode(self.encoding.codec).encode() == _ASCII and self.encoding.encoded("\n") == b"\n"
            )
        except UnicodeDecodeError:
            return False

    def verifier(self, output: DelimitedTable, appender: Appender | None, blocks: BlockMaker) -> LineVerifier:
        """Return what compares an output with this table."""
        return LineVerifier(self, output, appender, blocks)

    def again(self) -> Self:
        """Return the same table, opened once more."""
        return self._of(self.source.again())

    def opened_alike(self, file: str) -> Self:
        """Return the table that this one became, opened in the same way."""
        return self._of(self.source.opened_alike(file))

    def _of(self, source: LineSource) -> Self:
        """Return the table of another source, whose rows before the header take as many lines."""
        return type(self)(source, self.delimiter, comment=self._comment, skipped=self._skipped)

    def other_delimiter(self, column: str) -> str | None:
        """Return a delimiter with which the header would have this column."""
        others = (one for one in _OTHER_DELIMITERS if one != self.delimiter)
        return next((one for one in others if column in self._header_split_by(one)), None)

    def _header_split_by(self, delimiter: str) -> list[str]:
        line = self.header.removeprefix(BYTE_ORDER_MARK)
        return next(csv.reader([line], delimiter=delimiter), [])

    def close(self) -> None:
        """Close the file; standard input stays open."""
        csv.field_size_limit(self._limit)
        super().close()


def open_delimited(
    file: str,
    *,
    delimiter: str | None = None,
    encoding: str = DEFAULT_ENCODING,
    comment: str | None = None,
    header_row: int | None = None,
) -> DelimitedTable:
    """Open a file of delimited text.

    Args:
        file: the name, or `-` for standard input.
        delimiter: see `choose_delimiter`.
        encoding: see `choose_codec`.
        comment: what lines before the header begin with that are kept as they are.
        header_row: the line of the header, from 1; what stands before is kept as it is.

    Raises:
        TableError: RS001 to RS004, RS011 or RS012.
    """
    chosen = choose_delimiter(delimiter, file)
    skipped = header_row - 1 if header_row else 0
    return DelimitedTable(TextSource(file, encoding), chosen, comment=comment, skipped=skipped)


def open_table(file: str, options: OpenOptions) -> DelimitedTable:
    """Open a file of this format; raises what `open_delimited` does."""
    return open_delimited(
        file,
        delimiter=options.delimiter,
        encoding=options.encoding,
        comment=options.comment,
        header_row=options.header_row,
    )
