"""Labels of a report that has a line for each category: they are left out between those of one staging."""

from __future__ import annotations

import re
from typing import NamedTuple

from rstage import rules
from rstage.notation.remarks import changes_meaning
from rstage.privacy import shown
from rstage.text import patterns
from rstage.text.parts import Blank
from rstage.text.words import whole, words

_NAMED = (
    r"\(?[ ]?[ryacpu]{0,3}[TNM](?:[ -](?:category|classification|stage|status|Kategorie|Stadium))?[ ]?\)?"
)
_LABEL = rf"(?:(?i:{words('label')})(?:[ ]?[-/][ ]?(?i:{words('label')}))?(?:[ ]{{1,2}}{_NAMED})?|{_NAMED})"
# On a line of its own whatever stands before the colon; in a line, and without a colon, only a known label.
_OWN_LINE = re.compile(
    r"[ \t,;.]*\n[ \t\r]*(?:[-*•·>|][ \t]*)?"
    rf"(?P<label>{_LABEL}[ \t]*[:=|]?[ \t]*(?:\n[ \t]*)?|[^\n:;.,]{{1,60}}:[ \t]*)(?:[-*•·|][ \t]*)?"
)
_IN_LINE = re.compile(rf"[ \t]*[,;.|]?[ \t]{{1,3}}(?P<label>{_LABEL}[ \t]?[:=|][ \t]?)[ \t]*")
_TNM = re.compile(r"\(?[ ]?[ryacpu]{0,3}(?P<letter>[TNM])(?!\w)[ ]?\)?")
_CATEGORY = re.compile(r"[ryacpu]{0,4}(?P<letter>[TNM])(?:[0-9]|[Xx](?!\w)|is|a(?!\w)|\+)")


class _Label(NamedTuple):
    """What is left out, where the category behind it ends, and its letter."""

    blank: Blank
    end: int
    letter: str


def label_behind(text: str, end: int) -> _Label | None:
    """Return the label that stands behind a place and before a category of the same letter."""
    found = _OWN_LINE.match(text, end) if "\n" in text[end : end + 4] else _IN_LINE.match(text, end)
    if found is None or not found["label"].strip():
        return None
    category = _CATEGORY.match(text, found.end())
    if category is None:
        return None
    word = patterns.CATEGORY_WORD.match(text, found.end())
    label = found["label"].strip(" \t\n:=|")
    named = _TNM.search(label)
    if word is None or (named is not None and named["letter"] != category["letter"]):
        return None
    said = _TNM.sub("", label).strip(" ()")
    if (
        said
        and (whole("event").search(said) or changes_meaning(said, ""))
        and not re.fullmatch(words("label"), said, re.IGNORECASE)
    ):
        return None
    start = found.start("label")
    stop = start + len(found["label"].rstrip(" \t\n"))
    told = rules.COMMENT_SKIPPED.at((start, stop), before=shown(label), after="nothing")
    return _Label(Blank(start, stop, " " * (stop - start), told), word.end(), category["letter"])
