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
from rstage.messages.histories import Making, record_histories
from rstage.messages.message import Record
from rstage.reference.choices import POLICIES
from rstage.restaging.course import DEFAULT_WINDOW, windows_that_differ
from rstage.restaging.link import is_keyed
from rstage.restaging.restage import r_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rstage.diagnostics import Rule
    from rstage.messages.fhir.blocks import Block
    from rstage.messages.fhir.record import RecordHandle, Resources
    from rstage.messages.message import FoundStaging, MessageFinding, Tumor, TumorHistory
    from rstage.restaging.link_key import LinkKey
    from rstage.restaging.restage import Restaging
    from rstage.restaging.staging import Staging

    _Gist = tuple[object, object]

_COMPARED = (
    *("status", "code", "valueCodeableConcept", "component", "effectiveDateTime", "method"),
    *("modifierExtension", "derivedFrom"),
)


class LinkedObservations:
    """What was written for restagings, held against what the record gives without it.

    The link names the restaging, which depends on how the diagnosis is taken: every policy is tried, with
    every window that makes a difference, until every link is found.

    Args:
        tumor: with the stagings that were not written for a link.
        linked: those that were, by their links.
        handle: what the writer needs of the record.
        resources: of the record.
        key: proves links.

    Attributes:
        extra: the stagings that were written and that the record does not give.
        found: what contradicts the record, and what is not proven.
    """

    def __init__(
        self,
        tumor: Tumor,
        linked: Mapping[str, FoundStaging],
        handle: RecordHandle,
        resources: Resources,
        key: LinkKey | None,
    ) -> None:
        self._linked, self._resources, self._key = linked, resources, key
        self._known = _restagings(handle, tumor, linked, key)
        self._given = {_gist(restaging.assessment) for _, restaging in self._known.values()}
        self._written: set[_Gist] = set()
        self.extra: list[FoundStaging] = []
        self.found: list[MessageFinding] = []

    def check(self) -> None:
        """Look at each of them."""
        for link, staging in self._linked.items():
            blocks = staging_handle(staging).blocks
            first = blocks[0]
            if link in self._known:
                history, restaging = self._known[link]
                self.found += _contradictions(self._resources, history, restaging, blocks)
                if self._key is not None and not is_keyed(link):
                    self._say(rules.LINK_WITHOUT_KEY, first, Severity.WARNING)
                    self._written.add(_gist(restaging.assessment))
                continue
            if is_keyed(link) and self._key is None:
                self._say(rules.LINK_KEY_NEEDED, first)
            same = self._same(staging, first)
            if not same and staging.staging is not None:
                self.extra.append(staging)
                self._say(rules.LINK_CONTRADICTS, first, Severity.WARNING)
            elif not is_keyed(link):
                self._say(rules.LINK_CONTRADICTS, first)
            else:
                # What may be the same is not written a second time.
                self._written |= same
                if self._key is not None:
                    self._say(rules.LINK_KEY_DIFFERS, first)

    def marked(self, staging: FoundStaging) -> FoundStaging:
        """Return a staging of the tumor, as linked where its restaging stands there under another link."""
        if staging.staging is None or _gist(staging.staging) not in self._written:
            return staging
        return staging._replace(handle=staging_handle(staging)._replace(is_linked=True))

    def _same(self, staging: FoundStaging, first: Block) -> set[_Gist]:
        """Return which of the restagings that the record gives this can be."""
        if staging.staging is not None:
            return self._given & {_gist(staging.staging)}
        return {one for one in self._given if first.date is None or one[0] == first.date}

    def _say(self, rule: Rule, block: Block, severity: Severity = Severity.ERROR) -> None:
        self.found.append(_at(self._resources, block, rule, severity))


def _restagings(
    handle: RecordHandle, tumor: Tumor, wanted: Iterable[str], key: LinkKey | None
) -> dict[str, tuple[TumorHistory, Restaging]]:
    """Return the restagings that a record gives without what was written, by their links."""
    made: dict[str, tuple[TumorHistory, Restaging]] = {}
    if not tumor.stagings:
        return made
    record = Record(number=1, raw=b"", tumors=(tumor,), handle=handle)
    windows = windows_that_differ(one.staging for one in tumor.stagings if one.staging is not None)
    usual = (POLICIES[0], DEFAULT_WINDOW)
    with_key = {link for link in wanted if is_keyed(link)} if key is not None else set[str]()
    for used, links in ((None, set(wanted) - with_key), (key, with_key)):
        for policy, window in dict.fromkeys((usual, *product(POLICIES, windows))):
            if made.keys() >= links:
                break
            (history,) = record_histories(record, Making(policy, window, key=used))
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
            found.append(_at(resources, block, rules.LINK_CONTRADICTS))
    if expected:
        found.append(_at(resources, blocks[0], rules.LINK_CONTRADICTS))
    return found


def _is_same(expected: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    return all(expected.get(name) == given.get(name) for name in _COMPARED)


def _gist(assessment: Staging) -> _Gist:
    """Return what two restagings of one tumor do not share; where they do, one of them was changed."""
    return assessment.date or assessment, r_form(assessment.stage)


def _at(
    resources: Resources, block: Block, rule: Rule, severity: Severity = Severity.ERROR
) -> MessageFinding:
    return resources.finding(block.resource, ResourceFinding(rule.at(severity=severity), ()))
