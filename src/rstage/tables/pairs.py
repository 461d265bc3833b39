"""What two stages come to: worked out once for each assessment and each kind of diagnosis.

Each side is read by itself, because rows in which both are the same are rare where rows are many.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from rstage import rules
from rstage.diagnostics import Severity
from rstage.reporting.placed import CellFinding
from rstage.restaging.link import stage_json, staging_between, staging_json
from rstage.restaging.recurrence import types_text
from rstage.restaging.restage import NewAssessment, check_circumstances, check_diagnosis, check_restaged
from rstage.restaging.staging import Staging, chapter_year, check_against_site, check_chapter, site_counts
from rstage.tables.shared import Remembered, key_cells, key_length
from rstage.tables.sides import (
    NO_DIAGNOSIS,
    AssessmentSide,
    DatedEdition,
    DiagnosisKind,
    DiagnosisSide,
    RForm,
    Said,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rstage.diagnostics import Diagnostic
    from rstage.reading.read import Reading
    from rstage.restaging.link import LinkTemplate
    from rstage.restaging.link_key import LinkKey
    from rstage.restaging.staging import CircumstanceValues
    from rstage.tables.cells import StageReader
    from rstage.tables.facts import FactReader, RowFacts, SharedFacts
    from rstage.tables.shared import Key

MOST_DIAGNOSES = 50_000
"""Distinct diagnoses that are kept at a time, whatever their sites are."""

MOST_KINDS = 1_000
"""Kinds of diagnoses that are kept at a time; there are hardly more than a few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairOutcome:
    """What follows from an assessment with what stands beside it, and a kind of diagnosis.

    Attributes:
        facts: what stands beside the assessment.
        is_blank: whether there is no assessment; nothing else is there then.
        kind: the diagnosis. assessment: what was read of the assessment. assessment_text: its cells.
        in_cells: what was found in these. compared: what was found by comparing the two.
        restaged: the r-form; None where no row is restaged. in_restaged: what the r-form shows.
        editions: that of the assessment where it has a first year; nearly none has.
    """

    facts: SharedFacts
    is_blank: bool = False
    kind: DiagnosisKind = NO_DIAGNOSIS
    assessment: Reading | None = None
    assessment_text: str = ""
    in_cells: tuple[CellFinding, ...] = ()
    compared: tuple[CellFinding, ...] = ()
    restaged: RForm | None = None
    in_restaged: tuple[CellFinding, ...] = ()
    editions: tuple[DatedEdition, ...] = ()

    def of_all(self, *, is_restaged: bool) -> tuple[CellFinding, ...]:
        """Return what is found in each row but in its diagnosis, in the group in which it is counted."""
        return (*self.in_cells, *self.compared, *(self.in_restaged if is_restaged else ()))

    def findings(
        self, old: DiagnosisSide, own: Iterable[CellFinding] = (), *, is_restaged: bool
    ) -> list[CellFinding]:
        """Return the findings of a row: those of the cells in order of position, then the others by code."""
        others = [*old.of_site, *self.compared, *own, *(self.in_restaged if is_restaged else ())]
        return [*old.in_cells, *self.in_cells, *sorted(others, key=lambda one: one.diagnostic.code)]

    def codes(self, own: Iterable[CellFinding] = (), *, is_restaged: bool) -> dict[str, None]:
        """Return the codes of these findings, each once, in this order."""
        others = [*self.compared, *own, *(self.in_restaged if is_restaged else ())]
        behind = sorted([*self.kind.site_codes, *(one.diagnostic.code for one in others)])
        return dict.fromkeys((*self.kind.codes, *(one.diagnostic.code for one in self.in_cells), *behind))


class WrittenPair(NamedTuple):
    """What a pair comes to, with the cells of the rows that add nothing to it.

    Attributes:
        outcome: what it comes to.
        before, after: the cells as text: what stands before and behind the link, where there is one.
        template: makes the link; None where there is none. has_link: whether there is one.
        types: the types of recurrence, maybe an empty text; None where the rows are not restaged.
        is_settled: whether a row adds nothing to the findings whose circumstances are undisputed.
    """

    outcome: PairOutcome
    before: str
    after: str
    template: LinkTemplate | None
    has_link: bool
    types: str | None
    is_settled: bool

    def cells(self, diagnosis: DiagnosisSide, facts: RowFacts) -> str:
        """Return the cells of a row."""
        if self.template is None:
            return self.before + self.after
        date, _, _, tumor_id = facts.diagnosis
        written = staging_json(diagnosis.between, date, tumor_id)
        return f"{self.before}{self.template.cell(written, facts.assessment)}{self.after}"


