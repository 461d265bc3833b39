"""What each part of a stage says of itself, as bits, and what follows from the bits of all parts.

Many things can be wrong with a stage, and hardly ever more than two are. The facts of a part are worked out
once for each part; those of a stage are their union. Which checks have anything to say, and which timing each
category ends with, follows from that union alone, so that a new combination of known parts costs a look-up.
"""

from __future__ import annotations

from typing import NamedTuple

from rstage.caches import cached
from rstage.model.category import Category, Method, Timing, is_molecular_beside_mi
from rstage.model.descriptor import DESCRIPTOR_ORDER, Descriptor
from rstage.model.edition import Edition, number_of
from rstage.model.group import StageGroup
from rstage.reference.editions import NUMBERED, Change, Kind, changes_of

StagePart = Category | Descriptor | StageGroup | Edition
"""What a stage is made of."""

LETTERS = ("T", "N", "M")

_next_bit = 1


def _bits(count: int) -> tuple[int, ...]:
    """Return bits that mean nothing yet, the first one the lowest."""
    global _next_bit  # noqa: PLW0603  while the module is made
    made = tuple(_next_bit << place for place in range(count))
    _next_bit <<= count
    return made


# What is there. A stage is written in the order of these bits.
_NAMES = (*LETTERS, *DESCRIPTOR_ORDER, "group", "edition")
KINDS = dict(zip(_NAMES, _bits(len(_NAMES)), strict=True))
CATEGORIES = KINDS["T"] | KINDS["N"] | KINDS["M"]
DESCRIPTORS = sum(KINDS[name] for name in DESCRIPTOR_ORDER)
GROUP, EDITION = KINDS["group"], KINDS["edition"]

TIMINGS = {letter: dict(zip(Timing, _bits(len(Timing)), strict=True)) for letter in LETTERS}
TIMED = sum(bit for bits in TIMINGS.values() for bit in bits.values())
TIMING = TIMED | CATEGORIES
METHODS = {letter: dict(zip(Method, _bits(len(Method)), strict=True)) for letter in LETTERS}
METHOD = {letter: sum(bits.values()) for letter, bits in METHODS.items()}
RANGE, M_X, M_0, M_1 = _bits(4)
NEEDLE, AT_PRIMARY, CERTAINTY, LEVEL, MOLECULAR, CHANGED = _bits(6)
RECURRENT_GROUP, MARKED_GROUP, NAMED_GROUP, LOW_GROUP = _bits(4)
(UNKNOWN_EDITION,) = _bits(1)
# Of a stretch of text: what stands behind it may change it; something was found in it; a part of it is
# refused; it is no notation at all.
OPEN, FOUND, REFUSED, UNREAD = _bits(4)
BEYOND = _next_bit
"""More than all kinds, and no kind."""

# Groups whose value is the name of something else as well.
_NAMED = ("IS", "Tis")
_LOW = ("0", "I")
_COVERS_ALL = frozenset({Timing.RECURRENCE, Timing.AUTOPSY})
_Y = frozenset({Timing.POST_THERAPY})
_NO_TIMING: frozenset[Timing] = frozenset()


def of_part(value: StagePart | None) -> int:
    """Return what a part of a stage says of itself."""
    if isinstance(value, Category):
        return _of_category(value)
    if isinstance(value, StageGroup):
        return _of_group(value)
    if isinstance(value, Descriptor):
        return KINDS[value.name]
    return _of_edition(value) if value is not None else 0


def of_stage(*parts: StagePart | None) -> int:
    """Return what all parts of a stage say of themselves."""
    found = 0
    for part in parts:
        found |= of_part(part)
    return found


