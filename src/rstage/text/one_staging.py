"""What in one sentence could be one staging (ruling J.25)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rstage import rules
from rstage.notation.remarks import changes_meaning, without_sizes
from rstage.privacy import shown
from rstage.text import patterns
from rstage.text.candidate import timing_of
from rstage.text.parts import Blank
from rstage.text.words import whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rstage.text.candidate import Part

LONGEST_REMARK = 60
"""Characters of a remark without brackets that is left out."""

LONGEST_GAP = 300
"""Characters between two categories that could be one staging."""

# What no remark without brackets holds: it would be a clause of its own.
_PARTED = re.compile(r"[;:\n(|]|[.](?![0-9])")
_PARTS = re.compile(r"[,;:(\n-]|(?<![^\W_])(?:and|und|et|y|e|en|then|dann|puis)(?![^\W_])", re.IGNORECASE)


def parts_events(gap: str, before: Sequence[Part]) -> bool:
    """Return whether what stands between two categories parts two possibilities, times or tumors."""
    if any(not gap[choice.end() :].strip(" (") for choice in whole("choice").finditer(gap)):
        return True  # directly before the second: "T2 or so, N1" is no choice between two stagings
    if timing_of(before):
        return False  # what follows may have its r or y: "rpT2, after chemotherapy, pN1"
    event = whole("event").search(whole("grading").sub("", gap))
    return event is not None and _PARTS.search(gap, 0, event.start()) is not None


def remark(gap: str, before: str, behind: Sequence[Part]) -> Blank | None:
    """Return the remark that is all that stands between two categories of one staging.

    It is left out as one in a bracket is, by the same test (ruling J.25): "pT2, 2.3 cm, pN1".

    Args:
        gap: what stands between them.
        before: the category before it.
        behind: the parts behind it.
    """
    said = gap.strip(" ,;")
    start = gap.index(said)
    is_short = len(said) <= LONGEST_REMARK and not _PARTED.search(said)
    if not said or not is_short or re.search("[0-9]", without_sizes(said)):
        return None
    if any(whole(role).search(said) for role in ("event", "tumor_label")):
        return None  # of another time or tumor
    first = _categories(behind)[0]
    # A clinical T and a pathological N with words between them are of two examinations more often.
    is_later = before.lstrip("ry")[:1] in ("c", "u") and first.letter == "N" and first.prefix.endswith("p")
    if not first.prefix or is_later or changes_meaning(said, before):
        return None
    told = rules.COMMENT_SKIPPED.at((start, start + len(said)), before=shown(said), after="nothing")
    return Blank(start, start + len(said), " " * len(said), told)


def names_both_sides(text: str, start: int, end: int, left_out: Sequence[Blank]) -> bool:
    """Return whether remarks tell of left and right, so that there can be two tumors.

    Args:
        text: the text.
        start: where the staging begins; a side can stand before it in its line.
        end: where it ends; a side can stand behind it in a bracket.
        left_out: the remarks.
    """
    said = " ".join(text[one.start : one.end] for one in left_out)
    if not any(whole(side).search(said) for side in ("left", "right")):
        return False
    behind = patterns.BRACKET.match(text, end)
    said += behind[0] if behind is not None else ""
    line = text[max(text.rfind("\n", 0, start) + 1, start - LONGEST_REMARK, 0) : start]
    return all(whole(side).search(f"{line} {said}") for side in ("left", "right"))


def go_together(before: Sequence[Part], behind: Sequence[Part]) -> bool:
    """Return whether the categories of two stretches could be those of one staging."""
    first, second = _categories(before), _categories(behind)
    if not first or not second or {part.letter for part in first} & {part.letter for part in second}:
        return False
    # A letter that stands apart can be of what stands before it: "T2 lesion, N1 r M1".
    timing, later = timing_of(first), timing_of([part for part in second if not part.is_detached])
    # A method belongs to one category: "pT2 cN0" is one staging, as `read` has it.
    return set(later) <= set(timing)


def _categories(parts: Sequence[Part]) -> list[Part]:
    return [part for part in parts if part.kind == "category"]


def loose_categories(text: str, begin: int, end: int) -> Iterator[re.Match[str]]:
    """Yield what looks like a category in a stretch of a sentence in which nothing was found."""
    return patterns.LOOSE_CATEGORY.finditer(text, begin, end)
