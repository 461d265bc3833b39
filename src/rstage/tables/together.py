"""Which rows of a restaging can be put together many at a time, and from what."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from rstage.restaging.link import cell_prefix, digest_with, version_with
from rstage.tables.linked import BY_ITSELF, LinkedRows, LinkedSide, LinkedTally, WrittenRows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rstage.restaging.link_key import LinkKey
    from rstage.tables.facts import FactReader
    from rstage.tables.pairs import AssessmentSide, DiagnosisKind, DiagnosisSide
    from rstage.tables.shared import Shared, SharedByKey

    _SharedOf = Callable[[tuple[Shared[DiagnosisSide], AssessmentSide]], Shared[Any]]


class Together:
    """The different diagnoses and assessments of many rows.

    Args:
        olds: the diagnoses. news: the assessments.
        kind_of: returns the kind of a diagnosis.
        shared: returns what rows share that have a diagnosis of one kind and an assessment.
    """

    def __init__(
        self,
        olds: Sequence[Shared[DiagnosisSide]],
        news: Sequence[AssessmentSide],
        *,
        kind_of: Callable[[DiagnosisSide], DiagnosisKind],
        shared: _SharedOf,
    ) -> None:
        self._olds, self._news, self._shared = olds, news, shared
        self._examples: list[Shared[DiagnosisSide]] = []
        numbers: dict[DiagnosisKind, int] = {}
        self._kinds: list[int] = []
        for old in olds:
            number = numbers.setdefault(old.value.kind or kind_of(old.value), len(numbers))
            if number == len(self._examples):
                self._examples.append(old)
            self._kinds.append(BY_ITSELF if old.value.editions else number)

    def rows(
        self,
        facts: FactReader,
        counts: SharedByKey[Any, DiagnosisSide],
        *,
        key: LinkKey | None = None,
        tally: LinkedTally | None = None,
    ) -> LinkedRows:
        """Return what the rows are put together from.

        Args:
            facts: reads what stands beside the two stages.
            counts: counts diagnoses.
            key: what the links are made with.
            tally: how rows are counted for a report, where there is one.
        """
        old_date, new_date, old_id, new_id = facts.places
        templates = [None if new.new is None else new.new.template for new in self._news]
        sites = [new.facts.assessment_site for new in self._news]
        between = [
            "" if template is None else template.between(None, site)
            for template, site in zip(templates, sites, strict=True)
        ]
        sides = [one.value for one in self._olds]
        return LinkedRows(
            old=LinkedSide(
                between=[one.between for one in sides],
                sites=[one.site for one in sides],
                date=old_date,
                tumor_id=old_id,
            ),
            new=LinkedSide(between=between, sites=sites, date=new_date, tumor_id=new_id),
            kinds=self._kinds,
            behind=["" if template is None else template.behind for template in templates],
            rows=self._written,
            read_date=facts.plain_date,
            id_words=facts.id_words,
            digest=digest_with(key),
            cell_prefix=cell_prefix(version_with(key)),
            note=partial(self._note, counts, counts_all=tally is not None),
            tally=tally,
        )

    def _written(self, kind: int, new: int) -> WrittenRows:
        side = self._news[new]
        if kind == BY_ITSELF or side.is_blank or side.needs_site:
            return WrittenRows()
        shared = self._shared((self._examples[kind], side))
        pair = shared.value
        if not pair.is_settled:
            return WrittenRows()
        restaged = pair.outcome.restaged
        types = None if restaged is None else restaged.recurrence
        return WrittenRows(shared, pair.before, pair.after, pair.template is not None, types)

    def _note(
        self, counts: SharedByKey[Any, DiagnosisSide], rows: Iterable[tuple[int, int]], *, counts_all: bool
    ) -> Callable[[], None]:
        counted = [
            (self._olds[old], count)
            for old, count in rows
            if counts_all or self._olds[old].value.has_findings
        ]

        def note() -> None:
            for shared, count in counted:
                counts.add_rows(shared, count)

        return note
