"""Tables in Parquet files: what is appended are further columns of text; schema, metadata and types stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from rstage import rules
from rstage.tables.formats.delimited import DelimitedCells
from rstage.tables.formats.parquet_engine import ParquetVerifier, blocks_of_parquet
from rstage.tables.formats.parquet_file import ROWS_AT_A_TIME, ParquetFile, cell_texts
from rstage.tables.formats.sourced import SourcedTable
from rstage.tables.table import Record

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence

    from rstage.diagnostics import Diagnostic
    from rstage.tables.appender import Appender
    from rstage.tables.formats.open_options import OpenOptions
    from rstage.tables.table import BlockMaker, OutputBlock


def open_table(file: str, _options: OpenOptions) -> ParquetTable:
    """Open a file of this format, which says itself how it is read.

    Raises:
        TableError: as for `ParquetFile`.
    """
    return ParquetTable(ParquetFile(file))


class ParquetTable(SourcedTable[ParquetFile]):
    """An open table in a Parquet file. A context manager.

    Args:
        parquet: the file; it is closed with the table.
    """

    written_form = "Parquet"
    cell_format = DelimitedCells(",")

    def __init__(self, parquet: ParquetFile) -> None:
        super().__init__(parquet)
        self.columns: tuple[str, ...] = tuple(parquet.pyarrow.schema_arrow.names)

    def records(self) -> Generator[Record, None, None]:
        """Yield every row with its cells; it has no text, and its line is its number.

        Raises:
            TableError: RS001, the file cannot be read on.
        """
        for batch in self.source.all_batches(ROWS_AT_A_TIME):
            columns = [cell_texts(column).fill_null("").to_list() for column in batch.columns]
            for cells in zip(*columns, strict=True):
                self.row_count += 1
                yield Record(list(cells), "", self.row_count)

    def misfit(self, cells: Sequence[str]) -> Diagnostic:
        """Return why a record of these cells is no row; every one is."""
        return rules.RAGGED_ROW.at(fields=len(cells), expected=len(self.columns))

    @property
    def block_makers(self) -> Mapping[str, BlockMaker]:
        """What makes an output: polars only."""
        return {"polars": self._blocks}

    def _blocks(self, appender: Appender) -> Iterator[OutputBlock]:
        self.row_count = self.source.row_count
        return blocks_of_parquet(self.source, appender)

    def verifier(
        self, output: ParquetTable, appender: Appender | None, _blocks: BlockMaker
    ) -> ParquetVerifier:
        """Return what compares an output with this table, by its values: the bytes are those of a writer."""
        return ParquetVerifier(self.source, output.source, appender)

    def opened_alike(self, file: str) -> Self:
        """Return the table that this one became."""
        return type(self)(ParquetFile(file))

    def other_delimiter(self, _column: str) -> None:
        """Return None: there is no delimiter."""
