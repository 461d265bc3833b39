"""The history that the stagings of one tumor make, where some of them cannot be a part of it.

`History.of` refuses such stagings; files hold them, and the others are linked all the same.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from rstage import rules
from rstage.diagnostics import RestagingError
from rstage.restaging.history import History, in_order
from rstage.restaging.staging import certainly_before

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rstage.diagnostics import Diagnostic
    from rstage.reference.choices import Policy
    from rstage.restaging.recurrence import Types
    from rstage.restaging.staging import Staging


class Role(StrEnum):
    """What a staging is to its tumor.

    `INITIAL` can be the diagnosis. `LATER` was given without r in the course of the disease: it belongs to
    the history and is never the diagnosis. `ASSESSMENT` is restaged; a staging with r is always one.
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
    """

    staging: Staging
    role: Role = Role.INITIAL
    event: str = "unknown"
    recurrence: Types | str | None = None
    needs_earlier: bool = False

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
    found: list[list[Diagnostic]]
    left: frozenset[int]


def linked(members: Sequence[Member], *, policy: Policy = "pathological") -> Linked:
    """Return the history of a tumor: the diagnosis by `policy`, each assessment linked in order of date.

    A staging that stands there again, whatever its id, counts once, and a diagnostic says so.
    """
    linker = _Linker(members)
    linker.link(policy)
    return Linked(linker.history, linker.found, frozenset(linker.left))


class _Linker:
    def __init__(self, members: Sequence[Member]) -> None:
        self._members = members
        # By identity: equal stagings can stand there as a diagnosis and as an assessment.
        self._number = {id(member.staging): number for number, member in enumerate(members)}
        self.history: History | None = None
        self.found: list[list[Diagnostic]] = [[] for _ in members]
        self.left: set[int] = set()

    def link(self, policy: Policy) -> None:
        distinct = self._distinct()
        initial = [one.staging for one in distinct if not one.is_assessment]
        later = [one.staging for one in distinct if not one.is_assessment and one.role is Role.LATER]
        self._begin([one for one in initial if one not in later], later, policy)
        for assessment in in_order(one.staging for one in distinct if one.is_assessment):
            self._follow(assessment, initial)

    def _distinct(self) -> list[Member]:
        seen = set()
        distinct = []
        for member in self._members:
            key = member._replace(staging=replace(member.staging, id=None))
            if key in seen:
                self._say(member.staging, [rules.STAGING_AGAIN.at()])
            else:
                seen.add(key)
                distinct.append(member)
        return distinct

    def _begin(self, possible: list[Staging], later: list[Staging], policy: Policy) -> None:
        try:
            self.history = History.begun(possible, policy=policy, later=later)
        except RestagingError as error:
            for staging in (*possible, *later):
                self._leave(staging, error.diagnostics)
        else:
            self._say(self.history.diagnosis, self.history.diagnostics)

    def _follow(self, assessment: Staging, initial: list[Staging]) -> None:
        member = self._members[self._number[id(assessment)]]
        is_after = any(certainly_before(first.date, assessment.date) for first in initial)
        if self.history is None:
            self._leave(assessment, [rules.NO_DIAGNOSIS.at()])
        elif member.needs_earlier and not is_after:
            self._leave(assessment, [rules.NO_EARLIER_STAGING.at()])
        else:
            try:
                self.history = self.history.restage(
                    assessment, event=member.event, recurrence=member.recurrence
                )
            except RestagingError as error:
                self._leave(assessment, error.diagnostics)
            else:
                self._say(assessment, self.history.restagings[-1].diagnostics)

    def _leave(self, staging: Staging, found: Iterable[Diagnostic]) -> None:
        self.left.add(self._number[id(staging)])
        self._say(staging, found)

    def _say(self, staging: Staging, found: Iterable[Diagnostic]) -> None:
        self.found[self._number[id(staging)]] += found
