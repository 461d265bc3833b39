"""The extensions of an Observation or a component: what they say of its part of the stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from rstage import rules
from rstage.messages.fhir import codes
from rstage.messages.fhir.elements import codings_of
from rstage.messages.json_values import as_dict, as_list, as_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rstage.messages.fhir.blocks import Block
    from rstage.messages.json_places import Path
    from rstage.messages.json_values import JsonObject

_LISTS = ("modifierExtension", "extension")
_CODING = frozenset(("system", "version", "code", "display", "userSelected", "id"))
_INSIDE = ("code", "valueCodeableConcept")


class Extended(NamedTuple):
    """What the extensions of an element say.

    Attributes:
        method: c, p or u; blank where they say none.
        timing: r, y and a.
        suffixes: as notation, such as `(i+)(sn)`.
        is_absent: whether the value is missing for a reason.
        is_wrong: whether one of them makes the Observation unusable.
    """

    method: str = ""
    timing: tuple[str, ...] = ()
    suffixes: str = ""
    is_absent: bool = False
    is_wrong: bool = False


_NOTHING = Extended()


def extended(block: Block, element: JsonObject, path: Path, part: str) -> Extended:
    """Return what the extensions of an element say of its part; each is noted as accounted for.

    Args:
        block: the Observation, which takes what is found.
        element: the Observation itself, or a component.
        path: leads to the element.
        part: what the element is about; blank where it is only about its components.
    """
    if not block.has_extensions:
        return _NOTHING
    made, count = _NOTHING, block.errors
    for where, one in extensions_of(element, path):
        block.accounted.add(where)
        made = _with(block, made, one, where, part)
    return (
        made._replace(is_wrong=block.errors > count) if made is not _NOTHING or block.errors > count else made
    )


def extensions_of(element: JsonObject, path: Path) -> Iterator[tuple[Path, JsonObject]]:
    """Yield the extensions of an element, of its code and of its value."""
    for name in _LISTS:
        for number, one in enumerate(as_list(element.get(name))):
            yield (*path, name, number), as_dict(one)
    for inside in _INSIDE:
        concept = as_dict(element.get(inside))
        for number, one in enumerate(as_list(concept.get("extension"))):
            yield (*path, inside, "extension", number), as_dict(one)
        for place, coding in enumerate(codings_of(concept)):
            for number, one in enumerate(as_list(coding.get("extension"))):
                yield (*path, inside, "coding", place, "extension", number), as_dict(one)


def _with(block: Block, made: Extended, one: JsonObject, where: Path, part: str) -> Extended:
    kind = codes.extension_kind(as_text(one.get("url")))
    if not _is_plain(one) or (not part and kind in ("method", "suffix")):
        kind = ""
    if kind in codes.TIMING:
        if not _is_yes(one, kind):
            block.say(rules.VALUE_UNREADABLE.at(part=kind), where)
            block.is_wrong = True
        return made._replace(timing=(*made.timing, kind))
    if kind == "method":
        return _with_method(block, made, _letters(one), where, part)
    if kind == "suffix":
        found = _letters(one)
        if not found:
            block.say(rules.VALUE_UNREADABLE.at(part=part), where)
        return made._replace(suffixes=made.suffixes + "".join(f"({text.strip('()')})" for text in found))
    if kind == "absent":
        return made._replace(is_absent=True)
    _account(block, one, kind, where, part)
    return made


def _is_plain(extension: JsonObject) -> bool:
    """Return whether an extension holds its address and a value, and nothing more inside of it."""
    concept = as_dict(extension.get("valueCodeableConcept"))
    inside = [*codings_of(concept), as_dict(extension.get("valueCoding"))]
    return (
        len(extension.keys() - {"url", "id"}) <= 1
        and concept.keys() <= {"coding", "text", "id"}
        and all(one.keys() <= _CODING for one in inside)
    )


def _account(block: Block, one: JsonObject, kind: str, where: Path, part: str) -> None:
    """Account for an extension that says nothing of the value itself."""
    if kind == "edition":
        _add_edition(block, _letters(one), where)
    elif kind == "beside":
        block.say(rules.LEFT_AS_IT_IS.at(what="an extension"), where)
    elif kind == "link" or (kind == "first" and one.get("valueBoolean") is True):
        return
    elif "modifierExtension" in where[-2:]:
        block.say(rules.VALUE_UNREADABLE.at(part=part or "a part"), where)
        block.is_wrong = True
    else:
        block.refuse("an extension", where)


def _with_method(block: Block, made: Extended, found: list[str], where: Path, part: str) -> Extended:
    if len(set(found)) != 1 or found[0] not in ("c", "p", "u"):
        block.say(rules.VALUE_UNREADABLE.at(part=part), where)
    elif made.method not in ("", found[0]):
        block.say(rules.METHOD_CONTRADICTS.at(part=part, first=made.method, second=found[0]), where)
    else:
        return made._replace(method=found[0])
    return made


def _add_edition(block: Block, found: list[str], where: Path) -> None:
    version = found[0].rpartition(" ")[2].rstrip(".") if len(found) == 1 else ""
    if not (version.isdecimal() and version.isascii() and version in "123456789"):
        block.say(rules.EDITION_UNKNOWN.at(), where)
    else:
        block.named_edition = f"UICC {version}"


def _letters(extension: JsonObject) -> list[str]:
    """Return what an extension holds: the codes of a concept, a code or a text."""
    concept = codings_of(extension.get("valueCodeableConcept"))
    given = [as_text(one.get("code")) for one in (*concept, as_dict(extension.get("valueCoding")))]
    given += [as_text(extension.get(name)) for name in ("valueCode", "valueString")]
    return [one for one in given if one]


def _is_yes(extension: JsonObject, mark: str) -> bool:
    """Return whether an extension for a mark holds the mark itself, and not its contrary."""
    if extension.get("valueBoolean") is True or extension.get("valueCode") == mark:
        return True
    concept = as_dict(extension.get("valueCodeableConcept"))
    codings: list[Any] = [*as_list(concept.get("coding")), extension.get("valueCoding")]
    given = [(as_text(as_dict(one).get("system")), as_text(as_dict(one).get("code"))) for one in codings]
    return any(
        code.lower() == mark or codes.symbol_values().get((system, code)) == mark for system, code in given
    )
