"""What one FHIR Observation says: its parts of a stage, each from its code, value and extensions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rstage import rules
from rstage.messages.fhir import codes
from rstage.messages.fhir.accounting import account
from rstage.messages.fhir.blocks import Block, Resource, Said
from rstage.messages.fhir.circumstances import add_circumstances
from rstage.messages.fhir.elements import codings_of
from rstage.messages.fhir.extensions import extended
from rstage.messages.fhir.meanings import meanings_of
from rstage.messages.fhir.notation import add_answer, add_said
from rstage.messages.json_values import as_dict, as_list, as_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rstage.messages.json_places import Path
    from rstage.messages.json_values import JsonObject


def block_of(resource: Resource, may_be_extended: Callable[[Resource], bool]) -> Block | None:
    """Return what an Observation says of a stage or of the course; None where it is about neither.

    Args:
        resource: the Observation.
        may_be_extended: says whether there may be an extension in it; most Observations hold none.
    """
    data = resource.data
    said = meanings_of(data.get("code"), with_system=True)
    own = [one for one in said if one.part not in codes.COURSE_PLACES]
    if own and own[0].part in (*codes.METHODS, codes.PREFIX):
        own = []
    if not own and "component" not in data:
        return None
    wanted = codes.COURSE_PLACES if own and own[0].part == codes.COURSE else codes.OF_STAGING
    components = [
        (number, one, inner)
        for number, one in enumerate(as_list(data.get("component")))
        if (inner := [one for one in meanings_of(as_dict(one).get("code")) if one.part in wanted])
    ]
    # A code without a system has a meaning only beside the code of a group.
    if not own and not any(_has_system(one) for _, one, _ in components):
        return None
    block = Block(resource, own[0].part if own else "", has_extensions=may_be_extended(resource))
    add_circumstances(block, data)
    if not own:
        found = extended(block, data, (), "")
        block.said += [Said(mark, "", mark, ()) for mark in found.timing]
    if own:
        is_needed = own[0].part != "group" or not (components or "hasMember" in data or block.link)
        add_said(block, data, _agreed(block, own, ()), (), is_needed=is_needed)
    for number, one, inner in components:
        path: Path = ("component", number)
        add_said(block, one, _agreed(block, inner, path), path, is_needed=True)
    if components:
        _give_methods(block)
    if wanted is not codes.COURSE_PLACES:
        known = {number for number, _, _ in components} | set(_add_answers(block, data))
        account(block, data, known)
    block.edition = block.edition or block.named_edition
    return block


def _add_answers(block: Block, data: JsonObject) -> Iterator[int]:
    """Add the symbols that the components of a question give; yield the numbers of those components."""
    if block.part != codes.DESCRIPTOR_LIST:
        return
    for number, one in enumerate(as_list(data.get("component"))):
        given = [as_text(coding.get("display")) for coding in codings_of(as_dict(one).get("code"))]
        if len(given) == 1 and as_dict(one).keys() <= {"code", "id"}:
            add_answer(block, given[0], ("component", number))
            yield number


def _has_system(component: Any) -> bool:
    return any(one.get("system") for one in codings_of(as_dict(component).get("code")))


def _give_methods(block: Block) -> None:
    """Give the categories the methods that stand in components of their own."""
    given = {one.part[0]: one for one in block.said if one.part in codes.METHODS and not one.is_wrong}
    for number, one in enumerate(block.said):
        stated = given.pop(one.part, None)
        if stated is None or not one.text:
            continue
        # The code of the whole names the profile only, as that of a component does.
        if one.own_method and one.method != stated.text:
            found = rules.METHOD_CONTRADICTS.at(part=one.part, first=one.method, second=stated.text)
            block.say(found, stated.path)
            block.is_wrong = True
        elif not one.own_method:
            block.said[number] = one._replace(method=stated.text)
    for left in given.values():
        block.refuse("the method of a category that is not here", left.path)


def _agreed(block: Block, found: Sequence[codes.Meaning], path: Path) -> codes.Meaning:
    """Return what several codes of one element say, which has to be the same; the most exact one of them."""
    if len(found) == 1:
        return found[0]
    exact = max(found, key=lambda one: bool(one.method))
    if any(one.part != exact.part or one.method not in ("", exact.method) for one in found):
        block.say(rules.TWO_VALUES.at(what="a code"), (*path, "code"))
        block.is_wrong = True
    return exact
