"""NAACCR XML, versions 18 to 26: the messages of the North American registries.

A patient has tumors, a tumor has items. The items of staging come in blocks: clinical, pathological, after
treatment. No item holds a stage of recurrence; what items say of one is its date (1860) and type (1880).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rstage import rules
from rstage.caches import cached
from rstage.diagnostics import Severity
from rstage.messages.message import FoundStaging, MessageFinding, Record, Tumor, WithSidecar
from rstage.messages.naaccr.block_reading import block_reading
from rstage.messages.naaccr.blocks import AFTER_TREATMENT, FIGO, FIGO_IN_SITU
from rstage.messages.naaccr.items import Items, KeptItems, is_like_staging
from rstage.messages.naaccr.own_items import own_items
from rstage.messages.xml_names import Kept
from rstage.messages.xml_stream import root_name, xml_records
from rstage.model.category import Timing
from rstage.restaging.course import StatedEvent
from rstage.restaging.linking import Role
from rstage.restaging.naaccr_1880 import naaccr_codes
from rstage.restaging.staging import Staging, certainly_before, check_against_site, partial_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rstage.diagnostics import Diagnostic
    from rstage.messages.naaccr.block_reading import BlockReading
    from rstage.messages.naaccr.own_items import ItemKind
    from rstage.messages.source import Source
    from rstage.messages.xml_nodes import Node
    from rstage.messages.xml_stream import XmlRecord
    from rstage.restaging.naaccr_1880 import NaaccrRecurrence

    Options = tuple[tuple[str, Any], ...]

# The year of a date that says that there is none.
_NO_YEAR = ("0000", "9999")
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
        kept = Kept(
            record="Patient",
            branches=("Tumor",),
            items=items,
            may_be_empty=True,
            doubtful=is_like_staging,
        )
        seen, options = 0, tuple(reading.items())
        known: set[str] = set()
        own: Mapping[str, ItemKind] | None = None
        for found in xml_records(source, kept):
            if own is None:
                own = own_items(found.root.attributes.get("userDictionaryUri", ""))
            outside = found.root.children[seen:]
            seen += len(outside)
            record = _record(found, outside, known, options, own)
            found.node.release()
            yield record


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


def _record(
    found: XmlRecord, outside: list[Node], known: set[str], reading: Options, own: Mapping[str, ItemKind]
) -> Record:
    """Return a patient.

    Args:
        found: the element.
        outside: the elements of the root that came since the patient before.
        known: the ids of the patients so far; that of this one is added.
        reading: as for `records`, as pairs.
        own: the items of restagings that the message has a dictionary for.
    """
    of_patient = Items(found.node, found.number, is_tumor=False)
    patient_id = of_patient.text("patient_id")
    tumors, others = [], outside[:]
    for node in found.node.children:
        if node.name == "Tumor":
            tumors.append(_TumorReader(node, found.number, patient_id, reading, own).made())
        else:
            others.append(node)
    if patient_id in known:
        of_patient.findings.append(MessageFinding(rules.PATIENT_AGAIN.at(), found.node.place(found.number)))
    if patient_id:
        known.add(patient_id)
    return Record(
        number=found.number,
        raw=found.raw,
        handle=_RecordStart(found.start),
        tumors=tuple([one for one in tumors if one.stagings or one.findings]),
        findings=tuple(of_patient.findings + of_patient.astray(others)),
    )


class _TumorReader:
    """The stagings of one tumor, and what its items say of a recurrence."""

    def __init__(
        self, node: Node, record: int, patient_id: str, reading: Options, own: Mapping[str, ItemKind]
    ) -> None:
        self._node = node
        self._number = record
        self._items = Items(node, record, is_tumor=True, own=own)
        self._reading = reading
        text = self._items.text
        tumor_id = text("tumor_record") or text("sequence_central") or text("sequence_hospital")
        keys = {"patient_id": patient_id, "tumor_id": tumor_id}
        self._keys = {name: text for name, text in keys.items() if text}
        self._tumor_id = "/".join(self._keys.values()) or None
        self._site = text("site") or None
        self._findings = self._items.findings
        self._diagnosed = self._date("diagnosis_date", 390)
        self._recurred = self._date("recurrence_date", 1860)

    def made(self) -> Tumor:
        """Return the tumor."""
        blocks = self._items.blocks()
        recurrence = self._recurrence()
        # A group of another system stands behind the TNM of the same act.
        in_order = (
            sorted(blocks.items(), key=lambda pair: pair[0] == FIGO) if FIGO in blocks else blocks.items()
        )
        made = [self._staging(block, parts, recurrence) for block, parts in in_order]
        stagings = [one for one in made if one is not None]
        self._check_recurrence(recurrence, stagings, blocks)
        self._check_score(blocks)
        if self._items.elsewhere:
            self._findings += self._items.astray(self._items.elsewhere)
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
        """Return a date as far as it is known."""
        node = self._dated(part)
        if node is None:
            return None
        date = _known_date(node.text.strip())
        if date is None:
            self._say(rules.DATE_NOT_READ.at(element=f"item {number}"), node)
        return date

    # ------------------------------------------------------------ stagings

    def _staging(
        self, block: str, parts: dict[str, Node], recurrence: NaaccrRecurrence | None
    ) -> FoundStaging | None:
        """Return the staging of a block; None where its items only say that they have no value."""
        texts = tuple([node.text.strip() for node in parts.values()])
        found = block_reading(block, tuple(parts), texts, self._items.text("edition"), self._reading)
        if found is None:
            if block == FIGO and parts["group"].text.strip() == FIGO_IN_SITU:
                self._say(rules.OTHER_STAGING_ITEM.at(), parts["group"])
            return None
        date = None if block in AFTER_TREATMENT else self._diagnosed
        first = next(iter(parts.values()))
        told, staging = found.found, None
        stage = found.reading.stage
        if stage is not None:
            more = check_against_site(stage, self._site, date)
            told += tuple([(one, one.part or "") for one in more if found.is_news(one)])
            if not self._items.is_doubtful(block):
                staging = self._made(found, date, more)
        is_r = staging is not None and found.is_r
        stated = recurrence if is_r else None
        return FoundStaging(
            staging=staging,
            place=first.place(self._number),
            role=Role.ASSESSMENT if is_r else Role.INITIAL,
            event=(stated.event if stated is not None else None) or "unknown",
            recurrence=(stated.types if stated is not None else None) or None,
            kind=found.kind,
            findings=tuple([self._found_in(parts, first, part, one) for one, part in told + found.added]),
        )

    def _found_in(self, parts: dict[str, Node], first: Node, part: str, found: Diagnostic) -> MessageFinding:
        """Return a finding at the item of a part; at the first one of the block where it is about none."""
        node = self._items.node("edition") if part == "edition" else parts.get(part)
        return self._items.found(found, node or first)

    def _made(self, found: BlockReading, date: str | None, more: tuple[Diagnostic, ...]) -> Staging | None:
        """Return a staging with its date: that of diagnosis is no date of a later one."""
        stage = found.stage
        if stage is None:
            return None
        if found.is_r:
            date = self._recurred
        elif Timing.POST_THERAPY in found.timing:
            date = None
        reading = found.reading
        diagnostics = (*reading.diagnostics, *more) if more else reading.diagnostics
        return Staging.of_parts(stage, reading.text, (date, None, self._site, self._tumor_id), diagnostics)

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

    def _check_recurrence(
        self,
        recurrence: NaaccrRecurrence | None,
        stagings: list[FoundStaging],
        blocks: dict[str, dict[str, Node]],
    ) -> None:
        """Hold date, type and stagings of the recurrence against each other."""
        if recurrence is None and self._recurred is None:
            return
        stated, dated = self._items.node("recurrence"), self._dated("recurrence_date")
        if dated is not None and certainly_before(self._recurred, self._diagnosed):
            self._say(rules.RECURRENCE_BEFORE_DIAGNOSIS.at(), dated)
        if recurrence is None or stated is None:
            return
        if recurrence.is_recurrence and dated is None:
            self._say(rules.RECURRENCE_WITHOUT_DATE.at(), stated)
        if recurrence.event == "progression" and dated is not None:
            self._say(rules.NEVER_DISEASE_FREE_AND_RECURRED.at(), stated)
        is_free = recurrence.code == "00"
        if is_free and (any(one.role is Role.ASSESSMENT for one in stagings) or _has_written_r(blocks)):
            self._say(rules.DISEASE_FREE_AND_R.at(), stated)

    def _say(self, found: Diagnostic, node: Node) -> None:
        self._findings.append(self._items.found(found, node))


@cached()
def _known_date(text: str) -> str | None:
    """Return a date as far as it is known: `20230500` and `20239999` are parts of one, as is `202305`."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    parts = [found[1]]
    for one in found.groups()[1:]:
        if one in (None, "99", "00"):
            break
        parts.append(one)
    try:
        return partial_date("-".join(parts))
    except ValueError:
        return None


def _has_written_r(blocks: dict[str, dict[str, Node]]) -> bool:
    """Return whether a value begins with an r, also where it cannot be read."""
    values = (parts[part] for parts in blocks.values() for part in ("T", "N", "M", "group") if part in parts)
    return any(_WRITTEN_R.match(node.text.strip()) for node in values)
