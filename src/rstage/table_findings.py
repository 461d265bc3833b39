"""Findings of a table and how often each came: by code, by column and by distinct value."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from .diagnostics import Severity
from .privacy import is_plain, shown
from .selection import Selection

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .diagnostics import Diagnostic
    from .overrides import Overrides

MOST_VALUES = 50_000
"""Distinct values that are counted at a time, so that memory stays flat; then the rarer half is dropped."""

WHOLE_ROW = "(row)"
"""The column of a finding that concerns a row and none of its cells."""

_ORDER = (Severity.INFO, Severity.WARNING, Severity.ERROR)
_EVERY = Selection()
_Key = TypeVar("_Key")


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


class FindingCounts:
    """How often each finding came; one that is not selected or is overridden does not count.

    Args:
        with_values: whether they are counted by value too. shows_values: whether values that are not plain
            notation are kept as they are.
        selection: the codes that count. overrides: the reviewed cases, which are counted apart.

    Attributes:
        severities, codes, columns: counters, keyed by severity, by code and severity, by column and code.
        values: keyed by column, the value as it may be shown, and its codes; kept only where asked for.
        is_pruned: whether rare values were dropped. overridden: how many findings were overridden.
        selection, overrides: as given.
    """

    def __init__(
        self,
        *,
        with_values: bool = False,
        shows_values: bool = False,
        selection: Selection = _EVERY,
        overrides: Overrides | None = None,
    ) -> None:
        self.severities: Counter[Severity] = Counter()
        self.codes: Counter[tuple[str, Severity]] = Counter()
        self.columns: Counter[tuple[str, str]] = Counter()
        self.values: Counter[tuple[str, str, str]] = Counter()
        self.is_pruned = False
        self.overridden = 0
        self.selection, self.overrides = selection, overrides
        self._with_values, self._shows_values = with_values, shows_values

    @property
    def tells_all(self) -> bool:
        """Whether every finding counts."""
        return self.overrides is None and self.selection == _EVERY

    def is_told(self, found: CellFinding, record: str | None = None) -> bool:
        """Return whether a finding counts; `record` is the key of its record, where that has one."""
        code = found.diagnostic.code
        if self.overrides is not None and self.overrides.covers(code, found.column, found.value, record):
            return False
        return self.selection.has(code)

    def add(self, findings: Iterable[CellFinding], times: int = 1, record: str | None = None) -> None:
        """Count the findings of one row, or of `times` equal rows; of the record with that key."""
        if not times:
            return
        cells: dict[tuple[str, str], list[str]] = {}
        for found in findings:
            code, severity = found.diagnostic.code, found.diagnostic.severity
            if not self.selection.has(code):
                continue
            if self.overrides and self.overrides.use(code, found.column, found.value, record, times=times):
                self.overridden += times
                continue
            _count(self.severities, severity, times)
            _count(self.codes, (code, severity), times)
            _count(self.columns, (found.column, code), times)
            if self._with_values and found.column != WHOLE_ROW:
                codes = cells.setdefault((found.column, found.value), [])
                if code not in codes:
                    codes.append(code)
        for (column, value), codes in cells.items():
            text = value if self._shows_values else shown(value)
            _count(self.values, (column, text, " ".join(codes)), times)
        if len(self.values) > MOST_VALUES:
            self.is_pruned = True
            self.values = Counter(dict(self.values.most_common(MOST_VALUES // 2)))

    def set_aside(self, findings: Sequence[CellFinding], record: str) -> None:
        """Override findings of a record that are counted with those of all rows that hold the same.

        Args:
            findings: what is counted in one go for its row, before or after.
            record: its key.
        """
        if findings and self.overrides is not None and record in self.overrides.records:
            self.add(findings, -1)
            self.add(findings, 1, record)

    def reaches(self, severity: Severity) -> bool:
        """Return whether there is a finding of this severity or a graver one."""
        return any(self.severities[one] for one in _ORDER[_ORDER.index(severity) :])


def _count(counter: Counter[_Key], key: _Key, times: int) -> None:
    """Count, and forget what comes to nothing: what is set aside may be taken off before it is counted."""
    counter[key] += times
    if not counter[key]:
        del counter[key]
