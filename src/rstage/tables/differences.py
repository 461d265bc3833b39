"""What `normalize` would change in a table: each spelling beside its canonical text, as a diff."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from rstage.diagnostics import printable
from rstage.privacy import is_notation, shown
from rstage.tables.normalize import codes_text, normalized_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rstage.tables.cells import ReadStage, StageReader
    from rstage.tables.shared import Key, Shared

MOST_SPELLINGS = 50_000
"""Spellings that are kept, so that memory stays flat; further ones are counted."""


class _Spelling(NamedTuple):
    """Where a spelling first stands, and how many rows have it."""

    line: int
    rows: int


class Differences:
    """The spellings of a table that are not canonical, in the order in which they first come.

    Args:
        readers: the stages. file: the name of the table.
        shows_values: whether values that are not plain notation are shown.

    Attributes:
        changed_rows: how many stages would be written otherwise; left_out: how many of them are not listed.
    """

    def __init__(self, readers: Sequence[StageReader], file: str, *, shows_values: bool) -> None:
        self.texts = [partial(self._text, reader) for reader in readers]
        self.changed_rows = self.left_out = 0
        self._file = printable(file)
        self._names = [reader.columns.name for reader in readers]
        self._shows_values = shows_values
        self._found: list[dict[str, _Spelling]] = [{} for _ in readers]

    def _text(self, reader: StageReader, key: Key, stage: ReadStage) -> str:
        """Return a spelling and its canonical text as lines of a diff; nothing where they are the same."""
        reading = stage.reading
        if reading is None:
            return ""
        cells = reader.cells(key)
        before, after = " ".join(filter(None, cells)), normalized_text(reading)
        if before == after:
            return ""
        old = printable(before if self._shows_values else shown(before))
        if not after:
            return f": refused, {codes_text(reading)} @@\n-{old}\n"
        new = after if self._shows_values or is_notation(after) else shown(after)
        return f" @@\n-{old}\n+{printable(new)}\n"

    def add(self, row: Sequence[Shared[ReadStage]], line: int) -> None:
        """Count the stages of a row."""
        for known, stage in zip(self._found, row, strict=True):
            if not stage.text:
                continue
            self.changed_rows += 1
            found = known.get(stage.text)
            if found is None and len(known) >= MOST_SPELLINGS:
                self.left_out += 1
            else:
                first, rows = (line, 0) if found is None else found
                known[stage.text] = _Spelling(first, rows + 1)

    def lines(self) -> Iterator[str]:
        """Yield the diff of each stage that has one."""
        for name, known in zip(self._names, self._found, strict=True):
            column = printable(name)
            if known:
                yield f"--- {self._file} {column}\n+++ {self._file} {column}_normalized\n"
            for text, found in known.items():
                rows = "1 row in" if found.rows == 1 else f"{found.rows:,} rows, first in"
                yield f"@@ {rows} line {found.line:,}{text}"
