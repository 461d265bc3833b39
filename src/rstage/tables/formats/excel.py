"""Tables in Excel workbooks, read as the CSV file that they would be exported to."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from rstage import rules
from rstage.files.encodings import DEFAULT_ENCODING
from rstage.files.errors import TableError, reading_file
from rstage.tables.formats.delimited import RecordReader, Table, as_cells

if TYPE_CHECKING:
    from collections.abc import Iterator

# A date is a time at midnight there.
_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2}) 00:00:00")


class ExcelTable(Table):
    """A sheet of a workbook; its first row is the header. It is read whole into memory.

    Args:
        file, delimiter: as for a table; the delimiter is that of the rows that are written.
        sheet: the name of the sheet; it can be left out where there is one only.

    Raises:
        TableError: RS001, RS002, RS011; RS012, no such sheet; RS019, the extra is missing.
    """

    is_delimited = False

    def __init__(self, file: str, *, delimiter: str | None = None, sheet: str | None = None) -> None:
        self._sheet = sheet
        super().__init__(file, delimiter=delimiter or ",", encoding=DEFAULT_ENCODING)

    def _open(self) -> None:
        self.codec = DEFAULT_ENCODING
        self._input = self._opened()
        with reading_file(self.file):
            data = self._input.read()
        if not data:
            raise TableError(rules.FILE_EMPTY.at(file=self.file))
        self._reader = RecordReader(self._lines(data), self.delimiter)
        self._read_header()

    def again(self) -> ExcelTable:
        """Return the same table, opened once more."""
        return ExcelTable(self.file, delimiter=self.delimiter, sheet=self._sheet)

    def opened_alike(self, file: str) -> Table:
        """Return the table that this one became: a delimited one."""
        return Table(file, delimiter=self.delimiter)

    def _lines(self, data: bytes) -> Iterator[str]:
        for row in self._rows(data):
            cells = [_MIDNIGHT.sub(r"\1", cell) if cell is not None else "" for cell in row]
            yield from io.StringIO(as_cells(cells, self.delimiter)[1:] + "\n", newline="")

    def _rows(self, data: bytes) -> list[tuple[str | None, ...]]:
        try:
            import fastexcel
            import polars as pl
        except ImportError:
            raise TableError(rules.EXTRA_MISSING.at(what="an Excel file", extra="polars")) from None
        try:
            workbook = fastexcel.read_excel(data)
            name = self._sheet_name(workbook)
            sheet: Any = workbook.load_sheet(name, header_row=None, dtypes="string")
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
