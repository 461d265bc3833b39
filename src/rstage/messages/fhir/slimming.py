"""What is kept of a FHIR resource: most of a message is about no stage, and let go when it was decoded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rstage.caches import cached
from rstage.messages.fhir.contents import R_CODE
from rstage.messages.fhir.meanings import meanings_of
from rstage.messages.fhir.responses import RESPONSE, questions
from rstage.messages.fhir.unread import is_of_other_profile, passed_over, unread_places
from rstage.messages.json_documents import REPEATED, Slim

if TYPE_CHECKING:
    from rstage.messages.json_values import JsonObject

# Where an Observation can say something beside its code and its profile.
_MAY_SAY = frozenset(("component", "valueCodeableConcept", "valueString"))
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
    """Return whether nothing but its code can say something of a stage, and that says nothing.

    Most Observations are of few codes, which are asked once.
    """
    if not _MAY_SAY.isdisjoint(data) or ("meta" in data and is_of_other_profile(data)):
        return False
    try:
        code = data["code"]
        codings = [(one.get("system"), one.get("code"), one.get("display")) for one in code["coding"]]
        return _says_nothing(tuple(codings), code.get("text"))
    except (AttributeError, KeyError, TypeError):  # it is not as it should be, and asked about as it stands
        return False


@cached(4096)
def _says_nothing(given: tuple[tuple[str, str, str], ...], text: str) -> bool:
    """Return whether a code says nothing, given as system, code and words of its codings, and its text."""
    codings = [dict(zip(("system", "code", "display"), one, strict=True)) for one in given]
    return not _may_say({"code": {"coding": codings, "text": text}})


def _may_say(data: JsonObject) -> bool:
    """Return whether an Observation may say something of a stage."""
    return (
        "component" in data or bool(meanings_of(data.get("code"), with_system=True)) or any(passed_over(data))
    )


def _kept_entry(entry: JsonObject, text: str) -> JsonObject | None:
    """Return what is kept of an entry of a bundle; None where all of it is needed."""
    data = entry.get("resource")
    resource = kept(data, text) if type(data) is dict and REPEATED not in entry else None
    if resource is None:
        return None
    return {"fullUrl": entry.get("fullUrl"), "resource": resource}


SLIM = Slim("entry", kept, _kept_entry)
