"""ICGC-ARGO: values without prefix in four families of columns, one of them for a recurrence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rstage.dialects.engine import Dialect
from rstage.dialects.writing import bare, is_plain, ordinal, plain_group
from rstage.model.category import Method, Timing

if TYPE_CHECKING:
    from rstage.model.category import Category
    from rstage.model.group import StageGroup
    from rstage.model.stage import Stage

_SUFFIXES = ("in_situ", "minimal", "tumor_cells", "ldh", "solitary")
_METHODS = {Method.CLINICAL: "clinical", Method.PATHOLOGICAL: "pathological"}


def _write(stage: Stage) -> dict[str, str]:
    values: dict[str, str] = {}
    for found in stage.categories:
        if is_plain(found):
            kept = (*_SUFFIXES, *(["multiplicity"] if found.suffixes.multiplicity == "m" else []))
            values[found.letter] = str(bare(found, kept)).replace("(pu)", "pu").replace("(pd)", "pd")
            if family := _family(found):
                values[f"{found.letter}_method"] = family
    group = plain_group(stage, ("TNM", "FIGO", "Ann Arbor"), but=("X", "Tis"))
    if group is not None:
        values["group"] = (
            "Occult Carcinoma" if group.value == "occult" else f"Stage {group.value}{group.mark or ''}"
        )
        if family := _family(group):
            values["group_method"] = family
        if group.system != "TNM":
            values["system"] = group.system
    if stage.edition is not None and stage.edition.owner == "AJCC" and stage.edition.number in (6, 7, 8):
        values["edition"] = f"AJCC {ordinal(stage.edition)} edition"
    return values


def _family(part: Category | StageGroup) -> str:
    """Return the family of columns; one that says r or y has no place for the method."""
    if Timing.RECURRENCE in part.timing:
        return "recurrence"
    if Timing.POST_THERAPY in part.timing:
        return "posttherapy"
    return _METHODS.get(part.method, "") if part.method else ""


DIALECT = Dialect(name="argo", write=_write, own_method="M")
