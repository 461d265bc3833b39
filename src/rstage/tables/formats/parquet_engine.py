"""Appending columns to Parquet files, and proving that one holds another unaltered."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple

from rstage import rules
from rstage.files.errors import internal_error
from rstage.reporting.counts import FindingCounts
from rstage.reporting.placed import WHOLE_ROW, CellFinding, PlacedFinding
from rstage.restaging.link import unproven
from rstage.tables.appender import RowCells, batch_texts, cells_of_failed, read_indexes
from rstage.tables.formats.delimited import DelimitedCells
from rstage.tables.formats.parquet_file import cell_texts
from rstage.tables.formats.pieces import Pieces
from rstage.tables.formats.polars_batch import CodedCells
from rstage.tables.table import OutputBlock

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Future

    import polars as pl

    from rstage.diagnostics import Diagnostic
    from rstage.tables.appender import Appender
    from rstage.tables.formats.parquet_file import ParquetFile

MOST_ALTERED = 1_000
"""Rows of a batch that are named where they differ."""

_COMMAS = DelimitedCells(",")


class FailedRow(NamedTuple):
    """A row to which nothing could be appended: its place in a batch, and why."""

    place: int
    why: Diagnostic


class _Group(NamedTuple):
    """A row group as it is to be written, and the rows of it to which nothing could be appended."""

    rows: Any
    failed: list[PlacedFinding]


def blocks_of_parquet(parquet: ParquetFile, appender: Appender) -> Iterator[OutputBlock]:
    """Yield a file with its appended columns, in the same row groups.

    No row is rejected: one in which something unforeseen was raised has only the code appended.

    Raises:
        TableError: as for every `BlockMaker`.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = _appended_schema(parquet, appender)
    pieces = Pieces()
    sink = pa.PythonFile(pieces, mode="w")
    form = _written_form(parquet.pyarrow.metadata, appender.names)
    with pq.ParquetWriter(sink, schema, write_page_checksum=True, **form) as writer:
        yield from _written_behind(_groups(parquet, appender, schema), writer, pieces)
    yield OutputBlock(b"".join(pieces.take()))


def _written_form(kept: Any, appended: Sequence[str]) -> dict[str, Any]:
    """Return what pyarrow is to write with, as a file is written: the codec, and where a dictionary is.

    One of values that do not repeat costs much and saves nothing.
    """
    if not (kept.num_row_groups and kept.num_columns):
        return {"compression": "SNAPPY"}
    columns = [kept.row_group(0).column(place) for place in range(kept.num_columns)]
    codec = columns[0].compression
    repeating = [one.path_in_schema for one in columns if one.has_dictionary_page]
    return {
        "compression": "NONE" if codec == "UNCOMPRESSED" else codec,
        "use_dictionary": [*repeating, *appended],
    }


def _written_behind(groups: Iterator[_Group], writer: Any, pieces: Pieces) -> Iterator[OutputBlock]:
    """Yield each row group as it is written, while the next one is made."""

    def write(group: _Group) -> OutputBlock:
        writer.write_table(group.rows, row_group_size=max(group.rows.num_rows, 1))
        return OutputBlock(b"".join(pieces.take()), group.rows.num_rows, failed=group.failed)

    with ThreadPoolExecutor(1) as pool:
        behind: Future[OutputBlock] | None = None
        for group in groups:
            if behind is not None:
                yield behind.result()
            behind = pool.submit(write, group)
        if behind is not None:
            yield behind.result()


def _groups(parquet: ParquetFile, appender: Appender, schema: Any) -> Iterator[_Group]:
    """Yield the row groups of a file with their appended columns."""
    import pyarrow as pa

    row_count = 0
    for group in range(parquet.pyarrow.metadata.num_row_groups):
        batches, failed = [], []
        for batch in parquet.batches(group):
            columns, failures = appended_columns(batch, appender)
            batches.append(pa.RecordBatch.from_arrays([*batch.columns, *columns], schema=schema))
            failed += [_placed(parquet.file, row_count + one.place + 1, one.why) for one in failures]
            row_count += batch.num_rows
        yield _Group(pa.Table.from_batches(batches, schema), failed)


def _appended_schema(parquet: ParquetFile, appender: Appender) -> Any:
    import pyarrow as pa

    schema = parquet.pyarrow.schema_arrow
    for name in appender.names:
        schema = schema.append(pa.field(name, pa.string()))
    return schema


def appended_columns(batch: Any, appender: Appender) -> tuple[list[Any], list[FailedRow]]:
    """Return the columns that are appended to a record batch of pyarrow, and the rows that failed."""
    import polars as pl

    cells = pl.DataFrame({str(index): cell_texts(batch.column(index)) for index in read_indexes(appender)})
    try:
        return _together(cells, appender), []
    except Exception as error:  # noqa: BLE001  row by row shows which row it is
        internal_error(error)
        return _singly(cells, appender)


def _singly(cells: pl.DataFrame, appender: Appender) -> tuple[list[Any], list[FailedRow]]:

    texts: list[str] = []
    failed: list[FailedRow] = []
    columns = {int(name): cells[name].fill_null("").to_list() for name in cells.columns}
    cells_of = RowCells(appender).of
    for place in range(cells.height):
        try:
            texts.append(cells_of({index: column[place] for index, column in columns.items()}))
        except Exception as error:  # noqa: BLE001  one bad row never stops a run
            found = internal_error(error)
            codes = cells_of_failed(appender.names, found.code)
            texts.append(_COMMAS.write(appender.names, codes))
            failed.append(FailedRow(place, found))
    return split_cells(texts, len(appender.names)), failed


