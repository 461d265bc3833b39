"""The grammar of the notation, and the parsers that lark makes of it."""

from __future__ import annotations

import io
import re
from functools import cache
from typing import TYPE_CHECKING

from rstage.reference import vocabulary
from rstage.reference.tsv import grammar_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from lark import Lark

STARTS = ("start", "group_field", "edition_field")
COMPILED = "tnm.compiled"


@cache
def grammar_text(name: str) -> str:
    """Return the text of a grammar; the marks in it are filled from the table of values.

    `[<letters>]` becomes `[a-e]` as long as values.tsv has the subcategories a to e.
    """
    marks = {
        "<values>": vocabulary.value_digits(),
        "<letters>": vocabulary.subcategory_letters(),
        "<LETTERS>": vocabulary.subcategory_letters().upper(),
        "<digits>": vocabulary.subcategory_digits(),
    }
    text = grammar_bytes(name).decode("utf-8")
    return re.sub("|".join(marks), lambda mark: marks[mark[0]], text)


def _fingerprint() -> bytes:
    """Return what the compiled grammar depends on: the version of lark and the text with its marks filled."""
    import lark

    return f"{lark.__version__}\n{grammar_text('tnm.lark')}\0".encode()


def compile_grammar() -> Lark:
    """Return the LALR(1) parser made from the text of the grammar."""
    from lark import Lark

    return Lark(grammar_text("tnm.lark"), parser="lalr", start=list(STARTS), maybe_placeholders=False)


def load_tables(tables: bytes) -> Lark | None:
    """Return the parser of tables that `write_tables` wrote; None where they no longer fit the grammar."""
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

    Few texts need one, so each is compiled for the first text that does.
    """
    from lark import Lark

    text = grammar_text("head.lark") + grammar_text(f"{name}.lark")
    return Lark(text, parser="lalr", maybe_placeholders=False)


@cache
def parser() -> Lark:
    """Return the parser: from the compiled tables of the wheel where they fit, else from the grammar.

    The tables only save the time of compiling, a third of a command's start; an editable checkout has none.
    """
    try:
        tables = grammar_bytes(COMPILED)
    except OSError:
        return compile_grammar()
    return load_tables(tables) or compile_grammar()
