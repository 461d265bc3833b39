"""What a table is to the commands, whatever its format: records, and what an output of it consists of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol, Self

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from rstage.diagnostics import Diagnostic
    from rstage.files.encodings import TextEncoding
    from rstage.reporting.counts import FindingCounts
    from rstage.reporting.placed import PlacedFinding
    from rstage.tables.appender import Appender

    BlockMaker = Callable[[Appender], Iterator["OutputBlock"]]
    """Yields the output of a table with what an appender appends, from its beginning to its end.

    Raises:
        TableError: RS001, RS004, RS011, the input cannot be read to its end; RS009, what is appended cannot
            be written.
    """


EITHER = " | "
"""What stands between the columns of which a command takes the first that there is."""
OPTIONAL = "?"
"""What stands before a column that a table can lack."""


class Record(NamedTuple):
    """A record as it was read; a blank line is one without cells.

    Attributes:
        cells: its cells. raw: its text with the line end. line: the number of its first physical line.
    """

    cells: list[str]
    raw: str
    line: int


class CellWriter(Protocol):
    """Writes appended cells as the text that stands behind a record."""

    def write(self, names: Sequence[str], cells: Sequence[str], /) -> str:
        """Return cells as text, given the names of their columns; one written behind another makes both."""

    def around(self, name: str, characters: str, /) -> tuple[str, str]:
        """Return what stands before and behind a cell in which no other characters can stand than these."""


class CellFormat(CellWriter, Protocol):
    """Writes appended cells and reads them back."""

    @property
    def separator(self) -> str:
        """What the text of appended cells begins with."""

    def read(self, written: str) -> list[str]:
        """Return the cells that `write` wrote."""


class Rejected(NamedTuple):
    """A row that has no place in the output: its bytes, and why."""

    raw: bytes
    finding: PlacedFinding


class OutputBlock(NamedTuple):
    """Consecutive bytes of an output: its head, rows with their appended cells, or its foot.

    Attributes:
        data: the bytes; blank lines stay as they are.
        row_count: the rows in them.
        rejected: the rows that belong between these and are not in `data`.
        failed: the rows in `data` to which nothing could be appended but why, with what is reported.
    """

    data: bytes | memoryview
    row_count: int = 0
    rejected: Sequence[Rejected] = ()
    failed: Sequence[PlacedFinding] = ()


class TableVerifier(Protocol):
    """Compares an output with the table that it was made from.

    The counts of rows are complete when `findings` has come to its end.
    """

    @property
    def counts(self) -> FindingCounts:
        """What was found."""

    @property
    def original_count(self) -> int:
        """The rows of the original."""

    @property
    def output_count(self) -> int:
        """The rows of the output."""

    @property
    def rejected_count(self) -> int:
        """The rows of the original that the output lacks because they were rejected."""

    def findings(self) -> Iterator[PlacedFinding]:
        """Yield what was altered."""


class Table(Protocol):
    """An open table: its columns are known, its records come one by one. A context manager."""

    @property
    def file(self) -> str:
        """The name as given."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""

    @property
    def row_count(self) -> int:
        """The rows, ragged ones too, when all are read; blank lines are no rows."""

    @property
    def size(self) -> int:
        """How many bytes the file has; 0 where that is not known."""

    @property
    def encoding(self) -> TextEncoding:
        """How its names and cells are written as bytes."""

    @property
    def notes(self) -> Sequence[PlacedFinding]:
        """What is to be said of the file as a whole."""

    @property
    def written_form(self) -> str:
        """What an output of it is, as `TableFormat.written` says it."""

    @property
    def cell_format(self) -> CellFormat:
        """How appended cells are written."""

    @property
    def block_makers(self) -> Mapping[str, BlockMaker]:
        """What makes an output, by the name of the engine; all of them make the same bytes."""

    def records(self) -> Iterator[Record]:
        """Yield every record, once.

        Raises:
            TableError: RS001, RS004 or RS011; the file cannot be read to its end.
        """

    def misfit(self, cells: Sequence[str], /) -> Diagnostic:
        """Return why a record of these cells is no row."""

    def awaited(self, column: str, /) -> int | None:
        """Return the place of a column that no record had yet; None where all columns are known.

        Raises:
            TableError: RS012, it is a choice between columns, and nobody knows which of them come.
        """

    def other_delimiter(self, column: str, /) -> str | None:
        """Return a delimiter with which the table would have this column."""

    def opened_alike(self, file: str) -> Self:
        """Return the table that this one became, opened in the same way."""

    def verifier(self, output: Self, appender: Appender | None, blocks: BlockMaker, /) -> TableVerifier:
        """Return what compares an output with this table.

        Args:
            output: the output.
            appender: what was appended; without it only the original part of each row is compared.
            blocks: makes the output that is expected: one of `block_makers`.
        """

    def is_file(self, status: os.stat_result) -> bool:
        """Return whether the table is read from the very file that has this status."""

    def check_unchanged(self) -> None:
        """Make sure that the file is still what it was when it was opened.

        Raises:
            TableError: RS001, it was changed meanwhile.
        """

    def close(self) -> None:
        """Close the file; standard input stays open."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class LineTable(Table, Protocol):
    """A table of text whose records are lines, so that cells are put behind the text of each.

    `append.blocks_by_rows` makes its output, and `verify.LineVerifier` compares it.
    """

    @property
    def preamble(self) -> str:
        """Comments and blank lines before the header."""

    @property
    def header(self) -> str:
        """The raw header line with a byte-order mark; empty where there is none."""

    def body_of(self, raw: str) -> str:
        """Return the part of a raw record behind which cells are appended."""

    def head(self, names: Sequence[str]) -> str:
        """Return what stands before the rows where the columns of these names are appended."""

    def again(self) -> Self:
        """Return the same table, opened once more."""
