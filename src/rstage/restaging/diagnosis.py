"""Which of the stagings without r is the stage at diagnosis, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rstage import rules
from rstage.model.category import Method, Timing
from rstage.model.stage import every_timing
from rstage.reference.choices import POLICIES, Policy
from rstage.restaging.course import DEFAULT_WINDOW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rstage.diagnostics import Diagnostic
    from rstage.model.stage import Stage
    from rstage.restaging.staging import Staging

CLINICAL, PATHOLOGICAL = "clinical", "pathological"
BESIDE = "beside"
"""The kind of a staging that stands beside the one that was given: an algorithm made it, or it is a group of
another system. It is the diagnosis only where nothing else is."""

POST_THERAPY = "post-therapy"
"""The basis of a diagnosis that had to be taken from stagings after treatment."""

BASES = (*POLICIES, POST_THERAPY)


class Taking(NamedTuple):
    """How the diagnosis is taken: the policy, and the months in which a staging can be of it."""

    policy: Policy = "pathological"
    diagnosis_window: int = DEFAULT_WINDOW


TAKING = Taking()


class Candidate(NamedTuple):
    """A staging that may be the diagnosis.

    Attributes:
        staging: the staging.
        kind: `clinical` or `pathological` where the place it stands in says so, whatever its values carry;
            else its own T and N say it. `beside`: see there.
    """

    staging: Staging
    kind: str | None = None

    @property
    def is_pathological(self) -> bool:
        """Whether it counts as pathological."""
        if self.kind in (CLINICAL, PATHOLOGICAL):
            return self.kind == PATHOLOGICAL
        return _is_pathological(self.staging)


class Taken(NamedTuple):
    """The staging that counts as the diagnosis, why it does, and what is to be said of the choice."""

    staging: Staging
    basis: str
    found: tuple[Diagnostic, ...] = ()


def check_policy(policy: str) -> None:
    """Make sure that a policy is known.

    Raises:
        ValueError: it is not.
    """
    if policy not in POLICIES:
        raise ValueError(f"a policy is one of {', '.join(POLICIES)}")


def taken(candidates: Sequence[Candidate], policy: Policy) -> Taken | None:
    """Return the staging that counts as the diagnosis; None where none can.

    Args:
        candidates: in order of date as far as that is known.
        policy: as for `History.of`.
    """
    able = [one for one in candidates if _has_extent(one.staging.stage) and not _has(one, Timing.AUTOPSY)]
    possible = [one for one in able if one.kind != BESIDE] or able
    untreated = [one for one in possible if not _has(one, Timing.POST_THERAPY)]
    if not possible:
        return None
    if not untreated:
        again = _of_one_act(possible, POST_THERAPY)
        return again._replace(found=(rules.DIAGNOSIS_AFTER_TREATMENT.at(), *again.found))
    if policy == "earliest":
        return _of_one_act(untreated, policy)
    is_sought = policy == PATHOLOGICAL
    sought = [one for one in untreated if one.is_pathological == is_sought]
    if sought:
        return _of_one_act(sought, policy)
    return _of_one_act(untreated, CLINICAL if is_sought else PATHOLOGICAL)


def _of_one_act(possible: Sequence[Candidate], basis: str) -> Taken:
    """Return the first of some stagings, or the fullest of those that have its date and kind."""
    first = possible[0]
    if len(possible) == 1:
        return Taken(first.staging, basis)
    alike = [one for one in possible if _act(one) == _act(first)]
    others = [one for one in alike if one.staging.stage != first.staging.stage]
    if not others:
        return Taken(first.staging, basis)
    most = max(map(_fullness, alike))
    fullest = next(one for one in alike if _fullness(one) == most)
    is_fuller = any(_fullness(one) < most for one in alike)
    why = "it says more" if is_fuller else "it stands first"
    return Taken(fullest.staging, basis, (rules.SAME_DATE_AND_KIND.at(count=len(alike), why=why),))


def _act(candidate: Candidate) -> tuple[object, ...]:
    """Return what stagings share that say the same thing twice: a group of another system says another."""
    stage = candidate.staging.stage
    system = stage.group.system if stage.group is not None and not stage.categories else ""
    return candidate.staging.date, candidate.is_pathological, system


def _fullness(candidate: Candidate) -> int:
    stage = candidate.staging.stage
    return len(stage.categories) + (stage.group is not None)


def _has(candidate: Candidate, timing: Timing) -> bool:
    return timing in every_timing(candidate.staging.stage)


def _has_extent(stage: Stage) -> bool:
    """Return whether a stage has more than descriptors: R1 or G2 alone is no stage at diagnosis."""
    return (stage.t or stage.n or stage.m or stage.group) is not None


def _is_pathological(staging: Staging) -> bool:
    """Return whether T or N, or a group without them, is pathological: a cM0 beside pT and pN is usual."""
    stage = staging.stage
    methods = [found.method for found in (stage.t, stage.n) if found is not None]
    if not methods:
        methods = [found.method for found in stage.categories]
        methods += [stage.group.method] if stage.group is not None else []
    return Method.PATHOLOGICAL in methods
