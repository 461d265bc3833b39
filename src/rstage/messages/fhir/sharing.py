"""Sharing the Observations of a FHIR record out to its tumors: by their focus, else by their patient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rstage import rules
from rstage.messages.fhir.elements import reference_of
from rstage.messages.fhir.stagings import BlockSet
from rstage.messages.fhir.tumor_blocks import TumorBlocks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rstage.messages.fhir.blocks import Block
    from rstage.messages.fhir.record import Resources


def share_out(resources: Resources, blocks: Mapping[int, Block]) -> list[TumorBlocks]:
    """Return the tumors of a record with their Observations, in the order of their first one.

    Args:
        resources: of the record; what belongs to no tumor is noted there.
        blocks: the Observations that say something of a stage, by the numbers of their resources.
    """
    sharing = _Sharing(resources, blocks)
    sharing.add_groups()
    sharing.add_others()
    for tumor in sharing.tumors.values():
        tumor.complete(resources)
    return list(sharing.tumors.values())


class _Sharing:
    """The tumors so far, by the number of the condition, or by patient and name where it is not here."""

    def __init__(self, resources: Resources, blocks: Mapping[int, Block]) -> None:
        self.tumors: dict[int | tuple[str | int, str], TumorBlocks] = {}
        self._resources = resources
        self._blocks = blocks
        self._grouped: set[int] = set()

    def add_groups(self) -> None:
        """Make a staging of each group with its members."""
        for number, block in self._blocks.items():
            if block.part != "group" or not block.members or block.link:
                continue
            one = BlockSet([block], is_grouped=True)
            for name in block.members:
                self._add_member(one, name)
            self._grouped |= {number, *(inner.resource.number for inner in one.blocks)}
            key = self._key_of_group(one)
            if key is not None:
                one.check_dates()
                self._tumor(key, block).sets.append(one)

    def _add_member(self, one: BlockSet, name: str) -> None:
        group = one.blocks[0]
        number = self._resources.index(name)
        if number is None:
            missing = rules.VALUE_UNREADABLE.at(part="a member that is not here")
            one.say(group, missing, ("hasMember",))
            return
        block = self._blocks.get(number)
        if block is None:
            if self._resources.all[number].kind == "Observation":
                group.say(rules.UNREAD_STAGING.at(element="a member of the staging"), ("hasMember",))
        elif block is not group and not block.link:
            one.blocks.append(block)

    def _key_of_group(self, one: BlockSet) -> str | int | None:
        """Return the tumor of a group and its members; None where they do not agree, which is noted."""
        resources, group = self._resources, one.blocks[0]
        keys = {key for block in one.blocks if block.focus for key in resources.condition_keys(block.focus)}
        subjects = [block.subject for block in one.blocks if block.subject]
        if len(set(map(resources.same, subjects))) > 1 or len(keys) > 1:
            resources.note(group.resource, rules.TUMOR_UNKNOWN.at(), ("hasMember",))
            return None
        return keys.pop() if keys else self._lone(group, next(iter(subjects), ""))

    def add_others(self) -> None:
        """Give every Observation that is in no group to its tumor."""
        for number, block in self._blocks.items():
            if number in self._grouped:
                continue
            keys = self._resources.condition_keys(block.focus) if block.focus else set()
            key = keys.pop() if len(keys) == 1 else self._lone(block, block.subject)
            if key is not None:
                self._tumor(key, block).add(block, self._resources)

    def _lone(self, block: Block, subject: str) -> int | None:
        """Return the only condition of a patient; None where there are others, which is noted."""
        found = None if block.focus else self._resources.lone_condition(subject)
        if found is None:
            self._resources.note(block.resource, rules.TUMOR_UNKNOWN.at())
            self._resources.findings += [self._resources.finding(block.resource, one) for one in block.found]
        return found

    def _tumor(self, key: str | int, block: Block) -> TumorBlocks:
        """Return the tumor of a key, which a block names; a block of another patient makes it mixed."""
        same = self._resources.same
        patient = same(block.subject) if block.subject else ""
        # The name of a condition that is not here can be that of another patient's too.
        stored = key if isinstance(key, int) else (patient, key)
        if stored not in self.tumors:
            self.tumors[stored] = self._new(key, block)
        tumor = self.tumors[stored]
        tumor.patient = tumor.patient or block.subject
        if patient not in ("", same(tumor.patient)):
            self._resources.note(block.resource, rules.TUMOR_UNKNOWN.at(), ("subject",))
            tumor.is_mixed = True
        return tumor

    def _new(self, key: str | int, block: Block) -> TumorBlocks:
        if isinstance(key, str):
            return TumorBlocks(key, block.subject, None)
        condition = self._resources.all[key]
        named = (name for name in block.focus if self._resources.same(name) == key)
        patient = reference_of(condition.data.get("subject")) or block.subject
        return TumorBlocks(next(named, "") or condition.reference, patient, condition)
