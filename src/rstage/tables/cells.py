"""Reading the cells of a stage: each distinct text once, every other row costs a look-up."""

from __future__ import annotations

from dataclasses import replace
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from rstage import rules
from rstage.dialects import further_parts
from rstage.files.errors import TableError
from rstage.model.group_table import compared_stages, derived_group, known_schemas
from rstage.privacy import shown
from rstage.reading.read import Reading, read
from rstage.reading.read_parts import read_parts
from rstage.reference.choices import FIELDS
from rstage.reporting.placed import CellFinding
from rstage.tables.as_given import SYSTEM, system_of, told, whole_number
from rstage.tables.missing import is_missing
from rstage.tables.shared import Key, Shared, SharedByKey, key_cells, key_length

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from rstage.diagnostics import Diagnostic
    from rstage.model.group import StageGroup
    from rstage.model.group_table import GroupTable
    from rstage.model.stage import Stage
    from rstage.report.tally import StageTally, Tally
    from rstage.reporting.counts import FindingCounts
    from rstage.tables.corrections import Corrections
    from rstage.tables.shared import Row
    from rstage.tables.stage_columns import StageColumns, ValueSource


MOST_CELLS = 100_000
"""Distinct cells of a stage that are kept at a time."""


class ReadStage(NamedTuple):
    """What the cells of a stage say.

    Attributes:
        reading: what was read; None where the stage is missing.
        findings: what was found.
    """

    reading: Reading | None
    findings: tuple[CellFinding, ...]


class CellCounts(NamedTuple):
    """How many stages were read without an error, were refused, and were missing."""

    read: int
    refused: int
    missing: int


def no_text(_key: Key, _stage: ReadStage) -> str:
    """Return what is appended where nothing is."""
    return ""


class StageCells(SharedByKey[Key, ReadStage]):
    """What the cells of a stage say, each distinct cell read once.

    Args:
        read: reads them: `StageReader.read_stage` or `read_one_stage`.
        counts: where the findings are counted.
        text_of: returns what is appended to the rows that hold the cells, given what they say.
        tally: where the stages are counted for a report.
    """

    def __init__(
        self,
        read: Callable[[Key], ReadStage],
        counts: FindingCounts,
        text_of: Callable[[Key, ReadStage], str] = no_text,
        tally: StageTally | None = None,
    ) -> None:
        super().__init__(MOST_CELLS)
        self._read_stage, self._finding_counts, self._text_of = read, counts, text_of
        self._tally = tally
        self._read = self._refused = self._missing = 0

    def length(self, key: Key) -> int:
        """Return how many characters stand in the cells."""
        return key_length(key)

    def work_out(self, key: Key) -> Shared[ReadStage]:
        """Return what the cells say."""
        stage = self._read_stage(key)
        return Shared(stage, self._text_of(key, stage))

    def add(self, value: ReadStage, count: int) -> None:
        """Add rows that hold the cells to the counts."""
        if value.findings:
            self._finding_counts.add(value.findings, count)
        if self._tally is not None:
            self._tally.add(value.reading, count)
        if value.reading is None:
            self._missing += count
        elif value.reading.ok:
            self._read += count
        else:
            self._refused += count

    @property
    def counts(self) -> CellCounts:
        """What became of the cells; complete after `finish`."""
        return CellCounts(self._read, self._refused, self._missing)


def sum_of_counts(stages: Iterable[StageCells]) -> CellCounts:
    """Return what became of the cells of several stages, when all are finished."""
    return CellCounts(*map(sum, zip(*(cells.counts for cells in stages), strict=True)))


def tally_of(tally: Tally | None, reader: StageReader, *, is_one: bool = False) -> StageTally | None:
    """Return what counts a stage for a report, where there is one; `is_one` where several are an error."""
    columns = reader.columns
    return None if tally is None else tally.of(columns.label, columns.columns, columns.parts, is_one=is_one)


def _is_of(name: str, part: str) -> bool:
    """Return whether a further part belongs to a part, as `T_method` does to T, or to the whole stage."""
    value, has_more, _ = name.partition("_")
    return not has_more or value == part


