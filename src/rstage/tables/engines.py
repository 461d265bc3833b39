"""Which engine makes the output of a table: row by row, or polars. Both write the same bytes."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from rstage import rules
from rstage.files.errors import TableError
from rstage.tables.append import append_columns, row_pieces
from rstage.tables.formats.parquet import ParquetTable
from rstage.tables.verify import Verifier

if TYPE_CHECKING:
    from collections.abc import Callable

    from rstage.files.outputs import TableOutput
    from rstage.reporting.placed import PlacedFinding
    from rstage.tables.append import Appender, Pieces, Totals
    from rstage.tables.formats.delimited import Table
    from rstage.tables.parquet_engine import ParquetVerifier

LARGE = 1 << 23
"""Bytes; to import polars costs more than it saves on less."""


def choose_pieces(engine: str, table: Table) -> Pieces:
    """Return what makes the output of a table.

    Raises:
        TableError: RS019, polars was asked for and is not installed.
    """
    is_installed = find_spec("polars") is not None
    if engine == "polars" and not is_installed:
        raise TableError(rules.EXTRA_MISSING.at(what="--engine polars", extra="polars"))
    if engine == "stdlib" or not is_installed or (engine == "auto" and table.size < LARGE):
        return row_pieces
    from rstage.tables.polars_engine import polars_pieces

    return polars_pieces


def append(
    table: Table,
    appender: Appender,
    output: TableOutput,
    on_rejected: Callable[[PlacedFinding], None],
    engine: str,
) -> Totals:
    """Write every row of a table with what is appended, and keep the output.

    Raises:
        TableError: as for `append_columns`; RS012, the engine cannot read the format.
    """
    if isinstance(table, ParquetTable):
        from rstage.tables.parquet_engine import append_parquet

        _check_parquet(engine)
        return append_parquet(table, appender, output, on_rejected)
    return append_columns(table, appender, output, on_rejected, choose_pieces(engine, table))


def verifier_of(
    original: Table, output: Table, appender: Appender | None, engine: str
) -> Verifier | ParquetVerifier:
    """Return what compares an output with the table that it was made from.

    Raises:
        TableError: RS012, the engine cannot read the format.
    """
    if isinstance(original, ParquetTable) and isinstance(output, ParquetTable):
        from rstage.tables.parquet_engine import ParquetVerifier

        _check_parquet(engine)
        return ParquetVerifier(original, output, appender)
    return Verifier(original, output, appender, choose_pieces(engine, original))


def _check_parquet(engine: str) -> None:
    if engine == "stdlib":
        raise TableError(rules.OPTION_UNUSABLE.at(option="--engine", why="Parquet is read by polars only"))
