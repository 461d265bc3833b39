"""What the name of a column says, word by word."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from rstage.reference.systems import find_system
from rstage.reference.tsv import data_rows

_WORD = re.compile(r"[A-ZÄÖÜ]+(?![a-zäöü])|[A-ZÄÖÜ]?[a-zäöüßáéíóúàèçãõñ]+|\d+")
_LETTERS = ("T", "N", "M")
_OWNERS = frozenset(("ajcc", "uicc"))
_SHORTEST_IN_COMPOUND = 5
_FLAGS = ("r", "y", "a", "m")


class NameSays(NamedTuple):
    """What a name says; nothing of it is certain.

    Attributes:
        parts: the parts of a stage that it names: letters, `group`, `edition` or `system`.
        beside: `T_method` and the like, or `r`, for what stands beside a value; empty for a value itself.
        method: `p` or `c`. timing: `dx` or `new`. numbers: what tells apart stages of one kind.
        system: the staging system other than TNM that it names.
        others: `date`, `id`, `tumor`, `patient`, `site`, `event` and `other`, as far as it names them.
        words: all its words.
    """

    parts: tuple[str, ...] = ()
    beside: str = ""
    method: str = ""
    timing: str = ""
    numbers: str = ""
    system: str = ""
    others: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()

    @property
    def letter(self) -> str:
        """The only letter that it names, else nothing."""
        letters = [part for part in self.parts if part in _LETTERS]
        return letters[0] if len(letters) == 1 else ""


def name_says(name: str) -> NameSays:
    """Return what the name of a column says."""
    words = tuple(part for word in _WORD.findall(name) for part in _split(word.casefold()))
    meanings = [(word, _meanings().get(word, ())) for word in words]
    beside = next((one for one in ("method", "flag") if any(one in said for _, said in meanings)), "")
    if beside:
        meanings = _about(meanings, beside)
    said = [one for _, found in meanings for one in found]
    parts = tuple(dict.fromkeys(one for one in said if one in (*_LETTERS, "group", "edition", "system")))
    methods = {one for one in said if one in ("p", "c")}
    timings = {one for one in said if one in ("dx", "new")}
    return NameSays(
        parts=parts,
        beside=_beside(beside, [word for word, _ in meanings], parts),
        method=methods.pop() if len(methods) == 1 else "",
        timing="new" if "new" in timings else "dx" if timings else "",
        numbers="" if _OWNERS.intersection(words) else "".join(word for word in words if word.isdecimal()),
        system=_system(words),
        others=frozenset(said) - {*parts, "p", "c", "dx", "new", "method", "flag"},
        words=words,
    )


def _system(words: tuple[str, ...]) -> str:
    """Return the system that words name; some of its names count only as they are written."""
    text = " ".join(words)
    found = (find_system(one) for one in (text.upper(), text.title()))
    return next((one[0] for one in found if one is not None), "")


def _split(word: str) -> tuple[str, ...]:
    """Return the words of which a German compound is made, as far as they are known: `diagnosedatum`."""
    known = _meanings()
    if word in known or len(word) < 2 * _SHORTEST_IN_COMPOUND:
        return (word,)
    for end in range(len(word) - _SHORTEST_IN_COMPOUND, _SHORTEST_IN_COMPOUND - 1, -1):
        first, last = word[:end], word[end:]
        if last in known or first in known:
            return first.removesuffix("s") if first not in known else first, last
    return (word,)


def _about(meanings: list[tuple[str, tuple[str, ...]]], beside: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the words that say what a column stands beside: those behind its word, else those before."""
    place = next(place for place, (_, said) in enumerate(meanings) if beside in said)
    behind = meanings[place + 1 :]
    has_value = any(set(said) & {*_LETTERS, "group"} for _, said in behind)
    return behind if beside == "method" and has_value else [*meanings[:place], *behind]


def _beside(kind: str, words: list[str], parts: tuple[str, ...]) -> str:
    if kind == "flag":
        return next((word for word in words if word in _FLAGS), "")
    if kind == "method":
        value = next((part for part in parts if part in (*_LETTERS, "group")), "")
        return f"{value}_method" if value else ""
    return ""


@cache
def _meanings() -> dict[str, tuple[str, ...]]:
    return {row["word"]: tuple(row["meaning"].split()) for row in data_rows("look_words.tsv")}


@cache
def missing_vocabulary() -> frozenset[str]:
    """Return the words of which texts consist that say that nothing is known."""
    return frozenset(row["word"] for row in data_rows("look_missing.tsv"))
