"""Reads what lies in the `grammar/` folder and compiles it; nothing else reads that folder."""

from __future__ import annotations

import io
import os
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lark import Lark

STARTS = ("start", "group_field", "edition_field")
COMPILED = "tnm.compiled"

# os.path and the loader, because pathlib and importlib.resources cost a command's start a tenth of its time.
_PACKAGE = os.path.dirname(os.path.dirname(__file__))
_WHEEL = os.path.join(_PACKAGE, "grammar")
_CHECKOUT = os.path.join(_PACKAGE, "..", "..", "grammar")
_read_bytes: Callable[[str], bytes] = globals()["__loader__"].get_data


def _read(name: str) -> bytes:
    """Return a file of the grammar folder: of an installed wheel, zipped or not, or of the checkout.

    Raises:
        OSError: there is no such file.
    """
    try:
        return _read_bytes(os.path.join(_WHEEL, name))
    except OSError:
        return _read_bytes(os.path.join(_CHECKOUT, name))


@cache
def grammar_text(name: str) -> str:
    """Return the text of one file of the grammar folder."""
    return _read(name).decode("utf-8")


def _fingerprint() -> bytes:
    """Return what the compiled grammar depends on: the version of lark and the text of the grammar."""
    import lark

    return f"{lark.__version__}\n{grammar_text('tnm.lark')}\0".encode()


def compile_grammar() -> Lark:
    """Return the LALR(1) parser made from the text of the grammar."""
    from lark import Lark

    return Lark(grammar_text("tnm.lark"), parser="lalr", start=list(STARTS), maybe_placeholders=False)


def load_tables(tables: bytes) -> Lark | None:
    """Return the parser of tables that `write_tables` wrote; nothing where they no longer fit the grammar."""
    from lark import Lark

    fingerprint = _fingerprint()
    return Lark.load(io.BytesIO(tables[len(fingerprint) :])) if tables.startswith(fingerprint) else None


def write_tables(path: Path) -> None:
    """Write the compiled grammar to `path`, as the build of the wheel does."""
    with path.open("wb") as handle:
        handle.write(_fingerprint())
        compile_grammar().save(handle)


@cache
def group_parser(name: str) -> Lark:
    """Return the LALR(1) parser of whole groups of a kind of system: `figo`, `lymphoma` or `listed`.

    Few texts need one, so that each is compiled where the first does.
    """
    from lark import Lark

    text = grammar_text("head.lark") + grammar_text(f"{name}.lark")
    return Lark(text, parser="lalr", maybe_placeholders=False)


@cache
def parser() -> Lark:
    """Return the parser: from the tables that the wheel carries where they fit, else from the grammar.

    The tables only save the time of compiling, a third of a command's start; an editable checkout has none.
    """
    try:
        tables = _read(COMPILED)
    except OSError:
        return compile_grammar()
    return load_tables(tables) or compile_grammar()
