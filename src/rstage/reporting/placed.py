"""Findings: what was found in a cell of a table or an element of a message, and where that stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from rstage.diagnostics import printable
from rstage.privacy import is_plain, shown

if TYPE_CHECKING:
    from rstage.diagnostics import Diagnostic


WHOLE_ROW = "(row)"
"""The column of a finding that concerns a row and none of its cells."""


class Finding(Protocol):
    """What every finding says, whatever it was found in."""

    @property
    def diagnostic(self) -> Diagnostic:
        """What was found."""

    @property
    def column(self) -> str:
        """What it is counted under: the column of a table, or the element of a message."""

    @property
    def value(self) -> str:
        """The text that it was found in; whoever prints it goes through `privacy.shown`."""


class Where(Protocol):
    """A place in a file; `str` gives it as editors follow it behind the name of the file."""

    @property
    def line(self) -> int:
        """The line, from 1."""

    def to_dict(self) -> dict[str, Any]:
        """Return the place as JSON-ready values."""


class CellFinding(NamedTuple):
    """A finding in a cell: the same for every row that holds the same text there."""

    diagnostic: Diagnostic
    column: str = WHOLE_ROW
    value: str = ""

    def __repr__(self) -> str:
        """Return the finding with its value as it may be shown: it can end in a log."""
        return f"CellFinding({self.diagnostic.code}, {self.column!r}, {shown(self.value)!r})"

    def at(self, file: str, line: int, row: int | None) -> PlacedFinding:
        """Return the finding with its place; for the arguments see `CellPlace`."""
        return PlacedFinding(file, CellPlace(line, row, self.column), self)


class CellPlace(NamedTuple):
    """Where a cell stands in a table.

    Attributes:
        line: the physical line where the row begins; the header is line 1, as editors count.
        row: the number of the row, the header not counted; None where it is not known.
        column: its name.
    """

    line: int
    row: int | None
    column: str

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"

    def to_dict(self) -> dict[str, Any]:
        """Return the place as JSON-ready values."""
        return self._asdict()


class PlacedFinding(NamedTuple):
    """A finding with its file and its place in it."""

    file: str
    place: Where
    finding: Finding

    def __str__(self) -> str:
        """Return one line that editors can follow, such as `FILE:LINE:COLUMN: RS103 error: message`."""
        return f"{printable(self.file)}:{printable(str(self.place))}: {self.diagnostic}"

    @property
    def diagnostic(self) -> Diagnostic:
        """What was found."""
        return self.finding.diagnostic

    @property
    def column(self) -> str:
        """What it is counted under."""
        return self.finding.column

    @property
    def value(self) -> str:
        """The text that it was found in."""
        return self.finding.value

    def with_value(self, line: str, *, shows_values: bool) -> str:
        """Return a line about the finding; where values are shown its text stands at the end, in quotes."""
        return f"{line} in {self.value!r}" if shows_values and self.value else line

    def to_dict(self, *, shows_values: bool = False) -> dict[str, Any]:
        """Return the finding with its place as JSON-ready values.

        Args:
            shows_values: whether a `value` is there that is not plain notation; else it is null.
        """
        return {
            "file": self.file,
            **self.place.to_dict(),
            "value": self.value if shows_values or is_plain(self.value) else None,
            **self.diagnostic.to_dict(),
        }
