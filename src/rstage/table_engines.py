"""Which engine makes the output of a table: row by row, or polars. Both write the same bytes."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from . import rules
from .parquet_tables import ParquetTable
from .table_append import append_columns, row_pieces
from .table_errors import TableError
from .table_verify import Verifier

if TYPE_CHECKING:
    from collections.abc import Callable

    from .outputs import TableOutput
    from .table_append import Appender, Pieces, Totals
    from .table_findings import PlacedFinding
    from .table_parquet import ParquetVerifier
    from .tables import Table

ENGINES = ("auto", "stdlib", "polars")
"""The names of the engines; `auto` takes polars where it is installed and the file is large."""

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
    from .table_polars import polars_pieces

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
        from .table_parquet import append_parquet

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
        from .table_parquet import ParquetVerifier

        _check_parquet(engine)
        return ParquetVerifier(original, output, appender)
    return Verifier(original, output, appender, choose_pieces(engine, original))


def _check_parquet(engine: str) -> None:
    if engine == "stdlib":
        raise TableError(rules.OPTION_UNUSABLE.at(option="--engine", why="Parquet is read by polars only"))
