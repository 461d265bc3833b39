"""The different cells of columns in a frame of polars, and for each row which of them it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl


class Coded(NamedTuple):
    """The different cells of some columns.

    Attributes:
        columns: for each of the columns its cell in each of the different ones.
        codes: for each row which of these it has.
        counts: how many rows have each.
    """

    columns: list[pl.Series]
    codes: pl.Series
    counts: pl.Series


def coded_column(cells: pl.Series) -> Coded:
    """Return the different cells of a column; one that is null is blank."""
    import polars as pl

    # Of a dictionary of its own: the common one of polars would remember the cells of every block.
    categories = cells.cast(pl.Categorical(pl.Categories.random())).fill_null("")
    different, counts = categories.value_counts().get_columns()
    return _dense([different.cast(pl.String)], categories.to_physical(), different.to_physical(), counts)


def coded_columns(columns: Sequence[Coded]) -> Coded:
    """Return the different cells of several columns beside each other."""
    import polars as pl

    whole, *others = columns
    for other in others:
        # Both codes are below the count of rows, so that their product is far below the largest integer.
        width = max(other.counts.len(), 1)
        pairs = whole.codes.cast(pl.UInt64) * width + other.codes
        different, counts = pairs.value_counts().get_columns()
        texts = [column.gather(different // width) for column in whole.columns]
        whole = _dense([*texts, other.columns[0].gather(different % width)], pairs, different, counts)
    return whole


def _dense(columns: list[pl.Series], codes: pl.Series, different: pl.Series, counts: pl.Series) -> Coded:
    """Return codes that count from 0 on without a gap, given the different ones, and what belongs to each."""
    import polars as pl

    order = different.arg_sort()
    different = different.gather(order)
    if different.len() and different[-1] >= different.len():
        codes = different.search_sorted(codes).cast(pl.UInt32)
    return Coded([column.gather(order) for column in columns], codes, counts.gather(order))
