"""What a stretch of words says, wherever it stands: its stagings, each with what belongs to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from rstage.caches import cached
from rstage.model.suffixes import SITES
from rstage.notation.remarks import contradicts
from rstage.notation.tree import LONGEST_TEXT
from rstage.text import patterns
from rstage.text.candidate import REAL, Candidate, Part, cut, timing_of
from rstage.text.parts import Blank, parts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

# What begins like counts and is none: "pN1 (1+/13)", "pN1 (2N+/15)".
# Not the month and year of a date, nor the day of one.
_COUNTS_BEGIN = re.compile(
    r"\A[0-9]{1,3}[ ]?N?[+*]?[ ]?/(?![ ]?(?:(?:19|20)[0-9]{2}|[0-9]{1,2}/[0-9])(?!\w))"
)
_MARK = re.compile(r"[rp][ ](?![ryacpu]{0,4}[TNM][0-9Xx])")
# A second bracket with sites: "cM1 (HEP) (PUL)".
_SITES = re.compile(rf"\A(?:{'|'.join(SITES)})(?!\w)")


class Stagings(NamedTuple):
    """The stagings of a stretch, and what the readings leave out; all places count in it."""

    stagings: tuple[Candidate, ...]
    blanks: tuple[Blank, ...]


@cached()
def stagings_of(text: str, behind: str, letter: str, *, is_repairing: bool) -> Stagings:
    """Return the stagings of a stretch; equal stretches cost one look-up.

    Args:
        text: the stretch, flattened.
        behind: what stands behind it, as far as it shows whether a word ends.
        letter: what kind of group the first one is, where the stretch alone does not say it.
        is_repairing: whether what only mode `repair` reads is a part.
    """
    found = parts_of(text, is_repairing=is_repairing)
    parts = list(found.parts)
    place = next((place for place, part in enumerate(parts) if part.kind == "group"), None)
    if letter and place is not None:
        parts[place] = parts[place]._replace(letter=letter)
    stagings = cut(_with_own_marks(text, parts) if "-" in text else parts)
    if len(stagings) > 1 and len(text) >= LONGEST_TEXT:
        del stagings[-1]  # it may go on; it is looked at again
    trimmed = [_trimmed(text + behind, one) for one in stagings]
    return Stagings(tuple([Candidate.of(one) for one in trimmed if one]), found.blanks)


def _with_own_marks(text: str, parts: list[Part]) -> list[Part]:
    """Return parts in which a mark behind a hyphen is that of the group before it: `FIGO IIB-p Stage IIA`."""
    marked: list[Part] = []
    for part in parts:
        is_glued = part.kind == "group" and part.between == "-" and _MARK.match(text, part.start) is not None
        if is_glued and marked and marked[-1].kind == "group":
            marked[-1] = marked[-1]._replace(end=part.start + 1)
            alone = part._replace(start=part.start + 2, prefix=part.prefix.strip("r"), between=" ")
            marked.append(alone)
        else:
            marked.append(part)
    return marked


def _trimmed(text: str, parts: list[Part]) -> list[Part]:
    """Return parts without what belongs to no staging before and behind them."""
    first = next((place for place, part in enumerate(parts) if _leads(part)), len(parts))
    parts = _without_open_end(text, parts[first:])
    last = max((place for place, part in enumerate(parts) if part.kind in REAL), default=-1)
    return parts[: _behind(text, parts, last)] if last >= 0 else []


def _without_open_end(text: str, parts: list[Part]) -> list[Part]:
    """Return parts without a last one that is the beginning of a word: `N0-Status`, `T2-weighted`."""
    last = max((place for place, part in enumerate(parts) if part.kind in REAL), default=-1)
    if last < 0 or parts[last].kind not in ("category", "descriptor"):
        return parts
    part = parts[last]
    behind = text[part.end : part.end + 2]
    if behind[:1] not in ("-", "/", "*", "'", "%") or (behind[0] in "-/" and not behind[1:].isalnum()):
        return parts
    is_beside = any(one.kind == "category" for one in parts[:last])
    is_weighted = patterns.WEIGHTED.match(text, part.end) is not None
    if (part.prefix or is_beside) and not is_weighted:
        return parts
    return _without_open_end(text, parts[:last])


def _behind(text: str, parts: Sequence[Part], last: int) -> int:
    """Return how many parts there are with what belongs to the last real one."""
    timing = timing_of(parts)
    place = last + 1
    is_category = parts[last].kind == "category"
    while place < len(parts):
        part = parts[place]
        if part.kind == "remark":
            if not is_category:
                break
        elif part.letter == "bracket":
            inside = text[part.start + 1 : part.end - 1].strip()
            value = text[parts[last].start : parts[last].end]
            is_other = any(one.search(inside) for one in (_COUNTS_BEGIN, patterns.LOOSE_CATEGORY, _SITES))
            if not (is_other or contradicts(inside, value, timing)):
                break
        elif part.letter == "choice":
            place += 1  # with the value that it leads to
            if place == len(parts):
                return place - 1
        elif part.letter not in ("doubt", "r", "form") or _is_another(text, part, parts[: last + 1]):
            break
        place += 1
    return min(place, len(parts))


def _is_another(text: str, part: Part, before: Sequence[Part]) -> bool:
    """Return whether dots lead to a letter that the staging before them has: `pT2 pN1 M0..pT3`."""
    leads = part.letter == "form" and text[part.start] == "."
    return leads and any(
        one.letter in text[part.start : part.end] for one in before if one.kind == "category"
    )


def _leads(part: Part) -> bool:
    """Return whether a staging can begin with a part."""
    return part.kind in REAL or part.kind == "label" or (part.kind == "mistake" and part.letter == "r")
