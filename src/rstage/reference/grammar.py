"""The grammar of the notation, and the parsers that lark makes of it."""

from __future__ import annotations

import io
import re
from functools import cache
from typing import TYPE_CHECKING

from rstage.reference import vocabulary
from rstage.reference.tsv import grammar_bytes, grammar_rows

if TYPE_CHECKING:
    from pathlib import Path

    from lark import Lark

STARTS = ("start", "group_field", "edition_field")
MAIN = "tnm.lark"
COMPILED = "tnm.compiled"
SOURCES = (MAIN, "words.tsv", "systems.tsv", "values.tsv")
"""What the parser is made of."""


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


def _words() -> dict[str, str]:
    """Return the lists of words as regular expressions."""
    lists: dict[str, list[tuple[str, str]]] = {}
    for row in grammar_rows("words.tsv"):
        lists.setdefault(row["list"], []).extend((word, row["case"]) for word in row["words"].split("|"))
    # FIGO has a terminal of its own.
    systems = [row for row in grammar_rows("systems.tsv") if row["system"] != "FIGO"]
    written = [row[column] for row in systems for column in ("names", "other_names") if row[column]]
    names = "|".join(written).split("|")
    lists["SYSTEM_NAME"] = [(name, "exact" if is_exact_name(name) else "any") for name in names]
    return {name: _one_of(words) for name, words in lists.items()}


def is_exact_name(name: str) -> bool:
    """Return whether the name of a system counts only as it is written: a short one could be any word."""
    return len(name) <= 4 or "ISS" in name


def _one_of(words: list[tuple[str, str]]) -> str:
    """Return what matches one of the words; each stands beside its case."""
    exact = dict.fromkeys(word for word, case in words if case == "exact")
    loose = dict.fromkeys(word.lower() for word, case in words if case != "exact")
    branches = [_spelled([*exact])] if exact else []
    if loose:
        branches.append(f"(?i:{_spelled([*loose])})")
    return f"(?:{'|'.join(branches)})"


def _spelled(words: list[str]) -> str:
    """Return what matches one of the words, of two that begin alike the longer one.

    What several begin with stands once, so that few branches are tried at a place.
    """
    rests: dict[str, list[str]] = {}
    for word in filter(None, words):
        blanks = re.match("[ -]+", word)
        first = word[: blanks.end() if blanks else 1]
        rests.setdefault(spaced(first), []).append(word[len(first) :])
    branches = [first + _spelled(behind) for first, behind in rests.items()]
    is_whole = "" in words
    if not is_whole and len(branches) == 1:
        return branches[0]
    return f"(?:{'|'.join(branches)}){'?' * is_whole}" if branches else ""


def spaced(word: str) -> str:
    """Return the regular expression of a word in which one blank or hyphen stands for any."""
    return re.sub(r"(?:\\ |\\-)+", "[ -]+", re.escape(word)).replace("/", r"\/")


def _source(*names: str) -> str:
    """Return the text of a grammar: the lists of words as terminals, and the files."""
    words = [f"{name}: /{expression}/" for name, expression in _words().items()]
    return "\n".join([*words, *map(grammar_text, names)])


def _fingerprint() -> bytes:
    """Return what the compiled grammar depends on: the version of lark, the text and the tables in it."""
    import lark

    return b"\0".join([lark.__version__.encode(), *map(grammar_bytes, SOURCES), b""])


def compile_grammar() -> Lark:
    """Return the LALR(1) parser made from the text of the grammar."""
    from lark import Lark

    return Lark(_source(MAIN), parser="lalr", start=list(STARTS), maybe_placeholders=False)


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

    return Lark(_source("head.lark", f"{name}.lark"), parser="lalr", maybe_placeholders=False)


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


@cache
def terminals() -> dict[str, str]:
    """Return the regular expression of each terminal of the grammar, its pieces put in."""
    return {terminal.name: terminal.pattern.to_regexp() for terminal in parser().terminals}


@cache
def notation_words() -> frozenset[str]:
    """Return the words of four letters or more that stand in a terminal, in lower case.

    The names of systems are none of them: they can be surnames. Nor are the translated words of recurrence:
    outside their bracket they tell of a patient.
    """
    text = " ".join(terminals().values())
    for expression in sorted(_words().values(), key=len, reverse=True):
        text = text.replace(expression, " ")
    # What stands between square brackets are characters, not words.
    text = re.sub(r"\[[^\]]*\]", " ", text)
    rows = [row for row in grammar_rows("words.tsv") if row["list"] != "RECURRENT_TRANSLATED"]
    listed = " ".join(row["words"] for row in rows)
    return frozenset(word.lower() for word in re.findall(r"[^\W\d_]{4,}", f"{text} {listed}"))
