"""What belongs to a candidate and stands before it: a label with r or y, an edition, descriptors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rstage.notation.glosses import FORM_BEFORE, GLOSS_AT_END
from rstage.reference.recurrence_words import names_recurrence
from rstage.text import patterns
from rstage.text.candidate import Part, counts

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_PARTS = 6
"""Parts that are looked for before a candidate."""

_WINDOW = 100
_DESCRIPTOR = re.compile(rf"(?<![\w(-])(?:{patterns.DESCRIPTOR.pattern})(?P<behind>[ ,;/]{{1,2}})$")
# Before a comma they belong to what follows; L1, V1 and S1 there may be a vertebra or a lead.
_SURE = frozenset(("G", "R", "Pn"))


def with_left(text: str, parts: list[Part], floor: int) -> list[Part] | None:
    """Return the parts of a candidate with what belongs to it before it.

    None is returned where it would lose something: a category that cannot be read stands directly before
    it, or a label with r that the grammar would not read with it.

    Args:
        text: the text, flattened.
        parts: those of the candidate.
        floor: where the candidate before ends.
    """
    categories = [part for part in parts if part.kind == "category"]
    if not categories:
        return parts
    whole = parts
    for _ in range(MOST_PARTS):
        start = whole[0].start
        if _is_cut_off(text, start, floor, categories):
            return None
        gloss = _gloss(text, start, floor)
        if gloss is not None and gloss.kind == "form":
            return [gloss, *whole]
        left = gloss or _left(text[max(floor, start - _WINDOW) : start], start, whole)
        if left is None:
            break
        whole = [left, *whole]
    if not counts(whole):
        return parts
    start = whole[0].start
    is_recurrent = any("r" in part.prefix for part in whole)
    loses_r = not is_recurrent and patterns.RECURRENT_LABEL.search(text[max(floor, start - _WINDOW) : start])
    return None if loses_r else whole


def _gloss(text: str, start: int, floor: int) -> Part | None:
    """Return a letter with its gloss directly before a candidate, as checklists print it (ruling J.2).

    It is a label as long as it is the single answer, and the grammar knows the words. Else it is a part of
    the kind `form`, which the grammar refuses: it gives no timing, and no r before a staging is passed over.
    """
    begin = max(floor, start - _WINDOW)
    found = GLOSS_AT_END.search(text, begin, start)
    if found is None:
        return None
    form = FORM_BEFORE.search(text, begin, found.start())
    if form is not None or found["open"]:
        return Part("form", form.start() if form else found.start(), start, "", found["timing"])
    is_label = patterns.LABEL_HERE.match(text, found.start())
    if is_label:
        return Part("label", found.start(), start, "", found["timing"])
    is_lost = found["timing"] == "r" and names_recurrence(found["meaning"])
    return Part("form", found.start(), start, "", found["timing"]) if is_lost else None


def _is_cut_off(text: str, start: int, floor: int, categories: Sequence[Part]) -> bool:
    """Return whether a category stands directly before a candidate, is missing in it and cannot be read."""
    begin = max(0, start - _WINDOW)
    broken = patterns.BROKEN_CATEGORY.search(text[begin:start])
    if broken is None or "TNM".index(broken["letter"]) >= min(
        "TNM".index(part.letter) for part in categories
    ):
        return False
    # With a prefix of its own it stands for itself beside one that was read.
    return begin + broken.start() >= floor or not categories[0].prefix


def _left(window: str, start: int, parts: Sequence[Part]) -> Part | None:
    """Return the part that ends where a candidate begins."""
    begin = start - len(window)
    label = patterns.LABEL.search(window)
    if label is not None:
        given = {letter for part in parts for letter in part.prefix}
        is_needed = set(label["timing"]) & {"r", "y"} - given
        return Part("label", begin + label.start(), start, "", label["timing"]) if is_needed else None
    edition = patterns.EDITION_BEFORE.search(window)
    if edition is not None and not any(part.kind == "edition" for part in parts):
        written = edition[0]
        return Part("edition", begin + edition.start() + len(written) - len(written.lstrip()), start - 1)
    descriptor = _DESCRIPTOR.search(window)
    if descriptor is None:
        return None
    name = descriptor["name"] or "R"
    is_sure = name in _SURE or descriptor["behind"] == " "
    if not is_sure or any(part.letter == name for part in parts):
        return None
    return Part("descriptor", begin + descriptor.start(), start - 1, name)
