"""What `restage` appends: the r-form of each assessment, the kind of recurrence, the link and the findings.

A row differs from others with the same stages only in its dates and tumor ids, so everything else is worked
out once for each stage, or for each assessment with a kind of diagnosis.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from rstage.report.years import SUM_OF_YEARS
from rstage.reporting.counts import FindingCounts
from rstage.restaging.link import CELL_CHARACTERS
from rstage.restaging.restage import restage
from rstage.restaging.staging import Circumstances, Staging
from rstage.tables.appender import Keyed, cells_at
from rstage.tables.formats.delimited import DelimitedCells
from rstage.tables.pair_tally import NO_YEARS, PairTally, RowAlone, RowTally
from rstage.tables.pairs import PairOutcome, PairReader, WrittenPair, has_error, is_undisputed
from rstage.tables.shared import Key, Remembered, Shared, SharedByKey, key_length
from rstage.tables.sides import NO_DIAGNOSIS, AssessmentSide, DiagnosisKind, DiagnosisSide
from rstage.tables.together import Together

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rstage.report.tally import Tally
    from rstage.reporting.placed import CellFinding
    from rstage.restaging.link_key import LinkKey
    from rstage.restaging.restage import Restaging
    from rstage.tables.cells import StageReader
    from rstage.tables.facts import FactReader, RowFacts
    from rstage.tables.linked import LinkedRows
    from rstage.tables.shared import Row
    from rstage.tables.table import CellWriter

    _Sides = tuple[Shared[DiagnosisSide], AssessmentSide]

MOST_STAGES = 50_000
"""Distinct cells of each of the two stages that are kept at a time."""

MOST_PAIRS = 50_000
"""Pairs of stages that are kept at a time."""

MOST_NOTED = 1_000
"""Rows that are noted before they are counted, which costs half as much as to count each by itself."""

NOTED = 3
"""What is noted of each: its diagnosis, its years, and the row where it is looked at alone."""

_LONGEST = NOTED * MOST_NOTED


def appended_names(*, prefix: str | None = None, has_link: bool = True) -> tuple[str, ...]:
    """Return the names of the columns that `restage` appends."""
    stem = prefix or "restage"
    link = (f"{stem}_link",) if has_link else ()
    return (f"{prefix}_restaged" if prefix else "restaged", f"{stem}_recurrence", *link, f"{stem}_findings")


class Pair(NamedTuple):
    """What rows share: a kind of diagnosis, an assessment, and the site of the diagnosis where it counts."""

    kind: DiagnosisKind
    assessment: AssessmentSide
    site: str | None


class DiagnosisCounts(SharedByKey[Key, DiagnosisSide]):
    """What is known of each diagnosis, and the rows in which something was found in it; for a report all.

    Args:
        work_out: returns what is known of a diagnosis. counts: counts what is found.
        tally: counts for a report.
    """

    def __init__(
        self,
        work_out: Callable[[Key], DiagnosisSide],
        counts: FindingCounts,
        tally: PairTally | None = None,
    ) -> None:
        super().__init__(MOST_STAGES)
        self._side_of, self._counts, self._tally = work_out, counts, tally

    def length(self, key: Key) -> int:
        """Return how many characters stand in the cells."""
        return key_length(key)

    def work_out(self, key: Key) -> Shared[DiagnosisSide]:
        """Return what is known of a diagnosis."""
        return Shared(self._side_of(key))

    def add(self, value: DiagnosisSide, count: int) -> None:
        """Add rows with a diagnosis to the counts."""
        if found := value.found:
            self._counts.add(found, count)
        if self._tally is not None:
            self._tally.add_diagnosis(value.reading, count)


class RestagingWriter:
    """Writes what is appended to a row.

    Args:
        names: the appended columns. writer: writes cells. has_link: whether the link is one of them.
    """

    def __init__(self, names: Sequence[str], writer: CellWriter, *, has_link: bool) -> None:
        self._writer = writer
        self._result_names, self._last_name = names[:2], names[-1:]
        self._link_name = names[2] if has_link else None

    def pair(self, outcome: PairOutcome, own: Iterable[CellFinding] = ()) -> WrittenPair:
        """Return the cells of a row with these findings of its own; an error keeps it from being restaged."""
        own = tuple(own)
        restaged = None if has_error(own) else outcome.restaged
        result = ("", "") if restaged is None else (restaged.text, restaged.recurrence)
        before = self._writer.write(self._result_names, result)
        codes = () if outcome.is_blank else outcome.codes(own, is_restaged=restaged is not None)
        after = self._writer.write(self._last_name, (" ".join(codes),))
        template = None
        if self._link_name is not None and restaged is None:
            after = self._writer.write((self._link_name,), ("",)) + after
        elif self._link_name is not None and restaged is not None:
            start, end = self._writer.around(self._link_name, CELL_CHARACTERS)
            before, after, template = before + start, end + after, restaged.template
        types = None if restaged is None else restaged.recurrence
        is_settled = not outcome.facts.findings and not outcome.editions
        return WrittenPair(outcome, before, after, template, template is not None, types, is_settled)


class PairCounts(SharedByKey[Pair, WrittenPair]):
    """What follows from each pair, and the rows that have it.

    Args:
        pair_of: returns what follows from a pair. counts: counts what is found. tally: counts for a report.

    Attributes:
        restaged, blank: the rows restaged, and those without an assessment; complete after `finish`.
    """

    def __init__(
        self, pair_of: Callable[[Pair], WrittenPair], counts: FindingCounts, tally: PairTally | None = None
    ) -> None:
        super().__init__(MOST_PAIRS)
        self._pair_of, self._counts, self._tally = pair_of, counts, tally
        self.restaged = self.blank = 0

    def length(self, key: Pair) -> int:
        """Return how many characters the assessment has."""
        return key.assessment.length

    def work_out(self, key: Pair) -> Shared[WrittenPair]:
        """Return what follows from a pair."""
        return Shared(self._pair_of(key))

    def add(self, value: WrittenPair, count: int) -> None:
        """Add rows of a pair to the counts, as if none had findings of its own."""
        outcome = value.outcome
        if self._tally is not None:
            self._tally.add(outcome, count)
        if outcome.is_blank:
            self.blank += count
            return
        is_restaged = outcome.restaged is not None
        if found := outcome.of_all(is_restaged=is_restaged):
            self._counts.add(found, count)
        self.restaged += count if is_restaged else 0

    def add_own(self, outcome: PairOutcome, own: Sequence[CellFinding]) -> None:
        """Add what a row has besides its pair; an error among it keeps the row from being restaged."""
        self._counts.add(own)
        if outcome.restaged is None or not has_error(own):
            return
        self.restaged -= 1
        if self._tally is not None:
            self._tally.add_restaged(outcome, -1)
        if outcome.in_restaged:
            self._counts.add(outcome.of_all(is_restaged=True), -1)
            self._counts.add(outcome.of_all(is_restaged=False))


class RestagedRow(NamedTuple):
    """What became of one row: its restaging, where there is one, and every finding."""

    restaging: Restaging | None
    findings: list[CellFinding]


class Restager:
    """Appends the restaging of each row: an appender of a single part, which it is itself.

    Args:
        diagnosis, assessment: the two stages. facts: what stands beside them.
        writer: writes cells. has_link: whether the link is appended. key: what it is made with.
        prefix: another stem for the names. counts: counts what is found. tally: counts for a report.

    Attributes:
        names, counts, parts: as for every appender.
        keys, row_indexes, follows_from_key, counted, note: as for every part.
        unchecked: the facts that are not given, so that what they show is not looked for.
        stage_indexes: the places of the columns of the two stages.
    """

    follows_from_key = False

    def __init__(
        self,
        diagnosis: StageReader,
        assessment: StageReader,
        facts: FactReader,
        *,
        writer: CellWriter = DelimitedCells(","),  # noqa: B008  a value
        has_link: bool = True,
        key: LinkKey | None = None,
        prefix: str | None = None,
        counts: FindingCounts | None = None,
        tally: Tally | None = None,
    ) -> None:
        self.names = appended_names(prefix=prefix, has_link=has_link)
        self.counts = counts or FindingCounts()
        self.row_indexes = facts.row_indexes
        self.parts = (self,)
        pair_tally = None if tally is None else PairTally(tally, diagnosis, assessment)
        self.counted = PairCounts(self._pair_of, self.counts, pair_tally)
        # In one column for both stages a finding counts once.
        joins = not set(diagnosis.columns.columns) & set(assessment.columns.columns)
        self._reader = PairReader(diagnosis, assessment, facts, key=key, joins=joins)
        self._facts = facts
        self._diagnoses = DiagnosisCounts(self._reader.old, self.counts, pair_tally)
        self._tally = None if tally is None else RowTally(tally.course)
        self._shows_rows = self._tally is not None and self._tally.lacks_lines
        # What is noted of one row stands behind that of another: tuples that are kept cost as much again.
        self._noted: list[Any] = []
        self.note: Callable[[Iterable[Any]], None] = self._noted.extend
        self.keys = (
            Keyed(self._reader.old_indexes, self._diagnoses),
            Keyed(self._reader.new_indexes, Remembered(self._reader.new, MOST_STAGES)),
        )
        self.unchecked = facts.unchecked
        self.stage_indexes = (*diagnosis.columns.indexes, *assessment.columns.indexes)
        self._writer = RestagingWriter(self.names, writer, has_link=has_link)

    def _pair_of(self, key: Pair) -> WrittenPair:
        return self._writer.pair(self._reader.outcome(*key))

    def shared(self, answers: _Sides) -> Shared[WrittenPair]:
        """Return what rows with these two sides share; beside a blank assessment no diagnosis is read."""
        diagnosis, new = answers
        if new.is_blank:
            return self.counted[Pair(NO_DIAGNOSIS, new, None)]
        old = diagnosis.value
        kind = old.kind or self._reader.kind(old)
        return self.counted[Pair(kind, new, old.site if new.needs_site else None)]

    def of_row(
        self, shared: Shared[WrittenPair], answers: _Sides, cells: tuple[str, ...]
    ) -> tuple[str, tuple[Shared[DiagnosisSide], int, RowAlone | None] | None]:
        """Return what is appended to a row, and what counts of it besides its pair."""
        pair, (diagnosis, _) = shared.value, answers
        if pair.outcome.is_blank:
            return pair.before + pair.after, None
        old = diagnosis.value
        facts = self._facts.of_row(cells, old.site, pair.outcome.facts)
        of_diagnosis, of_assessment, found, first, second = facts
        if pair.is_settled and not found and not old.editions and is_undisputed(of_diagnosis, of_assessment):
            own: tuple[CellFinding, ...] = ()
            text = pair.cells(old, facts)
        else:
            own = self._reader.own_findings(old, pair.outcome, facts)
            pair = self._writer.pair(pair.outcome, own) if own else pair
            text = pair.cells(old, facts)
        if self._tally is None and not own and not old.in_cells and not old.of_site:
            return text, None
        if len(self._noted) >= _LONGEST:
            self._count_noted()
        alone = RowAlone(old, pair, own, facts) if own or self._shows_rows else None
        return text, (diagnosis, first + second & SUM_OF_YEARS if pair.types else NO_YEARS, alone)

    def _count_noted(self) -> None:
        """Count what rows do not share with all of their pair."""
        if not self._noted:
            return
        diagnoses, years, rows = (self._noted[place::NOTED] for place in range(NOTED))
        self._diagnoses.add_each(diagnoses)
        alone = list(filter(None, rows))
        for row in alone:
            if row.own:
                self.counted.add_own(row.pair.outcome, row.own)
        if self._tally is not None:
            self._tally.add_years(years)
            if self._shows_rows:
                self._tally.add_lines(alone)
                self._shows_rows = self._tally.lacks_lines
        self._noted.clear()

    def together(self, answers: Sequence[Sequence[Any]]) -> LinkedRows | None:
        """Return what the rows of a batch are put together from; None where a row needs facts."""
        if not self._facts.are_plain:
            return None
        self._count_noted()
        olds, news = answers
        together = Together(olds, news, kind_of=self._reader.kind, shared=self.shared)
        tally = None if self._tally is None else self._tally.of_many()
        return together.rows(self._facts, self._diagnoses, key=self._reader.key, tally=tally)

    def found_in(
        self, shared: Shared[WrittenPair], answers: _Sides, cells: tuple[str, ...]
    ) -> Iterable[Sequence[CellFinding]]:
        """Return what is found in a row, as it is counted: in its diagnosis, of its pair, and its own."""
        outcome, old = shared.value.outcome, answers[0].value
        if outcome.is_blank:
            return ()
        own = self._reader.own_findings(old, outcome, self._facts.of_row(cells, old.site, outcome.facts))
        is_restaged = outcome.restaged is not None and not has_error(own)
        return old.found, outcome.of_all(is_restaged=is_restaged), own

    def restaged(self, row: Row) -> RestagedRow | None:
        """Return the restaging of a row as a value, and its findings; None where there is no assessment."""
        diagnosis, new = (keyed.answers[itemgetter(*keyed.indexes)(row)] for keyed in self.keys)
        outcome, old = self.shared((diagnosis, new)).value.outcome, diagnosis.value
        if outcome.is_blank:
            return None
        facts = self._facts.of_row(cells_at(self.row_indexes)(row), old.site, outcome.facts)
        own = self._reader.own_findings(old, outcome, facts)
        is_restaged = outcome.restaged is not None and not has_error(own)
        for found in (own, old.found, outcome.of_all(is_restaged=is_restaged)):
            self.counts.add(found)
        restaging = self._restaging(row, outcome, facts) if is_restaged else None
        return RestagedRow(restaging, outcome.findings(old, own, is_restaged=is_restaged))

    def _restaging(self, row: Row, outcome: PairOutcome, facts: RowFacts) -> Restaging | None:
        readers = self._reader.diagnosis, self._reader.assessment
        old, new = (reader.read(reader.key(row)) for reader in readers)
        if old is None or new is None:
            return None
        return restage(
            Staging.of(old, **Circumstances(*facts.diagnosis)._asdict()),
            Staging.of(new, **Circumstances(*facts.assessment)._asdict()),
            event=outcome.facts.event,
            recurrence=outcome.facts.types,
            key=self._reader.key,
        )

    @property
    def restaged_count(self) -> int:
        """The rows that were restaged; complete after `finish`."""
        return self.counted.restaged

    @property
    def blank_count(self) -> int:
        """The rows without an assessment; complete after `finish`."""
        return self.counted.blank

    def finish(self) -> None:
        """Put the counts together."""
        self._count_noted()
        if self._tally is not None:
            self._tally.finish()
        self.counted.finish()
        self._diagnoses.finish()
