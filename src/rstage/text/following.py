"""Whether a word goes on with the staging before it, across a line or a sentence too."""

from __future__ import annotations

import re

from rstage.text import patterns

# What stands behind the first category of a line that belongs to the lines above it.
_ENDS_LINE = re.compile(
    r"[ \t]*(?:[,;.\n(|]|$|r(?![\w']))|[ ,;/]{1,3}[ryacpu]{0,4}(?:Pn|PL|[TNMLVRG])[0-9Xx]"
)
_ENDS_CLAUSE = re.compile(r"[ ]?(?:[.,;)\n|]|$)")
# As in "M1(HEP)?" and "IIB?", and in "R0?pT2" and "R0?FIGO IIB", where the mark can be of both.
_GLUED = {"bracket": ("category", "descriptor", "mark"), "mark": ("category", "descriptor", "group")}


def goes_on(word: re.Match[str], last: str, letters: str) -> bool:
    """Return whether a word can belong to the parts before it.

    Args:
        word: what `patterns.WORD` found behind them.
        last: the kind of the last of them; `bracket` for counts as well, `system` for one behind a group.
        letters: those of the categories among them.
    """
    kind, between = word.lastgroup, word["between"]
    if not between:
        return kind in _GLUED.get(last, ("mark",))
    if kind == "mark" and word.string[word.end() : word.end() + 1].isalnum():
        # It leaves what follows open, "pN0 ?M1"; a descriptor is none of a staging of its own.
        return patterns.DESCRIPTOR.match(word.string, word.end()) is not None
    if kind == "bare":
        is_sure = word["bare"][-1] not in "IV" or _ENDS_CLAUSE.match(word.string, word.end()) is not None
        return is_sure and len(word["bare"]) > 1 and not {".", "\n"} & set(between)
    if kind in ("group", "suffix") or not between.strip(" ,"):
        return True
    if kind in ("edition", "choice", "mark"):
        return "." not in between and (kind == "edition" or "\n" not in between)
    return _is_next(word, word["letter"] if kind == "category" else None, letters)


def _is_next(word: re.Match[str], letter: str | None, letters: str) -> bool:
    """Return whether a category or a descriptor is the next one, with more than blanks before it."""
    before = letters[-1:]
    if letter and before and "TNM".index(letter) < "TNM".index(before):
        return False  # "no sign of M1: cT3 cN2"
    has_prefix = letter is not None and bool(word["prefix"])
    ends_line = _ENDS_LINE.match(word.string, word.end()) is not None
    if "\n" in word["between"] and not (has_prefix or ends_line):
        return False
    if "." not in word["between"]:
        return True
    if word.lastgroup == "descriptor":
        return ends_line
    is_later = letter is not None and before not in ("", letter)
    return is_later and (has_prefix or ends_line)
