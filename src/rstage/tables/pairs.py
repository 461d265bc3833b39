"""What two stages come to, for every row with the same diagnosis, assessment, sites and event."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from rstage import rules
from rstage.diagnostics import Severity
from rstage.reporting.placed import CellFinding
from rstage.restaging.recurrence import types_text
from rstage.restaging.restage import StagePair, check_circumstances, check_restaged
from rstage.restaging.staging import Staging, chapter_year, check_against_site, check_chapter
from rstage.tables.shared import LONGEST_KEPT, key_length

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rstage.diagnostics import Diagnostic
    from rstage.model.edition import Edition
    from rstage.reading.read import Reading
    from rstage.restaging.link import LinkTemplate
    from rstage.restaging.link_key import LinkKey
    from rstage.restaging.staging import CircumstanceValues
    from rstage.tables.cells import ReadStage, StageReader
    from rstage.tables.facts import RowFacts, SharedFacts
    from rstage.tables.shared import Key, Row

MOST_STAGES = 50_000
"""Distinct cells of each of the two stages that are kept at a time."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PairOutcome:
    """What follows from a diagnosis and an assessment with their sites and event.

    Attributes:
        is_blank: whether there is no assessment; nothing else is there then.
        facts: the sites, the event and the types. assessment_text: the cells of the assessment.
        diagnosis, assessment: what was read of the two; None where it is missing or was not looked at.
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
        key: what the links are made with.
    """

    def __init__(self, diagnosis: StageReader, assessment: StageReader, key: LinkKey | None = None) -> None:
        self.diagnosis, self.assessment, self.key = diagnosis, assessment, key
        self._old, self._new = _StageMemory(diagnosis), _StageMemory(assessment)
        self._labels = diagnosis.columns.label, assessment.columns.label

    def outcome(self, row: Row, facts: SharedFacts) -> PairOutcome:
        """Return what the stages of a row come to.

        Args:
            row: the cells of the stages.
            facts: what stands beside them.
        """
        new_key = self.assessment.key(row)
        new = self._new.of(new_key)
        if new.reading is None:
            return PairOutcome(facts=facts, is_blank=True)
        old = self._old.of(self.diagnosis.key(row))
        in_cells = (*old.findings, *new.findings)
        text = " ".join(self.assessment.cells(new_key))
        read = PairOutcome(
            facts=facts,
            assessment_text=text,
            diagnosis=old.reading,
            assessment=new.reading,
            in_cells=in_cells,
        )
        if old.reading is None:
            missing = CellFinding(diagnostic=rules.DIAGNOSIS_MISSING.at(), column=self._labels[0])
            return replace(read, compared=(missing,))
        if has_error(in_cells):
            return read
        diagnosis = Staging.of(old.reading, site=facts.site)
        assessment = Staging.of(new.reading, site=facts.assessment_site)
        return self._compared(read, diagnosis, assessment)

    def _compared(self, read: PairOutcome, diagnosis: Staging, assessment: Staging) -> PairOutcome:
        """Return what two stages that were read come to."""
        facts = read.facts
        stages = StagePair(diagnosis, assessment, event=facts.event, recurrence=facts.types, key=self.key)
        compared = (
            *self._site_findings(0, diagnosis),
            *self._site_findings(1, assessment),
            *(self._of_both(found, assessment.text) for found in stages.diagnostics),
        )
        restaged: RForm | None = None
        in_restaged: tuple[CellFinding, ...] = ()
        if stages.restaged is not None and stages.template is not None and not has_error(compared):
            restaged = RForm(str(stages.restaged), types_text(stages.recurrence), stages.template)
            shown_by_r = check_restaged(stages.restaged, assessment, diagnosis.site)
            in_restaged = tuple(self._of_both(found, assessment.text) for found in shown_by_r)
        return replace(
            read,
            compared=compared,
            restaged=restaged,
            in_restaged=in_restaged,
            editions=(
                *_dated_editions(0, diagnosis, diagnosis.site),
                *_dated_editions(1, assessment, assessment.site or diagnosis.site),
            ),
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


class _StageMemory:
    """What the cells of one stage say, each distinct cell read once; long ones are read anew each time."""

    def __init__(self, reader: StageReader) -> None:
        self._read = reader.read_one_stage
        self._kept = lru_cache(MOST_STAGES)(reader.read_one_stage)

    def of(self, key: Key) -> ReadStage:
        return self._kept(key) if key_length(key) <= LONGEST_KEPT else self._read(key)


def has_error(found: Iterable[CellFinding]) -> bool:
    """Return whether one of the findings is an error."""
    return any(one.diagnostic.severity is Severity.ERROR for one in found)


def _dated_editions(side: int, staging: Staging, site: str | None) -> list[DatedEdition]:
    """Return the edition of a staging where it has a first year at the site."""
    edition = staging.stage.edition
    return [DatedEdition(side, edition, site, staging.text)] if chapter_year(edition, site) else []


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
