"""Registry dialects: how the columns of a registry or data model write a stage, and how they are written."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from rstage.reference.choices import DIALECTS

if TYPE_CHECKING:
    from rstage.dialects.engine import Dialect
    from rstage.notation.edits import Rewritten

NO_DIALECT = "plain"
"""The name of the table that is used without a dialect; it translates no value."""


@cache
def dialect_of(name: str) -> Dialect:
    """Return the dialect of a name in `DIALECTS`, or `NO_DIALECT`; it is loaded when it is first used."""
    found: Dialect = import_module(f".{name}", __name__).DIALECT
    return found


def decode(text: str, dialect: str, field: str | None, *, has_edition: bool = False) -> Rewritten:
    """Return the notation of one column's text; a text that is notation already stays as it is.

    Args:
        text: the text of the column, its characters folded.
        dialect: one of `DIALECTS`.
        field: the part that the column holds; None where it is not known.
        has_edition: whether the caller names the edition.
    """
    return dialect_of(dialect).decode(text, field, has_edition=has_edition)


def further_parts(dialect: str | None) -> tuple[str, ...]:
    """Return the names of the further parts of a dialect (`r`, `T_suffix`); without one the methods."""
    return dialect_of(dialect or NO_DIALECT).further_parts


@cache
def all_further_parts() -> tuple[str, ...]:
    """Return the names of the further parts that there are with some dialect, or without one."""
    return tuple(dict.fromkeys(part for dialect in (None, *DIALECTS) for part in further_parts(dialect)))
