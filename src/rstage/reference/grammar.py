"""Reads what lies in the `grammar/` folder and compiles it; nothing else reads that folder."""

from __future__ import annotations

import io
import os
import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lark import Lark

STARTS = ("start", "group_field", "edition_field")
MAIN = "tnm.lark"
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


def tsv_lines(name: str) -> list[list[str]]:
    """Return the cells of each line of a table of the grammar folder, without comments and the header."""
    lines = [line for line in grammar_text(name).splitlines() if not line.startswith("#")]
    return [line.split("\t") for line in lines[1:]]


def _words() -> dict[str, str]:
    """Return the lists of words as regular expressions."""
    lists: dict[str, list[tuple[str, str]]] = {}
    for name, words, case, _source in tsv_lines("words.tsv"):
        lists.setdefault(name, []).extend((word, case) for word in words.split("|"))
    # FIGO has a terminal of its own.
    systems = [names for system, *names, _, _ in tsv_lines("systems.tsv") if system != "FIGO"]
    names = [name for written in systems for name in "|".join(written).split("|") if name]
    lists["SYSTEM_NAME"] = [(name, "exact" if is_exact_name(name) else "any") for name in names]
    return {name: _one_of(words) for name, words in lists.items()}


def is_exact_name(name: str) -> bool:
    """Return whether the name of a system counts only as it is written: a short one could be any word."""
    return len(name) <= 4 or "ISS" in name


def _one_of(words: list[tuple[str, str]]) -> str:
    """Return what matches one of the words, the longest of a letter first; each stands beside its case.

    The branches begin with different letters, so that few are tried at a place.
    """
    rests: dict[tuple[str, str], list[str]] = {}
    for word, case in sorted(dict.fromkeys(words), key=lambda entry: (-len(entry[0]), entry)):
        rests.setdefault((word[0] if case == "exact" else word[0].lower(), case), []).append(spaced(word)[1:])
    branches = [
        f"{letter}(?:{'|'.join(found)})"
        if case == "exact"
        else f"[{letter}{letter.upper()}](?i:{'|'.join(found)})"
        for (letter, case), found in sorted(rests.items())
    ]
    return f"(?:{'|'.join(branches)})"


def spaced(word: str) -> str:
    """Return the regular expression of a word in which one blank or hyphen stands for any."""
    return re.sub(r"(?:\\ |\\-)+", "[ -]+", re.escape(word)).replace("/", r"\/")


def _source(*names: str) -> str:
    """Return the text of a grammar: the lists of words as terminals, and the files."""
    words = [f"{name}: /{expression}/" for name, expression in _words().items()]
    return "\n".join([*words, *map(grammar_text, names)])


def _fingerprint() -> bytes:
    """Return what the compiled grammar depends on: the version of lark and the text of the grammar."""
    import lark

    return f"{lark.__version__}\n{_source(MAIN)}\0".encode()


def compile_grammar() -> Lark:
    """Return the LALR(1) parser made from the text of the grammar."""
    from lark import Lark

    return Lark(_source(MAIN), parser="lalr", start=list(STARTS), maybe_placeholders=False)


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

    return Lark(_source("head.lark", f"{name}.lark"), parser="lalr", maybe_placeholders=False)


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


@cache
def terminals() -> dict[str, str]:
    """Return the regular expression of each terminal of the grammar, its pieces put in."""
    return {terminal.name: terminal.pattern.to_regexp() for terminal in parser().terminals}


@cache
def notation_words() -> frozenset[str]:
    """Return the words of four letters or more that stand in a terminal, in lower case.

    The names of systems are none of them: they can be surnames.
    """
    text = " ".join(terminals().values())
    for expression in sorted(_words().values(), key=len, reverse=True):
        text = text.replace(expression, " ")
    # What stands between square brackets are characters, not words.
    text = re.sub(r"\[[^\]]*\]", " ", text)
    listed = " ".join(words for _, words, *_ in tsv_lines("words.tsv"))
    return frozenset(word.lower() for word in re.findall(r"[^\W\d_]{4,}", f"{text} {listed}"))
