"""How the resources of a FHIR record refer to each other, and how a new one refers to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rstage.messages.json_values import as_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rstage.messages.fhir.blocks import Block, Resource
    from rstage.messages.json_values import JsonObject

BUNDLE = "Bundle"
_BATCH = "batch"
_AT_REST = ("document", "message", "collection")
"""The types of bundles that no server carries out: a name in one means what the address of its entry says."""


def tail(name: str) -> str:
    """Return the last two parts of a reference: `Condition/1` of an absolute one, without its version."""
    if name.count("/") < 2 or "|" in name:
        return name
    return "/".join(name.partition("/_history/")[0].split("/")[-2:])


def base_of(url: str) -> str:
    """Return the address of the server in the absolute address of a resource; blank where it is none."""
    parts = url.rsplit("/", 2)
    return f"{parts[0]}/" if url.startswith("http") and len(parts) == 3 else ""


class Address(NamedTuple):
    """Where a resource of a record stands: its `fullUrl`, blank where it has none, and its name."""

    url: str
    name: str

    def __repr__(self) -> str:
        """Return no more than that it is one; a name can be that of a patient."""
        return "Address()"


class RecordReferences(NamedTuple):
    """How new Observations of a record refer to others, by the rules of FHIR R4 for each type of bundle.

    In a bundle a reference is what the `fullUrl` of its target is; what is not in the bundle keeps its name,
    absolute where the resource that names it has an absolute address. The entries of a batch know nothing of
    each other, and lines are no bundle: they refer by name.

    Attributes:
        kind: the type of the bundle; blank where it is none.
        addresses: those of the resources of the record, by the names that refer to them.
    """

    kind: str
    addresses: Mapping[str, Address]

    def __repr__(self) -> str:
        """Return its shape; a name can be that of a patient."""
        return f"RecordReferences({self.kind!r}, {len(self.addresses)} addresses)"

    def new(self, name: str) -> str:
        """Return the reference to a new Observation with this id."""
        return f"urn:uuid:{name}" if self.kind not in ("", _BATCH) else f"Observation/{name}"

    def to(self, block: Block) -> str:
        """Return the reference to an Observation of the record; blank where it cannot be referred to."""
        resource = block.resource
        return self._written(Address(resource.url, resource.name))

    def copied(self, reference: JsonObject, block: Block) -> JsonObject:
        """Return a reference that stands in an Observation of the record as it is written into a new one."""
        given = as_text(reference.get("reference"))
        if not given or ":" in given:
            return reference
        found = self.addresses.get(given)
        if found is not None:
            return {**reference, "reference": self._written(found) or given}
        base = base_of(block.resource.url) if self.kind in _AT_REST else ""
        return {**reference, "reference": f"{base}{given}"}

    def _written(self, address: Address) -> str:
        if self.kind in ("", _BATCH) and not address.url.startswith("urn:"):
            return address.name or address.url
        return address.url or address.name


def references_of(last: JsonObject, resources: Sequence[Resource]) -> RecordReferences:
    """Return how the resources of a record are referred to.

    Args:
        last: the last document of the record, or what is kept of it.
        resources: all of a bundle; what stands on lines has no address.
    """
    kind = as_text(last.get("type")) if last.get("resourceType") == BUNDLE else ""
    kind = kind or ("collection" if last.get("resourceType") == BUNDLE else "")
    addresses: dict[str, Address] = {}
    if not any(one.url for one in resources):
        return RecordReferences(kind, addresses)  # a name is all that refers to a resource
    twice = set()
    for one in resources:
        if name := one.name:
            twice |= {name} if name in addresses else set()
            addresses[name] = Address(one.url, name)
    for name in twice:
        del addresses[name]
    return RecordReferences(kind, addresses)
