"""What a restaging of a table counts for its report."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from rstage.report.course import Step, Timeline
from rstage.report.years import years_of
from rstage.tables.linked import LinkedTally

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rstage.reading.read import Reading
    from rstage.report.course import Course
    from rstage.report.tally import Tally
    from rstage.reporting.placed import CellFinding
    from rstage.tables.cells import StageReader
    from rstage.tables.facts import RowFacts
    from rstage.tables.pairs import PairOutcome, WrittenPair
    from rstage.tables.sides import DiagnosisSide

MOST_YEARS = 1_000
"""Different sums that are counted at a time, so that memory stays flat; there are hardly more than a few."""

NO_YEARS = -1
"""Stands for the sum of a row that shows no recurrence."""


class RowAlone(NamedTuple):
    """A row that is looked at by itself: for its findings, or because a report shows it."""

    diagnosis: DiagnosisSide
    pair: WrittenPair
    own: tuple[CellFinding, ...]
    facts: RowFacts


class PairTally:
    """Counts the two stages of rows, and the types of recurrence that they come to.

    Args:
        tally: where they are counted.
        diagnosis, assessment: read the two stages.
    """

    def __init__(self, tally: Tally, diagnosis: StageReader, assessment: StageReader) -> None:
        self._course = tally.course
        old, new = diagnosis.columns, assessment.columns
        self._diagnosis = tally.of(old.label, old.columns, old.parts, is_one=True)
        self._assessment = tally.of(new.label, new.columns, new.parts, is_one=True)

    def add(self, outcome: PairOutcome, count: int) -> None:
        """Count rows of a pair, as if none had findings of its own."""
        self._assessment.add(outcome.assessment, count)
        if outcome.is_blank:  # its diagnosis is not read
            self._diagnosis.passed_over += count
        self.add_restaged(outcome, count)

    def add_restaged(self, outcome: PairOutcome, count: int) -> None:
        """Count rows of a pair that are restaged; less than nothing takes them back."""
        if outcome.restaged is not None:
            self._course.add_types(outcome.restaged.recurrence, count)

    def add_diagnosis(self, diagnosis: Reading | None, count: int) -> None:
        """Count rows with an assessment by their diagnosis; None where it is missing."""
        self._diagnosis.add(diagnosis, count)


class RowTally:
    """Counts what rows do not share with others of their pair.

    Args:
        course: counts recurrences.
    """

    def __init__(self, course: Course) -> None:
        self._course, self._years = course, Counter[int]()

    @property
    def lacks_lines(self) -> bool:
        """Whether rows are kept one by one."""
        return self._course.room > 0

    def add_years(self, sums: Iterable[int] | Mapping[int, int]) -> None:
        """Count rows by the years between their two dates.

        Args:
            sums: the `SUM_OF_YEARS` of each that shows a recurrence and `NO_YEARS` of others, or how often
                each sum comes.
        """
        if len(self._years) >= MOST_YEARS:
            self.finish()
        self._years.update(sums)

    def of_many(self) -> LinkedTally:
        """Return how rows are counted that are put together many at a time."""
        return LinkedTally(self._course.room, self.add_years)

    def finish(self) -> None:
        """Put the counts together."""
        for total, count in self._years.items():
            if total != NO_YEARS:
                self._course.add_years(years_of(total), count)
        self._years.clear()

    def add_lines(self, rows: Iterable[RowAlone]) -> None:
        """Keep the first rows that are restaged one by one."""
        for row in rows:
            restaged = row.pair.outcome.restaged
            if restaged is not None and row.pair.types is not None and self._course.room:
                diagnosed, _, _, tumor_id = row.facts.diagnosis
                step = Step(restaged.text, restaged.recurrence, row.facts.assessment[0])
                text = str(row.diagnosis.reading)
                self._course.timelines.append(Timeline(tumor_id, text, diagnosed, (step,)))
