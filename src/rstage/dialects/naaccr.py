"""NAACCR, the standard of the North American registries: codes to 2017, full strings since 2018."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rstage.dialects.engine import Dialect
from rstage.dialects.writing import bare, covers, is_plain, plain_group, storage
from rstage.model.category import Method, Timing, prefix
from rstage.reference.vocabulary import NOT_ASSIGNED

if TYPE_CHECKING:
    from rstage.model.category import Category
    from rstage.model.stage import Stage

_SINCE_2018 = 8
_LONGEST_CODE = 4
_SUFFIXES = ("in_situ", "minimal", "tumor_cells", "ldh")
_METHODS = (Method.CLINICAL, Method.PATHOLOGICAL)
_NOT_APPLICABLE = "88"
# Codes of in-situ tumors with and without a c or p in front; ISD means another type in each.
_IN_SITU = {("pu", True): "ISU", ("pd", True): "ISD", ("pu", False): "ISPU", ("pd", False): "ISPD"}
_IN_SITU |= {("DCIS", False): "ISD", ("Paget", False): "ISP"}
_GROUPS = {"occult": "OC", "X": "99", "IIIA1(i)": "3A11", "IIIA1(ii)": "3A12"}


def _write(stage: Stage) -> dict[str, str]:
    edition = stage.edition
    is_code = edition is not None and edition.number is not None and edition.number < _SINCE_2018
    values = _codes(stage) if is_code else _strings(stage)
    values |= {one.name: one.value.replace("X", "9") for one in stage.descriptors if one.name == "S"}
    values |= _group(stage, covered=values.get("descriptor") in ("4", "6"))
    if edition is not None and edition.number is not None and edition.number <= 9:
        values["edition"] = f"0{edition.number}"
    return values


def _method(category: Category) -> Method | None:
    return category.method if category.method in _METHODS else None


def _strings(stage: Stage) -> dict[str, str]:
    """Return the items of 2018 and later: `ypT2`, with suffix items."""
    values = {}
    for found in stage.categories:
        if found.value == NOT_ASSIGNED:
            values[found.letter] = _NOT_APPLICABLE
        elif is_plain(found):
            timing = found.timing & {Timing.POST_THERAPY}
            values[found.letter] = prefix(timing, _method(found)) + str(bare(found, _SUFFIXES))
    t, n = (one and one.suffixes for one in (stage.t, stage.n))
    if t and (t.multiplicity == "m" or t.solitary):
        values["T_suffix"] = "(m)" if t.multiplicity == "m" else "(s)"
    if n and (n.sentinel or n.needle):
        values["N_suffix"] = "(sn)" if n.sentinel else "(f)"
    return values


def _codes(stage: Stage) -> dict[str, str]:
    """Return the items to 2017: `c1A2`, with a descriptor for (m) and y."""
    values = {found.letter: code for found in stage.categories if (code := _code(found))}
    is_y = covers(stage, Timing.POST_THERAPY) and (
        stage.group is None or Timing.POST_THERAPY in stage.group.timing
    )
    is_m = stage.t is not None and stage.t.suffixes.multiplicity == "m"
    if is_y or is_m:
        values["descriptor"] = {(True, False): "4", (False, True): "3", (True, True): "6"}[is_y, is_m]
    return values


def _code(category: Category) -> str:
    """Return the code of a category, or an empty text; without its suffixes where no code has them."""
    if category.value == NOT_ASSIGNED:
        return _NOT_APPLICABLE
    if not is_plain(category):
        return ""
    method = _method(category)
    base = category.value.upper() + category.subcategory.upper()
    suffixes = category.suffixes
    code = _IN_SITU.get((suffixes.in_situ or "", method is not None), base)
    if suffixes.minimal:
        code += "MI"
    if suffixes.tumor_cells:
        code += suffixes.tumor_cells.upper().replace("MOL", "M")
    if suffixes.sentinel:
        code += "SN"
    whole = (method or "") + code
    return whole if len(whole) <= _LONGEST_CODE else (method or "") + base


def _group(stage: Stage, *, covered: bool) -> dict[str, str]:
    """Return the item of a group; `covered` is whether the record says y already."""
    group = plain_group(stage, ("TNM", "FIGO", "Ann Arbor"), but=("Tis",))
    if group is None:
        return {}
    values = {"group": _GROUPS.get(group.value) or storage(group)}
    is_y = Timing.POST_THERAPY in group.timing and not covered
    if group.method is not None:
        values["group_method"] = f"{'y' * is_y}{group.method}"
    if group.system != "TNM":
        values["system"] = group.system
    return values


DIALECT = Dialect(name="naaccr", write=_write)
