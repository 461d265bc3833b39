"""Parts that hold a value of one registry dialect: refused by the grammar, and read with that dialect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rstage import rules
from rstage.model.group import StageGroup
from rstage.notation.build import build
from rstage.notation.group import add_group_of_dialect
from rstage.notation.part import Draft
from rstage.notation.tree import parse_nodes
from rstage.reference.dialect_values import GROUP, dialect_with

if TYPE_CHECKING:
    from rstage.model.stage import Stage
    from rstage.notation.part import Part

_REFUSED = {rules.UNKNOWN_VALUE.code, rules.OTHER_SYSTEM.code}


def in_dialect(part: Part, text: str, dialect: str) -> Part:
    """Return a refused part as the value of a dialect; the same part where the dialect has no such value."""
    if part.value is not None or _REFUSED.isdisjoint(one.code for one in part.found):
        return part
    if part.kind == "category":
        nodes, failures = parse_nodes(part.text)
        again = build(nodes[0], part.text, dialect).moved(part.start) if len(nodes) == 1 else part
        return part if failures or again.value is None else again
    draft = Draft(kind=GROUP, start=part.start, end=part.end, text=text)
    add_group_of_dialect(draft, dialect)
    return part if draft.value is None else draft.part()


def has_group_of_dialect(stage: Stage) -> bool:
    """Return whether the group of a stage is one that a dialect alone has."""
    group = stage.group
    return isinstance(group, StageGroup) and dialect_with(GROUP, group.value) is not None
