"""Many rows at once: their columns, and which rows have equal cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rstage.tables.cells import Key


class Distinct(NamedTuple):
    """The different cells of some columns.

    Attributes:
        keys: the cells. counts: how many rows have them. numbers: gives for each row the place of its key.
    """

    keys: Sequence[Key]
    counts: Sequence[int]
    numbers: Callable[[], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of a table.

    Attributes:
        distinct: for each of the appender's keys its different cells. column: gives the cells of a column.
    """

    distinct: Sequence[Distinct]
    column: Callable[[int], Sequence[str]]
