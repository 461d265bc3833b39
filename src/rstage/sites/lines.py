"""The lines of a table of the user: columns with tabs between them, a header, comments behind #."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from rstage.sites.files import LARGEST_TABLE, unreadable, unusable, wrong_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


class TableLine(NamedTuple):
    """A line of the table: its number in the file, and its cells by the small letters of their columns."""

    number: int
    cells: dict[str, str]

    def cell(self, name: str) -> str:
        """Return a cell; a blank one where there is no such column."""
        return self.cells.get(name.lower(), "")


def table_lines(file: Path, columns: Sequence[str]) -> Iterator[TableLine]:
    """Yield the lines with a value; comments and blank lines are left out.

    Raises:
        SiteTableError: the file cannot be read, or does not have each of the columns.
    """
    header: list[str] | None = None
    for number, line in enumerate(re.split("\r\n|\n|\r", _text(file)), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if header is None:
            header = [cell.lower() for cell in cells]
            if lacking := [name for name in columns if name.lower() not in header]:
                raise unusable(file, f"it has no column {', '.join(lacking)}")
        elif len(cells) > len(header):
            raise wrong_line(file, number, "it has more cells than the header")
        else:
            padded = cells + [""] * (len(header) - len(cells))
            yield TableLine(number, dict(zip(header, padded, strict=True)))


def _text(file: Path) -> str:
    try:
        with file.open("rb") as handle:
            data = handle.read(LARGEST_TABLE + 1)
    except OSError as error:
        raise unreadable(file, error) from None
    if b"\0" in data:
        raise unreadable(file, "it is not text")
    if len(data) > LARGEST_TABLE:
        raise unreadable(file, "it is too large")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise unreadable(file, "it is not UTF-8") from None
