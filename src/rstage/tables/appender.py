"""What a command appends: it says what follows from the cells that rows share, and an engine applies that.

An engine takes rows one by one (`RowCells`) or many at a time (`batch_texts`); both count the same.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from itertools import chain, repeat
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import polars as pl

    from rstage.reporting.counts import FindingCounts
    from rstage.reporting.placed import CellFinding
    from rstage.tables.linked import LinkedRows
    from rstage.tables.shared import Key, Row, Shared, SharedByKey

    _Noted = tuple[Callable[[Any], None], Any, "_Noted | None"]


class Keyed(NamedTuple):
    """What follows from the cells of some columns, which many rows share.

    Attributes:
        indexes: the places of the columns. answers: gives what follows from a key, their cells.
    """

    indexes: tuple[int, ...]
    answers: Mapping[Key, Any]


class AppendedPart(Protocol):
    """Consecutive appended cells: they follow from the cells of some columns, or from little more."""

    @property
    def keys(self) -> tuple[Keyed, ...]:
        """What rows share, by the columns that it follows from."""

    @property
    def row_indexes(self) -> tuple[int, ...]:
        """The places of further columns that count for a single row."""

    @property
    def follows_from_key(self) -> bool:
        """Whether there is one key, and the text of what rows share is all that is appended to them."""

    @property
    def counted(self) -> SharedByKey[Any, Any]:
        """What rows share, counted for all of them."""

    def shared(self, answers: tuple[Any, ...], /) -> Shared[Any]:
        """Return what is shared by the rows that have these answers, one for each of the keys."""

    def together(self, answers: Sequence[Sequence[Any]], /) -> LinkedRows | None:
        """Return what the rows of a batch are put together from; None where they are taken one by one.

        Args:
            answers: what follows from each of the different cells, for each of the keys.
        """

    @property
    def note(self) -> Callable[[Any], None]:
        """What counts the rest of a row: what `of_row` says of it besides its text."""

    def of_row(
        self, shared: Shared[Any], answers: tuple[Any, ...], cells: tuple[str, ...], /
    ) -> tuple[str, Any]:
        """Return what is appended to one row, and what is to be noted of it; None where that is nothing.

        Args:
            shared: what it shares.
            answers: what follows from each of its keys.
            cells: its cells at `row_indexes`.
        """

    def found_in(
        self, shared: Shared[Any], answers: tuple[Any, ...], cells: tuple[str, ...], /
    ) -> Iterable[Sequence[CellFinding]]:
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
    of_keys = (keyed.indexes for part in appender.parts for keyed in part.keys)
    return sorted({*chain(*of_keys, *(part.row_indexes for part in appender.parts))})


def cells_at(indexes: Sequence[int]) -> Callable[[Row], tuple[str, ...]]:
    """Return what gives the cells of a row at some places."""
    if not indexes:
        return lambda _row: ()
    if len(indexes) == 1:
        (index,) = indexes
        return lambda row: (row[index],)
    return itemgetter(*indexes)


class _PartOfRow(NamedTuple):
    """What a row asks of a part, looked up once."""

    part: AppendedPart
    keys: Sequence[tuple[Mapping[Key, Any], Callable[[Row], Key]]]
    of_row: Callable[..., tuple[str, Any]] | None
    note: Callable[[Any], None]
    row_cells: Callable[[Row], tuple[str, ...]]

    def answers(self, row: Row) -> tuple[Any, ...]:
        """Return what follows from each key of a row."""
        return tuple([known[key(row)] for known, key in self.keys])


class RowCells:
    """Works out the appended cells of rows, one by one."""

    def __init__(self, appender: Appender) -> None:
        self._parts = [
            _PartOfRow(
                part,
                [(keyed.answers, itemgetter(*keyed.indexes)) for keyed in part.keys],
                None if part.follows_from_key else part.of_row,
                part.note,
                cells_at(part.row_indexes),
            )
            for part in appender.parts
        ]

    def of(self, row: Row) -> str:
        """Return the appended cells of a row as text, and count it; where it raises nothing is counted."""
        text = ""
        first: Any = None
        others: _Noted | None = None  # of an appender of several parts
        try:
            for asked in self._parts:
                part, keys, of_row, note, row_cells = asked
                if of_row is None:
                    ((known, key),) = keys
                    shared = known[key(row)]
                    text += shared.text
                else:
                    answers = tuple([known[key(row)] for known, key in keys])
                    shared = part.shared(answers)
                    own_text, rest = of_row(shared, answers, row_cells(row))
                    text += own_text
                    if rest is not None and first is None:
                        first, note_first = rest, note
                    elif rest is not None:
                        others = note, rest, others
                shared.count += 1
        except Exception:
            # Cheaper for all other rows than to count when every part is there.
            self._take_back(row, asked)
            raise
        if first is not None:
            note_first(first)
        while others is not None:
            note, rest, others = others
            note(rest)
        return text

    def _take_back(self, row: Row, failed: _PartOfRow) -> None:
        """Count a row no longer in the parts before the one that failed."""
        for asked in self._parts:
            if asked is failed:
                return
            asked.part.counted.add_rows(asked.part.shared(asked.answers(row)), -1)


class Distinct(NamedTuple):
    """The different cells of the columns of a `Keyed`.

    Attributes:
        keys: the cells. counts: how many rows have each. numbers: gives for each row the place of its own.
    """

    keys: Sequence[Key]
    counts: Sequence[int]
    numbers: Callable[[], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Batch:
    """Many rows of a table.

    Attributes:
        distinct: for each part of an appender and each of its keys the different ones.
        column: gives the cells of a column.
        linked: appends to the rows of a part, whose number it is given too, and takes those that are not
            plain by themselves with `OneByOne`; None where all are taken so.
    """

    distinct: Sequence[Sequence[Distinct]]
    column: Callable[[int], Sequence[str]]
    linked: Callable[[LinkedRows, int, OneByOne], ManyRows] | None = None


class ManyRows(NamedTuple):
    """What one part appends to many rows, and what is to be counted then.

    Attributes:
        texts: what is appended; in the order of the rows, and as a series where an engine made them so.
        counts: how many rows share what. notes: what counts the rest.
    """

    texts: Sequence[str] | pl.Series
    counts: Mapping[Shared[Any], int]
    notes: Sequence[Callable[[], None]]


class OneByOne(NamedTuple):
    """Takes rows one by one.

    Attributes:
        part: appends to them. different: the answers to each of its keys.
    """

    part: AppendedPart
    different: Sequence[Sequence[Any]]

    def rows(self, numbers: Sequence[Sequence[int]], columns: Sequence[Sequence[str]]) -> ManyRows:
        """Return what is appended to rows.

        Args:
            numbers: for each key which of the answers each row has.
            columns: for each of the `row_indexes` the cell of each row.
        """
        answers = [
            list(map(of_key.__getitem__, places))
            for of_key, places in zip(self.different, numbers, strict=True)
        ]
        rows: Iterable[tuple[str, ...]] = zip(*columns, strict=True) if columns else repeat(())
        texts: list[str] = []
        notes: list[Any] = []
        met = []
        shared_of, of_row = self.part.shared, self.part.of_row
        for of_keys, of_row_alone in zip(zip(*answers, strict=True), rows, strict=False):
            shared = shared_of(of_keys)
            text, rest = of_row(shared, of_keys, of_row_alone)
            texts.append(text)
            met.append(shared)
            if rest is not None:
                notes.append(rest)
        return ManyRows(texts, Counter(met), [partial(_note_each, self.part.note, notes)])


def _note_each(note: Callable[[Any], None], rest: Iterable[Any]) -> None:
    for one in rest:
        note(one)


def batch_texts(appender: Appender, batch: Batch) -> list[Sequence[str] | pl.Series]:
    """Return for each part of an appender what it appends to many rows, and count the rows.

    That is a text for each distinct key where all follows from it, and else one for each row. Where it raises
    nothing is counted, so that the rows can be taken one by one.
    """
    worked_out = [
        _by_key(part, distinct[0]) if part.follows_from_key else _by_row(part, distinct, batch, number)
        for number, (part, distinct) in enumerate(zip(appender.parts, batch.distinct, strict=True))
    ]
    for part, one in zip(appender.parts, worked_out, strict=True):
        add_rows = part.counted.add_rows
        for shared, count in one.counts.items():
            add_rows(shared, count)
        for note in one.notes:
            note()
    return [one.texts for one in worked_out]


def _by_key(part: AppendedPart, distinct: Distinct) -> ManyRows:
    (keyed,) = part.keys
    shared = list(map(keyed.answers.__getitem__, distinct.keys))
    return ManyRows([one.text for one in shared], dict(zip(shared, distinct.counts, strict=True)), [])


def _by_row(part: AppendedPart, distinct: Sequence[Distinct], batch: Batch, number: int) -> ManyRows:
    different = [
        [keyed.answers[key] for key in one.keys] for keyed, one in zip(part.keys, distinct, strict=True)
    ]
    one_by_one = OneByOne(part, different)
    linked = None if batch.linked is None else part.together(different)
    if batch.linked is not None and linked is not None:
        return batch.linked(linked, number, one_by_one)
    columns = [batch.column(index) for index in part.row_indexes]
    return one_by_one.rows([one.numbers() for one in distinct], columns)
