"""What rows of a restaging have in common: the two stages, their sites and the event, and what follows."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from rstage.diagnostics import Severity
from rstage.reporting.placed import CellFinding
from rstage.restaging.staging import chapter_year, check_against_site
from rstage.tables.cells import LONGEST_KEPT, Entry, Key, StageReader, key_length, single_entry_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rstage.model.edition import Edition
    from rstage.restaging.link import LinkTemplate
    from rstage.restaging.staging import CircumstanceValues, Staging

MOST_PAIRS = 50_000
"""Pairs of stages that are kept; then all are forgotten, so that memory stays flat."""


class DatedEdition(NamedTuple):
    """An edition with a first year at its site: of the diagnosis (side 0) or of the assessment (side 1)."""

    side: int
    edition: Edition | None
    site: str | None
    text: str


class Pair:
    """A diagnosis and an assessment with their sites and event, and what follows for every row that has them.

    Attributes:
        is_blank: whether there is no assessment.
        in_cells: what was found in the cells. compared: what was found by comparing the two.
        in_restaged: what the r-form shows. template: makes the links; nothing where no row is restaged.
        editions: those that have a first year; nearly no pair has one.
        head, close: what stands before and behind the link. tail: the findings of a row without its own.
        count, restaged_count: the rows. is_kept: whether they are still to be added to the counts.
    """

    __slots__ = (
        "close",
        "compared",
        "count",
        "editions",
        "head",
        "in_cells",
        "in_restaged",
        "is_blank",
        "is_kept",
        "restaged_count",
        "tail",
        "template",
    )

    def __init__(self, in_cells: tuple[CellFinding, ...], *, is_blank: bool = False) -> None:
        self.is_blank = is_blank
        self.in_cells = in_cells
        self.compared: list[CellFinding] = []
        self.editions: tuple[DatedEdition, ...] = ()
        self.in_restaged: list[CellFinding] = []
        self.template: LinkTemplate | None = None
        self.head = self.close = self.tail = ""
        self.count = self.restaged_count = 0
        self.is_kept = True

    def findings(self, found: Iterable[CellFinding], *, is_restaged: bool) -> list[CellFinding]:
        """Return the findings of a row: those of the cells in order of position, then the others by code."""
        others = [*self.compared, *found, *(self.in_restaged if is_restaged else ())]
        return [*self.in_cells, *sorted(others, key=lambda one: one.diagnostic.code)]


class Entries:
    """What stands in the cells of one stage; a row restages one stage, so several are an error."""

    def __init__(self, reader: StageReader) -> None:
        self._reader = reader
        self._kept = lru_cache(MOST_PAIRS)(self._read)

    def of(self, key: Key) -> Entry:
        """Return the entry of cells; long ones are read anew each time."""
        return self._kept(key) if key_length(key) <= LONGEST_KEPT else self._read(key)

    def _read(self, key: Key) -> Entry:
        return single_entry_of(self._reader, key)


def has_error(found: Iterable[CellFinding]) -> bool:
    """Return whether one of the findings is an error."""
    return any(one.diagnostic.severity is Severity.ERROR for one in found)


def site_findings(staging: Staging, reader: StageReader) -> list[CellFinding]:
    """Return what the site adds to what was found in the cells."""
    added = check_against_site(staging.stage, staging.site)
    return [CellFinding(diagnostic=found, column=reader.columns.label, value=staging.text) for found in added]


def dated_editions(side: int, staging: Staging, site: str | None) -> list[DatedEdition]:
    """Return the edition of a staging where it has a first year at the site."""
    edition = staging.stage.edition
    return [DatedEdition(side, edition, site, staging.text)] if chapter_year(edition, site) else []


def is_undisputed(diagnosis: CircumstanceValues, assessment: CircumstanceValues) -> bool:
    """Return whether nothing is there to be compared, or it is in order: true of nearly every row.

    It only saves the check of these rows; a test holds that the check finds nothing in them.
    """
    date, _, site, tumor_id = diagnosis
    new_date, _, new_site, new_tumor_id = assessment
    return (
        tumor_id == new_tumor_id
        and (date is None or new_date is None or date <= new_date)
        and (site is None or new_site is None or site == new_site)
    )
