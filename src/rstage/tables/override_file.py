"""The file of overrides: reviewed cases, one a line, and those that a run did not use."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from rstage import rules
from rstage.reporting.overrides import Override, Overrides
from rstage.reporting.placed import CellFinding, PlacedFinding
from rstage.reporting.selection import ALWAYS_REPORTED
from rstage.reporting.similar import closest
from rstage.tables.decided_lines import Kind, decided_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rstage.reporting.selection import Selection

COLUMNS = ("code", "record", "column", "value", "who", "why", "date")
"""What the header of the file can name; who, why and date are never blank."""

_NEEDED = ("code", "who", "why", "date")
_KIND = Kind("an override", rules.OVERRIDE_LINE, COLUMNS, _NEEDED)

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def load_overrides(file: str) -> Overrides:
    """Return the overrides of a CSV or TSV file.

    Raises:
        TableError: RS001 to RS004 or RS011, it cannot be read; RS024, a line is not understood.
    """
    found: dict[tuple[str, ...], Override] = {}
    for line, cells in decided_lines(file, _KIND):
        override = _override(file, line, cells)
        before = found.setdefault(override[1:], override)
        if before is not override:
            raise _KIND.unusable(file, line, f"it is the same as line {before.line}")
    return Overrides(file, found.values())


def _override(file: str, line: int, cells: dict[str, str]) -> Override:
    """Return what a line says; texts are compared as they are, so they keep their blanks."""
    code = cells["code"].strip().upper()
    if code not in rules.BY_CODE:
        near = closest(code, rules.BY_CODE)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise _KIND.unusable(file, line, f"there is no finding of this code{hint}")
    if code in ALWAYS_REPORTED:
        raise _KIND.unusable(file, line, f"{code} is always told and cannot be overridden")
    if blank := next((name for name in _NEEDED if not cells[name].strip()), None):
        raise _KIND.unusable(file, line, f"{blank} is blank: a review has who, why and date")
    if not is_date(cells["date"].strip()):
        raise _KIND.unusable(file, line, "the date is none; it is written as 2024-05-31")
    override = Override(line, code, *(cells.get(name, "") for name in ("record", "column", "value")))
    if not override.record and not override.value:
        raise _KIND.unusable(file, line, "it needs a record, or a value with its column")
    if not override.record and not override.column:
        raise _KIND.unusable(file, line, "a value without a record needs its column")
    return override


def is_date(text: str) -> bool:
    """Return whether a text is a full date as ISO 8601 writes it."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return _DATE.fullmatch(text) is not None


def stale_findings(overrides: Overrides, selection: Selection) -> Iterator[PlacedFinding]:
    """Yield a warning for each override that was not used, with its line."""
    for one in overrides.stale(selection):
        cell = CellFinding(diagnostic=rules.OVERRIDE_STALE.at(code=one.code))
        yield cell.at(overrides.file, one.line, None)
