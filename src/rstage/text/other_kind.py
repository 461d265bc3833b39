"""What looks like a staging and is none: a stage of another disease, of sleep or of a study, a hormone.

A lone stage group in Arabic digits counts only beside a word of cancer, and so does a name that other things
have too.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from rstage.reference.systems import TNM
from rstage.text import patterns, phrases
from rstage.text.occurrences import Occurrence, Occurrences

if TYPE_CHECKING:
    from rstage.reading.read import Reading
    from rstage.text.candidate import Candidate, Part
    from rstage.text.sentences import Sentences

_REACH = 48
_FAR = 160
_NEAR = 8
_PARTED = 24
_WORD_BEHIND = re.compile(r"[ ](?:[^\W\d_]|\()")
_ROLES = ("own", "other", "cancer")
# No end of a clause: the period of "Nierinsuff. stadium 3b".
_STRONG_END = re.compile(r"[,;:()\n]|[.](?![ ][a-zß-ÿ])")
# Thyroxine, triiodothyronine and its reverse form, alone or listed.
_HORMONES = re.compile(r"(?:r?T[34]\W+(?:\w{1,3}\W+)?)*r?T[34]")
_MEASURED = re.compile(r"[^\w,;]{1,3}(?:[a-zß-ÿ]{1,12}[ :=]{1,2}){0,3}[0-9]{1,4}(?:[.,][0-9]{1,3})?[ ]?")
_ARABIC = re.compile(r"(?<![0-9A-Za-z])[0-4](?:[ ]?[-/][ ]?[0-4]|[ ](?:or|to|bis|oder|ou|o|u)[ ][0-4])?\Z")


class _Patterns:
    """The expressions of some languages that are matched beside a candidate."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self.parts = re.compile(f"[,;:.()\\n]|{phrases.any_of('join', languages)}")
        self.hormone = phrases.pattern("hormone", languages)
        self.unit = re.compile(phrases.alternation(phrases.phrases_of("unit", languages)))
        self.unrelated = phrases.pattern("unrelated", languages)
        self.ambiguous = phrases.pattern("ambiguous", languages)


_patterns = cache(_Patterns)


class OtherKinds:
    """What the words of one text say against its candidates, asked in their order.

    Args:
        sentences: those of the text, flattened.
        lowered: the text in small letters.
        languages: whose words count.
    """

    def __init__(self, sentences: Sentences, lowered: str, languages: tuple[str, ...]) -> None:
        text = sentences.text
        self._text, self._lowered = text, lowered
        self._sentences = sentences
        self._found = Occurrences(sentences, lowered, _ROLES, languages)
        self._patterns = _patterns(languages)

    def has(self, candidate: Candidate, reading: Reading) -> bool:
        """Return whether a candidate is none."""
        start, end = candidate.span
        if not candidate.is_group_alone:
            is_answered = patterns.ANSWER_NO.match(self._text, end) is not None
            return is_answered or self._is_hormone(start, end) or self._is_unrelated(candidate)
        if any(part.is_recurrent for part in candidate.parts):
            return False  # an r is written of cancers only
        group = reading.stage.group if reading.stage is not None else None
        if group is not None and group.system != TNM:
            is_ambiguous = self._patterns.ambiguous.match(self._lowered, start, end)
            return bool(is_ambiguous) and self._distance(start, end, ("own", "cancer")) is None
        return self._is_of_other_system(start, end) or self._is_of_other_disease(
            start, end, is_bare=len(candidate.parts) == 1
        )

    def _is_hormone(self, start: int, end: int) -> bool:
        if not _HORMONES.fullmatch(self._text, start, end):
            return False
        begin, behind = self._sentences.start(start), self._sentences.end(end, end + _FAR)
        measured = _MEASURED.match(self._text, end, behind)
        if measured is not None and self._patterns.unit.match(self._lowered, measured.end(), behind):
            return True
        return self._patterns.hormone.search(self._lowered, begin, behind) is not None

    def is_beside_other_disease(self, part: Part) -> bool:
        """Return whether a group behind categories is that of another disease: `pT2 pN0 M0. Stage IV CKD`."""
        if not {".", ",", ";"} & set(part.between) or not _WORD_BEHIND.match(self._text, part.end):
            return False
        other = self._distance(part.start, part.end, ("other",), is_of_clause=True)
        cancer = self._distance(part.start, part.end, ("cancer",), is_of_clause=True)
        return other is not None and other <= _NEAR and (cancer is None or other < cancer)

    def _is_unrelated(self, candidate: Candidate) -> bool:
        """Return whether bare letters stand beside words that give them another meaning: `T1 spindle`."""
        if candidate.prefixes:
            return False
        letters, (start, end) = list(candidate.letters), candidate.span
        if any(part.kind in ("group", "label") or part.is_unknown for part in candidate.parts):
            return False
        if letters != sorted(letters, key="TNM".index) and "0" not in self._text[start:end]:
            return True  # vehicles, waves and layers are listed so; who stages a cancer begins with T
        if len(letters) == 3:
            return False
        begin, behind = self._sentences.start(start), self._sentences.end(end, end + _REACH)
        return self._patterns.unrelated.search(self._lowered, begin, behind) is not None

    def _is_of_other_system(self, start: int, end: int) -> bool:
        ahead = self._text[max(0, start - 24) : start]
        return bool(
            patterns.PRONOUN.match(self._text, end)
            or patterns.SYSTEM_NAME_BEHIND.match(self._text, end)
            or patterns.SYSTEM_NAME_BEFORE.search(ahead)
            or patterns.CATEGORY_OF_STAGE.search(ahead)
        )

    def _is_of_other_disease(self, start: int, end: int, *, is_bare: bool) -> bool:
        is_arabic = is_bare and _ARABIC.search(self._text, max(start, end - 16), end) is not None
        is_roman = is_bare and self._text[end - 1] in "IV"
        cancer = self._distance(start, end, ("cancer",))
        if cancer is None:
            other = self._distance(start, end, ("own", "other"), is_of_clause=not is_roman)
            return is_arabic or other is not None
        other = self._distance(start, end, ("own", "other"), is_of_clause=not is_arabic)
        return other is not None and other < cancer

    def _distance(
        self, start: int, end: int, roles: tuple[str, ...], *, is_of_clause: bool = False
    ) -> int | None:
        """Return how far the nearest words of some roles are, in the sentence or in the clause."""
        begin, behind = self._sentences.start(start), end + _FAR
        known = self._found.around(begin, end, _FAR)  # in the whole sentence: the next one will be asked for
        if is_of_clause:
            begin, behind = max(begin, start - _REACH), min(behind, end + _REACH)
            for match in _STRONG_END.finditer(self._text, begin, start + 1):  # it looks one character ahead
                begin = min(match.end(), start)
            stop = _STRONG_END.search(self._text, end, behind)
            behind = stop.start() if stop is not None else behind
        found = [one for one in known if begin <= one.start < behind and one.role in roles]
        return min((self._apart(one, start, end) for one in found), default=None)

    def _apart(self, word: Occurrence, start: int, end: int) -> int:
        """Return how far words are from a group; "hypertension and stage II" are farther than they look."""
        first, last = (word.end, start) if word.start < start else (end, word.start)
        if first >= last:
            return 0  # "stage IV disease" holds the group
        return last - first + (_PARTED if self._patterns.parts.search(self._lowered, first, last) else 0)
