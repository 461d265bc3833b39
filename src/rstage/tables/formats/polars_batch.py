"""Rows in a frame of polars as an appender takes them: the different cells, and which of them a row has."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from rstage.tables.appender import Batch, Distinct
from rstage.tables.formats.polars_codes import coded_column, coded_columns
from rstage.tables.formats.polars_links import linked_rows

if TYPE_CHECKING:
    import polars as pl

    from rstage.tables.appender import Appender, ManyRows, OneByOne
    from rstage.tables.formats.polars_codes import Coded
    from rstage.tables.linked import LinkedRows


class CodedCells:
    """The cells of rows, and which of the different ones each row has.

    Args:
        cells: the columns that an appender reads as text, named by their places; what is null is blank.
        appender: the appender.

    Attributes:
        keys: for each part of the appender, and for each of its keys, the different cells.
    """

    def __init__(self, cells: pl.DataFrame, appender: Appender) -> None:
        self._column = cache(lambda index: cells[str(index)].fill_null(""))
        self._coded = cache(lambda index: coded_column(cells[str(index)]))
        self.keys = [
            [coded_columns([self._coded(index) for index in key.indexes]) for key in part.keys]
            for part in appender.parts
        ]

    def batch(self) -> Batch:
        """Return the rows as an appender reads them."""
        distinct = [[_distinct(one) for one in of_part] for of_part in self.keys]
        return Batch(distinct, lambda index: self._column(index).to_list(), self._linked)

    def _linked(self, linked: LinkedRows, part: int, one_by_one: OneByOne) -> ManyRows:
        def by_themselves(places: pl.Series) -> ManyRows:
            numbers = [one.codes.gather(places).to_list() for one in self.keys[part]]
            indexes = one_by_one.part.row_indexes
            return one_by_one.rows(numbers, [self._column(n).gather(places).to_list() for n in indexes])

        return linked_rows(linked, self.keys[part], self._column, self._coded, by_themselves)


def _distinct(coded: Coded) -> Distinct:
    columns = [column.to_list() for column in coded.columns]
    keys = columns[0] if len(columns) == 1 else list(zip(*columns, strict=True))
    return Distinct(keys, coded.counts.to_list(), coded.codes.to_list)
