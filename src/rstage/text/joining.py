"""What stands apart in one sentence and could be one staging is found whole or not at all (ruling J.25)."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from rstage.notation.tree import LONGEST_TEXT
from rstage.text import patterns
from rstage.text.before import with_open_start
from rstage.text.candidate import Candidate, Part, timing_of
from rstage.text.labels import has_label_before
from rstage.text.one_staging import LONGEST_GAP, go_together, loose_categories, parts_events, remark
from rstage.text.parts import Blank
from rstage.text.words import whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rstage.reading.read import Reading
    from rstage.text.sentences import Sentences


# A number of a list, or a label that nobody knows: it may be of the same tumor, or of another.
_LINES = re.compile(r"[ \t\r,;.]*\n[ \t\r]*(?:[0-9]{1,2}[.)]|[^\n:;.,]{1,60}:)\s*")
# One word and its period between two categories is no sentence: "rpT2 susp. pN1".
_ABBREVIATED = re.compile(r"[ ,]{1,2}[^\W\d_]{2,10}\.[ ]{1,2}")


class Found(NamedTuple):
    """A candidate with its reading.

    Attributes:
        candidate: its parts.
        blanks: what the reading leaves out.
        reading: what it says; None where nothing is found in it.
        is_apart: whether it was put together of several that stand apart, so that it is read as a whole.
    """

    candidate: Candidate
    blanks: tuple[Blank, ...]
    reading: Reading | None
    is_apart: bool = False


def joined(found: Iterable[Found], sentences: Sentences) -> Iterator[Found]:
    """Yield what was found, those together that could be one staging, with what else is in their sentence."""
    text = sentences.text
    floor = 0
    pending: Found | None = None
    earlier: list[Found] = []  # a group before the pending one, over which a category can reach
    groups: list[
        Found
    ] = []  # those behind the pending one, and brackets: they do not part it from what follows
    for one in found:
        if pending is not None:
            if _is_beside(pending.candidate, one.candidate, text):
                groups.append(one)
                continue
            if _is_one(pending, one, sentences):
                pending, groups = _together(pending, one, text), []
                continue
            settled = _settled(pending, sentences, floor, one.candidate.start, (earlier, groups))
            yield from settled
            floor = settled[-1].candidate.end
            pending, earlier, groups = None, [], []
        if one.candidate.letters:
            pending = one
        else:
            yield from earlier
            floor = max([floor, *(group.candidate.end for group in earlier)])
            earlier = [one]
    if pending is not None:
        yield from _settled(pending, sentences, floor, len(text), (earlier, groups))
    else:
        yield from earlier


def _settled(
    found: Found, sentences: Sentences, floor: int, ceiling: int, beside: tuple[list[Found], list[Found]]
) -> list[Found]:
    """Return what was found with its loose categories, and the groups before and behind it that it leaves."""
    whole = _with_loose(found, sentences, floor, ceiling)
    earlier, groups = beside
    if not (earlier or groups):
        return [whole]
    start, end = whole.candidate.span
    return [
        *[group for group in earlier if group.candidate.end <= start],
        whole,
        *[group for group in groups if group.candidate.start >= end],
    ]


def _is_beside(pending: Candidate, one: Candidate, text: str) -> bool:
    """Return whether a candidate does not part the pending one from what follows.

    It is a group, or a bracket holds nothing but another staging: `pT2 (cT3 cN1)`.
    """
    if not one.letters:
        return one.start - pending.end <= LONGEST_GAP
    if text[one.end : one.end + 2].lstrip()[:1] != ")" or text[pending.end : one.start].strip() != "(":
        return False
    return not set(pending.letters).isdisjoint(one.letters)


def _is_one(before: Found, behind: Found, sentences: Sentences) -> bool:
    """Return whether two candidates with categories could be one staging."""
    text = sentences.text
    first, second = before.candidate, behind.candidate
    start, end = first.end, second.start
    if end - start > LONGEST_GAP or second.end - first.start > LONGEST_TEXT:
        return False
    if not set(first.letters).isdisjoint(second.letters):
        return _is_other(first, behind, text[start:end])
    return (
        go_together(first.parts, second.parts)
        and (
            sentences.first_end(start, end) is None
            or _ABBREVIATED.fullmatch(text, start, end) is not None
            or _LINES.fullmatch(text, start, end) is not None
            or (timing_of(first.parts) and not text[start:end].strip())
            or _is_labeled(behind, text, start)
        )
        and not parts_events(text[start:end], first.parts)
    )


def _is_other(before: Candidate, behind: Found, between: str) -> bool:
    """Return whether another value that may hold stands directly behind one: `cT2, evtl. cT3`.

    Or one of which not all is understood: `cT3, cT4 not excluded, cN1`.
    """
    if before.letters[-1] != behind.candidate.letters[0]:
        return False
    said = between.strip(" ,;/")
    reading = behind.reading
    is_open = behind.candidate.parts[0].letter == "doubt" or (reading is not None and reading.stage is None)
    is_choice = any(whole(role).fullmatch(said) for role in ("choice", "choice_of_one"))
    return is_choice or (is_open and not said)


def _is_labeled(found: Found, text: str, begin: int) -> bool:
    """Return whether a label of a report of a line stands before what was found."""
    categories = found.candidate.categories
    start = found.candidate.span[0]
    is_block = "\n\n" not in text[begin:start]
    return is_block and bool(categories) and has_label_before(text, start, categories[0].letter)


def _together(before: Found, behind: Found, text: str) -> Found:
    is_nothing = before.reading is None or behind.reading is None
    first, second = before.candidate, behind.candidate
    start, last = first.end, first.categories[-1]
    is_read = not is_nothing and all(one.reading.stages for one in (before, behind) if one.reading)
    gap = text[start : second.span[0]] if is_read else ""
    said = remark(gap, text[last.start : last.end], second.parts)
    left_out = [Blank(start + said.start, start + said.end, said.text, said.diagnostic)] if said else []
    return Found(
        Candidate.of((*first.parts, *second.parts), second.end),
        (*before.blanks, *left_out, *behind.blanks),
        None if is_nothing else before.reading,
        is_apart=True,
    )


def _with_loose(found: Found, sentences: Sentences, floor: int, ceiling: int) -> Found:
    """Return what was found with categories of its sentence that alone count for nothing: `T2 lesion, N1`."""
    letters = found.candidate.letters
    if not letters or len(letters) == 3 or found.reading is None:
        return found
    text = sentences.text
    _, start, end, *_ = found.candidate
    parts = list(found.candidate.parts)
    if letters[0] != "T":
        begin = max(floor, start - LONGEST_GAP)
        leading = takewhile(lambda letter: letter not in letters, "TNM")
        if any(text.find(letter, begin, start) >= 0 for letter in leading):
            parts = _with_loose_before(parts, sentences, begin)
    stop = min(ceiling, end + LONGEST_GAP)
    missing = [letter for letter in "TNM" if letter not in letters]
    if any(text.find(letter, end, stop) >= 0 for letter in missing):
        parts, end = _with_loose_behind(parts, text, end, sentences.first_end(end, stop) or stop)
    if len(parts) == len(found.candidate.parts):
        return found
    return found._replace(candidate=Candidate.of(parts, end), is_apart=True)


def _with_loose_before(parts: list[Part], sentences: Sentences, begin: int) -> list[Part]:
    text, start = sentences.text, parts[0].start
    begin = max(begin, sentences.start(start, LONGEST_GAP))
    for match in loose_categories(text, begin, start):
        loose = _loose(match)
        if _is_before(loose, parts) and not parts_events(text[loose.end : start], [loose]):
            return list(with_open_start(text, Candidate.of((loose, *parts)), begin).parts)
    return parts


def _with_loose_behind(parts: list[Part], text: str, end: int, stop: int) -> tuple[list[Part], int]:
    for match in loose_categories(text, end, stop):
        loose = _loose(match)
        is_one = go_together(parts, [loose]) and _is_behind(loose, parts)
        if is_one and not parts_events(text[end : loose.start], parts):
            parts, end = [*parts, loose], loose.end
    mark = patterns.MARK_BEHIND.match(text, end)  # its doubt, or its r, is that of the whole
    return parts, mark.end() if mark is not None else end


def _loose(match: re.Match[str]) -> Part:
    letter, prefix = match["letter"] or match["named"], match["prefix"] or match["with_bracket"] or ""
    return Part("category", match.start(), match.end(), letter, prefix)


def _is_before(loose: Part, parts: list[Part]) -> bool:
    """Return whether a category can be the first of a staging; one without a prefix leads none with one."""
    categories = [part for part in parts if part.kind == "category"]
    is_first = all("TNM".index(loose.letter) < "TNM".index(part.letter) for part in categories)
    # An M has its own method, whatever T and N have.
    is_alike = bool(loose.prefix) or not any(part.prefix for part in categories if part.letter != "M")
    return is_first and is_alike and go_together([loose], parts)


def _is_behind(loose: Part, parts: list[Part]) -> bool:
    categories = [part for part in parts if part.kind == "category"]
    return bool(loose.prefix) or all(
        "TNM".index(part.letter) < "TNM".index(loose.letter) for part in categories
    )
