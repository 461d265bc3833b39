"""Finding the candidates of a text: words side by side that may be notation, cut where a staging begins.

Where a stretch of such words begins and ends is looked at here, word by word; what its parts are, the grammar
says (parts.py).
"""

from __future__ import annotations

import re
import sys
from functools import cached_property
from heapq import merge
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from rstage import rules
from rstage.notation.tree import LONGEST_TEXT
from rstage.privacy import shown
from rstage.text import patterns
from rstage.text.before import with_doubt, with_left, with_open_start
from rstage.text.behind import counts_behind, left_out_behind, open_end
from rstage.text.candidate import REAL, UNCHOSEN, Candidate, Part, timing_of
from rstage.text.following import goes_on
from rstage.text.labels import LeftOut, descriptors_above, heads_of
from rstage.text.parts import Blank
from rstage.text.stretches import stagings_of
from rstage.text.words import whole

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_PREFIX = 6
_LONGEST_WORD = 20
_LONGEST_BEFORE = 40
_AROUND = 200
_ENOUGH_WORDS = 2
_BESIDE = 3
_WORD = "word"
_NOWHERE = (sys.maxsize, "")
_EVERY = frozenset("TNM")
_LETTERS = frozenset("TNMtnm")
_PREFIXES = frozenset("ryacpumRYACPU")
# "G3pT2pN1": descriptors that no blank parts from the first category.
_GLUED_BEFORE = re.compile(r"(?<!\w)(?:(?:Pn|[LVRG])[0-9X]){1,5}\Z")
_REVISED = re.compile(r"(?<!\w)[Rr]2?[ -]\Z")
_VERTEBRA = re.compile(r"(?<!\w)[CL][0-9]{1,2}[ ]?-[ ]?\Z")  # "C5-T1" are vertebrae
_START = attrgetter("start")
_LONGEST_END = 12
# Else the last word of a stretch ends with it, and what stands behind does not matter.
_GOES_ON = re.compile(r"(?<=\w)\w|(?<=[-/*'%])|[-/*'%]")
_BEFORE_CLINICAL = re.compile(r"[ ]?[,;.]?[ ](?=EC[ :])")
_CLOSES = re.compile(r"[ ]?\)(?![^\W_])")


class _Stretch(NamedTuple):
    """The first words of what may be notation; what kind of group they are, or which category.

    `words` is where those before a group begin that its reading leaves out: `Tumorstadium IIB`, `UICC IIB`.
    """

    start: int
    end: int
    letter: str = ""
    category: str = ""
    words: int | None = None


