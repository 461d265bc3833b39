"""Words of recurrence: `data/recurrence_words.tsv`. A word never sets an r, and none is passed over."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from unicodedata import combining, normalize

from rstage.reference.tsv import data_rows

_LONE_R = re.compile(r"(?<![^\W_])r(?![^\W_])")


def names_recurrence(text: str) -> bool:
    """Return whether a text has a word of recurrence in it, in whatever case and with or without accents.

    The letter itself counts as it is written in notation: a capital R is the right side.
    """
    return _LONE_R.search(text) is not None or _pattern().search(_plain(text)) is not None


@lru_cache(1024)
def has_recurrence_word(text: str) -> bool:
    """Return whether a text has such a word in it; the letter alone is none."""
    return bool(text) and _pattern().search(_plain(text)) is not None


def is_recurrence_word(text: str) -> bool:
    """Return whether a text is one word of recurrence and no more; `rezidivfrei` says the opposite."""
    if text.strip() == "r":
        return True
    plain = _plain(text).strip(" .")
    word = plain.removesuffix(" tumor").removesuffix(" tumour").removesuffix(" disease")
    return word.isalpha() and _pattern().search(word) is not None and not re.search("frei|free|los$", word)


def _plain(text: str) -> str:
    """Return a text in small letters without accents."""
    return "".join(one for one in normalize("NFKD", text.casefold()) if not combining(one))


@cache
def _pattern() -> re.Pattern[str]:
    """Return what finds a stem anywhere, or a whole word."""
    listed: dict[str, list[str]] = {"stem": [], "word": []}
    for row in data_rows("recurrence_words.tsv"):
        listed[row["kind"]] += row["words"].split("|")
    return re.compile(rf"{'|'.join(listed['stem'])}|(?<![^\W_])(?:{'|'.join(listed['word'])})(?![^\W_])")
