"""Tables in Parquet files: what is appended are further columns of text; schema, metadata and types stay."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from rstage import rules
from rstage.files.encodings import DEFAULT_ENCODING
from rstage.files.errors import TableError, reason
from rstage.files.inputs import STDIN
from rstage.tables.formats.delimited import Record, Table, comma_cells

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    import polars as pl

    from rstage.tables.formats.delimited import RecordReader

ROWS_AT_A_TIME = 1 << 16


class ParquetTable(Table):
    """An open Parquet file.

    Attributes:
        parquet: the file as pyarrow has it.

    Raises:
        TableError: RS001, RS002, RS011; RS019, the extra is missing.
    """

    is_delimited = False
    written_form = "parquet"

    def __init__(self, file: str) -> None:
        super().__init__(file, delimiter=",", encoding=DEFAULT_ENCODING)

    def _open(self) -> None:
        try:
            import polars  # noqa: F401, ICN001  the cells go through it
            import pyarrow.parquet as pq
        except ImportError:
            raise TableError(rules.EXTRA_MISSING.at(what="a Parquet file", extra="polars")) from None
        self.codec = DEFAULT_ENCODING
        self.preamble = self.header = ""
        self._input = self._opened()
        with self._reading():
            # The footer is at the end, so that a stream has to be held.
            source = io.BytesIO(self._input.read()) if self.file == STDIN else self.file
            self.parquet = pq.ParquetFile(source, page_checksum_verification=True)
        self.columns = tuple(self.parquet.schema_arrow.names)

    def _reading(self) -> _Reading:
        return _Reading(self.file)

    def again(self) -> ParquetTable:
        """Return the same table, opened once more."""
        return ParquetTable(self.file)

    def opened_alike(self, file: str) -> ParquetTable:
        """Return the table that this one became."""
        return ParquetTable(file)

    @property
    def size(self) -> int:
        """How many bytes the file has; polars is needed whatever its size is."""
        return super().size or 1

    def batches(self, group: int) -> Iterator[Any]:
        """Yield the rows of a row group as record batches of pyarrow.

        Raises:
            TableError: RS001, the file cannot be read on.
        """
        with self._reading():
            yield from self.parquet.iter_batches(ROWS_AT_A_TIME, row_groups=[group])

    def all_batches(self) -> Iterator[Any]:
        """Yield the rows as record batches of pyarrow.

        Raises:
            TableError: RS001, the file cannot be read on.
        """
        for group in range(self.parquet.num_row_groups):
            yield from self.batches(group)

    def records(self, reader: RecordReader | None = None) -> Generator[Record, None, None]:
        """Yield every row with its cells; it has no text, and its line is its number.

        Raises:
            TableError: RS001, the file cannot be read on.
        """
        del reader  # rows are records
        for batch in self.all_batches():
            columns = [cell_texts(batch.column(place)).to_list() for place in range(len(self.columns))]
            for cells in zip(*columns, strict=True):
                self.row_count += 1
                yield list(cells), "", self.row_count

    def write_cells(self, names: Sequence[str], cells: Sequence[str]) -> str:
        """Return the cells of appended columns as one text."""
        return comma_cells(names, cells)

    def head(self, names: Sequence[str]) -> str:
        """Return nothing: the names are in the schema."""
        del names
        return ""

    def header_split_by(self, delimiter: str) -> list[str]:
        """Return no names: there is no delimiter."""
        del delimiter
        return []

    def close(self) -> None:
        """Close the file; standard input stays open."""
        if hasattr(self, "parquet"):
            self.parquet.close(force=True)
        super().close()


class _Reading:
    """Turns what pyarrow raises on a file into an error of the table layer."""

    def __init__(self, file: str) -> None:
        self._file = file

    def __enter__(self) -> None:
        """Begin to read."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        import pyarrow as pa

        if isinstance(error, pa.ArrowInvalid | pa.ArrowNotImplementedError | pa.ArrowKeyError):
            raise TableError(
                rules.FILE_MALFORMED.at(
                    file=self._file, row=1, why="this is no Parquet file, or it is damaged"
                )
            ) from error
        if isinstance(error, OSError):
            why = reason(error) if error.strerror else "it is damaged"
            raise TableError(rules.FILE_UNREADABLE.at(file=self._file, why=why)) from error


def cell_texts(column: Any) -> pl.Series:
    """Return a column of pyarrow as texts, blank where it is null: a number as digits, a date as ISO 8601."""
    import polars as pl
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    is_text = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
    if not (is_text or pa.types.is_string_view(column.type) or _is_plain(column.type)):
        return pl.Series([_shown(value) for value in column.to_pylist()], dtype=pl.String)
    series = pl.Series(pl.from_arrow(column))
    if series.dtype.is_float():
        # Whole numbers that were null somewhere are often kept as floats.
        return series.fill_nan(None).cast(pl.String).str.replace(r"\.0$", "").fill_null("")
    if isinstance(series.dtype, pl.Datetime):
        # A date is often kept as a time at midnight.
        return series.dt.to_string("iso").str.replace(r"[ T]00:00:00(\.0+)?$", "").fill_null("")
    return series.cast(pl.String).fill_null("")


def _is_plain(kind: Any) -> bool:
    import pyarrow as pa

    types = pa.types
    is_number = types.is_integer(kind) or types.is_floating(kind)
    is_date = types.is_date(kind) or (types.is_timestamp(kind) and kind.tz is None)
    return bool(is_number or is_date or types.is_null(kind))


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def split_cells(texts: Sequence[str], width: int) -> list[list[str | None]]:
    """Return what `ParquetTable.write_cells` wrote for many rows as columns; what is blank is null."""
    rows = list(csv.reader([text[1:] for text in texts]))
    if not rows:
        return [[] for _ in range(width)]
    return [[cell or None for cell in column] for column in zip(*rows, strict=True)]
