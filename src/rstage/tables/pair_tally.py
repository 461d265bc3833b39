"""What a restaging of a table counts for its report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rstage.report.course import Step, Timeline

if TYPE_CHECKING:
    from rstage.report.tally import Tally
    from rstage.tables.cells import StageReader
    from rstage.tables.facts import RowFacts
    from rstage.tables.pairs import PairOutcome


class PairTally:
    """Counts the two stages of rows, and the recurrences that they come to.

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
        else:
            self._diagnosis.add(outcome.diagnosis, count)
        self.add_restaged(outcome, count)

    def add_restaged(self, outcome: PairOutcome, count: int) -> None:
        """Count rows of a pair that are restaged; less than nothing takes them back."""
        if outcome.restaged is not None:
            self._course.add_types(outcome.restaged.recurrence, count)

    def add_row(self, outcome: PairOutcome, facts: RowFacts) -> None:
        """Count what a row that is restaged has of its own: the years between its dates."""
        restaged, course = outcome.restaged, self._course
        if restaged is None:
            return
        diagnosed, found = facts.diagnosis[0], facts.assessment[0]
        if restaged.recurrence:
            course.add_years(diagnosed, found)
        if course.has_room:
            step = Step(restaged.text, restaged.recurrence, found)
            course.timelines.append(Timeline(facts.diagnosis[3], str(outcome.diagnosis), diagnosed, (step,)))
