"""Pairs of a staging at diagnosis and a later one with r that were found in one text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from rstage import rules
from rstage.diagnostics import RestagingError
from rstage.model.category import Timing
from rstage.restaging.history import History
from rstage.restaging.restage import restage
from rstage.restaging.staging import Staging
from rstage.text.dates import is_later, months

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rstage.diagnostics import Diagnostic
    from rstage.model.stage import Stage
    from rstage.restaging.link_key import LinkKey
    from rstage.restaging.restage import Restaging
    from rstage.text.find import Mention


MONTHS = 12
"""A staging dated later than so many months after the first one is no diagnosis (notation J.26)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRestaging:
    """A staging with r and the one at diagnosis that stands before it in the same text.

    That both are of one tumor is not decided: RS580 is always among the diagnostics.

    Attributes:
        diagnosis: the mention that was taken for the diagnosis. basis: why, as in a `History`.
        restaging: both linked; None where they cannot be, and the diagnostics say why.
        diagnostics: what was found.
    """

    diagnosis: Mention
    basis: str
    restaging: Restaging | None
    diagnostics: tuple[Diagnostic, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the pair as JSON-ready values; the diagnosis as its span."""
        return {
            "found_in_text": True,
            "diagnosis_span": list(self.diagnosis.span),
            "diagnosis_basis": self.basis,
            "restaging": None if self.restaging is None else self.restaging.to_dict(),
            "diagnostics": [found.to_dict() for found in self.diagnostics],
        }


class _Candidate(NamedTuple):
    """A mention that may be the diagnosis, and the date beside it."""

    mention: Mention
    date: str | None


def _no_date(_: Mention) -> str | None:
    return None


def paired(
    mentions: Iterable[Mention],
    date_of: Callable[[Mention], str | None] = _no_date,
    *,
    key: LinkKey | None = None,
) -> Iterator[tuple[Mention, FoundRestaging | None]]:
    """Yield each mention of one text, a staging with r with the diagnosis found before it.

    A staging with r stays without a pair where none before it could be the diagnosis: that is one without r,
    not found at autopsy, that no words call a recurrence, and whose date does not make it a later one
    (notation J.26). Where words call some of them a diagnosis, it is one of those; of several the policy
    `pathological` of `History.of` takes one, and RS581 says so.

    Args:
        mentions: those of the text, in order.
        date_of: the partial date that stands beside one.
        key: what the links are made with.
    """
    candidates: dict[Stage, _Candidate] = {}
    recurrences: list[str] = []
    for mention in mentions:
        date = date_of(mention)
        if mention.stage is None:
            yield mention, None
            continue
        if mention.stage.is_recurrence:
            yield mention, _pair(_possible(candidates.values(), recurrences), mention, key)
        if mention.stage.is_recurrence or mention.context == "recurrence":
            recurrences += [date] if date is not None else []
        elif not _is_at_autopsy(mention.stage):
            before = candidates.get(mention.stage)
            if before is None or before.mention.context is None:
                candidates[mention.stage] = _Candidate(mention, date)
        if not mention.stage.is_recurrence:
            yield mention, None


def _possible(candidates: Iterable[_Candidate], recurrences: Iterable[str]) -> list[Mention]:
    """Return the candidates that no date makes a later assessment."""
    found = list(candidates)
    dates = [one.date for one in found if one.date is not None]
    first = min(dates, key=lambda date: months(date, last=True), default=None)
    return [
        one.mention
        for one in found
        if not is_later(one.date, first, MONTHS)
        and not any(is_later(one.date, recurrence, 0) for recurrence in recurrences)
    ]


def _is_at_autopsy(stage: Stage) -> bool:
    group = stage.group
    return Timing.AUTOPSY in stage.timing or (group is not None and Timing.AUTOPSY in group.timing)


def _pair(candidates: list[Mention], assessment: Mention, key: LinkKey | None) -> FoundRestaging | None:
    possible = [one for one in candidates if one.context == "diagnosis"] or candidates
    stagings = [Staging.of(one.reading) for one in possible]
    try:
        history = History.of(stagings)
    except RestagingError:
        return None
    place = next(place for place, one in enumerate(stagings) if one is history.diagnosis)
    found = [rules.PAIR_FOUND_IN_TEXT.at()]
    if len(possible) > 1:
        found.append(rules.SEVERAL_DIAGNOSES_IN_TEXT.at(count=len(possible), basis=history.diagnosis_basis))
    restaging = None
    try:
        restaging = restage(history.diagnosis, Staging.of(assessment.reading), key=key)
        found += restaging.diagnostics
    except RestagingError as error:
        found += error.diagnostics
    return FoundRestaging(
        diagnosis=possible[place],
        basis=history.diagnosis_basis,
        restaging=restaging,
        diagnostics=tuple(found),
    )
