"""Lists of words in tables as regular expressions: | parts words, * stands for letters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def alternatives(lists: Iterable[str]) -> str:
    """Return what matches any word of some lists, the longest first.

    Args:
        lists: the lists as they stand in a table: `no|exclu*|ruled out`.
    """
    listed = {word for words in lists for word in words.split("|")}
    return "|".join(map(_pattern, sorted(listed, key=lambda word: (-len(word), word))))


def whole_words(expression: str) -> re.Pattern[str]:
    """Return what finds such words where they stand whole, in any case."""
    return re.compile(rf"(?<![^\W_])(?:{expression})(?![^\W_])", re.IGNORECASE)


def _pattern(word: str) -> str:
    return re.escape(word).replace(r"\*", r"[^\W\d_]{0,24}").replace(r"\ ", r"[ \t]{1,3}")
