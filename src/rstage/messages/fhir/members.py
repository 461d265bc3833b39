"""The members of an Observation, and what it was derived from: understood, told, or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rstage import rules
from rstage.messages.fhir import codes
from rstage.messages.fhir.accounting import has_tnm, is_measured
from rstage.messages.fhir.elements import codings_of
from rstage.messages.fhir.record import type_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from rstage.messages.fhir.blocks import Block, Resource
    from rstage.messages.fhir.record import Resources
    from rstage.messages.json_values import JsonObject

NOT_USED = ("entered-in-error", "cancelled")
_OF_GROUP = frozenset((*codes.CATEGORIES, *codes.DESCRIPTORS, *codes.SYMBOLS, *codes.COUNTS))


def members(resources: Resources, blocks: Mapping[int, Block], block: Block) -> Iterator[Block]:
    """Yield the members of a group or a category that say something of the stage; account for the others.

    What a group was derived from are its members too, as far as they are its parts.
    """
    is_group = block.part == "group"
    for place, name in enumerate(block.members):
        number = resources.index(name)
        if number is None:
            _account_missing(block, name, place)
        elif number in blocks:
            found = blocks[number]
            if found is not block and not found.link and (is_group or found.part in codes.COUNTS):
                yield found
        else:
            _account_other(block, resources.at(number), resources.whole(number), place)
    for place, name in enumerate(block.sources):
        number = resources.index(name)
        source = blocks.get(number) if number is not None else None
        if source is None or block.link:
            if not block.link:
                block.say(rules.LEFT_AS_IT_IS.at(what="what it was derived from"), ("derivedFrom", place))
        elif is_group and source is not block and source.part in _OF_GROUP:
            yield source


def joined(groups: Mapping[int, Sequence[Block]], blocks: Mapping[int, Block]) -> dict[int, list[Block]]:
    """Return groups with their members, those of the groups among them included.

    What stands beside a group in another one, such as an r, is said of it too: both are one staging. One that
    only holds several groups says nothing of any.

    Args:
        groups: the members of each group, by the number of its resource.
        blocks: the Observations, by the numbers of their resources.
    """
    outer = {
        number: found for number, found in groups.items() if not _only_holds(blocks[number], found, groups)
    }
    nested = {
        one.resource.number
        for number, found in outer.items()
        for one in found
        if one.resource.number in outer and one.resource.number != number
    }
    made: dict[int, list[Block]] = {}
    reached: set[int] = set()
    # Groups that name each other in a circle stand in none: the first of them is taken.
    for number in (*sorted(outer.keys() - nested), *sorted(nested)):
        if number not in reached:
            made[number] = _all_members(number, outer, reached)
    return {number: made[number] for number in groups if number in made}


def _only_holds(block: Block, found: Sequence[Block], groups: Container[int]) -> bool:
    """Return whether a group has several groups as its members, and says nothing itself."""
    is_silent = not (block.is_wrong or block.found or any(one.text for one in block.said))
    return is_silent and len(found) > 1 and all(one.resource.number in groups for one in found)


def _all_members(number: int, groups: Mapping[int, Sequence[Block]], reached: set[int]) -> list[Block]:
    """Return the members of a group and of the groups among them, each once; `reached` takes those groups."""
    made: dict[Block, None] = {}
    seen, waiting = {number}, [number]
    while waiting:
        found = groups[waiting.pop()]
        made |= dict.fromkeys(found)
        inner = {one.resource.number for one in found if one.resource.number in groups} - seen
        seen |= inner
        waiting += sorted(inner)
    reached |= seen
    return list(made)


def _account_missing(block: Block, name: str, place: int) -> None:
    """Account for a member that is not in the record.

    One of another type is no symbol, and neither is that of a category, whose members are counts and sites
    (MII).
    """
    kind = type_of(name)
    if kind not in ("", "Observation") or block.part in codes.CATEGORIES:
        block.say(rules.MEMBER_LEFT.at(), ("hasMember", place))
    else:
        block.say(rules.VALUE_UNREADABLE.at(part="a member that is not here"), ("hasMember", place))
        block.is_wrong = True


def _account_other(block: Block, member: Resource, data: JsonObject, place: int) -> None:
    """Account for a member of which nothing was read; `data` is all that stands in it."""
    where = ("hasMember", place)
    if data.get("status") in NOT_USED and member.kind == "Observation":
        block.say(rules.STATUS_OPEN.at(), where)
        block.is_wrong = True
    elif (
        member.kind != "Observation"
        or is_measured(data)
        or (any(map(codes.is_beside, codings_of(data.get("code")))) and not has_tnm(data))
    ):
        block.say(rules.MEMBER_LEFT.at(), where)
    else:
        block.refuse("a member of the staging", where)
