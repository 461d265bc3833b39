"""The history of one tumor: its stagings at diagnosis, and its restagings, each linked to the one before."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

from rstage import rules
from rstage.arguments import check_each, check_type
from rstage.diagnostics import Diagnostic, RestagingError, Severity, has_error
from rstage.model.value import Value, tuple_of, unfrozen
from rstage.privacy import shown
from rstage.restaging.course import DEFAULT_WINDOW, Course, check_window
from rstage.restaging.diagnosis import BASES, Candidate, check_policy, taken
from rstage.restaging.link_key import check_key
from rstage.restaging.restage import Restaging, restage
from rstage.restaging.staging import Staging, certainly_before
from rstage.restaging.verify import altered_fields, verify_restaging

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rstage.reference.choices import Policy
    from rstage.restaging.diagnosis import Taken
    from rstage.restaging.link_key import LinkKey


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class History(Value):
    """One tumor: its stagings without r, the one that counts as its diagnosis, and its restagings.

    A history is append-only: `restage` gives a longer one, and no call edits or removes a staging.

    Attributes:
        initial: every staging without r that is no later assessment, in order of date as far as known.
        diagnosis: the one of them that the restagings follow.
        diagnosis_basis: why it is that one: the earliest `pathological` staging, the earliest `clinical` one,
            the `earliest` of all, or the earliest `post-therapy` one because there is no other.
        restagings: in order; each is linked to the diagnosis and to the restaging before it.
        diagnostics: what was found while the diagnosis was taken; no part of equality.

    `from_dict` verifies nothing: `verify` says whether the links hold.

    Raises:
        ValueError: the diagnosis is not one of the initial stagings, or the basis is unknown.
    """

    initial: tuple[Staging, ...]
    diagnosis: Staging
    diagnosis_basis: str
    restagings: tuple[Restaging, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = field(default=(), compare=False)

    made_by: ClassVar[str] = "rstage.History.of(stagings)"
    readers: ClassVar[dict[str, Any]] = {
        "initial": tuple_of(Staging.from_dict),
        "diagnosis": Staging.from_dict,
        "restagings": tuple_of(Restaging.from_dict),
        "diagnostics": tuple_of(Diagnostic.from_dict),
    }

    def __post_init__(self) -> None:
        check_type("diagnosis", self.diagnosis, Staging)
        check_each("initial", self.initial, Staging)
        check_each("restagings", self.restagings, Restaging)
        if self.diagnosis not in self.initial:
            raise ValueError("the diagnosis is one of the initial stagings")
        if self.diagnosis_basis not in BASES:
            raise ValueError(f"the basis of a diagnosis is one of {', '.join(BASES)}")

    @classmethod
    def of(
        cls,
        stagings: Iterable[Staging],
        *,
        policy: Policy = "pathological",
        diagnosis_window: int = DEFAULT_WINDOW,
        key: LinkKey | None = None,
    ) -> Self:
        """Return the history that the stagings of one tumor make, in whatever order they come.

        A later assessment (one without r, y and a that is dated after the window, or after a staging with r)
        is no stage at diagnosis. Nothing states an event for it here, so it is left out and `diagnostics`
        says so, with its number as the `part`: `stagings[2]`. `restage` takes it with its event.

        Args:
            stagings: every staging of the tumor. Those with r become restagings, in order of date.
            policy: which staging without r is the diagnosis: the earliest that is `pathological` (else the
                earliest clinical one), the earliest that is `clinical` (else pathological), or the `earliest`
                of all. One after treatment (y) only where there is nothing else, with a warning; one at
                autopsy (a) never.
            diagnosis_window: months after the first staging in which a staging can be of the diagnosis.
            key: as for `rstage.restage`.

        Raises:
            RestagingError: there is no staging that could be the diagnosis, or a staging with r cannot follow
                it; `.diagnostics` holds every diagnostic.
            ValueError: the stagings name several tumors, the policy is unknown, or the window is no number of
                months.
            TypeError: one of the stagings is none.
        """
        check_key(key)
        given = list(check_each("stagings", stagings, Staging))
        assessments = in_order(one for one in given if one.stage.is_recurrence)
        possible = [one for one in given if not one.stage.is_recurrence]
        course = Course(
            possible, recurrences=[one.date for one in assessments], window=check_window(diagnosis_window)
        )
        judged = {place: course.judged(one) for place, one in enumerate(given) if not one.stage.is_recurrence}
        inside = [given[place] for place, one in judged.items() if not one.is_later]
        history = cls.begun(inside, policy=policy)
        found = [
            replace(diagnostic, part=f"stagings[{place}]")
            for place, one in judged.items()
            for diagnostic in one.found
        ]
        history = replace(history, diagnostics=(*history.diagnostics, *found))
        for staging in assessments:
            history = history.restage(staging, key=key)
        return history

    @classmethod
    def begun(
        cls, initial: Iterable[Staging], *, policy: Policy = "pathological", later: Iterable[Staging] = ()
    ) -> Self:
        """Return a history without restagings.

        Args:
            initial: the stagings without r, of which one becomes the diagnosis; none is a later assessment.
            policy: as for `of`.
            later: further stagings without r that were given in the course of the disease, so that none of
                them can be the diagnosis.

        Raises:
            RestagingError: there is no staging that could be the diagnosis.
            ValueError: the stagings name several tumors, or the policy is unknown.
            TypeError: one of the stagings is none.
        """
        candidates = [Candidate(one) for one in check_each("initial", initial, Staging)]
        given, found = _begin(candidates, policy, check_each("later", later, Staging))
        return cls(
            initial=given, diagnosis=found.staging, diagnosis_basis=found.basis, diagnostics=found.found
        )

    @property
    def tumor_id(self) -> str | None:
        """The id of the tumor, where a staging names it."""
        stagings = (*self.initial, *(one.assessment for one in self.restagings))
        return next((one.tumor_id for one in stagings if one.tumor_id is not None), None)

    @property
    def link_versions(self) -> tuple[int, ...]:
        """The version of the link of each restaging: 1 was made without a key, 2 with one."""
        return tuple(one.link.version for one in self.restagings)

    def restage(
        self,
        assessment: Staging,
        *,
        event: str = "unknown",
        recurrence: str | Iterable[str] | None = None,
        key: LinkKey | None = None,
    ) -> Self:
        """Return a history with one more restaging, linked to the diagnosis and to the last one.

        Args:
            assessment: the new staging, with or without r.
            event: as for `rstage.restage`.
            recurrence: as for `rstage.restage`.
            key: likewise; links that were made with a key and without one can follow each other.

        Raises:
            RestagingError: the staging cannot follow: `rstage.restage` refuses it, or it is dated before a
                restaging that is there already.
            ValueError, TypeError: as for `rstage.restage`.
        """
        check_type("assessment", assessment, Staging)
        if _is_before_any(assessment, self.restagings):
            raise RestagingError((rules.OUT_OF_ORDER.at(),))
        last = self.restagings[-1] if self.restagings else None
        added = restage(self.diagnosis, assessment, event=event, recurrence=recurrence, after=last, key=key)
        return replace(self, restagings=(*self.restagings, added))

    def to_dict(self) -> dict[str, Any]:
        """Return the tumor id and the fields that differ from their defaults, as JSON-ready values."""
        named = {"tumor_id": self.tumor_id} if self.tumor_id is not None else {}
        return {**named, **Value.to_dict(self)}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Return the history that `to_dict` wrote; nothing in it is verified.

        Raises:
            ValueError: the fields do not make a history, or the tumor id is not that of its stagings.
        """
        try:
            fields = {name: value for name, value in data.items() if name != "tumor_id"}
        except AttributeError:
            raise ValueError("these fields do not make a History") from None
        made = super(History, cls).from_dict(fields)
        if "tumor_id" in data and data["tumor_id"] != made.tumor_id:
            raise ValueError("the tumor id is not that of the stagings")
        return made

    def __repr__(self) -> str:
        return f"{type(self).__name__}({shown(str(self.diagnosis))!r}, {len(self.restagings)} restagings)"

    def __str__(self) -> str:
        return " -> ".join([str(self.diagnosis), *map(str, self.restagings)])


