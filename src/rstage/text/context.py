"""The words around a staging: of recurrence or diagnosis, denied or not, or of something that is no cancer.

The words are data, one table a language in `data/contexts`. They never change a stage: a word of recurrence
is reported beside it, and its r is what stands in the notation.

A word belongs to a staging of its own sentence, and a wrong context is worse than none. Of the words before
it and those directly behind it the nearest counts. Between two stagings the first comma, semicolon, bracket,
dash, line end or "and" parts what belongs to which. What a recurrence is one *of* or comes *after* is the
cancer at diagnosis.
"""

from __future__ import annotations

import re
from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple, Self

from rstage.text import phrases
from rstage.text.occurrences import Occurrence, Occurrences
from rstage.text.other_kind import OtherKinds
from rstage.text.phrases import LANGUAGES
from rstage.text.sentences import LONGEST, Sentences

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rstage.diagnostics import Span
    from rstage.model.stage import Stage
    from rstage.reading.read import Reading
    from rstage.text.candidate import Candidate, Part

RECURRENCE, DIAGNOSIS = "recurrence", "diagnosis"

_REACH_BEHIND = 48
_REACH_OF_NEGATION = 90
_WORDS_BETWEEN = 14
_WORDS_FROM_NEGATION = 4
# Phrases that only hold such a word come first: "risk of recurrence", "initial CT".
_SAID = ("none", "foreign", "apart", DIAGNOSIS, RECURRENCE)
_CLAUSE_END = r"[,;.\n()]|[ ]-+[ ]"
_STRONG_END = re.compile(r"[,;:.()\n]")
_PART_END = re.compile(r"[;:.()]")
_NO_LINK_OVER = re.compile(r"[,;\n()]")
_OPENED = re.compile(r"[ \t]*[(-][ \t]*")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# Letters of languages whose words are not known: what is spelled alike there may say something else.
_FOREIGN = re.compile("[ăąćčďđęěğıłńňőřśşšșťţțůűźżžåðþ\u0400-\u04ff]|(?<=[a-z])ø|ø(?=[a-z])")


class Context(NamedTuple):
    """What the words beside a staging say, and where they stand."""

    name: str | None = None
    span: Span | None = None


_NOTHING = Context()


class Contexts:
    """The words of some languages.

    Attributes:
        languages: which.
    """

    def __init__(self, languages: tuple[str, ...]) -> None:
        self.languages = languages

    @classmethod
    def of(cls, languages: Iterable[str]) -> Self:
        """Return the words of these languages.

        Raises:
            ValueError: a language is unknown.
            TypeError: the languages are one text.
        """
        if isinstance(languages, str):
            raise TypeError("languages are several, such as ('en', 'de')")
        asked = tuple(dict.fromkeys(languages))
        for language in asked:
            if language not in LANGUAGES:
                raise ValueError(f"a language is one of {', '.join(LANGUAGES)}")
        return cls(asked)

    def around(self, text: str) -> Surroundings:
        """Return what stands around the stagings of a text."""
        return Surroundings(text, self.languages)


