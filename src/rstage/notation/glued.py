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
    from rstage.notation.part import WrittenPart

MOST_READINGS = 8
"""More readings of one staging than these are refused."""

_AUTOPSY = frozenset({Timing.AUTOPSY})

PartValue = Category | Descriptor
AtSite = Callable[[Category], "bool | None"]
"""Says whether a site has a category; None where its table says nothing of it."""


class GluedReading(NamedTuple):
    """One way to read a run: the values of its parts, and for each disputed letter whether it is a prefix."""

    values: tuple[PartValue, ...]
    prefixes: tuple[bool, ...]

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


def settle(
    own: Sequence[WrittenPart],
    following: WrittenPart | None = None,
    at_site: AtSite | None = None,
) -> Diagnostic | None:
    """Give every glued letter of a run to one side, and return the diagnostic where there was a choice.

    Args:
        own: the categories and descriptors of one staging in the order of the text; changed in place.
        following: the first part of the next staging, where a letter before it may be its prefix.
        at_site: says which categories the site has, where a site table was given.
    """
    disputed = [place for place, part in enumerate(own) if part.glued]
    run = [*own, following] if following is not None else own
    if not disputed or any(part.value is None for part in run):
        return None
    span = run[disputed[0]].end, run[disputed[-1]].end + 1
    autopsy = _autopsy_choice(run, disputed)
    free = [place for place in disputed if place not in autopsy]
    if 2 ** len(free) > MOST_READINGS:
        return rules.TOO_MANY_READINGS.at(span)
    readings = []
    for choice in product((False, True), repeat=len(free)):
        values = _apply(run, {**autopsy, **dict(zip(free, choice, strict=True))})
        if values is not None:
            readings.append(GluedReading(values, choice))
    every, readings = readings, _narrowed(readings, free, at_site)
    taken, is_thin = _choose(readings, run)
    given = {**autopsy, **dict(zip(free, taken.prefixes, strict=True))}
    for part, value in zip(run, taken.values, strict=True):
        part.value = value
    for place, as_prefix in given.items():
        if as_prefix:
            run[place + 1].start -= 1
        else:
            run[place].end += 1
        run[place].glued = ""
    if at_site is not None and len(every) > 1:
        lone = free[0] if taken.prefixes == (False,) else None
        if len(readings) == 1 or _is_listed_subcategory(taken, run, lone, at_site):
            return rules.SETTLED_BY_SITE.at(span, taken=shown(str(taken)))
    return _diagnostic(readings, taken, span, is_thin=is_thin)


def _autopsy_choice(run: Sequence[WrittenPart], disputed: Sequence[int]) -> dict[int, bool]:
    """Return for each glued a whether it is a prefix: only where every category has one (rule 2)."""
    places = [place for place in disputed if run[place].glued == "a"]
    behind = {place + 1 for place in places}
    everywhere = all(
        place in behind or Timing.AUTOPSY in part.value.timing
        for place, part in enumerate(run)
        if isinstance(part.value, Category)
    )
    return {place: everywhere or _with_subcategory(run[place]) is None for place in places}


def _with_subcategory(part: WrittenPart) -> Category | None:
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


def _apply(run: Sequence[WrittenPart], as_prefix: dict[int, bool]) -> tuple[PartValue, ...] | None:
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


def _choose(readings: list[GluedReading], run: Sequence[WrittenPart]) -> tuple[GluedReading, bool]:
    """Return the reading by rules 3 to 5, and whether the evidence is too thin to take it (rule 6)."""
    uniform = [reading for reading in readings if reading.is_uniform]
    fewest = min(uniform or readings, key=lambda reading: sum(reading.prefixes))
    most = max(uniform or readings, key=lambda reading: sum(reading.prefixes))
    if len(readings) == 1:
        return fewest, False
    if not uniform:
        return fewest, True
    taken = most if len(uniform) > 1 and sum(most.prefixes) >= 2 else fewest
    written = [part.value.method for part in run if isinstance(part.value, Category)]
    is_thin = written[0] is Method.CLINICAL and len(taken.prefixes) == 1 and not any(written[1:])
    return taken, is_thin


def _narrowed(
    readings: list[GluedReading], free: Sequence[int], at_site: AtSite | None
) -> list[GluedReading]:
    """Return the readings whose disputed categories the site has; all where it has none of them."""
    if at_site is None:
        return readings
    kept = [
        reading
        for reading in readings
        if not any(
            isinstance(value := reading.values[place], Category) and at_site(value) is False for place in free
        )
    ]
    return kept or readings


def _is_listed_subcategory(
    taken: GluedReading, run: Sequence[WrittenPart], place: int | None, at_site: AtSite
) -> bool:
    """Return whether the only disputed letter makes a subcategory of T that the site lists.

    Only of T: in pathology reports of TCGA each such c was the subcategory, but N1c and N1 beside cM0 are
    equally likely at the sites that have both.

    False where `place` is None: the letter is a prefix, or there are several.
    """
    if place is None or run[place].letter != "T":
        return False
    category = taken.values[place]
    return isinstance(category, Category) and at_site(category) is True


def _diagnostic(
    readings: list[GluedReading], taken: GluedReading, span: tuple[int, int], *, is_thin: bool
) -> Diagnostic | None:
    if len(readings) == 1:
        return None
    others = tuple(str(reading) for reading in readings if reading is not taken)
    return rules.AMBIGUOUS_GLUED_PREFIX.at(
        span,
        severity=Severity.ERROR if is_thin else None,
        suggestions=(str(taken), *others) if is_thin else others,
        taken=shown(str(taken)),
        others=" or ".join(map(shown, others)),
    )
