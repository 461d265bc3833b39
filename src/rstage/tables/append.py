"""Appending columns to a table: the rows that were there go through as the text they were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from rstage import rules
from rstage.files.errors import TableError, internal_error
from rstage.reporting.placed import CellFinding, PlacedFinding
from rstage.tables.stage_columns import check_new_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rstage.diagnostics import Diagnostic
    from rstage.files.outputs import TableOutput
    from rstage.reporting.counts import FindingCounts
    from rstage.tables.batches import Batch
    from rstage.tables.formats.delimited import Record, Table
    from rstage.tables.stage_columns import Row

ROWS_AT_A_TIME = 1_000


class Appender(Protocol):
    """What a command appends to each row."""

    @property
    def names(self) -> Sequence[str]:
        """The appended columns."""

    @property
    def counts(self) -> FindingCounts:
        """What was found, complete after `finish`."""

    @property
    def indexes(self) -> frozenset[int]:
        """The places of the columns that it reads."""

    @property
    def keys(self) -> Sequence[tuple[int, ...]]:
        """Places whose cells many rows share: what a row appends follows from them, or most of it."""

    @property
    def follows_from_keys(self) -> bool:
        """Whether all that a row appends follows from its keys, from one after the other."""

    def cells(self, row: Row) -> str:
        """Return the appended cells of a row as `Table.write_cells` writes them.

        Where it raises nothing was counted.
        """

    def batch_cells(self, batch: Batch) -> Sequence[Sequence[str]]:
        """Return the appended cells of many rows.

        Where all follows from the keys: for each key those of its distinct cells. Else one sequence, with
        those of each row. Where it raises nothing was counted, so that the rows can be taken one by one.
        """

    def finish(self) -> None:
        """Put the counts together."""


class Rejected(NamedTuple):
    """A row that has no place in the output: its bytes, and why."""

    raw: bytes
    finding: PlacedFinding


class Piece(NamedTuple):
    """Consecutive records as the output holds them.

    Attributes:
        data: the rows with their appended cells, and blank lines as they are, in the encoding of the table.
        row_count: how many rows these are.
        rejected: the rows among them that are not in `data`.
    """

    data: bytes | memoryview
    row_count: int
    rejected: Sequence[Rejected] = ()


class Pieces(Protocol):
    """What makes an output of a table piece by piece; the same bytes whatever makes it."""

    def __call__(self, table: Table, appender: Appender) -> Iterator[Piece]:
        """Yield the rows of the output in order.

        Raises:
            TableError: RS001, RS004, RS011, the input cannot be read to its end.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The rows of a run, each counted where it was read, written or rejected."""

    rows_in: int
    rows_out: int
    rejected: int

    @property
    def add_up(self) -> bool:
        """Whether every row that was read was written or rejected."""
        return self.rows_in == self.rows_out + self.rejected


def append_columns(
    table: Table,
    appender: Appender,
    output: TableOutput,
    on_rejected: Callable[[PlacedFinding], None],
    pieces: Pieces | None = None,
) -> Totals:
    """Write every row of `table` with its appended cells, and keep the output.

    Args:
        table: the input.
        appender: what is appended.
        output: where it goes.
        on_rejected: told of each row that is rejected.
        pieces: what makes the output; `row_pieces` without it.

    Raises:
        TableError: RS006, a name is taken; RS001, RS004, RS011, the input cannot be read to its end;
            RS009, the output cannot be written, or its rows do not add up. Nothing is kept then.
    """
    check_new_names(table, appender.names)
    output.carry(table.encoded(table.head(appender.names)))
    for piece in (pieces or row_pieces)(table, appender):
        for rejected in piece.rejected:
            output.reject(rejected.raw)
            appender.counts.add([rejected.finding])
            on_rejected(rejected.finding)
        output.write(piece.data, piece.row_count)
    appender.finish()
    return keep(table, output)


def keep(table: Table, output: TableOutput) -> Totals:
    """Keep an output whose rows, with the rejected ones, are as many as those of the table.

    Raises:
        TableError: RS009, they are not, or it cannot be written; nothing is kept then.
    """
    totals = Totals(rows_in=table.row_count, rows_out=output.row_count, rejected=output.rejected_count)
    if not totals.add_up:
        why = (
            f"internal error, {totals.rows_in} rows were read and {totals.rows_out + totals.rejected} written"
        )
        raise TableError(rules.OUTPUT_UNWRITABLE.at(file=table.file, why=why))
    output.commit()
    return totals


def row_pieces(
    table: Table, appender: Appender, records: Iterator[Record] | None = None, rows_before: int = 0
) -> Iterator[Piece]:
    """Yield the output of a table, or of some records of it, row by row.

    Args:
        table: the table.
        appender: what is appended.
        records: the records; all of the table without it.
        rows_before: how many rows of the table come before them.

    Raises:
        TableError: as for `Table.records`; RS009, as for `Table.encoded`.
    """
    width, cells_of, body_of = len(table.columns), appender.cells, table.body_of
    texts: list[str] = []
    rejected: list[Rejected] = []
    blank_count, number = 0, rows_before
    for cells, raw, line in records or table.records():
        if len(cells) == width:
            body = body_of(raw)
            try:
                texts.append(body + cells_of(cells) + raw[len(body) :])
            except Exception as error:  # noqa: BLE001  one bad row never stops a run
                number_of_row = number + len(texts) - blank_count + len(rejected) + 1
                failed = failed_row(table.file, error, line, number_of_row)
                rejected.append(Rejected(table.encoded(raw), failed))
            if len(texts) >= ROWS_AT_A_TIME:
                number += len(texts) - blank_count + len(rejected)
                yield Piece(table.encoded("".join(texts)), len(texts) - blank_count, rejected)
                texts, rejected, blank_count = [], [], 0
        elif cells:
            number_of_row = number + len(texts) - blank_count + len(rejected) + 1
            rejected.append(Rejected(table.encoded(raw), misfit(table, cells, line, number_of_row)))
        else:
            texts.append(raw)
            blank_count += 1
    yield Piece(table.encoded("".join(texts)), len(texts) - blank_count, rejected)


def misfit(table: Table, cells: list[str], line: int, number: int) -> PlacedFinding:
    """Return the finding of a record that is no row of the table."""
    return _of_row(table.file, table.misfit(cells), line, number)


def failed_row(file: str, error: Exception, line: int, number: int) -> PlacedFinding:
    """Return the finding of a row in which something was raised that nobody foresaw.

    Raises:
        TableError, MemoryError: as for `internal_error`.
    """
    return _of_row(file, internal_error(error), line, number)


def _of_row(file: str, found: Diagnostic, line: int, number: int) -> PlacedFinding:
    return CellFinding(found).at(file, line, number)
