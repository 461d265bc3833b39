"""Reading the cells of a stage: each distinct text once, every other row costs a look-up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from rstage import rules
from rstage.dialects import further_parts
from rstage.files.errors import TableError
from rstage.reading.options import FIELDS
from rstage.reading.read import Reading, read
from rstage.reading.read_parts import read_parts
from rstage.reporting.placed import CellFinding
from rstage.tables.missing import is_missing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rstage.reporting.counts import FindingCounts
    from rstage.tables.stage_columns import Row, Source, StageColumns


MOST_CELLS = 100_000
"""Distinct cells that are kept; then all are forgotten, so that memory stays flat."""

LONGEST_KEPT = 1_000
"""Characters; longer cells are not kept."""

CellWriter = Callable[[Sequence[str], Sequence[str]], str]
"""Writes appended cells as text, given their names and what they hold."""

Key = str | tuple[str, ...]
"""What a stage is read from: its cell, or its cells where there are several."""


class Entry:
    """What became of one distinct cell.

    Attributes:
        text: what is appended to its row. reading: what was read; nothing where the stage is missing.
        findings: what was found. count: the rows that hold it. is_kept: whether these are still to be added
            to the counts.
    """

    __slots__ = ("count", "findings", "is_kept", "reading", "text")

    def __init__(self, reading: Reading | None, findings: tuple[CellFinding, ...], text: str) -> None:
        self.reading = reading
        self.findings = findings
        self.text = text
        self.count = 0
        self.is_kept = True


class Cells(dict[Key, Entry]):
    """The entry of each cell met so far; a new cell is read when it is asked for.

    Whoever asks adds 1 to the `count` of the entry before asking for another cell, or else calls `add_rows`;
    `finish` puts the counts together.
    """

    def __init__(self, make: Callable[[Key], Entry], counts: FindingCounts) -> None:
        super().__init__()
        self._make = make
        self._counts = counts
        self._long: Entry | None = None
        self.read_count = 0
        self.missing_count = 0
        self.refused_count = 0

    def __missing__(self, key: Key) -> Entry:
        entry = self._make(key)
        if key_length(key) > LONGEST_KEPT:
            self._add(self._long)
            self._long = entry
            return entry
        if len(self) >= MOST_CELLS:
            self.finish()
        self[key] = entry
        return entry

    def add_rows(self, entry: Entry, count: int) -> None:
        """Count rows that hold a cell, also where its entry is no longer kept."""
        entry.count += count
        if not entry.is_kept:
            self._add(entry)

    def finish(self) -> None:
        """Add the entries to the counts and forget them."""
        self._add(self._long)
        self._long = None
        for entry in self.values():
            self._add(entry)
        self.clear()

    def _add(self, entry: Entry | None) -> None:
        if entry is None:
            return
        count, entry.count, entry.is_kept = entry.count, 0, False
        if entry.findings:
            self._counts.add(entry.findings, count)
        if entry.reading is None:
            self.missing_count += count
        elif entry.reading.ok:
            self.read_count += count
        else:
            self.refused_count += count


def cell_counts(every: Iterable[Cells]) -> tuple[int, int, int]:
    """Return how many stages were read, were refused and were missing, when all are finished."""
    counted = [(cells.read_count, cells.refused_count, cells.missing_count) for cells in every]
    read_count, refused, missing = map(sum, zip(*counted, strict=True))
    return read_count, refused, missing


class StageReader:
    """Reads one stage of a table from its cells.

    Args:
        columns: where the stage stands.
        options: the keywords of `read`.
        words: the words of a missing stage, in lower case.
        site: where the primary site stands; it counts only beside a site table.

    Attributes:
        indexes: the places of its columns, that of the site last.
        key: returns what stands in a row for the stage; its site comes last where it has a column.
        has_site: whether it has one.

    Raises:
        TableError: RS012, the dialect does not have a part.
    """

    def __init__(
        self,
        columns: StageColumns,
        options: Mapping[str, Any],
        words: frozenset[str],
        site: Source | None = None,
    ) -> None:
        self.columns = columns
        self._options = dict(options)
        indexes = columns.indexes
        if site is not None and "site_table" in options:
            self._options["site"] = site.literal
            indexes += () if site.index is None else (site.index,)
        self.indexes = indexes
        self.has_site = indexes != columns.indexes
        self.key: Callable[[Row], Key] = itemgetter(*indexes)
        self._words = words
        dialect = self._options.get("dialect")
        known = {*FIELDS, "edition", *further_parts(dialect)}
        if unknown := [part for part in (*columns.parts, *dict(columns.fixed)) if part not in known]:
            where = f"the dialect {dialect}" if dialect else "a stage without a dialect"
            raise TableError(
                rules.OPTION_UNUSABLE.at(option=f"{unknown[0]}=COL", why=f"{where} has no such part")
            )

    def read(self, key: Key) -> Reading | None:
        """Return what the cells say; nothing where the stage is missing."""
        cells, options = self.cells(key), self._options
        if self.has_site:
            site = _cells(key)[-1]
            options = {**options, "site": None if is_missing(site, self._words) else site}
        if not self.columns.parts:
            return None if is_missing(cells[0], self._words) else read(cells[0], **options)
        given = {
            part: cell
            for part, cell in zip(self.columns.parts, cells, strict=True)
            if not is_missing(cell, self._words)
        }
        if not given.keys() & set(FIELDS):
            return None
        # What belongs to one value (`T_method`) is only there beside it; an edition or an r counts for all.
        fixed = {
            part: text
            for part, text in self.columns.fixed
            if (value := part.partition("_")[0]) in given or value not in FIELDS
        }
        return read_parts(**{**options, **fixed, **given})

    def cells(self, key: Key) -> tuple[str, ...]:
        """Return the cells of the stage; its site is none of them."""
        cells = _cells(key)
        return cells[:-1] if self.has_site else cells

    def findings(self, key: Key, reading: Reading | None) -> tuple[CellFinding, ...]:
        """Return what was found in the cells, each finding with its column."""
        if reading is None:
            return ()
        cells = self.cells(key)
        values = dict(zip(self.columns.columns, cells, strict=True))
        named = [(self.columns.column_of(found.part), found) for found in reading.diagnostics]
        return tuple(
            CellFinding(diagnostic=found, column=column, value=values.get(column, " ".join(cells)))
            for column, found in named
        )


def key_length(key: Key) -> int:
    """Return how many characters stand in the cells of a stage."""
    return sum(map(len, _cells(key)))


def _cells(key: Key) -> tuple[str, ...]:
    return (key,) if isinstance(key, str) else key


def entry_of(reader: StageReader, key: Key) -> Entry:
    """Return the entry of the cells of a stage, with nothing to append."""
    reading = reader.read(key)
    return Entry(reading, reader.findings(key, reading), "")


def single_entry_of(reader: StageReader, key: Key) -> Entry:
    """Return the entry of cells that hold one stage; several are an error."""
    entry = entry_of(reader, key)
    if entry.reading is not None and len(entry.reading.stages) > 1:
        column, text = reader.columns.label, entry.reading.text
        several = rules.ONE_STAGE_NEEDED.at((0, len(text)), column=column)
        entry.findings += (CellFinding(diagnostic=several, column=column, value=text),)
    return entry
