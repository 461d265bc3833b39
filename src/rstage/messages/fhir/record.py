"""The resources of a FHIR record: what refers to what, the conditions, and what stands twice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from rstage import rules
from rstage.messages.fhir import codes
from rstage.messages.fhir.blocks import Block, Resource, ResourceFinding
from rstage.messages.fhir.elements import codings_of, reference_of
from rstage.messages.fhir.references import BUNDLE, base_of, tail
from rstage.messages.json_documents import REPEATED
from rstage.messages.json_records import ALONE
from rstage.messages.json_values import as_dict, as_list, as_text
from rstage.messages.message import MessageFinding
from rstage.reference.topography import code_range

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rstage.diagnostics import Diagnostic
    from rstage.messages.fhir.references import RecordReferences
    from rstage.messages.json_documents import Document
    from rstage.messages.json_places import Path
    from rstage.messages.json_records import JsonRecord
    from rstage.messages.json_values import JsonObject
    from rstage.messages.message import FoundStaging, Record
    from rstage.messages.place import Place

_AMBIGUOUS = -1
_NAME = frozenset(("resourceType", "id"))
_EXTENDED = (b'xtension"', b"\\u")


def owner(data: JsonObject) -> str | None:
    """Return the patient of a resource on a line of its own; a bundle is a record by itself."""
    kind = data.get("resourceType")
    if kind == BUNDLE:
        return ALONE
    found = f"Patient/{as_text(data.get('id'))}" if kind == "Patient" else reference_of(data.get("subject"))
    return tail(found) or reference_of(data.get("patient")) or None


class Resources:
    """The resources of one record, and what was found in it outside of every tumor.

    Attributes:
        record: the record.
        speaking: the resources that say more than what they are called.
        repeated: where a key stands twice outside of every resource.
        findings: what was found outside of every tumor.
        loose: Observations with an r, y or a of which it is not known what they are about.
    """

    def __init__(self, record: JsonRecord) -> None:
        # Whoever keeps a record keeps its bytes and what was read of it, not everything that stands in it.
        documents: list[Document] = []
        self.record = replace(record, documents=documents)
        self.speaking: list[Resource] = []
        self.repeated: list[tuple[Document, Path]] = []
        self.findings: list[MessageFinding] = []
        self.loose: list[Block] = []
        # By their numbers; most lines say no more than what they are called, and few of those are asked for.
        self._all: list[Resource | None] = []
        self._names: dict[str, int] | None = None
        self._only_server: str | None = None
        self._conditions: dict[str | int, list[Resource]] | None = None
        self._extended: dict[int, bool] = {}
        for document in record.documents:
            data = document.data
            if _is_name(data):
                documents.append(document)
                self._all.append(None)
                continue
            documents.append(_emptied(document))
            if data.get("resourceType") == BUNDLE:
                self._add_bundle(documents[-1], data)
            else:
                self._add(data, "", (), documents[-1])

    def _add(self, data: JsonObject, url: str, path: Path, document: Document) -> None:
        resource = Resource(len(self._all), data, url, path, document)
        self._all.append(resource)
        if not _is_name(data):
            self.speaking.append(resource)

    def _add_bundle(self, document: Document, bundle: JsonObject) -> None:
        if type(bundle.get("entry", [])) is not list:
            self.note_in(document, rules.UNREAD_STAGING.at(element="an object in place of entries"))
        for number, entry in enumerate(as_list(bundle.get("entry"))):
            data = as_dict(entry).get("resource")
            if type(data) is dict:
                self._add(data, as_text(entry.get("fullUrl")), ("entry", number, "resource"), document)
            if document.has_repeated and type(entry) is dict and REPEATED in entry:
                self.repeated.append((document, ("entry", number)))
        if REPEATED in bundle:
            self.repeated.append((document, ()))

    def at(self, number: int) -> Resource:
        """Return a resource by its number."""
        found = self._all[number]
        if found is None:  # a line: a bundle is a record by itself
            document = self.record.documents[number]
            found = self._all[number] = Resource(number, document.data, "", (), document)
        return found

    @property
    def made(self) -> list[Resource]:
        """The resources but for the lines that say no more than what they are called: all of a bundle."""
        return [one for one in self._all if one is not None]

    def may_be_extended(self, resource: Resource) -> bool:
        """Return whether there may be an extension in what a resource stands in; an escape could hide one."""
        _, start, end, *_ = resource.document
        if start not in self._extended:
            raw = self.record.raw
            self._extended[start] = any(raw.find(one, start, end) >= 0 for one in _EXTENDED)
        return self._extended[start]

    @property
    def is_of_lines(self) -> bool:
        """Whether it is made of the lines of a patient: one that names none may stand there by chance."""
        documents = self.record.documents
        return documents[0].data.get("resourceType") != BUNDLE and (
            any(one.data.get("resourceType") == "Patient" for one in documents)
            or any(reference_of(one.data.get("subject")) for one in self.speaking)
        )

    # ---------------------------------------------------------------- findings

    def place(self, resource: Resource) -> Place:
        """Return where a resource stands in the file."""
        return self.record.place(resource.document, resource.path)

    def finding(self, resource: Resource, found: ResourceFinding) -> MessageFinding:
        """Return a finding at its place in the file."""
        place = self.record.place(resource.document, (*resource.path, *found.path))
        return MessageFinding(found.diagnostic, place, found.value)

    def note(self, resource: Resource, diagnostic: Diagnostic, path: Path = ()) -> None:
        """Note what was found in a resource outside of every tumor."""
        self.findings.append(self.finding(resource, ResourceFinding(diagnostic, path)))

    def note_in(self, document: Document, diagnostic: Diagnostic, path: Path = ()) -> None:
        """Note what was found in a document outside of every resource."""
        self.findings.append(MessageFinding(diagnostic, self.record.place(document, path)))

    # ---------------------------------------------------------------- references

    def whole(self, number: int) -> JsonObject:
        """Return everything that stands in a resource, also what was not kept."""
        resource = self.at(number)
        return as_dict(self.record.value(resource.document, resource.path))

    def index(self, name: str) -> int | None:
        """Return the number of the resource that a reference names; None where it is not in the record."""
        names = self._names if self._names is not None else self._named()
        found = names.get(name)
        if found == _AMBIGUOUS:
            return None
        if found is None and "/" in name:
            found = names.get(tail(name))
            if found == _AMBIGUOUS:
                return None
            url = self.at(found).url if found is not None else ""
            if name.startswith("http") and url.startswith("http") and not name.startswith(url):
                return None  # the same name on another server
        return found

    def _named(self) -> dict[str, int]:
        """Return the numbers of the resources by the names that refer to them."""
        names = self._names = {}
        for number, one in enumerate(self._all):
            data = one.data if one is not None else self.record.documents[number].data
            name = f"{data.get('resourceType')}/{data.get('id')}"
            for known in _names_of(one, name) if one is not None else (name,):
                # A name that two of them have refers to neither.
                names[known] = _AMBIGUOUS if known in names else number
        return names

    def named_from(self, resource: Resource, names: list[str]) -> list[str]:
        """Return references as they are from a resource: a name that two have is that of its own server."""
        base = base_of(resource.url)
        if not base or all(self.index(name) is not None for name in names):
            return names
        known = self._names or {}
        return [f"{base}{name}" if f"{base}{name}" in known else name for name in names]

    def _is_ambiguous(self, name: str) -> bool:
        names = self._names or {}
        return _AMBIGUOUS in (names.get(name), names.get(tail(name)))

    def same(self, name: str) -> str | int:
        """Return what is the same for all references to one resource.

        In a record of one server an absolute name of what is not here is the relative one of the others.
        """
        found = self.index(name)
        if found is not None:
            return found
        if name.startswith("http") and not self._is_ambiguous(name) and self._server() == base_of(name):
            return tail(name)
        return name

    def _server(self) -> str:
        """Return the address of the server that the resources are from; blank where there are several."""
        if self._only_server is None:
            found = {base for one in self.made if (base := base_of(one.url))}
            self._only_server = found.pop() if len(found) == 1 else ""
        return self._only_server

    def condition_keys(self, focus: Sequence[str]) -> set[str | int]:
        """Return the conditions among the references of a focus."""
        found = set()
        for name in focus:
            number = self.index(name)
            # What is contained belongs to one resource only; what two resources are called is neither.
            if name.startswith("#") or (number is None and self._is_ambiguous(name)):
                continue
            kind = self.at(number).data.get("resourceType") if number is not None else type_of(name)
            if kind in ("Condition", ""):
                found.add(self.same(name))
        return found

    def conditions_of(self, subject: str) -> list[Resource]:
        """Return the conditions of a patient; all of the record where the patient is not named."""
        if self._conditions is None:
            self._conditions = {"": []}
            for one in self.speaking:
                if one.kind == "Condition":
                    patient = self.same(reference_of(one.data.get("subject")))
                    self._conditions[""].append(one)
                    if patient != "":
                        self._conditions.setdefault(patient, []).append(one)
        return self._conditions.get(self.same(subject) if subject else "", [])


def _names_of(resource: Resource, name: str) -> set[str]:
    """Return the names that refer to a resource, given the relative one."""
    url, names = resource.url, {name}
    if url:
        names |= {url, tail(url)} if url.startswith("http") else {url}
    if resource.kind == "Condition" and "identifier" in resource.data:
        names |= {reference_of({"identifier": one}) for one in as_list(resource.data["identifier"])} - {""}
    return names


def _is_name(data: JsonObject) -> bool:
    """Return whether a resource says no more than what it is called."""
    kind = data.get("resourceType")
    return data.keys() <= _NAME and type(kind) is str and kind not in codes.HOLDERS


def _emptied(document: Document) -> Document:
    """Return a document that says what it is and no more."""
    kept = {name: one for name, one in document.data.items() if name in ("resourceType", "type")}
    return document._replace(data=kept)


def type_of(name: str) -> str:
    """Return the type that a reference names, blank where it names none."""
    return tail(name).partition("/")[0] if "/" in name else ""


def topography(condition: Resource | None) -> str | None:
    """Return the site of a condition as a topography code; None where it names none or several."""
    if condition is None:
        return None
    found = {
        as_text(coding.get("code"))
        for place in as_list(condition.data.get("bodySite"))
        for coding in codings_of(place)
        if codes.is_topography(coding.get("system"))
    }
    known = [code for code in found if code_range(code) is not None]
    return known[0] if len(found) == len(known) == 1 else None


class StagingHandle(NamedTuple):
    """What the writer needs of a staging: its Observations, and whether they were written for a link."""

    blocks: tuple[Block, ...]
    is_linked: bool = False


class RecordHandle(NamedTuple):
    """What the writer needs of a record.

    Attributes:
        record: its bytes. links: those that Observations of it name.
        references: how resources of it are referred to.
        has_prefixes: whether it says r, y and a with the extensions of MII.
    """

    record: JsonRecord
    links: frozenset[str]
    references: RecordReferences
    has_prefixes: bool = False

    def __repr__(self) -> str:
        """Return its shape; a link is as sensitive as what it was made of."""
        return f"RecordHandle({self.record!r}, {len(self.links)} links)"


def record_handle(record: Record) -> RecordHandle:
    """Return what the writer needs of a record that this format read."""
    if not isinstance(record.handle, RecordHandle):
        raise TypeError("a record of another format")
    return record.handle


def staging_handle(staging: FoundStaging) -> StagingHandle:
    """Return what the writer needs of a staging that this format read."""
    if not isinstance(staging.handle, StagingHandle):
        raise TypeError("a staging of another format")
    return staging.handle
