"""What a run ends with for a person: its most frequent findings in words, and what can be done about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rstage import rules
from rstage.diagnostics import SEVERITIES, Severity, printable
from rstage.privacy import hides

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rstage.cli.settings import Settings
    from rstage.reporting.counts import FindingCounts, Frequent
    from rstage.tables.cells import CellCounts

MOST = 3
"""How many findings are named."""

_MANY_REFUSED = 0.2
"""The share of refused stages from which the options of reading are probably not those of the table."""


def frequent_lines(counts: FindingCounts, settings: Settings, stages: CellCounts | None) -> Iterator[str]:
    """Yield the most frequent findings, one a line, and a hint; nothing where nothing was found."""
    found = sorted(counts.frequent(), key=_order)[:MOST]
    if not found:
        return
    yield "most frequent:"
    width = max(len(f"{one.times:,}") for one in found)
    for one in found:
        yield f"  {one.times:>{width},} in {printable(one.column)}: {one.code} {one.severity}: {one.said}"
    if hints := list(_hints(found, settings, stages)):
        yield f"hint: {'; '.join(hints)}"


def _order(found: Frequent) -> tuple[int, int, str, str]:
    return -found.times, -SEVERITIES.index(found.severity), found.column, found.code


def _hints(found: list[Frequent], settings: Settings, stages: CellCounts | None) -> Iterator[str]:
    """Yield what may help with findings, the most useful first."""
    codes = {one.code for one in found}
    if stages is not None and stages.refused >= _MANY_REFUSED * max(sum(stages), 1):
        yield "rstage look FILE says which options read more"
    if rules.NOT_NOTATION.code in codes:
        if stages is not None:
            yield "--missing WORD takes a word for a missing value"
        if not settings.printer.shows_values and any(hides(one.said) for one in found):
            yield "--show-values shows what is hidden"
    reading = {rules.BY_CODE[one.code].option for one in found if one.severity is Severity.ERROR} - {""}
    for option in sorted(reading):
        if option.removeprefix("--mode ") != settings.reading.get("mode"):
            yield f"{option} reads some of these"
    yield f"rstage explain {found[0].code} says why"
