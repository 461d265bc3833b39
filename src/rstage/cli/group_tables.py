"""`--group-table`: stage groups against a table of the user."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import click

from rstage.cli.option_groups import file_option
from rstage.files.errors import TableError

if TYPE_CHECKING:
    from rstage.model.group_table import GroupTable
    from rstage.reading.read import Reading

group_table_option = partial(
    file_option, "--group-table", "FILE", "Which group T, N and M have: a table, or a SEER algorithm."
)


def group_table(file: str | None, site: str | None) -> GroupTable | None:
    """Return the group table of a file; None where none is given.

    Raises:
        TableError: RS040 to RS042, it cannot be used.
        click.UsageError: it has lines of sites, and there is no site.
    """
    if file is None:
        return None
    from rstage.sites.groups import GroupTableError, load_group_table

    try:
        table = load_group_table(file)
    except GroupTableError as error:
        raise TableError(error.diagnostic) from None
    if table.needs_site and site is None:
        raise click.UsageError("--group-table has lines of sites, so it needs --site")
    return table


def compared(reading: Reading, table: GroupTable | None, site: str | None) -> Reading:
    """Return the reading of a text with what a group table says against it."""
    if table is None:
        return reading
    from rstage.model.group_table import compared_stages

    found = compared_stages(reading.stages, table, site, (0, len(reading.text)))
    return replace(reading, diagnostics=(*reading.diagnostics, *found)) if found else reading
