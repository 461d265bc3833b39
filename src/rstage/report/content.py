"""What a report is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rstage.privacy import hidden, is_notation
from rstage.reading.proposals import proposals, read_as
from rstage.report.elements import clipped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rstage.diagnostics import Diagnostic
    from rstage.report.tally import Tally
    from rstage.report.words import RunFacts
    from rstage.reporting.counts import FindingCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a report is made of.

    Attributes:
        facts: what the run was. counts: what was found, by value too. tally: what else was counted.
        reading: the keywords of `read`, by which a proposal is tried.
        shows_values: whether values are shown that are not plain notation.
    """

    facts: RunFacts
    counts: FindingCounts
    tally: Tally
    reading: Mapping[str, Any]
    shows_values: bool = False

    def stage(self, text: str) -> str:
        """Return the text of a stage as it may be shown."""
        return clipped(text if self.shows_values or is_notation(text) else hidden(text))

    def proposals(self, column: str, value: str, found: Sequence[Diagnostic]) -> tuple[str, ...]:
        """Return what a value that was refused may be as a whole, as far as that is read."""
        part = self.tally.parts.get(column)
        if part is None:
            return ()
        # What a site has is another question than what can be read.
        keywords = {name: given for name, given in self.reading.items() if name not in ("site", "site_table")}
        return proposals(value, found, lambda text: read_as(part, text, keywords).ok)
