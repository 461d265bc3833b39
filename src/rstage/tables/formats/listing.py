"""The formats of tables: their names, the endings of their files, and the module that reads each.

A command imports this alone; the module of a format is imported when a file of it is opened.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_COMPRESSED = re.compile(r"\.(gz|xz|zst)$")


class TableFormat(NamedTuple):
    """A format of tables.

    Attributes:
        name: what names it on the command line.
        endings: what the names of its files end in, besides the ending of a compression.
        module: the module beside this one whose `open_table` opens a file.
        written: what an output is whose name ends so; None where no output is written in this format.
        delimiter: what stands between cells, where the format says it.
        has_sheets: whether a file can hold several tables.
        is_text: whether an encoding says how it is read. has_header: whether it has a header row.
    """

    name: str
    endings: tuple[str, ...]
    module: str
    written: str | None
    delimiter: str | None = None
    has_sheets: bool = False
    is_text: bool = True
    has_header: bool = True


DELIMITED_TEXT = "delimited text"

TABLE_FORMATS = (
    TableFormat("csv", (".csv",), "delimited", DELIMITED_TEXT, delimiter=","),
    TableFormat("tsv", (".tsv", ".tab"), "delimited", DELIMITED_TEXT, delimiter="\t"),
    TableFormat("psv", (".psv",), "delimited", DELIMITED_TEXT, delimiter="|"),
    TableFormat("ndjson", (".ndjson", ".jsonl"), "json_lines", "JSON Lines", has_header=False),
    TableFormat("json", (".json",), "json_array", "JSON", has_header=False),
    TableFormat("parquet", (".parquet",), "parquet", "Parquet", is_text=False, has_header=False),
    TableFormat(
        "excel", (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"), "excel", None, has_sheets=True, is_text=False
    ),
)
"""The formats of tables; each can be compressed with gzip, xz or Zstandard. Any other file is the first."""

FORMAT_NAMES = tuple(one.name for one in TABLE_FORMATS)

_BY_NAME = {one.name: one for one in TABLE_FORMATS}
_BY_ENDING = {ending: one for one in TABLE_FORMATS for ending in one.endings}


def name_ending(file: str) -> str:
    """Return the ending of a file name in lower case, `.csv`; that of a compression does not count."""
    _, dot, ending = _COMPRESSED.sub("", file.lower()).rpartition(".")
    return dot + ending


def format_of_name(file: str) -> TableFormat | None:
    """Return the format that the name of a file ends in."""
    return _BY_ENDING.get(name_ending(file))


def choose_format(asked: str | None, file: str) -> TableFormat:
    """Return the format of a file: the one of the name that was asked for, else what its own name says."""
    return _BY_NAME[asked] if asked is not None else format_of_name(file) or TABLE_FORMATS[0]
