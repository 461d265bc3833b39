"""Reading a FHIR record: its Observations are found, shared out to its tumors, and made into stagings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rstage import rules
from rstage.messages.fhir.mii_shape import has_prefixes
from rstage.messages.fhir.record import RecordHandle, Resources
from rstage.messages.fhir.references import references_of
from rstage.messages.fhir.search import find_blocks
from rstage.messages.fhir.sharing import share_out
from rstage.messages.fhir.tumor import TumorMaker
from rstage.messages.message import MessageFinding, Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rstage.messages.json_records import JsonRecord
    from rstage.restaging.link_key import LinkKey


def read_record(record: JsonRecord, reading: Mapping[str, Any], key: LinkKey | None = None) -> Record:
    """Return a record with its tumors.

    Args:
        record: its bytes and documents.
        reading: options of `read_parts`.
        key: proves the links that stand in it.
    """
    resources = Resources(record)
    blocks = find_blocks(resources)
    handle = RecordHandle(
        resources.record,
        frozenset(one.link for one in blocks.values() if one.link),
        references_of(resources.record.documents[-1].data, resources.made),
        has_prefixes=any(map(has_prefixes, blocks.values())),
    )
    maker = TumorMaker(resources, handle, tuple(reading.items()), key)
    tumors = [maker.tumor(one) for one in share_out(resources, blocks)]
    findings = resources.findings
    if record.comes_again:
        place = resources.record.place(resources.record.documents[0])
        findings = [MessageFinding(rules.RECORD_DIVIDED.at(), place), *findings]
    return Record(
        number=record.number, raw=record.raw, tumors=tumors, findings=tuple(findings), handle=handle
    )
