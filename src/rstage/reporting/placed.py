"""Findings of a table and how often each came: by code, by column and by distinct value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from rstage.privacy import is_plain, shown

if TYPE_CHECKING:
    from rstage.diagnostics import Diagnostic


WHOLE_ROW = "(row)"
"""The column of a finding that concerns a row and none of its cells."""


class CellFinding(NamedTuple):
    """A finding in a cell: the same for every row that holds the same text there.

    `value` is the text of the cell; whoever prints it goes through `privacy.shown`.
    """

    diagnostic: Diagnostic
    column: str = WHOLE_ROW
    value: str = ""

    def __repr__(self) -> str:
        """Return the finding with its value as it may be shown: it can end in a log."""
        return f"CellFinding({self.diagnostic.code}, {self.column!r}, {shown(self.value)!r})"


class PlacedFinding(NamedTuple):
    """A finding in a cell of one row.

    Attributes:
        file: the table. line: the physical line where the row begins; the header is line 1, as editors count.
        row: the number of the row, the header not counted; nothing where it is not known.
        cell: what was found.
    """

    file: str
    line: int
    row: int | None
    cell: CellFinding

    def __str__(self) -> str:
        """Return one line that editors can follow: `FILE:LINE:COLUMN: RS103 error: message`."""
        return f"{self.file}:{self.line}:{self.cell.column}: {self.cell.diagnostic}"

    @property
    def diagnostic(self) -> Diagnostic:
        """What was found."""
        return self.cell.diagnostic

    @property
    def value(self) -> str:
        """The text of the cell."""
        return self.cell.value

    def to_dict(self, *, shows_values: bool = False) -> dict[str, Any]:
        """Return the finding with its place as JSON-ready values.

        Args:
            shows_values: whether a `value` is there that is not plain notation; else it is null.
        """
        value = self.cell.value
        return {
            "file": self.file,
            "line": self.line,
            "row": self.row,
            "column": self.cell.column,
            "value": value if shows_values or is_plain(value) else None,
            **self.cell.diagnostic.to_dict(),
        }
