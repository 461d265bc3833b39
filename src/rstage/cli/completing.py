"""What a shell is offered behind an option that names a column: the columns of the table beside it."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import click
    from click.shell_completion import CompletionItem

_BEFORE_COLUMN = r"(?:[^:=]*:)?[^:=]+=\??"
_HELD_BY_OPTION = {"delimiter", "encoding", "sheet", "comment"}


def complete_columns(ctx: click.Context, _option: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the columns that begin with what is written, behind `NAME:PART=` too; none on any failure."""
    from click.shell_completion import CompletionItem

    from rstage.privacy import is_column_name

    match = re.match(_BEFORE_COLUMN, incomplete)
    befores = ("", match[0]) if match else ("",)
    columns: tuple[str, ...] = ()
    with suppress(Exception):  # whatever is wrong is told when the command runs
        columns = _columns(ctx)
    fitting = (
        (before, name) for before in befores for name in columns if (before + name).startswith(incomplete)
    )
    return [CompletionItem(_word(before + name)) for before, name in fitting if is_column_name(name)]


def _columns(ctx: click.Context) -> tuple[str, ...]:
    """Return the columns of the first table on the command line, read as its options say."""
    from rstage.tables.formats.open_options import OpenOptions
    from rstage.tables.formats.opening import open_table

    file = next(filter(os.path.isfile, _words(ctx)), None)
    if file is None:
        return ()
    given = {name: value for name in _HELD_BY_OPTION if (value := ctx.params.get(name)) is not None}
    header = ctx.params.get("header_row")
    if header is None and (skipped := ctx.params.get("skip_rows")) is not None:
        header = skipped + 1
    options = OpenOptions(**given, header_row=header)
    with open_table(file, options, form=ctx.params.get("input_format")) as table:
        return table.columns


def _words(ctx: click.Context) -> Iterator[str]:
    """Yield what may be the table: the files before the place that is completed, then every word."""
    from click.shell_completion import split_arg_string

    files = ctx.params.get("files") or (ctx.params.get("file"),)
    yield from filter(None, files)
    yield from split_arg_string(os.environ.get("COMP_WORDS", ""))[2:]


def _word(text: str) -> str:
    """Return a word as the shell takes it: bash puts it into the line as it is, the others quote it."""
    import shlex

    is_bash = os.environ.get("_RSTAGE_COMPLETE", "").startswith("bash")
    return shlex.quote(text) if is_bash and not re.fullmatch(r"[\w:=.,?+-]+", text) else text
