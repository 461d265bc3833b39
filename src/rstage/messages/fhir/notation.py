"""What a FHIR Observation, or one of its components, says of its part of a stage."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from rstage import rules
from rstage.messages.fhir import codes
from rstage.messages.fhir.blocks import Block, Said
from rstage.messages.fhir.concepts import Value, concept_value
from rstage.messages.fhir.elements import codings_of
from rstage.messages.fhir.extensions import Extended, extended
from rstage.messages.fhir.words import says_nothing, symbol_in
from rstage.messages.json_values import as_dict, as_text

if TYPE_CHECKING:
    from rstage.messages.json_places import Path
    from rstage.messages.json_values import JsonObject

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
VALUES = _OTHER_VALUES.union(("valueCodeableConcept",))
# What is said without being a stage value.
_YES = "yes"
NO = "no"
_R_UNKNOWN = "U"
"""The code of MII for a residual tumor of which nothing is known."""


def add_said(
    block: Block, element: JsonObject, meaning: codes.Meaning, path: Path, *, is_needed: bool
) -> None:
    """Add what an element says of its part; `is_needed` where a missing value is worth a finding."""
    part = meaning.part
    if part not in codes.OF_STAGING:
        block.said.append(Said(part, "", _letter(element), path))
        return
    count = block.errors
    more = extended(block, element, path, part)
    if part == codes.PREFIX:
        part = _prefix_part(element)
    if part == codes.DESCRIPTOR_LIST:
        _add_list(block, element, path)
        return
    value = _value(block, element, part, path, more.suffixes)
    is_absent = more.is_absent or "dataAbsentReason" in element
    if is_absent:
        _note_absent(block, value, path)
    is_wrong = block.errors > count
    if part in codes.COUNTS or part in codes.METHODS:
        _add_beside(block, part, value, is_absent=is_absent, is_wrong=is_wrong)
    elif part in codes.SYMBOLS:
        if not (is_absent and not value.text):
            _add_symbol(block, meaning._replace(part=part), value, is_wrong=is_wrong)
    else:
        is_needed = is_needed and not is_absent
        system = _system(block, element, path) if part == "group" else ""
        _Given(block, meaning, path, more, value, system).add(is_needed=is_needed, is_wrong=is_wrong)


def _system(block: Block, element: JsonObject, path: Path) -> str:
    """Return the system of a group other than TNM, which its method or the system of its code names."""
    given = codings_of(element.get("valueCodeableConcept"))
    found = {codes.system_of_values(as_text(one.get("system"))) for one in given} - {"", block.system}
    if not found:
        return block.system
    if len(found) > 1 or block.system or block.edition.startswith(("AJCC", "UICC")):
        block.say(rules.TWO_VALUES.at(what="the system"), (*path, "valueCodeableConcept"))
        block.is_wrong = True
    return max(found)


def _note_absent(block: Block, value: Value, path: Path) -> None:
    where = (*path, "dataAbsentReason")
    if value.text:
        block.refuse("a reason why the value is missing, beside a value", where)
    else:
        block.say(rules.LEFT_AS_IT_IS.at(what="a value that is missing for a reason"), where)


class _Given(NamedTuple):
    """What an element says of a category, a group or a descriptor, in its several places."""

    block: Block
    meaning: codes.Meaning
    path: Path
    more: Extended
    value: Value
    system: str

    def add(self, *, is_needed: bool, is_wrong: bool) -> None:
        """Add the value with its method and timing; `is_needed` where a missing one is worth a finding."""
        block, value, part, text = self.block, self.value, self.meaning.part, self.value.text
        if part == "R" and text == _R_UNKNOWN:
            block.say(rules.LEFT_AS_IT_IS.at(what="a residual tumor that is not known"), value.path)
            return
        marks = [Said(mark, "", mark, value.path) for mark in (*self.more.timing, *sorted(value.timing))]
        if not text:
            if is_needed and not is_wrong and not value.is_absent:
                block.say(rules.VALUE_UNREADABLE.at(part=part), value.path)
                is_wrong = True
            if not is_wrong:
                block.said += marks
                return
        own = own_method(text) if part in codes.CATEGORIES or part == "group" else ""
        method = self._method(own)
        is_wrong = is_wrong or method is None or self.more.is_wrong
        system = self.system
        kind = self.meaning.method
        block.said.append(
            Said(part, method or "", text, value.path, bool(own), kind, is_wrong=is_wrong, system=system)
        )
        block.said += marks

    def _method(self, own: str) -> str | None:
        """Return c, p or u, blank where it is not said, None where two sources contradict each other."""
        part, coded, added = self.meaning.part, self.meaning.method, self.more.method
        others = sorted(self.value.methods - {own})
        if not own and added == "u":
            others = [
                one for one in others if one != "c"
            ]  # a code of values says c where ultrasound found it
        if not added and not own and not others:
            return coded
        if self.path and added:
            # The code of a component names the profile only: one that is not clinical makes all pathological.
            coded = ""
        if coded == "c" and added == "u":
            coded = ""
        if coded == "p" and "c" in (own, *others) and (part == "M" or _N0.match(self.value.text)):
            coded = ""
        stated = list(dict.fromkeys(one for one in (own, added, *others, coded) if one))
        if coded == "c" and stated[:1] == ["u"]:
            stated.remove("c")
        if len(stated) > 1:
            found = rules.METHOD_CONTRADICTS.at(part=part, first=stated[0], second=stated[1])
            self.block.say(found, self.path or ("code",))
            return None
        return stated[0] if stated else ""


def own_method(text: str) -> str:
    """Return the c, p or u that the notation of a category or group names itself; blank without one."""
    found = _OWN_METHOD.match(text)
    return found[1] if found else ""


def _letter(element: JsonObject) -> str:
    """Return the letter that says how the disease went on; codes of concepts stand beside it, or alone."""
    letters = [
        as_text(one.get("code"))
        for one in codings_of(element.get("valueCodeableConcept"))
        if as_text(one.get("system")) not in codes.CONCEPT_SYSTEMS
    ]
    return letters[0] if len(set(letters)) == 1 else ""


# ---------------------------------------------------------------- symbols, counts and methods


def _prefix_part(element: JsonObject) -> str:
    """Return which symbol an element is about that has the code of either; r where it says neither."""
    given = codings_of(element.get("valueCodeableConcept"))
    said = {as_text(one.get("code")).lower() for one in given} | {as_text(element.get("valueString")).lower()}
    known = {
        codes.symbol_values().get((as_text(one.get("system")), as_text(one.get("code")))) for one in given
    }
    return "y" if "y" in said | known else "r"


def _add_symbol(block: Block, meaning: codes.Meaning, value: Value, *, is_wrong: bool) -> None:
    """Add an r, y, a or m that is said; what says neither yes nor no is an error, so that none gets lost."""
    part, text, path = meaning.part, value.text, value.path
    kind = meaning.method
    if part == "m":
        count = _COUNT.fullmatch(text)
        if count is not None:
            text = "(m)" if count[1] in ("m", "1") else f"({count[1]})"
            block.said.append(Said("m", "", text, path, kind=kind))
            return
        text = "(m)" if text == _YES else text
    if text.lower() in (part, _YES) or text == "(m)":
        block.said.append(Said(part, "", "(m)" if part == "m" else part, path, kind=kind))
    elif text in (NO, "9") and not is_wrong:
        block.said.append(Said(part, "", NO, path, kind=kind))
    else:
        if not is_wrong:
            block.say(rules.VALUE_UNREADABLE.at(part=part), path, text)
        block.said.append(Said(part, "", "", path, is_wrong=True))


def _add_list(block: Block, element: JsonObject, path: Path) -> None:
    """Add the symbols that a question of a checklist is answered with; no answer is no symbol."""
    concept = as_dict(element.get("valueCodeableConcept"))
    for number, one in enumerate(codings_of(concept)):
        add_answer(block, as_text(one.get("display")), (*path, "valueCodeableConcept", "coding", number))
    for name in ("valueString",):
        if name in element:
            add_answer(block, as_text(element[name]), (*path, name))
    if not concept.get("coding") and concept.get("text"):
        add_answer(block, as_text(concept["text"]), (*path, "valueCodeableConcept", "text"))


def add_answer(block: Block, words: str, path: Path) -> None:
    """Add the symbol that an answer of a checklist gives."""
    symbol = symbol_in(words)
    if symbol:
        block.said.append(Said(symbol, "", "(m)" if symbol == "m" else symbol, path))
    elif says_nothing(words):
        block.say(rules.LEFT_AS_IT_IS.at(what="an answer that there is none"), path)
    else:
        block.refuse("an answer", path)


def _add_beside(block: Block, part: str, value: Value, *, is_absent: bool, is_wrong: bool) -> None:
    """Add a count of lymph nodes, or the method of a category that stands apart."""
    is_good = value.text.isdecimal() if part in codes.COUNTS else value.text in ("c", "p", "u")
    if is_good:
        block.said.append(Said(part, "", value.text, value.path))
    elif not (is_absent and not value.text):
        if not is_wrong:
            block.say(rules.VALUE_UNREADABLE.at(part=part.replace("_", " of the ")), value.path)
        block.said.append(Said(part, "", "", value.path, is_wrong=True))


# ---------------------------------------------------------------- the value


def _value(block: Block, element: JsonObject, part: str, path: Path, suffixes: str) -> Value:
    """Return the value of an element as notation; blank where it has none."""
    if _OTHER_VALUES.isdisjoint(element):
        value = element.get("valueCodeableConcept")
        if type(value) is dict:
            return concept_value(block, value, part, (*path, "valueCodeableConcept"), suffixes)
    names = [name for name in element if name in VALUES]
    if not names:
        return Value("", path)
    where = (*path, names[0])
    text = _plain_text(part, names[0], element[names[0]]) if len(names) == 1 else None
    if text is not None:
        return Value(text + suffixes if text else "", where)
    rule = rules.TWO_VALUES.at(what=part) if len(names) > 1 else rules.VALUE_UNREADABLE.at(part=part)
    block.say(rule, where)
    return Value("", where)


def _plain_text(part: str, name: str, value: Any) -> str | None:
    """Return a value that is no concept as text; None where it is none that can be."""
    if name == "valueString" and type(value) is str:
        return value.strip()
    if part in codes.SYMBOLS and type(value) is bool:
        return _YES if value else NO
    if name == "valueQuantity" and (part in codes.COUNTS or part == "m"):
        quantity = as_dict(value)
        value = quantity.get("value") if "comparator" not in quantity else None
        value = int(value) if type(value) is float and value.is_integer() else value
    if type(value) is int and value >= 0 and (part in codes.SYMBOLS or part in codes.COUNTS):
        return str(value)
    return None
