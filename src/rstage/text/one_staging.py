"""What in one sentence could be one staging (ruling J.25)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rstage.text import patterns
from rstage.text.candidate import timing_of
from rstage.text.words import whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rstage.text.candidate import Part

LONGEST_GAP = 300
"""Characters between two categories that could be one staging."""

_PARTS = re.compile(r"[,;:(\n-]|(?<![^\W_])(?:and|und|et|y|e|en|then|dann|puis)(?![^\W_])", re.IGNORECASE)


def parts_events(gap: str) -> bool:
    """Return whether what stands between two categories parts two possibilities, times or tumors."""
    if any(not gap[choice.end() :].strip(" (") for choice in whole("choice").finditer(gap)):
        return True  # directly before the second: "T2 or so, N1" is no choice between two stagings
    event = whole("event").search(gap)
    return event is not None and _PARTS.search(gap, 0, event.start()) is not None


def go_together(before: Sequence[Part], behind: Sequence[Part]) -> bool:
    """Return whether the categories of two stretches could be those of one staging."""
    first, second = _categories(before), _categories(behind)
    letters = [part.letter for part in first] + [part.letter for part in second]
    if not first or not second or len(set(letters)) < len(letters):
        return False
    # A letter that stands apart can be of what stands before it: "T2 lesion, N1 r M1".
    timing, later = timing_of(first), timing_of([part for part in second if not part.is_detached])
    if later and timing != later:
        return False
    methods, others = _methods(first), _methods(second)
    return all(
        one not in methods or other not in others or methods[one] == others[other]
        for one, other in (("T", "N"), ("N", "T"))
    )


def _methods(categories: Sequence[Part]) -> dict[str, str]:
    return {part.letter: part.prefix[-1] for part in categories if part.prefix[-1:] in ("c", "p", "u")}


def _categories(parts: Sequence[Part]) -> list[Part]:
    return [part for part in parts if part.kind == "category"]


def loose_categories(text: str, begin: int, end: int) -> Iterator[re.Match[str]]:
    """Yield what looks like a category in a stretch of a sentence in which nothing was found."""
    return patterns.LOOSE_CATEGORY.finditer(text, begin, end)
