"""What one FHIR Observation says: its parts of a stage, edition and date."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rstage import rules
from rstage.caches import cached
from rstage.diagnostics import Severity
from rstage.messages.fhir import codes
from rstage.messages.fhir.blocks import Block, Resource, ResourceFinding, Said
from rstage.messages.fhir.elements import codings_of, link_of, reference_of
from rstage.messages.fhir.notation import HAS_R, add_said, modifiers
from rstage.messages.json_values import as_dict, as_list, as_text
from rstage.notation.build import parse_edition
from rstage.restaging.staging import partial_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rstage.messages.json_places import Path
    from rstage.messages.json_values import JsonObject

_DATE = re.compile(r"(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?:T.*)?", re.ASCII | re.DOTALL)
_NUMBERS = frozenset("123456789")
_DATES = ("effectiveDateTime", "effectivePeriod", "effectiveInstant", "effectiveTiming")


def meanings_of(concept: Any) -> list[codes.Meaning]:
    """Return what the code of an Observation or component says; empty where it is not about a stage."""
    found = []
    if type(concept) is dict and type(codings := concept.get("coding")) is list:
        known = codes.meanings()
        for coding in codings:
            if type(coding) is dict and type(code := coding.get("code")) is str:
                system, meaning = known.get(code) or ("", None)
                if meaning is not None and coding.get("system") == system:
                    found.append(meaning)
    return found


def _is_nearly_known(concept: Any) -> bool:
    """Return whether a code of a stage stands there with another system, or with none."""
    return any(as_text(one.get("code")) in codes.meanings() for one in codings_of(concept))


def block_of(resource: Resource) -> Block | None:
    """Return what an Observation says of a stage or of the course; None where it is about neither."""
    data = resource.data
    own = meanings_of(data.get("code"))
    if own and own[0].part in codes.COURSE_PLACES:
        own = []
    if not own and "component" not in data:
        return None
    wanted = codes.COURSE_PLACES if own and own[0].part == codes.COURSE else codes.IN_STAGING
    components = [
        (number, one, inner)
        for number, one in enumerate(as_list(data.get("component")))
        if (inner := meanings_of(as_dict(one).get("code"))) and inner[0].part in wanted
    ]
    if not own and not components:
        return None
    block = Block(resource, own[0].part if own else "")
    _add_circumstances(block, data)
    _add_remarks(block, data)
    if not own:
        block.said += [Said(mark, "", mark, ()) for mark in modifiers(block, data, ())]
    if wanted is codes.IN_STAGING and "component" in data:
        _refuse_unknown_components(block, data, {number for number, _, _ in components})
    if own:
        is_needed = own[0].part != "group" or not (components or "hasMember" in data)
        add_said(block, data, _agreed(block, own, ()), (), is_needed=is_needed)
    for number, one, inner in components:
        path: Path = ("component", number)
        add_said(block, one, _agreed(block, inner, path), path, is_needed=True)
    return block


def _refuse_unknown_components(block: Block, data: JsonObject, known: set[int]) -> None:
    """Make an Observation unusable that says something of a stage in a component that is not understood."""
    for number, one in enumerate(as_list(data["component"])):
        found = _unread(as_dict(one), ("component", number)) if number not in known else None
        if found is not None:
            block.found.append(found._replace(diagnostic=replace(found.diagnostic, severity=Severity.ERROR)))
            block.is_wrong = True


def _add_remarks(block: Block, data: JsonObject) -> None:
    """Report an r that stands in words beside the value."""
    for name in ("note", "interpretation"):
        for number, one in enumerate(as_list(data.get(name))):
            if HAS_R.search(as_text(as_dict(one).get("text"))):
                block.say(rules.UNREAD_STAGING.at(element=f"a text of {name}"), (name, number))
    if HAS_R.search(as_text(as_dict(data.get("code")).get("text"))):
        block.say(rules.UNREAD_STAGING.at(element="a text of code"), ("code",))


def unread_places(resource: Resource) -> Iterator[tuple[str, Path]]:
    """Yield where stagings may stand in a resource that are not read, each with what it is."""
    data = resource.data
    kind = data.get("resourceType")
    if type(kind) is not str or kind in ("Bundle", "Parameters"):
        yield "what a resource like this holds", ()
    if kind == "Condition":
        for number, stage in enumerate(as_list(data.get("stage"))):
            if "summary" in as_dict(stage):
                yield "the stage of a condition", ("stage", number)
    for number, one in enumerate(as_list(data.get("contained"))):
        inner = as_dict(one)
        if inner.get("resourceType") == "Observation" and meanings_of(inner.get("code")):
            yield "an Observation inside of another resource", ("contained", number)


def _agreed(block: Block, found: Sequence[codes.Meaning], path: Path) -> codes.Meaning:
    """Return what several codes of one element say, which has to be the same; the most exact one of them."""
    if len(found) == 1:
        return found[0]
    exact = max(found, key=lambda one: bool(one.method))
    if any(one.part != exact.part or one.method not in ("", exact.method) for one in found):
        block.say(rules.TWO_VALUES.at(what="a code"), (*path, "code"))
        block.is_wrong = True
    return exact


def _add_circumstances(block: Block, data: JsonObject) -> None:
    block.focus = [name for one in as_list(data.get("focus")) if (name := reference_of(one))]
    block.subject = reference_of(data.get("subject"))
    if "hasMember" in data:
        block.members = [name for one in as_list(data["hasMember"]) if (name := reference_of(one))]
    if "extension" in data:
        block.link = link_of(data)
    block.date = _date(block, data)
    block.edition = _edition(block, data)


def _date(block: Block, data: JsonObject) -> str | None:
    path: Path = ("effectiveDateTime",)
    if sum(name in data for name in _DATES) > 1:
        block.say(rules.TWO_VALUES.at(what="the date"), path)
        block.is_wrong = True
    if "effectiveTiming" in data:
        block.say(rules.DATE_NOT_READ.at(element="effectiveTiming"), ("effectiveTiming",))
    text = data.get("effectiveDateTime")
    if text is None and "effectivePeriod" in data:
        text, path = as_dict(data["effectivePeriod"]).get("start"), ("effectivePeriod", "start")
        if text is None:
            block.say(rules.DATE_NOT_READ.at(element="effectivePeriod"), ("effectivePeriod",))
    if text is None and "effectiveInstant" in data:
        text, path = data["effectiveInstant"], ("effectiveInstant",)
    if text is None:
        return None
    found = _day(text) if type(text) is str else None
    if found is None:
        block.say(rules.DATE_NOT_READ.at(element=path[0]), path)
    return found


@cached()
def _day(text: str) -> str | None:
    """Return the date of a FHIR date or time, as precise as it is; None where it is none."""
    match = _DATE.fullmatch(text.strip())
    try:
        return partial_date(match[1]) if match else None
    except ValueError:
        return None


def _edition(block: Block, data: JsonObject) -> str:
    """Return the edition that the method names; a group's coding can name it as its version (DKTK)."""
    if "method" not in data:
        return _version(data) if block.part == "group" else ""
    method = as_dict(data["method"])
    known = [found for coding in codings_of(method) if (found := _edition_of(coding)) is not None]
    named = {found for found in known if found}
    named |= {edition for edition in [_named_edition(as_text(method.get("text")))] if edition and named}
    if len(named) > 1:
        block.say(rules.TWO_VALUES.at(what="the edition"), ("method",))
        block.is_wrong = True
    elif not known:
        return _edition_text(block, as_text(method.get("text")))
    return max(named, default="")