def _together(cells: pl.DataFrame, appender: Appender) -> list[Any]:

    coded = CodedCells(cells, appender)
    columns: list[Any] = []
    for number, texts in enumerate(batch_texts(appender, coded.batch())):
        width = len(appender.names) // len(coded.keys)
        appended = split_cells(texts, width)
        if appender.parts[number].follows_from_key:
            codes = coded.keys[number][0].codes.to_arrow()
            appended = [column.take(codes) for column in appended]
        columns += appended
    return columns


def split_cells(texts: Sequence[str] | pl.Series, width: int) -> list[Any]:
    """Return what `DelimitedCells` wrote, with commas, for many rows as columns; what is blank is null."""
    import polars as pl
    import pyarrow as pa

    rows = pl.Series(texts, dtype=pl.String).str.slice(1)
    if rows.is_empty():
        return [pa.array([], pa.string())] * width
    cells = pl.read_csv(
        rows.str.join("\n").item().encode(),
        has_header=False,
        schema={str(place): pl.String for place in range(width)},
    )
    if cells.height != rows.len():
        raise ValueError(f"{rows.len()} rows of cells are read as {cells.height}")
    return [column.to_arrow().cast(pa.string()) for column in cells.get_columns()]


class ParquetVerifier:
    """Compares a Parquet file with the one that it was made from.

    Args:
        original: the file. output: what it became.
        appender: what was appended; without it only the original columns are compared.

    Attributes:
        counts: what was found. original_count, output_count: the rows. rejected_count: always 0. All of
            these are complete when `findings` has come to its end.
    """

    def __init__(
        self,
        original: ParquetFile,
        output: ParquetFile,
        appender: Appender | None = None,
    ) -> None:
        self.counts = FindingCounts()
        self.original_count = original.row_count
        self.output_count = output.row_count
        self.rejected_count = 0
        self._original, self._output, self._appender = original, output, appender

    def findings(self) -> Iterator[PlacedFinding]:
        """Yield what was altered.

        Raises:
            TableError: a table cannot be read to its end.
        """
        for found in self._all_findings():
            self.counts.add([found])
            yield found

    def _all_findings(self) -> Iterator[PlacedFinding]:
        before, after = self._original.pyarrow.schema_arrow, self._output.pyarrow.schema_arrow
        width = len(before)
        is_kept = len(after) >= width and before.metadata == after.metadata
        if not is_kept or any(not before.field(n).equals(after.field(n), True) for n in range(width)):  # noqa: FBT003
            yield self._finding(rules.ORIGINAL_ALTERED, 0, WHOLE_ROW)
            return
        if self._appender is not None and tuple(after.names[width:]) != tuple(self._appender.names):
            yield self._finding(rules.CELL_ALTERED, 0, "+".join(self._appender.names))
            return
        number = 0
        for one, other in _side_by_side(self._original.all_batches(), self._output.all_batches()):
            yield from self._batch_findings(one, other, number, width)
            number += one.num_rows
        for missing in range(number, self.original_count):
            yield self._finding(rules.ROW_MISSING, missing + 1, WHOLE_ROW)
        for added in range(number, self.output_count):
            yield self._finding(rules.ROW_ADDED, added + 1, WHOLE_ROW)

    def _batch_findings(self, one: Any, other: Any, number: int, width: int) -> Iterator[PlacedFinding]:
        for place in range(width):
            name = self._original.pyarrow.schema_arrow.names[place]
            for row in _differing(one.column(place), other.column(place)):
                yield self._finding(rules.ORIGINAL_ALTERED, number + row + 1, name)
        if self._appender is None:
            return
        columns, failed = appended_columns(one, self._appender)
        for one_failed in failed:
            yield _placed(self._output.file, number + one_failed.place + 1, one_failed.why)
        for place, column in enumerate(columns, start=width):
            given = other.column(place)
            for row in _differing(column, given):
                rule = unproven(str(column[row]), str(given[row])) or rules.CELL_ALTERED
                yield self._finding(rule, number + row + 1, self._output.pyarrow.schema_arrow.names[place])

    def _finding(self, rule: Any, row: int, column: str) -> PlacedFinding:
        return _placed(self._output.file, row, rule.at(row=row, column=column), column)


def _placed(file: str, row: int, found: Diagnostic, column: str = WHOLE_ROW) -> PlacedFinding:
    cell = CellFinding(diagnostic=found, column=column)
    return cell.at(file, row, row)


def _side_by_side(ones: Iterator[Any], others: Iterator[Any]) -> Iterator[tuple[Any, Any]]:
    """Yield batches of both with equally many rows, as far as both go."""
    one, other = next(ones, None), next(others, None)
    while one is not None and other is not None:
        rows = min(one.num_rows, other.num_rows)
        yield one.slice(0, rows), other.slice(0, rows)
        one = one.slice(rows) if one.num_rows > rows else next(ones, None)
        other = other.slice(rows) if other.num_rows > rows else next(others, None)


def _differing(one: Any, other: Any) -> list[int]:
    """Return the rows in which two columns differ, at most so many; values that are no number are equal."""
    if one.equals(other):
        return []
    pairs = enumerate(zip(one.to_pylist(), other.to_pylist(), strict=True))
    return [row for row, (before, after) in pairs if before is not after and repr(before) != repr(after)][
        :MOST_ALTERED
    ]
