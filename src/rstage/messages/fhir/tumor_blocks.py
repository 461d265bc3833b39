"""The Observations of one tumor, and the stagings that they make."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rstage import rules
from rstage.diagnostics import Severity
from rstage.messages.fhir import codes
from rstage.messages.fhir.blocks import ResourceFinding
from rstage.messages.fhir.notation import NO
from rstage.messages.fhir.stagings import by_date, completes, is_stage_block, refuse_halves, ungrouped_sets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rstage.messages.fhir.blocks import Block, Resource
    from rstage.messages.fhir.record import Resources
    from rstage.messages.fhir.stagings import BlockSet
    from rstage.messages.message import MessageFinding

_LEFT = (*codes.COUNTS, "R")


@dataclass(slots=True)
class TumorBlocks:
    """The Observations of one tumor.

    Attributes:
        name: the reference to its condition. patient: that to its patient.
        condition: the condition, where it is in the record.
        sets: the Observations of each staging. pool: those that no group names.
        courses_of: reports of the course, by the number of the Observation that they name.
        courses_on: likewise, by their date.
        linked: what was written for restagings, by their links.
        is_mixed: whether Observations of several patients name the tumor.
        findings: what was found in the tumor and in none of its stagings.
    """

    name: str
    patient: str
    condition: Resource | None
    sets: list[BlockSet] = field(default_factory=list)
    pool: list[Block] = field(default_factory=list)
    courses_of: dict[int, list[Block]] = field(default_factory=dict)
    courses_on: dict[str | None, list[Block]] = field(default_factory=dict)
    linked: dict[str, list[Block]] = field(default_factory=dict)
    is_mixed: bool = False
    findings: list[MessageFinding] = field(default_factory=list)

    def add(self, block: Block, resources: Resources) -> None:
        """Take an Observation that is in no group."""
        if block.link:
            self.linked.setdefault(block.link, []).append(block)
        elif block.part == codes.COURSE:
            known = {number for name in block.members if (number := resources.index(name)) is not None}
            for number in known:
                self.courses_of.setdefault(number, []).append(block)
            self.courses_on.setdefault(block.date, []).append(block)
        else:
            self.pool.append(block)

    def complete(self, resources: Resources) -> None:
        """Make stagings of what is in the pool, or complete those of the groups with it."""
        grouped = by_date(self.sets)
        for one in ungrouped_sets([block for block in self.pool if is_stage_block(block)]):
            fitting = [other for other in grouped.get(one.date, ()) if completes(one, other)]
            if len(fitting) == 1:
                fitting[0].blocks += one.blocks
            else:
                self.sets.append(one)
        symbols = [block for block in self.pool if not is_stage_block(block)]
        dated = by_date(self.sets) if symbols else {}
        wrong = {block.date for block in symbols if not self._is_placed(block, dated, resources)}
        for date in wrong:
            for one in dated.get(date, ()):
                one.is_wrong = True
        refuse_halves(self.sets)

    def _is_placed(
        self, block: Block, dated: Mapping[str | None, Sequence[BlockSet]], resources: Resources
    ) -> bool:
        """Give a symbol or descriptor that no group names to the only staging of its date.

        Returns:
            False where that is an r, y or a and cannot be done: no staging of its date can be used.
        """
        fitting = [one for one in dated.get(block.date, ()) if _fits(block, one)]
        if len(fitting) == 1:
            fitting[0].blocks.append(block)
            return True
        self.findings += [resources.finding(block.resource, one) for one in block.found]
        if not block.said:
            return True
        first = block.said[0]
        is_timing = any(one.part in codes.TIMING and one.text != NO for one in block.said)
        if first.part in _LEFT or not is_timing or (first.kind and block.date not in dated):
            # What is no part of one staging alone, what says no, and what says more than a symbol.
            severity = Severity.INFO if first.part not in codes.IN_STAGING - {"R"} else Severity.WARNING
            diagnostic = rules.SYMBOL_UNPLACED.at(part=first.part, severity=severity)
            self.findings.append(resources.finding(block.resource, ResourceFinding(diagnostic, first.path)))
            return True
        diagnostic = rules.SYMBOL_UNPLACED.at(part=first.part)
        self.findings.append(resources.finding(block.resource, ResourceFinding(diagnostic, first.path)))
        return False

    def courses(self, staging: BlockSet) -> Iterator[tuple[Block, bool]]:
        """Yield the reports of the course about a staging, and whether each names one of its members."""
        if self.courses_of:
            for number in {block.resource.number for block in staging.blocks}:
                yield from ((course, True) for course in self.courses_of.get(number, ()))
        if staging.date is not None:
            yield from ((course, False) for course in self.courses_on.get(staging.date, ()))

    def first_resource(self) -> Resource:
        """Return what stands for the tumor in its record: its condition, else one of its Observations."""
        if self.condition is not None:
            return self.condition
        sets = [one.blocks for one in self.sets]
        first = next(filter(None, (*sets, self.pool, *self.courses_on.values(), *self.linked.values())))
        return first[0].resource


def _fits(block: Block, staging: BlockSet) -> bool:
    """Return whether a symbol can belong to a staging: one for pTNM to none of cTNM, and no count twice."""
    kinds = {one.kind for one in block.said if one.part in codes.SYMBOLS} - {""}
    if staging.kind and kinds and staging.kind not in kinds:
        return False
    return block.part not in _LEFT or staging.parts.isdisjoint(one.part for one in block.said)