class PairReader:
    """Reads the two stages of rows and compares them.

    Args:
        diagnosis, assessment: read the two stages, of which a row restages one: several are an error.
        facts: reads what stands beside them.
        key: what the links are made with.
        joins: whether diagnoses share a kind; else it is known of each outcome which diagnosis it has.

    Attributes:
        diagnosis, assessment, key: as given.
        old_indexes, new_indexes: the places of the columns of each side.
    """

    def __init__(
        self,
        diagnosis: StageReader,
        assessment: StageReader,
        facts: FactReader,
        *,
        key: LinkKey | None = None,
        joins: bool = True,
    ) -> None:
        self.diagnosis, self.assessment, self.key = diagnosis, assessment, key
        self._facts, self._joins = facts, joins
        self._labels = diagnosis.columns.label, assessment.columns.label
        self._common_kind = lru_cache(MOST_KINDS)(DiagnosisKind)
        self._said = Remembered(self._say, MOST_DIAGNOSES)
        self.old_indexes = tuple(sorted({*diagnosis.indexes, *facts.site_indexes}))
        self.new_indexes = tuple(sorted({*assessment.indexes, *facts.indexes}))

    def old(self, key: Key) -> DiagnosisSide:
        """Return the side of the diagnosis, from the cells at its places."""
        row = dict(zip(self.old_indexes, key_cells(key), strict=True))
        return DiagnosisSide(self.diagnosis.key(row), self._facts.site(row))

    def kind(self, side: DiagnosisSide) -> DiagnosisKind:
        """Return what of a diagnosis counts beside an assessment, and read it where it was not read yet."""
        said = self._said[side.key]
        side.reading, side.in_cells, side.kind = said.reading, said.in_cells, said.kind
        if said.staging is not None:
            side.between = staging_between(said.json, None, side.site)
        if said.staging is not None and said.needs_site:
            side.of_site = tuple(self._site_findings(0, said.staging, side.site))
            side.editions = _dated_editions(0, said.staging, side.site)
        if side.of_site or not self._joins:
            side.kind = self._kind(said, side.of_site)
        return side.kind

    def _say(self, key: Key) -> Said:
        """Return what the cells of a diagnosis say."""
        reading, in_cells = self.diagnosis.read_one_stage(key)
        said = Said(reading, in_cells)
        if reading is not None and not has_error(in_cells):
            staging = Staging.of(reading)
            needs_site = site_counts(staging.stage)
            said = said._replace(staging=staging, json=stage_json(staging), needs_site=needs_site)
        return said._replace(kind=self._kind(said))

    def _kind(self, said: Said, of_site: tuple[CellFinding, ...] = ()) -> DiagnosisKind:
        """Return what of a diagnosis counts beside an assessment."""
        stage = None if said.staging is None else said.staging.stage
        return (self._common_kind if self._joins else DiagnosisKind)(
            is_missing=said.reading is None,
            codes=_codes(said.in_cells),
            site_codes=_codes(of_site),
            is_refused=has_error(said.in_cells),
            is_disputed=has_error(of_site),
            against=() if stage is None else tuple(check_diagnosis(stage)),
            edition=None if stage is None else stage.edition,
        )

    def new(self, key: Key) -> AssessmentSide:
        """Return the side of the assessment, from the cells at its places."""
        row = dict(zip(self.new_indexes, key_cells(key), strict=True))
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
        new = NewAssessment(staging, event=facts.event, recurrence=facts.types, key=self.key)
        side = replace(
            side,
            of_site=tuple(self._site_findings(1, staging, staging.site)),
            staging=staging,
            new=new,
            needs_site=site_counts(staging.stage),
            between="" if new.template is None else new.template.between(None, facts.assessment_site),
            behind="" if new.template is None else new.template.behind,
        )
        return self._with_r_form(side)

    def _with_r_form(self, side: AssessmentSide, site: str | None = None) -> AssessmentSide:
        """Return an assessment with its r-form, where the diagnosis was at a site."""
        new, staging = side.new, side.staging
        if new is None or staging is None or new.restaged is None or new.template is None:
            return side
        if has_error(side.of_site):
            return side
        shown_by_r = check_restaged(new.restaged, staging, site)
        return replace(
            side,
            r_form=RForm(str(new.restaged), types_text(new.recurrence), new.template),
            in_r_form=tuple(self._of_both(found, staging.text) for found in shown_by_r),
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
        compared: tuple[CellFinding, ...] = ()
        restaged: RForm | None = None
        in_restaged: tuple[CellFinding, ...] = ()
        editions: tuple[DatedEdition, ...] = ()
        if kind.is_missing:
            missing = CellFinding(diagnostic=rules.DIAGNOSIS_MISSING.at(), column=self._labels[0])
            compared = (missing,)
        elif new.new is not None and new.staging is not None and not kind.is_refused:
            text = new.staging.text
            found = new.new.check(kind.against, kind.edition)
            compared = (*new.of_site, *(self._of_both(one, text) for one in found))
            editions = _dated_editions(1, new.staging, new.staging.site or site)
            if not kind.is_disputed and not has_error(compared):
                of_site = self._with_r_form(new, site) if new.needs_site else new
                restaged, in_restaged = of_site.r_form, of_site.in_r_form
        return PairOutcome(
            facts=new.facts,
            kind=kind,
            assessment=new.reading,
            assessment_text=new.text,
            in_cells=new.in_cells,
            compared=compared,
            restaged=restaged,
            in_restaged=in_restaged,
            editions=editions,
        )

    def own_findings(
        self, old: DiagnosisSide, outcome: PairOutcome, facts: RowFacts
    ) -> tuple[CellFinding, ...]:
        """Return what is wrong with the facts of a row, and what they say against a restaging."""
        circumstances = facts.diagnosis, facts.assessment
        compared = [
            self._of_both(one, outcome.assessment_text) for one in check_circumstances(*circumstances)
        ]
        early = [
            CellFinding(diagnostic=one, column=self._labels[dated.side], value=dated.text)
            for dated in (*old.editions, *outcome.editions)
            for one in check_chapter(dated.edition, dated.site, circumstances[dated.side][0])
        ]
        return (*facts.findings, *outcome.facts.findings, *compared, *early)

    def _site_findings(self, side: int, staging: Staging, site: str | None) -> Iterator[CellFinding]:
        """Yield what the site adds to what was found in the cells."""
        for found in check_against_site(staging.stage, site):
            yield CellFinding(diagnostic=found, column=self._labels[side], value=staging.text)

    def _of_both(self, found: Diagnostic, value: str) -> CellFinding:
        """Return a finding about both stages; it is reported with the text of the assessment."""
        return CellFinding(diagnostic=found, column=" + ".join(self._labels), value=value)


def _codes(found: Iterable[CellFinding]) -> tuple[str, ...]:
    return tuple([one.diagnostic.code for one in found])


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
