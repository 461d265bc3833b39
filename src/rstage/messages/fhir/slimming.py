"""What is kept of a FHIR resource: most of a message is about no stage, and let go when it was decoded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rstage.caches import cached
from rstage.messages.fhir.contents import R_CODE
from rstage.messages.fhir.meanings import meanings_of
from rstage.messages.fhir.responses import RESPONSE, questions
from rstage.messages.fhir.unread import is_of_other_profile, passed_over, unread_places
from rstage.messages.json_documents import REPEATED, Slim
from rstage.messages.json_values import as_dict, as_list

if TYPE_CHECKING:
    from rstage.messages.json_values import JsonObject

_CONCEPTS = ("code", "valueCodeableConcept")
_KEPT = ("Condition", "Bundle")
_DIGIT = "\\u003"
"""An escape that could hide a digit of a code."""


def kept(data: JsonObject, text: str) -> JsonObject | None:
    """Return what is kept of a resource; None where all of it is needed.

    Only a resource is let go in which the search finds nothing to read and nothing to tell: the questions are
    those of the search itself. What other resources need of it is its name; `Resources.whole` decodes the
    rest anew. A code for r is counted wherever it stands, and an escape could hide one.
    """
    kind = data.get("resourceType")
    if type(kind) is not str or kind in _KEPT or R_CODE in text or _DIGIT in text:
        return None
    if kind == "Observation":
        if not _is_silent(data) and _may_say(data):
            return None
    elif kind == RESPONSE and next(questions(data.get("item")), None) is not None:
        return None
    if unread_places(data):
        return None
    return {"resourceType": kind, "id": data["id"]} if "id" in data else {"resourceType": kind}


def _is_silent(data: JsonObject) -> bool:
    """Return whether an Observation has only codes, values and words that say nothing, each asked about once.

    Most Observations are of few codes, and what is measured is a number.
    """
    if "meta" in data and is_of_other_profile(data):
        return False
    try:
        for element in (data, *data["component"]) if "component" in data else (data,):
            if "valueString" in element or "note" in element:
                return False
            for name in _CONCEPTS:
                concept = element.get(name)
                if concept is None:
                    continue
                for one in concept["coding"]:
                    if _says(name, one.get("system"), one.get("code"), one.get("display"), None):
                        return False
                if "text" in concept and _says(name, None, None, None, concept["text"]):
                    return False
    except (AttributeError, KeyError, TypeError):  # it is not as it should be, and asked about as it stands
        return False
    return True


@cached()
def _says(name: str, system: Any, code: Any, words: Any, text: Any) -> bool:
    """Return whether a coding with its words, or a text, may say something of a stage.

    Args:
        name: the element that it stands in, of an Observation or of a component.
        system: of the coding.
        code: likewise.
        words: likewise.
        text: the text.
    """
    coding = {"system": system, "code": code, "display": words}
    element = {name: {"coding": [coding], "text": text}}
    return _may_say({**element, "component": [element]})


def _may_say(data: JsonObject) -> bool:
    """Return whether an Observation may say something of a stage."""
    return (
        bool(meanings_of(data.get("code"), with_system=True))
        or any(meanings_of(as_dict(one).get("code")) for one in as_list(data.get("component")))
        or any(passed_over(data))
    )


def _kept_entry(entry: JsonObject, text: str) -> JsonObject | None:
    """Return what is kept of an entry of a bundle; None where all of it is needed."""
    data = entry.get("resource")
    resource = kept(data, text) if type(data) is dict and REPEATED not in entry else None
    if resource is None:
        return None
    return {"fullUrl": entry.get("fullUrl"), "resource": resource}


SLIM = Slim("entry", kept, _kept_entry)
