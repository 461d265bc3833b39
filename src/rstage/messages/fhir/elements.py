"""Reading the elements of a FHIR resource.

A message may hold anything anywhere: what is not of the expected type is as good as missing.
"""

from __future__ import annotations

from typing import Any

from rstage.messages.fhir import codes

JsonObject = dict[str, Any]


def as_dict(value: Any) -> JsonObject:
    """Return a JSON object, or an empty one where it is something else."""
    return value if type(value) is dict else {}


def as_list(value: Any) -> list[Any]:
    """Return a JSON array, or an empty one where it is something else."""
    return value if type(value) is list else []


def as_text(value: Any) -> str:
    """Return a JSON string without blanks around; blank where it is something else."""
    return value.strip() if type(value) is str else ""


def codings_of(concept: Any) -> list[JsonObject]:
    """Return the codings of a CodeableConcept."""
    return [as_dict(one) for one in as_list(as_dict(concept).get("coding"))]


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
    for extension in as_list(observation.get("extension")):
        if as_dict(extension).get("url") == codes.SEQUEL:
            identifier = as_dict(as_dict(extension.get("valueReference")).get("identifier"))
            if identifier.get("system") == codes.LINK_SYSTEM:
                return as_text(identifier.get("value"))
    return ""
