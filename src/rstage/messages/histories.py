"""The history of a tumor from the stagings of a message."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from rstage.messages.message import MessageFinding, TumorHistory
from rstage.restaging.course import DEFAULT_WINDOW
from rstage.restaging.linking import Member, linked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rstage.messages.message import FoundStaging, Record, Tumor
    from rstage.messages.prior import PriorHistories
    from rstage.reference.choices import Policy
    from rstage.restaging.history import History
    from rstage.restaging.link_key import LinkKey

    Extend = Callable[[TumorHistory], History | None]


class Making(NamedTuple):
    """How the histories of a message are made.

    Attributes:
        policy: how the diagnosis is taken, as for `History.of`. diagnosis_window: likewise.
        prior: what an earlier run wrote.
        extend: may add restagings of the caller, as for `messages.write`.
        key: what the links are made with.
    """

    policy: Policy = "pathological"
    diagnosis_window: int = DEFAULT_WINDOW
    prior: PriorHistories | None = None
    extend: Extend | None = None
    key: LinkKey | None = None


AS_READ = Making()


def record_histories(record: Record, making: Making = AS_READ) -> list[TumorHistory]:
    """Return the history of each tumor of a record.

    A staging that cannot follow the diagnosis is left unlinked, with a finding at its place; the others are
    linked all the same.

    Args:
        record: the record.
        making: how they are made.

    Raises:
        ValueError: `extend` returned a history that is no longer one.
    """
    made = [tumor_history(record, tumor, making) for tumor in record.tumors]
    return made if making.extend is None else [_extended(one, making.extend) for one in made]


def tumor_history(record: Record, tumor: Tumor, making: Making) -> TumorHistory:
    """Return the history of a tumor, as the message and what is known of it before give it."""
    before = making.prior.of(tumor) if making.prior is not None else None
    if before is not None and before.history is None:
        found = tuple(MessageFinding(one, tumor.place) for one in before.found)
        return TumorHistory(
            record=record,
            tumor=tumor,
            history=None,
            unlinked=tuple(tumor.stagings),
            findings=_sorted([*_in_stagings(tumor), *found]),
        )
    prior = before.history if before is not None else None
    if prior is not None:
        tumor = with_site(tumor, prior.diagnosis.site)
    made = _tumor_history(record, tumor, making, prior)
    told = [MessageFinding(one, tumor.place) for one in before.found] if before is not None else []
    return made._replace(findings=_sorted([*made.findings, *told])) if told else made


def _extended(found: TumorHistory, extend: Extend) -> TumorHistory:
    before = found.history
    after = extend(found) if before is not None else None
    if after is None or before is None:
        return found
    if after.diagnosis != before.diagnosis or after.restagings[: len(before.restagings)] != before.restagings:
        raise ValueError("a history only grows: what stood in it has to stay")
    return found._replace(history=after)


def record_findings(record: Record, histories: Iterable[TumorHistory]) -> list[MessageFinding]:
    """Return what was found in a record: outside of every tumor, then in each of them."""
    return [*record.findings, *(found for one in histories for found in one.findings)]


def _tumor_history(record: Record, tumor: Tumor, making: Making, prior: History | None) -> TumorHistory:
    read = [(one, one.staging) for one in tumor.stagings if one.staging is not None]
    made = linked(
        [
            Member(staging, one.role, one.event, one.recurrence, one.needs_earlier, one.kind)
            for one, staging in read
        ],
        events=tumor.events,
        diagnosed=tumor.diagnosed,
        prior=prior,
        policy=making.policy,
        diagnosis_window=making.diagnosis_window,
        key=making.key,
    )
    findings = _in_stagings(tumor)
    for (one, staging), found in zip(read, made.found, strict=True):
        findings += [MessageFinding(diagnostic, one.place, staging.text) for diagnostic in found]
    unlinked: tuple[FoundStaging, ...] = ()
    if made.left or len(read) < len(tumor.stagings):
        left = {id(read[number][0]) for number in made.left}
        unlinked = tuple([one for one in tumor.stagings if one.staging is None or id(one) in left])
    return TumorHistory(
        record=record,
        tumor=tumor,
        history=made.history,
        unlinked=unlinked,
        findings=_sorted(findings) if findings else (),
        prior_count=len(prior.restagings) if prior is not None else 0,
    )


def with_site(tumor: Tumor, site: str | None) -> Tumor:
    """Return a tumor whose stagings have its site where their own message does not name one."""

    def placed(one: FoundStaging) -> FoundStaging:
        if one.staging is None or one.staging.site is not None:
            return one
        return one._replace(staging=replace(one.staging, site=site))

    return tumor if site is None else tumor._replace(stagings=[placed(one) for one in tumor.stagings])


def _in_stagings(tumor: Tumor) -> list[MessageFinding]:
    return [*tumor.findings, *[found for one in tumor.stagings for found in one.findings]]


def _sorted(findings: Iterable[MessageFinding]) -> tuple[MessageFinding, ...]:
    return tuple(sorted(findings, key=lambda one: one.place.line_and_column))
