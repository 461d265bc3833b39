"""What `restage` appends: the r-form of each assessment, the kind of recurrence, the link and the findings.

A row differs from others with the same stages only in its dates and tumor ids, so everything else is worked
out once for each pair of stages.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from . import rules
from .diagnostics import Severity
from .recurrence import types_text
from .restaging import StagePair, check_circumstances, check_restaged, restage
from .staging import Staging, chapter_year, check_against_site, check_chapter
from .table_cells import LONGEST_KEPT, Entry, Key, StageReader, key_length, single_entry_of
from .table_findings import CellFinding, FindingCounts
from .tables import as_cells

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from .diagnostics import Diagnostic
    from .link import LinkTemplate
    from .restaging import Restaging
    from .stage_group import Edition
    from .staging import Circumstances
    from .table_facts import FactReader, Facts

# The event, and the types of recurrence where they are stated.
_Stated = tuple[str, str | None]

MOST_PAIRS = 50_000
"""Pairs of stages that are kept; then all are forgotten, so that memory stays flat."""


def appended_names(*, prefix: str | None = None, has_link: bool = True) -> tuple[str, ...]:
    """Return the names of the columns that `restage` appends."""
    stem = prefix or "restage"
    link = (f"{stem}_link",) if has_link else ()
    return (f"{prefix}_restaged" if prefix else "restaged", f"{stem}_recurrence", *link, f"{stem}_findings")


class _DatedEdition(NamedTuple):
    """An edition with a first year at its site: of the diagnosis (side 0) or of the assessment (side 1)."""

    side: int
    edition: Edition | None
    site: str | None
    text: str


class _Pair:
    """A diagnosis and an assessment with their sites and event, and what follows for every row that has them.

    Attributes:
        is_blank: whether there is no assessment.
        in_cells: what was found in the cells. compared: what was found by comparing the two.
        in_restaged: what the r-form shows. template: makes the links; nothing where no row is restaged.
        editions: those that have a first year; nearly no pair has one.
        head, tail: the appended cells before and after the link, for a row without findings of its own.
        count, restaged_count: the rows.
    """

    __slots__ = (
        "compared",
        "count",
        "editions",
        "head",
        "in_cells",
        "in_restaged",
        "is_blank",
        "restaged_count",
        "tail",
        "template",
    )

    def __init__(self, in_cells: tuple[CellFinding, ...], *, is_blank: bool = False) -> None:
        self.is_blank = is_blank
        self.in_cells = in_cells
        self.compared: list[CellFinding] = []
        self.editions: tuple[_DatedEdition, ...] = ()
        self.in_restaged: list[CellFinding] = []
        self.template: LinkTemplate | None = None
        self.head = self.tail = ""
        self.count = self.restaged_count = 0

    def findings(self, found: Iterable[CellFinding], *, is_restaged: bool) -> list[CellFinding]:
        """Return the findings of a row: those of the cells in order of position, then the others by code."""
        others = [*self.compared, *found, *(self.in_restaged if is_restaged else ())]
        return [*self.in_cells, *sorted(others, key=lambda one: one.diagnostic.code)]


class Outcome(NamedTuple):
    """What became of one row: its restaging, where there is one, and every finding."""

    restaging: Restaging | None
    findings: list[CellFinding]


class Restager:
    """Appends the restaging of each row.

    Args:
        diagnosis, assessment: the two stages. facts: what stands beside them.
        delimiter: what stands between cells. has_link: whether the link is appended.
        prefix: another stem for the names. with_values: whether findings are counted by value too.

    Attributes:
        names, counts: as for every appender.
        restaged_count, blank_count: the rows restaged, and those without an assessment; complete after
            `finish`.
    """

    def __init__(
        self,
        diagnosis: StageReader,
        assessment: StageReader,
        facts: FactReader,
        *,
        delimiter: str,
        has_link: bool = True,
        prefix: str | None = None,
        with_values: bool = False,
    ) -> None:
        self.names = appended_names(prefix=prefix, has_link=has_link)
        self.counts = FindingCounts(with_values=with_values)
        self.restaged_count = 0
        self.blank_count = 0
        self._diagnosis, self._assessment = diagnosis, assessment
        self._diagnosis_key, self._assessment_key, self._facts_of = diagnosis.key, assessment.key, facts.of
        self._delimiter, self._has_link = delimiter, has_link
        self._old, self._new = _Entries(diagnosis), _Entries(assessment)
        # A link has only these characters, so nearly no delimiter makes it need quotes.
        self._is_quoted = delimiter in "r:0123456789abcdef"
        self._pairs: dict[Hashable, _Pair] = {}
        self._long: _Pair | None = None
        self._label = f"{diagnosis.columns.label} + {assessment.columns.label}"
        self._no_result = ("",) * (len(self.names) - 1)
        self._blank = as_cells((*self._no_result, ""), delimiter)

    def cells(self, row: list[str]) -> str:
        """Return the appended cells of a row as text."""
        pair, (diagnosis, assessment, _, _, wrong) = self._row(row)
        found: Sequence[CellFinding] = ()
        if wrong or pair.editions or not _is_undisputed(diagnosis, assessment):
            found = self._own_findings(pair, row, (diagnosis, assessment), wrong)
        if pair.template is None or (found and _has_error(found)):
            if pair.is_blank:
                return self._blank
            codes = self._codes(pair.findings(found, is_restaged=False))
            return as_cells(self._no_result, self._delimiter) + codes
        pair.restaged_count += 1
        tail = self._codes(pair.findings(found, is_restaged=True)) if found else pair.tail
        if not self._has_link:
            return pair.head + tail
        link = pair.template.cell(diagnosis, assessment)
        if self._is_quoted:
            return pair.head + as_cells((link,), self._delimiter) + tail
        return f"{pair.head}{self._delimiter}{link}{tail}"

    def outcome(self, row: list[str]) -> Outcome | None:
        """Return the restaging of a row as a value, and its findings; nothing where no assessment is."""
        pair, (diagnosis, assessment, event, types, wrong) = self._row(row)
        if pair.is_blank:
            return None
        found = self._own_findings(pair, row, (diagnosis, assessment), wrong)
        old, new = (
            self._diagnosis.read(self._diagnosis.key(row)),
            self._assessment.read(self._assessment.key(row)),
        )
        if pair.template is None or _has_error(found) or old is None or new is None:
            return Outcome(None, pair.findings(found, is_restaged=False))
        pair.restaged_count += 1
        restaging = restage(
            Staging.of(old, **diagnosis._asdict()),
            Staging.of(new, **assessment._asdict()),
            event=event,
            recurrence=types,
        )
        return Outcome(restaging, pair.findings(found, is_restaged=True))

    def _row(self, row: list[str]) -> tuple[_Pair, Facts]:
        """Count a row; return its pair and its facts."""
        old_key, new_key = self._diagnosis_key(row), self._assessment_key(row)
        facts = self._facts_of(row)
        key = (old_key, new_key, facts[2:4], facts[0].site, facts[1].site)
        pair = self._pairs.get(key)
        if pair is None:
            length = (
                key_length(old_key)
                + key_length(new_key)
                + len(facts[0].site or "")
                + len(facts[1].site or "")
            )
            pair = self._kept(key, self._pair(*key), length)
        pair.count += 1
        return pair, facts

    def _own_findings(
        self,
        pair: _Pair,
        row: list[str],
        circumstances: tuple[Circumstances, Circumstances],
        wrong: tuple[CellFinding, ...],
    ) -> Sequence[CellFinding]:
        """Return and count what is wrong with the facts of a row and what they say against a restaging."""
        if pair.is_blank:
            return ()
        value = " ".join(self._assessment.cells(self._assessment_key(row)))
        compared = [self._pair_finding(one, value) for one in check_circumstances(*circumstances)]
        labels = self._diagnosis.columns.label, self._assessment.columns.label
        early = [
            CellFinding(diagnostic=one, column=labels[dated.side], value=dated.text)
            for dated in pair.editions
            for one in check_chapter(dated.edition, dated.site, circumstances[dated.side].date)
        ]
        found = (*wrong, *compared, *early)
        self.counts.add(found)
        return found

    def _pair(
        self, old_key: Key, new_key: Key, stated: _Stated, site: str | None, new_site: str | None
    ) -> _Pair:
        new = self._new.of(new_key)
        if new.reading is None:
            return _Pair((), is_blank=True)
        old = self._old.of(old_key)
        pair = _Pair((*old.findings, *new.findings))
        if old.reading is None:
            missing = rules.DIAGNOSIS_MISSING.at()
            pair.compared = [CellFinding(diagnostic=missing, column=self._diagnosis.columns.label)]
        elif not _has_error(pair.in_cells):
            diagnosis, assessment = Staging.of(old.reading, site=site), Staging.of(new.reading, site=new_site)
            self._compare(pair, diagnosis, assessment, stated)
        return pair

    def _compare(self, pair: _Pair, diagnosis: Staging, assessment: Staging, stated: _Stated) -> None:
        """Work out what all rows of a pair have in common."""
        event, types = stated
        stages = StagePair(diagnosis, assessment, event=event, recurrence=types)
        pair.compared = [
            *_site_findings(diagnosis, self._diagnosis),
            *_site_findings(assessment, self._assessment),
            *(self._pair_finding(found, assessment.text) for found in stages.findings),
        ]
        pair.editions = (
            *_dated_edition(0, diagnosis, diagnosis.site),
            *_dated_edition(1, assessment, assessment.site or diagnosis.site),
        )
        if not _has_error(pair.compared):
            shown_by_r = check_restaged(stages.restaged, assessment, diagnosis.site)
            pair.in_restaged = [self._pair_finding(found, assessment.text) for found in shown_by_r]
            pair.template = stages.template
            pair.head = as_cells((str(stages.restaged), types_text(stages.recurrence)), self._delimiter)
            pair.tail = self._codes(pair.findings([], is_restaged=True))

    def _pair_finding(self, found: Diagnostic, value: str) -> CellFinding:
        """Return a finding about both stages; it is told by the text of the assessment."""
        return CellFinding(diagnostic=found, column=self._label, value=value)

    def _codes(self, found: Iterable[CellFinding]) -> str:
        """Return the findings cell as text: each code once."""
        return as_cells((" ".join(dict.fromkeys([one.diagnostic.code for one in found])),), self._delimiter)

    def _kept(self, key: Hashable, pair: _Pair, length: int) -> _Pair:
        """Keep a pair for its next row; one with long texts is kept apart, until the next of these."""
        if length > LONGEST_KEPT:
            self._add(self._long)
            self._long = pair
            return pair
        if len(self._pairs) >= MOST_PAIRS:
            self._finish_pairs()
        self._pairs[key] = pair
        return pair

    def _finish_pairs(self) -> None:
        for pair in self._pairs.values():
            self._add(pair)
        self._pairs.clear()

    def _add(self, pair: _Pair | None) -> None:
        if pair is None:
            return
        if pair.is_blank:
            self.blank_count += pair.count
            return
        # Together, so that a value is counted once with all of its codes.
        found = (*pair.in_cells, *pair.compared)
        self.counts.add((*found, *pair.in_restaged), pair.restaged_count)
        self.counts.add(found, pair.count - pair.restaged_count)
        self.restaged_count += pair.restaged_count

    def finish(self) -> None:
        """Put the counts together."""
        self._finish_pairs()
        self._add(self._long)
        self._long = None


class _Entries:
    """What stands in the cells of one stage; a row restages one stage, so several are an error."""

    def __init__(self, reader: StageReader) -> None:
        self._reader = reader
        self._kept = lru_cache(MOST_PAIRS)(self._read)

    def of(self, key: Key) -> Entry:
        """Return the entry of cells; long ones are read anew each time."""
        return self._kept(key) if key_length(key) <= LONGEST_KEPT else self._read(key)

    def _read(self, key: Key) -> Entry:
        return single_entry_of(self._reader, key)


def _has_error(found: Iterable[CellFinding]) -> bool:
    return any(one.diagnostic.severity is Severity.ERROR for one in found)


def _site_findings(staging: Staging, reader: StageReader) -> list[CellFinding]:
    """Return what the site adds to what was found in the cells."""
    added = check_against_site(staging.stage, staging.site)
    return [CellFinding(diagnostic=found, column=reader.columns.label, value=staging.text) for found in added]


def _dated_edition(side: int, staging: Staging, site: str | None) -> list[_DatedEdition]:
    """Return the edition of a staging where it has a first year at the site."""
    edition = staging.stage.edition
    return [_DatedEdition(side, edition, site, staging.text)] if chapter_year(edition, site) else []


def _is_undisputed(diagnosis: Circumstances, assessment: Circumstances) -> bool:
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
