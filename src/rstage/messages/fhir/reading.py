"""The tumors of a FHIR record and their stagings."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rstage import rules
from rstage.diagnostics import Severity
from rstage.messages.fhir import codes
from rstage.messages.fhir.blocks import Block, Found, Resource, reference
from rstage.messages.fhir.codes import as_dict, as_list, as_text
from rstage.messages.fhir.links import check_linked
from rstage.messages.fhir.record import RecordHandle, Resources, StagingHandle, repeated_path, topography
from rstage.messages.fhir.stagings import (
    BlockSet,
    by_date,
    completes,
    is_stage_block,
    read_set,
    refuse_halves,
    ungrouped_sets,
)
from rstage.messages.fhir.values import block_of, unread_places, unread_staging
from rstage.messages.message import FoundStaging, MessageFinding, Tumor
from rstage.restaging.linking import Role
from rstage.restaging.recurrence import RecurrenceType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rstage.diagnostics import Diagnostic
    from rstage.messages.json_places import Path
    from rstage.messages.json_records import JsonRecord

_NOT_USED = ("entered-in-error", "cancelled")
_OTHER_SYSTEM = "weitere-klassifikationen"
_NO_NEED_TO_SAY = ("recurrence", "relapse")
_STATUSES = ("active", "inactive", "remission", "resolved")
_EVENTS = {"Y": "recurrence", "P": "progression"}
_IS_NEW = "R"
_R_CODE = '"421188008"'


@dataclass(slots=True)
class _TumorParts:
    """What belongs to one tumor while a record is read."""

    name: str
    patient: str
    pool: list[Block] = field(default_factory=list)
    sets: list[BlockSet] = field(default_factory=list)
    courses: dict[str | int | None, list[Block]] = field(default_factory=dict)
    linked: dict[str, list[Block]] = field(default_factory=dict)
    is_mixed: bool = False
    found: list[MessageFinding] = field(default_factory=list)


class RecordReader:
    """Reads one record.

    Args:
        record: the record.
        reading: options of `read_parts`.

    Attributes:
        findings: what was found outside of every tumor.
    """

    def __init__(self, record: JsonRecord, reading: Mapping[str, Any]) -> None:
        self.resources = Resources(record)
        self.findings: list[MessageFinding] = []
        self._record = self.resources.record
        self._reading = tuple(reading.items())
        self._blocks: dict[int, Block] = {}
        self._tumors: dict[tuple[str | int, str | int] | int, _TumorParts] = {}
        self._order: dict[int, int] = {}

    def tumors(self) -> list[Tumor]:
        """Return the tumors of the record, in the order of their first Observation."""
        self._find_blocks()
        if self._blocks:
            self._report_repeated()
            members = self._group_sets()
            self._share_out(members)
        return [self._tumor(key, parts) for key, parts in self._tumors.items()]

    @property
    def handle(self) -> RecordHandle:
        """What the writer needs."""
        return RecordHandle(self._record, frozenset(one.link for one in self._blocks.values() if one.link))

    # ---------------------------------------------------------------- finding

    def finding(self, resource: Resource, found: Found) -> MessageFinding:
        """Return a finding at its place in the file."""
        place = self._record.place(resource.document, (*resource.path, *found.path))
        return MessageFinding(found.diagnostic, place, found.value)

    def _note(self, resource: Resource, diagnostic: Diagnostic, path: Path = ()) -> None:
        self.findings.append(self.finding(resource, Found(diagnostic, path)))

    def _find_blocks(self) -> None:
        for number, resource in enumerate(self.resources.all):
            if resource.data.get("resourceType") != "Observation":
                continue
            block = block_of(resource)
            if block is None:
                self._pass_over(resource)
            elif resource.data.get("status") in _NOT_USED:
                self._note(
                    resource, rules.LEFT_AS_IT_IS.at(what="an Observation that does not hold"), ("status",)
                )
            else:
                self._blocks[number] = block
                self._order[id(block)] = number
                if block.members and block.part in codes.CATEGORIES:
                    left = rules.LEFT_AS_IT_IS.at(what="what the members of a category say")
                    block.say(left, ("hasMember",))
        self._find_unread()

    def _find_unread(self) -> None:
        """Tell of stagings that stand where none is read, and of each code for r that was not understood."""
        has_marks = _R_CODE.encode() in self._record.raw
        unplaced = rules.SYMBOL_UNPLACED.at(part="r")
        for number, resource in enumerate(self.resources.all):
            for what, path in unread_places(resource):
                self._note(resource, rules.UNREAD_STAGING.at(element=what), path)
            if not has_marks or resource.data.get("status") in _NOT_USED:
                continue
            if _R_CODE in json.dumps(resource.data):
                block = self._blocks.get(number)
                if block is None:
                    self._note(resource, unplaced)
                elif block.find("r") is None:
                    block.say(unplaced, ())
                    block.is_wrong = True
        if self._record.raw.count(_R_CODE.encode()) > sum(
            json.dumps(resource.data).count(_R_CODE) for resource in self.resources.all if has_marks
        ):
            self.findings.append(MessageFinding(unplaced, self._record.place(self._record.documents[0], ())))

    def _pass_over(self, resource: Resource) -> None:
        found = unread_staging(resource)
        if found is not None:
            self.findings.append(self.finding(resource, found))
        for profile in as_list(as_dict(resource.data.get("meta")).get("profile")):
            if as_text(profile).endswith(_OTHER_SYSTEM):
                self._note(
                    resource, rules.LEFT_AS_IT_IS.at(what="a classification that is not TNM"), ("code",)
                )

    def _report_repeated(self) -> None:
        """Make unusable what holds a key twice; a resource that was lost that way could be any."""
        what = "an element whose key stands twice"
        for document, path in self.resources.repeated:
            diagnostic = rules.TWO_VALUES.at(what=what)
            self.findings.append(MessageFinding(diagnostic, self._record.place(document, path)))
        for block in self._blocks.values():
            block.is_wrong = block.is_wrong or bool(self.resources.repeated)
            if block.resource.document.has_repeated:
                where = repeated_path(block.resource.data)
                if where is not None:
                    block.say(rules.TWO_VALUES.at(what=what), where)
                    block.is_wrong = True

    # ---------------------------------------------------------------- sharing out

    def _group_sets(self) -> set[int]:
        """Make a set of each group with its members; return the numbers of all that are in one."""
        taken: set[int] = set()
        for number, block in self._blocks.items():
            if block.part != "group" or not block.members or block.link:
                continue
            one = BlockSet([block], is_grouped=True)
            for name in block.members:
                inner = self.resources.index(name)
                if inner is None:
                    one.say(
                        block, rules.VALUE_UNREADABLE.at(part="a member that is not here"), ("hasMember",)
                    )
                elif inner in self._blocks and inner != number and not self._blocks[inner].link:
                    one.blocks.append(self._blocks[inner])
                    taken.add(inner)
                elif inner not in self._blocks and _is_observation(self.resources.all[inner]):
                    unread = rules.UNREAD_STAGING.at(element="a member of the staging")
                    block.say(unread, ("hasMember",))
            taken.add(number)
            key = self._key_of_set(one)
            if key is not None:
                one.check_dates()
                self._parts(key, block).sets.append(one)
        return taken

    def _key_of_set(self, one: BlockSet) -> str | int | None:
        """Return the tumor of a group and its members, which have to agree; else it is reported."""
        keys = {
            key for block in one.blocks if block.focus for key in self.resources.condition_keys(block.focus)
        }
        patients = {self.resources.same(block.subject) for block in one.blocks if block.subject}
        block = one.blocks[0]
        if len(patients) > 1 or len(keys) > 1:
            self._note(block.resource, rules.TUMOR_UNKNOWN.at(), ("hasMember",))
            return None
        return (
            keys.pop() if keys else self._lone(block, next((b.subject for b in one.blocks if b.subject), ""))
        )

    def _lone(self, block: Block, subject: str) -> str | int | None:
        found = None if block.focus else self.resources.lone_condition(subject)
        if found is None:
            self._note(block.resource, rules.TUMOR_UNKNOWN.at())
            for one in block.found:
                self.findings.append(self.finding(block.resource, one))
        return found

    def _parts(self, key: str | int, block: Block) -> _TumorParts:
        patient = self.resources.same(block.subject) if block.subject else ""
        # The name of a condition that is not here can be that of another patient's too.
        stored = key if type(key) is int else (patient, key)
        parts = self._tumors.get(stored)
        if parts is None:
            if type(key) is int:
                name = next((one for one in block.focus if self.resources.same(one) == key), "")
                name = name or self.resources.all[key].reference
                owner = reference(self.resources.all[key].data.get("subject")) or block.subject
            else:
                name, owner = str(key), block.subject
            parts = self._tumors[stored] = _TumorParts(name, owner)
        parts.patient = parts.patient or block.subject
        if patient not in ("", self.resources.same(parts.patient)):
            self._note(block.resource, rules.TUMOR_UNKNOWN.at(), ("subject",))
            parts.is_mixed = True
        return parts

    def _share_out(self, members: set[int]) -> None:
        """Give every other Observation to its tumor, and make stagings of those in no group."""
        for number, block in self._blocks.items():
            if number in members:
                continue
            keys = self.resources.condition_keys(block.focus) if block.focus else set()
            key = keys.pop() if len(keys) == 1 else None
            if key is None:
                key = self._lone(block, block.subject)
            if key is None:
                continue
            parts = self._parts(key, block)
            if block.link:
                parts.linked.setdefault(block.link, []).append(block)
            elif block.part == codes.COURSE:
                known = {self.resources.index(name) for name in block.members} - {None}
                for one in (*known, block.date):
                    parts.courses.setdefault(one, []).append(block)
            else:
                parts.pool.append(block)
        for parts in self._tumors.values():
            self._complete(parts)
            refuse_halves(parts.sets)

    def _complete(self, parts: _TumorParts) -> None:
        grouped = by_date(parts.sets)
        for one in ungrouped_sets([block for block in parts.pool if is_stage_block(block)]):
            fitting = [other for other in grouped.get(one.date, ()) if completes(one, other)]
            if len(fitting) == 1:
                fitting[0].blocks += one.blocks
            else:
                parts.sets.append(one)
        symbols = [block for block in parts.pool if not is_stage_block(block)]
        dated = by_date(parts.sets) if symbols else {}
        wrong = {block.date for block in symbols if not self._is_placed(block, parts, dated)}
        for date in wrong:
            for one in dated.get(date, ()):
                one.is_wrong = True

    def _is_placed(
        self, block: Block, parts: _TumorParts, dated: Mapping[str | None, Sequence[BlockSet]]
    ) -> bool:
        """Give a symbol or descriptor that no group names to the only staging of its date.

        Returns:
            False where that is an r, y or a and cannot be done: no staging of its date can be used.
        """
        fitting = dated.get(block.date, ())
        if len(fitting) == 1:
            fitting[0].blocks.append(block)
            return True
        parts.found += [self.finding(block.resource, one) for one in block.found]
        if not block.said:
            return True
        part = block.said[0].part
        is_timing = any(one.part in codes.TIMING for one in block.said)
        severity = Severity.ERROR if is_timing else Severity.WARNING
        diagnostic = rules.SYMBOL_UNPLACED.at(part=part, severity=severity)
        parts.found.append(self.finding(block.resource, Found(diagnostic, block.said[0].path)))
        return not is_timing

    # ---------------------------------------------------------------- tumors

    def _tumor(self, key: object, parts: _TumorParts) -> Tumor:
        condition = self.resources.all[key] if type(key) is int else None
        site = topography(condition)
        parts.sets.sort(key=lambda one: min(self._order[id(block)] for block in one.blocks))
        stagings = [self._staging(one, parts, site) for one in parts.sets]
        if parts.linked:
            stagings += self._linked(parts, stagings, site)
        if condition is not None and any(
            one.staging is not None and one.staging.stage.is_recurrence for one in stagings
        ):
            parts.found += self._status(condition)
        first = condition or parts.sets[0].blocks[0].resource if parts.sets else condition
        place = stagings[0].place if first is None and stagings else None
        return Tumor(
            keys={"patient_id": parts.patient, "tumor_id": parts.name},
            place=place or self._place(first, parts),
            stagings=stagings,
            findings=tuple(parts.found),
        )

    def _place(self, resource: Resource | None, parts: _TumorParts) -> Any:
        if resource is None:
            blocks = [
                *parts.pool,
                *(one for same in (*parts.courses.values(), *parts.linked.values()) for one in same),
            ]
            resource = blocks[0].resource if blocks else self.resources.all[0]
        return self._record.place(resource.document, resource.path)

    def _status(self, condition: Resource) -> Iterator[MessageFinding]:
        """Yield what tells the status of a condition that came back, where that does not say so."""
        given = {
            as_text(as_dict(one).get("code"))
            for one in as_list(as_dict(condition.data.get("clinicalStatus")).get("coding"))
        }
        if given and given.isdisjoint(_NO_NEED_TO_SAY):
            known = [one for one in _STATUSES if one in given]
            what = f"the clinical status {known[0]} of the condition" if known else "the clinical status"
            yield self.finding(condition, Found(rules.LEFT_AS_IT_IS.at(what=what), ("clinicalStatus",)))

    def _staging(
        self, one: BlockSet, parts: _TumorParts, site: str | None, *, is_linked: bool = False
    ) -> FoundStaging:
        staging = read_set(one, self._reading, parts.name, site)
        found = [self.finding(block.resource, inner) for block in one.blocks for inner in block.found]
        found += [self.finding(block.resource, inner) for block, inner in one.found]
        if self._record.comes_again or parts.is_mixed:
            staging = None
        event, recurrence, role = self._course(one, parts)
        resource = one.blocks[0].resource
        if role is Role.ASSESSMENT and staging is not None and not staging.stage.is_recurrence:
            found.append(self.finding(resource, Found(rules.RECURRENCE_WITHOUT_R.at(), ())))
        return FoundStaging(
            staging=staging,
            place=self._record.place(resource.document, resource.path),
            role=role,
            event=event,
            recurrence=recurrence,
            findings=tuple(found),
            handle=StagingHandle(tuple(one.blocks), is_linked),
        )

    def _course(
        self, one: BlockSet, parts: _TumorParts
    ) -> tuple[str, frozenset[RecurrenceType] | None, Role]:
        """Return what the reports of the course say of a staging: its members, or of the same date."""
        events, types, role = set(), set(), Role.INITIAL
        numbers = {self._order[id(block)] for block in one.blocks} if parts.courses else set()
        told = [(course, True) for number in numbers for course in parts.courses.get(number, ())]
        if one.date is not None:
            told += [(course, False) for course in parts.courses.get(one.date, ())]
        for course, is_member in told:
            letters = {said.part: said.text for said in course.said}
            event = _EVENTS.get(letters.get(codes.COURSE, ""))
            events |= {event} if event else set()
            types |= {RecurrenceType(place) for place in codes.COURSE_PLACES if letters.get(place) == _IS_NEW}
            if event or is_member:
                role = Role.LATER
        if types or "recurrence" in events:
            role = Role.ASSESSMENT
        event = events.pop() if len(events) == 1 else None
        return event or "unknown", frozenset(types) or None, role

    def _linked(
        self, parts: _TumorParts, stagings: list[FoundStaging], site: str | None
    ) -> Iterable[FoundStaging]:
        made = [
            (link, self._staging(BlockSet(blocks), parts, site, is_linked=True), blocks)
            for link, blocks in parts.linked.items()
        ]
        extra, found = check_linked(parts.name, stagings, made, handle=self.handle, finding=self.finding)
        parts.found += found
        return extra


def _is_observation(resource: Resource) -> bool:
    return resource.data.get("resourceType") == "Observation"
