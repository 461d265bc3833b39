"""The output of a table made by polars, block by block: the same bytes as row by row in a part of the time.

A block goes this way only where each of its lines is one whole row with as many fields as the header, quoted
as RFC 4180 has it. Whatever is not so plain is read row by row, so that a table has one meaning only.
"""

from __future__ import annotations

import io
import re
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, Protocol

from rstage import rules
from rstage.files.errors import TableError, internal_error, reading_file
from rstage.files.inputs import Input, read_exactly
from rstage.tables.append import blocks_of_records, head_block
from rstage.tables.appender import batch_texts, read_indexes
from rstage.tables.formats.csv_records import LONGEST_FIELD, CsvRecords
from rstage.tables.formats.pieces import Pieces
from rstage.tables.formats.polars_batch import CodedCells
from rstage.tables.table import LineTable, OutputBlock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import polars as pl

    from rstage.tables.appender import Appender
    from rstage.tables.table import Record

BLOCK = 1 << 23
"""Bytes that are read at a time."""

THREADS = 2
"""Blocks that are worked on at the same time; memory holds a few blocks for each."""

# Stands in no line that is taken, so each line is one field.
_NO_DELIMITER = "\x01"


class _CutTable(LineTable, Protocol):
    """A table whose file is cut into blocks."""

    row_count: int

    @property
    def delimiter(self) -> str:
        """What stands between cells."""

    def checked_records(self, records: CsvRecords) -> Iterable[Record]:
        """Yield records that were taken from lines of the table, and count them."""


class _Parsed(NamedTuple):
    """A block whose lines are rows.

    Attributes:
        lines: the lines without their ends. line_end: what ends each.
        cells: the columns that are needed. row_count: how many rows there are.
    """

    lines: pl.Series
    line_end: str
    cells: CodedCells
    row_count: int


def blocks_by_polars(table: _CutTable, appender: Appender) -> Iterator[OutputBlock]:
    """Yield the output of a table.

    Raises:
        TableError: as for every `BlockMaker`.
    """
    yield head_block(table, appender)
    with reading_file(table.file), Input(table.file) as source:
        header = table.encoding.encoded(table.preamble + table.header)
        if read_exactly(source, len(header)) != header:
            raise TableError(rules.FILE_UNREADABLE.at(file=table.file, why="it was changed meanwhile"))
        yield from _BlockPipeline(table, appender, source).blocks()


