"""Restaging: a diagnosis and a new assessment become the r-form, the diagnosis unchanged and linked."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from rstage import rules
from rstage.arguments import check_type
from rstage.diagnostics import Diagnostic, RestagingError, has_error
from rstage.model.category import Timing
from rstage.model.checks import check_stage
from rstage.model.stage import Stage, every_timing
from rstage.model.value import Value, tuple_of
from rstage.privacy import shown
from rstage.reference.choices import EVENTS
from rstage.reference.systems import WITH_R
from rstage.reference.tsv import data_rows
from rstage.reference.vocabulary import NOT_ASSIGNED
from rstage.restaging.link import Link, LinkTemplate
from rstage.restaging.link_key import check_key
from rstage.restaging.recurrence import (
    RecurrenceType,
    contradicts,
    derive,
    stated_types,
    type_names,
    types_text,
    written_types,
)
from rstage.restaging.sentence import describe
from rstage.restaging.staging import Staging, certainly_before, check_against_site, is_same_site

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rstage.model.edition import Edition
    from rstage.restaging.link_key import LinkKey
    from rstage.restaging.recurrence import Types
    from rstage.restaging.staging import Circumstances, CircumstanceValues

DERIVED, STATED = "derived", "stated"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Restaging(Value):
    """A new assessment of a cancer, linked to its diagnosis.

    Attributes:
        diagnosis: the staging at diagnosis, the very object that was given.
        assessment: the new staging, as given.
        restaged: the r-form of the assessment.
        event: `unknown`, `recurrence` or `progression`.
        recurrence: the types of recurrence. recurrence_basis: `derived` from T, N and M, or `stated`.
        link: ids and digests that tie it to the diagnosis.
        diagnostics: what was found; no part of equality.

    `str` gives the r-form. `from_dict` verifies nothing: `verify` says whether the link holds.

    Raises:
        ValueError: the event or the basis is unknown.
    """

    diagnosis: Staging
    assessment: Staging
    restaged: Stage
    event: str
    recurrence: frozenset[RecurrenceType]
    recurrence_basis: str
    link: Link
    diagnostics: tuple[Diagnostic, ...] = field(default=(), compare=False)

    made_by: ClassVar[str] = "rstage.restage(diagnosis, assessment)"
    readers: ClassVar[dict[str, Any]] = {
        "diagnosis": Staging.from_dict,
        "assessment": Staging.from_dict,
        "restaged": Stage.from_dict,
        "recurrence": written_types,
        "link": Link.from_dict,
        "diagnostics": tuple_of(Diagnostic.from_dict),
    }

    def __post_init__(self) -> None:
        check_type("diagnosis", self.diagnosis, Staging)
        check_type("assessment", self.assessment, Staging)
        check_type("restaged", self.restaged, Stage)
        check_type("recurrence", self.recurrence, frozenset)
        check_type("link", self.link, Link)
        _check_event(self.event)
        if self.recurrence_basis not in (DERIVED, STATED):
            raise ValueError("a recurrence is derived or stated")

    @property
    def metastatic_sites(self) -> tuple[str, ...]:
        """The codes of the metastatic sites that the new M names; the primary site is the diagnosis's."""
        return self.restaged.m.suffixes.sites if self.restaged.m is not None else ()

    def describe(self) -> str:
        """Return one plain sentence for a person, without an id."""
        return describe(
            self.diagnosis,
            self.restaged,
            event=self.event,
            recurrence=self.recurrence,
            sites=self.metastatic_sites,
        )

    def __str__(self) -> str:
        return str(self.restaged)