_UnfrozenHistory = unfrozen(History)


def first_history(
    candidates: Sequence[Candidate], *, policy: Policy, later: Sequence[Staging] = ()
) -> History:
    """Return a history without restagings, where what surrounds a staging says of which kind it is.

    Raises:
        RestagingError: there is no staging that could be the diagnosis.
        ValueError: the stagings name several tumors, or the policy is unknown.
    """
    made = object.__new__(_UnfrozenHistory)  # the diagnosis was taken from the stagings: nothing to check
    made.initial, (made.diagnosis, made.diagnosis_basis, made.diagnostics) = _begin(candidates, policy, later)
    made.restagings = ()
    made.__class__ = History
    return made  # type: ignore[no-any-return]  # it has become one


def _begin(
    candidates: Sequence[Candidate], policy: Policy, later: Sequence[Staging]
) -> tuple[tuple[Staging, ...], Taken]:
    """Return the stagings without r in their order, and which of them is the diagnosis."""
    check_policy(policy)
    given = [*[one.staging for one in candidates], *later]
    # A second primary is a cancer of its own.
    if len({one.tumor_id.strip() for one in given if one.tumor_id is not None}) > 1:
        raise ValueError("the stagings of a history are of one tumor, and these name several")
    ordered = [candidates[number] for number in order([one.staging.date for one in candidates])]
    found = taken(ordered, policy)
    if found is None:
        raise RestagingError((rules.NO_DIAGNOSIS.at(),))
    return tuple(in_order(given) if later else [one.staging for one in ordered]), found


