"""Finding the candidates of a text: parts side by side, cut where another staging begins."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rstage.notation.brackets import holds_suffixes
from rstage.notation.tree import LONGEST_TEXT
from rstage.text import patterns
from rstage.text.before import with_left
from rstage.text.candidate import Candidate, Part, counts, cut

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_PARTS = 64
"""Parts that a candidate has at most; a longer one goes on as another candidate."""

_MOST_SUFFIXES = 6
_LONGEST_PREFIX = 6
_LONGEST_WORD = 20
_BESIDE = 3
_LETTERS = frozenset("TNMtnm")
_PREFIXES = frozenset("ryacpumRYACPU")
# What stands behind the first category of a line that belongs to the lines above it.
_ENDS_LINE = re.compile(r"[ \t]*(?:[,;.\n(]|$)|[ ,;/]{1,3}[ryacpu]{0,4}(?:Pn|PL|[TNMLVRG])[0-9Xx]")
_BEFORE_WORD = re.compile(r"(?<!\w)(?:r[ -]|[ryacp]{1,4}-|(?i:clinical|pathologic(?:al)?)[ ]{1,2})\Z")
_RECURRENT_GROUP = re.compile(r"(?:\A|[ (])y?r[ypc]{0,2}[ -]?(?=[SsEe]?[tT]|[IV0-4F])|\(\s*r\s*\)\)?\Z")
_REVISED = re.compile(r"(?<!\w)[Rr]2?[ -]\Z")
_ENDS_CLAUSE = re.compile(r"[ ]?(?:[.,;)\n]|$)")


class Scanner:
    """Finds the candidates of one text.

    Args:
        text: the text, flattened.
        mode: a mode of reading; `repair` also looks for small letters and comments in brackets.
    """

    def __init__(self, text: str, mode: str) -> None:
        self._text = text
        self._is_repairing = mode == "repair"
        self._behind_last = 0

    def candidates(self) -> Iterator[Candidate]:
        """Yield every candidate that counts as a staging, in order, whether or not the grammar reads it."""
        behind, self._behind_last = 0, -_BESIDE - 1
        for anchor, kind in self._anchors():
            if anchor < behind:
                continue
            first = self._first(anchor, kind)
            if first is None or first.start < behind:
                continue
            parts = self._parts(first)
            if not parts:
                continue
            floor, behind = behind, parts[-1].end
            self._behind_last = behind
            yield from self._stagings(parts, floor)

    def _anchors(self) -> list[tuple[int, str]]:
        """Return where a candidate may be, in order."""
        text = self._text
        found = [(match.start(), match[0]) for match in patterns.ANCHOR.finditer(text)]
        if self._is_repairing:
            lower = patterns.CATEGORY_ANCHOR_IN_LOWER_CASE
            found += [(match.start(), match[0]) for match in lower.finditer(text)]
        for part in patterns.WORD_PARTS:
            place = text.find(part)
            while place >= 0:
                if patterns.WORD_WITH_NUMERAL.match(text, place):
                    found.append((place, part))
                place = text.find(part, place + 1)
        return sorted(found)

    # ------------------------------------------------------------ the first part

    def _first(self, anchor: int, kind: str) -> Part | None:
        if kind in _LETTERS:
            return self._first_category(anchor)
        if kind == "I":
            start = self._letters_before(anchor)
            pattern = patterns.RECURRENT_GROUP
            return self._matched(pattern, "group", start, "r") if self._begins(start) else None
        if kind in patterns.WORD_PARTS:
            return self._first_worded(anchor)
        if not self._begins(anchor):
            return None
        if kind in patterns.OWNERS:
            # Directly behind categories the group is theirs, but the grammar does not read it there.
            return self._open(anchor) if anchor - self._behind_last > _BESIDE else None
        is_other = _REVISED.search(self._text, max(0, anchor - 4), anchor)
        return None if is_other else self._matched(patterns.SYSTEM_GROUP, "group", anchor, "system")

    def _first_category(self, anchor: int) -> Part | None:
        start = self._letters_before(anchor)
        before = self._text[max(0, start - _LONGEST_PREFIX - 2) : start]
        if not self._begins(start) or patterns.LETTER_IN_BRACKETS.search(before):
            return None
        part = self._category(start)
        detached = patterns.DETACHED_BEFORE.search(before)
        if part is None or detached is None:
            return part
        prefix = detached[0].strip(" -")
        return part._replace(start=start - len(detached[0]), prefix=prefix + part.prefix)

    def _first_worded(self, anchor: int) -> Part | None:
        start = anchor
        while start and anchor - start < _LONGEST_WORD and self._text[start - 1].isalpha():
            start -= 1
        if not self._begins(start):
            return None
        before = _BEFORE_WORD.search(self._text, max(0, start - _LONGEST_WORD), start)
        if before is not None:
            part = self._matched(patterns.WORDED_GROUP, "group", before.start(), "word")
            if part is not None:
                return part
        return self._matched(patterns.WORDED_GROUP, "group", start, "word") or self._open(start)

    def _open(self, start: int) -> Part | None:
        """Return the value of a group whose word the grammar does not read."""
        match = patterns.OPEN_GROUP.match(self._text, start)
        if match is None:
            return None
        return Part("group", match.start(match.lastgroup or 0), match.end(), "word")

    def _letters_before(self, anchor: int) -> int:
        """Return where the prefix letters begin that stand directly before a place."""
        start = anchor
        while start and anchor - start < _LONGEST_PREFIX and self._text[start - 1] in _PREFIXES:
            start -= 1
        return start

    def _begins(self, start: int) -> bool:
        """Return whether a word can begin at a place."""
        return not start or not (self._text[start - 1].isalnum() or self._text[start - 1] == "_")

    def _matched(self, pattern: re.Pattern[str], kind: str, start: int, letter: str = "") -> Part | None:
        match = pattern.match(self._text, start)
        if match is None or match.end() == start:
            return None
        written = match[0]
        is_group = kind == "group"
        prefix = "r" if is_group and _RECURRENT_GROUP.search(written.lstrip()) else ""
        if letter == "bracketed":
            letter = "word" if re.search("[a-z]{4}|[A-Z]{4}", written) else "bare"
        blanks = len(written) - len(written.lstrip())
        return Part(kind, start + blanks, match.end(), letter, prefix)

    # ------------------------------------------------------------ the parts behind it

    def _parts(self, first: Part) -> list[Part]:
        """Return the parts of a candidate; those of a chunk that does not end at a boundary are left out."""
        parts = [first]
        chunk = 0
        while len(parts) < MOST_PARTS and parts[-1].end - first.start < LONGEST_TEXT:
            end = parts[-1].end
            glued = self._glued(end)
            if glued is not None:
                parts.append(glued)
                continue
            following = self._behind(parts)
            if following is None:
                break
            chunk = len(parts)
            parts.append(following)
        if not self._ends(parts[chunk:]):
            del parts[chunk:]
        while parts and parts[-1].kind in ("comment", "label"):
            parts.pop()
        return parts

    def _glued(self, end: int) -> Part | None:
        """Return a part that stands directly behind another one."""
        character = self._text[end : end + 1]
        if not character.isalnum() or not character.isascii():
            return None
        return self._category(end) or self._descriptor(end)

    def _behind(self, parts: Sequence[Part]) -> Part | None:
        """Return the next part behind a separator."""
        last = parts[-1]
        bracketed = self._bracketed(last.end, parts)
        if bracketed is not None:
            return bracketed
        separator = patterns.SEPARATOR.match(self._text, last.end)
        if separator is None:
            return None
        start, between = separator.end(), separator[0]
        found = (
            self._category(start)
            or self._descriptor(start)
            or self._group(start)
            or self._matched(patterns.EDITION, "edition", start)
        )
        if found is None or not self._may_follow(found, between, parts):
            return None
        return found._replace(between=between)

    def _bracketed(self, end: int, parts: Sequence[Part]) -> Part | None:
        if "(" not in self._text[end : end + 2]:
            return None
        found = self._matched(patterns.BRACKETED_GROUP, "group", end, "bracketed") or self._matched(
            patterns.EDITION, "edition", end
        )
        if found is not None or not self._is_repairing or parts[-1].kind != "category":
            return found
        comment = self._matched(patterns.COMMENT, "comment", end)
        if comment is None:
            return None
        separator = patterns.SEPARATOR.match(self._text, comment.end)
        is_inner = separator is not None and self._category(separator.end()) is not None
        return comment if is_inner else None

    def _category(self, start: int) -> Part | None:
        text = self._text
        match = patterns.CATEGORY.match(text, start)
        if match is None and self._is_repairing:
            match = patterns.CATEGORY_IN_LOWER_CASE.match(text, start)
        if match is None:
            return None
        end = match.end()
        is_unknown = text[end - 1] in "xX"
        if subcategory := patterns.SUBCATEGORY.match(text, end):
            end = subcategory.end()
        if upper := patterns.RANGE.match(text, end):
            end = upper.end()
        for _ in range(_MOST_SUFFIXES):
            suffix = patterns.SUFFIX.match(text, end) or self._several_suffixes(end)
            # An m before a digit is the next category in small letters.
            if suffix is None or (suffix[0] == "m" and text[suffix.end() : suffix.end() + 1].isdigit()):
                break
            end = suffix.end()
        prefix = (match["detached"] or "").strip(" -") + match["prefix"]
        return Part("category", start, end, match.lastgroup or "", prefix, "", is_unknown)

    def _several_suffixes(self, end: int) -> re.Match[str] | None:
        """Return a bracket in which nothing but suffixes stands: `(sn mi)`."""
        match = patterns.COMMENT.match(self._text, end) if "(" in self._text[end : end + 2] else None
        return match if match is not None and holds_suffixes(match[0]) else None

    def _descriptor(self, start: int) -> Part | None:
        match = patterns.DESCRIPTOR.match(self._text, start)
        if match is None:
            return None
        return Part("descriptor", start, match.end(), match["name"] or match["glued"] or "R")

    def _group(self, start: int) -> Part | None:
        worded = self._matched(patterns.WORDED_GROUP, "group", start, "word") or self._matched(
            patterns.SYSTEM_GROUP, "group", start, "system"
        )
        if worded is not None:
            return worded
        bare = self._matched(patterns.RECURRENT_GROUP, "group", start, "r")
        if bare is not None:
            return bare
        bare = self._matched(patterns.BARE_GROUP, "group", start, "bare")
        is_sure = bare is not None and (
            self._text[bare.end - 1] not in "IV" or _ENDS_CLAUSE.match(self._text, bare.end) is not None
        )
        is_longer = bare is not None and bare.end - bare.start > 1
        return bare if is_sure and is_longer else None

    def _may_follow(self, part: Part, between: str, parts: Sequence[Part]) -> bool:
        """Return whether a part can belong to those before it across a line or a sentence."""
        if part.kind == "edition":
            return "." not in between
        if part.kind == "group":
            return part.letter != "bare" or not {".", "\n"} & set(between)
        if "\n" in between and not part.prefix and not _ENDS_LINE.match(self._text, part.end):
            return False
        if "." in between:
            return self._goes_on_behind_period(part, parts)
        behind = self._text[part.end : part.end + 2]
        return part.kind == "category" or not (behind[:1] in ("-", "/") and behind[1:].isalnum())

    def _goes_on_behind_period(self, part: Part, parts: Sequence[Part]) -> bool:
        if part.kind == "descriptor":
            return _ENDS_LINE.match(self._text, part.end) is not None
        letters = [one.letter for one in parts if one.kind == "category"]
        is_next = bool(letters) and "TNM".index(letters[-1]) < "TNM".index(part.letter)
        return is_next and (bool(part.prefix) or _ENDS_LINE.match(self._text, part.end) is not None)

    def _ends(self, chunk: Sequence[Part]) -> bool:
        """Return whether a chunk ends where a word can end."""
        last = chunk[-1]
        behind = self._text[last.end : last.end + 2]
        first, second = behind[:1], behind[1:]
        if not first or last.kind in ("edition", "group", "comment"):
            return not (first.isalnum() or first == "_")
        if first.isalnum() or first == "_" or (first in ".," and second.isdecimal()):
            return False
        is_certain = len(chunk) > 1 or (last.kind == "category" and last.prefix)
        if first in "-/":
            is_weighted = patterns.WEIGHTED.match(self._text, last.end) is not None
            return not second.isalnum() or bool(is_certain and second.isalpha() and not is_weighted)
        return bool(is_certain) or first not in "*'%+"

    # ------------------------------------------------------------ from parts to stagings

    def _stagings(self, parts: list[Part], floor: int) -> Iterator[Candidate]:
        first, *others = cut(parts)
        whole = with_left(self._text, first, floor)
        is_list = False
        for candidate in others if whole is None else (whole, *others):
            has_prefix = any(part.prefix for part in candidate)
            if counts(candidate) and (has_prefix or not is_list):
                yield Candidate(tuple(candidate))
            # "T1, T2, M0 mapping": the last two are no more a staging than the first.
            is_list = len(candidate) == 1 and not has_prefix and candidate[0].kind == "category"
