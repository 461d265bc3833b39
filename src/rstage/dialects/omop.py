"""OMOP Cancer Modifier: concept codes that hold method and edition, such as `c-8th_AJCC/UICC-T1a`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rstage.dialects.engine import Dialect
from rstage.dialects.writing import bare, is_plain, ordinal, plain_group, storage
from rstage.model.category import Method

if TYPE_CHECKING:
    from rstage.model.stage import Stage

_SUFFIXES = (
    *("in_situ", "minimal", "tumor_cells", "ldh"),
    *("multiplicity", "solitary", "sentinel", "needle"),
)
_METHODS = (Method.CLINICAL, Method.PATHOLOGICAL)


def _write(stage: Stage) -> dict[str, str]:
    edition = ordinal(stage.edition)
    values = {
        found.letter: _code(found.method, edition, str(bare(found, _SUFFIXES)))
        for found in stage.categories
        if is_plain(found)
    }
    group = plain_group(stage, ("TNM",), but=("X", "Tis", "occult"))
    if group is not None:
        values["group"] = _code(group.method, edition, f"Stage-{storage(group)}")
    return values


def _code(method: Method | None, edition: str, value: str) -> str:
    return f"{method}-" * (method in _METHODS) + f"{edition}_" * bool(edition) + f"AJCC/UICC-{value}"


DIALECT = Dialect(name="omop", write=_write)
