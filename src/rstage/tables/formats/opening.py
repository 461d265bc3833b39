"""Opening a table, whatever its format."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from rstage import rules
from rstage.files.errors import TableError
from rstage.tables.formats.listing import choose_format, format_of_name, name_ending

if TYPE_CHECKING:
    from rstage.tables.formats.open_options import OpenOptions
    from rstage.tables.table import Table

    class _FormatModule(Protocol):
        """What the module of a format has."""

        def open_table(self, file: str, options: OpenOptions, /) -> Table: ...


def check_output_name(table: Table, output: str | None) -> None:
    """Make sure that the name of an output does not end in another format than it is written in.

    Raises:
        TableError: RS012, it does.
    """
    named = format_of_name(output or "")
    if named is not None and named.written != table.written_form:
        why = f"its name ends in {name_ending(output or '')}, and what comes out is {table.written_form}"
        raise TableError(rules.OPTION_UNUSABLE.at(option="--output", why=why))


def open_table(file: str, options: OpenOptions, *, form: str | None = None) -> Table:
    """Open a table.

    Args:
        file: the name, or `-` for standard input.
        options: how it is read.
        form: one of `FORMAT_NAMES`; by default what the name ends in, else delimited text.

    Raises:
        TableError: RS001 to RS004, RS011, RS012, RS019.
    """
    found = choose_format(form, file)
    if options.sheet is not None and not found.has_sheets:
        raise TableError(rules.OPTION_UNUSABLE.at(option="--sheet", why="this is no Excel workbook"))
    if options.header_row is not None and not found.has_header:
        why = f"a table as {found.written} has no header row"
        raise TableError(rules.OPTION_UNUSABLE.at(option="--header-row", why=why))
    module = cast("_FormatModule", import_module(f"rstage.tables.formats.{found.module}"))
    return module.open_table(file, options.of_format(found))