def _of_category(category: Category) -> int:
    letter, suffixes = category.letter, category.suffixes
    is_m = letter == "M"
    found = KINDS[letter] | sum(TIMINGS[letter][mark] for mark in category.timing)
    if category.method is not None:
        found |= METHODS[letter][category.method]
    held = (
        (RANGE, category.upper is not None),
        (NEEDLE, suffixes.needle),
        (AT_PRIMARY, suffixes.at_primary),
        (CERTAINTY, suffixes.certainty is not None),
        (CHANGED, any(has_what_changed(category, change) for change in changes_of(Kind.MISSING))),
        (LEVEL, suffixes.level is not None),
        (MOLECULAR, is_molecular_beside_mi(suffixes)),
        (M_X, is_m and category.value == "X"),
        (M_0, is_m and category.value == "0"),
        (M_1, is_m and category.value == "1"),
    )
    return found | sum(bit for bit, holds in held if holds)


def _of_group(group: StageGroup) -> int:
    held = (
        (GROUP, True),
        (RANGE, group.upper is not None),
        (RECURRENT_GROUP, Timing.RECURRENCE in group.timing),
        (MARKED_GROUP, group.mark is not None),
        (NAMED_GROUP, group.value in _NAMED),
        (LOW_GROUP, group.numeral in _LOW),
    )
    return sum(bit for bit, holds in held if holds)


def _of_edition(edition: Edition) -> int:
    number = number_of(edition)
    return EDITION | (UNKNOWN_EDITION if number is not None and number > NUMBERED else 0)


def has_what_changed(category: Category, change: Change) -> bool:
    """Return whether a category has the value or suffix that some editions have and others have not."""
    if category.letter not in change.letters:
        return False
    values = change.values
    if values and category.value + category.subcategory not in values and category.upper not in values:
        return False
    found = getattr(category.suffixes, change.suffix) if change.suffix else True
    return found == change.held if change.held else bool(found)


class Spread(NamedTuple):
    """The timing that each category ends with; empty for one that is not there."""

    t: frozenset[Timing] = _NO_TIMING
    n: frozenset[Timing] = _NO_TIMING
    m: frozenset[Timing] = _NO_TIMING


def spread(found: int) -> Spread:
    """Return the timing that each category of a run has, as the first of them gives it (notation A.4).

    There is at least one.

    An r or a on the first category, in the order T, N, M, is on every one; a y on the first of T and N is on
    both. A y on M is dropped where T or N has one: no list has a yM.
    """
    return _spread(found & TIMING)


def timing_is_mixed(found: int) -> bool:
    """Return whether an r or a stands on some categories only, or a y on one of T and N, or on M."""
    return _is_mixed(found & TIMING)


@cached(4096)
def _spread(found: int) -> Spread:
    written = {
        letter: frozenset(mark for mark, bit in TIMINGS[letter].items() if found & bit)
        for letter in LETTERS
        if found & KINDS[letter]
    }
    first = next(iter(written))
    covering = written[first] & _COVERS_ALL
    treated = written[first] & _Y if first != "M" else _NO_TIMING
    has_y = any(timing >= _Y for letter, timing in written.items() if letter != "M")
    ended = {letter: timing | covering | treated for letter, timing in written.items()}
    if "M" in written:
        ended["M"] = (written["M"] | covering) - (_Y if has_y else _NO_TIMING)
    return Spread(*[ended.get(letter, _NO_TIMING) for letter in LETTERS])


@cached(4096)
def _is_mixed(found: int) -> bool:
    ended = [timing for letter, timing in zip(LETTERS, _spread(found), strict=True) if found & KINDS[letter]]
    if len({timing - _Y for timing in ended}) > 1:
        return True
    before_m = [
        timing >= _Y for letter, timing in zip("TN", _spread(found), strict=False) if found & KINDS[letter]
    ]
    if _spread(found).m >= _Y:
        return bool(before_m)
    return len(set(before_m)) > 1


def methods_are_mixed(found: int) -> bool:
    """Return whether T and N both have a method, and not the same one."""
    if not (found & METHOD["T"] and found & METHOD["N"]):
        return False
    return not any(found & METHODS["T"][one] and found & METHODS["N"][one] for one in Method)
