"""The words around a staging: data, one table a language in `data/contexts`, and what finds them.

The expression of several phrases holds their common beginnings once, so that a word that begins none of them
costs a step or two.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import product
from typing import TYPE_CHECKING

from rstage.caches import cached
from rstage.reference.tsv import data_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl")
"""The languages whose words are known."""

_EVERY = "any"
LONGEST_COMPOUND = 24
"""Letters that a wildcard in a phrase stands for."""
_TOKENS = {"*": rf"[^\W\d_]{{0,{LONGEST_COMPOUND}}}", " ": r"\s{1,3}", "'": "['\u2019\u00b4]"}
# In small letters; a range of letters is looked up faster than a kind of character.
_LEFT, _RIGHT = "(?<![0-9a-z\u00c0-\u1fff])", r"(?![^\W_])"
# An accent may be missing, as it often is in capitals.
_ACCENTED = dict(zip("áéíóúñèàêôïäöüòìùãõâçëœ", "aeiouneaeoiaouoiuaoaceo", strict=True))


@cache
def phrases_of(role: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of a role in some languages, and those that count in every language."""
    tables = (_table(language) for language in (*languages, _EVERY))
    return tuple(sorted({words for table in tables for known, words in table if known == role}))


@cache
def any_of(role: str, languages: tuple[str, ...]) -> str:
    """Return the expression of the words of a role: in small letters, whole words, the longest first."""
    return _LEFT + alternation(phrases_of(role, languages))


@cache
def pattern(role: str, languages: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds the words of a role in a text in small letters."""
    return re.compile(any_of(role, languages))


def alternation(words: Iterable[str]) -> str:
    """Return an expression of several phrases that holds their common beginnings once."""
    root: dict[str, _Node] = {}
    for phrase in words:
        for spelled in _spellings(phrase.lower()):
            node = root
            for character in spelled:
                node = node.setdefault(character, _Node())
            node.setdefault("", _Node())
    return _written(root, "") if root else "(?!)"


class _Node(dict[str, "_Node"]):
    """What can follow a beginning: a character, or nothing."""


def _written(node: dict[str, _Node], last: str) -> str:
    # Letters before a wildcard, and longer phrases before the shorter ones that they begin with.
    followers = sorted((one for one in node if one), key=lambda one: (one == "*", one))
    branches = [_TOKENS.get(one, re.escape(one)) + _written(node[one], one) for one in followers]
    if "" in node:
        branches.append("" if last == "'" else _RIGHT)
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


def _spellings(phrase: str) -> Iterable[str]:
    choices = [one + _ACCENTED.get(one, "") for one in phrase]
    return map("".join, product(*choices))


@cache
def _table(language: str) -> tuple[tuple[str, str], ...]:
    """Return the lines of the table of a language: role and words."""
    return tuple((row["role"], row["words"]) for row in data_rows(f"contexts/{language}.tsv"))


def in_small_letters(text: str) -> str:
    """Return a text of the same length in small letters."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(small if len(small := one.lower()) == 1 else one for one in text)


@cache
def searches(roles: tuple[str, ...], languages: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds the words of some roles, and those that may be the end of a longer word."""
    words = {one for role in roles for one in phrases_of(role, languages)}
    whole = [one for one in words if not one.startswith("*")]
    ends = [one[1:] for one in words if one.startswith("*")]
    return re.compile(_LEFT + alternation(whole)), re.compile(alternation(ends))


@cache
def in_capitals(languages: tuple[str, ...]) -> frozenset[str]:
    """Return the words that count only in capitals, as the table has them, in small letters."""
    words = (words for language in (*languages, _EVERY) for _, words in _table(language))
    return frozenset(one.lower() for one in words if one.isupper())


@cached(4096)
def role_of(written: str, roles: tuple[str, ...], languages: tuple[str, ...]) -> str:
    """Return the first of some roles whose words these are."""
    return next(role for role in roles if pattern(role, languages).fullmatch(written))


@cached(4096)
def languages_of(written: str, role: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of some languages in which words in small letters have a role."""
    return tuple(one for one in languages if pattern(role, (one,)).fullmatch(written))
