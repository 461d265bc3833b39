"""How often each finding came: by code, by column and by distinct value."""

from __future__ import annotations

import sys
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from rstage.diagnostics import SEVERITIES, Severity, has_error
from rstage.privacy import LONGEST_SHOWN, shown
from rstage.reporting.placed import WHOLE_ROW
from rstage.reporting.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rstage.diagnostics import Diagnostic
    from rstage.reporting.overrides import Overrides
    from rstage.reporting.placed import Finding


MOST_VALUES = 50_000
"""Distinct values that are counted at a time, so that memory stays flat; then the rarer half is dropped."""

MOST_SHOWN_KEPT = 10_000
"""Distinct values of which it is kept how they are shown."""

_EVERY = Selection()
_UNSAID = (sys.maxsize, "", Severity.INFO)
_Key = TypeVar("_Key")

ValueKey = tuple[str, str, str]
"""A column, a value of it as it may be shown, and the codes of what was found in it."""


class Frequent(NamedTuple):
    """How often a code was found in a column.

    `said` is the shortest message of it, so that it is the same in whatever order rows are taken.
    """

    times: int
    column: str
    code: str
    severity: Severity
    said: str


class FindingCounts:
    """How often each finding came; one that is not selected or is overridden does not count.

    Args:
        with_values: whether they are counted by value too. shows_values: whether values that are not plain
            notation are kept as they are.
        selection: the codes that count. overrides: the reviewed cases, which are counted apart.

    Attributes:
        severities, codes, columns: counters, keyed by severity, by code and severity, by column and code.
        values: keyed by column, the value as it may be shown, and its codes; kept only where asked for.
        refused: for those of them that an error refuses, what was found in the value; nothing where it is
            hidden, because several values are counted as one then.
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
        self.values: Counter[ValueKey] = Counter()
        self.refused: dict[ValueKey, tuple[Diagnostic, ...]] = {}
        self._said: dict[tuple[str, str], tuple[int, str, Severity]] = {}
        self.is_pruned = False
        self.overridden = 0
        self.selection, self.overrides = selection, overrides
        self._with_values, self._shows_values = with_values, shows_values
        # A row with a finding of its own is counted alone, and most of them hold what others held.
        self._shown = lru_cache(MOST_SHOWN_KEPT)(shown)

    @property
    def reports_all(self) -> bool:
        """Whether every finding counts."""
        return self.overrides is None and self.selection == _EVERY

    def is_reported(self, found: Finding, record: str | None = None) -> bool:
        """Return whether a finding counts; `record` is the key of its record, where that has one."""
        code = found.diagnostic.code
        if self.overrides is not None and self.overrides.covers(code, found.column, found.value, record):
            return False
        return self.selection.has(code)

    def add(self, findings: Iterable[Finding], times: int = 1, record: str | None = None) -> None:
        """Count the findings of one row, or of `times` equal rows; of the record with that key."""
        if not times:
            return
        cells: dict[tuple[str, str], dict[str, list[Diagnostic]]] = {}
        for found in findings:
            code, severity = found.diagnostic.code, found.diagnostic.severity
            if not self.selection.has(code):
                continue
            column = found.column
            if self.overrides and self.overrides.use(code, column, found.value, record, times=times):
                self.overridden += times
                continue
            _count(self.severities, severity, times)
            _count(self.codes, (code, severity), times)
            _count(self.columns, (column, code), times)
            said = len(found.diagnostic.message), found.diagnostic.message, severity
            if said < self._said.get((column, code), _UNSAID):
                self._said[column, code] = said
            if self._with_values and column != WHOLE_ROW:
                cells.setdefault((column, found.value), {}).setdefault(code, []).append(found.diagnostic)
        for (column, value), by_code in cells.items():
            self._add_value(column, value, by_code, times)

    def _add_value(
        self, column: str, value: str, by_code: Mapping[str, Sequence[Diagnostic]], times: int
    ) -> None:
        text = value
        if not self._shows_values:
            text = self._shown(value) if len(value) <= LONGEST_SHOWN else shown(value)
        key = column, text, " ".join(by_code)
        _count(self.values, key, times)
        together = tuple(found for same in by_code.values() for found in same)
        if has_error(together):
            self.refused[key] = together if text == value else ()
        if len(self.values) > MOST_VALUES:
            self.is_pruned = True
            self.values = Counter(dict(self.values.most_common(MOST_VALUES // 2)))
            self.refused = {key: found for key, found in self.refused.items() if key in self.values}

    def set_aside(self, findings: Sequence[Finding], record: str) -> None:
        """Override findings of a record that are counted with those of all rows that hold the same.

        Args:
            findings: what is counted in one go for its row, before or after.
            record: its key.
        """
        if findings and self.overrides is not None and record in self.overrides.records:
            self.add(findings, -1)
            self.add(findings, 1, record)

    def frequent(self) -> Iterator[Frequent]:
        """Yield how often each code was found in each column."""
        for (column, code), count in self.columns.items():
            _, said, severity = self._said[column, code]
            yield Frequent(count, column, code, severity, said)

    def reaches(self, severity: Severity) -> bool:
        """Return whether there is a finding of this severity or a graver one."""
        return any(self.severities[one] for one in SEVERITIES[SEVERITIES.index(severity) :])


def _count(counter: Counter[_Key], key: _Key, times: int) -> None:
    """Count, and forget what comes to zero: what is set aside may be taken off before it is counted."""
    counter[key] += times
    if not counter[key]:
        del counter[key]
