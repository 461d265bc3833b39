"""Overrides in a run over a table: the rows whose keys they name, and those that were not used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rstage.tables.append import Appender
from rstage.tables.override_file import stale_findings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rstage.reporting.counts import FindingCounts
    from rstage.reporting.placed import CellFinding, PlacedFinding
    from rstage.tables.batches import Batch
    from rstage.tables.stage_columns import Row


class ReviewedAppender(Appender, Protocol):
    """An appender that can tell what it finds in a row."""

    def found_in(self, row: Row) -> Iterable[Sequence[CellFinding]]:
        """Return what is found in a row, in the groups in which it is counted; nothing is counted now."""


class WithOverrides:
    """Appends what an appender does, and overrides the findings of the rows whose keys are named.

    Args:
        appender: the appender. record: the place of the key.
    """

    def __init__(self, appender: ReviewedAppender, record: int) -> None:
        self._appender, self._record = appender, record
        self.names, self.counts = appender.names, appender.counts
        self.keys, self.follows_from_keys = appender.keys, appender.follows_from_keys
        self.indexes = appender.indexes | {record}
        overrides = appender.counts.overrides
        self._records = overrides.records if overrides is not None else frozenset()

    def cells(self, row: Row) -> str:
        """Return the appended cells of a row."""
        found = self._found_in(row)
        text = self._appender.cells(row)
        self._set_aside(row[self._record], found)
        return text

    def batch_cells(self, batch: Batch) -> Sequence[Sequence[str]]:
        """Return the appended cells of many rows."""
        reviewed = [
            (record, self._found_in({index: batch.column(index)[place] for index in self.indexes}))
            for place, record in enumerate(batch.column(self._record))
            if record in self._records
        ]
        texts = self._appender.batch_cells(batch)
        for record, found in reviewed:
            self._set_aside(record, found)
        return texts

    def _found_in(self, row: Row) -> list[Sequence[CellFinding]]:
        """Return what is found in a row whose key is named; nothing in any other one."""
        return list(self._appender.found_in(row)) if row[self._record] in self._records else []

    def _set_aside(self, record: str, found: Iterable[Sequence[CellFinding]]) -> None:
        for together in found:
            self.counts.set_aside(together, record)

    def finish(self) -> None:
        """Put the counts together."""
        self._appender.finish()


def stale(counts: FindingCounts) -> Iterator[PlacedFinding]:
    """Yield and count the overrides that were not used, when everything else was counted."""
    if counts.overrides is None:
        return
    for found in stale_findings(counts.overrides, counts.selection):
        counts.add([found])
        if counts.is_reported(found):
            yield found
