"""The value of a CodeableConcept as notation: its codes, their words and its text have to say the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from rstage import rules
from rstage.messages.fhir import codes
from rstage.messages.fhir.elements import codings_of
from rstage.messages.fhir.words import (
    HAS_R,
    has_doubt,
    has_timing,
    notation_in,
    says_nothing,
    stage_of,
    symbol_in,
)
from rstage.messages.json_values import as_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rstage.messages.fhir.blocks import Block
    from rstage.messages.json_places import Path
    from rstage.messages.json_values import JsonObject
    from rstage.model.stage import Stage

_OCCULT = "okk"
"""The code of MII for an occult tumor, whose words are those of another group."""

_CONCEPT = frozenset(("coding", "text", "id", "extension"))
_CODING = frozenset(("system", "version", "code", "display", "userSelected", "id", "extension"))


class Value(NamedTuple):
    """The value of an element.

    Attributes:
        text: as notation; blank where there is none. path: leads to it, or to the element that has none.
        methods, timing: what further codes of the same value say of it.
        is_absent: whether it says that there is none.
    """

    text: str
    path: Path
    methods: frozenset[str] = frozenset()
    timing: frozenset[str] = frozenset()
    is_absent: bool = False


def concept_value(block: Block, concept: JsonObject, part: str, path: Path, suffixes: str = "") -> Value:
    """Return the notation of a CodeableConcept.

    Args:
        block: the Observation, which takes what is found.
        concept: the concept.
        part: what it is a value of.
        path: leads to it.
        suffixes: what extensions say that stands behind it.
    """
    plain = _plain_code(concept, part)
    if plain:
        return Value(plain + suffixes, (*path, "coding", 0, "code"))
    for where in _strange(concept, path):
        block.refuse("an element of the value", where)
    if part in codes.SYMBOLS:
        return _symbol(block, concept, part, path)
    return _Reader(block, part, path, suffixes).value(concept)


def _plain_code(concept: JsonObject, part: str) -> str:
    """Return the notation of a concept that has one code and no more, as most do."""
    codings = concept.get("coding")
    if len(concept) != 1 or type(codings) is not list or len(codings) != 1 or part in codes.SYMBOLS:
        return ""
    coding = codings[0]
    if type(coding) is not dict or coding.keys() - {"system", "code", "version"}:
        return ""
    system = as_text(coding.get("system"))
    return "" if system in codes.CONCEPT_SYSTEMS or codes.has_answers(system) else as_text(coding.get("code"))


def _strange(concept: JsonObject, path: Path) -> Iterator[Path]:
    """Yield the paths to what a concept or one of its codings cannot hold."""
    if not concept.keys() <= _CONCEPT:
        yield path
    for number, coding in enumerate(codings_of(concept)):
        if any(not name.startswith(("_", "\0")) for name in coding.keys() - _CODING):
            yield (*path, "coding", number)


# ---------------------------------------------------------------- values of a stage


class _Reader:
    """Reads one value: each code and text of it, and what they say beside the first."""

    def __init__(self, block: Block, part: str, path: Path, suffixes: str) -> None:
        self._block = block
        self._part = part
        self._path = path
        self._suffixes = suffixes
        self._unknown: list[tuple[Path, JsonObject]] = []
        self._is_told = False

    def value(self, concept: JsonObject) -> Value:
        block, part, path = self._block, self._part, self._path
        found = list(self._codes(codings_of(concept)))
        found += self._words_of_text(as_text(concept.get("text")), bool(found))
        if not found:
            return self._without()
        self._refuse_unknown()
        text, where = found[0]
        first = stage_of(text + self._suffixes, part) or stage_of(text, part)
        methods: set[str] = set()
        timing: set[str] = set()
        for other, place in found[1:]:
            second = stage_of(other, part)
            if other != text and not self._agree(text, first, second):
                block.say(rules.TWO_VALUES.at(what=part), place, other)
                return Value("", path)
            if first is not None and second is not None:
                methods |= _methods(second, part)
                timing |= _timing(second, part) - _timing(first, part)
        return Value(text + self._suffixes, where, frozenset(methods), frozenset(timing))

    def _codes(self, codings: list[JsonObject]) -> Iterator[tuple[str, Path]]:
        """Yield each code that is notation or stands for it, and what its words say."""
        has_r = any("r" in as_text(one.get("code")) for one in codings)
        for number, given in enumerate(codings):
            where = (*self._path, "coding", number)
            words = as_text(given.get("display"))
            text = self._code(given, is_only=len(codings) == 1)
            said = notation_in(words, self._part) if words and given.get("code") != _OCCULT else ""
            if text and said and stage_of(text, self._part) is None:
                text = ""  # a number whose words are the notation
            if not has_r and not said and HAS_R.search(words):
                self._block.say(rules.TWO_VALUES.at(what=self._part), where)
            elif text and not said and has_timing(words):
                self._block.refuse("a word of the value", where)
            if text:
                yield text, (*where, "code")
            elif said and not self._is_told:
                self._is_told = True
                self._block.say(rules.READ_FROM_WORDS.at(part=self._part), (*where, "display"))
            if said:
                yield said, (*where, "display")
            elif not text and (given.get("code") or words):
                self._unknown.append((where, given))

    def _code(self, given: JsonObject, *, is_only: bool) -> str:
        """Return the notation of a code; blank where it is none."""
        system, code = as_text(given.get("system")), as_text(given.get("code"))
        if system == codes.SNOMED and code in codes.concept_values():
            part, text = codes.concept_values()[code]
            return text if part == self._part else ""
        if not code or system in codes.CONCEPT_SYSTEMS or codes.has_answers(system):
            return ""
        is_known = not system or codes.is_tnm_system(system)
        # A single code of another system is notation, or the grammar says why it is none.
        return code if is_known or is_only or stage_of(code, self._part) is not None else ""

    def _words_of_text(self, text: str, has_codes: bool) -> list[tuple[str, Path]]:
        where = (*self._path, "text")
        if not text:
            return []
        said = notation_in(text, self._part)
        if said or not has_codes:
            return [(said or text, where)]
        if HAS_R.search(text):
            return [(text, where)]
        if has_doubt(text):
            self._block.refuse("a text beside the value", where)
        else:
            self._block.say(rules.LEFT_AS_IT_IS.at(what="a text beside a code"), where, text)
        return []

    def _without(self) -> Value:
        if self._unknown and all(says_nothing(as_text(one.get("display"))) for _, one in self._unknown):
            self._block.say(rules.LEFT_AS_IT_IS.at(what="an answer that there is none"), self._path)
            return Value("", self._path, is_absent=True)
        if self._unknown:
            self._block.say(rules.VALUE_UNREADABLE.at(part=self._part), self._path)
        return Value("", self._path)

    def _refuse_unknown(self) -> None:
        for where, given in self._unknown:
            if codes.has_answers(as_text(given.get("system"))):
                self._block.say(rules.LEFT_AS_IT_IS.at(what="a code beside the value"), where)
            else:
                self._block.refuse("a code beside the value", where)

    def _agree(self, text: str, first: Stage | None, second: Stage | None) -> bool:
        """Return whether two values are the same but for the method and timing that one of them names."""
        if second is None:
            return False
        plain = stage_of(text, self._part)
        given = [_plain(one, self._part) for one in (first, plain) if one is not None]
        if _plain(second, self._part) not in given or first is None:
            return False
        methods = [_methods(one, self._part) for one in (first, second)]
        # Without a method of its own a code is of either; an r has to stand in both.
        return (not all(methods) or methods[0] == methods[1]) and (
            "r" not in _timing(first, self._part) ^ _timing(second, self._part)
        )


def _said(stage: Stage, part: str) -> Any:
    return {"T": stage.t, "N": stage.n, "M": stage.m, "group": stage.group}.get(part)


def _plain(stage: Stage, part: str) -> object:
    """Return a value without its method and timing."""
    found = _said(stage, part)
    return replace(found, method=None, timing=frozenset()) if found is not None else stage


def _methods(stage: Stage, part: str) -> frozenset[str]:
    found = _said(stage, part)
    return frozenset({str(found.method)}) if found is not None and found.method is not None else frozenset()


def _timing(stage: Stage, part: str) -> frozenset[str]:
    found = _said(stage, part)
    return frozenset(map(str, found.timing)) if found is not None else frozenset()


# ---------------------------------------------------------------- symbols


def _symbol(block: Block, concept: JsonObject, part: str, path: Path) -> Value:
    """Return what a concept says of a symbol: the symbol itself, or a text that says neither yes nor no."""
    found = [
        (said, (*path, "coding", number, "code"))
        for number, given in enumerate(codings_of(concept))
        if (said := _symbol_of(given, part))
    ]
    text = as_text(concept.get("text"))
    if text and not found:
        found.append((text, (*path, "text")))
    elif text and text != found[0][0]:
        block.say(rules.LEFT_AS_IT_IS.at(what="a text beside a code"), (*path, "text"), text)
    if not found:
        if concept.get("coding"):
            block.say(rules.VALUE_UNREADABLE.at(part=part), path)
        return Value("", path)
    for other, place in found[1:]:
        if other != found[0][0]:
            block.say(rules.TWO_VALUES.at(what=part), place, other)
            return Value("", path)
    return Value(*found[0])


def _symbol_of(given: JsonObject, part: str) -> str:
    """Return what a code says of a symbol; blank where it says nothing of it."""
    system, code = as_text(given.get("system")), as_text(given.get("code"))
    if codes.symbol_values().get((system, code)) == part:
        return part
    if codes.has_answers(system):
        return symbol_in(as_text(given.get("display"))) or code
    return code  # a concept beside a yes contradicts it, and alone it says neither


def is_same(part: str, one: str, other: str) -> bool:
    """Return whether two texts are the same value of a part, in other spellings."""
    if one == other or part not in codes.STAGE_PARTS:
        return one == other
    stages = [stage_of(text, part) for text in (one, other)]
    return stages[0] is not None and stages[0] == stages[1]
