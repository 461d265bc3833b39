"""What `check` finds in the stages of a table, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rstage.reporting.counts import FindingCounts
from rstage.tables.append import failed_row, misfit
from rstage.tables.cells import StageCells, StageReader, no_text, sum_of_counts, tally_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rstage.report.tally import Tally
    from rstage.reporting.placed import CellFinding, PlacedFinding
    from rstage.tables.cells import CellCounts, ReadStage
    from rstage.tables.differences import Differences
    from rstage.tables.shared import Key, Shared
    from rstage.tables.table import Table


class Checker:
    """Finds what is wrong in the stages of a table.

    Args:
        readers: the stages. counts: counts what is found.
        record: the place of the key that overrides call a row by. tally: counts for a report.
        differences: is given each row, where what is not canonical is collected.

    Attributes:
        counts: what was found; complete when `findings` has come to its end.
        checked_count, rejected_count: the rows checked, and those with too many or too few fields or an
            internal error.
    """

    def __init__(
        self,
        readers: Sequence[StageReader],
        counts: FindingCounts | None = None,
        *,
        record: int | None = None,
        differences: Differences | None = None,
        tally: Tally | None = None,
    ) -> None:
        self.counts = counts or FindingCounts()
        self._record = record
        self._reports_all = self.counts.reports_all
        self.checked_count = 0
        self.rejected_count = 0
        self._differences = differences
        texts: Sequence[Callable[[Key, ReadStage], str]] = [no_text] * len(readers)
        if differences is not None:
            texts = differences.texts
        self._stages = [
            (StageCells(reader.read_stage, self.counts, text_of, tally_of(tally, reader)), reader)
            for reader, text_of in zip(readers, texts, strict=True)
        ]

    def findings(self, table: Table) -> Iterator[PlacedFinding]:
        """Yield every finding that is reported, in the order of the rows.

        Raises:
            TableError: the table cannot be read to its end.
        """
        number = 0
        for cells, _, line in table.records():
            number += bool(cells)
            if len(cells) == len(table.columns):
                try:
                    read = [stages[reader.key(cells)] for stages, reader in self._stages]
                except Exception as error:  # noqa: BLE001  one bad row never stops a run
                    yield self._rejected(failed_row(table.file, error, line, number))
                    continue
                self.checked_count += 1
                if self._differences is not None:
                    self._differences.add(read, line)
                record = None if self._record is None else cells[self._record]
                for found in self._reported(read, record):
                    yield found.at(table.file, line, number)
            elif cells:
                yield self._rejected(misfit(table, cells, line, number))
        for stages, _ in self._stages:
            stages.finish()

    def _rejected(self, found: PlacedFinding) -> PlacedFinding:
        self.rejected_count += 1
        self.counts.add([found])
        return found

    def _reported(self, read: Iterable[Shared[ReadStage]], record: str | None) -> Iterator[CellFinding]:
        """Count the stages of a row, and yield the findings that are reported."""
        for stage in read:
            stage.count += 1
            findings = stage.value.findings
            if record is not None:
                self.counts.set_aside(findings, record)
            for found in findings:
                if self._reports_all or self.counts.is_reported(found, record):
                    yield found

    @property
    def cell_counts(self) -> CellCounts:
        """What became of the stages; complete as `counts` is."""
        return sum_of_counts(stages for stages, _ in self._stages)
