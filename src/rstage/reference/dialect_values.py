"""Values that one registry dialect has and no list of TNM: `grammar/dialect_values.tsv`."""

from __future__ import annotations

from functools import cache

from rstage.reference.tsv import grammar_rows

GROUP = "group"
"""The part of a stage group."""


@cache
def _dialects() -> dict[tuple[str, str], str]:
    return {(row["part"], row["value"]): row["dialect"] for row in grammar_rows("dialect_values.tsv")}


def dialect_with(part: str, value: str) -> str | None:
    """Return the dialect that alone has a value of T, N, M or `group`; None where it is no such value.

    Args:
        part: a letter, or `group`.
        value: the value with its subcategory.
    """
    return _dialects().get((part, value))


@cache
def parts_of(dialect: str) -> frozenset[str]:
    """Return the parts of which a dialect has a value that no other reader has."""
    return frozenset(part for (part, _), name in _dialects().items() if name == dialect)


def values_of(part: str) -> tuple[str, ...]:
    """Return the values of a part that one dialect alone has."""
    return tuple(value for name, value in _dialects() if name == part)
