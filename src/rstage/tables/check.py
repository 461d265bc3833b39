"""What `check` finds in the stages of a table, row by row."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rstage.reporting.counts import FindingCounts
from rstage.reporting.placed import PlacedFinding
from rstage.tables.append import failed_row, misfit
from rstage.tables.cells import Cells, StageReader, cell_counts, entry_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rstage.reporting.placed import CellFinding, PlacedFinding
    from rstage.tables.cells import Entry
    from rstage.tables.formats.delimited import Table


class Checker:
    """Finds what is wrong in the stages of a table.

    Args:
        readers: the stages. counts: counts what is found.
        record: the place of the key that overrides call a row by.

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
    ) -> None:
        self.counts = counts or FindingCounts()
        self._record = record
        self._reports_all = self.counts.reports_all
        self.checked_count = 0
        self.rejected_count = 0
        self._stages = [(Cells(partial(entry_of, reader), self.counts), reader) for reader in readers]

    def findings(self, table: Table) -> Iterator[PlacedFinding]:
        """Yield every finding that is told, in the order of the rows.

        Raises:
            TableError: the table cannot be read to its end.
        """
        number = 0
        for cells, _, line in table.records():
            number += bool(cells)
            if len(cells) == len(table.columns):
                try:
                    read = [entries[reader.key(cells)] for entries, reader in self._stages]
                except Exception as error:  # noqa: BLE001  one bad row never stops a run
                    yield self._rejected(failed_row(table.file, error, line, number))
                    continue
                self.checked_count += 1
                record = None if self._record is None else cells[self._record]
                for found in self._told(read, record):
                    yield found.at(table.file, line, number)
            elif cells:
                yield self._rejected(misfit(table, cells, line, number))
        for entries, _ in self._stages:
            entries.finish()

    def _rejected(self, found: PlacedFinding) -> PlacedFinding:
        self.rejected_count += 1
        self.counts.add([found])
        return found

    def _told(self, read: Iterable[Entry], record: str | None) -> Iterator[CellFinding]:
        """Count the stages of a row, and yield the findings that are told."""
        for entry in read:
            entry.count += 1
            if record is not None:
                self.counts.set_aside(entry.findings, record)
            for found in entry.findings:
                if self._reports_all or self.counts.is_reported(found, record):
                    yield found

    @property
    def cell_counts(self) -> tuple[int, int, int]:
        """How many stages were read, were refused and were missing; complete as `counts` is."""
        return cell_counts(entries for entries, _ in self._stages)
