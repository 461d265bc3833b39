"""Where a text is spelled otherwise than the standards print it: every change is reported."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from rstage import rules
from rstage.caches import cached
from rstage.model.descriptor import DESCRIPTOR_ORDER
from rstage.model.group import StageGroup
from rstage.privacy import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rstage.diagnostics import Diagnostic
    from rstage.notation.part import Part, Run

_ORDER = ("T", "N", "M", *DESCRIPTOR_ORDER, "group", "edition")


def separators_folded(parts: Sequence[Part], text: str) -> list[Diagnostic]:
    """Return an info for each separator that is not one blank, or none between categories."""
    found = []
    starts = [0, *(part.end for part in parts)]
    ends = [*(part.start for part in parts), len(text)]
    neighbors = pairwise([None, *parts, None])
    for start, end, (before, after) in zip(starts, ends, neighbors, strict=True):
        between = text[start:end]
        if between == " " and before is not None and after is not None:
            continue
        if any(map(str.isalnum, between)):
            continue  # a stretch that no rule reads, which is reported for itself
        kinds = {part.kind for part in (before, after) if part is not None}
        if "mistake" not in kinds and between not in _expected(before, after):
            found.append(separator_folded(between, start))
    return found


@cached()
def separator_folded(between: str, start: int) -> Diagnostic:
    """Return the info for a separator that is not the usual one."""
    return rules.SEPARATOR_FOLDED.at((start, start + len(between)), before=_described(between))


def _expected(before: Part | None, after: Part | None) -> tuple[str, ...]:
    """Return what the standards print between two parts: nothing at the ends of a text."""
    if before is None or after is None:
        return ("",)
    kinds = {before.kind, after.kind}
    return ("", " ") if kinds == {"category"} or "label" in kinds else (" ",)


def _described(between: str) -> str:
    if not between:
        return "nothing"
    return shown(between.strip()) if between.strip() else "blanks"


def spelling_folded(part: Part) -> list[Diagnostic]:
    """Return an info where a part is written otherwise than the standards print it."""
    value = part.value
    if value is None or part.renamed or part.is_usual:
        return []
    usual = {str(value)}
    if isinstance(value, StageGroup):
        # With the system given beside the text it stands as a plain group.
        usual |= {value.without_word(), str(value).replace(value.system, "Stage", 1)}
    if part.text in usual:
        return []
    return [rules.SPELLING_FOLDED.at(part.span, before=shown(part.text), after=shown(str(value)))]


def order_folded(run: Run) -> list[Diagnostic]:
    """Return an info where the parts of a staging stand in another order than the canonical one."""
    parts = [part for part in run.parts if part.value is not None]
    names = [part.letter or part.kind for part in parts]
    for (left, right), part in zip(pairwise(map(_ORDER.index, names)), parts[1:], strict=True):
        if right < left:
            usual = " ".join(sorted(names, key=_ORDER.index))
            return [rules.ORDER_FOLDED.at(part.span, before=" ".join(names), after=usual)]
    return []


def detached_prefixes(run: Run, text: str) -> list[Diagnostic]:
    """Return a warning for each detached prefix that could be the subcategory before it (row 7)."""
    return [
        rules.PREFIX_DETACHED.at(right.span, before=shown(right.text), after=shown(str(right.value)))
        for left, right in pairwise(run.parts)
        if right.detached
        and right.value is not None
        and right.text.startswith("c")
        and left.kind == "category"
        and not text[left.end : right.start].strip()
    ]
