"""The value of a FHIR Observation, or of one of its components, as notation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from rstage import rules
from rstage.messages.fhir import codes
from rstage.messages.fhir.blocks import Block, Said
from rstage.messages.fhir.elements import codings_of
from rstage.messages.json_values import as_dict, as_list, as_text
from rstage.reading.read import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rstage.messages.json_places import Path
    from rstage.messages.json_values import JsonObject
    from rstage.model.stage import Stage
    from rstage.reference.choices import FieldName

HAS_R = re.compile(r"\b[ya]?r ?[ya]?[cpu]?[TNM][0-4Xxia]")
"""A category with r, anywhere in a text."""

_OWN_METHOD = re.compile(r"[ryam]*([cpu])[ryam]*(?:[TNM]|Stage\b|[0-4IV])")
_N0 = re.compile(r"[ryacpum]*N ?0")
_COUNT = re.compile(r"\(?(m|[1-9][0-9]{0,2})\)?", re.ASCII)
_OTHER_VALUES = frozenset(
    f"value{kind}"
    for kind in (
        *("Quantity", "String", "Boolean", "Integer", "Range", "Ratio", "SampledData"),
        *("Time", "DateTime", "Period", "Reference"),
    )
)
# What is said without being a stage value.
_YES = "yes"
NO = "no"


def add_said(
    block: Block, element: JsonObject, meaning: codes.Meaning, path: Path, *, is_needed: bool
) -> None:
    """Add what an element says of its part; `is_needed` where a missing value is worth a finding."""
    part = meaning.part
    if part not in codes.IN_STAGING:
        block.said.append(Said(part, "", _letter(element), path))
        return
    count = block.errors
    timing = (
        modifiers(block, element, path) if "extension" in element or "modifierExtension" in element else ()
    )
    text, value_path = _value(block, element, part, path)
    is_wrong = block.errors > count
    if part in codes.SYMBOLS:
        _add_symbol(block, part, text, value_path, is_wrong=is_wrong)
        return
    if not text:
        if is_needed and not is_wrong and "dataAbsentReason" not in element:
            block.say(rules.VALUE_UNREADABLE.at(part=part), value_path)
            is_wrong = True
        if not is_wrong:
            block.said += [Said(mark, "", mark, value_path) for mark in timing]
            return
    own = _OWN_METHOD.match(text) if part in codes.CATEGORIES or part == "group" else None
    method = _method(block, element, meaning, path, text=text, own=own[1] if own else "")
    if method is None:
        is_wrong = True
    block.said.append(
        Said(
            part,
            method or "",
            text,
            value_path,
            own_method=own is not None,
            kind=meaning.method,
            is_wrong=is_wrong,
        )
    )
    block.said += [Said(mark, "", mark, value_path) for mark in timing]


def _letter(element: JsonObject) -> str:
    """Return the letter that says how the disease went on; codes of concepts stand beside it, or alone."""
    letters = [
        as_text(one.get("code"))
        for one in codings_of(element.get("valueCodeableConcept"))
        if as_text(one.get("system")) not in codes.CONCEPT_SYSTEMS
    ]
    return letters[0] if len(set(letters)) == 1 else ""


def _add_symbol(block: Block, part: str, text: str, path: Path, *, is_wrong: bool) -> None:
    """Add an r, y, a or m that is said; what says neither yes nor no is an error, so that none gets lost."""
    if part == "m":
        count = _COUNT.fullmatch(text)
        if count is not None:
            block.said.append(Said("m", "", "(m)" if count[1] in ("m", "1") else f"({count[1]})", path))
            return
        text = "(m)" if text == _YES else text
    if text.lower() in (part, _YES) or text == "(m)":
        block.said.append(Said(part, "", "(m)" if part == "m" else part, path))
    elif text in (NO, "9") and not is_wrong:
        block.said.append(Said(part, "", NO, path))
    else:
        if not is_wrong:
            block.say(rules.VALUE_UNREADABLE.at(part=part), path, text)
        block.said.append(Said(part, "", "", path, is_wrong=True))


def modifiers(block: Block, element: JsonObject, path: Path) -> list[str]:
    """Return the timing that extensions give to a category (MII from 2027 on)."""
    timing = []
    for name in ("modifierExtension", "extension"):
        for number, one in enumerate(as_list(element.get(name))):
            url = as_text(as_dict(one).get("url"))
            mark = url.removeprefix(codes.MII_EXTENSION).removesuffix("-praefix")
            if url.startswith(codes.MII_EXTENSION) and mark in codes.TIMING:
                if not _is_yes(as_dict(one), mark):
                    block.say(rules.VALUE_UNREADABLE.at(part=mark), (*path, name, number))
                    block.is_wrong = True
                timing.append(mark)
            elif name == "modifierExtension":
                block.say(rules.VALUE_UNREADABLE.at(part=block.part or "a part"), (*path, name, number))
    return timing


def _is_yes(extension: JsonObject, mark: str) -> bool:
    """Return whether an extension for a mark holds the mark itself, and not its contrary."""
    if extension.get("valueBoolean") is True or extension.get("valueCode") == mark:
        return True
    concept = as_dict(extension.get("valueCodeableConcept"))
    codings = [*as_list(concept.get("coding")), extension.get("valueCoding")]
    given = [(as_text(as_dict(one).get("system")), as_text(as_dict(one).get("code"))) for one in codings]
    return any(
        code.lower() == mark or codes.symbol_values().get((system, code)) == mark for system, code in given
    )


def _method(
    block: Block, element: JsonObject, meaning: codes.Meaning, path: Path, *, text: str, own: str
) -> str | None:
    """Return c, p or u, blank where it is not said, None where two sources contradict each other."""
    added, where = _prefix_extension(element, path)
    if added is None:
        block.say(rules.VALUE_UNREADABLE.at(part=meaning.part), where)
        return None
    if not added and not own:
        return meaning.method
    coded = meaning.method
    if path and added:
        # The code of a component names the profile only: one that is not clinical makes all pathological.
        coded = ""
    if coded == "c" and added == "u":
        coded = ""
    if coded == "p" and own == "c" and (meaning.part == "M" or _N0.match(text)):
        coded = ""
    stated = list(dict.fromkeys(one for one in (own, added, coded) if one))
    if coded == "c" and stated[:1] == ["u"]:
        stated.remove("c")
    if len(stated) > 1:
        block.say(
            rules.METHOD_CONTRADICTS.at(part=meaning.part, first=stated[0], second=stated[1]),
            path or ("code",),
        )
        return None
    return stated[0] if stated else ""


def _prefix_extension(element: JsonObject, path: Path) -> tuple[str | None, Path]:
    """Return the letter of the extension for the prefix; None where it holds something else."""
    code = as_dict(element.get("code"))
    if "extension" not in code and "extension" not in element:
        return "", path
    inside = ("code", "extension"), as_list(code.get("extension"))
    for names, extensions in (inside, (("extension",), as_list(element.get("extension")))):
        for number, one in enumerate(extensions):
            url = as_text(as_dict(one).get("url"))
            if url == f"{codes.MII_EXTENSION}cp-praefix" or url.endswith(codes.COMPONENT_PREFIX):
                coding = one.get("valueCoding") or next(
                    iter(codings_of(one.get("valueCodeableConcept"))), None
                )
                letter = as_text(as_dict(coding).get("code"))
                return (letter if letter in ("c", "p", "u") else None), (*path, *names, number)
    return "", path


def _value(block: Block, element: JsonObject, part: str, path: Path) -> tuple[str, Path]:
    """Return the value of an element as notation, and where it stands; blank where it has none."""
    if _OTHER_VALUES.isdisjoint(element):
        value = element.get("valueCodeableConcept")
        if type(value) is dict:
            return _concept(block, value, part, (*path, "valueCodeableConcept"))
    names = [name for name in element if name in _OTHER_VALUES or name == "valueCodeableConcept"]
    if not names:
        return "", path
    where = (*path, names[0])
    value = element[names[0]]
    if len(names) == 1 and names[0] == "valueString" and type(value) is str:
        return value.strip(), where
    if len(names) == 1 and part in codes.SYMBOLS and type(value) in (bool, int):
        return (_YES if value else NO) if type(value) is bool else str(value), where
    rule = rules.TWO_VALUES.at(what=part) if len(names) > 1 else rules.VALUE_UNREADABLE.at(part=part)
    block.say(rule, where)
    return "", where


def _concept(block: Block, concept: JsonObject, part: str, path: Path) -> tuple[str, Path]:
    """Return the notation of a CodeableConcept; all its codes and its text have to say the same."""
    plain = _plain_code(concept, part)
    if plain:
        return plain, (*path, "coding", 0, "code")
    found = list(_codes_in(block, concept, part, path))
    text = as_text(concept.get("text"))
    if text and (not found or _says_stage(text, part)):
        found.append((text, (*path, "text")))
    elif text and text != found[0][0]:
        block.say(rules.LEFT_AS_IT_IS.at(what="a text beside a code"), (*path, "text"), text)
    if not found:
        if concept.get("coding"):
            block.say(rules.VALUE_UNREADABLE.at(part=part), path)
        return "", path
    value, where = found[0]
    for other, place in found[1:]:
        if not is_same(part, value, other):
            block.say(rules.TWO_VALUES.at(what=part), place, other)
            return "", path
    return (value + "".join(_suffixes(concept)) if "extension" in concept else value), where


def _codes_in(block: Block, concept: JsonObject, part: str, path: Path) -> Iterator[tuple[str, Path]]:
    """Yield each code that is notation, or says yes to a symbol; an r that only its words say is reported."""
    codings = codings_of(concept)
    has_r = any("r" in as_text(one.get("code")) for one in codings)
    for number, given in enumerate(codings):
        if part in codes.STAGE_PARTS and not has_r and HAS_R.search(as_text(given.get("display"))):
            block.say(rules.TWO_VALUES.at(what=part), (*path, "coding", number))
        system, code = as_text(given.get("system")), as_text(given.get("code"))
        where = (*path, "coding", number, "code")
        if codes.symbol_values().get((system, code)) == part:
            yield part, where
        elif code and system not in codes.CONCEPT_SYSTEMS:
            yield code, where
        elif code and part in codes.TIMING:
            # Beside a yes it contradicts, and alone it says neither.
            yield code, where


def _stage(text: str, part: str) -> Stage | None:
    """Return the stage that one of `STAGE_PARTS` says."""
    return read(text, field=cast("FieldName", part), dialect="obds").stage


def _says_stage(text: str, part: str) -> bool:
    """Return whether a text beside a code is a value of its own, and no remark."""
    return part in codes.STAGE_PARTS and (HAS_R.search(text) is not None or _stage(text, part) is not None)


def _plain_code(concept: JsonObject, part: str) -> str:
    """Return the notation of a concept that has one code and no more, as most do."""
    codings = concept.get("coding")
    if len(concept) != 1 or type(codings) is not list or len(codings) != 1 or part in codes.SYMBOLS:
        return ""
    coding = codings[0]
    if (
        type(coding) is not dict
        or "display" in coding
        or as_text(coding.get("system")) in codes.CONCEPT_SYSTEMS
    ):
        return ""
    return as_text(coding.get("code"))


def _suffixes(concept: JsonObject) -> Iterator[str]:
    """Yield what the extensions of a value say that stands behind it."""
    for extension in as_list(concept.get("extension")):
        if as_text(as_dict(extension).get("url")).startswith(codes.MII_EXTENSION):
            for coding in codings_of(extension.get("valueCodeableConcept")):
                if code := as_text(coding.get("code")):
                    yield f"({code})"


def is_same(part: str, one: str, other: str) -> bool:
    """Return whether two texts are the same value of a part, in other spellings."""
    if one == other or part not in codes.STAGE_PARTS:
        return one == other
    stages = [_stage(text, part) for text in (one, other)]
    return stages[0] is not None and stages[0] == stages[1]
