"""GDC, the Genomic Data Commons, and the TCGA files behind it: AJCC values in two families of columns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rstage.dialects.engine import Dialect
from rstage.dialects.writing import bare, is_plain, ordinal, plain_group, with_methods
from rstage.model.category import Method

if TYPE_CHECKING:
    from rstage.model.category import Category
    from rstage.model.stage import Stage

_METHODS = {Method.CLINICAL: "clinical", Method.PATHOLOGICAL: "pathologic"}
_IN_SITU = {"DCIS": " (DCIS)", "LCIS": " (LCIS)", "Paget": " (Paget's)"}
_GROUPS = {"IIIA1(i)": "IIIAi", "IIIA1(ii)": "IIIAii"}


def _write(stage: Stage) -> dict[str, str]:
    values = {found.letter: text for found in stage.categories if (text := _value(found))}
    values |= with_methods(stage, _METHODS)
    for one in stage.descriptors:
        if one.name in ("G", "R") and not (one.upper or one.detail or one.name in values):
            values[one.name] = one.name + one.value
    group = plain_group(stage, ("TNM", "FIGO"), but=("occult",))
    if group is not None:
        values["group"] = f"Stage {_GROUPS.get(group.value, group.value)}"
        if group.method is not None:
            values["group_method"] = _METHODS[group.method]
        if group.system != "TNM":
            values["system"] = group.system
    if edition := ordinal(stage.edition):
        values["edition"] = edition
    return values


def _value(category: Category) -> str:
    """Return the value as GDC's lists spell it; an empty text where they do not have it."""
    if not is_plain(category):
        return ""
    suffixes = category.suffixes
    text = str(bare(category, ("minimal",)))
    if old := re.fullmatch("N1b(i+v?)", text):
        text = f"N1b{old[1].upper()}"
    if suffixes.in_situ in _IN_SITU:
        text += _IN_SITU[suffixes.in_situ]
    if suffixes.tumor_cells and category.letter == "N":
        text += f" ({suffixes.tumor_cells})"
    elif suffixes.tumor_cells == "i+" and category.method is Method.CLINICAL:
        text = "cM0 (i+)"
    return text


DIALECT = Dialect(name="gdc", write=_write, own_method="M")
