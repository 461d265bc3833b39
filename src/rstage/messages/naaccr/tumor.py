"""NAACCR XML, versions 18 to 26: the messages of the North American registries.

A patient has tumors, a tumor has items. The items of staging come in blocks: clinical, pathological, after
treatment. No item holds a stage of recurrence; what items say of one is its date (1860) and type (1880).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from rstage import rules
from rstage.diagnostics import Severity
from rstage.messages.blocks import read_block
from rstage.messages.message import FoundStaging, MessageFinding, Record, Tumor, WithSidecar
from rstage.messages.naaccr.blocks import (
    AFTER_TREATMENT,
    BEFORE_TREATMENT,
    FIGO,
    FIGO_IN_SITU,
    METHODS,
    kind_of,
    texts_of,
)
from rstage.messages.naaccr.items import Items, KeptItems
from rstage.messages.xml_names import Kept
from rstage.messages.xml_stream import root_name, xml_records
from rstage.model.category import Method, Timing
from rstage.reference.vocabulary import NOT_ASSIGNED
from rstage.restaging.course import StatedEvent
from rstage.restaging.linking import Role
from rstage.restaging.naaccr_1880 import naaccr_codes
from rstage.restaging.staging import Circumstances, certainly_before, partial_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rstage.diagnostics import Diagnostic
    from rstage.messages.source import Source
    from rstage.messages.xml_nodes import Node
    from rstage.messages.xml_stream import XmlRecord
    from rstage.model.category import Category
    from rstage.model.stage import Stage
    from rstage.restaging.naaccr_1880 import NaaccrRecurrence
    from rstage.restaging.staging import Staging

# The year of a date that says that there is none.
_NO_YEAR = ("0000", "9999")
# The descriptor of the older items that says y; it is put on what an item after treatment holds without y.
_Y = "4"
# Neither a group by its code nor an edition 88 is worth a finding here.
_AS_THE_FORMAT_WRITES = {("group", rules.SPELLING_FOLDED.code), ("edition", rules.NO_VALUE_CODE.code)}
_DATE = re.compile(r"(\d{4})(\d\d)?(\d\d)?", re.ASCII)
_SCORE = re.compile(r"[1-4]:(\d{1,2})", re.ASCII)
_WRITTEN_R = re.compile(r"[ya]*r", re.IGNORECASE)


class NaaccrFormat(WithSidecar):
    """Reads NAACCR XML; restagings go to a sidecar, because no item holds one."""

    name = "naaccr"
    roots = ("NaaccrData",)

    def recognizes(self, head: bytes) -> bool:
        """Return whether a file begins with the root of NAACCR XML."""
        return root_name(head) in self.roots

    def records(self, source: Source, reading: Mapping[str, Any]) -> Iterator[Record]:
        """Yield the patients; see `message.Format`."""
        items = ("Item", ("naaccrId", "naaccrNum"), KeptItems())
        kept = Kept(record="Patient", branches=("Tumor",), items=items, may_be_empty=True)
        seen = 0
        known: set[str] = set()
        for found in xml_records(source, kept):
            outside = found.root.children[seen:]
            seen += len(outside)
            yield _record(found, outside, known, dict(reading))


FORMAT = NaaccrFormat()


@dataclass(frozen=True, slots=True)
class _RecordStart:
    """Where a patient begins in its message. Its repr shows no number, as that could be a value."""

    offset: int = field(repr=False)


def record_start(record: Record) -> int:
    """Return where a patient begins in its message."""
    if not isinstance(record.handle, _RecordStart):
        raise TypeError("this is no record of NAACCR XML")
    return record.handle.offset


def _record(found: XmlRecord, outside: list[Node], known: set[str], reading: dict[str, Any]) -> Record:
    """Return a patient.

    Args:
        found: the element.
        outside: the elements of the root that came since the patient before.
        known: the ids of the patients so far; that of this one is added.
        reading: as for `records`.
    """
    of_patient = Items(found.node, found.number, is_tumor=False)
    patient_id = of_patient.text("patient_id")
    tumors = [
        _TumorReader(node, found.number, patient_id, reading).made() for node in found.node.all("Tumor")
    ]
    if patient_id in known:
        of_patient.findings.append(MessageFinding(rules.PATIENT_AGAIN.at(), found.node.place(found.number)))
    known |= {patient_id} - {""}
    others = [one for one in found.node.children if one.name != "Tumor"]
    return Record(
        number=found.number,
        raw=found.raw,
        handle=_RecordStart(found.start),
        tumors=tuple(one for one in tumors if one.stagings or one.findings),
        findings=tuple(of_patient.findings + of_patient.astray(outside + others)),
    )


class _TumorReader:
    """The stagings of one tumor, and what its items say of a recurrence."""

    def __init__(self, node: Node, record: int, patient_id: str, reading: dict[str, Any]) -> None:
        self._node = node
        self._number = record
        self._items = Items(node, record, is_tumor=True)
        self._reading = reading
        own_ids = [
            self._items.text(name) for name in ("tumor_record", "sequence_central", "sequence_hospital")
        ]
        keys = {"patient_id": patient_id, "tumor_id": next(filter(None, own_ids), "")}
        self._keys = {name: text for name, text in keys.items() if text}
        self._findings = self._items.findings
        self._diagnosed = self._date("diagnosis_date", 390)
        self._recurred = self._date("recurrence_date", 1860)

    def made(self) -> Tumor:
        """Return the tumor."""
        blocks = self._items.blocks()
        recurrence = self._recurrence()
        # A group of another system stands behind the TNM of the same act.
        in_order = sorted(blocks.items(), key=lambda pair: pair[0] == FIGO)
        made = [self._staging(block, parts, recurrence) for block, parts in in_order]
        stagings = [one for one in made if one is not None]
        has_r = any(one.role is Role.ASSESSMENT for one in stagings) or _has_written_r(blocks)
        self._check_recurrence(recurrence, has_r=has_r)
        self._check_score(blocks)
        self._findings += self._items.astray(self._items.elsewhere(self._node))
        return Tumor(
            keys=self._keys,
            place=self._node.place(self._number),
            stagings=stagings,
            events=self._events(recurrence),
            diagnosed=self._diagnosed,
            findings=tuple(self._findings),
        )

    def _dated(self, part: str) -> Node | None:
        """Return the item of a date, or None where its year is 0000 or 9999: there is no date."""
        node = self._items.node(part)
        return None if node is None or node.text.strip()[:4] in _NO_YEAR else node

    def _date(self, part: str, number: int) -> str | None:
        """Return a date as far as it is known: `20230500` and `20239999` are parts of one, as is `202305`."""
        node = self._dated(part)
        if node is None:
            return None
        if found := _DATE.fullmatch(node.text.strip()):
            parts = [found[1]]
            for one in found.groups()[1:]:
                if one in (None, "99", "00"):
                    break
                parts.append(one)
            try:
                return partial_date("-".join(parts))
            except ValueError:
                pass
        self._say(rules.DATE_NOT_READ.at(element=f"item {number}"), node)
        return None

    # ------------------------------------------------------------ stagings

    def _staging(
        self, block: str, parts: dict[str, Node], recurrence: NaaccrRecurrence | None
    ) -> FoundStaging | None:
        """Return the staging of a block; None where its items only say that they have no value."""
        edition = self._items.node("edition")
        given_texts = {part: node.text.strip() for part, node in parts.items()}
        found = texts_of(block, given_texts, edition.text.strip() if edition is not None else "")
        if found is None:
            if block == FIGO and given_texts["group"] == FIGO_IN_SITU:
                self._say(rules.OTHER_STAGING_ITEM.at(), parts["group"])
            return None
        texts: dict[str, Any] = found.texts
        gets_y = block in AFTER_TREATMENT and not any("y" in texts.get(part, "") for part in "TNM")
        if gets_y:
            texts["descriptor"] = _Y
        date = None if block in AFTER_TREATMENT else self._diagnosed
        given = Circumstances(date, None, self._site(), "/".join(self._keys.values()) or None)
        staging, diagnostics = read_block("naaccr", texts, self._reading_of(block), given)
        first = next(iter(parts.values()))
        findings = [
            self._items.found(one, self._node_of(one, parts) or first)
            for one in diagnostics
            if _is_news(one, texts.get("edition", ""))
        ]
        findings += [self._items.found(rules.DERIVED_CODE_UNKNOWN.at(), parts[part]) for part in found.wrong]
        if staging is not None:
            stage, more = self._as_the_block_says(staging.stage, block, parts, gets_y=gets_y)
            if stage is not staging.stage:  # the items say what a y without method left open
                findings = [one for one in findings if one.diagnostic.code != rules.Y_WITHOUT_METHOD.code]
            findings += more
            staging = self._dated_staging(staging, stage)
        if self._items.is_doubtful(block) or found.wrong:
            staging = None
        return self._placed(block, staging, first, findings, recurrence)

    def _reading_of(self, block: str) -> dict[str, Any]:
        """Return how a block is read: what has no method is not assumed clinical among pathological items."""
        if METHODS.get(block, "").endswith("p"):
            return {name: value for name, value in self._reading.items() if name != "assume_clinical"}
        return self._reading

    def _as_the_block_says(
        self, stage: Stage, block: str, parts: dict[str, Node], *, gets_y: bool
    ) -> tuple[Stage, list[MessageFinding]]:
        """Return a stage whose T and N have the method of their items, and where item and value differ.

        An M says itself how it was found: pathological items hold a cM0, and clinical ones a pM1.
        """
        findings = []
        changes: dict[str, Any] = {}
        for category in (stage.t, stage.n):
            if category is None or category.value == NOT_ASSIGNED:
                continue
            letter, prefix = category.letter, "y" * gets_y
            if category.method is None and block in METHODS:
                prefix += METHODS[block][-1]
                changes[letter.lower()] = replace(category, method=Method(prefix[-1]))
            if prefix:
                found = rules.PREFIX_OF_ITEM.at(part=letter, prefix=prefix, block=block)
                findings.append(self._items.found(found, parts[letter]))
            if _is_of_other_items(category, block):
                found = rules.METHOD_OF_ANOTHER_ITEM.at(part=letter, block=block)
                findings.append(self._items.found(found, parts[letter]))
        return replace(stage, **changes) if changes else stage, findings

    def _dated_staging(self, staging: Staging, stage: Stage) -> Staging:
        """Return the staging with its stage and date: that of diagnosis is no date of a later one."""
        date = staging.date
        if stage.is_recurrence:
            date = self._recurred
        elif Timing.POST_THERAPY in stage.timing | (stage.group.timing if stage.group else frozenset()):
            date = None
        if stage is staging.stage and date == staging.date:
            return staging
        return replace(staging, stage=stage, date=date)

    def _node_of(self, found: Diagnostic, parts: dict[str, Node]) -> Node | None:
        return self._items.node("edition") if found.part == "edition" else parts.get(found.part or "")

    def _site(self) -> str | None:
        return self._items.text("site") or None

    def _placed(
        self,
        block: str,
        staging: Staging | None,
        first: Node,
        findings: list[MessageFinding],
        recurrence: NaaccrRecurrence | None,
    ) -> FoundStaging:
        is_r = staging is not None and staging.stage.is_recurrence
        event = recurrence.event if recurrence is not None and recurrence.event is not None else "unknown"
        types = recurrence.types if recurrence is not None and recurrence.types else None
        return FoundStaging(
            staging=staging,
            place=first.place(self._number),
            role=Role.ASSESSMENT if is_r else Role.INITIAL,
            event=event if is_r else "unknown",
            recurrence=types if is_r else None,
            kind=kind_of(block),
            findings=tuple(findings),
        )

    # ------------------------------------------------------------ recurrence

    def _recurrence(self) -> NaaccrRecurrence | None:
        """Return what item 1880 says."""
        node = self._items.node("recurrence")
        if node is None:
            return None
        found = naaccr_codes().get(node.text.strip())
        if found is None:
            self._say(rules.RECURRENCE_CODE_UNKNOWN.at(), node)
        return found

    def _events(self, recurrence: NaaccrRecurrence | None) -> list[StatedEvent]:
        """Return the recurrence that the items state."""
        is_stated = self._items.node("recurrence") is not None
        if recurrence is not None and recurrence.is_recurrence:
            return [StatedEvent(date=self._recurred, recurrence=recurrence.types or None)]
        return [StatedEvent(date=self._recurred)] if self._recurred and not is_stated else []

    def _check_score(self, blocks: dict[str, dict[str, Node]]) -> None:
        """Say of a score of item 3837 that no group holds it, or that one holds another."""
        node = self._items.node("gtn_score")
        if node is None:
            return
        groups = [parts["group"].text.strip() for parts in blocks.values() if "group" in parts]
        scores = {found[1] for text in groups if (found := _SCORE.fullmatch(text))}
        if {score.lstrip("0") for score in scores} != {node.text.strip().lstrip("0")}:
            severity = Severity.WARNING if scores else Severity.INFO
            self._say(rules.OTHER_STAGING_ITEM.at(severity=severity), node)

    def _check_recurrence(self, recurrence: NaaccrRecurrence | None, *, has_r: bool) -> None:
        """Hold date, type and stagings of the recurrence against each other."""
        stated, dated = self._items.node("recurrence"), self._dated("recurrence_date")
        if dated is not None and certainly_before(self._recurred, self._diagnosed):
            self._say(rules.RECURRENCE_BEFORE_DIAGNOSIS.at(), dated)
        if recurrence is None or stated is None:
            return
        if recurrence.is_recurrence and dated is None:
            self._say(rules.RECURRENCE_WITHOUT_DATE.at(), stated)
        if recurrence.event == "progression" and dated is not None:
            self._say(rules.NEVER_DISEASE_FREE_AND_RECURRED.at(), stated)
        if recurrence.code == "00" and has_r:
            self._say(rules.DISEASE_FREE_AND_R.at(), stated)

    def _say(self, found: Diagnostic, node: Node) -> None:
        self._findings.append(self._items.found(found, node))


def _is_news(found: Diagnostic, edition: str) -> bool:
    """Return whether a finding says more than that a code stands there as the format writes it.

    An edition that is none of AJCC (`U`) is told: the standard's own codes for none are numbers.
    """
    is_told = found.code == rules.NO_VALUE_CODE.code and not edition.isdigit()
    return is_told or (found.part, found.code) not in _AS_THE_FORMAT_WRITES


def _has_written_r(blocks: dict[str, dict[str, Node]]) -> bool:
    """Return whether a value begins with an r, also where it cannot be read."""
    values = (parts[part] for parts in blocks.values() for part in ("T", "N", "M", "group") if part in parts)
    return any(_WRITTEN_R.match(node.text.strip()) for node in values)


def _is_of_other_items(category: Category, block: str) -> bool:
    """Return whether a value has a prefix that the items of its block do not have.

    Source: AJCC, 8th edition: a cN0 goes with the pT of an early tumor, so pathological items hold it too.
    """
    if block in BEFORE_TREATMENT and Timing.POST_THERAPY in category.timing:
        return True
    is_other = block in METHODS and category.method not in (None, METHODS[block][-1])
    return is_other and not (category.letter == "N" and category.method is Method.CLINICAL)