class _Patterns:
    """The expressions of some languages that are matched at words found already."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        def any_of(role: str) -> str:
            return phrases.any_of(role, languages)

        self.negation = phrases.pattern("negation", languages)
        self.denied = phrases.pattern("denied", languages)
        self.away = phrases.pattern("away", languages)
        self.alternative = phrases.pattern("or", languages)
        self.now = phrases.pattern("now", languages)
        self.clause_end = re.compile(f"{_CLAUSE_END}|{any_of('join')}")
        self.answered_no = re.compile(rf"\s*[:?]+\s*-?\s*{any_of('negation')}")
        # What leads from a staging to the words behind it.
        self.lead = re.compile(rf"\s*(?:{any_of('lead')}\s*){{0,6}}")
        # "After", but not "after two years".
        year = r"(?:19|20)\d\d"
        period = rf"\s+(?:\w+\s+){{0,2}}{any_of('period')}(?!\s*{year})"
        self.after = re.compile(rf"{any_of('after')}(?!{period})")
        few = rf"(?:(?!{any_of('away')})[^\W\d_][\w-]*\s+){{0,3}}"
        # "Recurrence of 2015" is dated, "Rezidiv eines 2015 resezierten ..." is one of what was resected.
        dated = rf"\s*{year}(?!\s+[^\W\d_]{{4}})"
        self.of = re.compile(rf"\s+{few}(?:(?:\w+\s+)?{year}\s+)?{any_of('of')}(?!{dated}|{period})")


_patterns = cache(_Patterns)


class Surroundings:
    """What the words of one text say of the stagings in it, asked in their order.

    Args:
        text: the text, flattened.
        languages: whose words count.
    """

    def __init__(self, text: str, languages: tuple[str, ...]) -> None:
        self._text, self._languages = text, languages
        self._begin = self._behind = 0
        self._taken: set[int] = set()
        self._linked: set[int] = set()

    # A text without stagings costs none of these.

    @cached_property
    def _lowered(self) -> str:
        return phrases.in_small_letters(self._text)

    @cached_property
    def _patterns(self) -> _Patterns:
        return _patterns(self._languages)

    @cached_property
    def sentences(self) -> Sentences:
        """Its sentences, by the abbreviations of these languages."""
        return Sentences(self._text, self._languages)

    @cached_property
    def _said(self) -> Occurrences:
        return Occurrences(self.sentences, self._lowered, _SAID, self._languages)

    @cached_property
    def _others(self) -> OtherKinds:
        return OtherKinds(self.sentences, self._lowered, self._languages)

    def is_of_other_kind(self, candidate: Candidate, reading: Reading) -> bool:
        """Return whether the words beside a candidate show that it is none: CKD stage 3, reverse T3."""
        return self._others.has(candidate, reading)

    def is_of_other_disease(self, group: Part) -> bool:
        """Return whether the group of a staging is that of another disease beside it."""
        return self._others.is_beside_other_disease(group)

    def context(self, span: Span, following: int | None, stage: Stage | None) -> Context:
        """Return the context of the next staging.

        Args:
            span: where it stands.
            following: where the one after it begins.
            stage: what it says, where that is known: words of diagnosis are none of a staging with r.
        """
        floor, self._behind = self._behind, span[1]
        self._begin = begin = self.sentences.start(span[0])
        if not self._said.around(begin, span[1], _REACH_BEHIND):
            return _NOTHING  # most sentences have no such words
        is_recurrent = stage is not None and stage.is_recurrence
        before = self._before(begin, floor, span[0], is_recurrent=is_recurrent)
        has_remark = not is_recurrent and self._text.find("(", *span) >= 0
        inside = self._nearest(*span, is_recurrent=False) if has_remark else None
        behind = self._words_behind(span, following, is_recurrent=is_recurrent)
        if inside is not None and inside.span is not None:
            found = inside  # "pT2 pN0 (recurrence)", where the remark is a part of the mention
        else:
            found = _nearer(span, before or _NOTHING, behind or _NOTHING)
        if found.span is None or self._is_foreign(begin, found.span[1]):
            return _NOTHING
        if found.name == RECURRENCE:
            self._taken.add(found.span[0])
        return found

    def _is_foreign(self, begin: int, end: int) -> bool:
        end = self.sentences.end(end, end + LONGEST)
        if _FOREIGN.search(self._lowered, begin, end):
            return True
        return any(one.role == "foreign" for one in self._said.between(begin, end))

    def _own(self, word: Occurrence) -> _Patterns:
        """Return the expressions of the languages of a word: "na" is Dutch for after, but not Portuguese."""
        written = self._lowered[word.start : word.end]
        return _patterns(phrases.languages_of(written, word.role, self._languages))

    # ------------------------------------------------------------ before

    def _before(self, begin: int, floor: int, start: int, *, is_recurrent: bool) -> Context | None:
        """Return what the words before a staging say; without a span where they part it from those before."""
        is_next = floor > begin
        own = begin
        if is_next:
            gap = self._patterns.clause_end.search(self._lowered, floor, start)
            own = gap.end() if gap is not None else floor
        found = self._nearest(own, start, is_recurrent=is_recurrent)
        if found is None and is_next:
            found = self._left_over(begin, floor, start, is_recurrent=is_recurrent)
        return found

    def _nearest(self, begin: int, start: int, *, is_recurrent: bool) -> Context | None:
        is_parted = False
        for one in reversed(self._said.between(begin, start)):
            if one.end > start or one.role in ("none", "foreign"):
                continue
            if one.role == RECURRENCE:
                if self._is_denied(one):
                    is_parted = True
                elif is_recurrent:
                    return Context(RECURRENCE, one[:2])
                else:
                    found = self._of_recurrence(one, start)
                    return _NOTHING if is_parted and found.name == RECURRENCE else found
            elif one.role == "apart":
                is_parted = True
            elif not is_recurrent:
                return Context(DIAGNOSIS, one[:2])
        return None

    def _of_recurrence(self, word: Occurrence, start: int) -> Context:
        """Return what a word of recurrence before a staging without r says of it."""
        end = word.end
        own = self._own(word)
        released = self._released(end, start)
        after = [match.span() for match in own.after.finditer(self._lowered, released, start)]
        if after or (released == end and own.of.match(self._lowered, end, start)):
            self._linked.add(word.start)
            if not after or _NO_LINK_OVER.search(self._lowered, after[-1][1], start):
                return _NOTHING
            return Context(DIAGNOSIS, after[-1])
        between = self._lowered[end:start]
        is_far = len(between.split()) > _WORDS_BETWEEN or len(set(_YEAR.findall(between))) > 1
        return _NOTHING if is_far or ";" in between else Context(RECURRENCE, word[:2])

    def _released(self, begin: int, end: int) -> int:
        """Return from where on words speak of now again: behind a colon, or a word for it."""
        place = max(begin, self._lowered.rfind(":", begin, end) + 1)
        for match in self._patterns.now.finditer(self._lowered, place, end):
            place = match.end()
        return place

    def _left_over(self, begin: int, floor: int, start: int, *, is_recurrent: bool) -> Context | None:
        """Return the recurrence that a sentence began with, and that is not that of a staging before.

        "Recurrence after pT2 pN0 (2012): rpT4b".
        """
        if not is_recurrent and self._released(floor, start) == floor:
            return None
        for one in reversed(self._said.between(begin, floor)):
            if one.role == RECURRENCE and one.start not in self._taken and not self._is_denied(one):
                is_its = is_recurrent or one.start in self._linked
                return Context(RECURRENCE, one[:2]) if is_its else None
        return None

    # ------------------------------------------------------------ behind

    def _words_behind(self, span: Span, following: int | None, *, is_recurrent: bool) -> Context | None:
        """Return the words directly behind a staging: in a bracket, behind a dash or a preposition."""
        begin = span[1]
        reach = self.sentences.end(begin, begin + _REACH_BEHIND)
        if following is not None and following <= reach:
            stop = self._patterns.clause_end.search(self._lowered, begin, following)
            opened = _OPENED.match(self._lowered, begin, following)
            if opened is not None:
                stop = self._patterns.clause_end.search(self._lowered, opened.end(), following)
            if stop is None:
                return None  # with nothing between, the words are those of the next staging
            return self._directly(begin, stop.start(), is_recurrent=is_recurrent)
        if not is_recurrent and self._text[begin : begin + 1] in (",", ";"):
            # "pT2 pN0, ED 2012": a date of diagnosis is given behind what it dates
            first = next(iter(self._said.between(begin, reach)), None)
            is_next = first is not None and not self._text[begin + 1 : first.start].strip()
            return Context(DIAGNOSIS, first[:2]) if first and is_next and first.role == DIAGNOSIS else None
        return self._directly(begin, reach, is_recurrent=is_recurrent)

    def _directly(self, begin: int, limit: int, *, is_recurrent: bool) -> Context | None:
        opened = _OPENED.match(self._lowered, begin, limit)
        begin = opened.end() if opened is not None else begin
        stop = _STRONG_END.search(self._lowered, begin, limit)
        for one in self._said.between(begin, stop.start() if stop is not None else limit):
            if one.role not in (RECURRENCE, DIAGNOSIS) or (is_recurrent and one.role == DIAGNOSIS):
                continue
            lead = self._own(one).lead.fullmatch(self._lowered, begin, one.start)
            is_led = lead is not None and bool(lead[0].strip() or opened or one.role == DIAGNOSIS)
            if is_led and not (one.role == RECURRENCE and self._is_denied(one)):
                return Context(one.role, one[:2])
        return None

    # ------------------------------------------------------------ denied

    def _is_denied(self, word: Occurrence) -> bool:
        start, end, _ = word
        begin = max(self._begin, start - _REACH_OF_NEGATION)
        before = _after_last(_PART_END, self._lowered[begin:start])
        for match in self._patterns.negation.finditer(before):
            if self._reaches(before[match.end() :]):
                return True
        behind = self._lowered[end : self.sentences.end(end, end + _REACH_BEHIND)]
        if self._patterns.answered_no.match(behind):
            return True
        stop = _STRONG_END.search(behind)
        return self._patterns.denied.search(behind, 0, stop.start() if stop else len(behind)) is not None

    def _reaches(self, between: str) -> bool:
        """Return whether a negation reaches over some words: over few, and over a list of what is denied."""
        if self._patterns.away.search(between):
            return False
        *listed, last = between.split(",")
        if listed and not self._patterns.alternative.search(last):
            return False
        return len(last.split()) <= _WORDS_FROM_NEGATION


def _nearer(span: Span, before: Context, behind: Context) -> Context:
    """Return the words that are nearer to a staging, of those before and those behind it."""
    if before.span is None or behind.span is None:
        return behind if before.span is None else before
    return before if span[0] - before.span[1] <= behind.span[0] - span[1] else behind


def _after_last(pattern: re.Pattern[str], text: str) -> str:
    ends = [match.end() for match in pattern.finditer(text)]
    return text[max(ends, default=0) :]
