"""Reads the tables in `tests/data`: tab-separated, a header first; a line that starts with # is a comment."""

from __future__ import annotations

import csv
import re
from typing import Any

import pytest

from tests.support.paths import CORPORA, DATA

_ESCAPE = re.compile(r"\\(?:([nt\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))")
_NAMED = {"n": "\n", "t": "\t", "\\": "\\"}


def _unescape(cell: str) -> str:
    """Replace escapes: they stand for characters that do not show in a table, or would end a cell."""
    return _ESCAPE.sub(lambda found: _NAMED.get(found[1]) or chr(int(found[2] or found[3], 16)), cell)


def rows(name: str) -> list[dict[str, str]]:
    """Return the lines of a table by the names of its header; a line may leave out its last cells."""
    # Only the line feed ends a line: splitlines would also cut at characters that a cell may hold.
    text = (DATA / name).read_text(encoding="utf-8").removesuffix("\n")
    header, *lines = [line.split("\t") for line in text.split("\n") if not line.startswith("#")]
    found = []
    for cells in lines:
        if len(cells) > len(header):
            raise ValueError(f"{name}: more cells than the header has: {cells}")
        padded = cells + [""] * (len(header) - len(cells))
        found.append(dict(zip(header, map(_unescape, padded), strict=True)))
    return found


def options(text: str) -> dict[str, Any]:
    """Return `field=T; carry_method=True` as keywords: True and False are booleans, all else is text."""
    found: dict[str, Any] = {}
    for part in text.split(";"):
        if part.strip():
            name, _, value = part.partition("=")
            found[name.strip()] = {"True": True, "False": False}.get(value.strip(), value.strip())
    return found


def cases(name: str, *columns: str) -> list[Any]:
    """Return the lines of a table as test parameters, each named by its number and some of its columns."""
    return [
        pytest.param(row, id="-".join([str(number), *(row[column][:40] or "empty" for column in columns)]))
        for number, row in enumerate(rows(name), 1)
    ]


def every_text() -> list[str]:
    """Return each cell of the tables of tests, and of the public corpora where they are there, once."""
    folders = [DATA, *([CORPORA] if CORPORA.is_dir() else [])]
    found = []
    for path in sorted(path for folder in folders for path in folder.glob("*.tsv")):
        with path.open(newline="", encoding="utf-8") as lines:
            table = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            found += [cell for row in table for cell in row if 0 < len(cell) <= 80]
    return list(dict.fromkeys(found))
