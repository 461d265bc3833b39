"""The words around a staging: of recurrence or diagnosis, denied or not, or of something that is no cancer.

The words are data, one table a language in `data/contexts`. They never change a stage: a word of recurrence
is reported beside it, and its r is what stands in the notation.

A word belongs to a staging of its own sentence. The words before it count, the nearest first, from the
staging before or the beginning of the sentence on; then those directly behind it, up to the next comma.
Between two stagings the first comma, semicolon, bracket, dash, line end or "and" parts what belongs to which.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, Self

from rstage.reference.systems import TNM
from rstage.reference.tsv import data_rows
from rstage.text import patterns

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rstage.diagnostics import Span
    from rstage.reading.read import Reading
    from rstage.text.candidate import Candidate

LANGUAGES = ("en", "de", "fr", "es")
"""The languages whose words are known."""

RECURRENCE, DIAGNOSIS = "recurrence", "diagnosis"
LONGEST_REACH = 160
"""Characters before a staging in which its words are looked for."""

_REACH_BEHIND = 48
_REACH_OF_NEGATION = 48
_REACH_OF_OTHER = 48
# Where a sentence ends: after a word of four letters or more, a year, a bracket, and before a capital.
_SENTENCE_END = re.compile(
    r"(?:[^\W\d_]{4}|[0-9]{4}|[)\]0-9+X])[.!?](?=\s+[^\Wa-zß-ÿ])|[!?](?=\s)|\n[ \t\r]*\n"
)
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_LINE_END = re.compile(r"\n")
_OWN_LABEL = re.compile(r"^[ \t]*(?:[-*•·>]|\d{1,2}[.)]|[^\n:]{1,60}:)")
_CLAUSE_END = re.compile(r"[,;.\n()]|[ ]-+[ ]|\b(?:and|und|et|y|e|then|dann|puis|luego|later|später)\b")
_STRONG_END = re.compile(r"[,;:.()\n]")
_OPENED = re.compile(r"[ \t]*[(-][ \t]*")
# What leads from a staging to the words behind it.
_LEADING = re.compile(
    r"\s*(?:(?:at|the|time|of|in|as|for|bei|beim|zum|zur|zeitpunkt|der|des|dem|im|als|à|au|aux|lors|de|du|la"
    r"|le|les|moment|al|el|en|del|momento|first|second|local|regional|locoregional|ersten|zweiten|première|premier|seconde|deuxième"
    r"|primera|primer|segunda|this|diesem|its)\s+){0,6}",
    re.IGNORECASE,
)
_AWAY = re.compile(
    r"\b(?:at|in|during|with|since|after|bei|beim|zum|im|seit|nach|mit|à|au|lors|depuis|après|avec|al|en|desde"
    r"|tras|con)\b",
    re.IGNORECASE,
)


class Context(NamedTuple):
    """What the words beside a staging say, and where they stand."""

    name: str | None = None
    span: Span | None = None

    @property
    def start(self) -> int:
        """Where they begin."""
        return self.span[0] if self.span is not None else 0

    @property
    def end(self) -> int:
        """Where they end."""
        return self.span[1] if self.span is not None else 0


class Contexts:
    """The words of some languages.

    Attributes:
        languages: which.
    """

    def __init__(self, languages: tuple[str, ...]) -> None:
        self.languages = languages
        self._words = {role: _compiled(role, languages) for role in _ROLES}

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

    # ------------------------------------------------------------ what is no cancer stage

    def is_of_other_kind(self, text: str, candidate: Candidate, reading: Reading) -> bool:
        """Return whether the words beside a candidate show that it is none: CKD stage 3, reverse T3."""
        start, end = candidate.span
        if not candidate.is_group_alone:
            if patterns.ANSWER_NO.match(text, end):
                return True
            around = text[_sentence_start(text, start) : _paragraph_end(text, end, end + LONGEST_REACH)]
            is_hormone = text[start:end] in ("rT3", "rT4") and self._words["hormone"].search(around)
            return bool(is_hormone)
        group = reading.stage.group if reading.stage is not None else None
        if group is None or group.system != TNM:
            return False
        ahead = text[max(0, start - 24) : start]
        if (
            patterns.PRONOUN.match(text, end)
            or patterns.SYSTEM_NAME_BEHIND.match(text, end)
            or patterns.SYSTEM_NAME_BEFORE.search(ahead)
            or patterns.CATEGORY_OF_STAGE.search(ahead)
        ):
            return True
        before = _after_last(_STRONG_END, text[max(0, start - _REACH_OF_OTHER) : start])
        behind = _before_first(_STRONG_END, text[end : end + _REACH_OF_OTHER])
        return self._nearest("other", before, behind) < self._nearest("cancer", before, behind)

    def _nearest(self, role: str, before: str, behind: str) -> int:
        """Return how far the nearest words of a role are from what stands between two texts."""
        first = self._words[role].search(behind)
        ends = [match.end() for match in self._words[role].finditer(before)]
        distances = [len(before) - ends[-1]] if ends else []
        return min([*distances, *([first.start()] if first is not None else [])], default=_REACH_OF_OTHER)

    # ------------------------------------------------------------ recurrence and diagnosis

    def of_spans(self, text: str, spans: Sequence[Span], recurrent: Sequence[bool]) -> list[Context]:
        """Return the context of each staging of a text.

        Args:
            text: the text.
            spans: where the stagings stand, in order.
            recurrent: which of them have an r: words of diagnosis are not theirs.
        """
        found = []
        for place, span in enumerate(spans):
            floor = spans[place - 1][1] if place else 0
            ceiling = spans[place + 1][0] if place + 1 < len(spans) else len(text) + _REACH_BEHIND + 1
            before = self._before(text, floor, span, is_recurrent=recurrent[place])
            found.append(
                before or self._behind(text, span, ceiling, is_recurrent=recurrent[place]) or Context()
            )
        return found

    def _before(self, text: str, floor: int, span: Span, *, is_recurrent: bool) -> Context | None:
        """Return the nearest words before a staging, in its sentence and its part behind the one before."""
        begin = max(_sentence_start(text, span[0]), floor)
        if begin == floor and floor:
            gap = _CLAUSE_END.search(text, floor, span[0])
            begin = gap.end() if gap is not None else floor
        said = self._said(text, begin, span[0], is_recurrent=is_recurrent)
        return said[-1] if said else None

    def _behind(self, text: str, span: Span, ceiling: int, *, is_recurrent: bool) -> Context | None:
        """Return the words directly behind a staging: in a bracket, behind a dash or a preposition."""
        begin = span[1]
        reach = _paragraph_end(text, begin, begin + _REACH_BEHIND)
        if ceiling > reach and not is_recurrent and text[begin : begin + 1] in (",", ";"):
            begin += 1  # "pT2 pN0, ED 2012": a date of diagnosis is given behind what it dates
            said = self._said(text, begin, reach, is_recurrent=False)
            is_next = bool(said) and not text[begin : said[0].start].strip()
            return said[0] if is_next and said[0].name == DIAGNOSIS else None
        opened = _OPENED.match(text, begin, reach)
        begin = opened.end() if opened is not None else begin
        stop = (_CLAUSE_END if ceiling <= reach else _STRONG_END).search(text, begin, min(reach, ceiling))
        if stop is None and ceiling <= reach:
            return None  # with nothing between, the words are those of the next staging
        limit = stop.start() if stop is not None else reach
        for one in self._said(text, begin, limit, is_recurrent=is_recurrent):
            lead = _LEADING.fullmatch(text, begin, one.start)
            if lead is not None and (lead[0].strip() or opened is not None or one.name == DIAGNOSIS):
                return one
        return None

    def _said(self, text: str, begin: int, end: int, *, is_recurrent: bool) -> list[Context]:
        """Return the words of recurrence and diagnosis of a stretch that are not denied, in order."""
        hidden = [match.span() for match in self._words["none"].finditer(text, max(0, begin - 20), end + 20)]
        names = (RECURRENCE,) if is_recurrent else (RECURRENCE, DIAGNOSIS)
        found = [
            Context(name, match.span())
            for name in names
            for match in self._words[name].finditer(text, begin, end)
        ]
        return [
            one
            for one in sorted(found, key=lambda context: context.start)
            if not any(first < one.end and one.start < last for first, last in hidden)
            and not (one.name == RECURRENCE and self._is_denied(text, one.start, one.end))
        ]

    def _is_denied(self, text: str, start: int, end: int) -> bool:
        before = _after_last(_STRONG_END, text[max(0, start - _REACH_OF_NEGATION) : start])
        for match in self._words["negation"].finditer(before):
            between = before[match.end() :]
            if len(between.split()) <= 4 and not _AWAY.search(between):
                return True
        behind = _before_first(_STRONG_END, text[end : end + _REACH_OF_NEGATION])
        return self._words["denied"].search(behind) is not None


_ROLES = (RECURRENCE, DIAGNOSIS, "negation", "denied", "none", "other", "cancer", "hormone")


@cache
def _table(language: str) -> tuple[tuple[str, str], ...]:
    """Return the lines of the table of a language: role and words."""
    return tuple((row["role"], row["words"]) for row in data_rows(f"contexts/{language}.tsv"))


@cache
def _compiled(role: str, languages: tuple[str, ...]) -> re.Pattern[str]:
    words = sorted({one for language in languages for known, one in _table(language) if known == role})
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(_pattern, longest_first)) or "(?!)", re.IGNORECASE)


def _pattern(words: str) -> str:
    """Return the regular expression of some words; an accent may be missing, as it often is in capitals."""
    plain = (
        re.escape(words)
        .replace(r"\*", r"[^\W\d_]{0,24}")
        .replace(r"\ ", r"\s{1,3}")
        .replace("'", "['\u2019\u00b4]")
    )
    for accented, bare in zip("áéíóúñèàêôïäöü", "aeiouneaeoiaou", strict=True):
        plain = plain.replace(accented, f"[{accented}{bare}]")
    return rf"(?<![^\W_]){plain}(?![^\W_])" if not words.endswith("'") else rf"(?<![^\W_]){plain}"


# ---------------------------------------------------------------- sentences and clauses


def _sentence_start(text: str, place: int) -> int:
    """Return where the sentence begins that a place is in, at most `LONGEST_REACH` characters before."""
    begin = max(0, place - LONGEST_REACH)
    ends = [match.end() for match in _SENTENCE_END.finditer(text, begin, place)]
    begin = max(ends, default=begin)
    lines = [match.end() for match in _LINE_END.finditer(text, begin, place)]
    for line in reversed(lines):
        # A line with a bullet or a label of its own does not go on from the line above.
        if _OWN_LABEL.match(text, line, place) and not text[begin : line - 1].rstrip().endswith(":"):
            return line
    return begin


def _paragraph_end(text: str, begin: int, end: int) -> int:
    """Return where the paragraph ends that a place is in, at most at `end`."""
    blank = _BLANK_LINE.search(text, begin, min(end, len(text)))
    return blank.start() if blank is not None else min(end, len(text))


def _after_last(pattern: re.Pattern[str], text: str) -> str:
    ends = [match.end() for match in pattern.finditer(text)]
    return text[max(ends, default=0) :]


def _before_first(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return text[: match.start()] if match is not None else text
