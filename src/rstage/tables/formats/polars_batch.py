"""Rows in a frame of polars as an appender takes them: the different cells, and which of them a row has."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from rstage.tables.appender import Batch, Distinct

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from rstage.tables.appender import Appender


class Coded(NamedTuple):
    """The different cells of some columns.

    Attributes:
        columns: for each of the columns its cell in each of the different ones.
        codes: for each row which of these it has.
    """

    columns: list[pl.Series]
    codes: pl.Series


def coded_keys(cells: pl.DataFrame, appender: Appender) -> list[list[Coded]]:
    """Return for each part of an appender, and for each of its keys, the different cells.

    Args:
        cells: the columns that it reads as text, named by their places.
        appender: whose parts these are.
    """
    of_column = cache(lambda index: _coded(cells[str(index)]))
    return [
        [_together([of_column(index) for index in key.indexes]) for key in part.keys]
        for part in appender.parts
    ]


def _coded(cells: pl.Series) -> Coded:
    import polars as pl

    # Of a dictionary of its own: the common one of polars would remember the cells of every block.
    categories = cells.cast(pl.Categorical(pl.Categories.random()))
    codes = categories.to_physical()
    different = categories.unique()
    places = different.to_physical()
    return _dense([different.cast(pl.String).gather(places.arg_sort())], codes, places.sort())


def _together(columns: Sequence[Coded]) -> Coded:
    """Return the different cells of several columns beside each other."""
    import polars as pl

    whole, *others = columns
    for other in others:
        # Both codes are below the count of rows, so that their product is far below the largest integer.
        width = max(other.columns[0].len(), 1)
        pairs = whole.codes.cast(pl.UInt64) * width + other.codes
        different = pairs.unique().sort()
        texts = [column.gather(different // width) for column in whole.columns]
        whole = _dense([*texts, other.columns[0].gather(different % width)], pairs, different)
    return whole


def _dense(columns: list[pl.Series], codes: pl.Series, different: pl.Series) -> Coded:
    """Return codes that count from 0 on without a gap, given the different ones in order."""
    import polars as pl

    if different.len() and different[-1] >= different.len():
        codes = different.search_sorted(codes).cast(pl.UInt32)
    return Coded(columns, codes)


def new_batch(cells: pl.DataFrame, coded: Sequence[Sequence[Coded]]) -> Batch:
    """Return rows as an appender reads them, from their cells and their `coded_keys`."""
    distinct = [[_distinct(one) for one in of_part] for of_part in coded]
    return Batch(distinct, cache(lambda index: cells[str(index)].to_list()))


def _distinct(coded: Coded) -> Distinct:
    columns = [column.to_list() for column in coded.columns]
    keys = columns[0] if len(columns) == 1 else list(zip(*columns, strict=True))
    counts = coded.codes.value_counts().sort(coded.codes.name)["count"]
    return Distinct(keys, counts.to_list(), coded.codes.to_list)
