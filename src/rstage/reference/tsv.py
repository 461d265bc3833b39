"""The files that come with the package, and the rows of those that are tables (TSV)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# os.path and the loader, because pathlib and importlib.resources cost a command's start a tenth of its time.
# The loader reads a zipped wheel as well.
_PACKAGE = os.path.dirname(os.path.dirname(__file__))
_GRAMMAR_OF_WHEEL = os.path.join(_PACKAGE, "grammar")
_GRAMMAR_OF_CHECKOUT = os.path.join(_PACKAGE, "..", "..", "grammar")
_read: Callable[[str], bytes] = globals()["__loader__"].get_data


def package_text(*path: str) -> str:
    """Return the text of a file of the package, such as `"data", "schema.json"`."""
    return _read(os.path.join(_PACKAGE, *path)).decode("utf-8")


def grammar_bytes(name: str) -> bytes:
    """Return a file of the grammar folder: of an installed wheel, or of the checkout.

    Raises:
        OSError: there is no such file.
    """
    try:
        return _read(os.path.join(_GRAMMAR_OF_WHEEL, name))
    except OSError:
        return _read(os.path.join(_GRAMMAR_OF_CHECKOUT, name))


def data_rows(name: str, folder: str = "data") -> list[dict[str, str]]:
    """Return the rows of a table of the package by the names in its header."""
    return _rows(package_text(folder, *name.split("/")))


def grammar_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table of the grammar folder by the names in its header."""
    return _rows(grammar_bytes(name).decode("utf-8"))


def _rows(text: str) -> list[dict[str, str]]:
    """Return the rows of a table; a line that begins with # is a comment."""
    header, *lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return [dict(zip(header, cells, strict=True)) for cells in lines]
