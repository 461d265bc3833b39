"""Errors that end a run: what is printed, and the exit code."""

from __future__ import annotations

from contextlib import suppress
from functools import wraps
from typing import TYPE_CHECKING

import click

from rstage import rules
from rstage.cli.config_options import is_showing_settings, shown_settings
from rstage.cli.exit_codes import CLEAN, INTERNAL, UNREADABLE, UNWRITABLE, WRONG_USE
from rstage.cli.printing import print_data, print_note
from rstage.cli.progress import progress
from rstage.cli.summary import write_failure
from rstage.files.errors import TableError, reason

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import ParamSpec

    _Given = ParamSpec("_Given")

_CODES = {
    UNREADABLE: (
        rules.FILE_UNREADABLE,
        rules.FILE_EMPTY,
        rules.FILE_BINARY,
        rules.FILE_ENCODING,
        rules.FILE_MALFORMED,
        rules.SITE_TABLE_UNREADABLE,
        rules.GROUP_TABLE_UNREADABLE,
        rules.LINK_KEY_UNREADABLE,
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
    """Make a command print the error that ended it and return the exit code of that error.

    On the way the terminal shows how far it is. Where the settings are asked for, it is not run.
    """

    @wraps(command)
    def run(*args: _Given.args, **options: _Given.kwargs) -> int:
        context = click.get_current_context()
        if is_showing_settings(context):
            print_data(shown_settings(context))
            return CLEAN
        name, summary = context.info_name or "", context.params.get("summary")
        try:
            with progress(context.params):
                return command(*args, **options)
        except TableError as error:
            print_note(str(error))
            code = code_of(error)
            write_failure(summary, name, code, error.diagnostic.code)
            return code
        except (click.ClickException, click.exceptions.Exit, click.Abort, OSError):
            raise
        except Exception:
            with suppress(Exception):  # what failed may have been the summary itself
                write_failure(summary, name, INTERNAL, rules.INTERNAL_ERROR.code)
            raise

    return run


def code_of(error: TableError) -> int:
    """Return the exit code of an error that ends a run."""
    return _EXIT_CODES.get(error.diagnostic.code, WRONG_USE)


def unwritable_message(error: OSError) -> str:
    """Return what is said where standard output cannot be written."""
    return str(rules.OUTPUT_UNWRITABLE.at(file="standard output", why=reason(error)))
