"""Rows of a restaging that are put together many at a time: those that add nothing of their own.

What `Restager.of_row` writes around dates and tumor ids is the same in many rows. An engine puts the cells of
a row between; a row that is not so plain is taken by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rstage.tables.shared import Shared

BY_ITSELF = -1
"""Stands for the kind of a diagnosis whose rows are taken one by one."""


class WrittenRows(Protocol):
    """What is written of the rows that have a pair in common."""

    @property
    def before(self) -> str:
        """Their cells before the link, or all of them where there is none."""

    @property
    def after(self) -> str:
        """Their cells behind the link."""

    @property
    def has_link(self) -> bool:
        """Whether there is a link."""

    @property
    def types(self) -> str | None:
        """The types of recurrence, maybe an empty text; None where they are not restaged."""


class PlainDate(NamedTuple):
    """What a cell with a date says; `is_plain` is False where the row is taken by itself."""

    date: str | None
    is_plain: bool


class LinkedTally(NamedTuple):
    """How many rows are counted for a report.

    Attributes:
        first: so many of those that are restaged are taken by themselves, because each will be shown.
        add_years: counts those with a recurrence by the years between the two dates, given how often each
            `SUM_OF_YEARS` comes.
    """

    first: int
    add_years: Callable[[Mapping[int, int]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedSide:
    """The different diagnoses of many rows, or their assessments, by their numbers.

    Attributes:
        between: what stands in the canonical JSON of each between its date and its tumor id.
        sites: the site of each, where it is known.
        date, tumor_id: the places of the columns; None where they are not given.
    """

    between: Sequence[str]
    sites: Sequence[str | None]
    date: int | None
    tumor_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedRows:
    """What many rows are put together from.

    Attributes:
        old, new: the diagnoses and the assessments.
        kinds: the number of the kind of each diagnosis, or `BY_ITSELF`.
        behind: what stands in the canonical JSON of each restaging behind the digest of the diagnosis.
        rows: returns what the rows with a kind of diagnosis and an assessment share; None where each is taken
            by itself.
        read_date: reads the cell of a date. id_words: the words of a missing tumor id, in lower case.
        digest: makes the digests of links. cell_prefix: what stands before one in a cell.
        is_noted: whether the rows of each diagnosis are counted by `note`.
        note: returns what counts them, given the numbers of diagnoses, and how many rows each has.
        tally: how they are counted for a report, where there is one.
    """

    old: LinkedSide
    new: LinkedSide
    kinds: Sequence[int]
    behind: Sequence[str]
    rows: Callable[[int, int], Shared[WrittenRows] | None]
    read_date: Callable[[str], PlainDate]
    id_words: frozenset[str]
    digest: Callable[[bytes], str]
    cell_prefix: str
    is_noted: Sequence[bool]
    note: Callable[[Sequence[int], Sequence[int]], Callable[[], None]]
    tally: LinkedTally | None = None
