"""Appending columns to a table: the rows that were there go through as the text they were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from . import rules
from .table_columns import check_new_names
from .table_errors import TableError
from .table_findings import CellFinding, FindingCounts, PlacedFinding
from .tables import as_cells, split_line_end

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .outputs import TableOutput
    from .tables import Table

ROWS_AT_A_TIME = 1_000


class Appender(Protocol):
    """What a command appends to each row."""

    @property
    def names(self) -> Sequence[str]:
        """The appended columns."""

    @property
    def counts(self) -> FindingCounts:
        """What was found, complete after `finish`."""

    def cells(self, row: list[str]) -> str:
        """Return the appended cells of a row as text, a delimiter in front of each."""

    def finish(self) -> None:
        """Put the counts together."""


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
    table: Table, appender: Appender, output: TableOutput, on_rejected: Callable[[PlacedFinding], None]
) -> Totals:
    """Write every row of `table` with its appended cells, and keep the output.

    Args:
        table: the input.
        appender: what is appended.
        output: where it goes.
        on_rejected: told of each ragged row.

    Raises:
        TableError: RS006, a name is taken; RS001, RS004, RS011, the input cannot be read to its end;
            RS009, the output cannot be written, or its rows do not add up. Nothing is kept then.
    """
    check_new_names(table, appender.names)
    output.carry(table.preamble + _extended(table.header, as_cells(tuple(appender.names), table.delimiter)))
    _append_rows(table, appender, output, on_rejected)
    appender.finish()
    totals = Totals(rows_in=table.row_count, rows_out=output.row_count, rejected=output.rejected_count)
    if not totals.add_up:
        why = (
            f"internal error, {totals.rows_in} rows were read and {totals.rows_out + totals.rejected} written"
        )
        raise TableError(rules.OUTPUT_UNWRITABLE.at(file=table.file, why=why))
    output.commit()
    return totals


def _append_rows(
    table: Table, appender: Appender, output: TableOutput, on_rejected: Callable[[PlacedFinding], None]
) -> None:
    width, cells_of = len(table.columns), appender.cells
    rows: list[str] = []
    for cells, raw, line in table.records():
        if len(cells) == width:
            body = raw.rstrip("\r\n")
            rows.append(body + cells_of(cells) + raw[len(body) :])
            if len(rows) == ROWS_AT_A_TIME:
                output.write(rows)
                rows.clear()
        elif cells:
            output.reject(raw)
            found = ragged(table, cells, line, output.row_count + len(rows) + output.rejected_count)
            appender.counts.add([found.cell])
            on_rejected(found)
        else:
            output.write(rows)
            rows.clear()
            output.carry(raw)
    output.write(rows)


def _extended(raw: str, appended: str) -> str:
    body, end = split_line_end(raw)
    return body + appended + end


def ragged(table: Table, cells: list[str], line: int, number: int) -> PlacedFinding:
    """Return the finding of a row that has another number of fields than the header."""
    found = rules.RAGGED_ROW.at(fields=len(cells), expected=len(table.columns))
    return PlacedFinding(file=table.file, line=line, row=number, cell=CellFinding(diagnostic=found))
