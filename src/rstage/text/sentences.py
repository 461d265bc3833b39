"""Where the sentences of a text end, looked for around a place.

A sentence ends at an exclamation or a question mark, and at a period before a capital, a digit or a staging
that stands behind no abbreviation and no number of a day. A mark before a bracket that closes, or behind a
category, ends none: it is a doubt. A sentence ends at a blank line as well, and before a line with a bullet
or a label of its own, which a category is not.
"""

from __future__ import annotations

import re
from functools import cache

from rstage.caches import cached
from rstage.text import phrases

LONGEST = 160
"""Characters before a staging in which its words are looked for."""

_CAPITAL = r"[^\Wa-zß-öø-ÿ_]"
# The mark comes first and what is around it behind that: so the places between the marks are skipped at once.
_STOP = re.compile(
    r"[.!?\n](?:(?<=\n)(?:(?=[ \t\r]*\n)|(?=(?P<label>[ \t]*(?:[-*•·>](?=[ \t]*\w)|\d{1,2}[.)](?!\d)"
    r"|(?![ ]{0,4}[ryacpu]{0,4}[TNM][0-9Xx][a-d]?[ ]?:)[^\n:]{1,60}:))))"
    r"|(?<=[!?])(?<![TNM\s].)(?<![TNM][0-9Xx].)(?<![TNM][0-9][a-d].)(?=[\"']?\s)"
    rf"|(?<=\.)(?=[)\"']?\s+(?:(?P<staging>[ryacpu]{{1,4}}[TNM][0-9Xxi])|(?P<capital>{_CAPITAL}))))"
)
_IN_WORD = re.compile(r"[^(,;:/]*\Z")
_LONGEST_WORD = 30
_AHEAD = 160
"""Characters behind a mark that say whether it ends a sentence."""


@cache
def _abbreviations(languages: tuple[str, ...]) -> frozenset[str]:
    return frozenset(phrases.phrases_of("abbreviation", languages))


class Sentences:
    """The sentences of one text.

    Args:
        text: the text.
        languages: whose abbreviations do not end a sentence.

    Attributes:
        text: as given.
    """

    def __init__(self, text: str, languages: tuple[str, ...] = phrases.LANGUAGES) -> None:
        self.text = text
        self._languages = languages

    def start(self, place: int, most: int = LONGEST) -> int:
        """Return where the sentence begins that a place is in, at most so many characters before."""
        begin = max(0, place - most)
        before = self.text[begin:place]
        while before:
            last = max(map(before.rfind, ".!?\n"))
            if last < 0:
                break
            if self._ends(_STOP.match(self.text, begin + last)):
                return begin + last + 1
            before = before[:last]
        return begin

    def end(self, place: int, limit: int) -> int:
        """Return where the sentence ends that a place is in, at most at a limit."""
        limit = min(limit, len(self.text))
        return self.first_end(place, limit) or limit

    def first_end(self, begin: int, end: int) -> int | None:
        """Return where the first sentence ends that ends between two places."""
        for mark in _STOP.finditer(self.text, begin, end + _AHEAD):
            if mark.start() >= end:
                break
            if self._ends(mark):
                return mark.start() + 1
        return None

    def _ends(self, mark: re.Match[str] | None) -> bool:
        """Return whether a sentence ends at a mark with what can follow its end."""
        if mark is None:
            return False
        behind = mark.lastgroup
        if behind == "label":
            return self._begins_line(mark.start())
        return behind is None or self._ends_sentence(mark.start(), is_before_staging=behind == "staging")

    def _begins_line(self, place: int) -> bool:
        """Return whether a line with a label of its own does not go on from the one before it."""
        return not self.text[max(0, place - LONGEST) : place].rstrip().endswith(":")

    def _ends_sentence(self, place: int, *, is_before_staging: bool) -> bool:
        """Return whether a period before a capital or a staging is no part of the word before it."""
        before = self.text[max(0, place - _LONGEST_WORD) : place]
        word = before[max(before.rfind(" "), before.rfind("\n")) + 1 :]
        return _ends_with(word, self._languages, is_before_staging=is_before_staging)


@cached(4096)
def _ends_with(word: str, languages: tuple[str, ...], *, is_before_staging: bool) -> bool:
    if not word.isalpha():
        inner = _IN_WORD.search(word)
        word = word if inner is None else inner[0]
    if len(word) < 2:
        return not word
    if word.isdecimal():
        return len(word) > 2
    if "." in word or word.lower() in _abbreviations(languages):
        return False
    return not (is_before_staging and len(word) < 4 and word.isalpha())
