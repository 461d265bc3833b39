"""A tumor of a FHIR record with its stagings, made of the Observations that were shared out to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from rstage import rules
from rstage.messages.fhir import codes
from rstage.messages.fhir.blocks import ResourceFinding
from rstage.messages.fhir.conditions import diagnosed, has_come_back
from rstage.messages.fhir.elements import codings_of
from rstage.messages.fhir.links import LinkedObservations
from rstage.messages.fhir.record import RecordHandle, Resources, StagingHandle, topography
from rstage.messages.fhir.stagings import BlockSet, read_set
from rstage.messages.json_values import as_text
from rstage.messages.message import FoundStaging, Tumor
from rstage.restaging.course import RECURRENCE, StatedEvent
from rstage.restaging.linking import Role
from rstage.restaging.recurrence import RecurrenceType

if TYPE_CHECKING:
    from rstage.messages.fhir.blocks import Resource
    from rstage.messages.fhir.tumor_blocks import TumorBlocks
    from rstage.messages.message import MessageFinding
    from rstage.restaging.link_key import LinkKey

_STATUSES = ("active", "inactive", "remission", "resolved")
_EVENTS = {"Y": "recurrence", "P": "progression"}
_IS_NEW = "R"


class _Course(NamedTuple):
    """What the reports of the course say of a staging."""

    event: str
    recurrence: frozenset[RecurrenceType] | None
    role: Role


@dataclass(frozen=True, slots=True)
class TumorMaker:
    """Makes the tumors of one record.

    Attributes:
        resources: of the record.
        handle: what the writer needs of it.
        reading: options of `read_parts`, as pairs.
        key: proves the links that stand in the record.
    """

    resources: Resources
    handle: RecordHandle
    reading: tuple[tuple[str, Any], ...]
    key: LinkKey | None = None

    def tumor(self, blocks: TumorBlocks) -> Tumor:
        """Return a tumor with its stagings, in the order of their first Observations."""
        condition = blocks.condition
        site = topography(condition)
        blocks.sets.sort(key=lambda one: min(block.resource.number for block in one.blocks))
        stagings = [self._staging(one, blocks, site) for one in blocks.sets]
        dates = [one.staging.date for one in stagings if one.staging is not None and one.staging.date]
        first = min(dates, default=None)
        read = Tumor(
            keys={"patient_id": blocks.patient, "tumor_id": blocks.name},
            place=self.resources.place(blocks.first_resource()),
            stagings=tuple(stagings),
            events=_events(blocks),
            diagnosed=diagnosed(condition, first) if condition is not None else None,
        )
        stagings = self._with_linked(blocks, read, site)
        if condition is not None and any(_is_recurrence(one) for one in stagings):
            blocks.findings += self._status(condition)
        is_linked_only = condition is None and not blocks.sets and stagings
        place = stagings[0].place if is_linked_only else read.place
        return read._replace(place=place, stagings=stagings, findings=tuple(blocks.findings))

    def _staging(
        self, one: BlockSet, blocks: TumorBlocks, site: str | None, *, is_linked: bool = False
    ) -> FoundStaging:
        staging = read_set(one, self.reading, blocks.name, site)
        at = self.resources.finding
        found = [at(block.resource, inner) for block in one.blocks for inner in block.found]
        found += [at(block.resource, inner) for block, inner in one.found]
        if self.resources.record.comes_again or blocks.is_mixed:
            staging = None
        event, recurrence, role = _course(one, blocks)
        resource = one.blocks[0].resource
        if role is Role.ASSESSMENT and staging is not None and not staging.stage.is_recurrence:
            found.append(at(resource, ResourceFinding(rules.RECURRENCE_WITHOUT_R.at(), ())))
        return FoundStaging(
            staging=staging,
            place=self.resources.place(resource),
            role=role,
            event=event,
            recurrence=recurrence,
            findings=tuple(found),
            handle=StagingHandle(tuple(one.blocks), is_linked),
        )

    def _with_linked(self, blocks: TumorBlocks, tumor: Tumor, site: str | None) -> list[FoundStaging]:
        """Return the stagings, and those that were written for a link which the record does not give."""
        if not blocks.linked:
            return list(tumor.stagings)
        made = {
            link: self._staging(BlockSet(same), blocks, site, is_linked=True)
            for link, same in blocks.linked.items()
        }
        checked = LinkedObservations(tumor, made, self.handle, self.resources, self.key)
        checked.check()
        blocks.findings += checked.found
        return [*map(checked.marked, tumor.stagings), *checked.extra]

    def _status(self, condition: Resource) -> list[MessageFinding]:
        """Return what gives the status of a condition that came back, where that does not say so."""
        given = {as_text(one.get("code")) for one in codings_of(condition.data.get("clinicalStatus"))}
        if not given or has_come_back(condition):
            return []
        known = [one for one in _STATUSES if one in given]
        what = f"the clinical status {known[0]} of the condition" if known else "the clinical status"
        found = ResourceFinding(rules.LEFT_AS_IT_IS.at(what=what), ("clinicalStatus",))
        return [self.resources.finding(condition, found)]


def _events(blocks: TumorBlocks) -> list[StatedEvent]:
    """Return what the condition and the reports of the course state of recurrences."""
    is_back = blocks.condition is not None and has_come_back(blocks.condition)
    events = [StatedEvent()] if is_back else []
    for date, courses in blocks.courses_on.items():
        said = [{one.part: one.text for one in course.said} for course in courses]
        types = {place for one in said for place in codes.COURSE_PLACES if one.get(place) == _IS_NEW}
        if types or any(_EVENTS.get(one.get(codes.COURSE, "")) == RECURRENCE for one in said):
            stated = frozenset(map(RecurrenceType, types)) or None
            events.append(StatedEvent(date=date, recurrence=stated))
    return events


def _is_recurrence(found: FoundStaging) -> bool:
    return found.staging is not None and found.staging.stage.is_recurrence


def _course(one: BlockSet, blocks: TumorBlocks) -> _Course:
    """Return what the reports of the course say of a staging: those that name it, or are of the same date."""
    events, types, role = set(), set(), Role.INITIAL
    for course, is_named in blocks.courses(one):
        letters = {said.part: said.text for said in course.said}
        event = _EVENTS.get(letters.get(codes.COURSE, ""))
        events |= {event} if event else set()
        types |= {RecurrenceType(place) for place in codes.COURSE_PLACES if letters.get(place) == _IS_NEW}
        if event or is_named:
            role = Role.LATER
    if types or "recurrence" in events:
        role = Role.ASSESSMENT
    return _Course(events.pop() if len(events) == 1 else "unknown", frozenset(types) or None, role)
