"""Where the members of a JSON text stand: offsets, lines and columns, looked for only when asked for."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    Path = tuple[str | int, ...]

_SPACE = re.compile(r"[ \t\r\n]*")


def shown_path(path: Path) -> str:
    """Return a path as text: `entry[3].resource.code`; `$` is the document itself."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".") or "$"


class TextMap:
    """Where the members of a document stand; what leads to the items of its lists is looked for once."""

    def __init__(self, text: str, first_line: int) -> None:
        self._text = text
        self._first_line = first_line
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self._items: dict[str, list[tuple[int, int]]] = {}

    def line_and_column(self, path: Path) -> tuple[int, int]:
        """Return the line and column of the member that a path leads to, as far as it leads."""
        at = self._offset(path)
        line = bisect_right(self._starts, at) - 1
        return self._first_line + line, at - self._starts[line] + 1

    def value(self, path: Path) -> object:
        """Return the member that a path leads to, as far as it leads."""
        return json.JSONDecoder().raw_decode(self._text, self._offset(path))[0]

    def _offset(self, path: Path) -> int:
        decoder, at = json.JSONDecoder(), _skip(self._text, 0)
        if len(path) > 1 and isinstance(path[0], str) and isinstance(path[1], int):
            if path[0] not in self._items:
                self._items[path[0]] = item_spans(self._text, path[0])
            if path[1] < len(self._items[path[0]]):
                at, path = self._items[path[0]][path[1]][0], path[2:]
        for step in path:
            inner = next((start for name, start in _members(self._text, at, decoder) if name == step), None)
            if inner is None:
                break
            at = inner
        return at


def item_spans(text: str, name: str) -> list[tuple[int, int]]:
    """Return where each item of a list stands that is a member of the outermost object."""
    decoder = json.JSONDecoder()
    found: list[tuple[int, int]] = []
    for key, start in _members(text, _skip(text, 0), decoder):
        if key == name:  # of a key that stands twice, JSON keeps the last one
            found = _spans(text, start, decoder) if text[start] == "[" else []
    return found


def _spans(text: str, at: int, decoder: json.JSONDecoder) -> list[tuple[int, int]]:
    """Return where each item of a list stands."""
    return [(start, decoder.raw_decode(text, start)[1]) for _, start in _members(text, at, decoder)]


def member_span(text: str, name: str) -> tuple[int, int] | None:
    """Return where a member of the outermost object stands; None where it has none of that name."""
    decoder = json.JSONDecoder()
    found = [start for key, start in _members(text, _skip(text, 0), decoder) if key == name]
    return (found[-1], decoder.raw_decode(text, found[-1])[1]) if found else None


def _members(text: str, at: int, decoder: json.JSONDecoder) -> Iterator[tuple[str | int, int]]:
    """Yield the name or number of each member of an object or list, and where its value begins."""
    kind, count = text[at], 0
    if kind not in "{[":
        return
    at = _skip(text, at + 1)
    while text[at] not in "}]":
        name: str | int = count
        if kind == "{":
            name, at = decoder.raw_decode(text, at)
            at = _skip(text, _skip(text, at) + 1)
        yield name, at
        at = _skip(text, _end(text, at, decoder))
        at = _skip(text, at + 1) if text[at] == "," else at
        count += 1


def _end(text: str, at: int, decoder: json.JSONDecoder) -> int:
    """Return where a value ends; of a list the items are decoded one by one, so that memory holds one."""
    if text[at] != "[":
        return decoder.raw_decode(text, at)[1]
    at = _skip(text, at + 1)
    while text[at] != "]":
        at = _skip(text, decoder.raw_decode(text, at)[1])
        at = _skip(text, at + 1) if text[at] == "," else at
    return at + 1


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
