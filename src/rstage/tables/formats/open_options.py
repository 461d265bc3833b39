"""How a table is read, as far as the user says it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from rstage.files.encodings import DEFAULT_ENCODING

if TYPE_CHECKING:
    from rstage.tables.formats.listing import TableFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOptions:
    """How a table is read; each format takes what it needs.

    Attributes:
        delimiter: of delimited text, and of what an Excel sheet becomes.
        encoding: of text.
        sheet: of an Excel workbook.
        comment: what lines before the header of delimited text begin with.
        header_row: the line or row of the header, from 1; None is the first one.
        output: the name of the output, where there is one.
        is_answered: whether what comes out of standard input goes to standard output.
    """

    delimiter: str | None = None
    encoding: str = DEFAULT_ENCODING
    sheet: str | None = None
    comment: str | None = None
    header_row: int | None = None
    output: str | None = None
    is_answered: bool = False

    def of_format(self, form: TableFormat) -> Self:
        """Return the options with what the format itself says."""
        return replace(self, delimiter=self.delimiter or form.delimiter)
