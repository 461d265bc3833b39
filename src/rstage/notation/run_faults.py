"""What is wrong with the parts of one staging beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rstage import rules
from rstage.model.category import Category, Timing
from rstage.model.descriptor import MOST_PLACES, Descriptor
from rstage.model.edition import may_be_same
from rstage.model.group import StageGroup
from rstage.model.stage import Stage, spells_system
from rstage.privacy import shown
from rstage.reference.systems import TNM, group_values

if TYPE_CHECKING:
    from rstage.diagnostics import Diagnostic
    from rstage.model.edition import Edition
    from rstage.notation.part import Run

# Descriptors that make a stage without a category; a grade does beside a group (FIGO IA G2).
_ALONE = frozenset({"R", "Pn"})
_NUMERALS = frozenset("IVXivx01234")


def edition_conflict(run: Run, written: Edition, given: Edition | None) -> list[Diagnostic]:
    """Return a warning where the edition in the text is not the one that was given for it."""
    if given is None or may_be_same(written, given):
        return []
    part = run.first("edition")
    span = part.span if part else (0, 0)
    return [rules.EDITION_CONFLICT.at(span, written=shown(str(written)), given=shown(str(given)))]


def repeated_descriptors(run: Run) -> list[Diagnostic]:
    """Return an error for a descriptor given twice, except R with different places (ruling 23)."""
    seen: set[tuple[str, ...]] = set()
    found = []
    for part in run.parts:
        if isinstance(part.value, Descriptor):
            key = part.value.key
            if key in seen:
                found.append(rules.REPEATED_PART.at(part.span, text=shown(part.text)))
            seen.add(key)
            if part.value.name == "R" and sum(name == "R" for name, *_ in seen) == MOST_PLACES + 1:
                found.append(rules.TOO_MANY_PLACES.at(part.span, most=MOST_PLACES))
    return found


def bare(run: Run, *, is_field: bool) -> list[Diagnostic]:
    """Return an error where no part of the text makes a stage of it (ruling 15, rows 72 and 73).

    Before a group that shows by its word a descriptor does not stand alone: `L0 Stage II`.
    """
    names = {part.letter for part in run.parts if part.kind == "descriptor"}
    kinds = {part.kind for part in run.parts}
    if kinds & {"category", "mistake"} or (is_field and names) or names & _ALONE:
        return []
    if "group" in kinds and (names <= {"G"} or _is_led_to_group(run)):
        return []
    rule = rules.BARE_DESCRIPTOR if names else rules.NOT_NOTATION
    return [
        rule.at(part.span, text=shown(part.text), suggestions=_as_group(part.text))
        for part in run.parts
        if part.kind != "group"
    ]


def _is_led_to_group(run: Run) -> bool:
    """Return whether the descriptors stand before a group of TNM or FIGO that shows by its word.

    Beside a group of another system L1 can be a vertebra, or a group of INRG (row 72).
    """
    *before, last = (part for part in run.parts if part.kind in ("descriptor", "group"))
    group = last.value
    if not isinstance(group, StageGroup) or any(part.kind == "group" for part in before):
        return False
    return group.system in (TNM, "FIGO") and last.text.lstrip("ryacp-( ")[:1] not in _NUMERALS


def _as_group(text: str) -> tuple[str, ...]:
    """Return the group that a bare L1 or L2 may be (row 72)."""
    return (f"INRG {text}",) if text in group_values("INRG") else ()


def redundant_y(run: Run, stage: Stage) -> list[Diagnostic]:
    """Return an info where a y on M is dropped, because T or N has it (no list has a yM)."""
    part = run.category("M")
    if part is None or not isinstance(part.value, Category) or stage.m is None:
        return []
    if Timing.POST_THERAPY not in part.value.timing or Timing.POST_THERAPY in stage.m.timing:
        return []
    return [rules.REDUNDANT_Y.at(part.span, before=shown(part.text), after=shown(str(stage.m)))]


def hidden_system(run: Run) -> list[Diagnostic]:
    """Return an error where R2 and a group of ISS behind it are what is written for a group of R2-ISS."""
    group = run.first("group")
    descriptors = [part.value for part in run.parts if isinstance(part.value, Descriptor)]
    if (
        group is None
        or not isinstance(group.value, StageGroup)
        or not spells_system(descriptors, group.value)
    ):
        return []
    meant = f"R2-{group.value}"
    return [
        rules.OTHER_SYSTEM.at(group.span, text=f"R2 {group.value}", system="R2-ISS", suggestions=(meant,))
    ]
