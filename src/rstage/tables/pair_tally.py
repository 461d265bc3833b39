"""What a restaging of a table counts for its report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rstage.report.course import Step, Timeline

if TYPE_CHECKING:
    from collections.abc import Callable

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
        self._dates: list[tuple[str | None, str | None]] = []
        self._lines: list[Timeline] = []
        self._commit = self.commit  # made once, for millions of rows
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

    def of_row(self, outcome: PairOutcome, facts: RowFacts) -> Callable[[], None] | None:
        """Keep what a row has of its own where it is restaged, and return what counts all that is kept."""
        restaged = outcome.restaged
        if restaged is None:
            return None
        diagnosed, found = facts.diagnosis[0], facts.assessment[0]
        if restaged.recurrence:
            self._dates.append((diagnosed, found))
        if len(self._lines) < self._course.room:
            step = Step(restaged.text, restaged.recurrence, found)
            self._lines.append(Timeline(facts.diagnosis[3], str(outcome.diagnosis), diagnosed, (step,)))
        return self._commit

    def commit(self) -> None:
        """Count what is kept of rows: with the first of many rows, or with each single one."""
        if self._dates:
            self._course.add_years(self._dates)
            self._dates.clear()
        if self._lines:
            self._course.add_timelines(self._lines)
            self._lines.clear()

    def discard(self) -> None:
        """Forget what is kept: one of many rows failed, and each of them comes again."""
        self._dates.clear()
        self._lines.clear()
