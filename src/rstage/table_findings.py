"""Findings of a table and how often each came: by code, by column and by distinct value."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from .diagnostics import Severity
from .privacy import is_plain, shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .diagnostics import Diagnostic

MOST_VALUES = 50_000
"""Distinct values that are counted at a time, so that memory stays flat; then the rarer half is dropped."""

WHOLE_ROW = "(row)"
"""The column of a finding that concerns a row and none of its cells."""

_ORDER = (Severity.INFO, Severity.WARNING, Severity.ERROR)


class CellFinding(NamedTuple):
    """A finding in a cell: the same for every row that holds the same text there.

    `value` is the text of the cell; whoever prints it goes through `privacy.shown`.
    """

    diagnostic: Diagnostic
    column: str = WHOLE_ROW
    value: str = ""


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

    def to_dict(self) -> dict[str, Any]:
        """Return the finding with its place as JSON-ready values; a `value` that may not be shown is null."""
        value = self.cell.value
        return {
            "file": self.file,
            "line": self.line,
            "row": self.row,
            "column": self.cell.column,
            "value": value if is_plain(value) else None,
            **self.cell.diagnostic.to_dict(),
        }


class FindingCounts:
    """How often each finding came.

    Attributes:
        severities, codes, columns: counters, keyed by severity, by code and severity, by column and code.
        values: keyed by column, the value as it may be shown, and its codes; kept only where asked for.
        is_pruned: whether rare values were dropped.
    """

    def __init__(self, *, with_values: bool = False) -> None:
        self.severities: Counter[Severity] = Counter()
        self.codes: Counter[tuple[str, Severity]] = Counter()
        self.columns: Counter[tuple[str, str]] = Counter()
        self.values: Counter[tuple[str, str, str]] = Counter()
        self.is_pruned = False
        self._with_values = with_values

    def add(self, findings: Iterable[CellFinding], times: int = 1) -> None:
        """Count the findings of one row, or of `times` equal rows."""
        if not times:
            return
        cells: dict[tuple[str, str], list[str]] = {}
        for found in findings:
            diagnostic = found.diagnostic
            self.severities[diagnostic.severity] += times
            self.codes[diagnostic.code, diagnostic.severity] += times
            self.columns[found.column, diagnostic.code] += times
            if self._with_values and found.column != WHOLE_ROW:
                codes = cells.setdefault((found.column, found.value), [])
                if diagnostic.code not in codes:
                    codes.append(diagnostic.code)
        for (column, value), codes in cells.items():
            self.values[column, shown(value), " ".join(codes)] += times
        if len(self.values) > MOST_VALUES:
            self.is_pruned = True
            self.values = Counter(dict(self.values.most_common(MOST_VALUES // 2)))

    def reaches(self, severity: Severity) -> bool:
        """Return whether there is a finding of this severity or a graver one."""
        return any(self.severities[one] for one in _ORDER[_ORDER.index(severity) :])
