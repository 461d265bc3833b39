"""Which engine makes the output of a table: row by row, or polars. Both write the same bytes."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from rstage import rules
from rstage.files.errors import TableError
from rstage.tables.append import append_columns

if TYPE_CHECKING:
    from collections.abc import Callable

    from rstage.files.outputs import TableOutput
    from rstage.reporting.placed import PlacedFinding
    from rstage.tables.append import Totals
    from rstage.tables.appender import Appender
    from rstage.tables.table import BlockMaker, Table, TableVerifier

ENGINES = ("auto", "stdlib", "polars")
"""The names of the engines; `auto` takes polars where it is installed and the file is large."""

LARGE = 1 << 23
"""Bytes; to import polars costs more than it saves on less."""


def choose_blocks(engine: str, table: Table) -> BlockMaker:
    """Return what makes the output of a table: that of the engine, or the only one that its format has.

    Raises:
        TableError: RS012, the engine cannot read the format; RS019, polars was asked for and is not
            installed.
    """
    makers = table.block_makers
    is_installed = find_spec("polars") is not None
    if engine == "polars" and not is_installed:
        raise TableError(rules.EXTRA_MISSING.at(what="--engine polars", extra="polars"))
    if engine == "stdlib" and engine not in makers:
        why = f"{table.written_form} is read by polars only"
        raise TableError(rules.OPTION_UNUSABLE.at(option="--engine", why=why))
    takes_polars = engine == "polars" or (engine == "auto" and is_installed and table.size >= LARGE)
    wanted = "polars" if takes_polars else "stdlib"
    return makers[wanted] if wanted in makers else next(iter(makers.values()))


def append(
    table: Table,
    appender: Appender,
    output: TableOutput,
    on_failed: Callable[[PlacedFinding], None],
    engine: str,
) -> Totals:
    """Write every row of a table with what is appended, and keep the output.

    Raises:
        TableError: as for `append_columns` and `choose_blocks`.
    """
    return append_columns(table, appender, output, on_failed, choose_blocks(engine, table))


def verifier_of(original: Table, output: Table, appender: Appender | None, engine: str) -> TableVerifier:
    """Return what compares an output with the table that it was made from.

    Raises:
        TableError: as for `choose_blocks`.
    """
    return original.verifier(output, appender, choose_blocks(engine, original))
