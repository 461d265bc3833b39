"""Finding the Observations of a FHIR record that say something of a stage, and what may say it unread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rstage import rules
from rstage.messages.fhir.blocks import Block, Said
from rstage.messages.fhir.circumstances import add_circumstances
from rstage.messages.fhir.conditions import has_come_back, names_recurrence
from rstage.messages.fhir.contents import R_CODE, Contents
from rstage.messages.fhir.members import NOT_USED
from rstage.messages.fhir.responses import RESPONSE, response_block
from rstage.messages.fhir.unread import passed_over, unread_places
from rstage.messages.fhir.values import block_of

if TYPE_CHECKING:
    from rstage.messages.fhir.blocks import Resource
    from rstage.messages.fhir.record import Resources

_A = ("an Observation", "a questionnaire")
_TWICE = "an element whose key stands twice"


def find_blocks(resources: Resources) -> dict[int, Block]:
    """Return the Observations that say something of a stage, by the numbers of their resources.

    What may say something of a stage and is not read is noted, as is what makes an Observation unusable.
    """
    found = {
        one.number: _block(resources, one)
        for one in resources.speaking
        if one.kind in ("Observation", RESPONSE)
    }
    blocks = {number: block for number, block in found.items() if block is not None}
    for block in blocks.values():
        for names in (block.members, block.sources, block.focus):
            names[:] = resources.named_from(block.resource, names)
    has_r = f'"{R_CODE}"'.encode() in resources.record.raw
    contents = {
        one.number: Contents.of(one.data) for one in resources.speaking if has_r or one.document.has_repeated
    }
    for resource in resources.speaking:
        if resource.kind == "Condition" and names_recurrence(resource) and not has_come_back(resource):
            resources.note(resource, rules.RECURRENCE_NAMED.at(), ("code",))
        for what, path in unread_places(resource.data):
            resources.note(resource, rules.UNREAD_STAGING.at(element=what), path)
        if has_r and contents[resource.number].r_count and not _is_cancelled(resource):
            _check_r(resources, resource, blocks.get(resource.number))
    if has_r:
        _check_r_elsewhere(resources, contents)
    if blocks:
        _refuse_repeated(resources, blocks, contents)
    return blocks


def _is_cancelled(resource: Resource) -> bool:
    return resource.data.get("status") in NOT_USED


def _block(resources: Resources, resource: Resource) -> Block | None:
    """Return what a resource says of a stage; None where it says none of it, or does not hold."""
    is_response = resource.kind == RESPONSE
    block = response_block(resource) if is_response else block_of(resource, resources.may_be_extended)
    if block is None:
        if not is_response:
            _pass_over(resources, resource)
        return None
    if _is_cancelled(resource):
        resources.note(
            resource, rules.LEFT_AS_IT_IS.at(what=f"{_A[is_response]} that does not hold"), ("status",)
        )
        return None
    return block


def _pass_over(resources: Resources, resource: Resource) -> None:
    found, part, is_other, recurrence = passed_over(resource.data)
    if found is not None:
        resources.findings.append(resources.finding(resource, found))
    if part and not _is_cancelled(resource):
        # What it is about is not known, and it can be the timing of a staging of its day.
        loose = Block(resource, part)
        add_circumstances(loose, resource.data)
        loose.said.append(Said(part, "", part, ()))
        resources.loose.append(loose)
        resources.note(resource, rules.SYMBOL_UNPLACED.at(part=part))
    elif recurrence is not None and found is None and not _is_cancelled(resource):
        resources.note(resource, rules.RECURRENCE_NAMED.at(), recurrence)
    if is_other:
        left = rules.LEFT_AS_IT_IS.at(what="a classification that is not TNM")
        resources.note(resource, left, ("code",))


def _check_r(resources: Resources, resource: Resource, block: Block | None) -> None:
    """Report a code for r that stands where none is read."""
    unplaced = rules.SYMBOL_UNPLACED.at(part="r")
    if block is None:
        if not any(one.resource is resource for one in resources.loose):
            resources.note(resource, unplaced)
    elif block.find("r") is None:
        block.say(unplaced, ())
        block.is_wrong = True


def _check_r_elsewhere(resources: Resources, contents: dict[int, Contents]) -> None:
    """Report a code for r that stands outside of every resource, or got lost where a key stands twice."""
    written = resources.record.raw.count(f'"{R_CODE}"'.encode())
    if written > sum(one.r_count for one in contents.values()):
        resources.note_in(resources.record.documents[0], rules.SYMBOL_UNPLACED.at(part="r"))


def _refuse_repeated(resources: Resources, blocks: dict[int, Block], contents: dict[int, Contents]) -> None:
    """Make unusable what holds a key twice; a resource that was lost that way could be any."""
    diagnostic = rules.TWO_VALUES.at(what=_TWICE)
    for document, path in resources.repeated:
        resources.note_in(document, diagnostic, path)
    for number, block in blocks.items():
        where = contents[number].repeated if block.resource.document.has_repeated else None
        if where is not None:
            block.say(diagnostic, where)
        block.is_wrong = block.is_wrong or where is not None or bool(resources.repeated)