class _BlockPipeline:
    """One way through a table: blocks are parsed ahead and joined behind, and looked at in order between."""

    def __init__(self, table: _CutTable, appender: Appender, source: Input) -> None:
        self._table, self._appender, self._source = table, appender, source
        self._line = 1 + len(_lines(table.preamble + table.header).readlines())
        self._row_count = 0
        self._pool = ThreadPoolExecutor(THREADS)
        self._ahead: deque[tuple[bytes, Future[_Parsed | None]]] = deque()
        self._begun = io.StringIO()
        self._blocks = self._read_blocks()
        field = rf'(?:[^"{re.escape(table.delimiter)}]*|"(?:[^"]|"")*")'
        delimiter = re.escape(table.delimiter)
        self._row = f"^{field}(?:{delimiter}{field}){{{len(table.columns) - 1}}}$"

    def blocks(self) -> Iterator[OutputBlock]:
        """Yield the output in order."""
        joined: deque[Future[list[OutputBlock]]] = deque()
        try:
            while (block := self._next()) is not None:
                data, future = block
                parsed = self._result(future)
                texts = self._texts(parsed) if parsed is not None else None
                if parsed is None or texts is None:
                    yield from chain.from_iterable(one.result() for one in joined)
                    joined.clear()
                    yield from self._by_rows(data)
                    continue
                joined.append(self._pool.submit(self._joined, parsed, texts))
                self._count(parsed.row_count)
                if len(joined) > THREADS:
                    yield from joined.popleft().result()
            yield from chain.from_iterable(one.result() for one in joined)
        finally:
            self._pool.shutdown(cancel_futures=True)

    def _result(self, future: Future[_Parsed | None]) -> _Parsed | None:
        """Return a block as rows; None where it has to be taken row by row."""
        try:
            return future.result()
        except UnicodeDecodeError as error:
            raise self._table.encoding.undecodable(error, self._line) from error
        except Exception as error:  # noqa: BLE001  row by row shows which row it is, if it is one
            internal_error(error)
            return None

    def _texts(self, parsed: _Parsed) -> Sequence[Sequence[str] | pl.Series] | None:
        """Return what is appended to the rows of a block; None where they have to be taken one by one."""
        try:
            return batch_texts(self._appender, parsed.cells.batch())
        except Exception as error:  # noqa: BLE001  the same
            internal_error(error)
            return None

    def _count(self, rows: int) -> None:
        """Count rows that stand on a line each."""
        self._line += rows
        self._row_count += rows
        self._table.row_count += rows

    def _read_blocks(self) -> Iterator[bytes]:
        """Yield the rest of the file in blocks that end with a line end, but for the last."""
        begun: list[bytes | memoryview] = []
        while chunk := read_exactly(self._source, BLOCK):
            end, view = chunk.rfind(b"\n") + 1, memoryview(chunk)  # which is cut without a copy
            if end:
                yield b"".join((*begun, view[:end]))
                begun.clear()
            begun.append(view[end:])
        if rest := b"".join(begun):
            yield rest

    def _next(self) -> tuple[bytes, Future[_Parsed | None]] | None:
        while len(self._ahead) <= THREADS and (data := next(self._blocks, None)) is not None:
            self._ahead.append((data, self._pool.submit(self._parsed, data)))
        return self._ahead.popleft() if self._ahead else None

    def _parsed(self, data: bytes) -> _Parsed | None:
        """Return a block as rows; None where a line of it is not plainly one row."""
        import polars as pl

        if self._table.encoding.codec != "utf-8":
            data = data.decode(self._table.encoding.codec).encode()
        elif not data.isascii():
            data.decode()
        line_end = "\n"
        if b"\r" in data:
            if not data.count(b"\r") == data.count(b"\n") == data.count(b"\r\n"):
                return None
            data, line_end = data.replace(b"\r\n", b"\n"), "\r\n"
        if not data.endswith(b"\n") or _NO_DELIMITER.encode() in data or b"\0" in data:
            return None
        frame = pl.read_csv(
            data, has_header=False, infer_schema=False, separator=_NO_DELIMITER, quote_char=None
        )
        lines, has_quotes = frame.to_series(), b'"' in data
        if not _are_whole(lines, len(data)) or not self._are_rows(lines, has_quotes=has_quotes):
            return None
        indexes = read_indexes(self._appender)
        cells = pl.read_csv(
            data,
            has_header=False,
            infer_schema=False,
            separator=self._table.delimiter,
            quote_char='"' if has_quotes else None,
            columns=indexes,
        )
        cells.columns = [str(index) for index in indexes]
        if cells.height != lines.len():
            return None
        return _Parsed(lines, line_end, CodedCells(cells, self._appender), cells.height)

    def _are_rows(self, lines: pl.Series, *, has_quotes: bool) -> bool:
        """Return whether each line is one row with as many fields as the header."""
        if has_quotes:
            return lines.str.contains(self._row).all()
        found = lines.str.count_matches(self._table.delimiter, literal=True)
        return (found == len(self._table.columns) - 1).all()

    def _joined(self, parsed: _Parsed, texts: Sequence[Sequence[str] | pl.Series]) -> list[OutputBlock]:
        """Return a block with what is appended, in pieces; polars writes the delimiter before each text."""
        import polars as pl

        appended = [pl.Series(column, dtype=pl.String).str.slice(1) for column in texts]
        appended = [
            values.gather(coded[0].codes) if part.follows_from_key else values
            for part, coded, values in zip(self._appender.parts, parsed.cells.keys, appended, strict=True)
        ]
        whole = pl.DataFrame([parsed.lines, *(one.alias(f"+{n}") for n, one in enumerate(appended))])
        written = Pieces()
        whole.write_csv(
            written,  # type: ignore[call-overload]  # what polars asks of a file
            include_header=False,
            separator=self._table.delimiter,
            line_terminator=parsed.line_end,
            quote_style="never",
        )
        pieces = written.take()
        if self._table.encoding.codec != "utf-8":
            pieces = [self._table.encoding.encoded(b"".join(pieces).decode())]
        return [*map(OutputBlock, pieces), OutputBlock(b"", whole.height)]

    def _by_rows(self, data: bytes) -> Iterator[OutputBlock]:
        """Yield a block row by row; its last record may go on in the blocks behind it."""
        lines = _lines(data.decode(self._table.encoding.codec))
        records = CsvRecords(lines, self._table.delimiter, self._line, self._lines_behind())
        checked = self._table.checked_records(records)
        for block in blocks_of_records(self._table, self._appender, checked, self._row_count):
            self._row_count += block.row_count + len(block.rejected)
            yield block
        self._line = records.next_line
        if rest := self._begun.read():
            left = self._table.encoding.encoded(rest)
            self._ahead.appendleft((left, self._pool.submit(self._parsed, left)))

    def _lines_behind(self) -> Iterator[str]:
        """Yield the lines of the blocks that follow, each block taken out of its turn."""
        while (block := self._next()) is not None:
            self._begun = _lines(block[0].decode(self._table.encoding.codec))
            for line in self._begun:  # noqa: UP028  `yield from` would close it
                yield line


def _lines(text: str) -> io.StringIO:
    return io.StringIO(text, newline="")


def _are_whole(lines: pl.Series, size: int) -> bool:
    """Return whether lines have every byte of a block of this size, and none is blank or too long."""
    lengths = lines.str.len_bytes()
    shortest, longest, whole = lengths.min(), lengths.max(), lengths.sum()
    if lines.null_count() or not isinstance(shortest, int) or not isinstance(longest, int):
        return False
    return shortest > 0 and longest <= LONGEST_FIELD and whole + lines.len() == size
