"""What the writers of the dialects share: a category cut down to what a column holds, and codes of groups."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rstage.model.category import Method, Timing
from rstage.model.suffixes import NO_SUFFIXES, Suffixes
from rstage.reference.numerals import ARABIC, leading_numeral
from rstage.reference.vocabulary import NOT_ASSIGNED, POSITIVE

if TYPE_CHECKING:
    from collections.abc import Collection

    from rstage.model.category import Category
    from rstage.model.edition import Edition
    from rstage.model.group import StageGroup
    from rstage.model.stage import Stage

_ORDINALS = {1: "st", 2: "nd", 3: "rd"}


def is_plain(category: Category) -> bool:
    """Return whether a category is one value of a list: no range, not `N+`, not said to be missing."""
    return category.upper is None and category.value not in (POSITIVE, NOT_ASSIGNED)


def bare(category: Category, kept: Collection[str]) -> Category:
    """Return a category without prefix, and with no other suffixes than those `kept`."""
    return replace(
        category, timing=frozenset(), method=None, suffixes=suffixes_among(category.suffixes, kept)
    )


def suffixes_among(suffixes: Suffixes, kept: Collection[str]) -> Suffixes:
    """Return the suffixes whose fields are among those `kept`."""
    fields: dict[str, Any] = {name: getattr(suffixes, name) for name in kept}
    return Suffixes(**fields) if any(fields.values()) else NO_SUFFIXES


def with_methods(stage: Stage, names: dict[Method, str]) -> dict[str, str]:
    """Return the method columns (`T_method`) of a stage, as far as a dialect has a name for the method."""
    return {
        f"{found.letter}_method": names[found.method]
        for found in stage.categories
        if found.method is not None and found.method in names
    }


def covers(stage: Stage, mark: Timing) -> bool:
    """Return whether one mark for the whole record says what the categories say; the group does not count.

    An r or a covers T, N and M. A y covers T and N, and M only where it stands alone.
    """
    covered = stage.categories
    if mark is Timing.POST_THERAPY and (stage.t or stage.n):
        covered = tuple(found for found in covered if found.letter != "M")
    if not covered:
        return stage.group is not None and mark in stage.group.timing
    others = [found for found in stage.categories if found not in covered]
    return all(mark in found.timing for found in covered) and not any(
        mark in found.timing for found in others
    )


def plain_group(stage: Stage, systems: Collection[str], but: Collection[str]) -> StageGroup | None:
    """Return the group of a stage where it is one value of these systems, but none of those in `but`."""
    group = stage.group
    if group is None or group.upper or group.system not in systems or group.value in but:
        return None
    # The letters of Ann Arbor belong to its groups; FIGO's marks of method and molecules have no place.
    return group if not group.mark or group.system == "Ann Arbor" else None


def storage(group: StageGroup) -> str:
    """Return a group as registries store it: `3C1`, `1S`, `0IS`."""
    numeral = leading_numeral(group.value)
    return (ARABIC.get(numeral, "") + group.value.removeprefix(numeral)).upper() + (group.mark or "")


def ordinal(edition: Edition | None) -> str:
    """Return the edition as `8th`; an empty text where it has no number."""
    if edition is None or edition.number is None or edition.number > 9:
        return ""
    return f"{edition.number}{_ORDINALS.get(edition.number, 'th')}"
