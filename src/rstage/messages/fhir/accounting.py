"""The accounting of an Observation: everything in it is understood, told, or makes its staging unusable.

What is told and no more cannot be timing, method, negation or doubt: whom the Observation is about, who made
it, what it was done for. Whatever else is not understood could be, and the staging is not used (ruling J.25).
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any

from rstage import rules
from rstage.messages.fhir import codes
from rstage.messages.fhir.elements import codings_of, words_of
from rstage.messages.fhir.meanings import meanings_of
from rstage.messages.fhir.notation import VALUES
from rstage.messages.fhir.words import HAS_R, has_doubt, has_timing
from rstage.messages.json_documents import REPEATED
from rstage.messages.json_values import as_dict, as_list, as_text
from rstage.reference.recurrence_words import has_recurrence_word

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from rstage.messages.fhir.blocks import Block
    from rstage.messages.json_places import Path
    from rstage.messages.json_values import JsonObject

# Read elsewhere: what they say is in the block.
_READ = VALUES.union(
    ("code", "component", "dataAbsentReason", "derivedFrom", "effectiveDateTime", "effectiveInstant"),
    ("effectivePeriod", "effectiveTiming", "extension", "focus", "hasMember", "method", "modifierExtension"),
    ("status", "subject", REPEATED),
)
# Of the record, of the act or of what it was made with: no part of what was found.
_AROUND = frozenset(
    (
        *("resourceType", "id", "meta", "language", "text", "contained", "identifier", "basedOn", "partOf"),
        *("category", "encounter", "issued", "performer", "specimen", "device"),
        # Further elements of R5.
        *("instantiatesCanonical", "instantiatesReference", "triggeredBy", "organizer"),
    )
)
_USUAL = _READ | _AROUND
# Where the words of what stands around a staging may name a recurrence.
_NAMING = frozenset(
    ("focus", "basedOn", "partOf", "category", "encounter", "specimen", "bodySite", "bodyStructure")
)
_TOLD = ("bodySite", "bodyStructure", "referenceRange")
_OF_COMPONENT = VALUES.union(("code", "dataAbsentReason", "extension", "id", "modifierExtension", REPEATED))
# An extension here is told: it is about what stands around the staging.
_EXTENSIONS_TOLD = _AROUND.union(("subject", "focus", "derivedFrom", "bodySite", "referenceRange"))
# Names that a path may show.
_SHOWN = _USUAL.union(
    _TOLD, ("coding", "value", "period", "start", "end", "display", "system", "reference", "note")
)
_FINAL = frozenset(("final", "amended", "corrected", "unknown"))
_OPEN = frozenset(("registered", "preliminary"))
_CATEGORIES = frozenset(
    (
        *("survey", "laboratory", "exam", "imaging", "procedure", "therapy", "social-history"),
        *("vital-signs", "activity"),
    )
)


def account(block: Block, data: JsonObject, known: Container[int]) -> None:
    """Tell or refuse everything in an Observation that was not read.

    Args:
        block: the Observation, which takes what is found.
        data: its resource.
        known: the numbers of the components that were read.
    """
    if not data.keys() <= _USUAL:
        _account_elements(block, data)
    if "status" in data and as_text(data["status"]) not in _FINAL:
        _account_status(block, as_text(data["status"]))
    if any(as_dict(one).get("resourceType") == "Observation" for one in as_list(data.get("contained"))):
        block.refuse("an Observation inside of it", ("contained",))
    if "category" in data:
        _account_category(block, data["category"])
    _account_code(block, data.get("code"), ("code",))
    for number, one in enumerate(as_list(data.get("component"))):
        _account_component(block, as_dict(one), ("component", number), is_known=number in known)
    if "component" in data and type(data["component"]) is not list:
        block.refuse("an element", ("component",))
    for name in _NAMING & data.keys():
        if any(map(has_recurrence_word, _names(data[name]))):
            block.say(rules.RECURRENCE_NAMED.at(), (name,))
    if block.has_extensions:
        _account_extensions(block, data)


def _names(given: Any) -> Iterator[str]:
    """Yield the words of references and concepts that stand around a staging."""
    for one in as_list(given) or [given]:
        yield as_text(as_dict(one).get("display"))
        yield from words_of(one)


def _account_elements(block: Block, data: JsonObject) -> None:
    for name in data.keys() - _USUAL:
        if name == "note":
            _account_notes(block, data[name])
        elif name in _TOLD:
            block.say(rules.LEFT_AS_IT_IS.at(what=f"the {name}"), (name,))
        elif name.startswith("_"):
            _account_primitive(block, name, data[name], ())
        elif name == "interpretation":
            block.refuse("an interpretation", (name,))
        else:
            block.refuse("an element", ())  # its name could be anything


def _account_status(block: Block, status: str) -> None:
    if status in _OPEN:
        block.say(rules.STATUS_OPEN.at(), ("status",))
        block.is_wrong = True
    else:
        block.refuse("a status", ("status",))


def _account_category(block: Block, categories: Any) -> None:
    for number, one in enumerate(as_list(categories)):
        given = {as_text(coding.get("code")) for coding in codings_of(one)}
        if not given <= _CATEGORIES or has_doubt(as_text(as_dict(one).get("text"))):
            block.say(rules.LEFT_AS_IT_IS.at(what="the category of the Observation"), ("category", number))


def _account_notes(block: Block, notes: Any) -> None:
    """Tell a remark; one with a category, or with words of timing, method or doubt, is no mere remark."""
    for number, one in enumerate(as_list(notes) or [notes]):
        text = as_text(as_dict(one).get("text"))
        where: Path = ("note", number)
        if HAS_R.search(text):
            block.say(rules.UNREAD_STAGING.at(element="a text of note"), where)
            block.refuse("a note", where)
        elif not text or has_doubt(text):
            block.refuse("a note", where)
        else:
            block.say(rules.LEFT_AS_IT_IS.at(what="a note"), where)


def _account_primitive(block: Block, name: str, value: Any, path: Path) -> None:
    """Account for what extends a plain value, such as `_valueString`."""
    for one in as_list(value) or [value]:
        if as_dict(one).keys() <= {"id"} and (one is None or type(one) is dict):
            continue
        if name[1:] in _AROUND:
            block.say(rules.LEFT_AS_IT_IS.at(what="an extension"), path)
        else:
            block.refuse("an extension of a value", path)


# ---------------------------------------------------------------- codes and components


def _account_code(block: Block, concept: Any, path: Path) -> None:
    """Account for what stands beside the code that says what an element is about."""
    text = as_text(as_dict(concept).get("text"))
    codings = codings_of(concept)
    is_of_value = not any(one.part in codes.SYMBOLS for one in meanings_of(concept))
    if HAS_R.search(text):
        block.say(rules.UNREAD_STAGING.at(element="a text of code"), path)
    if is_of_value and has_timing(text):
        block.refuse("a text of the code", path)
    for number, one in enumerate(codings):
        where = (*path, "coding", number)
        if codes.has_answers(as_text(one.get("system"))):
            continue
        if len(codings) < 2 or meanings_of({"coding": [one]}) or _is_of_tnm(one):
            if is_of_value and has_timing(as_text(one.get("display"))):
                block.refuse("a word of the code", where)
            continue
        if has_timing(as_text(one.get("display"))) or _is_other_concept(one):
            block.refuse("a code beside the code of the Observation", where)
        else:
            block.say(rules.LEFT_AS_IT_IS.at(what="a code beside the code of the Observation"), where)


def _is_of_tnm(coding: JsonObject) -> bool:
    """Return whether a code says no more than that something is of TNM."""
    return (as_text(coding.get("system")), as_text(coding.get("code"))) in codes.editions()


def _is_other_concept(coding: JsonObject) -> bool:
    """Return whether a code is a concept that qualifies: one of SNOMED CT, or a symbol of the staging."""
    key = (as_text(coding.get("system")), as_text(coding.get("code")))
    return key[0] == codes.SNOMED or key in codes.symbol_values() or codes.is_tnm_system(key[0])


def _account_component(block: Block, one: JsonObject, path: Path, *, is_known: bool) -> None:
    if not is_known:
        _account_unknown(block, one, path)
        return
    _account_code(block, one.get("code"), (*path, "code"))
    for name in one.keys() - _OF_COMPONENT:
        if name == "referenceRange":
            block.say(rules.LEFT_AS_IT_IS.at(what="a referenceRange"), (*path, name))
        elif name.startswith("_"):
            _account_primitive(block, name, one[name], path)
        elif name == "interpretation":
            block.refuse("an interpretation", (*path, name))
        else:
            block.refuse("an element of a component", path)


def _account_unknown(block: Block, one: JsonObject, path: Path) -> None:
    """Account for a component of no known code: what is measured is told, all else refused."""
    is_beside = any(map(codes.is_beside, codings_of(one.get("code"))))
    if is_measured(one) or (is_beside and not has_tnm(one)):
        block.say(rules.LEFT_AS_IT_IS.at(what="a component that is no part of TNM"), path)
    else:
        block.refuse("a component", path)
    block.accounted.update(where for where, _ in _extensions(one, path) if len(where) == len(path) + 2)


def is_measured(element: JsonObject) -> bool:
    """Return whether an element holds a measured value with a unit, and nothing beside it."""
    names = [name for name in element if name in VALUES]
    quantity = as_dict(element.get("valueQuantity"))
    unit = as_text(quantity.get("unit")) or as_text(quantity.get("code"))
    return (
        names == ["valueQuantity"]
        and type(quantity.get("value")) in (int, float)
        and unit not in ("", "1")
        and element.keys().isdisjoint(("modifierExtension", "interpretation", "note"))
    )


def has_tnm(element: JsonObject) -> bool:
    """Return whether a value is one of a symbol or of TNM."""
    concept = element.get("valueCodeableConcept")
    return (
        any(
            (as_text(one.get("system")), as_text(one.get("code"))) in codes.symbol_values()
            or codes.is_tnm_system(as_text(one.get("system")))
            for one in codings_of(concept)
        )
        or HAS_R.search(as_text(element.get("valueString"))) is not None
    )


# ---------------------------------------------------------------- extensions


def _account_extensions(block: Block, data: JsonObject) -> None:
    """Account for the extensions that stand where none is read."""
    for path, one in _extensions(data, ()):
        if path in block.accounted or any(path[: len(known)] == known for known in block.accounted):
            continue
        if codes.extension_kind(as_text(one.get("url"))) == "beside" or (
            path[0] in _EXTENSIONS_TOLD and "modifierExtension" not in path
        ):
            block.say(rules.LEFT_AS_IT_IS.at(what="an extension"), _shown(path))
        else:
            block.refuse("an extension", _shown(path))


def _shown(path: Path) -> Path:
    """Return a path as far as its names are those of elements; any other key could be anything."""
    return tuple(takewhile(lambda step: type(step) is int or step in _SHOWN, path))


def _extensions(value: Any, path: Path) -> Iterator[tuple[Path, JsonObject]]:
    """Yield every extension in a value, with the path to it; what is inside of one goes with it."""
    if type(value) is list:
        for number, one in enumerate(value):
            if type(one) in (list, dict):
                yield from _extensions(one, (*path, number))
    elif type(value) is dict:
        for name, one in value.items():
            if name in ("extension", "modifierExtension"):
                for number, inner in enumerate(as_list(one) or [one]):
                    yield (*path, name, number), as_dict(inner)
            elif type(one) in (list, dict) and not name.startswith("_") and name != "contained":
                yield from _extensions(one, (*path, name))
