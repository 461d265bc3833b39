"""The items of NAACCR XML that are read: which one an element is, and those of one patient or tumor."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from rstage import rules
from rstage.messages.message import MessageFinding
from rstage.reference.tsv import data_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rstage.diagnostics import Diagnostic
    from rstage.messages.xml_stream import Node


class Item(NamedTuple):
    """What an item is: the block it belongs to, and the part of a stage or what else it holds."""

    block: str
    part: str


@cache
def known_items() -> dict[str, Item]:
    """Return the items by their names, and by their numbers."""
    return {
        name: Item(row["block"], row["part"])
        for row in data_rows("naaccr_items.tsv")
        for name in (row["item"], row["name"])
    }


def _named(node: Node) -> tuple[Item | None, Item | None]:
    """Return what the name of an element says it is, and what its number says; one of them is known."""
    known, attributes = known_items(), node.attributes
    return known.get(attributes.get("naaccrId", "")), known.get(attributes.get("naaccrNum", ""))


class Items:
    """The items that stand directly in an element.

    Attributes:
        findings: what is wrong with the items themselves.
    """

    def __init__(self, node: Node, record: int) -> None:
        self._record = record
        self._nodes: dict[Item, Node] = {}
        self._doubtful: set[Item] = set()
        self.findings: list[MessageFinding] = []
        for child in node.children:
            if child.name == "Item" and child.text.strip():
                self._add(child)

    def _add(self, node: Node) -> None:
        named, numbered = _named(node)
        item = named or numbered
        if item is None:
            return
        if named is not None and numbered is not None and named != numbered:
            self._doubtful |= {named, numbered}
            self.findings.append(self.found(rules.NAME_AND_NUMBER_DIFFER.at(), node))
            return
        first = self._nodes.setdefault(item, node)
        if first.text.strip() != node.text.strip():
            self._doubtful.add(item)
            self.findings.append(self.found(rules.ITEM_TWICE.at(), node))

    def found(self, diagnostic: Diagnostic, node: Node) -> MessageFinding:
        """Return a finding at an item."""
        return MessageFinding(diagnostic, node.place(self._record), node.text.strip())

    def node(self, part: str, block: str = "") -> Node | None:
        """Return an item that has a text, and only one."""
        item = Item(block, part)
        return None if item in self._doubtful else self._nodes.get(item)

    def is_doubtful(self, block: str) -> bool:
        """Return whether something that the staging of a block needs is not known for sure."""
        return any(one.block == block or one.part == "edition" for one in self._doubtful)

    def text(self, part: str) -> str:
        """Return the text of an item that belongs to no block; empty where there is none."""
        node = self.node(part)
        return node.text.strip() if node is not None else ""

    def blocks(self) -> dict[str, dict[str, Node]]:
        """Return the items of staging by block, in the order of the message."""
        made: dict[str, dict[str, Node]] = {}
        for item, node in self._nodes.items():
            if item.block:
                made.setdefault(item.block, {})[item.part] = node
        return made

    def astray(self, nodes: Iterable[Node]) -> list[MessageFinding]:
        """Return a finding for each item of staging that stands outside a tumor, or too deep in one."""
        unread = rules.UNREAD_STAGING.at(element="an item of staging")
        return [self.found(unread, node) for node in _astray(nodes)]


def _astray(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield the items of staging among elements that hold none, and in all that stand inside them."""
    for node in nodes:
        if node.name != "Item":
            yield from _astray(node.children)
        elif node.text.strip() and any(item.block for item in _named(node) if item is not None):
            yield node
