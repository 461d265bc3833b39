"""Sharing the Observations of a FHIR record out to its tumors: by their focus, else by their patient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rstage import rules
from rstage.messages.fhir import codes
from rstage.messages.fhir.conditions import is_metastasis, staged_condition
from rstage.messages.fhir.elements import reference_of
from rstage.messages.fhir.members import joined, members
from rstage.messages.fhir.notation import NO
from rstage.messages.fhir.stagings import BlockSet
from rstage.messages.fhir.tumor_blocks import TumorBlocks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rstage.diagnostics import Diagnostic
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
    sharing.add_counts()
    sharing.refuse_loose()
    return list(sharing.tumors.values())


class _Sharing:
    """The tumors so far, by the number of the condition, or by patient and name where it is not here."""

    def __init__(self, resources: Resources, blocks: Mapping[int, Block]) -> None:
        self.tumors: dict[int | tuple[str | int, str], TumorBlocks] = {}
        self._resources = resources
        self._blocks = blocks
        self._grouped: set[int] = set()
        self._counts: dict[int, list[Block]] = {}
        self._loose = list(resources.loose)
        self._told: set[tuple[str | int, str | int]] = set()
        self._named: dict[str | int, set[str | int]] | None = None
        self._is_of_lines = resources.is_of_lines
        # Observations of one patient name few conditions.
        self._keys: dict[tuple[str, ...], set[str | int]] = {}
        self._metastases: dict[int, bool] = {}

    def add_groups(self) -> None:
        """Make a staging of each group with its members."""
        groups: dict[int, list[Block]] = {}
        for number, block in self._blocks.items():
            if block.link or not (block.members or block.sources):
                continue
            found = list(members(self._resources, self._blocks, block))
            if block.part != "group":
                self._add_counts(block, found)
            elif block.members or found:
                groups[number] = list(dict.fromkeys(found))
        for number, found in joined(groups, self._blocks).items():
            block = self._blocks[number]
            one = BlockSet([block, *found], is_grouped=True)
            self._grouped |= {number, *(inner.resource.number for inner in one.blocks)}
            key = self._checked(self._key_of_group(one), block, *(inner.subject for inner in found))
            if key is not None:
                one.check_dates()
                self._tumor(key, block).sets.append(one)

    def _add_counts(self, block: Block, found: Sequence[Block]) -> None:
        """Note the counts of lymph nodes that are the members of a category."""
        self._counts.setdefault(block.resource.number, []).extend(found)
        self._grouped |= {one.resource.number for one in found}

    def add_counts(self) -> None:
        """Give the counts that are members of a category to its staging."""
        for tumor in self.tumors.values():
            for one in tumor.sets:
                more = [more for block in one.blocks for more in self._counts.get(block.resource.number, ())]
                one.blocks += [block for block in dict.fromkeys(more) if block not in one.blocks]

    def refuse_loose(self) -> None:
        """Make the stagings unusable that an r, y or a of an unknown tumor could belong to."""
        for loose in self._loose:
            patient = self._resources.same(loose.subject) if loose.subject else ""
            for tumor in self.tumors.values():
                for one in tumor.sets:
                    if one.date == loose.date and patient in ("", self._resources.same(tumor.patient)):
                        part = next(said.part for said in loose.said if said.part in codes.TIMING)
                        one.say(one.blocks[0], rules.SYMBOL_UNPLACED.at(part=part))

    def _key_of_group(self, one: BlockSet) -> str | int | None:
        """Return the tumor of a group and its members; None where they do not agree, which is noted."""
        resources, group = self._resources, one.blocks[0]
        keys = {key for block in one.blocks for key in self._conditions(block)}
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
            keys = self._conditions(block)
            key = next(iter(keys)) if len(keys) == 1 else self._lone(block, block.subject)
            key = self._checked(key, block)
            if key is not None:
                self._tumor(key, block).add(block, self._resources)

    def _lone(self, block: Block, subject: str) -> str | int | None:
        """Return the only tumor of a patient; None where it cannot be told, which is noted."""
        conditions = self._resources.conditions_of(subject)
        found: str | int | None = None
        if not block.focus and not subject and self._is_of_lines:
            pass
        elif not block.focus and conditions:
            found = staged_condition(conditions)
        elif not block.focus and subject:
            named = self._foci().get(self._resources.same(subject), set())
            # Without a condition it is the tumor that others name, or the only one that the patient has.
            found = next(iter(named)) if len(named) == 1 else ("" if not named else None)
        if found is None:
            self._leave_out(block)
        elif found == "":
            self._tell_once(block, found, rules.CONDITION_MISSING.at())
        elif len(conditions) != 1:
            self._tell_once(block, found, rules.CONDITION_CHOSEN.at())
        return found

    def _checked(self, key: str | int | None, block: Block, *subjects: str) -> str | int | None:
        """Return a tumor, or None where there is none, which is noted.

        A metastasis is no tumor of its own. A line that names no patient stands beside the lines of one by
        chance, unless it names a condition of that record.
        """
        is_of_nobody = self._is_of_lines and not isinstance(key, int) and not any((block.subject, *subjects))
        if key is None or not (is_of_nobody or (isinstance(key, int) and self._is_metastasis(key))):
            return key
        self._leave_out(block)
        return None

    def _is_metastasis(self, key: int) -> bool:
        if key not in self._metastases:
            self._metastases[key] = is_metastasis(self._resources.at(key))
        return self._metastases[key]

    def _conditions(self, block: Block) -> set[str | int]:
        """Return the conditions that an Observation names."""
        focus = tuple(block.focus)
        if focus not in self._keys:
            self._keys[focus] = self._resources.condition_keys(focus)
        return self._keys[focus]

    def _leave_out(self, block: Block) -> None:
        """Note that an Observation is of no tumor that is known; an r in it can be that of any."""
        self._resources.note(block.resource, rules.TUMOR_UNKNOWN.at())
        self._resources.findings += [self._resources.finding(block.resource, one) for one in block.found]
        if any(one.part in codes.TIMING and one.text != NO for one in block.said):
            self._loose.append(block)

    def _tell_once(self, block: Block, key: str | int, diagnostic: Diagnostic) -> None:
        known = (self._resources.same(block.subject), key)
        if known not in self._told:
            self._told.add(known)
            self._resources.note(block.resource, diagnostic)

    def _foci(self) -> dict[str | int, set[str | int]]:
        """Return the tumors that the Observations of each patient name."""
        if self._named is None:
            self._named = {}
            for block in self._blocks.values():
                if block.focus and block.subject:
                    named = self._named.setdefault(self._resources.same(block.subject), set())
                    named.update(self._conditions(block))
        return self._named

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
        named = next((name for name in block.focus if self._resources.same(name) == key), "")
        if isinstance(key, str):
            return TumorBlocks(named or key, block.subject, None)
        condition = self._resources.at(key)
        patient = reference_of(condition.data.get("subject")) or block.subject
        return TumorBlocks(named or condition.reference, patient, condition)
