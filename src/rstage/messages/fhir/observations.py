"""The Observations of a restaging, in the manner of those of its diagnosis."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from rstage.messages.fhir import codes
from rstage.messages.fhir.elements import profiles_of, reference_of
from rstage.messages.fhir.written import edition_concept, needed
from rstage.messages.json_values import as_dict, as_list, as_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rstage.messages.fhir.blocks import Block
    from rstage.messages.json_values import JsonObject
    from rstage.model.group import StageGroup
    from rstage.model.stage import Stage
    from rstage.restaging.restage import Restaging

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:rstage:link")
_LINK = "link"
"""The part of an Observation that links a restaging which stands in the message already."""

_SURVEY = {
    "coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "survey"}]
}
_NO_GROUP_OF_LISTS = ("X", "Tis")


class References(Protocol):
    """How the Observations of a record refer to others."""

    def new(self, name: str) -> str:
        """Return the reference to a new Observation with this id."""

    def to(self, block: Block) -> str:
        """Return the reference to an Observation of the record; blank where it cannot be referred to."""

    def copied(self, reference: JsonObject, block: Block) -> JsonObject:
        """Return a reference that stands in an Observation of the record as it is written into a new one."""


@dataclass(slots=True, repr=False)
class Observations:
    """The Observations of one restaging.

    Args:
        restaging: the restaging.
        diagnosis: the Observations of its diagnosis.
        assessed: those of its assessment, where that stands in the record.
        tumor: the reference to its condition, where none of them names one; blank where there is none.
        references: how to refer to others.
        has_prefixes: whether the record says r, y and a with the extensions of MII.

    Attributes:
        made: the Observations, each with its part. left_out: what they do not hold.
    """

    restaging: Restaging
    diagnosis: Sequence[Block]
    assessed: Sequence[Block]
    tumor: str
    references: References
    has_prefixes: bool = False
    made: list[tuple[str, JsonObject]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @property
    def stage(self) -> Stage:
        """The r-form."""
        return self.restaging.restaged

    def __repr__(self) -> str:
        """Return how many there are; they hold what is said of a patient."""
        return f"Observations({len(self.made)} made, {len(self.left_out)} left out)"

    def link(self) -> None:
        """Link the Observations of the assessment, which say the restaging themselves."""
        names = [name for block in self.assessed if (name := self.references.to(block))]
        more = {"derivedFrom": [{"reference": name} for name in dict.fromkeys(names)]} if names else {}
        method = edition_concept(self.stage.edition)
        self.add(_LINK, needed("mcode", "group").concept, None, method, more)

    def block(self, part: str) -> Block | None:
        """Return the Observation of the diagnosis that holds a part."""
        return _holding(self.diagnosis, part)

    def add(
        self,
        part: str,
        code: JsonObject,
        value: JsonObject | None,
        method: JsonObject | None,
        more: JsonObject | None = None,
        *,
        profile: str = "",
    ) -> str:
        """Add an Observation and return the reference to it.

        Args:
            part: of the stage; it becomes a part of the identifier.
            code: what it is about.
            value: its value, where it has one.
            method: the edition, where it is named.
            more: further elements.
            profile: the address of its profile, where the diagnosis has no Observation of this part.
        """
        is_link = part == _LINK
        block = self.block("group") if is_link else self.block(part)
        # The link does not know the patient, and a server has many.
        owner = "|".join([reference_of(self._first("subject")), self.tumor, self._name_of(block)])
        link = str(self.restaging.link)
        name = str(uuid.uuid5(_NAMESPACE, f"{link}:{owner}:{part}"))
        data: JsonObject = {"resourceType": "Observation", "id": name}
        profiles = (
            [one for one in profiles_of(block.resource.data) if type(one) is str]
            if block and block.resource.kind == "Observation"
            else [profile]
        )
        if not is_link and any(profiles) and self._follows(profiles, method):
            data["meta"] = {"profile": profiles}
        if before := self._name_of(block):
            data["extension"] = [{"url": codes.SEQUEL, "valueReference": {"reference": before}}]
        data |= {name: one for name, one in (more or {}).items() if name == "modifierExtension"}
        data["identifier"] = [{"system": codes.LINK_SYSTEM, "value": f"{link}#{part}"}]
        data["status"] = "final"
        if category := self._category(block):
            data["category"] = category
        data["code"] = code
        data |= self._whom()
        if self.restaging.assessment.date is not None:
            data["effectiveDateTime"] = self.restaging.assessment.date
        if value is not None:
            data["valueCodeableConcept"] = value
        if method is not None:
            data["method"] = method
        restated = _holding(self.assessed, part) if not is_link else None
        if restated is not None and (source := self.references.to(restated)):
            data["derivedFrom"] = [{"reference": source}]
        self.made.append((part, data | (more or {})))
        return self.references.new(name)

    def _whom(self) -> JsonObject:
        """Return whom and what the Observations of the diagnosis are about."""
        made: JsonObject = {}
        for block in self.diagnosis:
            data = block.resource.data
            if "subject" not in made and (subject := self._reference(data.get("subject"), block)):
                made["subject"] = subject
            if "focus" not in made:
                focus = [
                    found for one in as_list(data.get("focus")) if (found := self._reference(one, block))
                ]
                made |= {"focus": focus} if focus else {}
        if "focus" not in made and self.tumor:
            made["focus"] = [{"reference": self.tumor}]
        return {name: made[name] for name in ("subject", "focus") if name in made}

    def _reference(self, value: Any, block: Block) -> JsonObject:
        """Return a reference without the words beside it: a name stays where it stands.

        One to what is contained in another resource leads nowhere from here, and is none.
        """
        given = as_dict(value)
        found = {name: one for name, one in given.items() if name in ("reference", "type", "identifier")}
        if as_text(found.get("reference")).startswith("#") or found.keys() <= {"type"}:
            return {}
        return self.references.copied(found, block)

    def _name_of(self, block: Block | None) -> str:
        return self.references.to(block) if block is not None else ""

    def _first(self, name: str) -> Any:
        return next((one.resource.data[name] for one in self.diagnosis if one.resource.data.get(name)), None)

    def _follows(self, profiles: Sequence[str], method: JsonObject | None) -> bool:
        """Return whether what is written follows a profile: mCODE wants the edition."""
        return method is not None or not any(one.startswith(codes.MCODE_PROFILE) for one in profiles)

    def _category(self, block: Block | None) -> list[Any]:
        given = as_list(block.resource.data.get("category")) if block is not None else []
        if given or any(one.is_mii or one.has_categories for one in self.diagnosis):
            return given
        return [_SURVEY]

    # ---------------------------------------------------------------- for the shapes

    def symbols(self) -> list[tuple[str, str]]:
        """Return the symbols of the stage, with what each is as a code: y, a, m and r."""
        group = self.stage.group
        timing = self.stage.timing or (group.timing if group is not None else frozenset())
        found = [(str(mark), str(mark)) for mark in sorted(timing)]
        several = self.stage.t.suffixes.multiplicity if self.stage.t is not None else None
        if several is not None and "," not in several and several != "is":
            found.append(("m", several))
        elif several is not None:
            self.left_out.append(f"({several}) of T")
        return found

    def is_plain_group(self, group: StageGroup) -> bool:
        """Return whether a group is one of the list; else it is left out."""
        is_listed = group.system == "TNM" and group.upper is None and group.value not in _NO_GROUP_OF_LISTS
        has_timing = not self.stage.categories or group.timing == self.stage.timing
        if not (is_listed and has_timing):
            self.left_out.append(str(group))
        return is_listed and has_timing

    def kind(self) -> str:
        """Return `p` where T or N is pathological, `c` where one of them is clinical, else blank."""
        methods = {str(one.method or "") for one in (self.stage.t, self.stage.n) if one is not None}
        if "p" in methods:
            return "p"
        return "c" if methods - {""} else ""

    def descriptors(self, parts: Sequence[str]) -> list[tuple[str, str]]:
        """Return those descriptors that have a place, each as a code; the others are left out."""
        found = []
        for one in self.stage.descriptors:
            if one.name in parts and str(one) == f"{one.name}{one.value}":
                found.append((one.name, str(one)))
            else:
                self.left_out.append(str(one))
        return found


def _holding(blocks: Sequence[Block], part: str) -> Block | None:
    own = (one for one in blocks if one.part == part)
    inside = (one for one in blocks if one.find(part) is not None)
    whole = (one for one in blocks if part == "group" and one.has_categories)
    return next(own, None) or next(inside, None) or next(whole, None)
