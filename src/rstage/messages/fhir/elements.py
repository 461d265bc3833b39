"""Elements that many kinds of FHIR resources have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rstage.messages.fhir import codes
from rstage.messages.json_values import as_dict, as_list, as_text

if TYPE_CHECKING:
    from rstage.messages.json_values import JsonObject


def codings_of(concept: Any) -> list[JsonObject]:
    """Return the codings of a CodeableConcept."""
    return [as_dict(one) for one in as_list(as_dict(concept).get("coding"))]


def words_of(concept: Any) -> list[str]:
    """Return the words of a CodeableConcept: those of its codings, and its text, blank where it has none."""
    words = [as_text(one.get("display")) for one in codings_of(concept)]
    return [*words, as_text(as_dict(concept).get("text"))]


def profiles_of(resource: JsonObject) -> list[Any]:
    """Return the profiles that a resource names."""
    return as_list(as_dict(resource.get("meta")).get("profile"))


def reference_of(value: Any) -> str:
    """Return what a Reference refers to: its reference, else its identifier; blank where it has neither."""
    if type(value) is not dict:
        return ""
    found = value.get("reference")
    if type(found) is str and found:
        return found
    identifier = as_dict(value.get("identifier"))
    name = as_text(identifier.get("value"))
    return f"{as_text(identifier.get('system'))}|{name}" if name else ""


def link_of(observation: JsonObject) -> str:
    """Return the link that an Observation was written for; blank where it was not."""
    for one in as_list(observation.get("identifier")):
        if as_dict(one).get("system") == codes.LINK_SYSTEM:
            return as_text(one.get("value")).partition("#")[0]
    return ""


def linked_part(observation: JsonObject) -> str:
    """Return the part of a restaging that an Observation was written for; blank where it was not."""
    for one in as_list(observation.get("identifier")):
        if as_dict(one).get("system") == codes.LINK_SYSTEM:
            return as_text(one.get("value")).partition("#")[2]
    return ""
