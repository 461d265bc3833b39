"""Where the sentences of a text end, looked for only as far as it is asked.

A sentence ends at an exclamation or a question mark, and at a period before a capital, a digit or a staging
that stands behind no abbreviation and no number of a day. A mark before a bracket that closes, or behind a
category, ends none: it is a doubt. A sentence ends at a blank line as well, and before a line with a bullet
or a label of its own, which a category is not.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cache

from rstage.text import phrases

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


@cache
def _abbreviations(languages: tuple[str, ...]) -> frozenset[str]:
    return frozenset(phrases.phrases_of("abbreviation", languages))


class Sentences:
    """The sentences of one text.

    Args:
        text: the text; its places are asked for in their order.
        languages: whose abbreviations do not end a sentence.

    Attributes:
        text: as given.
    """

    def __init__(self, text: str, languages: tuple[str, ...] = phrases.LANGUAGES) -> None:
        self.text = text
        self._abbreviations = _abbreviations(languages)
        self._scanned = 0
        self._ends: list[int] = []

    def start(self, place: int) -> int:
        """Return where the sentence begins that a place is in, at most `LONGEST` characters before."""
        begin = max(0, place - LONGEST)
        if place > self._scanned:
            self._scan(max(begin, self._scanned), place)
        found = bisect_right(self._ends, place)
        return max(begin, self._ends[found - 1]) if found else begin

    def end(self, place: int, limit: int) -> int:
        """Return where the sentence ends that a place is in, at most at a limit."""
        limit = min(limit, len(self.text))
        if limit > self._scanned:
            self._scan(max(place, self._scanned), limit)
        found = bisect_left(self._ends, place + 1)
        return min(limit, self._ends[found]) if found < len(self._ends) else limit

    def first_end(self, begin: int, end: int, *, since: int | None = None) -> int | None:
        """Return where the first sentence ends that ends between two places.

        Args:
            begin: the first place.
            end: the second.
            since: a place before them that is asked for later.
        """
        if end > self._scanned:
            self._scan(max(begin if since is None else since, self._scanned, 0), end)
        found = bisect_right(self._ends, begin)
        return self._ends[found] if found < len(self._ends) and self._ends[found] <= end else None

    def _scan(self, begin: int, end: int) -> None:
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
                self._ends.append(place + 1)
        self._scanned = end

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
