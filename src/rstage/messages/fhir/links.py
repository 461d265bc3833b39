"""Observations that were written for a restaging: whether they still say what it says."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from rstage import rules
from rstage.diagnostics import Severity
from rstage.messages.fhir.blocks import ResourceFinding
from rstage.messages.fhir.elements import linked_part
from rstage.messages.fhir.record import staging_handle
from rstage.messages.fhir.writing import observations
from rstage.messages.histories import record_histories
from rstage.messages.message import Record
from rstage.reference.choices import POLICIES
from rstage.restaging.course import DEFAULT_WINDOW, windows_that_differ
from rstage.restaging.restage import r_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rstage.messages.fhir.blocks import Block
    from rstage.messages.fhir.record import RecordHandle, Resources
    from rstage.messages.message import FoundStaging, MessageFinding, Tumor, TumorHistory
    from rstage.restaging.restage import Restaging
    from rstage.restaging.staging import Staging


_COMPARED = (
    *("status", "code", "valueCodeableConcept", "component", "effectiveDateTime", "method"),
    *("modifierExtension", "derivedFrom"),
)


def check_linked(
    tumor: Tumor,
    linked: Mapping[str, FoundStaging],
    handle: RecordHandle,
    resources: Resources,
) -> tuple[list[FoundStaging], list[MessageFinding]]:
    """Return what was written for restagings that the record does not give, and what contradicts them.

    The link names the restaging, which depends on how the diagnosis is taken: every policy is tried, with
    every window that makes a difference, until every link is found.

    Args:
        tumor: with the stagings that were not written for a link.
        linked: those that were, by their links.
        handle: what the writer needs of the record.
        resources: of the record.
    """
    known = _restagings(handle, tumor, linked)
    said = {one for _, restaging in known.values() for one in _gist(restaging.assessment)}
    extra: list[FoundStaging] = []
    found: list[MessageFinding] = []
    for link, staging in linked.items():
        blocks = staging_handle(staging).blocks
        if link in known:
            found += _contradictions(resources, *known[link], blocks)
        elif staging.staging is None or not said.isdisjoint(_gist(staging.staging)):
            found.append(_at(resources, blocks[0], Severity.ERROR))
        else:
            extra.append(staging)
            found.append(_at(resources, blocks[0], Severity.WARNING))
    return extra, found


def _restagings(
    handle: RecordHandle, tumor: Tumor, wanted: Iterable[str]
) -> dict[str, tuple[TumorHistory, Restaging]]:
    """Return the restagings that a record gives without what was written, by their links."""
    if not tumor.stagings:
        return {}
    record = Record(number=1, raw=b"", tumors=(tumor,), handle=handle)
    made: dict[str, tuple[TumorHistory, Restaging]] = {}
    windows = windows_that_differ(one.staging for one in tumor.stagings if one.staging is not None)
    usual = (POLICIES[0], DEFAULT_WINDOW)
    for policy, window in dict.fromkeys((usual, *product(POLICIES, windows))):
        if made.keys() >= set(wanted):
            break
        (history,) = record_histories(record, policy=policy, diagnosis_window=window)
        if history.history is not None:
            made |= {str(one.link): (history, one) for one in history.history.restagings}
    return made


def _contradictions(
    resources: Resources, history: TumorHistory, restaging: Restaging, blocks: Sequence[Block]
) -> list[MessageFinding]:
    expected = dict(observations(history, restaging).made)
    found = []
    for block in blocks:
        data = expected.pop(linked_part(block.resource.data), None)
        if data is None or not _is_same(data, block.resource.data):
            found.append(_at(resources, block, Severity.ERROR))
    if expected:
        found.append(_at(resources, blocks[0], Severity.ERROR))
    return found


def _is_same(expected: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    return all(expected.get(name) == given.get(name) for name in _COMPARED)


def _gist(assessment: Staging) -> tuple[object, object]:
    """Return what two restagings of one tumor do not share; where they do, one of them was changed."""
    return assessment.date or assessment, r_form(assessment.stage)


def _at(resources: Resources, block: Block, severity: Severity) -> MessageFinding:
    return resources.finding(
        block.resource, ResourceFinding(rules.LINK_CONTRADICTS.at(severity=severity), ())
    )
