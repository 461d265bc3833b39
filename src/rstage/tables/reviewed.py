"""Overrides in a run over a table: the rows whose keys they name, and those that were not used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rstage.tables.override_file import stale_findings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rstage.reporting.counts import FindingCounts
    from rstage.reporting.placed import CellFinding, PlacedFinding
    from rstage.tables.appender import AppendedPart, Appender
    from rstage.tables.shared import Shared


class ReviewedPart:
    """A part of what is appended that overrides the findings of the rows whose keys are named.

    Args:
        part: the part. record: the place of the key. counts: counts what is found, with the overrides.
    """

    follows_from_key = False

    def __init__(self, part: AppendedPart, record: int, counts: FindingCounts) -> None:
        self.keys, self.counted, self.shared = part.keys, part.counted, part.shared
        self.row_indexes = (record, *part.row_indexes)
        self._part, self._counts = part, counts
        self._records = counts.overrides.records if counts.overrides is not None else frozenset()

    def together(self, _answers: Sequence[Sequence[Any]]) -> None:
        """Return None: each row is looked at, whether its key is named."""

    def of_row(
        self, shared: Shared[Any], answers: tuple[Any, ...], cells: tuple[str, ...]
    ) -> tuple[str, tuple[Any, str, Iterable[Sequence[CellFinding]]]]:
        """Return what is appended to a row, and what counts its findings that are its own or overridden."""
        record, *others = cells
        text, rest = self._part.of_row(shared, answers, tuple(others))
        is_named = record in self._records
        reviewed = list(self._part.found_in(shared, answers, tuple(others))) if is_named else ()
        return text, (rest, record, reviewed)

    def note(self, rest: tuple[Any, str, Iterable[Sequence[CellFinding]]]) -> None:
        """Count the rest of a row, and what is overridden of it."""
        of_part, record, reviewed = rest
        if of_part is not None:
            self._part.note(of_part)
        for together in reviewed:
            self._counts.set_aside(together, record)

    def found_in(
        self, shared: Shared[Any], answers: tuple[Any, ...], cells: tuple[str, ...]
    ) -> Iterable[Sequence[CellFinding]]:
        """Return what is found in a row."""
        return self._part.found_in(shared, answers, cells[1:])


class WithOverrides:
    """Appends what an appender does, and overrides the findings of the rows whose keys are named.

    Args:
        appender: the appender. record: the place of the key.
    """

    def __init__(self, appender: Appender, record: int) -> None:
        self.names, self.counts, self.finish = appender.names, appender.counts, appender.finish
        self.parts = [ReviewedPart(part, record, appender.counts) for part in appender.parts]


def stale(counts: FindingCounts) -> Iterator[PlacedFinding]:
    """Yield and count the overrides that were not used, when everything else was counted."""
    if counts.overrides is None:
        return
    for found in stale_findings(counts.overrides, counts.selection):
        counts.add([found])
        if counts.is_reported(found):
            yield found
