"""The cells of one JSON object: its keys are the columns, what is nested in it is reached by its path."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DEEPEST = 4
"""Names in a path; what is nested deeper is no column of its own."""

written = json.JSONEncoder(ensure_ascii=False).encode
"""Returns a value as JSON."""


class JsonCells:
    """Writes cells as further keys with their values."""

    separator = ","

    def write(self, names: Sequence[str], cells: Sequence[str]) -> str:
        """Return keys with their values."""
        return "".join(f",{written(name)}:{written(cell)}" for name, cell in zip(names, cells, strict=True))

    def around(self, name: str, _characters: str) -> tuple[str, str]:
        """Return what stands before and behind a value; these characters need no escape."""
        return f',{written(name)}:"', '"'

    def read(self, text: str) -> list[str]:
        """Return the values that `write` wrote."""
        return list(json.loads("{" + text[1:] + "}").values())


def object_cells(text: str) -> dict[str, str]:
    """Return the cells of an object by their columns; none where the text is no object with each key once.

    What an object holds that is an object itself, or a list of one object, has columns of its own, called
    like the way to it: `diagnoses.ajcc_pathologic_t`. Where the list has several objects, such a cell is the
    list of all their values as JSON, which is no stage: none of them is taken for the one that is meant.
    """
    try:
        # A lone surrogate, which JSON can escape, is no text that could be written again.
        found = _decode(text)
        if "\\u" in text:
            json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    cells = {key: _text(value) for key, value in found.items()}
    for key, value in found.items():
        if isinstance(value, (dict, list)):
            for path, cell in _nested(key, value, 1):
                cells.setdefault(path, cell)
    return cells


def _nested(path: str, value: Any, depth: int) -> Iterator[tuple[str, str]]:
    """Yield the cells that stand in a value, each with its path."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if depth == DEEPEST:
        return
    if isinstance(value, dict):
        for key, one in value.items():
            yield f"{path}.{key}", _text(one)
            yield from _nested(f"{path}.{key}", one, depth + 1)
    elif isinstance(value, list) and all(isinstance(one, dict) for one in value):
        for key in dict.fromkeys(key for one in value for key in one):
            yield f"{path}.{key}", written([one.get(key) for one in value])


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refused(_name: str) -> None:
    raise ValueError("this is no JSON number")


_decode = json.JSONDecoder(
    object_pairs_hook=_no_repeats, parse_int=str, parse_float=str, parse_constant=_refused
).decode


def _text(value: Any) -> str:
    """Return a value as a cell; one that is no text or number comes as JSON, and is no stage."""
    if isinstance(value, str):
        return value
    return "" if value is None else written(value)