class Scanner:
    """Finds the candidates of one text.

    Args:
        text: the text, flattened.
        mode: a mode of reading; `repair` also looks for small letters.

    Attributes:
        blanks: what the candidate that was yielded last leaves out of the text.
    """

    def __init__(self, text: str, mode: str) -> None:
        self._text = text
        self._is_repairing = mode == "repair"
        self._word = patterns.WORD_IN_LOWER_CASE if self._is_repairing else patterns.WORD
        self._category = (
            patterns.CATEGORY_WORD_IN_LOWER_CASE if self._is_repairing else patterns.CATEGORY_WORD
        )
        self._behind = 0  # where what was looked at ends
        self._behind_last = -_BESIDE - 1  # where the last candidate ends
        self.blanks: tuple[Blank, ...] = ()

    def candidates(self) -> Iterator[Candidate]:
        """Yield every candidate that counts as a staging, in order, whether or not the grammar reads it."""
        for anchor, kind in self._anchors():
            floor = self._behind
            first = self._first(anchor, kind) if anchor >= floor else None
            if first is None or first.start < floor:
                continue
            for candidate in self._stagings(first, floor):
                self._behind = self._behind_last = candidate.end
                if candidate.counts or candidate.is_faulty:
                    yield candidate
            self._behind = max(self._behind, first.end)

    def _anchors(self) -> Iterator[tuple[int, str]]:
        """Yield where a candidate may be, in order; what stands in the one before is passed over."""
        text = self._text
        other = self._words()
        if self._is_repairing:
            lower = patterns.CATEGORY_ANCHOR_IN_LOWER_CASE.finditer(text)
            other = merge(other, ((match.start(), match[0]) for match in lower))
        place, kind = next(other, _NOWHERE)
        found = patterns.ANCHOR.search(text)
        while found is not None:
            begin = found.start()
            while place < begin:
                yield place, kind
                place, kind = next(other, _NOWHERE)
            yield begin, found[0]
            found = patterns.ANCHOR.search(text, max(found.end(), self._behind))
        if kind:
            yield place, kind
            yield from other

    def _words(self) -> Iterator[tuple[int, str]]:
        """Yield where a word for a stage stands with something like a numeral behind it."""
        for place in patterns.places_of(self._text, patterns.word_parts(self._text)):
            if patterns.WORD_WITH_NUMERAL.match(self._text, place):
                yield place, _WORD

    # ------------------------------------------------------------ where a stretch begins

    def _first(self, anchor: int, kind: str) -> _Stretch | None:
        if kind in _LETTERS:
            return self._first_category(anchor)
        if kind == "I":
            start = self._letters_before(anchor)
            return self._matched(patterns.RECURRENT_GROUP, start, "r") if self._begins(start) else None
        if kind == _WORD:
            return self._first_worded(anchor)
        start = self._letters_before(anchor)
        if not self._begins(start) or (kind == "EC" and start < anchor):
            return None
        if kind == "EC" or kind in patterns.OWNERS:
            return self._clinical_stage(anchor) if kind == "EC" else self._owned(anchor)
        is_other = _REVISED.search(self._text, max(0, start - 4), start)
        return None if is_other else self._matched(patterns.SYSTEM_GROUP, start, "system")

    def _first_category(self, anchor: int) -> _Stretch | None:
        start = self._letters_before(anchor)
        begin = start
        if not self._begins(start):
            glued = _GLUED_BEFORE.search(self._text, max(0, start - _LONGEST_BEFORE), start)
            if glued is None or (start == anchor and not glued[0].startswith("G")):
                return None
            begin = glued.start()
        found = self._category.match(self._text, start)
        if found is None or (start == anchor and _VERTEBRA.search(self._text, max(0, start - 6), start)):
            return None
        if start > 1 and self._text[start - 1] in " -" and self._text[start - 2] in "rcpy":
            detached = patterns.DETACHED_BEFORE.search(
                self._text[max(0, start - _LONGEST_PREFIX - 2) : start]
            )
            begin = start - len(detached[0]) if detached is not None else start
        return _Stretch(begin, found.end(), category=found["letter"] or "")

    def _first_worded(self, anchor: int) -> _Stretch | None:
        start = anchor
        while start and anchor - start < _LONGEST_WORD and self._text[start - 1].isalpha():
            start -= 1
        if not self._begins(start):
            return None
        methods = patterns.METHOD_WORD.finditer(self._text, max(0, start - _LONGEST_BEFORE), start)
        method = next((one.start() for one in methods if one.end() == start), None)
        if method is not None and (found := self._matched(patterns.WORDED_GROUP, start, "word")) is not None:
            return found._replace(start=method)
        before = patterns.BEFORE_WORD.search(self._text, max(0, start - _LONGEST_BEFORE), start)
        if before is not None:
            found = self._matched(patterns.WORDED_GROUP, before.start(), "word")
            if found is not None:
                return found
        return self._matched(patterns.WORDED_GROUP, start, "word") or self._open(start)

    def _open(self, start: int) -> _Stretch | None:
        """Return the value of a group whose word the grammar does not read."""
        match = patterns.OPEN_GROUP.match(self._text, start)
        if match is None:
            return None
        begin = match.start(match.lastgroup or 0)
        methods = patterns.METHOD_WORD.finditer(self._text, start, begin)
        begin = next((one.start() for one in methods if one.end() == begin), begin)
        return _Stretch(begin, match.end(), "word", words=start)

    def _owned(self, start: int) -> _Stretch | None:
        """Return the group of an owner of editions; directly behind categories it is theirs."""
        between = self._text[max(0, self._behind_last) : start]
        if start - self._behind_last <= _BESIDE and not {"(", ".", "\n"} & set(between):
            return None
        for pattern in (patterns.OWNED_EDITION_GROUP, patterns.OWNED_WORDED_GROUP):
            found = self._matched(pattern, start, "word")
            if found is not None:
                return found
        return self._open(start)

    def _clinical_stage(self, start: int) -> _Stretch | None:
        """Return the group behind `EC`, which is estadio clínico in Spanish and Portuguese text (ruling J.6).

        The grammar has `CS` for it, clinical stage.
        """
        found = patterns.CLINICAL_GROUP.match(self._text, start)
        begin = max(0, start - _AROUND, self._text.rfind("\n\n", max(0, start - _AROUND), start))
        end = self._text.find("\n\n", start, start + _AROUND)
        around = self._text[begin : end if end >= 0 else start + _AROUND]
        if found is None or len(set(map(str.lower, whole("word").findall(around)))) < _ENOUGH_WORDS:
            return None
        is_drug = found["value"].startswith("IV") and whole("drug").search(around)
        return None if is_drug else _Stretch(start, found.end(), "word")

    def _clinical_behind(self, end: int) -> LeftOut | None:
        """Return the `EC` that stands with its group directly behind categories: `cT3 N2 M0, EC IIIB`."""
        gap = _BEFORE_CLINICAL.match(self._text, end)
        found = self._clinical_stage(gap.end()) if gap is not None else None
        return None if found is None else LeftOut(Blank(found.start, found.start + 2, "CS"), found.end, "")

    def _letters_before(self, anchor: int) -> int:
        """Return where the prefix letters begin that stand directly before a place."""
        start = anchor
        while start and anchor - start < _LONGEST_PREFIX and self._text[start - 1] in _PREFIXES:
            start -= 1
        return start

    def _begins(self, start: int) -> bool:
        """Return whether a word can begin at a place."""
        return not start or not (self._text[start - 1].isalnum() or self._text[start - 1] == "_")

    def _matched(self, pattern: re.Pattern[str], start: int, letter: str) -> _Stretch | None:
        match = pattern.match(self._text, start)
        return None if match is None else _Stretch(start, match.end(), letter)

    # ------------------------------------------------------------ where it ends

    def _end(self, first: _Stretch, blanks: list[Blank]) -> int:
        """Return where a stretch ends; labels of lines and counts in it are added to what is left out."""
        text = self._text
        start, end = first.start, first.end
        letters = first.category
        is_group, last = not letters, "category"
        while end - start < LONGEST_TEXT:
            word = self._word.match(text, end)
            if word is not None and word.lastgroup == "bracket" and last != "system":
                if not is_group and self._holds_staging(word, letters):
                    break
                end, last = word.end(), "bracket"
                continue
            if letters[-1:] == "N" and (counted := counts_behind(text, end)) is not None:
                blanks.append(counted)
                end, last = counted.end, "bracket"
                continue
            if is_group and last != "system" and first.letter != "system":
                system = patterns.BY_SYSTEM.match(text, end)
                if system is not None and not system[0].endswith(patterns.OWNERS):
                    end, last = system.end(), "system"
                    continue
            if word is None or not goes_on(word, last, letters):
                left_out = self._clinical_behind(end) if letters else None
                left_out = left_out or left_out_behind(text, start, end, letters)
                if left_out is None:
                    break
                blanks.append(left_out.blank)
                end = left_out.end
                letters += left_out.letter
                is_group, last = False, "category"
                continue
            end, last = word.end(), word.lastgroup or ""
            is_group = last in ("group", "bare")
            if last == "category":
                letters += word["letter"] or ""
        return end

    def _holds_staging(self, bracket: re.Match[str], letters: str) -> bool:
        """Return whether a bracket holds a staging of its own, and no other value of the last letter."""
        if _EVERY.isdisjoint(bracket[0]):
            return False
        found = list(patterns.LOOSE_CATEGORY.finditer(self._text, bracket.start() + 1, bracket.end()))
        return len(found) > 1 or any((one["letter"] or one["named"]) not in letters[-1:] for one in found)

    # ------------------------------------------------------------ from a stretch to stagings

    def _stretch(self, first: _Stretch) -> list[Candidate]:
        """Return the stagings of a stretch, at their places in the text."""
        labels: list[Blank] = []
        start = first.start
        end = self._end(first, labels)
        text = self._text[start:end]
        if not first.category:
            labels = [*_method_of(text, start), *labels]
        for blank in labels:
            text = text[: blank.start - start] + blank.text + text[blank.end - start :]
        behind = self._text[end : end + _LONGEST_END] if _GOES_ON.match(self._text, end) else ""
        found = stagings_of(text, behind, first.letter, is_repairing=self._is_repairing)
        moved = [Blank(one.start + start, one.end + start, one.text, one.diagnostic) for one in found.blanks]
        self.blanks = tuple(sorted([*labels, *moved], key=_START)) if labels else tuple(moved)
        return [one.moved(start) for one in found.stagings]

    @cached_property
    def _heads(self) -> list[int]:
        return heads_of(self._text)

    def _with_descriptors(self, candidate: Candidate, floor: int) -> Candidate:
        """Return a candidate with the timing that a line above it gives: `TNM Descriptors: r (recurrent)`."""
        first = next((part for part in candidate.parts if part.kind in REAL), None) if self._heads else None
        if first is None or first.kind != "category":
            return candidate
        above = descriptors_above(self._text, first.start, floor, self._heads)
        if above is None or set(above.timing) <= set(timing_of(candidate.parts)):
            return candidate
        between = self._text[above.end : first.start]
        told = rules.COMMENT_SKIPPED.at(before=shown(between.strip()), after="nothing")
        self.blanks = (Blank(above.end, first.start, " " * len(between), told), *self.blanks)
        kind, letter = ("mistake", UNCHOSEN) if above.is_form else ("label", "")
        return candidate.led_by(Part(kind, above.start, above.end, letter, above.timing))

    def _with_left(self, staging: Candidate, first: _Stretch, floor: int) -> Candidate | None:
        """Return the first staging of a stretch with what belongs to it before it, or None as `with_left`."""
        text, words = self._text, first.words if staging.start == first.start else None
        whole = with_open_start(text, staging, floor, words)
        found = with_left(text, self._with_descriptors(whole, floor), floor)
        if found is None:
            return None
        if found.start < whole.start:
            found, words = with_open_start(text, found, floor), None  # "r R0 T2 N0"
        return with_doubt(text, found, floor, words)

    def _stagings(self, first: _Stretch, floor: int) -> Iterator[Candidate]:
        """Yield the candidates of a stretch, those that count for nothing too."""
        is_list = False
        stagings = self._stretch(first)
        for place, staging in enumerate(stagings):
            whole: Candidate | None = staging
            limit = stagings[place + 1].start if place + 1 < len(stagings) else len(self._text)
            if not place:
                whole = self._with_left(staging, first, floor)
            elif self._text[stagings[place - 1].end : staging.start].strip(" ,;\n"):
                whole = with_open_start(self._text, staging, stagings[place - 1].end)  # "M0*r pT2"
            has_prefix = whole is not None and whole.prefixes != ""
            if whole is None:
                first_part, *rest = staging.parts
                yield self._closed(Candidate.of((first_part._replace(is_faulty=True), *rest)), limit)
            elif has_prefix or not is_list:
                yield self._closed(whole, limit)
            else:
                yield Candidate.of(whole.parts[:1], whole.end)._replace(is_faulty=False)
            # "T1, T2, M0 mapping": the last two are no more a staging than the first.
            is_list = not has_prefix and len(staging.parts) == 1 and staging.letters != ""

    def _closed(self, candidate: Candidate, limit: int) -> Candidate:
        """Return a candidate whose brackets are closed, and with what behind it leaves it open.

        Args:
            candidate: one that ends with its last part.
            limit: where the next one of the stretch begins.
        """
        parts, start, end = candidate.parts, candidate.start, candidate.end
        others = patterns.GROUP_LIST.match(self._text, end) if parts[-1].kind == "group" else None
        if others is not None:
            return Candidate.of((*parts, Part("mistake", end, others.end(), "choice")))
        behind = open_end(self._text, candidate, self._heads)
        if behind is not None and behind.end <= limit:
            parts, end = (*parts, behind), behind.end
        following = self._text[end : end + 2]
        if ")" in following:
            for _ in range(self._text.count("(", start, end) - self._text.count(")", start, end)):
                closing = _CLOSES.match(self._text, end)
                end = closing.end() if closing is not None else end
        if following[:1].isalnum():
            parts = (*parts[:-1], parts[-1]._replace(is_faulty=True))  # "pN0(0/2)0", "pT0G0A"
        return candidate if end == candidate.end and parts is candidate.parts else Candidate.of(parts, end)


def _method_of(text: str, start: int) -> list[Blank]:
    """Return the word of method that a stretch begins with, as the grammar knows it.

    Before the word for a stage it is the English one, behind it the letter before another such word.
    """
    if text.startswith("EC"):
        return [Blank(start, start + 2, "CS")]
    found = patterns.METHOD_WORD.match(text)
    if found is None:
        return []
    method = found.lastgroup or ""
    written = method if patterns.WORDED_GROUP.match(text, found.end()) else f"{method[:1]}Stage"
    return [Blank(start, start + found.end(), written.ljust(found.end()))]
