"""Which rows of a restaging can be put together many at a time, and from what."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from rstage.restaging.link import cell_prefix, digest_with, version_with
from rstage.tables.linked import BY_ITSELF, LinkedRows, LinkedSide, LinkedTally

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rstage.restaging.link_key import LinkKey
    from rstage.tables.facts import FactReader
    from rstage.tables.shared import Shared, SharedByKey
    from rstage.tables.sides import AssessmentSide, DiagnosisKind, DiagnosisSide

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
        kinds = [old.value.kind or kind_of(old.value) for old in olds]
        # One diagnosis of each kind stands for all of them.
        self._examples = list(dict(zip(kinds, olds, strict=True)).values())
        numbers = {kind: number for number, kind in enumerate(dict.fromkeys(kinds))}
        self._kinds = [
            BY_ITSELF if old.value.editions else numbers[kind] for kind, old in zip(kinds, olds, strict=True)
        ]

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
        sites = [new.facts.assessment_site for new in self._news]
        sides = [one.value for one in self._olds]
        return LinkedRows(
            old=LinkedSide(
                between=[one.between for one in sides],
                sites=[one.site for one in sides],
                date=old_date,
                tumor_id=old_id,
            ),
            new=LinkedSide(
                between=[one.between for one in self._news], sites=sites, date=new_date, tumor_id=new_id
            ),
            kinds=self._kinds,
            behind=[one.behind for one in self._news],
            rows=self._shared_by,
            read_date=facts.plain_date,
            id_words=facts.id_words,
            digest=digest_with(key),
            cell_prefix=cell_prefix(version_with(key)),
            is_noted=[tally is not None or one.has_findings for one in sides],
            note=partial(self._note, counts),
            tally=tally,
        )

    def _shared_by(self, kind: int, new: int) -> Shared[Any] | None:
        """Return what the rows with a kind of diagnosis and an assessment share, where they add nothing."""
        side = self._news[new]
        if kind == BY_ITSELF or side.is_blank or side.needs_site:
            return None
        shared = self._shared((self._examples[kind], side))
        return shared if shared.value.is_settled else None

    def _note(
        self, counts: SharedByKey[Any, DiagnosisSide], numbers: Sequence[int], rows: Sequence[int]
    ) -> Callable[[], None]:
        def note() -> None:
            # Pairs made of the two before would be so many that the garbage collector looks at all there is.
            for number, count in zip(numbers, rows, strict=True):
                counts.add_rows(self._olds[number], count)

        return note