def verify(
    record: Restaging | History, *, original: Staging | None = None, key: LinkKey | None = None
) -> tuple[Diagnostic, ...]:
    """Return what does not hold in a restaging or a history; an empty tuple means that every link holds.

    Everything is computed anew from the stagings. Without a key this shows that the record is consistent with
    the diagnosis it names, not who wrote it: whoever can rewrite everything can compute every digest.

    Args:
        record: the restaging or history, for example from its `from_dict`. For a history, the `part` of
            a diagnostic names the member: `restagings[0]`.
        original: the diagnosis from its own source; each field that differs from it is named.
        key: proves that a holder of it wrote the links. RS445: a link was made with a key and none is given;
            RS446: it was made without one; RS447: it does not fit the key.

    Raises:
        TypeError: an argument is of another type.
    """
    check_type("record", record, Restaging, History)
    check_key(key)
    if original is not None:
        check_type("original", original, Staging)
    if isinstance(record, Restaging):
        return verify_restaging(record, original=original, key=key)
    found = list(altered_fields(record.diagnosis, original)) if original is not None else []
    found += [
        rules.INITIAL_CARRIES_R.at(part=f"initial[{place}]")
        for place, staging in enumerate(record.initial)
        if staging.stage.is_recurrence
    ]
    members = [
        [
            *verify_restaging(restaging, original=record.diagnosis, key=key),
            *_out_of_chain(restaging, record.restagings[:place]),
        ]
        for place, restaging in enumerate(record.restagings)
    ]
    for place, more in enumerate(_covered(record, members) if key is not None else members):
        found += [replace(one, part=f"restagings[{place}]") for one in more]
    return tuple(found)


def _covered(record: History, members: Sequence[Sequence[Diagnostic]]) -> list[list[Diagnostic]]:
    """Return what was found, a link without a key as an info where a later one that was proven covers it.

    A link covers the digest of the one before, and so all of them.
    """
    is_covered, seen = False, list[list[Diagnostic]]()
    for restaging, found in zip(reversed(record.restagings), reversed(members), strict=True):
        without = rules.LINK_WITHOUT_KEY
        made = [without.at(severity=Severity.INFO) if one.code == without.code else one for one in found]
        seen.append(made if is_covered else list(found))
        is_covered = not has_error(seen[-1]) and (is_covered or restaging.link.is_keyed)
    return seen[::-1]


def _out_of_chain(restaging: Restaging, before: Sequence[Restaging]) -> Iterator[Diagnostic]:
    """Yield what is wrong between a restaging and those before it."""
    if restaging.link.previous != (before[-1].link.restaging if before else None):
        yield rules.PARENT_MISSING.at()
    if _is_before_any(restaging.assessment, before):
        yield rules.OUT_OF_ORDER.at()


def _is_before_any(assessment: Staging, restagings: Iterable[Restaging]) -> bool:
    return any(certainly_before(assessment.date, one.assessment.date) for one in restagings)


def in_order(stagings: Iterable[Staging]) -> list[Staging]:
    """Return stagings in order of date; where dates do not decide, in the order in which they came."""
    given = list(stagings)
    return [given[number] for number in order([one.date for one in given])]


def order(dates: Sequence[str | None]) -> Sequence[int]:
    """Return the numbers of dates in their order; where they do not decide, in the order in which they came.

    None of them is certainly before one that stands in front of it.
    """
    if len(set(dates)) < 2:
        return range(len(dates))
    ordered: list[int] = []
    for number, date in enumerate(dates):
        places = (place for place, one in enumerate(ordered) if certainly_before(date, dates[one]))
        ordered.insert(next(places, len(ordered)), number)
    return ordered
