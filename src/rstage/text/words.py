"""The words that decide what belongs together in running text; they are data, in `data/text_words.tsv`."""

from __future__ import annotations

import re
from functools import cache

from rstage.reference.tsv import data_rows


@cache
def words(role: str) -> str:
    """Return the words of a role as a regular expression, the longest first."""
    listed = {
        word for row in data_rows("text_words.tsv") if row["role"] == role for word in row["words"].split("|")
    }
    longest_first = sorted(listed, key=lambda word: (-len(word), word))
    return "|".join(map(_pattern, longest_first))


def _pattern(word: str) -> str:
    return re.escape(word).replace(r"\*", r"[^\W\d_]{0,24}").replace(r"\ ", r"[ \t]{1,3}")


@cache
def last_words(role: str) -> frozenset[str]:
    """Return the last word of each entry of a role, with those that join two values."""
    rows = [row["words"] for row in data_rows("text_words.tsv") if row["role"] in (role, "choice")]
    return frozenset(word.rsplit(" ", 1)[-1] for word in "|".join(rows).split("|")) | {"vs.", "bis", "to"}


@cache
def whole(role: str) -> re.Pattern[str]:
    """Return what finds a whole word of a role, in any case."""
    return re.compile(rf"(?<![^\W_])(?:{words(role)})(?![^\W_])", re.IGNORECASE)
