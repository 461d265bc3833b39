"""What two stages come to: worked out once for each assessment and each kind of diagnosis.

Each side is read by itself, because rows in which both are the same are rare where rows are many.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

from rstage import rules
from rstage.diagnostics import Severity
from rstage.reporting.placed import CellFinding
from rstage.restaging.link import stage_json
from rstage.restaging.recurrence import types_text
from rstage.restaging.restage import NewAssessment, check_circumstances, check_diagnosis, check_restaged
from rstage.restaging.staging import Staging, chapter_year, check_against_site, check_chapter, site_counts
from rstage.tables.appender import Keyed
from rstage.tables.shared import Remembered, key_cells, key_length

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rstage.diagnostics import Diagnostic
    from rstage.model.edition import Edition
    from rstage.reading.read import Reading
    from rstage.restaging.link import LinkTemplate
    from rstage.restaging.staging import CircumstanceValues
    from rstage.tables.cells import StageReader
    from rstage.tables.facts import FactReader, RowFacts, SharedFacts
    from rstage.tables.shared import Key

MOST_STAGES = 50_000
"""Distinct cells of each of the two stages that are kept at a time."""

MOST_KINDS = 1_000
"""Kinds of diagnoses without a finding that are kept at a time; there are hardly more than a few."""


class DatedEdition(NamedTuple):
    """An edition with a first year at its site: of the diagnosis (side 0) or of the assessment (side 1)."""

    side: int
    edition: Edition | None
    site: str | None
    text: str


class RForm(NamedTuple):
    """What a row is restaged to: the r-form, the types of recurrence, and what makes its link."""

    text: str
    recurrence: str
    template: LinkTemplate


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DiagnosisKind:
    """What of a diagnosis counts beside an assessment. Diagnoses without a finding have few of them.

    Attributes:
        reading: what was read; None where it is missing, and for a kind that many diagnoses have.
        is_missing: whether there is no diagnosis.
        in_cells: what was found in the cells. of_site: what their site adds to that.
        against: what they alone say against a restaging. edition: their edition.
        editions: the edition again, where it has a first year at the site.
    """

    reading: Reading | None = None
    is_missing: bool = False
    in_cells: tuple[CellFinding, ...] = ()
    of_site: tuple[CellFinding, ...] = ()
    against: tuple[Diagnostic, ...] = ()
    edition: Edition | None = None
    editions: tuple[DatedEdition, ...] = ()


class DiagnosisSide:
    """The cells of a diagnosis with their site. They are read when they are first needed.

    Attributes:
        site: the site as it is written, or None. kind: what counts beside an assessment; None until then.
        json: what the stage and its text are in canonical JSON; empty where there is no stage.
    """

    __slots__ = ("json", "key", "kind", "site")

    def __init__(self, key: Key, site: str | None) -> None:
        self.key, self.site = key, site
        self.kind: DiagnosisKind | None = None
        self.json = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AssessmentSide:
    """What the cells of an assessment come to, whatever the diagnosis is.

    Attributes:
        facts: what stands beside them. is_blank: whether there is no assessment; nothing else is there then.
        text: the cells. reading: what was read.
        in_cells: what was found in the cells. of_site: what their site adds to that.
        new: what restaging them comes to; None where they have an error.
        staging: the assessment; None likewise.
        needs_site: whether it counts at which site the diagnosis was.
        length: how many characters there are.
    """

    facts: SharedFacts
    is_blank: bool = False
    text: str = ""
    reading: Reading | None = None
    in_cells: tuple[CellFinding, ...] = ()
    of_site: tuple[CellFinding, ...] = ()
    new: NewAssessment | None = None
    staging: Staging | None = None
    needs_site: bool = False
    length: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PairOutcome:
    """What follows from an assessment with what stands beside it, and a kind of diagnosis.

    Attributes:
        is_blank: whether there is no assessment; nothing else is there then.
        facts: what stands beside the assessment. assessment_text: its cells.
        diagnosis, assessment: what was read of the two; None where it is missing or was not looked at, and
            of a diagnosis also where many have its kind.
        in_cells: what was found in the cells. compared: what was found by comparing the two.
        restaged: the r-form; None where no row is restaged. in_restaged: what the r-form shows.
        editions: those that have a first year; nearly no pair has one.
    """

    facts: SharedFacts
    is_blank: bool = False
    assessment_text: str = ""
    diagnosis: Reading | None = None
    assessment: Reading | None = None
    in_cells: tuple[CellFinding, ...] = ()
    compared: tuple[CellFinding, ...] = ()
    restaged: RForm | None = None
    in_restaged: tuple[CellFinding, ...] = ()
    editions: tuple[DatedEdition, ...] = ()

    def of_all(self, *, is_restaged: bool) -> tuple[CellFinding, ...]:
        """Return what is found in each row, in the group in which it is counted."""
        return (*self.in_cells, *self.compared, *(self.in_restaged if is_restaged else ()))

    def findings(self, own: Iterable[CellFinding] = (), *, is_restaged: bool) -> list[CellFinding]:
        """Return the findings of a row: those of the cells in order of position, then the others by code."""
        others = [*self.compared, *own, *(self.in_restaged if is_restaged else ())]
        return [*self.in_cells, *sorted(others, key=lambda one: one.diagnostic.code)]


class PairReader:
    """Reads the two stages of rows and compares them.

    Args:
        diagnosis, assessment: read the two stages, of which a row restages one: several are an error.
        facts: reads what stands beside them.
        joins: whether diagnoses share a kind; else it is known of each outcome which diagnosis it has.
    """

    def __init__(
        self, diagnosis: StageReader, assessment: StageReader, facts: FactReader, *, joins: bool = True
    ) -> None:
        self.diagnosis, self.assessment = diagnosis, assessment
        self._facts = facts
        self._labels = diagnosis.columns.label, assessment.columns.label
        self._kind_of = lru_cache(MOST_KINDS if joins else 0)(_common_kind)
        self._joins = joins
        old_indexes = tuple(sorted({*diagnosis.indexes, *facts.site_indexes}))
        new_indexes = tuple(sorted({*assessment.indexes, *facts.indexes}))
        self.keys = (
            Keyed(old_indexes, Remembered(partial(self._old, old_indexes), MOST_STAGES)),
            Keyed(new_indexes, Remembered(partial(self._new, new_indexes), MOST_STAGES)),
        )

    def _old(self, indexes: Sequence[int], key: Key) -> DiagnosisSide:
        row = dict(zip(indexes, key_cells(key), strict=True))
        return DiagnosisSide(self.diagnosis.key(row), self._facts.site(row))

    def kind(self, side: DiagnosisSide) -> DiagnosisKind:
        """Return what of a diagnosis counts beside an assessment, and read it where it was not read yet."""
        if side.kind is None:
            side.kind = self._read_kind(side)
        return side.kind

    def _read_kind(self, side: DiagnosisSide) -> DiagnosisKind:
        reading, in_cells = self.diagnosis.read_one_stage(side.key)
        if reading is None:
            return self._kind_of(in_cells, is_missing=True)
        if has_error(in_cells):
            return DiagnosisKind(reading=reading, in_cells=in_cells)
        staging = Staging.of(reading, site=side.site)
        side.json = stage_json(staging)
        of_site = tuple(self._site_findings(0, staging))
        against, edition = tuple(check_diagnosis(staging.stage)), staging.stage.edition
        editions = _dated_editions(0, staging, staging.site)
        if self._joins and not in_cells and not of_site and not editions:
            return self._kind_of((), against=against, edition=edition)
        return DiagnosisKind(
            reading=reading,
            in_cells=in_cells,
            of_site=of_site,
            against=against,
            edition=edition,
            editions=editions,
        )

    def _new(self, indexes: Sequence[int], key: Key) -> AssessmentSide:
        row = dict(zip(indexes, key_cells(key), strict=True))
        facts = self._facts.of_key(row)
        cells = self.assessment.key(row)
        reading, in_cells = self.assessment.read_one_stage(cells)
        if reading is None:
            return AssessmentSide(facts=facts, is_blank=True, length=key_length(key))
        side = AssessmentSide(
            facts=facts,
            text=" ".join(self.assessment.cells(cells)),
            reading=reading,
            in_cells=in_cells,
            length=key_length(key),
        )
        if has_error(in_cells):
            return side
        staging = Staging.of(reading, site=facts.assessment_site)
        new = NewAssessment(staging, event=facts.event, recurrence=facts.types)
        return replace(
            side,
            of_site=tuple(self._site_findings(1, staging)),
            new=new,
            staging=staging,
            needs_site=site_counts(staging.stage),
        )

    def outcome(self, kind: DiagnosisKind, new: AssessmentSide, site: str | None) -> PairOutcome:
        """Return what two stages come to.

        Args:
            kind: the diagnosis.
            new: the assessment.
            site: the site of the diagnosis, where the assessment needs it.
        """
        if new.is_blank:
            return PairOutcome(facts=new.facts, is_blank=True)
        read = PairOutcome(
            facts=new.facts,
            assessment_text=new.text,
            diagnosis=kind.reading,
            assessment=new.reading,
            in_cells=(*kind.in_cells, *new.in_cells),
        )
        if kind.is_missing:
            missing = CellFinding(diagnostic=rules.DIAGNOSIS_MISSING.at(), column=self._labels[0])
            return replace(read, compared=(missing,))
        if has_error(read.in_cells) or new.new is None or new.staging is None:
            return read
        found = (self._of_both(one, new.staging.text) for one in new.new.check(kind.against, kind.edition))
        compared = (*kind.of_site, *new.of_site, *found)
        restaged: RForm | None = None
        in_restaged: tuple[CellFinding, ...] = ()
        if not has_error(compared) and new.new.restaged is not None and new.new.template is not None:
            restaged = RForm(str(new.new.restaged), types_text(new.new.recurrence), new.new.template)
            shown_by_r = check_restaged(new.new.restaged, new.staging, site)
            in_restaged = tuple(self._of_both(found, new.staging.text) for found in shown_by_r)
        editions = _dated_editions(1, new.staging, new.staging.site or site)
        return replace(
            read,
            compared=compared,
            restaged=restaged,
            in_restaged=in_restaged,
            editions=(*kind.editions, *editions),
        )

    def own_findings(self, outcome: PairOutcome, facts: RowFacts) -> tuple[CellFinding, ...]:
        """Return what is wrong with the facts of a row, and what they say against a restaging."""
        circumstances = facts.diagnosis, facts.assessment
        compared = [
            self._of_both(one, outcome.assessment_text) for one in check_circumstances(*circumstances)
        ]
        early = [
            CellFinding(diagnostic=one, column=self._labels[dated.side], value=dated.text)
            for dated in outcome.editions
            for one in check_chapter(dated.edition, dated.site, circumstances[dated.side][0])
        ]
        return (*facts.findings, *outcome.facts.findings, *compared, *early)

    def _site_findings(self, side: int, staging: Staging) -> Iterator[CellFinding]:
        """Yield what the site adds to what was found in the cells."""
        for found in check_against_site(staging.stage, staging.site):
            yield CellFinding(diagnostic=found, column=self._labels[side], value=staging.text)

    def _of_both(self, found: Diagnostic, value: str) -> CellFinding:
        """Return a finding about both stages; it is reported with the text of the assessment."""
        return CellFinding(diagnostic=found, column=" + ".join(self._labels), value=value)


def _common_kind(
    in_cells: tuple[CellFinding, ...],
    *,
    is_missing: bool = False,
    against: tuple[Diagnostic, ...] = (),
    edition: Edition | None = None,
) -> DiagnosisKind:
    return DiagnosisKind(in_cells=in_cells, is_missing=is_missing, against=against, edition=edition)


def has_error(found: Iterable[CellFinding]) -> bool:
    """Return whether one of the findings is an error."""
    return any(one.diagnostic.severity is Severity.ERROR for one in found)


def _dated_editions(side: int, staging: Staging, site: str | None) -> tuple[DatedEdition, ...]:
    """Return the edition of a staging where it has a first year at the site."""
    edition = staging.stage.edition
    return (DatedEdition(side, edition, site, staging.text),) if chapter_year(edition, site) else ()


def is_undisputed(diagnosis: CircumstanceValues, assessment: CircumstanceValues) -> bool:
    """Return whether there is nothing to compare, or it is in order: true of nearly every row.

    It only saves the check of these rows; a test holds that the check finds nothing in them.
    """
    date, _, site, tumor_id = diagnosis
    new_date, _, new_site, new_tumor_id = assessment
    return (
        tumor_id == new_tumor_id
        and (date is None or new_date is None or date <= new_date)
        and (site is None or new_site is None or site == new_site)
    )
