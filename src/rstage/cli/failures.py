"""Errors that end a run: what is printed, and the exit code."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

import click

from rstage import rules
from rstage.table_errors import TableError, reason

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import ParamSpec

    _Given = ParamSpec("_Given")

WRONG_USE = 2
UNREADABLE = 3
UNWRITABLE = 4

_CODES = {
    UNREADABLE: (
        rules.FILE_UNREADABLE,
        rules.FILE_EMPTY,
        rules.FILE_BINARY,
        rules.FILE_ENCODING,
        rules.FILE_MALFORMED,
        rules.SITE_TABLE_UNREADABLE,
        rules.MESSAGE_BROKEN,
        rules.FORMAT_UNKNOWN,
        rules.DOCTYPE_REFUSED,
        rules.NESTED_TOO_DEEP,
        rules.VALUE_TOO_LONG,
        rules.COMPRESSION_BOMB,
        rules.RECORD_TOO_LONG,
    ),
    UNWRITABLE: (rules.OUTPUT_UNWRITABLE,),
}
_EXIT_CODES = {rule.code: exit_code for exit_code, found in _CODES.items() for rule in found}


def ends_with_message(command: Callable[_Given, int]) -> Callable[_Given, int]:
    """Make a command print the error that ended it and return the exit code of that error."""

    @wraps(command)
    def run(*args: _Given.args, **options: _Given.kwargs) -> int:
        try:
            return command(*args, **options)
        except TableError as error:
            click.echo(str(error), err=True)
            return _EXIT_CODES.get(error.diagnostic.code, WRONG_USE)

    return run


def unwritable_message(error: OSError) -> str:
    """Return what is said where standard output cannot be written."""
    return str(rules.OUTPUT_UNWRITABLE.at(file="standard output", why=reason(error)))
