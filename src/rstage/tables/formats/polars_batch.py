"""Rows in a frame of polars as an appender takes them: the distinct keys of its parts, and their columns."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from rstage.tables.appender import Batch, Distinct

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from rstage.tables.appender import Appender


def key_frames(cells: pl.DataFrame, appender: Appender) -> list[pl.DataFrame]:
    """Return for each part of an appender its distinct cells with the count of their rows.

    Args:
        cells: the columns that it reads as text, named by their places.
        appender: whose parts these are.
    """
    import polars as pl

    keys = [[str(index) for index in part.indexes] for part in appender.parts]
    return [cells.group_by(key).agg(pl.len().alias("count")) for key in keys]


def new_batch(cells: pl.DataFrame, distinct: Sequence[pl.DataFrame]) -> Batch:
    """Return rows as an appender reads them, from their cells and their `key_frames`."""
    found = []
    for frame in distinct:
        *keys, counts = [column.to_list() for column in frame.get_columns()]
        one = keys[0] if len(keys) == 1 else list(zip(*keys, strict=True))
        found.append(Distinct(one, counts, partial(_numbers, cells, frame)))
    return Batch(found, cache(lambda index: cells[str(index)].to_list()))


def per_row(cells: pl.DataFrame, distinct: pl.DataFrame, values: pl.Series) -> pl.Series:
    """Return for each row the value of its distinct cells."""
    keys = distinct.columns[:-1]
    found = distinct.select(*keys, values.alias("value"))
    return cells.select(keys).join(found, on=keys, how="left", maintain_order="left")["value"]


def _numbers(cells: pl.DataFrame, distinct: pl.DataFrame) -> list[int]:
    import polars as pl

    return per_row(cells, distinct, pl.Series(range(distinct.height), dtype=pl.UInt32)).to_list()
