"""Where a FHIR resource may say something of a stage that is not read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rstage import rules
from rstage.messages.fhir import codes
from rstage.messages.fhir.blocks import ResourceFinding
from rstage.messages.fhir.elements import codings_of, profiles_of, words_of
from rstage.messages.fhir.meanings import is_nearly_known, meanings_of
from rstage.messages.fhir.responses import RESPONSE, unread_answers
from rstage.messages.fhir.words import is_suffix, names_stage, says_stage, system_in
from rstage.messages.json_values import as_dict, as_list, as_text
from rstage.reference.recurrence_words import has_recurrence_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rstage.messages.json_places import Path
    from rstage.messages.json_values import JsonObject

_OTHER_SYSTEM = "weitere-klassifikationen"
_TEXTS = ("conclusion", "summary", "description")
_TEXTS_INSIDE = ("note", "conclusionCode")
_SAYING = frozenset((*_TEXTS, *_TEXTS_INSIDE, "code", "item"))


def unread_places(data: JsonObject) -> list[tuple[str, Path]]:
    """Return where stagings may stand in a resource that are not read, each with what it is."""
    kind = data.get("resourceType")
    found: list[tuple[str, Path]] = []
    if type(kind) is not str or kind in codes.HOLDERS:
        found.append(("what a resource like this holds", ()))
    elif kind == "Condition" and "stage" in data:
        stages = enumerate(as_list(data["stage"]))
        found += [
            ("the stage of a condition", ("stage", number))
            for number, stage in stages
            if "summary" in as_dict(stage)
        ]
    if kind != "Observation" and not _SAYING.isdisjoint(data):
        found += [("a text of another resource", where) for text, where in _texts(data) if says_stage(text)]
        if kind == RESPONSE:
            found += [("an answer of a questionnaire", where) for where in unread_answers(data)]
    if "contained" in data:
        for number, one in enumerate(as_list(data["contained"])):
            inner = as_dict(one)
            if inner.get("resourceType") == "Observation" and (
                meanings_of(inner.get("code")) or unread_staging(inner) is not None
            ):
                found.append(("an Observation inside of another resource", ("contained", number)))
    return found


class PassedOver(NamedTuple):
    """What an Observation of no known code may say of a stage.

    Attributes:
        unread: a finding where it holds a value of TNM, or a text with one.
        symbol: the r, y or a that it holds.
        is_other: whether its profile or its code is that of a classification beside TNM.
        recurrence: leads to words of recurrence in it; None where there are none.
    """

    unread: ResourceFinding | None
    symbol: str
    is_other: bool
    recurrence: Path | None


def passed_over(data: JsonObject) -> PassedOver:
    """Return what an Observation of no known code may say of a stage."""
    words = words_of(data.get("code"))
    is_other = is_of_other_profile(data) or any(map(system_in, words))
    return PassedOver(unread_staging(data), symbol_held(data), is_other, _recurrence(data))


def is_of_other_profile(data: JsonObject) -> bool:
    """Return whether the profile of an Observation is that of a classification beside TNM."""
    return any(as_text(one).endswith(_OTHER_SYSTEM) for one in profiles_of(data))


def _recurrence(data: JsonObject) -> Path | None:
    """Return where an Observation says in words that something came back, in its codes or values."""
    for element, path in _elements(data):
        for name in ("code", "valueCodeableConcept"):
            if name not in element:
                continue
            if any(map(has_recurrence_word, words_of(element[name]))):
                return *path, name
        if "valueString" in element and has_recurrence_word(as_text(element["valueString"])):
            return *path, "valueString"
    return None


def _elements(data: JsonObject) -> Iterator[tuple[JsonObject, Path]]:
    """Yield an Observation and its components, with the paths to them."""
    yield data, ()
    if "component" in data:
        for number, one in enumerate(as_list(data["component"])):
            yield as_dict(one), ("component", number)


def symbol_held(data: JsonObject) -> str:
    """Return the r, y or a that is a value in an Observation of no known code; blank where there is none."""
    if "valueCodeableConcept" not in data and "component" not in data:
        return ""
    for element in (data, *map(as_dict, as_list(data.get("component")))):
        for coding in codings_of(element.get("valueCodeableConcept")):
            system, code = as_text(coding.get("system")), as_text(coding.get("code"))
            part = codes.symbol_values().get((system, code), "")
            if not part and codes.is_tnm_system(system):
                part = code.lower()
            if part in codes.TIMING:
                return part
    return ""


def _texts(data: JsonObject) -> Iterator[tuple[str, Path]]:
    """Yield the texts of a resource in which a person writes what was found."""
    for name in _TEXTS:
        if name in data:
            yield as_text(data[name]), (name,)
    for name in _TEXTS_INSIDE:
        for number, one in enumerate(as_list(data[name]) if name in data else ()):
            yield as_text(as_dict(one).get("text")), (name, number)
    if "code" in data:
        yield as_text(as_dict(data["code"]).get("text")), ("code",)


def unread_staging(data: JsonObject) -> ResourceFinding | None:
    """Return a finding where an Observation of no known code holds a value of TNM, or a text with one."""
    found = _unread(data, ())
    if found is None and "component" in data:
        inner = (
            _unread(as_dict(one), ("component", number))
            for number, one in enumerate(as_list(data["component"]))
        )
        found = next(filter(None, inner), None)
    return found


def _unread(element: JsonObject, path: Path) -> ResourceFinding | None:
    """Return a finding where an element holds a value of TNM."""
    code = element.get("code")
    if is_nearly_known(code) or (any(map(names_stage, words_of(code))) and _recurrence(element) is None):
        return ResourceFinding(rules.UNREAD_STAGING.at(element="a code"), (*path, "code"))
    concept = element.get("valueCodeableConcept")
    if type(concept) is dict:
        for number, coding in enumerate(codings_of(concept)):
            system, code = as_text(coding.get("system")), as_text(coding.get("code"))
            if codes.is_tnm_system(system) or (system == codes.SNOMED and code in codes.concept_values()):
                where = (*path, "valueCodeableConcept", "coding", number, "code")
                return ResourceFinding(rules.UNREAD_STAGING.at(element="a value"), where)
            if is_suffix(code) or is_suffix(as_text(coding.get("display"))):
                where = (*path, "valueCodeableConcept", "coding", number)
                return ResourceFinding(rules.UNREAD_STAGING.at(element="a suffix of N or M"), where)
        text = as_text(concept.get("text"))
        if says_stage(text) or is_suffix(text):
            where = (*path, "valueCodeableConcept", "text")
            return ResourceFinding(rules.UNREAD_STAGING.at(element="a text"), where)
    text = as_text(element.get("valueString"))
    if text and (says_stage(text) or is_suffix(text)):
        return ResourceFinding(rules.UNREAD_STAGING.at(element="a text"), (*path, "valueString"))
    return _unread_note(element, path) if "note" in element else None


def _unread_note(element: JsonObject, path: Path) -> ResourceFinding | None:
    """Return a finding where a note says something of a stage."""
    for number, note in enumerate(as_list(element["note"])):
        if says_stage(as_text(as_dict(note).get("text"))):
            return ResourceFinding(rules.UNREAD_STAGING.at(element="a note"), (*path, "note", number))
    return None
