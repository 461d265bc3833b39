"""The reports of one patient, and the stagings that they make, tumor by tumor.

A report (Meldung) belongs to one tumor and holds a diagnosis, an operation, a pathology report or a course.
In the national delivery (oBDS_RKI) a tumor holds its diagnosis and what followed. Each can hold TNM.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from rstage import rules
from rstage.messages.blocks import read_block
from rstage.messages.message import FoundStaging, MessageFinding, Record, Tumor
from rstage.messages.obds import elements
from rstage.messages.obds.blocks import BlockElements, first_date
from rstage.messages.obds.elements import Report
from rstage.privacy import shown
from rstage.restaging.course import RECURRENCE, UNKNOWN, StatedEvent
from rstage.restaging.linking import Role
from rstage.restaging.staging import Circumstances

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rstage.diagnostics import Diagnostic
    from rstage.messages.place import Place
    from rstage.messages.xml_nodes import Node
    from rstage.messages.xml_stream import XmlRecord
    from rstage.restaging.recurrence import Types
    from rstage.restaging.staging import Staging


class _Course(NamedTuple):
    """What a report says of the course: the event, its types, and whether the cancer came back."""

    event: str = UNKNOWN
    types: Types | None = None
    is_recurrence: bool = False


@dataclass(slots=True)
class _Reported:
    """A report with its blocks of TNM.

    Attributes:
        node: the report. kind: what it is about. course: what it says of the course.
        assignment: what names its tumor.
        blocks: its blocks.
    """

    node: Node
    kind: Report
    course: _Course
    assignment: Node | None
    blocks: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class _TumorReports:
    """What the reports of a patient say about one tumor."""

    keys: dict[str, str]
    place: Place
    sites: set[str] = field(default_factory=set)
    diagnosed: set[str] = field(default_factory=set)
    reports: list[_Reported] = field(default_factory=list)
    findings: list[MessageFinding] = field(default_factory=list)


class PatientReader:
    """Collects the reports of one patient by tumor.

    Args:
        found: the element of the patient.
        reading: as for `message.Format.records`.
        known: the ids of the patients so far; that of this one is added.
    """

    def __init__(self, found: XmlRecord, reading: Mapping[str, Any], known: set[str]) -> None:
        self._found = found
        self._number = found.number
        self._reading = reading
        master = found.node.find(elements.MASTER_DATA)
        self._id = found.node.attributes.get(elements.PATIENT_ID) or (
            master.attributes.get(elements.PATIENT_ID, "") if master is not None else ""
        )
        self._tumors: dict[object, _TumorReports] = {}
        self._findings: list[MessageFinding] = []
        if self._id in known:
            self._say(self._findings, rules.PATIENT_AGAIN.at(), found.node)
        elif self._id:
            known.add(self._id)

    def record(self) -> Record:
        """Return the record with its tumors, in the order in which the reports name them."""
        for child in self._found.node.children:
            if child.name in elements.CARRIERS:
                self._carrier(child)
            else:
                self._refuse_blocks(child, self._findings)
        made = [self._tumor(one) for one in self._tumors.values()]
        return Record(
            number=self._number,
            raw=self._found.raw,
            tumors=tuple(one for one in made if one.stagings or one.findings),
            findings=tuple(self._findings),
        )

    def _carrier(self, node: Node) -> None:
        """Take the reports that stand in an element, which is about one tumor."""
        assignment = node.find(elements.ASSIGNMENT)
        reports = node.all(*elements.REPORTS)
        named = [
            one.attributes.get(elements.TUMOR_ID) for one in (assignment, *reports, node) if one is not None
        ]
        ids = set(filter(None, named))
        tumor_id = ids.pop() if len(ids) == 1 else None
        tumor = self._tumor_of(tumor_id, node)
        if ids:
            self._say(tumor.findings, rules.ELEMENT_TWICE.at(element=elements.TUMOR_ID), node)
        tumor.diagnosed |= _dates([one for one in (assignment, *reports) if one is not None])
        before = len(tumor.reports)
        for child in node.children:
            if child.name in elements.REPORTS:
                tumor.reports.append(self._report(child, assignment, tumor))
            else:
                self._refuse_blocks(child, tumor.findings)
        if tumor_id is None and any(one.blocks for one in tumor.reports[before:]):
            self._say(tumor.findings, rules.REPORT_WITHOUT_TUMOR.at(), node)

    def _report(self, node: Node, assignment: Node | None, tumor: _TumorReports) -> _Reported:
        kind = elements.REPORTS[node.name]
        course = self._course(node, tumor.findings) if kind is Report.COURSE else _Course()
        made = _Reported(node, kind, course, assignment if kind is Report.DIAGNOSIS else None)
        tumor.sites |= _sites(node)
        for child in node.children:
            if child.name in elements.BLOCKS and not child.names:
                made.blocks.append(child)
            else:
                self._refuse_blocks(child, tumor.findings)
        return made

    def _tumor_of(self, tumor_id: str | None, node: Node) -> _TumorReports:
        key: object = id(node) if tumor_id is None else tumor_id
        if key not in self._tumors:
            keys = {"patient_id": self._id, "tumor_id": tumor_id or ""}
            place = node.place(self._number)
            self._tumors[key] = _TumorReports({name: text for name, text in keys.items() if text}, place)
        return self._tumors[key]

    def _refuse_blocks(self, node: Node, findings: list[MessageFinding]) -> None:
        """Report each block that stands where none is expected, and each classification of another kind."""
        if node.name in elements.BLOCKS:
            self._say(findings, rules.UNREAD_STAGING.at(element=node.name), node)
        elif node.name in elements.OTHER_CLASSIFICATIONS:
            self._other_classification(node, findings)
        else:
            before = len(findings)
            for child in node.children:
                self._refuse_blocks(child, findings)
            if len(findings) == before and elements.may_be_of_a_staging(node.name):
                self._say(findings, rules.UNREAD_STAGING.at(element=shown(node.name)), node)

    def _other_classification(self, node: Node, findings: list[MessageFinding]) -> None:
        inner = [child for child in node.children if child.name in elements.OTHER_CLASSIFICATIONS]
        for child in inner:
            self._other_classification(child, findings)
        if not inner and any(child.text.strip() for child in node.children):
            self._say(findings, rules.OTHER_CLASSIFICATION.at(), node)

    def _say(self, findings: list[MessageFinding], found: Diagnostic, node: Node) -> None:
        findings.append(MessageFinding(found, node.place(self._number), node.text.strip()))

    def _tumor(self, tumor: _TumorReports) -> Tumor:
        site = next(iter(tumor.sites)) if len(tumor.sites) == 1 else None
        stagings = [self._staging(tumor, one, block, site) for one in tumor.reports for block in one.blocks]
        return Tumor(
            keys=tumor.keys,
            place=tumor.place,
            stagings=[one for one in stagings if one is not None],
            diagnosed=max(tumor.diagnosed, default=None),
            events=[event for one in tumor.reports for event in _events(one)],
            findings=tuple(tumor.findings),
        )

    # ------------------------------------------------------------ a block

    def _staging(
        self, tumor: _TumorReports, report: _Reported, block: Node, site: str | None
    ) -> FoundStaging | None:
        """Return the staging of a block; None where it holds no stage at all."""
        findings: list[MessageFinding] = []
        inside = BlockElements(block)
        texts: dict[str, Any] = {name: node.text for name, node in inside.parts.items()}
        is_empty = not set(texts) - {"edition"}
        if is_empty and not inside.is_unusable:
            for one, node in inside.found:
                self._say(tumor.findings, one, node)
            return None
        ids = [tumor.keys[name] for name in ("patient_id", "tumor_id") if name in tumor.keys]
        given = Circumstances(
            date=inside.date(report.node, report.assignment),
            id=inside.id,
            site=site,
            tumor_id="/".join(ids) if "tumor_id" in tumor.keys else None,
        )
        staging, diagnostics = (None, ()) if is_empty else read_block("obds", texts, self._reading, given)
        for one, node in inside.found:
            self._say(findings, one, node)
        for one in diagnostics:
            self._say(findings, one, inside.parts.get(one.part or "", block))
        return self._placed(None if inside.is_unusable else staging, report, block, findings)

    def _placed(
        self, staging: Staging | None, report: _Reported, block: Node, findings: list[MessageFinding]
    ) -> FoundStaging:
        """Return a staging with what it is to its tumor."""
        is_r = staging is not None and staging.stage.is_recurrence
        is_diagnosis = report.kind is Report.DIAGNOSIS
        role = Role.ASSESSMENT if is_r else Role.LATER if report.kind is Report.COURSE else Role.INITIAL
        if is_r and is_diagnosis:
            self._say(findings, rules.R_AT_DIAGNOSIS.at(), block)
        if report.course.is_recurrence and staging is not None and not is_r:
            self._say(findings, rules.RECURRENCE_WITHOUT_R.at(), block)
            role = Role.ASSESSMENT
        return FoundStaging(
            staging=staging,
            place=block.place(self._number),
            role=role,
            event=report.course.event,
            recurrence=report.course.types,
            needs_earlier=is_r and is_diagnosis,
            kind=elements.BLOCKS[block.name],
            findings=tuple(findings),
        )

    def _course(self, course: Node, findings: list[MessageFinding]) -> _Course:
        """Return what a report states of the course."""
        overall = self._letter(course, elements.OVERALL, elements.OVERALL_LETTERS, findings)
        types = frozenset(
            kind
            for name, kind in elements.ASSESSED.items()
            if self._letter(course, name, elements.LETTERS, findings) == "R"
        )
        event = elements.EVENTS.get(overall, UNKNOWN)
        return _Course(event, types or None, event == RECURRENCE or bool(types))

    def _letter(self, course: Node, name: str, known: frozenset[str], findings: list[MessageFinding]) -> str:
        letters = {node.text.strip(): node for node in course.direct(name) if node.text.strip()}
        for letter, node in letters.items():
            if letter not in known:
                self._say(findings, rules.COURSE_NOT_UNDERSTOOD.at(element=name), node)
            elif len(letters) > 1:
                self._say(findings, rules.ELEMENT_TWICE.at(element=name), node)
        return next(iter(letters)) if len(letters) == 1 else ""


def _events(report: _Reported) -> list[StatedEvent]:
    """Return the recurrence that a report states, beside what it is for its own blocks."""
    if not report.course.is_recurrence:
        return []
    date, _ = first_date(report.node.direct(*elements.REPORT_DATES))
    # Without a date it is the event of its own staging, and nothing says that it is one of another.
    if date is None and report.blocks:
        return []
    return [StatedEvent(date=date, recurrence=report.course.types)]


def _dates(around: Iterable[Node]) -> set[str]:
    """Return the dates of diagnosis that can be read."""
    found = [first_date(one.direct(elements.DATE_OF_DIAGNOSIS))[0] for one in around]
    return {date for date in found if date is not None}


def _sites(report: Node) -> set[str]:
    """Return the topography codes of a diagnosis, which stand in an element of their own since oBDS 3."""
    found = [one.text_of("Code") or one.text.strip() for one in report.all(elements.TOPOGRAPHY)]
    return set(filter(None, found))
