"""What `normalize` appends: the canonical text of each stage, its findings and, if wanted, its parts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from .table_cells import Cells, Entry, Key, StageReader, entry_of
from .table_findings import FindingCounts
from .tables import as_cells

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .reading import Reading
    from .stage import Stage

PART_COLUMNS = ("T", "N", "M", "group", "edition", "descriptors")


def normalized_text(reading: Reading) -> str:
    """Return the canonical text of what was read; several stagings stand beside each other with `; `."""
    return "; ".join(map(str, reading.stages))


def part_texts(stage: Stage | None) -> tuple[str, ...]:
    """Return the parts of a stage as text in the order of `PART_COLUMNS`, empty where one is missing."""
    if stage is None:
        return ("",) * len(PART_COLUMNS)
    parts = (stage.t, stage.n, stage.m, stage.group)
    edition = str(stage.edition)[1:-1].removeprefix("edition ") if stage.edition else ""
    return (
        *("" if part is None else str(part) for part in parts),
        edition,
        " ".join(map(str, stage.descriptors)),
    )


class Normalizer:
    """Appends `NAME_normalized`, `NAME_findings` and, with `parts`, one column a part, for each stage.

    Args:
        readers: the stages. delimiter: what stands between cells.
        parts: whether the parts are appended too; a cell with several stagings has none.
        prefix: another stem for the names; before NAME where there are several stages.
        with_values: whether findings are counted by value too.
    """

    def __init__(
        self,
        readers: Sequence[StageReader],
        delimiter: str,
        *,
        parts: bool = False,
        prefix: str | None = None,
        with_values: bool = False,
    ) -> None:
        self.counts = FindingCounts(with_values=with_values)
        self._delimiter = delimiter
        self._parts = parts
        endings = ("normalized", "findings", *(PART_COLUMNS if parts else ()))
        self.names = tuple(
            f"{_stem(reader.columns.name, prefix, len(readers))}_{ending}"
            for reader in readers
            for ending in endings
        )
        self._stages = [(Cells(partial(self._entry, reader), self.counts), reader) for reader in readers]
        # A whole stage is the common case, and an index costs less than a call.
        self._whole = [(cells, reader.columns.indexes[0]) for cells, reader in self._stages]
        self._has_keys = any(reader.columns.parts or reader.has_site for reader in readers)

    def _entry(self, reader: StageReader, key: Key) -> Entry:
        entry = entry_of(reader, key)
        entry.text = self._text(entry.reading)
        return entry

    def _text(self, reading: Reading | None) -> str:
        cells: tuple[str, ...] = ("", "")
        if reading is not None:
            codes = dict.fromkeys(found.code for found in reading.diagnostics)
            cells = (normalized_text(reading), " ".join(codes))
        if self._parts:
            cells += part_texts(reading.stage if reading else None)
        return as_cells(cells, self._delimiter)

    def cells(self, row: list[str]) -> str:
        """Return the appended cells of a row as text."""
        text = ""
        if self._has_keys:
            for cells, reader in self._stages:
                entry = cells[reader.key(row)]
                entry.count += 1
                text += entry.text
            return text
        for cells, index in self._whole:
            entry = cells[row[index]]
            entry.count += 1
            text += entry.text
        return text

    def finish(self) -> None:
        """Put the counts together."""
        for cells, _ in self._stages:
            cells.finish()

    @property
    def cell_counts(self) -> tuple[int, int, int]:
        """How many stages were read, were refused and were missing; complete after `finish`."""
        every = [cells for cells, _ in self._stages]
        return (
            sum(cells.read_count for cells in every),
            sum(cells.refused_count for cells in every),
            sum(cells.missing_count for cells in every),
        )


def _stem(name: str, prefix: str | None, stages: int) -> str:
    if prefix is None:
        return name
    return prefix if stages == 1 else f"{prefix}_{name}"
