"""A c or a glued between a value and what follows: subcategory or prefix (notation H.1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from rstage import rules
from rstage.diagnostics import Severity
from rstage.model.category import Category, Method, Timing
from rstage.model.descriptor import Descriptor
from rstage.privacy import shown
from rstage.reference import vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rstage.diagnostics import Diagnostic
    from rstage.notation.part import Part

MOST_READINGS = 8
"""More readings of one staging than these are refused."""

_AUTOPSY = frozenset({Timing.AUTOPSY})

PartValue = Category | Descriptor
AtSite = Callable[[Category], "bool | None"]
"""Says whether a site has a category; None where its table says nothing of it."""


class Choice(NamedTuple):
    """The values that the parts of a run have where each disputed letter is given to one side.

    Attributes:
        values: the values, in the order of the parts.
        as_prefix: for each disputed letter in order whether it is the prefix of what follows.
    """

    values: tuple[PartValue, ...]
    as_prefix: tuple[bool, ...]

    @property
    def categories(self) -> list[Category]:
        """The categories of the run."""
        return [value for value in self.values if isinstance(value, Category)]

    @property
    def is_uniform(self) -> bool:
        """Whether no category has a method, or all have one, or only the first (rule 2)."""
        prefixed = [category.method is not None for category in self.categories]
        return all(prefixed) or not any(prefixed[1:])

    def __str__(self) -> str:
        return " ".join(map(str, self.values))


class Settled(NamedTuple):
    """The parts of a run after each glued letter was given to one side.

    Attributes:
        parts: the parts, and the first one of the next staging where that was given.
        finding: what is to be said of the choice; None where there was none.
    """

    parts: tuple[Part, ...]
    finding: Diagnostic | None = None


def settle(
    own: Sequence[Part],
    following: Part | None,
    text: str,
    spelled: Callable[[Choice], str],
    at_site: AtSite | None = None,
) -> Settled:
    """Return the parts of a run with every glued letter given to one side (notation H.1).

    Args:
        own: the categories and descriptors of one staging in the order of the text.
        following: the first part of the next staging, where a letter before it may be its prefix.
        text: the folded text that they stand in.
        spelled: writes a choice with whatever else the staging holds.
        at_site: tells which categories the site has, where a site table was given.
    """
    run = [*own, following] if following is not None else own
    disputed = [place for place, part in enumerate(own) if part.glued]
    if not disputed or any(part.value is None for part in run):
        return Settled(tuple(run))
    span = run[disputed[0]].end, run[disputed[-1]].end + 1
    autopsy = _autopsy_choice(run, disputed)
    free = [place for place in disputed if place not in autopsy]
    if 2 ** len(free) > MOST_READINGS:
        return Settled(tuple(run), rules.TOO_MANY_READINGS.at(span))
    every = []
    for as_prefix in product((False, True), repeat=len(free)):
        values = _apply(run, {**autopsy, **dict(zip(free, as_prefix, strict=True))})
        if values is not None:
            every.append(Choice(values, as_prefix))
    choices = _narrowed(every, free, at_site)
    taken, is_thin = _choose(_after_ranges(choices, run, free), run)
    given = {**autopsy, **dict(zip(free, taken.as_prefix, strict=True))}
    parts = _applied(run, taken.values, given, text)
    if at_site is not None and len(every) > 1:
        lone = free[0] if taken.as_prefix == (False,) else None
        if len(choices) == 1 or _is_listed_subcategory(taken, run, lone, at_site):
            return Settled(parts, rules.SETTLED_BY_SITE.at(span, taken=shown(str(taken))))
    if len(choices) == 1:
        return Settled(parts)
    readings = [spelled(choice) for choice in (taken, *(one for one in choices if one is not taken))]
    return Settled(parts, choice_found(span, readings, is_taken=not is_thin))


def choice_found(span: tuple[int, int], readings: Sequence[str], *, is_taken: bool) -> Diagnostic:
    """Return what is said of a choice; it suggests the readings that were not taken (ruling J.24).

    Args:
        span: where the disputed letters stand.
        readings: every reading, the likeliest first.
        is_taken: whether the first one was taken; otherwise the text is refused.
    """
    taken, *others = map(shown, readings)
    said = (
        f"read as {taken}; {' or '.join(others)} is also possible"
        if is_taken
        else " or ".join((taken, *others))
    )
    return rules.AMBIGUOUS_GLUED_PREFIX.at(
        span,
        severity=None if is_taken else Severity.ERROR,
        suggestions=tuple(readings[is_taken:]),
        said=said,
    )


def _applied(
    run: Sequence[Part], values: Sequence[PartValue], given: dict[int, bool], text: str
) -> tuple[Part, ...]:
    """Return the parts with their values; each letter stands in the part that it was given to."""
    parts = []
    for place, (part, value) in enumerate(zip(run, values, strict=True)):
        start = part.start - bool(given.get(place - 1))
        end = part.end + (given.get(place) is False)
        parts.append(
            replace(
                part,
                start=start,
                end=end,
                text=text[start:end],
                value=value,
                glued=part.glued * (place not in given),
                is_usual=False,
            )
        )
    return tuple(parts)


def _autopsy_choice(run: Sequence[Part], disputed: Sequence[int]) -> dict[int, bool]:
    """Return for each glued a whether it is a prefix: only where every category carries one (rule 2)."""
    places = [place for place in disputed if run[place].glued == "a"]
    behind = {place + 1 for place in places}
    everywhere = all(
        place in behind or Timing.AUTOPSY in part.value.timing
        for place, part in enumerate(run)
        if isinstance(part.value, Category)
    )
    return {place: everywhere or _with_subcategory(run[place]) is None for place in places}


def _with_subcategory(part: Part) -> Category | None:
    """Return the category with its glued letter as subcategory, or None where no list has that."""
    category = part.value
    if not isinstance(category, Category) or category.suffixes.to_dict():
        return None
    if category.upper is not None:
        exists = vocabulary.exists(
            category.letter, *vocabulary.split(category.letter, category.upper + part.glued)
        )
        return replace(category, upper=category.upper + part.glued) if exists else None
    if not vocabulary.exists(category.letter, category.value, part.glued):
        return None
    return replace(category, subcategory=part.glued)


def _apply(run: Sequence[Part], as_prefix: dict[int, bool]) -> tuple[PartValue, ...] | None:
    """Return the values of a run under one choice, or None where one of them does not exist (rule 1)."""
    values: list[PartValue] = []
    for place, part in enumerate(run):
        value = part.value
        if as_prefix.get(place) is False:
            value = _with_subcategory(part)
        if not isinstance(value, (Category, Descriptor)):
            return None
        if as_prefix.get(place - 1):
            value = _with_prefix(value, run[place - 1].glued)
        values.append(value)
    return tuple(values)


def _with_prefix(value: PartValue, letter: str) -> PartValue:
    if isinstance(value, Category) and letter == "a":
        return replace(value, timing=value.timing | _AUTOPSY)
    return replace(value, method=Method(letter))


def _after_ranges(choices: list[Choice], run: Sequence[Part], free: Sequence[int]) -> list[Choice]:
    """Return the choices in which a c behind a range is the prefix of what follows, if there are any (J.23).

    `cT1-2cN0`: a range of one value and of a subcategory of another is seldom meant.
    """
    behind = [
        number
        for number, place in enumerate(free)
        if isinstance(value := run[place].value, Category)
        and value.upper is not None
        and run[place].glued == "c"
    ]
    return [choice for choice in choices if all(choice.as_prefix[number] for number in behind)] or choices


def _choose(choices: list[Choice], run: Sequence[Part]) -> tuple[Choice, bool]:
    """Return the choice by rules 3 to 5, and whether the evidence is too thin to take it (rule 6)."""
    uniform = [choice for choice in choices if choice.is_uniform]
    fewest = min(uniform or choices, key=lambda choice: sum(choice.as_prefix))
    most = max(uniform or choices, key=lambda choice: sum(choice.as_prefix))
    if len(choices) == 1:
        return fewest, False
    if not uniform:
        return fewest, True
    taken = most if len(uniform) > 1 and sum(most.as_prefix) >= 2 else fewest
    written = [part.value.method for part in run if isinstance(part.value, Category)]
    is_thin = written[0] is Method.CLINICAL and len(taken.as_prefix) == 1 and not any(written[1:])
    return taken, is_thin


def _narrowed(choices: list[Choice], free: Sequence[int], at_site: AtSite | None) -> list[Choice]:
    """Return the choices whose disputed categories the site has; all where it has none of them."""
    if at_site is None:
        return choices
    kept = [
        choice
        for choice in choices
        if not any(
            isinstance(value := choice.values[place], Category) and at_site(value) is False for place in free
        )
    ]
    return kept or choices


def _is_listed_subcategory(taken: Choice, run: Sequence[Part], place: int | None, at_site: AtSite) -> bool:
    """Return whether the only disputed letter makes a subcategory of T that the site lists.

    Only of T: in pathology reports of TCGA each such c was the subcategory, but N1c and N1 beside cM0 are
    equally likely at the sites that have both.

    False where `place` is None: the letter is a prefix, or there are several.
    """
    if place is None or run[place].letter != "T":
        return False
    category = taken.values[place]
    return isinstance(category, Category) and at_site(category) is True
