"""Overrides: findings that a person looked at and takes as they are.

An override never changes what is read. A finding that it covers is not reported and not counted as one, and
what the finding refuses stays refused.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from . import rules
from .selection import ALWAYS_TOLD
from .table_columns import closest
from .table_errors import TableError
from .table_findings import CellFinding, PlacedFinding
from .tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .selection import Selection

COLUMNS = ("code", "record", "column", "value", "who", "why", "date")
"""What the header of the file can name; who, why and date are never blank."""

_NEEDED = ("code", "who", "why", "date")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class Override(NamedTuple):
    """One reviewed case.

    Attributes:
        line: where it stands in its file. code: the finding.
        record: the key of its record; blank where the override is for every record.
        column, value: where the finding stands and the text there; blank where any will do.
    """

    line: int
    code: str
    record: str
    column: str
    value: str


class Overrides:
    """The overrides of a file, and how often each was used.

    Args:
        file: its name. items: what it holds.
    """

    def __init__(self, file: str, items: Iterable[Override]) -> None:
        self.file = file
        self._items = tuple(items)
        self._used: Counter[int] = Counter()
        self._by_value = {(one.code, one.column, one.value): one for one in self._items if not one.record}
        self._by_record: dict[tuple[str, str], list[Override]] = {}
        for one in self._items:
            if one.record:
                self._by_record.setdefault((one.code, one.record), []).append(one)
        self.records = frozenset(one.record for one in self._items if one.record)
        """The keys that are named; the findings of any other record are overridden by value alone."""

    def covers(self, code: str, column: str, value: str, record: str | None = None) -> bool:
        """Return whether a finding is overridden."""
        return any(True for _ in self._matching(code, column, value, record))

    def use(self, code: str, column: str, value: str, record: str | None = None, *, times: int = 1) -> bool:
        """Return whether a finding is overridden, and count that so often."""
        is_covered = False
        for one in self._matching(code, column, value, record):
            self._used[one.line] += times
            is_covered = True
        return is_covered

    def _matching(self, code: str, column: str, value: str, record: str | None) -> Iterator[Override]:
        if (by_value := self._by_value.get((code, column, value))) is not None:
            yield by_value
        for one in self._by_record.get((code, record or ""), ()):
            if one.column in ("", column) and one.value in ("", value):
                yield one

    @property
    def used_count(self) -> int:
        """How many of the overrides were used."""
        return sum(bool(self._used[one.line]) for one in self._items)

    def stale(self, selection: Selection) -> list[Override]:
        """Return those that were not used although their code is told."""
        return [one for one in self._items if not self._used[one.line] and selection.has(one.code)]


def load_overrides(file: str) -> Overrides:
    """Return the overrides of a CSV or TSV file.

    Raises:
        TableError: RS001 to RS004 or RS011, it cannot be read; RS024, a line is not understood.
    """
    with Table(file) as table:
        _check_header(table)
        found: dict[tuple[str, ...], Override] = {}
        for cells, _, line in table.records():
            if not cells:
                continue
            if len(cells) != len(table.columns):
                why = f"it has {len(cells)} fields where the header has {len(table.columns)}"
                raise _unusable(file, line, why)
            override = _override(file, line, dict(zip(table.columns, cells, strict=True)))
            before = found.setdefault(override[1:], override)
            if before is not override:
                raise _unusable(file, line, f"it is the same as line {before.line}")
    return Overrides(file, found.values())


def _check_header(table: Table) -> None:
    for column in table.columns:
        if column not in COLUMNS:
            near = closest(column, COLUMNS)
            hint = f"did you mean {near[0]}?" if near else f"they are {', '.join(COLUMNS)}"
            raise _unusable(table.file, 1, f"an override has no such column; {hint}")
        if table.columns.count(column) > 1:
            raise _unusable(table.file, 1, f"the header has the column {column} twice")
    if missing := [name for name in _NEEDED if name not in table.columns]:
        raise _unusable(table.file, 1, f"the column {missing[0]} is missing")


def _override(file: str, line: int, cells: dict[str, str]) -> Override:
    """Return what a line says; texts are compared as they are, so they keep their blanks."""
    code = cells["code"].strip().upper()
    if code not in rules.BY_CODE:
        near = closest(code, rules.BY_CODE)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise _unusable(file, line, f"there is no finding of this code{hint}")
    if code in ALWAYS_TOLD:
        raise _unusable(file, line, f"{code} is always told and cannot be overridden")
    if blank := next((name for name in _NEEDED if not cells[name].strip()), None):
        raise _unusable(file, line, f"{blank} is blank: a review has who, why and date")
    if not _is_date(cells["date"].strip()):
        raise _unusable(file, line, "the date is none; it is written as 2024-05-31")
    override = Override(line, code, *(cells.get(name, "") for name in ("record", "column", "value")))
    if not override.record and not override.value:
        raise _unusable(file, line, "it needs a record, or a value with its column")
    if not override.record and not override.column:
        raise _unusable(file, line, "a value without a record needs its column")
    return override


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return _DATE.fullmatch(text) is not None


def _unusable(file: str, line: int, why: str) -> TableError:
    return TableError(rules.OVERRIDE_LINE.at(file=file, line=line, why=why))


def stale_findings(overrides: Overrides, selection: Selection) -> Iterator[PlacedFinding]:
    """Yield a warning for each override that was not used, with its line."""
    for one in overrides.stale(selection):
        cell = CellFinding(diagnostic=rules.OVERRIDE_STALE.at(code=one.code))
        yield PlacedFinding(file=overrides.file, line=one.line, row=None, cell=cell)
