"""What the code of an Observation or a component is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rstage.messages.fhir import codes
from rstage.messages.fhir.elements import codings_of
from rstage.messages.fhir.words import question
from rstage.messages.json_values import as_text

if TYPE_CHECKING:
    from rstage.messages.json_values import JsonObject


def meanings_of(concept: Any, *, with_system: bool = False) -> list[codes.Meaning]:
    """Return what the code of an Observation or component says; empty where it is not about a stage.

    Args:
        concept: the code.
        with_system: whether only a code counts that names its system.
    """
    found = []
    if type(concept) is dict and type(codings := concept.get("coding")) is list:
        known = codes.meanings()
        for coding in codings:
            if type(coding) is dict and type(code := coding.get("code")) is str:
                system, meaning = known.get(code) or ("", None)
                if meaning is not None and coding.get("system", "") == system and (system or not with_system):
                    found.append(meaning)
                elif (asked := question_of(coding)) is not None:
                    found.append(asked)
    return found


def question_of(coding: JsonObject) -> codes.Meaning | None:
    """Return what a question of a checklist is about, which its words tell; None where it is none."""
    system = coding.get("system")
    if type(system) is not str or not codes.has_answers(system):
        return None
    return question(as_text(coding.get("display")))


def is_nearly_known(concept: Any) -> bool:
    """Return whether a code of a stage stands there with another system, or with none."""
    known = codes.meanings()
    for one in codings_of(concept):
        found = known.get(as_text(one.get("code")))
        if found is not None and found[0]:
            return True
    return False