class StageReader:
    """Reads one stage of a table from its cells.

    Args:
        columns: where the stage stands.
        options: the keywords of `read`.
        words: the words of a missing stage, in lower case.
        site: where the primary site stands; it counts only beside a site table or a group table.
        corrections: what was decided of values.
        groups: which group T, N and M have, where a stage is compared with that.

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
        site: ValueSource | None = None,
        corrections: Corrections | None = None,
        *,
        groups: GroupTable | None = None,
    ) -> None:
        self.columns, self._corrections, self._groups = columns, corrections, groups
        self._options = dict(options)
        indexes = columns.indexes
        if site is not None and ("site_table" in options or groups is not None):
            self._options["site"] = site.literal
            indexes += () if site.index is None else (site.index,)
        self.indexes = indexes
        self.has_site = indexes != columns.indexes
        self.key: Callable[[Row], Key] = itemgetter(*indexes)
        self._words = words
        dialect = self._options.get("dialect")
        known = {*FIELDS, "edition", SYSTEM, *further_parts(dialect)}
        if unknown := [part for part in (*columns.parts, *dict(columns.fixed)) if part not in known]:
            where = f"the dialect {dialect}" if dialect else "a stage without a dialect"
            raise TableError(
                rules.OPTION_UNUSABLE.at(option=f"{unknown[0]}=COL", why=f"{where} has no such part")
            )

    def read(self, key: Key) -> Reading | None:
        """Return what the cells say; None where the stage is missing."""
        reading = self._read(key)
        if self._groups is None or reading is None:
            return reading
        part = "group" if "group" in self.columns.parts else None
        length = len(reading.text)
        if part is not None:
            length = len(self.cells(key)[self.columns.parts.index("group")])
        found = compared_stages(reading.stages, self._groups, self._site(key), (0, length), part)
        return replace(reading, diagnostics=(*reading.diagnostics, *found)) if found else reading

    def derived_group(self, key: Key, stage: Stage | None) -> StageGroup | None:
        """Return the group that the group table gives the categories of a stage."""
        schemas = None if self._groups is None else known_schemas(self._groups, self._site(key))
        return None if stage is None or schemas is None else derived_group(stage, schemas)

    def _site(self, key: Key) -> str | None:
        """Return the site of a row; None where it is missing."""
        site: str | None = key_cells(key)[-1] if self.has_site else self._options.get("site")
        return None if site is None or is_missing(site, self._words) else site

    def _read(self, key: Key) -> Reading | None:
        (as_given, decided), options = self._as_decided(key), self._options
        cells = tuple(map(whole_number, as_given)) if self.columns.parts else as_given
        if self.has_site:
            options = {**options, "site": self._site(key)}
        if not self.columns.parts:
            if is_missing(cells[0], self._words):
                return None
            return told(read(cells[0], **options), [(None, as_given[0])], self._words, decided)
        given = {
            part: cell
            for part, cell in zip(self.columns.parts, cells, strict=True)
            if not is_missing(cell, self._words)
        }
        if not given.keys() & set(FIELDS):
            return None
        reading = self._read_parts(given, options)
        return told(reading, zip(self.columns.parts, as_given, strict=True), self._words, decided)

    def _as_decided(self, key: Key) -> tuple[tuple[str, ...], list[Diagnostic]]:
        """Return the cells as they are read, and what says where a person decided that."""
        cells = self.cells(key)
        if self._corrections is None:
            return cells, []
        found, said = list(cells), []
        for place, (column, cell) in enumerate(zip(self.columns.columns, cells, strict=True)):
            if (one := self._corrections.of(column, cell)) is not None:
                found[place] = one.read_as
                part = self.columns.parts[place] if self.columns.parts else None
                before, after = shown(cell), shown(one.read_as)
                said.append(
                    rules.CORRECTED.at((0, len(cell)), part=part, before=before, after=after, line=one.line)
                )
        return tuple(found), said

    def _read_parts(self, given: dict[str, str], options: dict[str, Any]) -> Reading:
        """Return what the parts say that a row has."""
        # What belongs to one value (`T_method`) is only there beside it; an edition or an r counts for all.
        fixed = {
            part: text
            for part, text in self.columns.fixed
            if (value := part.partition("_")[0]) in given or value not in FIELDS
        }
        given = {**fixed, **given}
        if (named := given.pop(SYSTEM, None)) is not None:
            system = system_of(named)
            if system is None:
                found = rules.ROW_SYSTEM_UNKNOWN.at((0, len(named)), part=SYSTEM)
                return Reading(text=" ".join(given.values()), diagnostics=(found,))
            options = {
                **options,
                "system": system.system,
                "edition": system.edition or options.get("edition"),
            }
        return read_parts(**{**options, **given})

    def read_stage(self, key: Key) -> ReadStage:
        """Return what the cells say, with every finding."""
        reading = self.read(key)
        return ReadStage(reading, self.findings(key, reading))

    def read_alone(self, key: Key) -> Iterator[Stage]:
        """Yield the stage of each part that can be read by itself, where the whole cannot be.

        What belongs to a part, or to all of them, counts beside it as it does beside the others: an r that
        cannot be read leaves none.
        """
        as_decided, _ = self._as_decided(key)
        cells = dict(zip(self.columns.parts, map(whole_number, as_decided), strict=True))
        given = {part: cell for part, cell in cells.items() if not is_missing(cell, self._words)}
        for part in filter(given.__contains__, FIELDS):
            beside = {name: cell for name, cell in given.items() if name not in FIELDS and _is_of(name, part)}
            reading = self._read_parts({part: given[part], **beside}, self._options)
            if reading.stage is not None:
                yield reading.stage

    def read_one_stage(self, key: Key) -> ReadStage:
        """Return the same where one stage is needed; several are an error."""
        found = self.read_stage(key)
        reading = found.reading
        if reading is None or len(reading.stages) <= 1:
            return found
        column, text = self.columns.label, reading.text
        several = rules.ONE_STAGE_NEEDED.at((0, len(text)), column=column)
        error = CellFinding(diagnostic=several, column=column, value=text)
        return ReadStage(reading, (*found.findings, error))

    def cells(self, key: Key) -> tuple[str, ...]:
        """Return the cells of the stage; its site is none of them."""
        cells = key_cells(key)
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
