"""Where the sentences of a text end, looked for only as far as it is asked.

A sentence ends at an exclamation or a question mark, and at a period before a capital, a digit or a staging
that stands behind no abbreviation and no number of a day. A mark before a bracket that closes, or behind a
category, ends none: it is a doubt. A sentence ends at a blank line as well, and before a line with a bullet
or a label of its own, which a category is not.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from typing import TYPE_CHECKING

from rstage.text import phrases

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 160
"""Characters before a staging in which its words are looked for."""

_CAPITAL = r"[^\Wa-zß-öø-ÿ_]"
# The mark comes first and what is around it behind that: so the places between the marks are skipped at once.
_STOP = re.compile(
    r"[.!?\n](?:(?<=\n)|(?<=[!?])(?<![TNM\s].)(?<![TNM][0-9Xx].)(?<![TNM][0-9][a-d].)(?=[\"']?\s)"
    rf"|(?<=\.)(?=[)\"']?\s+(?:(?P<staging>[ryacpu]{{1,4}}[TNM][0-9Xxi])|{_CAPITAL})))"
)
_BLANK_LINE = re.compile(r"[ \t\r]*\n")
_OWN_LABEL = re.compile(
    r"[ \t]*(?:[-*•·>](?=[ \t]*\w)|\d{1,2}[.)](?!\d)"
    r"|(?![ ]{0,4}[ryacpu]{0,4}[TNM][0-9Xx][a-d]?[ ]?:)[^\n:]{1,60}:)"
)
_IN_WORD = re.compile(r"[^(,;:/]*\Z")
_LONGEST_WORD = 30
_PIECE = 512
"""Characters that are looked through at once."""


@cache
def _abbreviations(languages: tuple[str, ...]) -> frozenset[str]:
    return frozenset(phrases.phrases_of("abbreviation", languages))


class Sentences:
    """The sentences of one text.

    Args:
        text: the text; a piece of it is looked through when it is asked for, and once.
        languages: whose abbreviations do not end a sentence.

    Attributes:
        text: as given.
    """

    def __init__(self, text: str, languages: tuple[str, ...] = phrases.LANGUAGES) -> None:
        self.text = text
        self._abbreviations = _abbreviations(languages)
        self._pieces: dict[int, list[int]] = {}

    def start(self, place: int) -> int:
        """Return where the sentence begins that a place is in, at most `LONGEST` characters before."""
        begin = max(0, place - LONGEST)
        for number in range(place // _PIECE, begin // _PIECE - 1, -1):
            ends = self._ends_in(number)
            found = bisect_right(ends, place)
            if found:
                return max(begin, ends[found - 1])
        return begin

    def end(self, place: int, limit: int) -> int:
        """Return where the sentence ends that a place is in, at most at a limit."""
        limit = min(limit, len(self.text))
        return self.first_end(place, limit) or limit

    def first_end(self, begin: int, end: int) -> int | None:
        """Return where the first sentence ends that ends between two places."""
        for number in range(begin // _PIECE, max(begin, end - 1) // _PIECE + 1):
            ends = self._ends_in(number)
            found = bisect_right(ends, begin)
            if found < len(ends):
                return ends[found] if ends[found] <= end else None
        return None

    def _ends_in(self, number: int) -> list[int]:
        """Return where sentences end whose last mark stands in a piece of the text."""
        ends = self._pieces.get(number)
        if ends is None:
            ends = self._pieces[number] = list(self._scan(number * _PIECE, (number + 1) * _PIECE))
        return ends

    def _scan(self, begin: int, end: int) -> Iterator[int]:
        for match in _STOP.finditer(self.text, begin, end + _LONGEST_WORD):
            place = match.start()
            if place >= end:
                break
            mark = self.text[place]
            if mark == ".":
                ends = self._ends_sentence(place, is_before_staging=match["staging"] is not None)
            else:
                ends = mark != "\n" or self._ends_line(place)
            if ends:
                yield place + 1

    def _ends_line(self, place: int) -> bool:
        """Return whether the line behind a line end does not go on from the one before it."""
        text = self.text
        if _BLANK_LINE.match(text, place + 1):
            return True
        if not _OWN_LABEL.match(text, place + 1):
            return False
        return not text[max(0, place - LONGEST) : place].rstrip().endswith(":")

    def _ends_sentence(self, place: int, *, is_before_staging: bool) -> bool:
        """Return whether a period before a capital or a staging is no part of the word before it."""
        before = self.text[max(0, place - _LONGEST_WORD) : place]
        word = before.rpartition(" ")[2].rpartition("\n")[2]
        if not word.isalpha():
            inner = _IN_WORD.search(word)
            word = word if inner is None else inner[0]
        if len(word) < 2:
            return not word
        if word.isdecimal():
            return len(word) > 2
        if "." in word or word.lower() in self._abbreviations:
            return False
        return not (is_before_staging and len(word) < 4 and word.isalpha())
