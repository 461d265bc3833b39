"""What a restaging of a table counts for its report."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from rstage.report.course import Step, Timeline, years_between
from rstage.tables.linked import LinkedTally

if TYPE_CHECKING:
    from rstage.reading.read import Reading
    from rstage.report.course import Course
    from rstage.report.tally import Tally
    from rstage.tables.cells import StageReader
    from rstage.tables.facts import RowFacts
    from rstage.tables.pairs import PairOutcome
    from rstage.tables.shared import Shared, SharedByKey
    from rstage.tables.sides import DiagnosisSide, RForm


_AT_A_TIME = 1_000
"""Dates of rows that are kept before they are counted."""


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

    Dates are counted many at a time, which costs half as much; more of them would be out of the processor's
    cache when they are counted.

    Args:
        course: counts recurrences. diagnoses: counts diagnoses.
    """

    def __init__(self, course: Course, diagnoses: SharedByKey[Any, DiagnosisSide]) -> None:
        self._course, self._diagnoses = course, diagnoses
        self._diagnosed: list[str | None] = []
        self._found: list[str | None] = []
        self._years: Counter[tuple[int, int] | None] = Counter()
        self._lacks_lines = True

    def add(self, diagnosis: Shared[DiagnosisSide], restaged: RForm | None, facts: RowFacts) -> None:
        """Count a row with an assessment.

        Args:
            diagnosis: the diagnosis.
            restaged: what the row is restaged to; None where it is not.
            facts: what stands beside the two stages.
        """
        self._diagnoses.add_rows(diagnosis, 1)
        if restaged is None:
            return
        if restaged.recurrence:
            found = self._found
            self._diagnosed.append(facts[0][0])
            found.append(facts[1][0])
            if len(found) >= _AT_A_TIME:
                self._count_years()
        if self._lacks_lines:
            self._add_line(diagnosis, restaged, facts)

    def of_many(self) -> LinkedTally:
        """Return how rows are counted that are put together many at a time."""
        return LinkedTally(self._course.room, self._course.add_years)

    def finish(self) -> None:
        """Put the counts together."""
        self._count_years()
        self._course.add_years(self._years.items())
        self._years.clear()

    def _count_years(self) -> None:
        self._years.update(map(years_between, self._diagnosed, self._found))
        self._diagnosed.clear()
        self._found.clear()

    def _add_line(self, diagnosis: Shared[DiagnosisSide], restaged: RForm, facts: RowFacts) -> None:
        (diagnosed, _, _, tumor_id), (found, _, _, _), _ = facts
        step = Step(restaged.text, restaged.recurrence, found)
        text = str(diagnosis.value.reading)
        self._course.timelines.append(Timeline(tumor_id, text, diagnosed, (step,)))
        self._lacks_lines = self._course.room > 0
