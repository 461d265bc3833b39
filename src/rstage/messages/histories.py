"""The history of a tumor from the stagings of a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rstage.messages.message import MessageFinding, TumorHistory
from rstage.restaging.course import DEFAULT_WINDOW
from rstage.restaging.linking import Member, linked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rstage.messages.message import Record, Tumor
    from rstage.reference.choices import Policy
    from rstage.restaging.history import History
    from rstage.restaging.staging import Staging


def record_histories(
    record: Record, *, policy: Policy = "pathological", diagnosis_window: int = DEFAULT_WINDOW
) -> list[TumorHistory]:
    """Return the history of each tumor of a record.

    A staging that cannot follow the diagnosis is left unlinked, with a finding at its place; the others are
    linked all the same.

    Args:
        record: the record.
        policy: how the diagnosis is taken, as for `History.of`.
        diagnosis_window: likewise.
    """
    return [_tumor_history(record, tumor, policy, diagnosis_window) for tumor in record.tumors]


def record_findings(record: Record, histories: Iterable[TumorHistory]) -> list[MessageFinding]:
    """Return what was found in a record: outside of every tumor, then in each of them."""
    return [*record.findings, *(found for one in histories for found in one.findings)]


def _tumor_history(record: Record, tumor: Tumor, policy: Policy, window: int) -> TumorHistory:
    members = [
        (one, Member(one.staging, one.role, one.event, one.recurrence, one.needs_earlier, one.kind))
        for one in tumor.stagings
        if one.staging is not None
    ]
    made = linked(
        [member for _, member in members],
        events=tumor.events,
        diagnosed=tumor.diagnosed,
        policy=policy,
        diagnosis_window=window,
    )
    left = {id(members[number][0]) for number in made.left}
    inside = set(map(id, _stagings(made.history)))
    findings = [*tumor.findings, *(found for one in tumor.stagings for found in one.findings)]
    for (one, member), found in zip(members, made.found, strict=True):
        findings += [MessageFinding(diagnostic, one.place, member.staging.text) for diagnostic in found]
    return TumorHistory(
        record=record,
        tumor=tumor,
        history=made.history,
        found={member.staging: one for one, member in members if id(member.staging) in inside},
        unlinked=tuple(one for one in tumor.stagings if one.staging is None or id(one) in left),
        findings=tuple(sorted(findings, key=lambda one: one.place.line_and_column)),
    )


def _stagings(history: History | None) -> list[Staging]:
    """Return every staging of a history."""
    if history is None:
        return []
    return [*history.initial, *(one.assessment for one in history.restagings)]
