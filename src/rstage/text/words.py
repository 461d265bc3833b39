"""The words that decide what belongs together in running text; they are data, in `data/text_words.tsv`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from rstage.reference.tsv import data_rows
from rstage.reference.word_lists import alternatives, whole_words

if TYPE_CHECKING:
    import re


@cache
def words(role: str) -> str:
    """Return the words of a role as a regular expression, the longest first."""
    return alternatives(row["words"] for row in data_rows("text_words.tsv") if row["role"] == role)


@cache
def last_words(role: str) -> frozenset[str]:
    """Return the last word of each entry of a role, with those that join two values."""
    rows = [row["words"] for row in data_rows("text_words.tsv") if row["role"] in (role, "choice")]
    return frozenset(word.rsplit(" ", 1)[-1].lower() for word in "|".join(rows).split("|")) | {"vs."}


@cache
def first_words(*roles: str) -> frozenset[str]:
    """Return the first word of each entry of roles, without the sign behind it: a look that costs little."""
    rows = [row["words"] for row in data_rows("text_words.tsv") if row["role"] in roles]
    return frozenset(word.split(" ", 1)[0].rstrip(".") for word in "|".join(rows).split("|"))


@cache
def whole(role: str) -> re.Pattern[str]:
    """Return what finds a whole word of a role, in any case."""
    return whole_words(words(role))
