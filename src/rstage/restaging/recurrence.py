"""Where a cancer came back: local, regional, distant; derived from T, N and M, or stated."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from rstage import rules
from rstage.arguments import check_each
from rstage.model.value import listed
from rstage.reference.vocabulary import NOT_ASSIGNED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rstage.diagnostics import Diagnostic
    from rstage.model.category import Category
    from rstage.model.stage import Stage


class RecurrenceType(StrEnum):
    """Local: the same place. Regional: nearby tissue or lymph nodes. Distant: other organs (NCI)."""

    LOCAL = "local"
    REGIONAL = "regional"
    DISTANT = "distant"


Types = frozenset[RecurrenceType]

_CLASS_OF = {"T": RecurrenceType.LOCAL, "N": RecurrenceType.REGIONAL, "M": RecurrenceType.DISTANT}
_TUMOR_CELLS_FOUND = ("i+", "mol+")


def type_names(types: Types) -> list[str]:
    """Return the names of the types in the order local, regional, distant."""
    return [str(kind) for kind in RecurrenceType if kind in types]


def types_text(types: Types) -> str:
    """Return the types as a cell holds them: `local+regional+distant`, in that order."""
    return "+".join(type_names(types))


def stated_types(stated: str | Iterable[str]) -> Types:
    """Return the types that were stated, as an iterable of types or of their names, or as `local+distant`.

    Raises:
        ValueError: a name is not local, regional or distant.
        TypeError: a name is no string.
    """
    names = stated.split("+") if isinstance(stated, str) else check_each("recurrence", stated, str)
    try:
        return frozenset([RecurrenceType(name.strip()) for name in names])
    except ValueError:
        raise ValueError(f"a recurrence is {', '.join(RecurrenceType)}, or several joined by +") from None


def written_types(written: object) -> Types:
    """Return the types that a dictionary holds: a list of names, or `local+distant`.

    Raises:
        ValueError, TypeError: it holds something else.
    """
    return stated_types(written if isinstance(written, str) else listed(written))


def derive(stage: Stage) -> tuple[Types, tuple[Diagnostic, ...]]:
    """Return the types of recurrence that T, N and M show, and what cannot be decided.

    A tumor (Ta, Tis, T1 to T4) is local, positive nodes are regional, M1 is distant. X, a missing category
    and a range that begins at X or 0 leave it open. Isolated tumor cells and stage groups do not count.
    Source: the National Cancer Institute's definitions of the types; the derivation is our own.
    """
    parts = {"T": stage.t, "N": stage.n, "M": stage.m}
    decided = {letter: shows_disease(category) for letter, category in parts.items()}
    found = [rules.RECURRENCE_NOT_DECIDABLE.at(part=letter) for letter in decided if decided[letter] is None]
    if shows_no_tumor(stage):
        found.append(rules.NO_TUMOR_FOUND.at())
    if _is_t4(stage.t):
        found.append(rules.REGIONAL_NOT_EXCLUDED.at())
    return frozenset([_CLASS_OF[letter] for letter in decided if decided[letter]]), tuple(found)


def shows_disease(category: Category | None) -> bool | None:
    """Return whether a category shows disease in its place, or None where it leaves that open."""
    if category is None or category.value in ("X", NOT_ASSIGNED):
        return None
    if category.value == "0":
        return None if category.upper is not None else False
    return True


def _is_t4(category: Category | None) -> bool:
    return category is not None and (category.value == "4" or (category.upper or "").startswith("4"))


def shows_no_tumor(stage: Stage) -> bool:
    """Return whether a stage says T0 N0 M0, without even isolated tumor cells."""
    return len(stage.categories) == 3 and all(
        shows_disease(category) is False and category.suffixes.tumor_cells not in _TUMOR_CELLS_FOUND
        for category in stage.categories
    )


def contradicts(stage: Stage, stated: Types) -> bool:
    """Return whether a part of the stage decides against what was stated.

    T4 may have grown into nearby tissue, so that it does not decide against regional.
    """
    for category in stage.categories:
        shown = shows_disease(category)
        kind = _CLASS_OF[category.letter]
        if shown is None or shown is (kind in stated):
            continue
        if shown or kind is not RecurrenceType.REGIONAL or not _is_t4(stage.t):
            return True
    return False
