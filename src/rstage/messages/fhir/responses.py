"""A staging that the answers of a questionnaire give: checklists of pathology ask for T, N, M and symbols.

A question is known by its words, as those of the checklists of the CAP are. What stands beside such questions
in the same section belongs to the staging: words there that may change what it means make it unusable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from rstage import rules
from rstage.messages.fhir import codes
from rstage.messages.fhir.blocks import Block, Said
from rstage.messages.fhir.circumstances import day
from rstage.messages.fhir.concepts import Value, concept_value
from rstage.messages.fhir.elements import reference_of
from rstage.messages.fhir.notation import add_answer, own_method
from rstage.messages.fhir.words import (
    HAS_CATEGORY,
    asked_in,
    has_doubt,
    has_timing,
    named_edition,
    question,
    symbol_in,
)
from rstage.messages.json_values import as_dict, as_list, as_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rstage.messages.fhir.blocks import Resource
    from rstage.messages.json_places import Path
    from rstage.messages.json_values import JsonObject

RESPONSE = "QuestionnaireResponse"
_HOLDS = ("completed", "amended")
_ITEM = frozenset(("linkId", "definition", "text", "answer", "id"))
_ANSWER = frozenset(("valueCoding", "valueString", "id"))


class Question(NamedTuple):
    """A question of a staging that was answered.

    Attributes:
        item: the question with its answers. path: leads to it.
        meaning: what it is about. section: leads to the item that it stands in.
        title: the words of that item.
    """

    item: JsonObject
    path: Path
    meaning: codes.Meaning
    section: Path
    title: str


def questions(items: Any, section: Path = (), title: str = "") -> Iterator[Question]:
    """Yield the questions of a staging that were answered, wherever they stand."""
    for number, one in enumerate(as_list(items)):
        item, path = as_dict(one), (*section, "item", number)
        words = as_text(item.get("text"))
        meaning = asked_in(words)
        if meaning is not None and as_list(item.get("answer")):
            yield Question(item, path, meaning, section, title)
        else:
            for place, answer in enumerate(as_list(item.get("answer"))):
                yield from questions(as_dict(answer).get("item"), (*path, "answer", place), words)
            yield from questions(item.get("item"), path, words)


def response_block(resource: Resource) -> Block | None:
    """Return what the answers of a questionnaire say of a stage; None where they say nothing of it."""
    data = resource.data
    asked = list(questions(data.get("item")))
    if not asked:
        return None
    block = Block(resource, "", subject=reference_of(data.get("subject")))
    authored = data.get("authored")
    block.date = day(authored) if type(authored) is str else None
    if authored is not None and block.date is None:
        block.say(rules.DATE_NOT_READ.at(element="authored"), ("authored",))
    if as_text(data.get("status")) not in _HOLDS:
        block.say(rules.STATUS_OPEN.at(), ("status",))
        block.is_wrong = True
    if "modifierExtension" in data:
        block.refuse("an extension", ("modifierExtension",))
    for one in asked:
        _add(block, one)
    for path in unread_answers(data):
        block.refuse("an answer", path)
    editions = {found for one in asked if (found := named_edition(one.title))}
    if len(editions) > 1:
        block.say(rules.TWO_VALUES.at(what="the edition"), ("item",))
        block.is_wrong = True
    block.edition = next(iter(editions), "")
    for section in dict.fromkeys(one.section for one in asked):
        _account(block, _at(data, section), section, {one.path for one in asked})
    return block


def _add(block: Block, asked: Question) -> None:
    """Add what the answers to a question say."""
    if not asked.item.keys() <= _ITEM:
        block.refuse("an element of a question", asked.path)
    for number, one in enumerate(as_list(asked.item.get("answer"))):
        answer, path = as_dict(one), (*asked.path, "answer", number)
        values = [name for name in ("valueCoding", "valueString") if name in answer]
        if not answer.keys() <= _ANSWER or len(values) != 1:
            block.refuse("an answer", path)
            block.said.append(Said(asked.meaning.part, "", "", path, is_wrong=True))
        elif asked.meaning.part == codes.DESCRIPTOR_LIST:
            coding = as_dict(answer.get("valueCoding"))
            words = as_text(coding.get("display")) or as_text(answer.get("valueString"))
            add_answer(block, words, (*path, values[0]))
        else:
            _add_value(block, asked.meaning, answer, (*path, values[0]))


def _add_value(block: Block, meaning: codes.Meaning, answer: JsonObject, path: Path) -> None:
    """Add a category; what the answer says that is no notation is told by the reading of it."""
    count = block.errors
    if "valueCoding" in answer:
        value = concept_value(block, {"coding": [answer["valueCoding"]]}, meaning.part, path)
    else:
        value = concept_value(block, {"text": answer["valueString"]}, meaning.part, path)
    value = Value(value.text, path, value.methods, value.timing, value.is_absent)
    if value.is_absent and not value.text:
        return
    if not value.text and block.errors == count:
        block.say(rules.VALUE_UNREADABLE.at(part=meaning.part), path)
    is_wrong = block.errors > count
    method = own_method(value.text) or meaning.method
    if value.methods - {method}:
        other = min(value.methods - {method})
        block.say(rules.METHOD_CONTRADICTS.at(part=meaning.part, first=method, second=other), path)
        is_wrong = True
    is_own = bool(own_method(value.text))
    block.said.append(Said(meaning.part, method, value.text, path, is_own, meaning.method, is_wrong=is_wrong))
    block.said += [Said(mark, "", mark, path) for mark in sorted(value.timing)]


def _account(block: Block, holder: JsonObject, path: Path, known: set[Path]) -> None:
    """Account for what stands beside the questions of a staging, in their section."""
    for number, one in enumerate(as_list(holder.get("item"))):
        where = (*path, "item", number)
        if any(one[: len(where)] == where for one in known):
            continue
        words = list(_words(as_dict(one)))
        # A questionnaire without sections has answers about anything.
        if any(map(has_doubt if path else has_timing, words)):
            block.refuse("an answer beside the categories", where)
        elif words and path:
            block.say(rules.LEFT_AS_IT_IS.at(what="an answer beside the categories"), where)


def _words(item: JsonObject) -> Iterator[str]:
    """Yield the words of an item that was answered, and of what stands inside of it."""
    for one in as_list(item.get("answer")):
        answer = as_dict(one)
        yield as_text(item.get("text"))
        yield as_text(as_dict(answer.get("valueCoding")).get("display"))
        yield as_text(answer.get("valueString"))
        for inner in as_list(answer.get("item")):
            yield from _words(as_dict(inner))
    for inner in as_list(item.get("item")):
        yield from _words(as_dict(inner))


def _at(data: JsonObject, path: Path) -> JsonObject:
    """Return the item or answer that a path leads to."""
    found: Any = data
    for step in path:
        found = found[step]
    return as_dict(found)


def unread_answers(data: JsonObject) -> Iterator[Path]:
    """Yield the answers that say something of a stage to questions that are of no known one."""
    read = {one.path for one in questions(data.get("item"))}
    return (path for path in _stage_answers(data.get("item")) if path[:-2] not in read)


def _stage_answers(items: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the answers of a questionnaire that say something of a stage, as far as words and codes tell."""
    for number, one in enumerate(as_list(items)):
        item, where = as_dict(one), (*path, "item", number)
        asked = question(as_text(item.get("text")))
        for place, answer in enumerate(as_list(item.get("answer"))):
            given = as_dict(answer)
            if asked is not None or _is_stage_answer(given):
                yield (*where, "answer", place)
            yield from _stage_answers(given.get("item"), (*where, "answer", place))
        yield from _stage_answers(item.get("item"), where)


def _is_stage_answer(answer: JsonObject) -> bool:
    coding = as_dict(answer.get("valueCoding"))
    code, words = as_text(coding.get("code")), as_text(coding.get("display"))
    texts = (code, words, as_text(answer.get("valueString")))
    key = (as_text(coding.get("system")), code)
    return (
        any(map(HAS_CATEGORY.search, texts))
        or key in codes.symbol_values()
        or (key[0] == codes.SNOMED and code in codes.concept_values())
        or (codes.has_answers(key[0]) and bool(symbol_in(words)))
    )
