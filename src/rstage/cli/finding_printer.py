"""How findings are printed: how many, in which colors, and whether with values that are hidden otherwise."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from rstage.cli.printing import plural, print_data, print_note, stdout
from rstage.diagnostics import Severity
from rstage.privacy import shown
from rstage.reporting.report import TABLE_FIELDS, draw, line_of, report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import TextIO, TypeVar

    from rstage.reporting.placed import Finding, PlacedFinding

    _Found = TypeVar("_Found")

COLORS = ("auto", "always", "never")


def uses_color(asked: str, stream: TextIO | None) -> bool:
    """Return whether a stream gets colors.

    Args:
        asked: one of `COLORS`; `auto` asks NO_COLOR, then FORCE_COLOR, then whether it is a terminal.
        stream: where the text goes.
    """
    if asked != "auto":
        return asked == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


class FindingPrinter:
    """Prints findings, at most so many; those beyond are only counted.

    Args:
        most: how many are printed; None is all. color: one of `COLORS`.
        shows_values: whether values are shown that are not plain notation.

    Attributes:
        shows_values: as given.
    """

    def __init__(self, *, most: int | None = None, color: str = "auto", shows_values: bool = False) -> None:
        self._most, self._color, self.shows_values = most, color, shows_values
        self._count = 0

    def report(
        self,
        findings: Iterable[PlacedFinding],
        form: str,
        fields: Sequence[str] = TABLE_FIELDS,
        *,
        write: Callable[[Iterable[str]], None] = print_data,
        fails_from: Severity = Severity.ERROR,
    ) -> None:
        """Write findings in one of the formats of a report, to stdout where nothing else is said."""
        pieces = report(
            self._first(findings),
            form,
            fields,
            is_colored=uses_color(self._color, stdout() if write is print_data else None),
            shows_values=self.shows_values,
            fails_from=fails_from,
        )
        write(pieces)

    def note(self, findings: Iterable[PlacedFinding]) -> None:
        """Print findings to stderr, each as one line."""
        is_colored = uses_color(self._color, sys.stderr)
        for found in self._first(findings):
            line = line_of(found, is_colored=is_colored, shows_values=self.shows_values)
            print_note(line, is_colored=is_colored)

    def draw(self, findings: Iterable[Finding], *, err: bool) -> None:
        """Print what was found in texts, each finding with its text where that may be shown."""
        is_colored = uses_color(self._color, sys.stderr if err else stdout())
        for found in self._first(findings):
            drawn = draw(found.diagnostic, found.value, is_colored=is_colored, shows_values=self.shows_values)
            click.echo(drawn, err=err, color=is_colored)

    def table(self, names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Print rows to stderr, each cell below the name of its column."""
        widths = [max(map(len, column)) for column in zip(names, *rows, strict=True)]
        for row in (names, *rows):
            line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            print_note(f"  {line}".rstrip())

    def cell(self, text: str) -> str:
        """Return a cell of the input as it may be shown."""
        return text if self.shows_values or not text else shown(text)

    def _first(self, findings: Iterable[_Found]) -> Iterator[_Found]:
        """Yield findings as long as there are not too many; all of them are taken."""
        for found in findings:
            self._count += 1
            if self._most is None or self._count <= self._most:
                yield found

    def end(self) -> None:
        """Say how many findings were not printed."""
        if self._most is not None and self._count > self._most:
            print_note(f"... and {plural(self._count - self._most, 'more finding')}")
