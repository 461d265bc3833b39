"""The T, N and M values that exist, one set for the parser, the values and the checks.

The set is data: `grammar/values.tsv`, which names the public list behind each line.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from rstage.reference import editions
from rstage.reference.grammar import grammar_text

NOT_ASSIGNED = "n/a"
"""The value of a category that was said to be not assigned, which differs from X."""

# From least to most: what "T2-4" runs through. X says nothing and stands below everything.
_ORDER = {
    "T": ("X", "0", "a", "is", "1", "2", "3", "4"),
    "N": ("X", "0", "1", "2", "3", "4"),
    "M": ("X", "0", "1"),
}


class ValueEntry(NamedTuple):
    """One line of the table: what may follow the value."""

    subcategories: frozenset[str]
    minimal: bool


@cache
def values(letter: str) -> dict[str, ValueEntry]:
    """Return the values of category `letter` (T, N or M) with what may follow each."""
    table: dict[str, ValueEntry] = {}
    for line in grammar_text("values.tsv").splitlines():
        if line.startswith(letter + "\t"):
            _, value, subcategories, minimal, _ = line.split("\t")
            table[value] = ValueEntry(frozenset(subcategories.split()), minimal == "yes")
    return table


def exists(letter: str, value: str, subcategory: str = "") -> bool:
    """Return whether a published list has this value with this subcategory."""
    if value == NOT_ASSIGNED:
        return not subcategory
    entry = values(letter).get(value)
    return entry is not None and (not subcategory or subcategory in entry.subcategories)


def can_be_minimal(letter: str, value: str) -> bool:
    """Return whether microinvasion or micrometastasis (`mi`) is listed for this value."""
    entry = values(letter).get(value)
    return entry is not None and entry.minimal


def is_ascending(letter: str, low: tuple[str, str], high: tuple[str, str]) -> bool:
    """Return whether two values with their subcategories make a range; `T1-1a` and `T2-2` make none."""
    if not {low[0], high[0]} <= set(_ORDER[letter]) or "".join(high).startswith("".join(low)):
        return False
    return (_ORDER[letter].index(low[0]), low[1]) < (_ORDER[letter].index(high[0]), high[1])


def split(letter: str, text: str) -> tuple[str, str]:
    """Return value and subcategory of a text such as `2c`, `is`, `X` or `1a1`."""
    value = "is" if letter == "T" and text.startswith("is") else text[:1]
    return value, text[len(value) :]


def nearest(letter: str, text: str) -> tuple[str, ...]:
    """Return up to three existing values that a text such as `5`, `0c` or `2d` may have meant."""
    value, subcategory = split(letter, text)
    table = values(letter)
    if value in table:
        near = sorted(
            table[value].subcategories, key=lambda known: abs(ord(known[0]) - ord((subcategory or "a")[0]))
        )
        return (f"{letter}{value}", *(f"{letter}{value}{known}" for known in near[:2] if len(known) == 1))
    outdated = editions.outdated_values()
    highest = max(known for known in table if known.isdigit() and (letter, known) not in outdated)
    return (f"{letter}{highest}", f"{letter}X") if value.isdigit() else (f"{letter}X",)