def restage(
    diagnosis: Staging,
    assessment: Staging,
    *,
    event: str = "unknown",
    recurrence: str | Iterable[str] | None = None,
    after: Restaging | None = None,
    key: LinkKey | None = None,
) -> Restaging:
    """Return the assessment in its r-form, linked to the diagnosis, which stays as it is.

    Args:
        diagnosis: the staging at diagnosis.
        assessment: the new one, with or without r.
        event: `recurrence` after a disease-free interval, `progression` without one, or `unknown`.
        recurrence: the types of recurrence where they are known: `RecurrenceType`s, their names, or one
            text such as `local+distant`. None derives them from T, N and M; an empty list states that
            there is none.
        after: the restaging before this one, which the link then names too.
        key: makes a link that proves to who has the key that a holder of it wrote the link.

    Raises:
        RestagingError: the two cannot become a restaging; `.diagnostics` holds every diagnostic.
        ValueError: the event or a type of recurrence is unknown.
        TypeError: an argument is of another type, such as a text instead of a `Staging`.
    """
    check_type("diagnosis", diagnosis, Staging)
    check_type("assessment", assessment, Staging)
    if after is not None:
        check_type("after", after, Restaging)
    check_key(key)
    previous = after.link.restaging if after is not None else None
    pair = StagePair(diagnosis, assessment, event=event, recurrence=recurrence, previous=previous, key=key)
    circumstances = diagnosis.circumstances, assessment.circumstances
    found = pair.check(*circumstances)
    if has_error(found) or pair.restaged is None or pair.template is None:
        raise RestagingError(found)
    return Restaging(
        diagnosis=diagnosis,
        assessment=assessment,
        restaged=pair.restaged,
        event=event,
        recurrence=pair.recurrence,
        recurrence_basis=pair.recurrence_basis,
        link=pair.template.link(*circumstances),
        diagnostics=(*found, *check_restaged(pair.restaged, assessment, diagnosis.site)),
    )


def check_restaging(
    diagnosis: Staging,
    assessment: Staging,
    *,
    event: str = "unknown",
    recurrence: str | Iterable[str] | None = None,
) -> tuple[Diagnostic, ...]:
    """Return what speaks against a restaging or deserves a look, in order of codes.

    The arguments are those of `restage`.

    Raises:
        ValueError, TypeError: as for `restage`.
    """
    check_type("diagnosis", diagnosis, Staging)
    check_type("assessment", assessment, Staging)
    pair = StagePair(diagnosis, assessment, event=event, recurrence=recurrence)
    return pair.check(diagnosis.circumstances, assessment.circumstances)


class StagePair:
    """A diagnosis and an assessment without their circumstances, and the outcome of restaging them.

    Where the same two texts come in many rows, this is computed once; a row then costs `check` and
    `template.cell`, with its own dates, sites and ids.

    Args:
        diagnosis: the diagnosis, of which only stage and text count here.
        assessment: the new assessment, likewise.
        event: as for `restage`.
        recurrence: as for `restage`.
        previous: the digest of the restaging before, where there is one.
        key: as for `restage`.

    Attributes:
        restaged: the r-form; None where `diagnostics` holds an error, because then there is none.
        recurrence, recurrence_basis: the types of recurrence, and whether they were derived or stated.
        diagnostics: what the two stages say against a restaging, and what the derivation leaves open.
        template: makes the links; None where there is no r-form.

    Raises:
        ValueError: the event or a type of recurrence is unknown.
    """

    __slots__ = ("diagnostics", "recurrence", "recurrence_basis", "restaged", "template")

    def __init__(
        self,
        diagnosis: Staging,
        assessment: Staging,
        *,
        event: str = "unknown",
        recurrence: str | Iterable[str] | None = None,
        previous: str | None = None,
        key: LinkKey | None = None,
    ) -> None:
        _check_event(event)
        stated = None if recurrence is None else stated_types(recurrence)
        derived, open_questions = derive(assessment.stage)
        self.diagnostics = (
            *_check_diagnosis(diagnosis.stage),
            *_check_assessment(assessment.stage),
            *_check_editions(diagnosis.stage.edition, assessment.stage.edition, event),
            *(open_questions if stated is None else _check_stated(assessment.stage, stated, derived)),
        )
        self.recurrence = derived if stated is None else stated
        self.recurrence_basis = DERIVED if stated is None else STATED
        self.restaged: Stage | None = None
        self.template: LinkTemplate | None = None
        if has_error(self.diagnostics):
            return
        self.restaged = assessment.stage.restaged()
        self.template = LinkTemplate(
            diagnosis,
            assessment,
            restaged=self.restaged,
            event=event,
            recurrence=type_names(self.recurrence),
            recurrence_basis=self.recurrence_basis,
            previous=previous,
            key=key,
        )

    def check(self, diagnosis: Circumstances, assessment: Circumstances) -> tuple[Diagnostic, ...]:
        """Return every diagnostic of a restaging in these circumstances, in order of codes."""
        found = (*self.diagnostics, *check_circumstances(diagnosis, assessment))
        return tuple(sorted(found, key=lambda one: one.code))


