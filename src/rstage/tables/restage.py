"""What `restage` appends: the r-form of each assessment, the kind of recurrence, the link and the findings.

A row differs from others with the same stages only in its dates and tumor ids, so everything else is worked
out once for each pair of stages.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from rstage.reporting.counts import FindingCounts
from rstage.restaging.link import CELL_CHARACTERS
from rstage.restaging.restage import restage
from rstage.restaging.staging import Circumstances, Staging
from rstage.tables.appender import cells_at
from rstage.tables.formats.delimited import DelimitedCells
from rstage.tables.pair_tally import PairTally
from rstage.tables.pairs import PairOutcome, PairReader, has_error, is_undisputed
from rstage.tables.shared import Shared, SharedByKey, key_cells

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rstage.report.tally import Tally
    from rstage.reporting.placed import CellFinding
    from rstage.restaging.link import LinkTemplate
    from rstage.restaging.link_key import LinkKey
    from rstage.restaging.restage import Restaging
    from rstage.tables.cells import StageReader
    from rstage.tables.facts import FactReader, RowFacts
    from rstage.tables.shared import Key, Row
    from rstage.tables.table import CellWriter

MOST_PAIRS = 50_000
"""Pairs of stages that are kept at a time."""


def appended_names(*, prefix: str | None = None, has_link: bool = True) -> tuple[str, ...]:
    """Return the names of the columns that `restage` appends."""
    stem = prefix or "restage"
    link = (f"{stem}_link",) if has_link else ()
    return (f"{prefix}_restaged" if prefix else "restaged", f"{stem}_recurrence", *link, f"{stem}_findings")


class WrittenPair(NamedTuple):
    """What a pair comes to, with the cells of the rows that add nothing to it.

    Attributes:
        outcome: what it comes to.
        before, after: the cells as text: what stands before and behind the link, where there is one.
        template: makes the link; None where there is none.
        is_settled: whether a row adds nothing to the findings whose circumstances are undisputed.
    """

    outcome: PairOutcome
    before: str
    after: str
    template: LinkTemplate | None
    is_settled: bool

    def cells(self, facts: RowFacts) -> str:
        """Return the cells of a row."""
        if self.template is None:
            return self.before + self.after
        return f"{self.before}{self.template.cell(facts.diagnosis, facts.assessment)}{self.after}"


class RestagingWriter:
    """Writes what is appended to a row.

    Args:
        names: the appended columns. writer: writes cells. has_link: whether the link is one of them.
    """

    def __init__(self, names: Sequence[str], writer: CellWriter, *, has_link: bool) -> None:
        self._writer = writer
        self._result_names, self._last_name = names[:2], names[-1:]
        self._link_name = names[2] if has_link else None

    def pair(self, outcome: PairOutcome, own: Iterable[CellFinding] = ()) -> WrittenPair:
        """Return the cells of a row with these findings of its own; an error keeps it from being restaged."""
        own = tuple(own)
        restaged = None if has_error(own) else outcome.restaged
        result = ("", "") if restaged is None else (restaged.text, restaged.recurrence)
        before = self._writer.write(self._result_names, result)
        found = () if outcome.is_blank else outcome.findings(own, is_restaged=restaged is not None)
        codes = " ".join(dict.fromkeys([one.diagnostic.code for one in found]))
        after = self._writer.write(self._last_name, (codes,))
        template = None
        if self._link_name is not None and restaged is None:
            after = self._writer.write((self._link_name,), ("",)) + after
        elif self._link_name is not None and restaged is not None:
            start, end = self._writer.around(self._link_name, CELL_CHARACTERS)
            before, after, template = before + start, end + after, restaged.template
        is_settled = not outcome.facts.findings and not outcome.editions
        return WrittenPair(outcome, before, after, template, is_settled)


class PairCounts(SharedByKey[WrittenPair]):
    """What follows from each pair of stages with their sites and event, and the rows that have it.

    Args:
        pair_of: returns what follows from a key. counts: counts what is found. tally: counts for a report.

    Attributes:
        restaged, blank: the rows restaged, and those without an assessment; complete after `finish`.
    """

    def __init__(
        self, pair_of: Callable[[Key], WrittenPair], counts: FindingCounts, tally: PairTally | None = None
    ) -> None:
        super().__init__(MOST_PAIRS)
        self._pair_of, self._counts, self._tally = pair_of, counts, tally
        self.restaged = self.blank = 0

    def work_out(self, key: Key) -> Shared[WrittenPair]:
        """Return what follows from a key."""
        return Shared(self._pair_of(key))

    def add(self, value: WrittenPair, count: int) -> None:
        """Add rows of a pair to the counts, as if none had findings of its own."""
        outcome = value.outcome
        if self._tally is not None:
            self._tally.add(outcome, count)
        if outcome.is_blank:
            self.blank += count
            return
        is_restaged = outcome.restaged is not None
        self._counts.add(outcome.of_all(is_restaged=is_restaged), count)
        self.restaged += count if is_restaged else 0

    def add_own(
        self, outcome: PairOutcome, own: Sequence[CellFinding], note: Callable[[], None] | None = None
    ) -> None:
        """Add what a row has besides its pair; an error among it keeps the row from being restaged.

        Args:
            outcome: what its pair comes to.
            own: what it has besides.
            note: counts what else it has.
        """
        self._counts.add(own)
        if note is not None:
            note()
        if outcome.restaged is None or not has_error(own):
            return
        self.restaged -= 1
        if self._tally is not None:
            self._tally.add_restaged(outcome, -1)
        if outcome.in_restaged:
            self._counts.add(outcome.of_all(is_restaged=True), -1)
            self._counts.add(outcome.of_all(is_restaged=False))


class RestagedRow(NamedTuple):
    """What became of one row: its restaging, where there is one, and every finding."""

    restaging: Restaging | None
    findings: list[CellFinding]


class Restager:
    """Appends the restaging of each row: an appender of a single part, which it is itself.

    Args:
        diagnosis, assessment: the two stages. facts: what stands beside them.
        writer: writes cells. has_link: whether the link is appended. key: what it is made with.
        prefix: another stem for the names. counts: counts what is found. tally: counts for a report.

    Attributes:
        names, counts, parts: as for every appender.
        indexes, row_indexes, follows_from_key, shared: as for every part.
        unchecked: the facts that are not given, so that what they show is not looked for.
        stage_indexes: the places of the columns of the two stages.
    """

    follows_from_key = False

    def __init__(
        self,
        diagnosis: StageReader,
        assessment: StageReader,
        facts: FactReader,
        *,
        writer: CellWriter = DelimitedCells(","),  # noqa: B008  a value
        has_link: bool = True,
        key: LinkKey | None = None,
        prefix: str | None = None,
        counts: FindingCounts | None = None,
        tally: Tally | None = None,
    ) -> None:
        self.names = appended_names(prefix=prefix, has_link=has_link)
        self.counts = counts or FindingCounts()
        self.indexes = tuple(sorted({*diagnosis.indexes, *assessment.indexes, *facts.indexes}))
        self.row_indexes = facts.row_indexes
        self.parts = (self,)
        self._tally = None if tally is None else PairTally(tally, diagnosis, assessment)
        self.shared = PairCounts(self._pair_of, self.counts, self._tally)
        self._reader, self._facts = PairReader(diagnosis, assessment, key), facts
        self.unchecked = facts.unchecked
        self.stage_indexes = (*diagnosis.columns.indexes, *assessment.columns.indexes)
        self._writer = RestagingWriter(self.names, writer, has_link=has_link)

    def _pair_of(self, key: Key) -> WrittenPair:
        row = dict(zip(self.indexes, key_cells(key), strict=True))
        return self._writer.pair(self._reader.outcome(row, self._facts.of_key(row)))

    def of_row(
        self, shared: Shared[WrittenPair], cells: tuple[str, ...]
    ) -> tuple[str, Callable[[], None] | None]:
        """Return what is appended to a row, and what counts its own findings."""
        pair = shared.value
        outcome, tally = pair.outcome, self._tally
        if outcome.is_blank:
            return pair.before + pair.after, None
        try:
            facts = self._facts.of_row(cells, outcome.facts)
            diagnosis, assessment, found = facts
            if pair.is_settled and not found and is_undisputed(diagnosis, assessment):
                # As `WrittenPair.cells`, without a call: nearly every row comes this way.
                text = pair.before + pair.after
                if (template := pair.template) is not None:
                    text = f"{pair.before}{template.cell(diagnosis, assessment)}{pair.after}"
                return text, None if tally is None else tally.of_row(outcome, facts)
            own = self._reader.own_findings(outcome, facts)
            text = (self._writer.pair(outcome, own) if own else pair).cells(facts)
            note = None if tally is None or has_error(own) else tally.of_row(outcome, facts)
            return text, partial(self.shared.add_own, outcome, own, note) if own else note
        except Exception:
            if tally is not None:
                tally.discard()
            raise

    def found_in(
        self, shared: Shared[WrittenPair], cells: tuple[str, ...]
    ) -> Iterable[Sequence[CellFinding]]:
        """Return what is found in a row, in the groups in which it is counted: of its pair, and its own."""
        outcome = shared.value.outcome
        if outcome.is_blank:
            return ()
        own = self._reader.own_findings(outcome, self._facts.of_row(cells, outcome.facts))
        is_restaged = outcome.restaged is not None and not has_error(own)
        return outcome.of_all(is_restaged=is_restaged), own

    def restaged(self, row: Row) -> RestagedRow | None:
        """Return the restaging of a row as a value, and its findings; None where there is no assessment."""
        outcome = self._reader.outcome(row, self._facts.of_key(row))
        if outcome.is_blank:
            return None
        facts = self._facts.of_row(cells_at(self.row_indexes)(row), outcome.facts)
        own = self._reader.own_findings(outcome, facts)
        is_restaged = outcome.restaged is not None and not has_error(own)
        self.counts.add(own)
        self.counts.add(outcome.of_all(is_restaged=is_restaged))
        restaging = self._restaging(row, outcome, facts) if is_restaged else None
        return RestagedRow(restaging, outcome.findings(own, is_restaged=is_restaged))

    def _restaging(self, row: Row, outcome: PairOutcome, facts: RowFacts) -> Restaging | None:
        readers = self._reader.diagnosis, self._reader.assessment
        old, new = (reader.read(reader.key(row)) for reader in readers)
        if old is None or new is None:
            return None
        return restage(
            Staging.of(old, **Circumstances(*facts.diagnosis)._asdict()),
            Staging.of(new, **Circumstances(*facts.assessment)._asdict()),
            event=outcome.facts.event,
            recurrence=outcome.facts.types,
            key=self._reader.key,
        )

    @property
    def restaged_count(self) -> int:
        """The rows that were restaged; complete after `finish`."""
        return self.shared.restaged

    @property
    def blank_count(self) -> int:
        """The rows without an assessment; complete after `finish`."""
        return self.shared.blank

    def finish(self) -> None:
        """Put the counts together."""
        self.shared.finish()
        if self._tally is not None:
            self._tally.finish()
