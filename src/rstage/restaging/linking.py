"""The history that the stagings of one tumor make, where some of them cannot be a part of it.

`History.of` refuses such stagings; files hold them, and the others are linked all the same.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from rstage import rules
from rstage.diagnostics import RestagingError
from rstage.restaging.course import DEFAULT_WINDOW, RECURRENCE, UNKNOWN, Course, check_window
from rstage.restaging.diagnosis import Candidate
from rstage.restaging.history import first_history, in_order, order
from rstage.restaging.staging import certainly_before

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rstage.diagnostics import Diagnostic
    from rstage.reference.choices import Policy
    from rstage.restaging.course import StatedEvent
    from rstage.restaging.history import History
    from rstage.restaging.link_key import LinkKey
    from rstage.restaging.recurrence import Types
    from rstage.restaging.staging import Staging


class Role(StrEnum):
    """What a staging is to its tumor.

    `INITIAL` can be the diagnosis. `LATER` was given without r in the course of the disease: it is never the
    diagnosis, and belongs to the history as far as it is no later assessment. `ASSESSMENT` is restaged; a
    staging with r is always one.
    """

    INITIAL = "initial"
    LATER = "later"
    ASSESSMENT = "assessment"


class Member(NamedTuple):
    """A staging, and what its file says of it.

    Attributes:
        staging: the staging. role: what it is to its tumor.
        event, recurrence: as for `rstage.restage`.
        needs_earlier: whether it may follow a diagnosis only where a staging without r is certainly earlier.
        kind: `clinical` or `pathological` where the place it stands in says so.
    """

    staging: Staging
    role: Role = Role.INITIAL
    event: str = UNKNOWN
    recurrence: Types | str | None = None
    needs_earlier: bool = False
    kind: str | None = None

    @property
    def is_assessment(self) -> bool:
        """Whether it is restaged."""
        return self.role is Role.ASSESSMENT or self.staging.stage.is_recurrence


class Linked(NamedTuple):
    """The history that the members of a tumor make, and what was found for each.

    Attributes:
        history: None where no staging can be the diagnosis.
        found: what was found for each member, in their order.
        left: the numbers of the members that are no part of the history.
    """

    history: History | None
    found: Sequence[Sequence[Diagnostic]]
    left: frozenset[int]


def linked(
    members: Sequence[Member],
    *,
    events: Sequence[StatedEvent] = (),
    diagnosed: str | None = None,
    prior: History | None = None,
    policy: Policy = "pathological",
    diagnosis_window: int = DEFAULT_WINDOW,
    key: LinkKey | None = None,
) -> Linked:
    """Return the history of a tumor: the diagnosis by `policy`, each assessment linked in order of date.

    A staging that stands there again, whatever its id, counts once, and a diagnostic says so. A later
    assessment is restaged where an event is stated for it, else told and left.

    Args:
        members: the stagings of the tumor.
        events: what its record states of the course, apart from its stagings.
        diagnosed: the date of diagnosis, where the record states one.
        prior: what is known of the tumor from earlier records; its diagnosis stays, and what stands in it
            already counts once.
        policy: as for `History.of`.
        diagnosis_window: likewise.
        key: as for `rstage.restage`.
    """
    linker = _Linker(members, prior, key)
    course = linker.course(events, diagnosed, check_window(diagnosis_window))
    linker.link(course, policy)
    return Linked(linker.history, linker.found, frozenset(linker.left))


class _Linker:
    def __init__(self, members: Sequence[Member], prior: History | None, key: LinkKey | None) -> None:
        self._members, self._prior, self._key = members, prior, key
        self._possible: list[Member] = []
        self._assessments: list[Member] = []
        for one in members:
            (self._assessments if one.is_assessment else self._possible).append(one)
        self._numbers: dict[int, int] = {}
        self.history: History | None = None
        self.found: list[tuple[Diagnostic, ...]] = [()] * len(members)
        self.left: set[int] = set()

    def course(self, events: Sequence[StatedEvent], diagnosed: str | None, window: int) -> Course:
        """Return the course that the members and their record make."""
        before = self._prior.initial if self._prior is not None else ()
        follows = self._prior.restagings if self._prior is not None else ()
        recurrences = [
            one.staging.date
            for one in self._assessments
            if one.event == RECURRENCE or one.staging.stage.is_recurrence
        ]
        return Course(
            [*before, *[one.staging for one in self._possible]],
            recurrences=[*recurrences, *[one.assessment.date for one in follows]],
            events=events,
            diagnosed=diagnosed,
            window=window,
        )

    def link(self, course: Course, policy: Policy) -> None:
        possible = self._distinct(self._possible)
        judged = [(one, course.judged(one.staging, one.event, one.recurrence)) for one in possible]
        self._begin([one for one, verdict in judged if not verdict.is_later], policy)
        following = self._distinct(self._assessments)
        for one, verdict in judged:
            self._say(one.staging, verdict.found)
            if verdict.is_restaged:
                following.append(one._replace(event=verdict.event, recurrence=verdict.recurrence))
            elif verdict.is_later:
                self._leave(one.staging, ())
        for number in order([one.staging.date for one in following]):
            self._follow(following[number])

    def _distinct(self, members: list[Member]) -> list[Member]:
        """Return members without those that stand there again: equal ones are of one role."""
        if self._prior is None and len({one.staging.text for one in members}) == len(members):
            return members
        seen: set[object] = set()
        known = {replace(one, id=None) for one in self._known()}
        distinct = []
        for member in members:
            key = member._replace(staging=replace(member.staging, id=None), kind=None)
            if key in seen or key.staging in known:
                self._say(member.staging, [rules.STAGING_AGAIN.at()])
            else:
                seen.add(key)
                distinct.append(member)
        return distinct

    def _known(self) -> list[Staging]:
        """Return the stagings that stand in the prior history."""
        if self._prior is None:
            return []
        return [*self._prior.initial, *(one.assessment for one in self._prior.restagings)]

    def _begin(self, inside: Sequence[Member], policy: Policy) -> None:
        if self._prior is not None:
            more = [one.staging for one in inside]
            self.history = replace(self._prior, initial=tuple(in_order([*self._prior.initial, *more])))
            for one in inside:
                if one.role is not Role.LATER:
                    self._say(one.staging, [rules.DIAGNOSIS_STAYS.at()])
            return
        possible = [Candidate(one.staging, one.kind) for one in inside if one.role is not Role.LATER]
        later = [one.staging for one in inside if one.role is Role.LATER]
        try:
            self.history = first_history(possible, policy=policy, later=later)
        except RestagingError as error:
            for one in inside:
                self._leave(one.staging, error.diagnostics)
        else:
            self._say(self.history.diagnosis, self.history.diagnostics)

    def _follow(self, member: Member) -> None:
        assessment = member.staging
        initial = self.history.initial if self.history is not None else ()
        is_after = any(certainly_before(first.date, assessment.date) for first in initial)
        if self.history is None:
            self._leave(assessment, [rules.NO_DIAGNOSIS.at()])
        elif member.needs_earlier and not is_after:
            self._leave(assessment, [rules.NO_EARLIER_STAGING.at()])
        else:
            try:
                self.history = self.history.restage(
                    assessment, event=member.event, recurrence=member.recurrence, key=self._key
                )
            except RestagingError as error:
                self._leave(assessment, error.diagnostics)
            else:
                self._say(assessment, self.history.restagings[-1].diagnostics)

    def _leave(self, staging: Staging, found: Sequence[Diagnostic]) -> None:
        self.left.add(self._number(staging))
        self._say(staging, found)

    def _say(self, staging: Staging, found: Sequence[Diagnostic]) -> None:
        if found:
            self.found[self._number(staging)] += tuple(found)

    def _number(self, staging: Staging) -> int:
        """Return the number of a member; of most tumors nothing is said, and none is asked for."""
        if not self._numbers:
            # By identity: equal stagings can stand there as a diagnosis and as an assessment.
            self._numbers = {id(one.staging): number for number, one in enumerate(self._members)}
        return self._numbers[id(staging)]
