"""Finds the `grammar/` folder, reads what lies in it and compiles it; nothing else reads that folder."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from lark import Lark

STARTS = ("start", "group_field", "edition_field")
COMPILED = "tnm.compiled"


def grammar_dir() -> Traversable:
    """Return the grammar folder of an installed wheel, or of the checkout next to `src/`."""
    packaged = files("rstage") / "grammar"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "grammar"


@cache
def grammar_text(name: str) -> str:
    """Return the text of one file of the grammar folder."""
    return (grammar_dir() / name).read_text(encoding="utf-8")


def fingerprint() -> bytes:
    """Return what the compiled grammar depends on: its text and the version of lark."""
    import lark

    return hashlib.sha256(f"{lark.__version__}\n{grammar_text('tnm.lark')}".encode()).digest()


def compile_grammar() -> Lark:
    """Return the LALR(1) parser made from the text of the grammar."""
    from lark import Lark

    return Lark(grammar_text("tnm.lark"), parser="lalr", start=list(STARTS), maybe_placeholders=False)


@cache
def parser() -> Lark:
    """Return the parser: from the tables that the wheel carries where they fit, else from the grammar.

    The tables only save the time of compiling (a third of a command's start); a changed grammar or
    another lark makes them unfit, and an editable checkout has none.
    """
    from lark import Lark

    tables = grammar_dir() / COMPILED
    if tables.is_file():
        with tables.open("rb") as handle:
            if handle.read(32) == fingerprint():
                return Lark.load(handle)
    return compile_grammar()


def write_tables(path: Path) -> None:
    """Write the compiled grammar to `path`, as the build of the wheel does."""
    with path.open("wb") as handle:
        handle.write(fingerprint())
        compile_grammar().save(handle)
