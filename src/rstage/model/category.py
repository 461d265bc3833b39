"""One T, N or M category: when and how it was found, its value, and what was written after it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from rstage.arguments import check_type
from rstage.model.suffixes import NO_SUFFIXES, Suffixes
from rstage.model.value import Notation, listed, unfrozen, word_of
from rstage.reference import vocabulary
from rstage.reference.dialect_values import dialect_with

if TYPE_CHECKING:
    from collections.abc import Callable


class Timing(StrEnum):
    """When a stage was given; belongs to the whole classification (AJCC 7, oBDS, MII)."""

    RECURRENCE = "r"
    POST_THERAPY = "y"
    AUTOPSY = "a"


class Method(StrEnum):
    """How a category was found; belongs to the one category (oBDS, MII)."""

    CLINICAL = "c"
    PATHOLOGICAL = "p"
    ULTRASOUND = "u"


def timings(letters: object) -> frozenset[Timing]:
    """Return the set of timing marks in a text such as `ry` or a list of letters.

    Raises:
        ValueError, TypeError: it holds something else.
    """
    each = letters if isinstance(letters, str) else listed(letters)
    return frozenset(map(word_of(Timing), each))


def prefix(timing: frozenset[Timing], method: Method | None) -> str:
    """Return the prefix as it is written: r, y, a, then one of c, p, u."""
    written = "".join([mark for mark in ("r", "y", "a") if mark in timing]) if timing else ""
    return written + method if method else written


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Category(Notation):
    """A T, N or M category.

    Attributes:
        letter: `T`, `N` or `M`.
        value: `X`, `0` to `4`, `a`, `is`, `+`, or `n/a` where it was said to be not assigned. A value that
            one dialect alone has, such as the M2 of GDC, is read back with that dialect.
        timing: when (r, y, a). method: how (c, p, u), or None where none was written.
        subcategory: what follows the value directly, such as `a` or `b1`.
        upper: the other end of a range, such as `4` or `2c`.
        suffixes: everything written after that.

    Raises:
        ValueError: no list of TNM has the value, or a suffix cannot stand on it.
    """

    letter: str
    value: str
    timing: frozenset[Timing] = frozenset()
    method: Method | None = None
    subcategory: str = ""
    upper: str | None = None
    suffixes: Suffixes = NO_SUFFIXES

    readers: ClassVar[dict[str, Any]] = {
        "timing": timings,
        "method": word_of(Method),
        "suffixes": Suffixes.from_dict,
    }

    def __post_init__(self) -> None:
        check_type("timing", self.timing, frozenset)
        check_type("suffixes", self.suffixes, Suffixes)
        if self.method is not None:
            check_type("method", self.method, Method)
        if self.letter not in ("T", "N", "M"):
            raise ValueError("a category is T, N or M")
        if not (
            vocabulary.exists(self.letter, self.value, self.subcategory)
            or dialect_with(self.letter, self.value + self.subcategory)
        ):
            raise ValueError(f"no list of TNM has this value of {self.letter}")
        if self.upper is not None and not self._is_ascending():
            raise ValueError("a range ascends from its first to its last value")
        if self.suffixes is not NO_SUFFIXES:
            self._refuse_misplaced_suffixes()

    def _refuse_misplaced_suffixes(self) -> None:
        wrong = misplaced(self.letter, self.value, self.subcategory, self.suffixes)
        if wrong:
            raise ValueError(f"{', '.join(wrong)} cannot stand on {self.letter}{self.value}")
        if positive_nodes_with_n0(self.value, self.suffixes):
            raise ValueError("N0 has no involved node")

    def _is_ascending(self) -> bool:
        upper = vocabulary.split(self.letter, self.upper or "")
        return vocabulary.exists(self.letter, *upper) and vocabulary.is_ascending(
            self.letter, (self.value, self.subcategory), upper
        )

    @property
    def prefix(self) -> str:
        """The prefix as it is written: `rp`, `yc`, or an empty text."""
        return prefix(self.timing, self.method)

    def without_prefix(self) -> str:
        """Return the category as text from its letter on: `T2a(m)`."""
        if self.value == vocabulary.NOT_ASSIGNED:
            return f"{self.letter}({self.value})"
        text = self.letter + self.value + self.subcategory
        if self.upper is not None:
            value, subcategory = vocabulary.split(self.letter, self.upper)
            text += "-" + (subcategory if value == self.value and self.subcategory else self.upper)
        if self.suffixes is NO_SUFFIXES:
            return text
        # T1mi and N1mi are the lists' own spelling; after anything else the mi needs its bracket.
        if self.suffixes.minimal and not (self.subcategory or self.upper or self.suffixes.certainty):
            return f"{text}mi{replace(self.suffixes, minimal=False)}"
        return text + str(self.suffixes)

    def __str__(self) -> str:
        return self.prefix + self.without_prefix()

    def with_timing(self, timing: frozenset[Timing]) -> Category:
        """Return the category with exactly this timing; the same object where nothing changes."""
        return self if timing == self.timing else self.changed(timing, self.suffixes)

    def changed(self, timing: frozenset[Timing], suffixes: Suffixes) -> Category:
        """Return a copy with another timing and other suffixes, which is not checked.

        No timing makes a category impossible; whoever gives other suffixes has made sure that they can be.
        """
        made = object.__new__(_UnfrozenCategory)
        made.letter = self.letter
        made.value = self.value
        made.timing = timing
        made.method = self.method
        made.subcategory = self.subcategory
        made.upper = self.upper
        made.suffixes = suffixes
        made.__class__ = Category
        return made  # type: ignore[no-any-return]  # it has become one


_UnfrozenCategory = unfrozen(Category)

# Where each suffix can stand, by letter, value and subcategory (notation tables of T, N and M); none stands
# on a value that is not assigned.
_PLACES: dict[str, Callable[[str, str, str], bool]] = {
    "in_situ": lambda _letter, value, _sub: value == "is",
    "minimal": lambda letter, value, _sub: vocabulary.can_be_minimal(letter, value),
    "multiplicity": lambda letter, _value, _sub: letter == "T",
    "solitary": lambda letter, _value, _sub: letter == "T",
    "superficial": lambda letter, value, _sub: letter == "T" and value == "1",
    "tumor_cells": lambda letter, value, _sub: letter in "NM" and value == "0",
    "sentinel": lambda letter, _value, _sub: letter == "N",
    "needle": lambda letter, _value, _sub: letter in "TN",  # on T it is a slip, read and warned about
    "level": lambda letter, _value, _sub: letter == "N",
    "extension": lambda letter, _value, _sub: letter == "N",
    "involved": lambda letter, _value, _sub: letter == "N",
    "ldh": lambda letter, value, sub: letter == "M" and value == "1" and bool(sub),
    "cytology": lambda letter, value, _sub: letter == "M" and value == "1",
    "sites": lambda letter, value, _sub: letter == "M" and value == "1",
    "certainty": lambda _letter, _value, _sub: True,
    "at_primary": lambda letter, _value, _sub: letter == "T",
}


def misplaced(letter: str, value: str, subcategory: str, suffixes: Suffixes) -> tuple[str, ...]:
    """Return the names of the suffixes that cannot stand on this category."""
    return tuple(
        [
            name
            for name, fits in _PLACES.items()
            if getattr(suffixes, name) != getattr(NO_SUFFIXES, name)
            and (value == vocabulary.NOT_ASSIGNED or not fits(letter, value, subcategory))
            and not (name == "tumor_cells" and letter == "N" and is_molecular_beside_mi(suffixes))
        ]
    )


def is_molecular_beside_mi(suffixes: Suffixes) -> bool:
    """Return whether a molecular test is named beside a micrometastasis: reports write `N1(mi mol+)`."""
    return suffixes.minimal and suffixes.tumor_cells in ("mol-", "mol+")


def positive_nodes_with_n0(value: str, suffixes: Suffixes) -> bool:
    """Return whether involved nodes are counted beside N0; a node with isolated tumor cells still is N0."""
    return bool(value == "0" and suffixes.involved and suffixes.tumor_cells is None)
