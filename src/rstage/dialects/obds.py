"""oBDS, the data set of the German registries: values without letter, one r, y and a for the record."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from typing import TYPE_CHECKING

from rstage.dialects.engine import Dialect
from rstage.dialects.writing import bare, covers, plain_group, with_methods
from rstage.model.category import Method, Timing
from rstage.model.descriptor import PLACE_KINDS
from rstage.model.suffixes import Suffixes

if TYPE_CHECKING:
    from rstage.model.descriptor import Descriptor
    from rstage.model.stage import Stage

# The patterns of the schema; at most 30 characters.
_VALUES = {"T": re.compile("is.*|[a0-4X].*"), "N": re.compile("[0-3X].*"), "M": re.compile("[01X].*")}
_LONGEST = 30
# Groups of other lists, and what the schema has no code for.
_NOT_LISTED = ("IB3", "IC1", "IC2", "IC3", "IIC1", "X", "Tis")
_METHODS = {Method.CLINICAL: "c", Method.PATHOLOGICAL: "p", Method.ULTRASOUND: "u"}
_SUFFIXES = {field.name for field in fields(Suffixes)} - {"multiplicity"}


def _write(stage: Stage) -> dict[str, str]:
    values: dict[str, str] = {}
    for found in stage.categories:
        text = str(bare(found, _SUFFIXES))[1:]
        if _VALUES[found.letter].fullmatch(text) and len(text) <= _LONGEST:
            values[found.letter] = text
    if stage.t is not None and stage.t.suffixes.multiplicity:
        values["m"] = stage.t.suffixes.multiplicity
    values |= with_methods(stage, _METHODS)
    marks = [mark for mark in Timing if covers(stage, mark)]
    values |= {str(mark): str(mark) for mark in marks}
    for one in stage.descriptors:
        if text := _descriptor(one):
            values.setdefault(one.name, text)
    group = plain_group(stage, ("TNM",), but=_NOT_LISTED)
    if group is not None and group.timing == frozenset(marks):
        values["group"] = "okk" if group.value == "occult" else group.value
    if stage.edition is not None and stage.edition.number in (6, 7, 8, 9):
        values["edition"] = stage.edition.version
    return values


def _descriptor(found: Descriptor) -> str:
    """Return what the element holds; of several R the first is written."""
    if found.name == "G":
        return found.value if found.upper is None else ""
    is_held = found.name in ("L", "V", "Pn", "S") or (
        found.name == "R" and found.detail in (None, *PLACE_KINDS) and found.place is None
    )
    return str(replace(found, method=None)) if is_held else ""


DIALECT = Dialect(name="obds", write=_write)
