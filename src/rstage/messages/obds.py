"""oBDS 3 and ADT/GEKID 2: the messages of the German registries.

A report (Meldung) belongs to one tumor and holds a diagnosis, an operation, a pathology report or a course;
each of them can hold blocks of TNM. What stands in a block has the prefix `TNM_` in the older vocabulary.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from rstage import rules
from rstage.diagnostics import Severity
from rstage.messages.blocks import read_block
from rstage.messages.message import FoundStaging, MessageFinding, Record, Tumor, WithSidecar
from rstage.messages.xml_stream import Kept, root_name, xml_records
from rstage.privacy import shown
from rstage.restaging.linking import Role
from rstage.restaging.recurrence import RecurrenceType
from rstage.restaging.staging import Circumstances, partial_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rstage.diagnostics import Diagnostic
    from rstage.messages.place import Place
    from rstage.messages.source import Source
    from rstage.messages.xml_stream import Node, XmlRecord
    from rstage.restaging.staging import Staging

_BLOCKS = ("cTNM", "pTNM", "TNM")
_REPORTS = ("Diagnose", "OP", "Pathologie", "Verlauf")
# What an element of a block is for `read_parts`; the names of ADT/GEKID have TNM_ in front.
_PARTS = {
    "T": "T",
    "N": "N",
    "M": "M",
    "c_p_u_Praefix_T": "T_method",
    "c_p_u_Praefix_N": "N_method",
    "c_p_u_Praefix_M": "M_method",
    "y_Symbol": "y",
    "r_Symbol": "r",
    "a_Symbol": "a",
    "m_Symbol": "m",
    "L": "L",
    "V": "V",
    "Pn": "Pn",
    "S": "S",
    "UICC_Stadium": "group",
    "Version": "edition",
}
# What may be a part under another spelling.
_NEARLY_PARTS = frozenset(name.lower() for name in _PARTS)
_DATE = "Datum"
_PATIENT_ID, _TUMOR_ID = "Patient_ID", "Tumor_ID"
# The date of a report, in either vocabulary.
_REPORT_DATES = ("Diagnosedatum", "Datum", "OP_Datum", "Untersuchungsdatum_Verlauf")
_OVERALL = "Gesamtbeurteilung_Tumorstatus"
_ASSESSED = {
    "Verlauf_Lokaler_Tumorstatus": RecurrenceType.LOCAL,
    "Verlauf_Tumorstatus_Lymphknoten": RecurrenceType.REGIONAL,
    "Verlauf_Tumorstatus_Fernmetastasen": RecurrenceType.DISTANT,
}
_EVENTS = {"Y": "recurrence", "P": "progression"}
_KEPT = Kept(
    record="Patient",
    branches=("Patienten_Stammdaten", "Meldung", "Tumorzuordnung", *_REPORTS),
    leaves=(*_REPORT_DATES, _OVERALL, *_ASSESSED),
    whole=(*_BLOCKS, "Primaertumor_Topographie_ICD_O"),
)
# V is a whole date that was estimated: not even its year is known.
_KNOWN_LENGTH = {"E": 10, "T": 7, "M": 4, "V": 0}
_GERMAN_DATE = re.compile(r"(\d\d)\.(\d\d)\.(\d{4})", re.ASCII)
_OVERALL_LETTERS = frozenset("VTKPDBRYUX")
_LETTERS = frozenset("KTPNRFUXM")


class ObdsFormat(WithSidecar):
    """Reads oBDS and ADT/GEKID; restagings go to a sidecar, because no element holds a link."""

    name = "obds"

    def recognizes(self, head: bytes) -> bool:
        """Return whether a file begins with the root of oBDS or of ADT/GEKID."""
        return root_name(head) in ("oBDS", "ADT_GEKID")

    def records(self, source: Source, reading: Mapping[str, Any]) -> Iterator[Record]:
        """Yield the patients; see `message.Format`."""
        known: set[str] = set()
        for found in xml_records(source, _KEPT):
            yield _Patient(found, reading, known).record()


FORMAT = ObdsFormat()


@dataclass(slots=True)
class _TumorReports:
    """What the reports of a patient say about one tumor."""

    keys: dict[str, str]
    place: Place
    sites: set[str] = field(default_factory=set)
    blocks: list[_Block] = field(default_factory=list)
    findings: list[MessageFinding] = field(default_factory=list)


class _Block(NamedTuple):
    """A block of TNM, and the report that it stands in."""

    node: Node
    report: Node
    assignment: Node | None


class _Patient:
    """Collects the reports of one patient by tumor."""

    def __init__(self, found: XmlRecord, reading: Mapping[str, Any], known: set[str]) -> None:
        self._found = found
        self._number = found.number
        self._reading = reading
        master = found.node.find("Patienten_Stammdaten")
        self._id = found.node.attributes.get(_PATIENT_ID) or (
            master.attributes.get(_PATIENT_ID, "") if master is not None else ""
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
            if child.name == "Meldung":
                self._report(child)
            else:
                self._refuse_blocks(child)
        made = [self._tumor(one) for one in self._tumors.values()]
        return Record(
            number=self._number,
            raw=self._found.raw,
            tumors=tuple(one for one in made if one.stagings or one.findings),
            findings=tuple(self._findings),
        )

    def _report(self, node: Node) -> None:
        assignment = node.find("Tumorzuordnung")
        reports = node.all(*_REPORTS)
        named = [one.attributes.get(_TUMOR_ID) for one in (assignment, *reports, node) if one is not None]
        ids = set(filter(None, named))
        tumor_id = ids.pop() if len(ids) == 1 else None
        tumor = self._tumor_of(tumor_id, node)
        if ids:
            self._say(tumor.findings, rules.ELEMENT_TWICE.at(element=_TUMOR_ID), node)
        for child in node.children:
            if child.name not in _REPORTS:
                self._refuse_blocks(child)
                continue
            tumor.sites |= _sites(child)
            for inner in child.children:
                if inner.name in _BLOCKS and not inner.names:
                    tumor.blocks.append(_Block(inner, child, assignment))
                else:
                    self._refuse_blocks(inner)
        if tumor_id is None and tumor.blocks:
            self._say(tumor.findings, rules.REPORT_WITHOUT_TUMOR.at(), node)

    def _tumor_of(self, tumor_id: str | None, node: Node) -> _TumorReports:
        key: object = id(node) if tumor_id is None else tumor_id
        if key not in self._tumors:
            keys = {"patient_id": self._id, "tumor_id": tumor_id or ""}
            place = node.place(self._number)
            self._tumors[key] = _TumorReports({name: text for name, text in keys.items() if text}, place)
        return self._tumors[key]

    def _refuse_blocks(self, node: Node) -> None:
        """Report each block that stands where none is expected."""
        if node.name in _BLOCKS:
            self._say(self._findings, rules.UNREAD_STAGING.at(element=node.name), node)
            return
        for child in node.children:
            self._refuse_blocks(child)

    def _say(self, findings: list[MessageFinding], found: Diagnostic, node: Node) -> None:
        findings.append(MessageFinding(found, node.place(self._number), node.text.strip()))

    def _tumor(self, tumor: _TumorReports) -> Tumor:
        site = next(iter(tumor.sites)) if len(tumor.sites) == 1 else None
        stagings = [self._staging(tumor, block, site) for block in tumor.blocks]
        return Tumor(
            keys=tumor.keys,
            place=tumor.place,
            stagings=[one for one in stagings if one is not None],
            findings=tuple(tumor.findings),
        )

    # ------------------------------------------------------------ a block

    def _staging(self, tumor: _TumorReports, block: _Block, site: str | None) -> FoundStaging | None:
        """Return the staging of a block; None where it holds no stage at all."""
        findings: list[MessageFinding] = []
        parts = self._parts(block.node, findings)
        texts: dict[str, Any] = {name: node.text for name, node in parts.items()}
        if not set(texts) - {"edition"}:
            tumor.findings += findings
            return None
        staging, diagnostics = read_block(
            "obds", texts, self._reading, self._given(tumor, block, site, findings)
        )
        for one in diagnostics:
            self._say(findings, one, parts.get(one.part or "", block.node))
        if any(_is_unusable(found.diagnostic) for found in findings):
            staging = None
        return self._placed(staging, block, findings)

    def _parts(self, block: Node, findings: list[MessageFinding]) -> dict[str, Node]:
        """Return the elements of a block by the parts of a stage; whatever else stands there is reported."""
        parts: dict[str, Node] = {}
        for name in block.attributes:
            if name.lower() in _NEARLY_PARTS:
                self._say(findings, rules.ELEMENT_NOT_READ.at(element=name, severity=Severity.ERROR), block)
        if block.text.strip():
            self._say(findings, rules.ELEMENT_NOT_READ.at(element="a text", severity=Severity.ERROR), block)
        for node in block.children:
            name = node.name.removeprefix("TNM_")
            part = _DATE if name == _DATE else _PARTS.get(name)
            if part is None or node.children:
                self._refuse(node, findings)
            elif node.text.strip():
                first = parts.setdefault(part, node)
                if first.text.strip() != node.text.strip():
                    self._say(findings, rules.ELEMENT_TWICE.at(element=node.name), node)
        parts.pop(_DATE, None)
        return parts

    def _refuse(self, node: Node, findings: list[MessageFinding]) -> None:
        """Report an element that is not read; what may be a part of the stage makes the stage unusable."""
        is_nearly_part = node.name.lower().removeprefix("tnm_") in _NEARLY_PARTS
        if node.text.strip() or node.children:
            severity = Severity.ERROR if is_nearly_part else Severity.WARNING
            found = rules.ELEMENT_NOT_READ.at(element=shown(node.name), severity=severity)
            self._say(findings, found, node)

    def _given(
        self, tumor: _TumorReports, block: _Block, site: str | None, findings: list[MessageFinding]
    ) -> Circumstances:
        ids = [tumor.keys[name] for name in ("patient_id", "tumor_id") if name in tumor.keys]
        return Circumstances(
            date=self._date(block, findings),
            id=block.node.attributes.get("ID") or block.node.attributes.get("TNM_ID"),
            site=site,
            tumor_id="/".join(ids) if "tumor_id" in tumor.keys else None,
        )

    def _date(self, block: _Block, findings: list[MessageFinding]) -> str | None:
        """Return the date of a block, else that of its report, as far as it is known."""
        own = next((one for one in block.node.children if one.name.removeprefix("TNM_") == _DATE), None)
        around = [*block.report.all(*_REPORT_DATES)]
        if block.assignment is not None and block.report.name == "Diagnose":
            around += block.assignment.all(*_REPORT_DATES)
        for node in [own, *around]:
            if node is None or not node.text.strip():
                continue
            try:
                return _partial(node)
            except ValueError:
                self._say(findings, rules.DATE_NOT_READ.at(element=node.name), node)
                return None
        return None

    def _placed(self, staging: Staging | None, block: _Block, findings: list[MessageFinding]) -> FoundStaging:
        """Return a staging with what it is to its tumor."""
        is_r = staging is not None and staging.stage.is_recurrence
        is_course = block.report.name == "Verlauf"
        is_diagnosis = block.report.name == "Diagnose"
        event, recurrence, is_stated = (
            self._course(block.report, findings) if is_course else ("unknown", None, False)
        )
        role = Role.ASSESSMENT if is_r else Role.LATER if is_course else Role.INITIAL
        if is_r and is_diagnosis:
            self._say(findings, rules.R_AT_DIAGNOSIS.at(), block.node)
        if is_stated and staging is not None and not is_r:
            self._say(findings, rules.RECURRENCE_WITHOUT_R.at(), block.node)
            role = Role.ASSESSMENT
        return FoundStaging(
            staging=staging,
            place=block.node.place(self._number),
            role=role,
            event=event,
            recurrence=recurrence,
            needs_earlier=is_r and is_diagnosis,
            findings=tuple(findings),
        )

    def _course(
        self, course: Node, findings: list[MessageFinding]
    ) -> tuple[str, frozenset[RecurrenceType] | None, bool]:
        """Return event and types of recurrence that a course states, and whether it states a recurrence."""
        overall = self._letter(course, _OVERALL, _OVERALL_LETTERS, findings)
        types = frozenset(
            kind for name, kind in _ASSESSED.items() if self._letter(course, name, _LETTERS, findings) == "R"
        )
        return _EVENTS.get(overall, "unknown"), types or None, overall == "Y" or bool(types)

    def _letter(self, course: Node, name: str, known: frozenset[str], findings: list[MessageFinding]) -> str:
        letters = {node.text.strip(): node for node in course.all(name) if node.text.strip()}
        for letter, node in letters.items():
            if letter not in known:
                self._say(findings, rules.COURSE_NOT_UNDERSTOOD.at(element=name), node)
            elif len(letters) > 1:
                self._say(findings, rules.ELEMENT_TWICE.at(element=name), node)
        return next(iter(letters)) if len(letters) == 1 else ""


def _is_unusable(found: Diagnostic) -> bool:
    """Return whether an element of a block was not understood, so that its stage would say too little."""
    unread = (rules.ELEMENT_TWICE.code, rules.ELEMENT_NOT_READ.code)
    return found.severity is Severity.ERROR and found.code in unread


def _sites(report: Node) -> set[str]:
    """Return the topography codes of a diagnosis, which stand in an element of their own since oBDS 3."""
    found = [one.text_of("Code") or one.text.strip() for one in report.all("Primaertumor_Topographie_ICD_O")]
    return set(filter(None, found))


def _partial(node: Node) -> str | None:
    """Return a date as far as it is known.

    Raises:
        ValueError: it is no date.
    """
    text = node.text.strip()
    german = _GERMAN_DATE.fullmatch(text)
    if german:
        day, month, year = german.groups()
        text = year if month == "00" else f"{year}-{month}" if day == "00" else f"{year}-{month}-{day}"
        if year == "0000":
            return None
    length = _KNOWN_LENGTH.get(node.attributes.get("Datumsgenauigkeit", "E"), 0)
    return partial_date(text[:10]) and (text[:length] or None)
