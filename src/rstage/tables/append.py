"""Appending columns to a table: the rows that were there go through as the text they were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rstage import rules
from rstage.files.errors import TableError, internal_error
from rstage.reporting.placed import CellFinding, PlacedFinding
from rstage.tables.appender import RowCells
from rstage.tables.stage_columns import check_new_names
from rstage.tables.table import OutputBlock, Rejected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rstage.diagnostics import Diagnostic
    from rstage.files.outputs import TableOutput
    from rstage.tables.appender import Appender
    from rstage.tables.table import BlockMaker, LineTable, Record, Table

ROWS_AT_A_TIME = 1_000


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
    on_failed: Callable[[PlacedFinding], None],
    blocks: BlockMaker,
) -> Totals:
    """Write every row of `table` with its appended cells, and keep the output.

    Args:
        table: the input.
        appender: what is appended.
        output: where it goes.
        on_failed: is given the finding of each row that is rejected, or to which nothing could be appended.
        blocks: what makes the output.

    Raises:
        TableError: RS006, a name is taken; RS001, RS004, RS011, the input cannot be read to its end;
            RS009, the output cannot be written, or its rows do not add up. Nothing is kept then.
    """
    check_new_names(table, appender.names)
    for block in blocks(appender):
        for rejected in block.rejected:
            output.reject(rejected.raw)
        for found in (*(one.finding for one in block.rejected), *block.failed):
            appender.counts.add([found])
            on_failed(found)
        output.write(block.data, block.row_count)
    appender.finish()
    totals = Totals(rows_in=table.row_count, rows_out=output.row_count, rejected=output.rejected_count)
    if not totals.add_up:
        why = (
            f"internal error, {totals.rows_in} rows were read and {totals.rows_out + totals.rejected} written"
        )
        raise TableError(rules.OUTPUT_UNWRITABLE.at(file=table.file, why=why))
    output.commit()
    return totals


def blocks_by_rows(
    table: LineTable, appender: Appender, at_a_time: int = ROWS_AT_A_TIME
) -> Iterator[OutputBlock]:
    """Yield the output of a table, row by row.

    Args:
        table: the table.
        appender: what is appended.
        at_a_time: how many records a block has.

    Raises:
        TableError: as for every `BlockMaker`.
    """
    yield head_block(table, appender)
    yield from blocks_of_records(table, appender, table.records(), at_a_time=at_a_time)


def head_block(table: LineTable, appender: Appender) -> OutputBlock:
    """Return what stands before the rows of an output.

    Raises:
        TableError: RS009, the encoding does not have a character of an appended name.
    """
    return OutputBlock(table.encoding.encoded(table.head(appender.names)))


def blocks_of_records(
    table: LineTable,
    appender: Appender,
    records: Iterable[Record],
    rows_before: int = 0,
    *,
    at_a_time: int = ROWS_AT_A_TIME,
) -> Iterator[OutputBlock]:
    """Yield some records of a table with what is appended, row by row.

    Args:
        table: the table.
        appender: what is appended.
        records: the records.
        rows_before: how many rows of the table come before them.
        at_a_time: how many records a block has.

    Raises:
        TableError: as for every `BlockMaker`.
    """
    width, cells_of, body_of = len(table.columns), RowCells(appender).of, table.body_of
    encoded = table.encoding.encoded
    texts: list[str] = []
    rejected: list[Rejected] = []
    blank_count, number = 0, rows_before
    for cells, raw, line in records:
        if len(cells) == width:
            body = body_of(raw)
            try:
                texts.append(body + cells_of(cells) + raw[len(body) :])
            except Exception as error:  # noqa: BLE001  one bad row never stops a run
                number_of_row = number + len(texts) - blank_count + len(rejected) + 1
                failed = failed_row(table.file, error, line, number_of_row)
                rejected.append(Rejected(encoded(raw), failed))
        elif cells:
            number_of_row = number + len(texts) - blank_count + len(rejected) + 1
            rejected.append(Rejected(encoded(raw), misfit(table, cells, line, number_of_row)))
        else:
            texts.append(raw)
            blank_count += 1
        if len(texts) + len(rejected) >= at_a_time:
            number += len(texts) - blank_count + len(rejected)
            yield OutputBlock(encoded("".join(texts)), len(texts) - blank_count, rejected)
            texts, rejected, blank_count = [], [], 0
    yield OutputBlock(encoded("".join(texts)), len(texts) - blank_count, rejected)


def misfit(table: Table, cells: Sequence[str], line: int, number: int) -> PlacedFinding:
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
