"""What a restaging of a table counts for its report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rstage.report.course import MOST_TIMELINES, Step, Timeline
from rstage.tables.linked import LinkedTally

if TYPE_CHECKING:
    from rstage.reading.read import Reading
    from rstage.report.tally import Tally
    from rstage.tables.cells import StageReader
    from rstage.tables.facts import RowFacts
    from rstage.tables.pairs import PairOutcome, RForm

_AT_A_TIME = 10_000
"""Dates of rows that are kept before they are counted."""


class PairTally:
    """Counts the two stages of rows, and the recurrences that they come to.

    Args:
        tally: where they are counted.
        diagnosis, assessment: read the two stages.
    """

    def __init__(self, tally: Tally, diagnosis: StageReader, assessment: StageReader) -> None:
        self._course = tally.course
        self._diagnosed: list[str | None] = []
        self._found: list[str | None] = []
        self._lines: list[Timeline] = []
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

    def add_row(self, diagnosis: Reading | None, restaged: RForm, facts: RowFacts) -> None:
        """Count what a row that is restaged does not share with others.

        Args:
            diagnosis: the diagnosis.
            restaged: what the row is restaged to.
            facts: what stands beside the two stages.
        """
        (diagnosed, _, _, tumor_id), (found, _, _, _), _ = facts
        if restaged.recurrence:
            self._diagnosed.append(diagnosed)
            self._found.append(found)
        if len(self._lines) < MOST_TIMELINES:
            step = Step(restaged.text, restaged.recurrence, found)
            self._lines.append(Timeline(tumor_id, str(diagnosis), diagnosed, (step,)))
        if len(self._found) >= _AT_A_TIME:
            self._add_years()

    def of_many(self) -> LinkedTally:
        """Return how rows are counted that are put together many at a time."""
        return LinkedTally(MOST_TIMELINES - len(self._lines), self._course.add_gaps)

    def finish(self) -> None:
        """Put the counts together."""
        self._add_years()
        self._course.timelines += self._lines
        self._lines.clear()

    def _add_years(self) -> None:
        self._course.add_years(self._diagnosed, self._found)
        self._diagnosed.clear()
        self._found.clear()
