"""The blocks of NAACCR staging: what each says of its values, and the codes of those that were derived."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from rstage.reference.tsv import data_rows
from rstage.restaging.diagnosis import BESIDE, CLINICAL, PATHOLOGICAL

if TYPE_CHECKING:
    from collections.abc import Mapping

FIGO = "FIGO"

AFTER_TREATMENT = ("yp", "yc", "derived after treatment, AJCC 7", "derived NPCR after treatment, AJCC 8")
BEFORE_TREATMENT = ("clinical", "pathological")
"""Blocks in which a y is a slip: those to 2017 have a descriptor for it."""

METHODS: Mapping[str, str] = {
    "clinical": "c",
    "pathological": "p",
    "yp": "yp",
    "yc": "yc",
    "clinical to 2017": "c",
    "pathological to 2017": "p",
}
"""Which method a block states; the code of a group has none of its own, nor have most codes to 2014."""

_GROUP_METHODS: Mapping[str, str] = {
    **METHODS,
    "derived SEER clinical": "c",
    "derived SEER pathological": "p",
    "derived NPCR clinical": "c",
    "derived NPCR pathological": "p",
    "derived NPCR clinical, AJCC 8": "c",
    "derived NPCR pathological, AJCC 8": "p",
}
_KINDS: Mapping[str, str] = {
    "clinical": CLINICAL,
    "clinical to 2017": CLINICAL,
    "pathological": PATHOLOGICAL,
    "pathological to 2017": PATHOLOGICAL,
}
# The edition that a block is of by its name; the others are of item 1060, or of none.
_EDITIONS = {"AJCC 6": "06", "AJCC 7": "07", "AJCC 8": "08"}
_WITHOUT_EDITION = ("derived EOD 2018", "derived SEER", "derived NPCR", FIGO)
# Those whose values are numbers of a list.
_CODED = ("AJCC 6", "AJCC 7")
_DESCRIPTORS = {"c": "c", "p": "p", "a": "a", "y": "yp", "N": "", "n": ""}
# Groups that say their system by themselves, which have no c and no p.
_OF_ANOTHER_SYSTEM = re.compile(r"[1-4](?:E|BULKY|:\d+)", re.IGNORECASE)
# Not applicable, and unknown: a block with only these holds no stage.
_NO_VALUE = ("88", "99")
# In situ, which FIGO has no stage for; not applicable; unknown.
FIGO_IN_SITU = "97"
_NO_FIGO = (FIGO_IN_SITU, "98", "99")
_NO_DESCRIPTOR = ("0", "9")


class Texts(NamedTuple):
    """The texts of a block by the keywords of `read_parts`, and the parts whose code is of no list."""

    texts: dict[str, str]
    wrong: tuple[str, ...] = ()


def kind_of(block: str) -> str | None:
    """Return which kind of staging a block is, whatever letter one of its values carries."""
    return BESIDE if block == FIGO or block.startswith("derived") else _KINDS.get(block)


def texts_of(block: str, given: Mapping[str, str], edition: str) -> Texts | None:
    """Return the texts of a block as they are read; None where they only say that there is no value.

    Args:
        block: the block.
        given: the texts of its items by part.
        edition: the text of item 1060, or nothing.
    """
    texts, wrong = _decoded(given) if block.endswith(_CODED) else (dict(given), ())
    if texts.get("descriptor") in _NO_DESCRIPTOR:
        del texts["descriptor"]
    no_value = _NO_FIGO if block == FIGO else _NO_VALUE
    if not wrong and all(text in no_value for part, text in texts.items() if part != "S" or text == "9"):
        return None
    if "group" in texts and texts["group"] != "88":
        texts |= _of_group(block, texts["group"])
    named = next((code for name, code in _EDITIONS.items() if block.endswith(name)), "")
    if named or (edition and not block.startswith(_WITHOUT_EDITION)):
        texts["edition"] = named or edition
    return Texts(texts, wrong)


def _of_group(block: str, group: str) -> dict[str, str]:
    """Return what a block says of its group."""
    if block == FIGO:
        return {"system": FIGO}
    if block not in _GROUP_METHODS or _OF_ANOTHER_SYSTEM.fullmatch(group):
        return {}
    return {"group_method": _GROUP_METHODS[block]}


@cache
def _codes() -> dict[tuple[str, str], str]:
    return {(row["part"], row["code"]): row["notation"] for row in data_rows("naaccr_derived_codes.tsv")}


def _decoded(given: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the notation of derived codes by part, and the parts whose code or descriptor is of no list."""
    texts, wrong = {}, []
    for part in ("T", "N", "M", "group"):
        if part not in given:
            continue
        notation = _codes().get((part, given[part]))
        descriptor = _DESCRIPTORS.get(given.get(f"{part}_method", "N"))
        if notation is None or descriptor is None:
            wrong.append(part if notation is None else f"{part}_method")
        elif notation != "-":
            texts[part] = descriptor + notation if notation != "X" else "99"
    return texts, tuple(wrong)
