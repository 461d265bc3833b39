"""Tables in Excel workbooks, read as the CSV file that they would be exported to."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, Self

from rstage import rules
from rstage.files.errors import TableError, reading_file
from rstage.files.growth import check_archive
from rstage.privacy import is_column_name
from rstage.reporting.placed import CellFinding
from rstage.tables.formats.delimited import DelimitedCells, DelimitedTable, choose_delimiter
from rstage.tables.formats.text_source import LineSource, TextSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rstage.tables.formats.open_options import OpenOptions

# A date is a time there, mostly at midnight.
_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2}) 00:00:00")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}")


def open_table(file: str, options: OpenOptions) -> DelimitedTable:
    """Open a workbook; its rows become text with the delimiter that was asked for, or that of the output.

    Raises:
        TableError: as for `SheetSource`; RS012, the delimiter.
    """
    delimiter = choose_delimiter(options.delimiter, options.output or "")
    source = SheetSource(file, delimiter, options.sheet, header_row=options.header_row)
    table = DelimitedTable(source, delimiter, skipped=source.skipped)
    names = [name for place, name in enumerate(table.columns) if place in source.with_dates]
    table.notes = tuple(
        CellFinding(rules.DATES_OF_EXCEL.at(column=name), name).at(file, 1, None)
        for name in filter(is_column_name, names)
    )
    return table


def _cells(row: tuple[str | None, ...]) -> list[str]:
    return [_MIDNIGHT.sub(r"\1", cell) if cell is not None else "" for cell in row]


class SheetSource(LineSource):
    """The rows of a sheet as lines of delimited text. It is read whole.

    Args:
        file: the name, or `-` for standard input.
        delimiter: what stands between the cells of a line.
        sheet: the name of the sheet; it can be left out where there is one only.
        header_row: the row of the header as the sheet counts them; else the first one that is not blank.

    Attributes:
        skipped: how many lines stand before the header.
        with_dates: the places of the columns that hold dates.

    Raises:
        TableError: RS001, RS002, RS011; RS012, no such sheet; RS019, the extra is missing; RS906, a bomb.
    """

    has_its_bytes = False

    def __init__(
        self, file: str, delimiter: str, sheet: str | None, *, header_row: int | None = None
    ) -> None:
        super().__init__(file)
        self._cells, self._sheet, self._header_row = DelimitedCells(delimiter), sheet, header_row
        try:
            self._rows = self._read()
            before = self._rows[: header_row - 1] if header_row else []
            self.with_dates = {
                place
                for row in self._rows
                for place, cell in enumerate(row)
                if cell is not None and _DATE.fullmatch(cell)
            }
            self.skipped = sum(len(self._lines_of(row)) for row in before)
        except BaseException:
            self.close()
            raise

    def _read(self) -> list[tuple[str | None, ...]]:
        with reading_file(self.file):
            data = self.input.read()
        if not data:
            raise TableError(rules.FILE_EMPTY.at(file=self.file))
        check_archive(self.file, data)
        try:
            import fastexcel
            import polars as pl
        except ImportError:
            raise TableError(rules.EXTRA_MISSING.at(what="an Excel file", extra="polars")) from None
        try:
            workbook = fastexcel.read_excel(data)
            name = self._sheet_name(workbook)
            # Blank rows at the top count only where the sheet's own numbers are asked for.
            first = 0 if self._header_row else None
            sheet: Any = workbook.load_sheet(name, header_row=None, skip_rows=first, dtypes="string")
            frame = pl.DataFrame(sheet)
        except fastexcel.FastExcelError as error:
            why = "this is no workbook that can be read"
            raise TableError(rules.FILE_MALFORMED.at(file=self.file, row=1, why=why)) from error
        rows: list[tuple[str | None, ...]] = frame.rows()
        return rows

    def _sheet_name(self, workbook: Any) -> str:
        names: list[str] = workbook.sheet_names
        if self._sheet is None and len(names) == 1:
            return names[0]
        if self._sheet in names:
            return str(self._sheet)
        why = (
            "there is no such sheet" if self._sheet is not None else "there is more than one sheet: name one"
        )
        found = rules.OPTION_UNUSABLE.at(suggestions=tuple(names), option="--sheet", why=why)
        raise TableError(found)

    def lines(self) -> Iterator[str]:
        """Yield the lines; a row takes several where a cell does."""
        for row in self._rows:
            yield from self._lines_of(row)

    def rows(self) -> Iterator[list[str]]:
        """Yield the rows with their cells as text."""
        yield from map(_cells, self._rows)

    def _lines_of(self, row: tuple[str | None, ...]) -> list[str]:
        cells = _cells(row)
        return io.StringIO(self._cells.write((), cells)[1:] + "\n", newline="").readlines()

    def again(self) -> Self:
        """Return the same sheet, opened once more."""
        return type(self)(self.file, self._cells.separator, self._sheet, header_row=self._header_row)

    def opened_alike(self, file: str) -> TextSource:
        """Return the text that the sheet became."""
        return TextSource(file)
