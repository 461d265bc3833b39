"""Where the words around stagings stand in a text.

All of them are looked for in one pass, and only near the stagings of a text.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from rstage.text import phrases

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rstage.text.sentences import Sentences

_SLACK = 120
"""Characters that the longest phrase takes."""
_STRIDE = 64
"""Characters that are looked through beyond what is asked, because the next staging can be near."""


class Occurrence(NamedTuple):
    """Words of a role that stand in a text."""

    start: int
    end: int
    role: str


class Occurrences:
    """Where the words of some roles stand in a text, looked for only as far as it is asked, and once.

    Args:
        sentences: those of the text as given. lowered: the text in small letters.
        roles: whose words; where words have several roles, the first counts.
        languages: whose words.
    """

    def __init__(
        self, sentences: Sentences, lowered: str, roles: tuple[str, ...], languages: tuple[str, ...]
    ) -> None:
        self._sentences, self._lowered = sentences, lowered
        self._roles, self._languages = roles, languages
        self._whole, self._ends = phrases.searches(roles, languages)
        self._scanned = 0
        self._found: list[Occurrence] = []

    def around(self, begin: int, place: int, reach: int) -> Sequence[Occurrence]:
        """Return the words from one place to `reach` characters behind another, none of another sentence."""
        behind = self._sentences.end(place, place + reach + _STRIDE + _SLACK)
        end = min(place + reach, behind)
        if end > self._scanned:
            self._scan(max(begin, self._scanned), min(end + _STRIDE, behind), behind)
        return self.between(begin, end)

    def between(self, begin: int, end: int) -> Sequence[Occurrence]:
        """Return the words that begin between two places, in order; the places move forward in the text."""
        if end > self._scanned:
            self._scan(max(begin, self._scanned), end, self._sentences.end(end - 1, end + _SLACK))
        if not self._found:
            return ()
        first = bisect_left(self._found, (begin,))
        return self._found[first : bisect_left(self._found, (end,), lo=first)]

    def _scan(self, begin: int, end: int, limit: int) -> None:
        """Look for words that begin before the end; they may go on behind it, but not in another sentence."""
        spans = [match.span() for match in self._whole.finditer(self._lowered, begin, limit)]
        behind = begin
        for match in self._ends.finditer(self._lowered, begin, limit):
            start = match.start()
            first = max(behind, start - phrases.LONGEST_COMPOUND)
            while start > first and self._lowered[start - 1].isalpha():
                start -= 1
            behind = match.end()
            if begin <= start:
                spans.append((start, behind))
        done = begin
        for start, stop in sorted(spans):
            # A phrase hides the words that it holds.
            if done <= start < end:
                done = stop
                self._add(start, stop)
        self._scanned = max(end, done)

    def _add(self, start: int, end: int) -> None:
        written, small = self._sentences.text[start:end], self._lowered[start:end]
        if written.isupper() or small not in phrases.in_capitals(self._languages):
            self._found.append(Occurrence(start, end, phrases.role_of(small, self._roles, self._languages)))
