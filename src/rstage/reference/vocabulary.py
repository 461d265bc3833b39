"""The T, N and M values that exist: one table for the grammar, the constructors, the checks and the ranges.

The table is data: `grammar/values.tsv`, which names the public list behind each line.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import NamedTuple

from rstage.reference import editions
from rstage.reference.tsv import grammar_rows

NOT_ASSIGNED = "n/a"
"""The value of a category that was said to be not assigned, which differs from X."""

POSITIVE = "+"
"""The value of a category that is positive, not said how far: no end of a range."""


class ValueEntry(NamedTuple):
    """One line of the table: what may follow the value, in the order of the line."""

    subcategories: tuple[str, ...]
    minimal: bool


@cache
def values(letter: str) -> dict[str, ValueEntry]:
    """Return the values of category `letter` (T, N or M), from least to most, with what may follow each."""
    return {
        row["value"]: ValueEntry(tuple(row["subcategories"].split()), row["minimal"] == "yes")
        for row in grammar_rows("values.tsv")
        if row["letter"] == letter
    }


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
    order = _order(letter)
    if not {low[0], high[0]} <= set(order) or "".join(high).startswith("".join(low)):
        return False
    return (order.index(low[0]), low[1]) < (order.index(high[0]), high[1])


@cache
def _order(letter: str) -> tuple[str, ...]:
    """Return what a range such as `T2-4` runs through; X says nothing and stands below everything."""
    return tuple(value for value in values(letter) if value != POSITIVE)


def split(letter: str, text: str) -> tuple[str, str]:
    """Return value and subcategory of a text such as `2c`, `is`, `X` or `1a1`."""
    value = max((known for known in values(letter) if text.startswith(known)), key=len, default=text[:1])
    return value, text[len(value) :]


def nearest(letter: str, text: str) -> tuple[str, ...]:
    """Return up to three existing values that a text such as `5`, `0c`, `2b1` or `10` may have meant."""
    value, subcategory = split(letter, text)
    table = values(letter)
    if value in table:
        return tuple(f"{letter}{value}{known}" for known in _near_subcategories(table[value], subcategory))
    if not value.isdigit():
        return ()
    outdated = editions.outdated_values()
    highest = max(known for known in table if known.isdigit() and (letter, known) not in outdated)
    return f"{letter}{highest}", f"{letter}X"


def _near_subcategories(entry: ValueEntry, text: str) -> list[str]:
    """Return what may follow a value in place of a text that cannot, `""` for nothing."""
    known = [one for one in entry.subcategories if len(one) == 1]
    if len(text) > 1:
        return [*(one for one in known if one == text[0]), ""]
    # "T10" is no T1a: a letter was never meant by a digit.
    near = sorted(known, key=lambda one: (abs(ord(one) - ord(text)), one)) if text.isalpha() else []
    return ["", *near[:2]]


# ---------------------------------------------------------------- the shape of the values


@cache
def value_digits() -> str:
    """Return the values that are one digit, as the inside of a character class: `0-4`."""
    return _character_class({value for letter in "TNM" for value in values(letter) if value.isdecimal()})


@cache
def subcategory_letters() -> str:
    """Return the letters that begin a subcategory, as the inside of a character class: `a-e`."""
    return _character_class({known[0] for known in _subcategories()})


@cache
def subcategory_digits() -> str:
    """Return the digits that can follow such a letter, as the inside of a character class: `1-3`."""
    return _character_class({known[1] for known in _subcategories() if known[1:].isdecimal()})


def _subcategories() -> set[str]:
    return {known for letter in "TNM" for entry in values(letter).values() for known in entry.subcategories}


def _character_class(characters: set[str]) -> str:
    """Return the inside of a character class of a regular expression: `a-ce` for a, b, c and e."""
    ordered = sorted(characters)
    breaks = [place for place, (one, other) in enumerate(pairwise(ordered), 1) if ord(other) - ord(one) > 1]
    stretches = [ordered[start:end] for start, end in pairwise([0, *breaks, len(ordered)])]
    return "".join([one[0] if len(one) == 1 else f"{one[0]}-{one[-1]}" for one in stretches])
