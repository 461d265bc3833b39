"""The report of a run: a page with pictures, for who would rather look than read codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rstage.cli.own_file import OwnFile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rstage.report.tally import Tally
    from rstage.report.words import RunFacts
    from rstage.reporting.counts import FindingCounts


class ReportFile:
    """The file of the report.

    Args:
        name: the file; None where none is wanted.

    Raises:
        TableError: as for `OwnFile`.
    """

    def __init__(self, name: str | None) -> None:
        self._file: OwnFile | None = None
        if name is not None:
            from rstage.report.page import BEGINNING

            self._file = OwnFile(name, option="--report", kind="report", beginning=BEGINNING)

    def tally(self) -> Tally | None:
        """Return what counts for the report, where there is one."""
        if self._file is None:
            return None
        from rstage.report.tally import Tally

        return Tally()

    def write(
        self,
        facts: RunFacts,
        counts: FindingCounts,
        tally: Tally,
        reading: Mapping[str, Any],
        *,
        shows_values: bool,
    ) -> None:
        """Write the report.

        Args:
            facts: what the run was.
            counts: what was found.
            tally: what else was counted.
            reading: the keywords of `read`.
            shows_values: whether values are shown that are not plain notation.

        Raises:
            TableError: as for `OwnFile.write`.
        """
        if self._file is None:
            return
        from rstage.report.content import Content
        from rstage.report.page import page

        content = Content(facts=facts, counts=counts, tally=tally, reading=reading, shows_values=shows_values)
        self._file.write(page(content))
