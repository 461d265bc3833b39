"""Some rows of an output, for a person who wants to see what came of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rstage.tables.table import Table


class SampleRow(NamedTuple):
    """A row of an output: its line, and the cells that are shown."""

    line: int
    cells: tuple[str, ...]


def sample_rows(output: Table, columns: Sequence[int], most: int) -> Iterator[SampleRow]:
    """Yield the first rows of an output in which some columns hold something.

    Args:
        output: the output.
        columns: the places of the columns.
        most: how many rows.

    Raises:
        TableError: it cannot be read.
    """
    left = most
    for cells, _, line in output.records():
        if left == 0:
            return
        if len(cells) == len(output.columns) and any(cells[place].strip() for place in columns):
            left -= 1
            yield SampleRow(line, tuple(cells[place] for place in columns))
