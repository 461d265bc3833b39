"""Corrections: values that a person looked at and decided how to read, and those that a run did not meet.

An override silences a finding and changes nothing; a correction decides a reading. The cell stays as it is,
what is appended is what was decided, and a finding says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rstage import rules
from rstage.reporting.placed import CellFinding, PlacedFinding
from rstage.tables.decided_lines import Kind, decided_lines
from rstage.tables.missing import is_missing
from rstage.tables.override_file import is_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rstage.reporting.counts import FindingCounts

COLUMNS = ("column", "value", "count", "proposal", "read_as", "who", "why", "date")
"""What the header of the file can name; `count` and `proposal` are for the person who fills it in."""

_NEEDED = ("column", "value", "read_as", "who", "why", "date")
_KIND = Kind("a correction", rules.CORRECTION_LINE, COLUMNS, _NEEDED)


class Correction(NamedTuple):
    """One decision: how the value of a column is read. `line` is where it stands in its file."""

    line: int
    column: str
    value: str
    read_as: str


class Corrections:
    """The corrections of a file, and which of them were used.

    Args:
        file: its name. items: what it holds.
    """

    def __init__(self, file: str, items: Iterable[Correction]) -> None:
        self.file = file
        self._by_value = {(one.column, one.value): one for one in items}
        self._used: set[int] = set()

    def of(self, column: str, value: str) -> Correction | None:
        """Return what was decided of a value that stands in a column of the table."""
        found = self._by_value.get((column, value))
        if found is not None:
            self._used.add(found.line)
        return found

    def stale(self) -> list[Correction]:
        """Return those whose value was not met."""
        return [one for one in self._by_value.values() if one.line not in self._used]


def load_corrections(file: str, words: frozenset[str]) -> Corrections:
    """Return the corrections of a CSV or TSV file; a line in which nothing was decided is none.

    Args:
        file: its name.
        words: the words of a missing stage.

    Raises:
        TableError: RS001 to RS004 or RS011, it cannot be read; RS597, a line is not understood.
    """
    found: dict[tuple[str, str], Correction] = {}
    for line, cells in decided_lines(file, _KIND):
        one = _correction(file, line, cells, words)
        if one is None:
            continue
        before = found.setdefault((one.column, one.value), one)
        if before is not one:
            raise _KIND.unusable(file, line, f"it is about the same value as line {before.line}")
    return Corrections(file, found.values())


def _correction(file: str, line: int, cells: dict[str, str], words: frozenset[str]) -> Correction | None:
    """Return what a line decides; values are compared as they are, so they keep their blanks."""
    if not cells["read_as"].strip():
        return None
    if blank := next((name for name in _NEEDED if not cells[name].strip()), None):
        raise _KIND.unusable(
            file, line, f"{blank} is blank: a correction has a column, a value, who, why and date"
        )
    if not is_date(cells["date"].strip()):
        raise _KIND.unusable(file, line, "the date is none; it is written as 2024-05-31")
    if is_missing(cells["read_as"], words):
        raise _KIND.unusable(file, line, "read_as says that there is no stage: --missing WORD does that")
    return Correction(line, cells["column"], cells["value"], cells["read_as"].strip())


def stale_corrections(corrections: Corrections | None, counts: FindingCounts) -> Iterator[PlacedFinding]:
    """Yield and count the corrections whose value was not met, when everything else was read."""
    for one in corrections.stale() if corrections is not None else ():
        file = corrections.file if corrections is not None else ""
        found = CellFinding(rules.CORRECTION_STALE.at()).at(file, one.line, None)
        counts.add([found])
        if counts.is_reported(found):
            yield found
