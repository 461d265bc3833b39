"""The items of NAACCR XML that are read: which one an element is, and those of one patient or tumor."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from rstage import rules
from rstage.caches import cached
from rstage.diagnostics import Severity
from rstage.messages.message import MessageFinding
from rstage.messages.naaccr.own_items import is_as_written
from rstage.messages.xml_names import is_of_xml
from rstage.reference.tsv import data_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rstage.diagnostics import Diagnostic
    from rstage.messages.naaccr.own_items import ItemKind
    from rstage.messages.xml_nodes import Node

# A name that none of the lists has, of a user's own dictionary or of a later version.
_LIKE_STAGING = re.compile(r"tnm|ajcc|uicc|figo|stag(?:e|ing)|stg|restag|recurren", re.IGNORECASE)
_OTHER = "other"
_ATTRIBUTES = {"naaccrId", "naaccrNum"}
_KINDS = ("an element of a user", "an item of staging")


class Item(NamedTuple):
    """What an item is: the block it belongs to, and the part of a stage or what else it holds."""

    block: str
    part: str


@cache
def known_items() -> dict[str, Item]:
    """Return the items by their names, and by their numbers."""
    return {
        name: Item(row["block"], row["part"])
        for table in ("naaccr_items.tsv", "naaccr_derived_items.tsv")
        for row in data_rows(table)
        for name in (row["item"], row["name"])
    }


@cache
def _not_read() -> dict[str, str]:
    """Return what the items are that are named like staging and are not read."""
    return {
        name: row["what"] for row in data_rows("naaccr_not_read.tsv") for name in (row["item"], row["name"])
    }


@cache
def _beginnings() -> dict[str, str]:
    """Return the blocks by what the names of their items begin with, the longest first."""
    names: dict[str, list[str]] = {}
    for name, item in known_items().items():
        if item.block and item.part != "S" and not name.isdigit():
            names.setdefault(item.block, []).append(name)
    found = {_shared_beginning(those): block for block, those in names.items()}
    return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))


def _shared_beginning(names: list[str]) -> str:
    first, last = min(names), max(names)
    differs = (place for place, letter in enumerate(first) if not last.startswith(letter, place))
    return first[: next(differs, len(first))]


class KeptItems:
    """The names and numbers of the items that are looked at: `in` says whether one is."""

    def __contains__(self, name: object) -> bool:
        return name in known_items() or _not_read().get(str(name)) == _OTHER or is_unknown(str(name))


def is_unknown(name: str) -> bool:
    """Return whether an item is of no list and named as if it were one of staging."""
    return name not in known_items() and name not in _not_read() and is_like_staging(name)


def is_like_staging(name: str) -> bool:
    """Return whether a name is as if it were one of staging; elements of a user can stand between items."""
    return _LIKE_STAGING.search(name) is not None


class _Said(NamedTuple):
    """What the attributes of an element say.

    Attributes:
        item: which item it is, by its name or else by its number; None where it is not read.
        other: which one its number says where that is another one.
        is_plain: whether they say that and nothing else.
        is_staging: whether it may be one of staging.
    """

    item: Item | None
    other: Item | None
    is_plain: bool
    is_staging: bool


@cached()
def _said(given: tuple[str, ...]) -> _Said:
    """Return what attributes say, given as names and values in turns."""
    known, attributes = known_items(), dict(zip(given[::2], given[1::2], strict=True))
    named, numbered = known.get(attributes.get("naaccrId", "")), known.get(attributes.get("naaccrNum", ""))
    is_plain = all(name in _ATTRIBUTES or is_of_xml(name) for name in attributes)
    items = [item for item in (named, numbered) if item is not None]
    is_staging = any(item.block for item in items) or not items
    other = numbered if named is not None and numbered != named else None
    return _Said(named or numbered, other, is_plain, is_staging)


class Items:
    """The items that stand directly in an element.

    Args:
        node: the element.
        record: the number of its record.
        is_tumor: whether it is a tumor.
        own: the items of restagings that the message has a dictionary for.

    Attributes:
        findings: what is wrong with the items themselves.
        elsewhere: what stands in the element and is no item of it: other elements, and items inside items.
    """

    def __init__(
        self, node: Node, record: int, *, is_tumor: bool, own: Mapping[str, ItemKind] | None = None
    ) -> None:
        self._is_tumor = is_tumor
        self._own = own or {}
        self._record = record
        # By block, in the order of the message, and part.
        self._nodes: dict[str, dict[str, Node]] = {}
        self._doubtful: frozenset[Item] = frozenset()
        self._unknown: frozenset[str] = frozenset()
        self.findings: list[MessageFinding] = []
        self.elsewhere: list[Node] = []
        for child in node.children:
            if child.name != "Item":
                self.elsewhere.append(child)
            elif child.children:
                self.elsewhere += child.children
                self._add(child)
            elif child.text.strip():
                self._add(child)
        self._alone = self._nodes.pop("", {})
        for item in self._doubtful:
            if not item.block:
                self._alone.pop(item.part, None)

    def _add(self, node: Node) -> None:
        item, other, is_plain, _ = _said(node.given)
        if item is None:
            if self._is_tumor:
                self._leave(node)
            return
        if other is not None:
            self._doubtful |= {item, other}
            self.findings.append(self.found(rules.NAME_AND_NUMBER_DIFFER.at(), node))
            return
        block, part = item
        if not is_plain and block:
            self._unknown |= {block}
            self.findings.append(self.found(rules.ITEM_UNKNOWN.at(severity=Severity.ERROR), node))
        if block not in self._nodes:
            self._nodes[block] = {}
        first = self._nodes[block].setdefault(part, node)
        if first is not node and first.text.strip() != node.text.strip():
            self._doubtful |= {item}
            self.findings.append(self.found(rules.ITEM_TWICE.at(), node))

    def _leave(self, node: Node) -> None:
        """Note an item that is not read; one that belongs to a block makes its staging unusable.

        An item in which a restaging was written says nothing new: the restaging follows from the others.
        """
        name = node.attributes.get("naaccrId", "")
        own = self._own.get(name)
        if own is not None and not node.children and is_as_written(own, node.text.strip()):
            return
        if not is_unknown(name):
            self.findings.append(self.found(rules.OTHER_STAGING_ITEM.at(), node))
            return
        block = next((block for start, block in _beginnings().items() if name.startswith(start)), "")
        if block:
            self._unknown |= {block}
        severity = Severity.ERROR if block else Severity.WARNING
        self.findings.append(self.found(rules.ITEM_UNKNOWN.at(severity=severity), node))

    def found(self, diagnostic: Diagnostic, node: Node) -> MessageFinding:
        """Return a finding at an item."""
        return MessageFinding(diagnostic, node.place(self._record), node.text.strip())

    def node(self, part: str) -> Node | None:
        """Return an item that belongs to no block, has a text, and only one."""
        return self._alone.get(part)

    def is_doubtful(self, block: str) -> bool:
        """Return whether something that the staging of a block needs is not known for sure."""
        return block in self._unknown or (
            bool(self._doubtful)
            and any(one.block == block or one.part == "edition" for one in self._doubtful)
        )

    def text(self, part: str) -> str:
        """Return the text of an item that belongs to no block; empty where there is none."""
        node = self._alone.get(part)
        return node.text.strip() if node is not None else ""

    def blocks(self) -> dict[str, dict[str, Node]]:
        """Return the items of staging by block, in the order of the message."""
        return self._nodes

    def astray(self, nodes: Iterable[Node]) -> list[MessageFinding]:
        """Return a finding for each item of staging that stands outside a tumor, or too deep in one.

        The same for an element that is no item and is called as if it were of staging.
        """
        return [
            self.found(rules.UNREAD_STAGING.at(element=_KINDS[node.name == "Item"]), node)
            for node in _astray(nodes)
        ]


def _astray(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield the items of staging among elements that hold none, and in all that stand inside them."""
    for node in nodes:
        if node.name == "Item":
            if node.children:
                yield from _astray(node.children)
            if node.text.strip() and _said(node.given).is_staging:
                yield node
        elif is_like_staging(node.name) and (node.text.strip() or node.children):
            yield node
        else:
            yield from _astray(node.children)
