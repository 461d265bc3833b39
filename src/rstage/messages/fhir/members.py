"""The members of an Observation, and what it was derived from: understood, told, or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rstage import rules
from rstage.messages.fhir import codes
from rstage.messages.fhir.accounting import has_tnm, is_measured
from rstage.messages.fhir.elements import codings_of
from rstage.messages.fhir.record import type_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
            _account_other(block, resources.all[number], resources.whole(number), place)
    for place, name in enumerate(block.sources):
        number = resources.index(name)
        source = blocks.get(number) if number is not None else None
        if source is None or block.link:
            if not block.link:
                block.say(rules.LEFT_AS_IT_IS.at(what="what it was derived from"), ("derivedFrom", place))
        elif is_group and source is not block and source.part in _OF_GROUP:
            yield source


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
