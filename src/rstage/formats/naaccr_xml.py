"""NAACCR XML, versions 18 to 26: the messages of the North American registries.

A patient has tumors, a tumor has items. The items of staging come in blocks: clinical, pathological, after
treatment. No item holds a stage of recurrence; what items tell of one is its date (1860) and type (1880).
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from rstage import rules
from rstage.history_linking import Role
from rstage.recurrence import data_rows, naaccr_codes
from rstage.staging import Circumstances, certainly_before, partial_date

from .block_reading import read_block
from .message import FoundStaging, MessageFinding, Record, Tumor
from .xml_stream import Kept, root_name, xml_records

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rstage.diagnostics import Diagnostic
    from rstage.recurrence import NaaccrRecurrence
    from rstage.staging import Staging

    from .message import Addition, TumorHistory
    from .source import Source
    from .xml_stream import Node, XmlRecord

_AFTER_TREATMENT = ("yp", "yc")
# Which method a block states; the code of a group has none of its own.
_METHODS = {
    "clinical": "c",
    "pathological": "p",
    "yp": "yp",
    "yc": "yc",
    "clinical to 2017": "c",
    "pathological to 2017": "p",
}
# Not applicable, and unknown: a block of these only says nothing.
_NO_VALUE = ("88", "99")
# The descriptor of the older items that says y; it is put on what an item after treatment holds without y.
_Y = "4"
# Neither a group by its code nor an edition 88 is worth a word here.
_AS_THE_FORMAT_WRITES = {("group", rules.SPELLING_FOLDED.code), ("edition", rules.NO_VALUE_CODE.code)}
_DATE = re.compile(r"(\d{4})(\d\d|99)?(\d\d|99)?", re.ASCII)


class _Item(NamedTuple):
    """What an item is: the block it belongs to, and the part of a stage or what else it holds."""

    block: str
    part: str


@cache
def _items() -> dict[str, _Item]:
    """Return the items by their names, and by their numbers."""
    return {
        name: _Item(row["block"], row["part"])
        for row in data_rows("naaccr_items.tsv")
        for name in (row["item"], *row["names"].split(","))
    }


class NaaccrFormat:
    """Reads NAACCR XML; restagings go to a sidecar, because no item holds one."""

    name = "naaccr"
    title = "NAACCR XML"
    holds_additions = False

    def recognizes(self, head: bytes) -> bool:
        """Return whether a file begins with the root of NAACCR XML."""
        return root_name(head) == "NaaccrData"

    def records(self, source: Source, reading: Mapping[str, Any]) -> Iterator[Record]:
        """Yield the patients; see `message.Format`."""
        items = ("Item", ("naaccrId", "naaccrNum"), frozenset(_items()))
        kept = Kept(record="Patient", branches=("Tumor",), items=items)
        for found in xml_records(source, kept):
            yield _record(found, dict(reading))

    def additions(
        self,
        record: Record,  # noqa: ARG002  nothing is added
        histories: Sequence[TumorHistory],  # noqa: ARG002  the same
    ) -> tuple[Sequence[Addition], Sequence[MessageFinding]]:
        """Return nothing: no item holds a restaging."""
        return (), ()

    def taken_out(self, record: Record, original: Record) -> bytes:  # noqa: ARG002  nothing was added
        """Return the bytes of a record."""
        return record.raw


FORMAT = NaaccrFormat()


def _record(found: XmlRecord, reading: dict[str, Any]) -> Record:
    of_patient = _Items(found.node, found.number)
    patient_id = of_patient.text("patient_id")
    tumors = [_Tumor(node, found.number, patient_id, reading).made() for node in found.node.all("Tumor")]
    return Record(
        number=found.number,
        raw=found.raw,
        tumors=tuple(one for one in tumors if one.stagings or one.findings),
        findings=tuple(of_patient.findings + of_patient.misplaced()),
    )


class _Items:
    """The items that stand directly in an element.

    Attributes:
        findings: what is wrong with the items themselves.
    """

    def __init__(self, node: Node, record: int) -> None:
        self._record = record
        self._nodes: dict[_Item, Node] = {}
        self.findings: list[MessageFinding] = []
        self.twice: set[str] = set()
        for child in node.children:
            if child.name == "Item" and child.text.strip():
                self._add(child)

    def _add(self, node: Node) -> None:
        item = _items()[node.attributes.get("naaccrId") or node.attributes["naaccrNum"]]
        first = self._nodes.setdefault(item, node)
        if first.text.strip() != node.text.strip():
            self.twice.add(item.block)
            self.findings.append(self.found(rules.ITEM_TWICE.at(), node))

    def found(self, diagnostic: Diagnostic, node: Node) -> MessageFinding:
        """Return a finding at an item."""
        return MessageFinding(diagnostic, node.place(self._record), node.text.strip())

    def node(self, part: str, block: str = "") -> Node | None:
        """Return an item that has a text."""
        return self._nodes.get(_Item(block, part))

    def text(self, part: str) -> str:
        """Return the text of an item that belongs to no block; empty where there is none."""
        node = self.node(part)
        return node.text.strip() if node is not None else ""

    def blocks(self) -> dict[str, dict[str, Node]]:
        """Return the items of staging by block, in the order of the message."""
        made: dict[str, dict[str, Node]] = {}
        for item, node in self._nodes.items():
            if item.block:
                made.setdefault(item.block, {})[item.part] = node
        return made

    def misplaced(self) -> list[MessageFinding]:
        """Return a finding for each item of staging that stands outside a tumor."""
        nodes = [node for parts in self.blocks().values() for node in parts.values()]
        return [self.found(rules.UNREAD_STAGING.at(element="an item of staging"), node) for node in nodes]


class _Tumor:
    """The stagings of one tumor, and what its items say of a recurrence."""

    def __init__(self, node: Node, record: int, patient_id: str, reading: dict[str, Any]) -> None:
        self._node = node
        self._number = record
        self._items = _Items(node, record)
        self._reading = reading
        own_ids = [
            self._items.text(name) for name in ("tumor_record", "sequence_central", "sequence_hospital")
        ]
        keys = {"patient_id": patient_id, "tumor_id": next(filter(None, own_ids), "")}
        self._keys = {name: text for name, text in keys.items() if text}
        self._findings = self._items.findings
        self._diagnosed = self._date("diagnosis_date")
        self._recurred = self._date("recurrence_date")

    def made(self) -> Tumor:
        """Return the tumor."""
        blocks = self._items.blocks()
        recurrence = self._recurrence()
        made = [self._staging(block, parts, recurrence) for block, parts in blocks.items()]
        stagings = [one for one in made if one is not None]
        self._check_recurrence(recurrence, stagings)
        return Tumor(
            keys=self._keys,
            place=self._node.place(self._number),
            stagings=stagings,
            findings=tuple(self._findings),
        )

    def _date(self, part: str) -> str | None:
        """Return a date as far as it is known: `20230500` and `20239999` are parts of one, as is `202305`."""
        node = self._items.node(part)
        found = _DATE.fullmatch(node.text.strip()) if node is not None else None
        if node is None:
            return None
        if found is not None:
            year, month, day = found.groups()
            parts = [year]
            for one in (month, day):
                if one in (None, "99", "00"):
                    break
                parts.append(one)
            try:
                return None if year in ("9999", "0000") else partial_date("-".join(parts))
            except ValueError:
                pass
        self._findings.append(
            self._items.found(
                rules.DATE_NOT_READ.at(element=node.attributes.get("naaccrId", "an item")), node
            )
        )
        return None

    # ------------------------------------------------------------ stagings

    def _staging(
        self, block: str, parts: dict[str, Node], recurrence: NaaccrRecurrence | None
    ) -> FoundStaging | None:
        """Return the staging of a block; nothing where its items only say that they have no value."""
        texts: dict[str, Any] = {part: node.text.strip() for part, node in parts.items()}
        if all(text in _NO_VALUE for part, text in texts.items()):
            return None
        if "group" in texts:
            texts["group_method"] = _METHODS[block]
        values = [texts[part] for part in ("T", "N", "M") if part in texts]
        if block in _AFTER_TREATMENT and not any("y" in text for text in values):
            texts["descriptor"] = _Y
        if edition := self._items.text("edition"):
            texts["edition"] = edition
        date = None if block in _AFTER_TREATMENT else self._diagnosed
        given = Circumstances(date, None, self._site(), "/".join(self._keys.values()) or None)
        staging, told = read_block("naaccr", texts, self._reading, given)
        if staging is not None and staging.stage.is_recurrence:
            staging = replace(staging, date=self._recurred)
        first = next(iter(parts.values()))
        findings = [
            self._items.found(one, self._node_of(one, parts) or first)
            for one in told
            if (one.part, one.code) not in _AS_THE_FORMAT_WRITES
        ]
        if {block, ""} & self._items.twice:
            staging = None
        return self._placed(staging, first, findings, block, recurrence)

    def _node_of(self, found: Diagnostic, parts: dict[str, Node]) -> Node | None:
        return self._items.node("edition") if found.part == "edition" else parts.get(found.part or "")

    def _site(self) -> str | None:
        return self._items.text("site") or None

    def _placed(
        self,
        staging: Staging | None,
        first: Node,
        findings: list[MessageFinding],
        block: str,
        recurrence: NaaccrRecurrence | None,
    ) -> FoundStaging:
        stage = staging.stage if staging is not None else None
        is_r = stage is not None and stage.is_recurrence
        if stage is not None and stage.t is not None and stage.t.method not in (None, _METHODS[block][-1:]):
            findings.append(self._items.found(rules.METHOD_OF_ANOTHER_ITEM.at(block=block), first))
        event = recurrence.event if recurrence is not None and recurrence.event is not None else "unknown"
        types = recurrence.types if recurrence is not None and recurrence.types else None
        return FoundStaging(
            staging=staging,
            place=first.place(self._number),
            role=Role.ASSESSMENT if is_r else Role.INITIAL,
            event=event if is_r else "unknown",
            recurrence=types if is_r else None,
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
            self._findings.append(self._items.found(rules.RECURRENCE_CODE_UNKNOWN.at(), node))
        return found

    def _check_recurrence(
        self, recurrence: NaaccrRecurrence | None, stagings: Sequence[FoundStaging]
    ) -> None:
        """Hold date, type and stagings of the recurrence against each other."""
        stated, dated = self._items.node("recurrence"), self._items.node("recurrence_date")
        if dated is not None and certainly_before(self._recurred, self._diagnosed):
            self._say(rules.RECURRENCE_BEFORE_DIAGNOSIS.at(), dated)
        if recurrence is None or stated is None:
            return
        if recurrence.is_recurrence and dated is None:
            self._say(rules.RECURRENCE_WITHOUT_DATE.at(), stated)
        if recurrence.event == "progression" and dated is not None:
            self._say(rules.NEVER_DISEASE_FREE_AND_RECURRED.at(), stated)
        has_r = any(one.role is Role.ASSESSMENT for one in stagings)
        if recurrence.code == "00" and has_r:
            self._say(rules.DISEASE_FREE_AND_R.at(), stated)

    def _say(self, found: Diagnostic, node: Node) -> None:
        self._findings.append(self._items.found(found, node))
