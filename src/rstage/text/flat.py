"""A text with its characters made plain, of the same length, so that every place in it stays."""

from __future__ import annotations

import re
from functools import cache

from rstage.notation.folding import fold

# Where characters stand that the grammar folds: blanks, dashes, quotes, brackets, full-width forms.
_FOLDED_RANGES = (
    *((0x80, 0xC0), (0x2B0, 0x300), (0x580, 0x590), (0x2000, 0x2070), (0x2200, 0x2220)),
    *((0x2760, 0x2770), (0x3000, 0x3001), (0xFE50, 0xFE70), (0xFF00, 0xFFEF)),
)
_LOOK_ALIKE_RANGES = ((0x370, 0x400), (0x400, 0x500))
_BRACKETS = {"[": "(", "]": ")", "{": "(", "}": ")"}


@cache
def _plain_characters(*, with_look_alikes: bool) -> tuple[re.Pattern[str], dict[str, str]]:
    """Return what finds a character that the grammar folds to one other, and what it folds it to."""
    ranges = (*_FOLDED_RANGES, *(_LOOK_ALIKE_RANGES if with_look_alikes else ()))
    plain = dict(_BRACKETS)
    for first, behind in ranges:
        for number in range(first, behind):
            folded = fold(chr(number)).text
            if len(folded) == 1 and folded != chr(number) and (folded.isascii() and folded != "\n"):
                plain[chr(number)] = folded
    return re.compile(f"[{''.join(map(re.escape, plain))}]"), plain


def flattened(text: str, *, with_look_alikes: bool) -> str:
    """Return a text of the same length in which dashes, blanks, brackets and full-width forms are plain.

    Args:
        text: the text as given.
        with_look_alikes: whether Greek and Cyrillic letters that look like Latin ones are made plain too.
    """
    if text.isascii():
        for bracket, folded in _BRACKETS.items():
            text = text.replace(bracket, folded)
        return text
    pattern, plain = _plain_characters(with_look_alikes=with_look_alikes)
    return pattern.sub(lambda found: plain[found[0]], text)
