"""Names that look like one another: what somebody may have meant."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def closest(word: str, known: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """Return the known words closest to `word`, whatever their case."""
    by_folded: dict[str, str] = {}
    for one in known:
        by_folded.setdefault(one.strip().casefold(), one)
    matches = difflib.get_close_matches(word.strip().casefold(), by_folded, n=most, cutoff=0.6)
    return tuple(by_folded[match] for match in matches)
