"""What options are made with."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

_Command = TypeVar("_Command", bound="Callable[..., Any]")

# What cannot be read is told when it is read; the type is for the completion of a shell.
FILE = click.Path(readable=False, allow_dash=True)
"""The type of an option that names a file. In a configuration it counts from the folder of that."""


def together(*options: Callable[[_Command], _Command]) -> Callable[[_Command], _Command]:
    """Return one decorator for several options, which are listed in this order."""
    return lambda command: reduce(lambda inner, option: option(inner), reversed(options), command)
