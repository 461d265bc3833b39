"""Candidates: parts side by side that may be a staging, which of them make one, and where another begins."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


REAL = frozenset(("category", "descriptor", "group", "edition"))
"""The kinds of what can be a part of a staging."""

QUOTES = frozenset(
    "\"'`*_\u00b4\u00ab\u00bb\u2039\u203a\u300c\u2033" + "".join(map(chr, range(0x2018, 0x2020)))
)
"""What stands around a staging and changes nothing: quotation marks, and those of emphasis in plain text."""

_new = tuple.__new__

UNCHOSEN = "unchosen"
"""The letter of a mistake: a form in which nothing is chosen."""


class Part(NamedTuple):
    """One part of a candidate, as far as its looks say.

    Attributes:
        kind: `category`, `descriptor`, `group`, `edition` or `label`; `mistake`, what is no part;
            `remark`, what is left out.
        start, end: where it stands.
        letter: T, N or M of a category, the name of a descriptor, what kind of group or mistake it is.
        prefix: the letters before T, N or M, or of a label.
        between: what stands between it and the part before it.
        is_unknown: whether the value of a category is X.
        is_faulty: whether what looks like a category is none.
        is_detached: whether a blank stands behind its prefix.
    """

    kind: str
    start: int
    end: int
    letter: str = ""
    prefix: str = ""
    between: str = ""
    is_unknown: bool = False
    is_faulty: bool = False
    is_detached: bool = False

    @property
    def is_recurrent(self) -> bool:
        """Whether it has an r."""
        return "r" in self.prefix

    def moved(self, offset: int) -> Part:
        """Return the part in a text in which what it was found in stands `offset` characters later."""
        return self._replace(start=self.start + offset, end=self.end + offset)


class Candidate(NamedTuple):
    """Parts that may be one staging, in order.

    Attributes:
        parts: all of them, those that are no part of a staging too.
        start: where it begins.
        end: where it ends; a bracket may close behind the last part.
        letters: those of its categories.
        prefixes: the letters before its categories and of its labels.
        counts: whether its parts make a staging.
        is_faulty: whether one of them is none, so that nothing in it is found.
    """

    parts: tuple[Part, ...]
    start: int
    end: int
    letters: str
    prefixes: str
    counts: bool
    is_faulty: bool

    @classmethod
    def of(cls, parts: Sequence[Part], end: int | None = None) -> Candidate:
        """Return the candidate of some parts, which ends with the last one or at `end`."""
        return cls(
            tuple(parts),
            parts[0].start,
            parts[-1].end if end is None else end,
            "".join([part.letter for part in parts if part.kind == "category"]),
            "".join([part.prefix for part in parts]),
            counts(parts),
            any(part.is_faulty for part in parts),
        )

    def moved(self, offset: int) -> Candidate:
        """Return the candidate in a text in which what it was found in stands `offset` characters later."""
        parts, begin, end, *rest = self
        # Each of a text is moved once, and what makes a named tuple of names takes five times as long.
        moved = [
            _new(
                Part, (kind, start + offset, stop + offset, letter, prefix, between, is_x, is_none, is_apart)
            )
            for kind, start, stop, letter, prefix, between, is_x, is_none, is_apart in parts
        ]
        return _new(Candidate, (tuple(moved), begin + offset, end + offset, *rest))

    def led_by(self, part: Part) -> Candidate:
        """Return the candidate with a part before it."""
        return Candidate.of((part, *self.parts), self.end)

    @property
    def span(self) -> tuple[int, int]:
        """Where it stands."""
        return self.start, self.end

    @property
    def categories(self) -> list[Part]:
        """Its categories."""
        return [part for part in self.parts if part.kind == "category"]

    @property
    def is_group_alone(self) -> bool:
        """Whether it has a stage group and no category."""
        return not self.letters


def timing_of(parts: Sequence[Part]) -> str:
    """Return the letters r, y and a that parts have."""
    return "".join(
        sorted({letter for part in parts if part.kind != "mistake" for letter in part.prefix} & set("rya"))
    )


def without_brackets(part: Part, text: str) -> Part:
    """Return a part as it stands between the brackets around it."""
    if text[part.start] not in "([{":
        return part
    inner = text[part.start + 1 : part.end - 1]
    start = part.start + 1 + len(inner) - len(inner.lstrip())
    return part._replace(start=start, end=start + len(inner.strip()))


def counts(parts: Sequence[Part]) -> bool:
    """Return whether parts make a staging: a single category needs a prefix, a stage group its word."""
    letters: list[str] = []
    is_worded = is_labeled = False
    is_unknown = True
    for part in parts:
        if part.kind == "category":
            # A prefix in capitals is read in mode `repair` only, and only beside other parts: CT2, AT1.
            if part.prefix and not part.prefix.isupper():
                return True
            letters.append(part.letter)
            is_unknown = is_unknown and part.is_unknown
        elif part.kind == "group":
            is_worded = is_worded or part.letter != "bare"
        elif part.kind == "label":
            is_labeled = True
    if not letters:
        return is_worded
    if is_labeled:
        return True
    different = len(set(letters))
    if different == 1:
        return is_worded or _is_graded(parts)
    # "TX NX" are places in addresses as well, "NX MX" is always a staging (ruling J.22).
    return different == 3 or "T" not in letters or not is_unknown


def _is_graded(parts: Sequence[Part]) -> bool:
    """Return whether a lone T stands beside its grade (`TaG1`, `T1 G3`)."""
    return any(
        first.letter == "T" and second.letter == "G" and second.between in ("", " ")
        for first, second in pairwise(parts)
    )


def cut(parts: Sequence[Part]) -> list[list[Part]]:
    """Return the stagings that parts make: a new one begins with a repeated letter, or with an r."""
    candidates: list[list[Part]] = [[]]
    for place, part in enumerate(parts):
        if candidates[-1] and _begins_another(candidates[-1], part, parts[place:]):
            candidates.append([])
        candidates[-1].append(part)
    return candidates


def is_glued(first: Part, second: Part) -> bool:
    """Return whether two parts are one word, so that nothing is cut between them."""
    return first.end == second.start and second.kind in ("category", "descriptor")


def _begins_another(before: Sequence[Part], part: Part, rest: Sequence[Part]) -> bool:
    categories = [one for one in before if one.kind == "category"]
    groups = [one for one in before if one.kind == "group"]
    if part.kind in ("edition", "label"):
        return any(one.kind == "edition" for one in before) if part.kind == "edition" else bool(categories)
    if part.kind == "group":
        return bool(groups) or (part.is_recurrent and not any(one.is_recurrent for one in categories))
    # A lone r can be of both: "R0?r pT2".
    is_shared = before[-1].kind == "mistake" and before[-1].letter == "r" and part.between == " "
    if part.kind != "category" or is_glued(before[-1], part) or (is_shared and len(before) > 1):
        return False
    if part.letter in _letters_of_last(categories):
        last = before[-1]
        # "N1 or N2" leaves one staging open.
        is_open = last.letter == "choice" and part.letter == categories[-1].letter
        is_range = part.between.strip() in ("-", "/") and last.letter == part.letter
        return not is_open and not (is_range and part.prefix in ("", last.prefix))
    # In "pT2 pN1 r M1" the r can be of what stands before it.
    is_undecided = part.is_detached and not part.between.strip()
    if not part.is_recurrent or is_undecided or any(one.is_recurrent for one in before):
        return False
    # An r covers what follows it, so a category without r behind it must not become a staging of its own.
    can_stand = len(categories) > 1 or any(one.prefix for one in categories) or bool(groups)
    return can_stand and all(one.is_recurrent for one in _own_categories(rest))


def _letters_of_last(categories: Sequence[Part]) -> list[str]:
    """Return the letters of the last of several stagings that are one word: T of `pT2pN0pT3`."""
    letters: list[str] = []
    for part in categories:
        if part.letter in letters[:-1]:
            letters = []
        letters.append(part.letter)
    return letters


def _own_categories(rest: Sequence[Part]) -> list[Part]:
    """Return the categories up to the first letter that comes again."""
    found: list[Part] = []
    for part in rest:
        if part.kind == "category":
            if part.letter in [one.letter for one in found]:
                break
            found.append(part)
    return found
