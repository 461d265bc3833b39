"""Putting the Observations of restagings into a FHIR record, and taking them out."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from rstage import rules
from rstage.messages.fhir import component_shape, mcode_shape, mii_shape
from rstage.messages.fhir.documents import added_sections, is_document, last_section, section
from rstage.messages.fhir.elements import link_of
from rstage.messages.fhir.observations import Observations
from rstage.messages.fhir.record import record_handle, staging_handle
from rstage.messages.fhir.references import BUNDLE
from rstage.messages.json_places import item_spans
from rstage.messages.json_values import as_dict, as_text
from rstage.messages.message import Addition, MessageFinding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rstage.messages.json_documents import Document
    from rstage.messages.json_records import JsonRecord
    from rstage.messages.json_values import JsonObject
    from rstage.messages.message import FoundStaging, Record, TumorHistory
    from rstage.restaging.restage import Restaging

_WITH_REQUEST = ("transaction", "batch")
# What a server answered, or what it did: a new entry would say something that was not.
_NO_PLACE = ("history", "searchset", "transaction-response", "batch-response")


def additions(
    record: Record, histories: Sequence[TumorHistory]
) -> tuple[list[Addition], list[MessageFinding]]:
    """Return what is put into a record for its restagings, and what it cannot hold of them.

    A restaging whose Observations are there already is not written again.
    """
    inner = record_handle(record).record
    made: list[JsonObject] = []
    left_out: list[MessageFinding] = []
    for found in histories:
        if found.history is None:
            continue
        for restaging in found.history.restagings:
            if not _is_written(record, found, restaging):
                one = observations(found, restaging)
                names = one.left_out
                if _holds_entries(inner):
                    made += [data for _, data in one.made]
                else:
                    names = [f"a restaging in a document like this: {restaging.restaged}"]
                left_out += _left_out(found, restaging, names)
    return (_additions(inner, made) if made else []), left_out


def _holds_entries(record: JsonRecord) -> bool:
    """Return whether there is a place for more: in a bundle that is no answer, or on further lines.

    In a document the Composition has to reach it, from a section behind others.
    """
    document = record.documents[-1]
    if document.data.get("resourceType") == BUNDLE:
        if is_document(document.data) and last_section(record.text_of(document)) is None:
            return False
        return document.data.get("type") not in _NO_PLACE
    return "\n" not in record.text_of(document)


def observations(found: TumorHistory, restaging: Restaging) -> Observations:
    """Return the Observations of a restaging of a tumor, in the manner of its diagnosis."""
    handle = record_handle(found.record)
    assessed = found.found.get(restaging.assessment)
    made = Observations(
        restaging,
        staging_handle(found.found[restaging.diagnosis]).blocks,
        staging_handle(assessed).blocks if assessed is not None else (),
        found.tumor.keys["tumor_id"],
        handle.references,
        handle.has_prefixes,
    )
    if made.assessed and restaging.assessment.stage.is_recurrence:
        made.link()  # the record says it with its r already
    elif any(one.has_categories for one in made.diagnosis):
        component_shape.make(made)
    elif any(one.is_mii for one in made.diagnosis):
        mii_shape.make(made)
    else:
        mcode_shape.make(made)
    return made


def _is_written(record: Record, found: TumorHistory, restaging: Restaging) -> bool:
    given = found.found.get(restaging.assessment)
    is_linked = given is not None and staging_handle(given).is_linked
    return is_linked or str(restaging.link) in record_handle(record).links


def _left_out(found: TumorHistory, restaging: Restaging, names: Sequence[str]) -> Iterator[MessageFinding]:
    """Yield what an Observation has no place for; what the record says itself is not lost."""
    given: FoundStaging | None = found.found.get(restaging.assessment)
    place = given.place if given is not None else found.tumor.place
    more = []
    if given is None:
        more += [f"the event {restaging.event}"] if restaging.event != "unknown" else []
        more += ["the stated recurrence"] if restaging.recurrence_basis == "stated" else []
    for what in (*names, *more):
        yield MessageFinding(rules.NOT_HELD.at(dialect="FHIR", what=what), place)


def _additions(record: JsonRecord, made: Sequence[JsonObject]) -> list[Addition]:
    """Return Observations as entries behind the last one, or as lines behind the last one."""
    document = record.documents[-1]
    text = record.text_of(document)
    if document.data.get("resourceType") != BUNDLE:
        end = "\r\n" if record.raw[document.end :].startswith(b"\r\n") else "\n"
        lines = [end + json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in made]
        return [Addition(document.end, "".join(lines).encode())]
    added = [_behind(document, text, item_spans(text, "entry")[-1], [_entry(document, one) for one in made])]
    place = last_section(text) if is_document(document.data) else None
    if place is not None:
        urls = [f"urn:uuid:{one['id']}" for one in made]
        added.append(_behind(document, text, place, [section(urls)]))
    return added


def _behind(document: Document, text: str, span: tuple[int, int], items: Sequence[JsonObject]) -> Addition:
    """Return items of a list that are put behind its last one."""
    start, last = span
    blank = text[len(text[:start].rstrip()) : start]
    new = [f",{blank}{_like(text[start:last], blank, one)}" for one in items]
    return Addition(document.start + len(text[:last].encode()), "".join(new).encode())


def _entry(document: Document, data: JsonObject) -> JsonObject:
    """Return an Observation as an entry; a bundle that a server carries out says how."""
    entry: JsonObject = {"fullUrl": f"urn:uuid:{data['id']}", "resource": data}
    if document.data.get("type") in _WITH_REQUEST:
        entry["request"] = {"method": "PUT", "url": f"Observation/{data['id']}"}
    return entry


def _like(neighbor: str, blank: str, entry: JsonObject) -> str:
    """Return an entry as JSON, indented like the one beside it."""
    end = "\r\n" if "\r\n" in neighbor else "\n"
    if "\n" not in neighbor:
        separators = (", ", ": ") if '": ' in neighbor else (",", ":")
        return json.dumps(entry, ensure_ascii=False, separators=separators)
    base = blank.rpartition("\n")[2]
    inner = neighbor.partition("\n")[2]
    step = inner[: len(inner) - len(inner.lstrip())].removeprefix(base)
    text = json.dumps(entry, ensure_ascii=False, indent=step or 2)
    return text.replace("\n", end + base)


# ---------------------------------------------------------------- taking out


def taken_out(record: Record, original: Record) -> bytes:
    """Return the bytes of a record without the linked Observations that the original does not have."""
    inner = record_handle(record).record
    known = Counter(text for text, _, _ in _linked(record_handle(original).record))
    raw, start, kept = record.raw, 0, []
    for text, before, end in _linked(inner):
        if known[text]:
            known[text] -= 1
            continue
        kept.append(raw[start:before])
        start = end
    return b"".join([*kept, raw[start:]])


def _linked(record: JsonRecord) -> Iterator[tuple[bytes, int, int]]:
    """Yield each linked Observation: its bytes, where what stands before it ends, and where it ends."""
    before = 0
    for document in record.documents:
        if document.data.get("resourceType") != BUNDLE:
            if link_of(json.loads(record.text_of(document))):
                yield record.raw[document.start : document.end], before, document.end
            before = document.end
            continue
        text = record.text_of(document)
        spans = item_spans(text, "entry")
        entries = [as_dict(json.loads(text[start:end])) for start, end in spans]
        linked = [type(one.get("resource")) is dict and bool(link_of(one["resource"])) for one in entries]
        cuts = [
            (text[start:end], spans[place - 1][1], end)
            for place, (start, end) in enumerate(spans)
            if linked[place] and place
        ]
        if is_document(document.data):
            added = {
                as_text(one.get("fullUrl")) for one, is_one in zip(entries, linked, strict=True) if is_one
            }
            found = added_sections(text, added)
            cuts = [*((text[start:end], last, end) for last, start, end in found), *cuts]
        for inner, *places in cuts:
            first, last = (document.start + len(text[:at].encode()) for at in places)
            yield inner.encode(), first, last
        before = document.end
