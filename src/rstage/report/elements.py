"""Elements of HTML and SVG. The standard library writes them, so that no text of the input becomes markup."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterable

    Content = str | ET.Element

LONGEST_TEXT = 120
"""Characters of one text of the input that a page shows."""


def element(tag: str, *content: Content, **attributes: str) -> ET.Element:
    """Return an element; `class_` stands for `class`, `aria_hidden` for `aria-hidden`."""
    made = ET.Element(tag, {name.rstrip("_").replace("_", "-"): text for name, text in attributes.items()})
    last: ET.Element | None = None
    for one in content:
        if not isinstance(one, str):
            made.append(one)
            last = one
        elif last is None:
            made.text = (made.text or "") + printable(one)
        else:
            last.tail = (last.tail or "") + printable(one)
    return made


def printable(text: str) -> str:
    """Return a text with what has no picture escaped: such a character can turn a line around."""
    return text if text.isprintable() else "".join(map(_escaped, text))


def _escaped(character: str) -> str:
    return character if character.isprintable() else ascii(character)[1:-1]


def clipped(text: str) -> str:
    """Return a text of the input, and no more of it than a cell of a table holds."""
    text = printable(text)
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def document(root: ET.Element) -> str:
    """Return a whole page as text."""
    return "<!doctype html>\n" + ET.tostring(root, encoding="unicode", method="html") + "\n"


def row(cells: Iterable[ET.Element]) -> ET.Element:
    """Return a row of a table."""
    return element("tr", *cells)


def number(count: int) -> ET.Element:
    """Return a cell with a count."""
    return element("td", f"{count:,}", class_="number")
