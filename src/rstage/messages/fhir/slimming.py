"""What is kept of a FHIR resource: most of a message is about no stage, and let go when it was decoded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rstage.messages.fhir.blocks import Resource
from rstage.messages.fhir.contents import R_CODE
from rstage.messages.fhir.meanings import meanings_of
from rstage.messages.fhir.responses import RESPONSE, questions
from rstage.messages.fhir.unread import passed_over, unread_places
from rstage.messages.json_documents import REPEATED, Document, Slim

if TYPE_CHECKING:
    from rstage.messages.json_values import JsonObject

_NO_DOCUMENT = Document({}, 0, 0, 1, has_repeated=False)
_KEPT = ("Condition", "Bundle")


def kept(data: JsonObject, text: str) -> JsonObject | None:
    """Return what is kept of a resource; None where all of it is needed.

    Only a resource is let go in which the search finds nothing to read and nothing to tell: the questions are
    those of the search itself. What other resources need of it is its name; `Resources.whole` decodes the
    rest anew. A code for r is counted wherever it stands, and an escape could hide one.
    """
    kind = data.get("resourceType")
    if type(kind) is not str or kind in _KEPT or R_CODE in text or "\\" in text:
        return None
    if kind == "Observation" and (
        "component" in data or meanings_of(data.get("code"), with_system=True) or any(passed_over(data))
    ):
        return None
    if kind == RESPONSE and any(True for _ in questions(data.get("item"))):
        return None
    if any(True for _ in unread_places(Resource(0, data, "", (), _NO_DOCUMENT))):
        return None
    return {name: data[name] for name in ("resourceType", "id") if name in data}


def _kept_entry(entry: JsonObject, text: str) -> JsonObject | None:
    """Return what is kept of an entry of a bundle; None where all of it is needed."""
    data = entry.get("resource")
    resource = kept(data, text) if type(data) is dict and REPEATED not in entry else None
    if resource is None:
        return None
    return {"fullUrl": entry.get("fullUrl"), "resource": resource}


SLIM = Slim("entry", kept, _kept_entry)
