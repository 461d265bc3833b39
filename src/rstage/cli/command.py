"""What makes a function a command that reads stages: options, settings, and how an error ends it."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, TypeVar

import click

from rstage.cli.config_options import configuration_options
from rstage.cli.failures import ends_with_message
from rstage.cli.help import HelpfulCommand
from rstage.cli.option_groups import taken, with_options

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import DataclassInstance

_Options = TypeVar("_Options", bound="DataclassInstance")


def command(
    name: str, options: type[_Options], *, is_configured: bool = True
) -> Callable[[Callable[Concatenate[_Options, ...], int]], click.Command]:
    """Return what makes a command of a function that takes a group of options, then the arguments.

    Args:
        name: what the command is called.
        options: the group.
        is_configured: whether it takes settings from a file; it is one of `CONFIGURED` then.
    """

    def decorate(function: Callable[Concatenate[_Options, ...], int]) -> click.Command:
        @ends_with_message
        @wraps(function)
        def run(**values: Any) -> int:
            return function(taken(options, values), **values)

        configured = configuration_options(run) if is_configured else run
        return click.command(name, cls=HelpfulCommand)(with_options(configured, options))

    return decorate
