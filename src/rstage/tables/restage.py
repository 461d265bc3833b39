"""What `restage` appends: the r-form of each assessment, the kind of recurrence, the link and the findings.

A row differs from others with the same stages only in its dates and tumor ids, so everything else is worked
out once for each pair of stages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rstage import rules
from rstage.reporting.counts import FindingCounts
from rstage.reporting.placed import CellFinding
from rstage.restaging.recurrence import types_text
from rstage.restaging.restage import StagePair, check_circumstances, check_restaged, restage
from rstage.restaging.staging import Circumstances, Staging, check_chapter
from rstage.tables.cells import LONGEST_KEPT, Key, StageReader, key_length
from rstage.tables.formats.delimited import comma_cells
from rstage.tables.pairs import (
    MOST_PAIRS,
    Entries,
    Pair,
    dated_editions,
    has_error,
    is_undisputed,
    site_findings,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    from rstage.diagnostics import Diagnostic
    from rstage.restaging.restage import Restaging
    from rstage.restaging.staging import CircumstanceValues
    from rstage.tables.batches import Batch
    from rstage.tables.cells import CellWriter
    from rstage.tables.facts import FactReader, Facts
    from rstage.tables.stage_columns import Row

# Places in the values of circumstances.
_DATE, _SITE = map(Circumstances._fields.index, ("date", "site"))

# The cells of a row, and what is counted with it: its pair, its own findings, whether it was restaged.
_Answer = tuple[str, Pair, "Sequence[CellFinding]", bool]

# The event, and the types of recurrence where they are stated.
_Stated = tuple[str, str | None]

# A text with each character that a link can have, so that it is quoted wherever a link is.
_ANY_LINK = "r1:0123456789abcdef"


def appended_names(*, prefix: str | None = None, has_link: bool = True) -> tuple[str, ...]:
    """Return the names of the columns that `restage` appends."""
    stem = prefix or "restage"
    link = (f"{stem}_link",) if has_link else ()
    return (f"{prefix}_restaged" if prefix else "restaged", f"{stem}_recurrence", *link, f"{stem}_findings")


class _Shared(NamedTuple):
    """What rows share whose cells are equal but for dates and ids."""

    pair: Pair | None
    site: str | None
    new_site: str | None


class _OtherwiseBlank(dict[int, str]):
    """A row of which only some cells count."""

    def __missing__(self, index: int) -> str:
        return ""


class Outcome(NamedTuple):
    """What became of one row: its restaging, where there is one, and every finding."""

    restaging: Restaging | None
    findings: list[CellFinding]


class Restager:
    """Appends the restaging of each row.

    Args:
        diagnosis, assessment: the two stages. facts: what stands beside them.
        write: writes cells with their names (`Table.write_cells`). has_link: whether the link is appended.
        prefix: another stem for the names. counts: counts what is found.

    Attributes:
        names, counts, indexes, keys: as for every appender; dates and ids make each row a case of its own.
        restaged_count, blank_count: the rows restaged, and those without an assessment; complete after
            `finish`.
    """

    follows_from_keys = False

    def __init__(
        self,
        diagnosis: StageReader,
        assessment: StageReader,
        facts: FactReader,
        *,
        write: CellWriter = comma_cells,
        has_link: bool = True,
        prefix: str | None = None,
        counts: FindingCounts | None = None,
    ) -> None:
        self.names = appended_names(prefix=prefix, has_link=has_link)
        self.counts = counts or FindingCounts()
        self.indexes = frozenset((*diagnosis.indexes, *assessment.indexes, *facts.indexes))
        shared = {*diagnosis.indexes, *assessment.indexes, *facts.shared_indexes}
        self.keys = (tuple(sorted(shared)),)
        self.restaged_count = 0
        self.blank_count = 0
        self._diagnosis, self._assessment = diagnosis, assessment
        self._diagnosis_key, self._assessment_key = diagnosis.key, assessment.key
        self._facts, self._facts_of = facts, facts.of
        self._write, self._has_link = write, has_link
        self._old, self._new = Entries(diagnosis), Entries(assessment)
        self._pairs: dict[Hashable, Pair] = {}
        self._long: Pair | None = None
        self._label = f"{diagnosis.columns.label} + {assessment.columns.label}"
        self._no_result = ("",) * (len(self.names) - 1)
        self._blank = write(self.names, (*self._no_result, ""))

    def cells(self, row: Row) -> str:
        """Return the appended cells of a row as text."""
        text, pair, found, is_restaged = self._answer(row)
        if found:
            self.counts.add(found)
        pair.count += 1
        pair.restaged_count += is_restaged
        return text

    def _answer(self, row: Row) -> _Answer:
        pair, (diagnosis, assessment, _, _, wrong) = self._pair_of(row)
        found: Sequence[CellFinding] = ()
        if wrong or pair.editions or not is_undisputed(diagnosis, assessment):
            found = self._own_findings(pair, row, (diagnosis, assessment), wrong)
        if pair.template is None or (found and has_error(found)):
            if pair.is_blank:
                return self._blank, pair, found, False
            codes = self._codes(pair.findings(found, is_restaged=False))
            return self._write(self.names[:-1], self._no_result) + codes, pair, found, False
        tail = self._codes(pair.findings(found, is_restaged=True)) if found else pair.tail
        if not self._has_link:
            return pair.head + tail, pair, found, True
        return f"{pair.head}{pair.template.cell(diagnosis, assessment)}{pair.close}{tail}", pair, found, True

    def batch_cells(self, batch: Batch) -> list[list[str]]:
        """Return the appended cells of each row.

        A row whose pair is restaged, and whose dates and ids say nothing against it, costs its link; any
        other one goes the way of a single row.
        """
        ((keys, _, numbers),) = batch.distinct
        shared = [self._shared(key) for key in keys]
        counts = [0] * len(shared)
        texts: list[str] = []
        singly: list[_Answer] = []
        for place, (number, old, new, tumor_id, new_tumor_id) in enumerate(
            zip(numbers(), *self._facts.columns(batch), strict=False)
        ):
            pair, site, new_site = shared[number]
            is_in_order = "" < old <= new if old is not None and new is not None else "" not in (old, new)
            if pair is None or pair.template is None or tumor_id != new_tumor_id or not is_in_order:
                singly.append(self._answer({index: batch.column(index)[place] for index in self.indexes}))
                texts.append(singly[-1][0])
                continue
            counts[number] += 1
            if self._has_link:
                link = pair.template.cell((old, None, site, tumor_id), (new, None, new_site, new_tumor_id))
                texts.append(f"{pair.head}{link}{pair.close}{pair.tail}")
            else:
                texts.append(pair.head + pair.tail)
        for (pair, _, _), count in zip(shared, counts, strict=True):
            if pair is not None:
                self._add_rows(pair, count, count)
        for _, pair, found, is_restaged in singly:
            self.counts.add(found)
            self._add_rows(pair, 1, int(is_restaged))
        return [texts]

    def _shared(self, key: Key) -> _Shared:
        """Return what rows share that differ in dates and ids only; no pair where that is not enough."""
        cells = (key,) if isinstance(key, str) else key
        row = _OtherwiseBlank(zip(self.keys[0], cells, strict=True))
        pair, (diagnosis, assessment, _, _, wrong) = self._pair_of(row)
        is_plain = not wrong and not pair.editions and is_undisputed(diagnosis, assessment)
        return _Shared(pair if is_plain else None, diagnosis[_SITE], assessment[_SITE])

    def _add_rows(self, pair: Pair, count: int, restaged_count: int) -> None:
        """Count rows, also of a pair that is no longer kept."""
        pair.count += count
        pair.restaged_count += restaged_count
        if not pair.is_kept:
            self._add(pair)

    def outcome(self, row: Row) -> Outcome | None:
        """Return the restaging of a row as a value, and its findings; nothing where no assessment is."""
        pair, (diagnosis, assessment, event, types, wrong) = self._pair_of(row)
        pair.count += 1
        if pair.is_blank:
            return None
        found = self._own_findings(pair, row, (diagnosis, assessment), wrong)
        self.counts.add(found)
        old, new = (
            self._diagnosis.read(self._diagnosis.key(row)),
            self._assessment.read(self._assessment.key(row)),
        )
        if pair.template is None or has_error(found) or old is None or new is None:
            return Outcome(None, pair.findings(found, is_restaged=False))
        pair.restaged_count += 1
        restaging = restage(
            Staging.of(old, **Circumstances(*diagnosis)._asdict()),
            Staging.of(new, **Circumstances(*assessment)._asdict()),
            event=event,
            recurrence=types,
        )
        return Outcome(restaging, pair.findings(found, is_restaged=True))

    def found_in(self, row: Row) -> Iterator[Sequence[CellFinding]]:
        """Yield what is found in a row, as it is counted: what its pair has, and what it has itself."""
        pair, (diagnosis, assessment, _, _, wrong) = self._pair_of(row)
        if pair.is_blank:
            return
        own = self._own_findings(pair, row, (diagnosis, assessment), wrong)
        is_restaged = pair.template is not None and not has_error(own)
        yield (*pair.in_cells, *pair.compared, *(pair.in_restaged if is_restaged else ()))
        yield own

    def _pair_of(self, row: Row) -> tuple[Pair, Facts]:
        old_key, new_key = self._diagnosis_key(row), self._assessment_key(row)
        facts = self._facts_of(row)
        key = (old_key, new_key, facts[2:4], facts[0][_SITE], facts[1][_SITE])
        pair = self._pairs.get(key)
        if pair is None:
            sites = len(facts[0][_SITE] or "") + len(facts[1][_SITE] or "")
            pair = self._kept(key, self._pair(*key), key_length(old_key) + key_length(new_key) + sites)
        return pair, facts

    def _own_findings(
        self,
        pair: Pair,
        row: Row,
        circumstances: tuple[CircumstanceValues, CircumstanceValues],
        wrong: tuple[CellFinding, ...],
    ) -> Sequence[CellFinding]:
        """Return what is wrong with the facts of a row and what they say against a restaging."""
        if pair.is_blank:
            return ()
        value = " ".join(self._assessment.cells(self._assessment_key(row)))
        compared = [self._pair_finding(one, value) for one in check_circumstances(*circumstances)]
        labels = self._diagnosis.columns.label, self._assessment.columns.label
        early = [
            CellFinding(diagnostic=one, column=labels[dated.side], value=dated.text)
            for dated in pair.editions
            for one in check_chapter(dated.edition, dated.site, circumstances[dated.side][_DATE])
        ]
        return (*wrong, *compared, *early)

    def _pair(
        self, old_key: Key, new_key: Key, stated: _Stated, site: str | None, new_site: str | None
    ) -> Pair:
        new = self._new.of(new_key)
        if new.reading is None:
            return Pair((), is_blank=True)
        old = self._old.of(old_key)
        pair = Pair((*old.findings, *new.findings))
        if old.reading is None:
            missing = rules.DIAGNOSIS_MISSING.at()
            pair.compared = [CellFinding(diagnostic=missing, column=self._diagnosis.columns.label)]
        elif not has_error(pair.in_cells):
            diagnosis, assessment = Staging.of(old.reading, site=site), Staging.of(new.reading, site=new_site)
            self._compare(pair, diagnosis, assessment, stated)
        return pair

    def _compare(self, pair: Pair, diagnosis: Staging, assessment: Staging, stated: _Stated) -> None:
        """Work out what all rows of a pair have in common."""
        event, types = stated
        stages = StagePair(diagnosis, assessment, event=event, recurrence=types)
        pair.compared = [
            *site_findings(diagnosis, self._diagnosis),
            *site_findings(assessment, self._assessment),
            *(self._pair_finding(found, assessment.text) for found in stages.diagnostics),
        ]
        pair.editions = (
            *dated_editions(0, diagnosis, diagnosis.site),
            *dated_editions(1, assessment, assessment.site or diagnosis.site),
        )
        if stages.restaged is not None and not has_error(pair.compared):
            shown_by_r = check_restaged(stages.restaged, assessment, diagnosis.site)
            pair.in_restaged = [self._pair_finding(found, assessment.text) for found in shown_by_r]
            pair.template = stages.template
            result = (str(stages.restaged), types_text(stages.recurrence), _ANY_LINK)
            written = self._write(self.names[:-1], result[: len(self._no_result)])
            pair.head, _, pair.close = written.partition(_ANY_LINK)
            pair.tail = self._codes(pair.findings([], is_restaged=True))

    def _pair_finding(self, found: Diagnostic, value: str) -> CellFinding:
        """Return a finding about both stages; it is told by the text of the assessment."""
        return CellFinding(diagnostic=found, column=self._label, value=value)

    def _codes(self, found: Iterable[CellFinding]) -> str:
        """Return the findings cell as text: each code once."""
        codes = " ".join(dict.fromkeys([one.diagnostic.code for one in found]))
        return self._write(self.names[-1:], (codes,))

    def _kept(self, key: Hashable, pair: Pair, length: int) -> Pair:
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

    def _add(self, pair: Pair | None) -> None:
        if pair is None:
            return
        count, restaged_count = pair.count, pair.restaged_count
        pair.count = pair.restaged_count = 0
        pair.is_kept = False
        if pair.is_blank:
            self.blank_count += count
            return
        # Together, so that a value is counted once with all of its codes.
        found = (*pair.in_cells, *pair.compared)
        self.counts.add((*found, *pair.in_restaged), restaged_count)
        self.counts.add(found, count - restaged_count)
        self.restaged_count += restaged_count

    def finish(self) -> None:
        """Put the counts together."""
        self._finish_pairs()
        self._add(self._long)
        self._long = None
