"""The resources of a FHIR record: what refers to what, the conditions, and what stands twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from rstage.messages.fhir import codes
from rstage.messages.fhir.blocks import Block, Resource, reference
from rstage.messages.fhir.codes import as_dict, as_list, as_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rstage.messages.json_places import Path
    from rstage.messages.json_records import JsonRecord

from dataclasses import replace
from typing import TYPE_CHECKING

from rstage.messages.json_records import ALONE, REPEATED
from rstage.reference.topography import code_range

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rstage.messages.json_places import Path
    from rstage.messages.json_records import Document, JsonRecord

BUNDLE = "Bundle"
_AMBIGUOUS = -1
# Names of elements that a path may show; any other key of a message could be anything.
_ELEMENTS = frozenset(
    {"code", "coding", "component", "display", "effectiveDateTime", "extension", "focus", "hasMember", "id"}
    | {"method", "status", "subject", "system", "text", "url", "valueCodeableConcept", "valueCoding"}
)


def owner(data: dict[str, Any]) -> str | None:
    """Return the patient of a resource on a line of its own; a bundle is a record by itself."""
    kind = data.get("resourceType")
    if kind == BUNDLE:
        return ALONE
    found = f"Patient/{as_text(data.get('id'))}" if kind == "Patient" else reference(data.get("subject"))
    return tail(found) or reference(data.get("patient")) or None


def tail(name: str) -> str:
    """Return the last two parts of a reference: `Condition/1` of an absolute one, without its version."""
    if "/" not in name or "|" in name:
        return name
    return "/".join(name.partition("/_history/")[0].split("/")[-2:])


class Resources:
    """The resources of one record."""

    def __init__(self, record: JsonRecord) -> None:
        # Whoever keeps a record keeps its bytes and what was read of it, not everything that stands in it.
        self.record = replace(record, documents=list(map(_emptied, record.documents)))
        self.all: list[Resource] = []
        self.repeated: list[tuple[Document, Path]] = []
        self._names: dict[str, int] | None = None
        self._conditions: dict[str | int, list[int]] | None = None
        for document, whole in zip(self.record.documents, record.documents, strict=True):
            if whole.data.get("resourceType") == BUNDLE:
                self._add_bundle(document, whole.data)
            else:
                self.all.append(Resource(whole.data, "", (), document))

    def _add_bundle(self, document: Document, bundle: dict[str, Any]) -> None:
        for number, entry in enumerate(as_list(bundle.get("entry"))):
            data = as_dict(entry).get("resource")
            if type(data) is dict:
                url = as_text(entry.get("fullUrl"))
                self.all.append(Resource(data, url, ("entry", number, "resource"), document))
            if document.has_repeated and type(entry) is dict and REPEATED in entry:
                self.repeated.append((document, ("entry", number)))
        if REPEATED in bundle:
            self.repeated.append((document, ()))

    def index(self, name: str) -> int | None:
        """Return the number of the resource that a reference names; nothing where it is not in the record."""
        names = self._names
        if names is None:
            names = self._names = {}
            for number, (data, url, _, _) in enumerate(self.all):
                known = {f"{data.get('resourceType')}/{data.get('id')}", url} - {""}
                known |= {tail(url)} if url.startswith("http") else set()
                for one in known:
                    # A name that two of them have refers to neither.
                    names[one] = _AMBIGUOUS if one in names else number
        found = names.get(name)
        if found == _AMBIGUOUS:
            return None
        if found is None and "/" in name:
            found = names.get(tail(name))
            if found == _AMBIGUOUS:
                return None
            url = self.all[found].url if found is not None else ""
            if name.startswith("http") and url.startswith("http") and not name.startswith(url):
                return None  # the same name on another server
        return found

    def _is_ambiguous(self, name: str) -> bool:
        names = self._names or {}
        return _AMBIGUOUS in (names.get(name), names.get(tail(name)))

    def same(self, name: str) -> str | int:
        """Return what is the same for all references to one resource."""
        found = self.index(name)
        return name if found is None else found

    def condition_keys(self, focus: Sequence[str]) -> set[str | int]:
        """Return the conditions among the references of a focus."""
        found = set()
        for name in focus:
            number = self.index(name)
            # What is contained belongs to one resource only; what two resources are called is neither.
            if name.startswith("#") or (number is None and self._is_ambiguous(name)):
                continue
            kind = self.all[number].data.get("resourceType") if number is not None else _type_of(name)
            if kind in ("Condition", ""):
                found.add(name if number is None else number)
        return found

    def lone_condition(self, subject: str) -> int | None:
        """Return the one condition of a patient; nothing where there are several or none."""
        if self._conditions is None:
            self._conditions = {"": []}
            for number, one in enumerate(self.all):
                if one.data.get("resourceType") == "Condition":
                    patient = self.same(reference(one.data.get("subject")))
                    self._conditions[""].append(number)
                    if patient != "":
                        self._conditions.setdefault(patient, []).append(number)
        found = self._conditions.get(self.same(subject) if subject else "", [])
        return found[0] if len(found) == 1 else None


def _emptied(document: Document) -> Document:
    """Return a document that says what it is and no more."""
    kept = {name: one for name, one in document.data.items() if name in ("resourceType", "type")}
    return document._replace(data=kept)


def _type_of(name: str) -> str:
    """Return the type that a reference names, blank where it names none."""
    return tail(name).partition("/")[0] if "/" in name else ""


def topography(condition: Resource | None) -> str | None:
    """Return the site of a condition as a topography code; nothing where it names none or several."""
    if condition is None:
        return None
    found = {
        as_text(as_dict(coding).get("code"))
        for place in as_list(condition.data.get("bodySite"))
        for coding in as_list(as_dict(place).get("coding"))
        if codes.is_topography(as_dict(coding).get("system"))
    }
    known = [code for code in found if code_range(code) is not None]
    return known[0] if len(found) == len(known) == 1 else None


def repeated_path(value: Any, path: Path = ()) -> Path | None:
    """Return where a key stands twice in a resource; nothing where none does."""
    if type(value) is dict:
        if REPEATED in value:
            return path
        inner: Any = value.items()
    else:
        inner = enumerate(value) if type(value) is list else ()
    for step, one in inner:
        if type(one) not in (dict, list):
            continue
        found = repeated_path(one, (*path, step))
        if found is not None and type(step) is str and step not in _ELEMENTS:
            return path
        if found is not None:
            return found
    return None


class StagingHandle(NamedTuple):
    """What the writer needs of a staging: its Observations, and whether they were written for a link."""

    blocks: tuple[Block, ...]
    is_linked: bool = False


class RecordHandle(NamedTuple):
    """What the writer needs of a record: its bytes, and the links that Observations of it name."""

    record: JsonRecord
    links: frozenset[str]
