"""What a command appends: it says what follows from the cells that rows share, and an engine applies that.

An engine takes rows one by one (`RowCells`) or many at a time (`batch_texts`); both count the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, repeat
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rstage.reporting.counts import FindingCounts
    from rstage.reporting.placed import CellFinding
    from rstage.tables.shared import Key, Row, Shared, SharedByKey


class AppendedPart(Protocol):
    """Consecutive appended cells: they follow from the cells of some columns, or from little more."""

    @property
    def indexes(self) -> tuple[int, ...]:
        """The places of the columns whose cells are the key; many rows share it."""

    @property
    def row_indexes(self) -> tuple[int, ...]:
        """The places of further columns that count for a single row."""

    @property
    def follows_from_key(self) -> bool:
        """Whether the text of what rows share is all that is appended to them."""

    @property
    def shared(self) -> SharedByKey[Any]:
        """What follows from each key."""

    def of_row(self, shared: Shared[Any], cells: tuple[str, ...], /) -> tuple[str, Callable[[], None] | None]:
        """Return what is appended to one row, and what counts its own findings, where it has any.

        Args:
            shared: what follows from its key.
            cells: its cells at `row_indexes`.
        """

    def found_in(self, shared: Shared[Any], cells: tuple[str, ...], /) -> Iterable[Sequence[CellFinding]]:
        """Return what is found in one row, in the groups in which it is counted; nothing is counted now."""


class Appender(Protocol):
    """What a command appends to each row."""

    @property
    def names(self) -> Sequence[str]:
        """The appended columns."""

    @property
    def counts(self) -> FindingCounts:
        """What was found, complete after `finish`."""

    @property
    def parts(self) -> Sequence[AppendedPart]:
        """The parts that stand one behind the other; each has as many cells as every other one."""

    def finish(self) -> None:
        """Put the counts together."""


def cells_of_failed(names: Sequence[str], code: str) -> list[str]:
    """Return what is appended to a record of which nothing can be said but the code of a finding."""
    return [code if name.endswith("_findings") else "" for name in names]


def read_indexes(appender: Appender) -> list[int]:
    """Return the places of the columns that an appender reads, in order."""
    return sorted({*chain.from_iterable((*part.indexes, *part.row_indexes) for part in appender.parts)})


def cells_at(indexes: Sequence[int]) -> Callable[[Row], tuple[str, ...]]:
    """Return what gives the cells of a row at some places."""
    if not indexes:
        return lambda _row: ()
    if len(indexes) == 1:
        (index,) = indexes
        return lambda row: (row[index],)
    return itemgetter(*indexes)


class RowCells:
    """Works out the appended cells of rows, one by one."""

    def __init__(self, appender: Appender) -> None:
        # What a row asks of each part, looked up once.
        self._parts = [
            (
                part.shared,
                itemgetter(*part.indexes),
                None if part.follows_from_key else part.of_row,
                cells_at(part.row_indexes),
            )
            for part in appender.parts
        ]

    def of(self, row: Row) -> str:
        """Return the appended cells of a row as text, and count it; where it raises nothing is counted."""
        text = ""
        notes: tuple[Callable[[], None], ...] = ()
        try:
            for known, key, of_row, row_cells in self._parts:
                shared = known[key(row)]
                if of_row is None:
                    text += shared.text
                else:
                    own_text, note = of_row(shared, row_cells(row))
                    text += own_text
                    if note is not None:
                        notes += (note,)
                shared.count += 1
        except Exception:
            # Cheaper for all other rows than to count when every part is there.
            self._take_back(row, known)
            raise
        for note in notes:
            note()
        return text

    def _take_back(self, row: Row, failed: SharedByKey[Any]) -> None:
        """Count a row no longer in the parts before the one that failed."""
        for known, key, _, _ in self._parts:
            if known is failed:
                return
            known.add_rows(known[key(row)], -1)


class Distinct(NamedTuple):
    """The different keys of a part.

    Attributes:
        keys: the keys. counts: how many rows have each. numbers: gives for each row the place of its key.
    """

    keys: Sequence[Key]
    counts: Sequence[int]
    numbers: Callable[[], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Batch:
    """Many rows of a table.

    Attributes:
        distinct: for each part of an appender its different keys. column: gives the cells of a column.
    """

    distinct: Sequence[Distinct]
    column: Callable[[int], Sequence[str]]


class _PartOfBatch(NamedTuple):
    """What one part appends to many rows, and what is to be counted then."""

    shared: list[Shared[Any]]
    texts: list[str]
    notes: list[Callable[[], None]]


def batch_texts(appender: Appender, batch: Batch) -> list[list[str]]:
    """Return for each part of an appender what it appends to many rows, and count the rows.

    That is a text for each distinct key where all follows from it, and else one for each row. Where it raises
    nothing is counted, so that the rows can be taken one by one.
    """
    worked_out = [
        _part_of_batch(part, distinct, batch)
        for part, distinct in zip(appender.parts, batch.distinct, strict=True)
    ]
    for part, distinct, one in zip(appender.parts, batch.distinct, worked_out, strict=True):
        for shared, count in zip(one.shared, distinct.counts, strict=True):
            part.shared.add_rows(shared, count)
        for note in one.notes:
            note()
    return [one.texts for one in worked_out]


def _part_of_batch(part: AppendedPart, distinct: Distinct, batch: Batch) -> _PartOfBatch:
    shared = [part.shared[key] for key in distinct.keys]
    if part.follows_from_key:
        return _PartOfBatch(shared, [one.text for one in shared], [])
    texts, notes, of_row = [], [], part.of_row
    columns = [batch.column(index) for index in part.row_indexes]
    rows: Iterable[tuple[str, ...]] = zip(*columns, strict=True) if columns else repeat(())
    for number, cells in zip(distinct.numbers(), rows, strict=False):
        text, note = of_row(shared[number], cells)
        texts.append(text)
        if note is not None:
            notes.append(note)
    return _PartOfBatch(shared, texts, notes)
