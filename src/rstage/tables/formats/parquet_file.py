"""A Parquet file as pyarrow reads it: its rows in batches, and its cells as text."""

from __future__ import annotations

import io
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rstage import rules
from rstage.files.errors import TableError, reason
from rstage.files.growth import check_growth
from rstage.files.inputs import STDIN
from rstage.tables.formats.sourced import OpenedFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

ROWS_AT_A_TIME = 1 << 16
"""Rows of which all cells are made Python's at a time."""

ROWS_TOGETHER = 1 << 17
"""Rows that are looked at together: no fewer than a row group of most writers has."""


class ParquetFile(OpenedFile):
    """An open Parquet file.

    Args:
        file: the name, or `-` for standard input.

    Attributes:
        pyarrow: the file as pyarrow has it.
        row_count: how many rows it has.

    Raises:
        TableError: RS001, RS002, RS011; RS019, the extra is missing; RS906, a bomb.
    """

    def __init__(self, file: str) -> None:
        self.pyarrow: Any = None
        try:
            import polars  # noqa: F401, ICN001  the cells go through it
            import pyarrow.parquet as pq
        except ImportError:
            raise TableError(rules.EXTRA_MISSING.at(what="a Parquet file", extra="polars")) from None
        super().__init__(file)
        try:
            with _as_table_errors(file):
                # The footer is at the end, so that a stream has to be held.
                source = io.BytesIO(self.input.read()) if file == STDIN else file
                self.pyarrow = pq.ParquetFile(source, page_checksum_verification=True)
            kept = self.pyarrow.metadata
            grown = sum(kept.row_group(number).total_byte_size for number in range(kept.num_row_groups))
            check_growth(file, grown, self.input.raw_count if file == STDIN else self.size)
        except BaseException:
            self.close()
            raise
        self.row_count: int = kept.num_rows

    def batches(self, group: int, at_a_time: int = ROWS_TOGETHER) -> Iterator[Any]:
        """Yield the rows of a row group as record batches of pyarrow.

        Raises:
            TableError: RS001, the file cannot be read on.
        """
        with _as_table_errors(self.file):
            yield from self.pyarrow.iter_batches(at_a_time, row_groups=[group])

    def all_batches(self, at_a_time: int = ROWS_TOGETHER) -> Iterator[Any]:
        """Yield the rows as record batches of pyarrow.

        Raises:
            TableError: RS001, the file cannot be read on.
        """
        for group in range(self.pyarrow.num_row_groups):
            yield from self.batches(group, at_a_time)

    def close(self) -> None:
        """Close the file; standard input stays open."""
        if self.pyarrow is not None:
            self.pyarrow.close(force=True)
        super().close()


@contextmanager
def _as_table_errors(file: str) -> Iterator[None]:
    """Turn what pyarrow raises on a file into an error of the table layer."""
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowKeyError) as error:
        why = "this is no Parquet file, or it is damaged"
        raise TableError(rules.FILE_MALFORMED.at(file=file, row=1, why=why)) from error
    except OSError as error:
        why = reason(error) if error.strerror else "it is damaged"
        raise TableError(rules.FILE_UNREADABLE.at(file=file, why=why)) from error


def cell_texts(column: Any) -> pl.Series:
    """Return a column of pyarrow as texts, null where it is: a number as digits, a date as ISO 8601."""
    import polars as pl
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    is_text = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
    if not (is_text or pa.types.is_string_view(column.type) or _is_plain(column.type)):
        return pl.Series(
            [None if value is None else str(value) for value in column.to_pylist()], dtype=pl.String
        )
    series = pl.Series(pl.from_arrow(column))
    if series.dtype.is_float():
        # Whole numbers that were null somewhere are often kept as floats.
        return series.fill_nan(None).cast(pl.String).str.replace(r"\.0$", "")
    if isinstance(series.dtype, pl.Datetime):
        # A date is often kept as a time at midnight.
        return series.dt.to_string("iso").str.replace(r"[ T]00:00:00(\.0+)?$", "")
    return series.cast(pl.String)


def _is_plain(kind: Any) -> bool:
    import pyarrow as pa

    types = pa.types
    is_number = types.is_integer(kind) or types.is_floating(kind)
    is_date = types.is_date(kind) or (types.is_timestamp(kind) and kind.tz is None)
    return bool(is_number or is_date or types.is_null(kind))
