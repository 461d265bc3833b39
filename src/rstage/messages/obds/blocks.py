"""A block of TNM: the parts of a stage that its elements hold. Whatever else stands in it is told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rstage import rules
from rstage.messages.obds.elements import DATE, PARTS, REPORT_DATES
from rstage.messages.xml_names import is_of_xml
from rstage.privacy import shown
from rstage.restaging.staging import partial_date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rstage.diagnostics import Diagnostic
    from rstage.messages.xml_nodes import Node

# V is a whole date that was estimated: not even its year is known.
_KNOWN_LENGTH = {"E": 10, "T": 7, "M": 4, "V": 0}
_GERMAN_DATE = re.compile(r"(\d\d)\.(\d\d)\.(\d{4})", re.ASCII)
_UNUSABLE = (rules.ELEMENT_NOT_READ.code, rules.ELEMENT_TWICE.code)
# Attributes of a block that say nothing of its stage.
_IDS = ("ID", "TNM_ID")
_PRECISION = "Datumsgenauigkeit"


class BlockElements:
    """The elements of a block.

    Attributes:
        parts: the elements that hold a part of the stage, by the keywords of `read_parts`.
        found: what was found, each with its element.
    """

    def __init__(self, block: Node) -> None:
        self.parts: dict[str, Node] = {}
        self.found: list[tuple[Diagnostic, Node]] = []
        self._block = block
        self._date: Node | None = None
        self._refuse_attributes(block, _IDS)
        if block.text.strip():
            self._refuse("a text", block)
        for node in block.children:
            self._take(node)

    @property
    def is_unusable(self) -> bool:
        """Whether something was not understood that may change what the stage says."""
        return any(one.code in _UNUSABLE for one, _ in self.found)

    @property
    def id(self) -> str | None:
        """The id of the block."""
        return next((self._block.attributes[name] for name in _IDS if name in self._block.attributes), None)

    def _take(self, node: Node) -> None:
        name = node.name.removeprefix("TNM_")
        if node.children or (name != DATE and name not in PARTS):
            self._refuse(shown(node.name), node)
            return
        self._refuse_attributes(node, (_PRECISION,) if name == DATE else ())
        if not node.text.strip():
            return
        first = self._first(name, node)
        if first.text.strip() != node.text.strip():
            self.found.append((rules.ELEMENT_TWICE.at(element=node.name), node))

    def _first(self, name: str, node: Node) -> Node:
        if name == DATE:
            self._date = self._date or node
            return self._date
        return self.parts.setdefault(PARTS[name], node)

    def _refuse_attributes(self, node: Node, known: Iterable[str]) -> None:
        for name in node.attributes.keys() - set(known):
            if not is_of_xml(name):
                self._refuse(shown(name), node)

    def _refuse(self, element: str, node: Node) -> None:
        """Note what is not read: it may be an r, a y, a method or a doubt, so the stage cannot be used."""
        self.found.append((rules.ELEMENT_NOT_READ.at(element=element), node))

    def date(self, report: Node, assignment: Node | None) -> str | None:
        """Return the date of the block, else that of its report, as far as it is known.

        Args:
            report: the report.
            assignment: what else holds the date of a diagnosis.
        """
        around = report.direct(*REPORT_DATES)
        if assignment is not None:
            around += assignment.direct(*REPORT_DATES)
        date, wrong = first_date([self._date, *around])
        if wrong is not None:
            self.found.append((rules.DATE_NOT_READ.at(element=wrong.name), wrong))
        return date


def first_date(nodes: Iterable[Node | None]) -> tuple[str | None, Node | None]:
    """Return the first date that is given, as far as it is known, and the element where it cannot be read."""
    for node in nodes:
        if node is not None and node.text.strip():
            try:
                return _partial(node), None
            except ValueError:
                return None, node
    return None, None


def _partial(node: Node) -> str | None:
    """Return a date as far as it is known.

    Raises:
        ValueError: it is no date.
    """
    text = node.text.strip()
    german = _GERMAN_DATE.fullmatch(text)
    if german:
        day, month, year = german.groups()
        text = year if month == "00" else f"{year}-{month}" if day == "00" else f"{year}-{month}-{day}"
        if year == "0000":
            return None
    length = _KNOWN_LENGTH.get(node.attributes.get(_PRECISION, "E"), 0)
    return partial_date(text[:10]) and (text[:length] or None)
