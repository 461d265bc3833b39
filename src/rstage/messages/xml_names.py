"""What the name of an element or of an attribute says of how it is read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Container

_OF_SCHEMAS = ("nil", "type", "schemaLocation", "space", "lang")
MOST_NAMES = 4_000
"""Names whose answer is remembered: NAACCR has nearly a thousand items, each with a name and a number, and a
user some more; a hostile message has any number."""


def is_of_xml(attribute: str) -> bool:
    """Return whether an attribute is one of XML and its schemas, such as `xsi:nil`."""
    prefix, _, name = attribute.rpartition(":")
    return prefix == "xmlns" or attribute == "xmlns" or (bool(prefix) and name in _OF_SCHEMAS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Which elements of a format are read; all names are local names.

    Attributes:
        record: the element that is a record.
        branches: elements that only hold others. Their text is not read.
        leaves: elements whose text is read.
        whole: elements of which everything is read: text, and every descendant, known or not.
        doubtful: says of a name that is none of these whether it may be one that was not foreseen; such an
            element is read as a whole.
        items: an element that is a leaf only where an attribute says so: its name, the names of such
            attributes, and their values.
        may_be_empty: whether a file without a record is one of the format.
    """

    record: str
    branches: Collection[str] = ()
    leaves: Collection[str] = ()
    whole: Collection[str] = ()
    doubtful: Callable[[str], bool] | None = None
    items: tuple[str, Collection[str], Container[str]] | None = None
    may_be_empty: bool = False


class How(Enum):
    """How an element is read."""

    BRANCH = 1
    LEAF = 2
    WHOLE = 3


def how_read(kept: Kept, name: str) -> How | None:
    """Return how an element of a name is read; None where it is passed over."""
    if name in kept.whole:
        return How.WHOLE
    if name in kept.leaves:
        return How.LEAF
    if name in (kept.record, *kept.branches):
        return How.BRANCH
    return How.WHOLE if kept.doubtful is not None and kept.doubtful(name) else None


class Asked(dict[Any, Any]):
    """What a function says of a name, asked once; a message has few names, and a hostile one many."""

    def __init__(self, ask: Callable[[Any], object]) -> None:
        super().__init__()
        self._ask = ask

    def __missing__(self, name: object) -> object:
        answer = self._ask(name)
        if len(self) < MOST_NAMES:
            self[name] = answer
        return answer