def check_circumstances(
    diagnosis: CircumstanceValues, assessment: CircumstanceValues
) -> Iterator[Diagnostic]:
    """Yield what the dates, sites and tumor ids say against a restaging."""
    date, _, site, tumor_id = diagnosis
    new_date, _, new_site, new_tumor_id = assessment
    if tumor_id is not None and new_tumor_id is not None:
        # Blanks around an id come from columns of fixed width.
        if tumor_id.strip() != new_tumor_id.strip():
            yield rules.SECOND_PRIMARY.at()
    elif tumor_id is not new_tumor_id:
        yield rules.TUMOR_UNCONFIRMED.at()
    if certainly_before(new_date, date):
        yield rules.BEFORE_DIAGNOSIS.at()
    if site is not None and new_site is not None and not is_same_site(site, new_site):
        yield rules.OTHER_SITE.at()


def r_form(stage: Stage) -> Stage | None:
    """Return a stage in its r-form; None where its group is of a system without r."""
    return None if _has_group_without_r(stage) else stage.restaged()


def _has_group_without_r(stage: Stage) -> bool:
    return stage.group is not None and stage.group.system not in WITH_R


def _check_event(event: str) -> None:
    if event not in EVENTS:
        raise ValueError(f"an event is one of {', '.join(EVENTS)}")


def _check_diagnosis(stage: Stage) -> Iterator[Diagnostic]:
    timing = every_timing(stage)
    if Timing.RECURRENCE in timing:
        yield rules.DIAGNOSIS_CARRIES_R.at()
    if Timing.AUTOPSY in timing:
        yield rules.DIAGNOSIS_AT_AUTOPSY.at()
    if Timing.POST_THERAPY in timing:
        yield rules.DIAGNOSIS_AFTER_TREATMENT.at()
    if stage.m is not None and stage.m.value == "1":
        yield rules.DIAGNOSIS_WAS_M1.at()


def _check_assessment(stage: Stage) -> Iterator[Diagnostic]:
    unknown = [str(category) for category in stage.categories if category.value == NOT_ASSIGNED]
    if stage.group is not None and stage.group.value == "X":
        unknown.append(str(stage.group))
    for text in unknown:
        yield rules.UNKNOWN_NEVER_RESTAGED.at(text=shown(text))
    if stage.group is not None and _has_group_without_r(stage):
        yield rules.SYSTEM_WITHOUT_R.at(text=shown(str(stage.group)), system=stage.group.system)
    if not stage.categories and stage.group is None:
        yield rules.NOTHING_TO_RESTAGE.at()


def _check_stated(stage: Stage, stated: Types, derived: Types) -> Iterator[Diagnostic]:
    if contradicts(stage, stated):
        yield rules.STATED_AGAINST_DERIVED.at(
            stated=types_text(stated) or "none", derived=types_text(derived) or "none"
        )


def _check_editions(before: Edition | None, after: Edition | None, event: str) -> Iterator[Diagnostic]:
    written = after or before
    if event == "progression" and written is not None and needs_interval(written):
        yield rules.PROGRESSION_WITHOUT_INTERVAL.at(edition=str(written))
    if before is not None and after is not None and before != after:
        yield rules.EDITION_CHANGED.at(before=str(before), after=str(after))


@cache
def _interval_editions() -> dict[str, tuple[float, float]]:
    """Return for each owner the last number and the last year that tie r to a disease-free interval."""
    return {
        row["owner"]: (float(row["last_number"] or "inf"), float(row["last_year"] or "inf"))
        for row in data_rows("restaging_editions.tsv")
    }


def needs_interval(edition: Edition) -> bool:
    """Return whether an edition gives r only after a disease-free interval.

    Source: `data/restaging_editions.tsv`, which says what is general knowledge.
    """
    last = _interval_editions().get(edition.owner or "")
    if last is None:
        return False
    number = edition.number
    return int(edition.version) <= last[1] if number is None else number <= last[0]


def check_restaged(restaged: Stage, assessment: Staging, site: str | None) -> tuple[Diagnostic, ...]:
    """Return what the checks find in the r-form that the assessment did not have; `site` is the primary's."""
    known = {found.code for found in assessment.diagnostics}
    found = (*check_stage(restaged, {}, (0, 0)), *check_against_site(restaged, site, assessment.date))
    return tuple(one for one in found if one.code not in known)
