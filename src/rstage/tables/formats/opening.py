"""Which kind of table a file is: by what is asked for, else by the ending of its name."""

from __future__ import annotations

from rstage import rules
from rstage.files.encodings import DEFAULT_ENCODING
from rstage.files.errors import TableError
from rstage.tables.formats.delimited import Table, name_ending

_WRITTEN = {"text": "delimited text", "ndjson": "JSON Lines", "parquet": "Parquet"}
_TEXT_ENDINGS = (".csv", ".tsv", ".tab", ".psv")
_DELIMITERS = {"csv": ",", "tsv": "\t", "psv": "|"}
_OF_ENDINGS = {
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".parquet": "parquet",
    **dict.fromkeys((".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"), "excel"),
}


def check_output_name(table: Table, output: str | None) -> None:
    """Make sure that the name of an output does not end in another format than it is written in.

    Raises:
        TableError: RS012, it does.
    """
    ending = name_ending(output or "")
    named = "text" if ending in _TEXT_ENDINGS else _OF_ENDINGS.get(ending)
    if named is not None and named != table.written_form:
        why = f"its name ends in {ending}, and what comes out is {_WRITTEN[table.written_form]}"
        raise TableError(rules.OPTION_UNUSABLE.at(option="--output", why=why))


def is_excel(file: str, form: str | None = None) -> bool:
    """Return whether a file is an Excel workbook by its name or by what is asked for."""
    return (form or _OF_ENDINGS.get(name_ending(file))) == "excel"


def open_table(
    file: str,
    *,
    form: str | None = None,
    delimiter: str | None = None,
    encoding: str = DEFAULT_ENCODING,
    sheet: str | None = None,
    comment: str | None = None,
) -> Table:
    """Open a table.

    Args:
        file: the name, or `-` for standard input.
        form: one of `TABLE_FORMATS`; by default what the name ends in, else delimited text.
        delimiter: of delimited text, and of what an Excel sheet becomes.
        encoding: of text.
        sheet: of an Excel workbook.
        comment: what lines before the header of delimited text begin with.

    Raises:
        TableError: RS001 to RS004, RS011, RS012, RS019.
    """
    found = form or _OF_ENDINGS.get(name_ending(file), "csv")
    if is_excel(file, form):
        from rstage.tables.formats.excel import ExcelTable

        return ExcelTable(file, delimiter=delimiter, sheet=sheet)
    if sheet is not None:
        raise TableError(rules.OPTION_UNUSABLE.at(option="--sheet", why="this is no Excel workbook"))
    if found == "parquet":
        from rstage.tables.formats.parquet import ParquetTable

        return ParquetTable(file)
    if found == "ndjson":
        from rstage.tables.formats.json_lines import JsonTable

        return JsonTable(file, encoding=encoding)
    return Table(file, delimiter=delimiter or _DELIMITERS.get(form or ""), encoding=encoding, comment=comment)
