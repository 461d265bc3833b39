"""What a restaging of a table counts for its report."""

from __future__ import annotations

from itertools import compress
from typing import TYPE_CHECKING

from rstage.report.course import Step, Timeline, YearsBetween
from rstage.tables.linked import LinkedTally

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rstage.reading.read import Reading
    from rstage.report.course import Course
    from rstage.report.tally import Tally
    from rstage.reporting.placed import CellFinding
    from rstage.tables.cells import StageReader
    from rstage.tables.pairs import PairOutcome, WrittenPair
    from rstage.tables.shared import Shared
    from rstage.tables.sides import DiagnosisSide

    # Of a row with an assessment: its diagnosis, its pair, its own findings, the types of recurrence (None
    # where it is not restaged), the two dates and the tumor id. A plain tuple, which is made fastest.
    NotedRow = tuple[
        *tuple[Shared[DiagnosisSide], WrittenPair, tuple[CellFinding, ...]],
        *tuple[str | None, str | None, str | None, str | None],
    ]


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
        self._course, self._years = course, YearsBetween()

    @property
    def lacks_lines(self) -> bool:
        """Whether rows are kept one by one."""
        return self._course.room > 0

    def add_years(
        self, types: Sequence[str | None], diagnosed: Iterable[str | None], found: Iterable[str | None]
    ) -> None:
        """Count rows by the years between their dates, those that show a recurrence."""
        self._years.add(compress(diagnosed, types), compress(found, types))

    def of_many(self) -> LinkedTally:
        """Return how rows are counted that are put together many at a time."""
        return LinkedTally(self._course.room, self._course.add_years)

    def finish(self) -> None:
        """Put the counts together."""
        self._course.add_years(self._years.counts())

    def add_lines(self, rows: Iterable[NotedRow]) -> None:
        """Keep the first rows that are restaged one by one."""
        for diagnosis, pair, _, types, diagnosed, found, tumor_id in rows:
            restaged = pair.outcome.restaged
            if restaged is not None and types is not None and self._course.room:
                step = Step(restaged.text, restaged.recurrence, found)
                text = str(diagnosis.value.reading)
                self._course.timelines.append(Timeline(tumor_id, text, diagnosed, (step,)))
