"""What `normalize` appends: the canonical text of each stage, its findings and, if wanted, its parts."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from rstage.model.category import prefix as timing_prefix
from rstage.model.group import numeral
from rstage.reference.vocabulary import split
from rstage.reporting.counts import FindingCounts
from rstage.tables.appender import Keyed
from rstage.tables.cells import StageCells, StageReader, sum_of_counts, tally_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rstage.model.stage import Stage
    from rstage.reading.read import Reading
    from rstage.report.tally import StageTally, Tally
    from rstage.reporting.placed import CellFinding
    from rstage.tables.cells import CellCounts, ReadStage
    from rstage.tables.shared import Key, Shared
    from rstage.tables.table import CellWriter

PART_COLUMNS = ("T", "N", "M", "group", "edition", "descriptors")
ROLL_UPS = ("T_main", "group_main")
"""What the parts come to for counting: `T2` of `pT2a`, `II` of `Stage IIB`."""
DERIVED = "group_derived"
"""The group that a group table gives the categories; what was stated stands in its own column."""


def normalized_text(reading: Reading) -> str:
    """Return the canonical text of what was read; several stagings stand beside each other with `; `."""
    return "; ".join(map(str, reading.stages))


def codes_text(reading: Reading) -> str:
    """Return the code of each finding once, in order of position, with one blank between."""
    return " ".join(dict.fromkeys(found.code for found in reading.diagnostics))


def texts_alone(stages: Iterable[Stage]) -> tuple[str, ...]:
    """Return the parts of stages that have one part each, as `part_texts` does.

    Descriptors stand beside each other; an edition counts where all of them have it.
    """
    columns = dict(zip(PART_COLUMNS, zip(*map(part_texts, stages), strict=True), strict=False))
    found = {name: list(dict.fromkeys(filter(None, texts))) for name, texts in columns.items()}
    if len(found.get("edition", ())) > 1:
        found["edition"] = []
    return tuple(" ".join(found.get(name, ())) for name in PART_COLUMNS)


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


def roll_ups(stage: Stage | None) -> tuple[str, ...]:
    """Return the main value of T and the main numeral of the group; r, y and a stay with them.

    A range that goes over several values, and a group without a numeral, come to nothing.
    """
    t, group = (None, None) if stage is None else (stage.t, stage.group)
    main_t = main_numeral = ""
    if t is not None and (t.upper is None or split("T", t.upper)[0] == t.value):
        main_t = f"{timing_prefix(t.timing, None)}T{t.value}"
    if group is not None and group.numeral and (group.upper is None or numeral(group.upper) == group.numeral):
        main_numeral = timing_prefix(group.timing, None) + group.numeral
    return main_t, main_numeral


class NormalizedStage:
    """What is appended for one stage: all of it follows from its cells.

    Args:
        reader: reads the stage. names: the appended columns.
        writer: writes cells.
        has_parts: whether the parts are appended too; a cell with several stagings has none. Of a stage in
            columns of its own that is refused, those parts are appended that can be read alone.
        derives_group: whether the group that a group table gives is appended.
        counts: where the findings are counted. tally: where the stages are, for a report.
    """

    row_indexes = ()
    follows_from_key = True

    def __init__(
        self,
        reader: StageReader,
        names: Sequence[str],
        writer: CellWriter,
        *,
        has_parts: bool,
        derives_group: bool,
        counts: FindingCounts,
        tally: StageTally | None = None,
    ) -> None:
        self.counted = StageCells(reader.read_stage, counts, self._text, tally)
        self.keys = (Keyed(reader.indexes, self.counted),)
        self._reader = reader
        self._names, self._writer = names, writer
        self._has_parts, self._derives_group = has_parts, derives_group

    def _text(self, key: Key, stage: ReadStage) -> str:
        reading = stage.reading
        cells: tuple[str, ...] = (
            ("", "") if reading is None else (normalized_text(reading), codes_text(reading))
        )
        if self._has_parts:
            cells += self._parts(key, reading)
            cells += roll_ups(reading.stage if reading else None)
        if self._derives_group:
            group = self._reader.derived_group(key, reading.stage if reading else None)
            cells += ("" if group is None else str(group),)
        return self._writer.write(self._names, cells)

    def _parts(self, key: Key, reading: Reading | None) -> tuple[str, ...]:
        """Return the parts; where a stage in columns of its own is refused, those that can be read alone."""
        if reading is None or reading.ok or not self._reader.columns.parts:
            return part_texts(reading.stage if reading else None)
        return texts_alone(self._reader.read_alone(key))

    def shared(self, answers: tuple[Shared[ReadStage]]) -> Shared[ReadStage]:
        """Return what rows share: what their cells say."""
        return answers[0]

    def together(self, _answers: Sequence[Sequence[Any]]) -> None:
        """Return None: no row has anything of its own."""

    def note(self, _rest: Any) -> None:
        """Do nothing: no row has anything of its own."""

    def of_row(
        self, shared: Shared[ReadStage], _answers: tuple[Shared[ReadStage]], _cells: tuple[str, ...]
    ) -> tuple[str, None]:
        """Return what is appended to a row: what all with the same cells have."""
        return shared.text, None

    def found_in(
        self, shared: Shared[ReadStage], _answers: tuple[Shared[ReadStage]], _cells: tuple[str, ...]
    ) -> Iterable[Sequence[CellFinding]]:
        """Return what is found in the stage of a row."""
        return (shared.value.findings,)


class Normalizer:
    """Appends `NAME_normalized`, `NAME_findings` and, with `has_parts`, one column a part, for each stage.

    Args:
        readers: the stages. writer: writes cells.
        has_parts: whether the parts are appended too; a cell with several stagings has none.
        derives_group: whether the group that a group table gives is appended.
        prefix: another stem for the names; before NAME where there are several stages.
        counts: counts what is found. tally: counts for a report.
    """

    def __init__(
        self,
        readers: Sequence[StageReader],
        writer: CellWriter,
        *,
        has_parts: bool = False,
        derives_group: bool = False,
        prefix: str | None = None,
        counts: FindingCounts | None = None,
        tally: Tally | None = None,
    ) -> None:
        self.counts = counts or FindingCounts()
        parts = (*PART_COLUMNS, *ROLL_UPS) if has_parts else ()
        endings = ("normalized", "findings", *parts, *((DERIVED,) if derives_group else ()))
        stems = [_stem(reader.columns.name, prefix, len(readers)) for reader in readers]
        names = [[f"{stem}_{ending}" for ending in endings] for stem in stems]
        self.names = tuple(chain(*names))
        self.parts = [
            NormalizedStage(
                reader,
                of_stage,
                writer,
                has_parts=has_parts,
                derives_group=derives_group,
                counts=self.counts,
                tally=tally_of(tally, reader),
            )
            for reader, of_stage in zip(readers, names, strict=True)
        ]

    def finish(self) -> None:
        """Put the counts together."""
        for part in self.parts:
            part.counted.finish()

    @property
    def cell_counts(self) -> CellCounts:
        """What became of the stages; complete after `finish`."""
        return sum_of_counts(part.counted for part in self.parts)


def _stem(name: str, prefix: str | None, stages: int) -> str:
    if prefix is None:
        return name
    return prefix if stages == 1 else f"{prefix}_{name}"