def _version(data: JsonObject) -> str:
    for coding in codings_of(data.get("valueCodeableConcept")):
        version = as_text(coding.get("version"))
        if version in _NUMBERS:
            return f"UICC {version}"
    return ""


def _edition_text(block: Block, text: str) -> str:
    """Return the edition that the text of a method names."""
    edition = _named_edition(text)
    if not edition:
        block.say(rules.EDITION_UNKNOWN.at(), ("method",))
    return edition


def _named_edition(text: str) -> str:
    """Return the edition that a text names, such as `AJCC 8`; blank where it names none."""
    try:
        return str(parse_edition(text)).strip("()")
    except ValueError:
        return ""


def _edition_of(coding: JsonObject) -> str | None:
    """Return the edition of a code, blank where it names none; None where the code is not known."""
    try:
        found = codes.editions().get((coding.get("system"), coding.get("code")))  # type: ignore[arg-type]
    except TypeError:  # a list or an object where a text belongs
        return None
    if found == "UICC":
        version = as_text(coding.get("version"))
        return f"UICC {version}" if version in _NUMBERS else ""
    return found


def unread_staging(resource: Resource) -> ResourceFinding | None:
    """Return a finding where an Observation of no known code holds a value of TNM, or a text with an r."""
    data = resource.data
    found = _unread(data, ())
    if found is None and "component" in data:
        inner = (
            _unread(as_dict(one), ("component", number))
            for number, one in enumerate(as_list(data["component"]))
        )
        found = next(filter(None, inner), None)
    return found


def _unread(element: JsonObject, path: Path) -> ResourceFinding | None:
    concept, text = element.get("valueCodeableConcept"), element.get("valueString")
    if _is_nearly_known(element.get("code")):
        return ResourceFinding(rules.UNREAD_STAGING.at(element="a code"), (*path, "code"))
    if type(concept) is dict:
        for number, coding in enumerate(as_list(concept.get("coding"))):
            if type(coding) is dict and codes.is_tnm_system(as_text(coding.get("system"))):
                where = (*path, "valueCodeableConcept", "coding", number, "code")
                return ResourceFinding(rules.UNREAD_STAGING.at(element="a value"), where)
        if HAS_R.search(as_text(concept.get("text"))):
            where = (*path, "valueCodeableConcept", "text")
            return ResourceFinding(rules.UNREAD_STAGING.at(element="a text"), where)
    if text is not None and HAS_R.search(as_text(text)):
        return ResourceFinding(rules.UNREAD_STAGING.at(element="a text"), (*path, "valueString"))
    return None
