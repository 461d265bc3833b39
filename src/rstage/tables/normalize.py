"""What `normalize` appends: the canonical text of each stage, its findings and, if wanted, its parts."""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from rstage.reporting.counts import FindingCounts
from rstage.tables.cells import Cells, Entry, Key, StageReader, cell_counts, entry_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rstage.model.stage import Stage
    from rstage.reading.read import Reading
    from rstage.reporting.placed import CellFinding
    from rstage.tables.batches import Batch
    from rstage.tables.cells import CellWriter
    from rstage.tables.stage_columns import Row

PART_COLUMNS = ("T", "N", "M", "group", "edition", "descriptors")


def normalized_text(reading: Reading) -> str:
    """Return the canonical text of what was read; several stagings stand beside each other with `; `."""
    return "; ".join(map(str, reading.stages))


def codes_text(reading: Reading) -> str:
    """Return the code of each finding once, in order of position, with one blank between."""
    return " ".join(dict.fromkeys(found.code for found in reading.diagnostics))


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
        readers: the stages. write: writes cells with their names (`Table.write_cells`).
        parts: whether the parts are appended too; a cell with several stagings has none.
        prefix: another stem for the names; before NAME where there are several stages.
        counts: counts what is found.
    """

    follows_from_keys = True

    def __init__(
        self,
        readers: Sequence[StageReader],
        write: CellWriter,
        *,
        parts: bool = False,
        prefix: str | None = None,
        counts: FindingCounts | None = None,
    ) -> None:
        self.counts = counts or FindingCounts()
        self._write = write
        self._parts = parts
        endings = ("normalized", "findings", *(PART_COLUMNS if parts else ()))
        stems = [_stem(reader.columns.name, prefix, len(readers)) for reader in readers]
        names = [tuple(f"{stem}_{ending}" for ending in endings) for stem in stems]
        self.names = tuple(chain(*names))
        self._stages = [
            (Cells(partial(self._entry, reader, named), self.counts), reader)
            for reader, named in zip(readers, names, strict=True)
        ]
        # A whole stage is the common case, and an index costs less than a call.
        self._whole = [(cells, reader.columns.indexes[0]) for cells, reader in self._stages]
        self._has_keys = any(reader.columns.parts or reader.has_site for reader in readers)

    def _entry(self, reader: StageReader, names: tuple[str, ...], key: Key) -> Entry:
        entry = entry_of(reader, key)
        entry.text = self._write(names, self._cells(entry.reading))
        return entry

    def _cells(self, reading: Reading | None) -> tuple[str, ...]:
        cells: tuple[str, ...] = ("", "")
        if reading is not None:
            cells = (normalized_text(reading), codes_text(reading))
        if self._parts:
            cells += part_texts(reading.stage if reading else None)
        return cells

    @property
    def keys(self) -> Sequence[tuple[int, ...]]:
        """The places of each stage."""
        return [reader.indexes for _, reader in self._stages]

    @property
    def indexes(self) -> frozenset[int]:
        """The places of the columns that it reads."""
        return frozenset(chain.from_iterable(self.keys))

    def cells(self, row: Row) -> str:
        """Return the appended cells of a row as text."""
        text = ""
        if self._has_keys:
            # All are read before one is counted.
            for entry in [cells[reader.key(row)] for cells, reader in self._stages]:
                entry.count += 1
                text += entry.text
            return text
        try:
            for cells, index in self._whole:
                entry = cells[row[index]]
                entry.count += 1
                text += entry.text
        except Exception:
            # Cheaper for all other rows than to count when all are read.
            self._take_back(row, cells)
            raise
        return text

    def _take_back(self, row: Row, failed: Cells) -> None:
        """Count a row no longer in the stages before the one that failed."""
        for cells, index in self._whole:
            if cells is failed:
                return
            cells.add_rows(cells[row[index]], -1)

    def found_in(self, row: Row) -> Iterator[Sequence[CellFinding]]:
        """Yield what is found in a row, as it is counted: stage by stage."""
        for cells, reader in self._stages:
            yield cells[reader.key(row)].findings

    def batch_cells(self, batch: Batch) -> Sequence[Sequence[str]]:
        """Return for each stage the cells that each of its distinct texts appends."""
        read = [
            [cells[key] for key in found.keys]
            for (cells, _), found in zip(self._stages, batch.distinct, strict=True)
        ]
        for (cells, _), found, entries in zip(self._stages, batch.distinct, read, strict=True):
            for entry, count in zip(entries, found.counts, strict=True):
                cells.add_rows(entry, count)
        return [[entry.text for entry in entries] for entries in read]

    def finish(self) -> None:
        """Put the counts together."""
        for cells, _ in self._stages:
            cells.finish()

    @property
    def cell_counts(self) -> tuple[int, int, int]:
        """How many stages were read, were refused and were missing; complete after `finish`."""
        return cell_counts(cells for cells, _ in self._stages)


def _stem(name: str, prefix: str | None, stages: int) -> str:
    if prefix is None:
        return name
    return prefix if stages == 1 else f"{prefix}_{name}"
