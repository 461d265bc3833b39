"""What makes a function a command that reads stages: options, settings, and how an error ends it."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, TypeVar

import click

from rstage.cli.config_options import configuration_options
from rstage.cli.failures import ends_with_message
from rstage.cli.option_groups import taken, with_options

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import DataclassInstance

_Options = TypeVar("_Options", bound="DataclassInstance")


def command(
    name: str, options: type[_Options]
) -> Callable[[Callable[Concatenate[_Options, ...], int]], click.Command]:
    """Return what makes a command of a function that takes a group of options, then the arguments.

    Args:
        name: what the command is called; it is one of `CONFIGURED`.
        options: the group.
    """

    def decorate(function: Callable[Concatenate[_Options, ...], int]) -> click.Command:
        @ends_with_message
        @wraps(function)
        def run(**values: Any) -> int:
            return function(taken(options, values), **values)

        return click.command(name)(with_options(configuration_options(run), options))

    return decorate
