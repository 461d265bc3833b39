"""What each part of a stage says, in words: labels of our own, no definition of any manual."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rstage.model.category import Category, Method, Timing
from rstage.model.descriptor import Descriptor
from rstage.model.group import StageGroup
from rstage.model.suffixes import SITES
from rstage.reference.systems import TNM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rstage.model.facts import StagePart
    from rstage.model.suffixes import Suffixes

_TIMING = {
    Timing.RECURRENCE: "restaged (r)",
    Timing.POST_THERAPY: "during or after treatment (y)",
    Timing.AUTOPSY: "at autopsy (a)",
}
_METHOD = {
    Method.CLINICAL: "clinical (c)",
    Method.PATHOLOGICAL: "pathological (p)",
    Method.ULTRASOUND: "ultrasound (u)",
}
_LETTERS = {"T": "tumor", "N": "regional lymph nodes", "M": "distant metastasis"}
_VALUES = {"X": "not assessed", "is": "in situ", "+": "positive, not specified", "n/a": "not assigned"}
# Suffixes that hold one of a few codes, by their field.
_CODED = {
    "tumor_cells": {
        "i-": "no isolated tumor cells (i-)",
        "i+": "isolated tumor cells (i+)",
        "mol-": "molecular test negative (mol-)",
        "mol+": "molecular test positive (mol+)",
    },
    "level": {"U": "nodes above the cricoid (U)", "L": "nodes below the cricoid (L)"},
    "extension": {"ENE+": "extranodal extension (ENE+)", "ENE-": "no extranodal extension (ENE-)"},
}
_DESCRIPTORS = {
    "L": "lymphatic invasion",
    "V": "venous invasion",
    "Pn": "perineural invasion",
    "R": "residual tumor",
    "G": "grade",
    "S": "serum markers",
    "PL": "pleural invasion",
    "H": "heritable trait (retinoblastoma), or liver metastasis (Japanese rules)",
    "B": "blood",
}
_LYMPHOMA_FLAGS = {
    "A": "no systemic symptoms (A)",
    "B": "systemic symptoms (B)",
    "E": "extranodal (E)",
    "S": "spleen (S)",
    "X": "bulky (X)",
}
_FIGO_MARKS = {"r": "nodes found by imaging (r), no recurrence", "p": "nodes found by pathology (p)"}


class PartWords(NamedTuple):
    """A part of a stage in words.

    Attributes:
        name: `T`, `N`, `M`, the name of a descriptor, `group` or `edition`.
        text: the part as it is written. words: what it says.
    """

    name: str
    text: str
    words: str


def part_words(part: StagePart) -> PartWords:
    """Return a part of a stage in words."""
    if isinstance(part, Category):
        return PartWords(part.letter, str(part), "; ".join(_category_words(part)))
    if isinstance(part, Descriptor):
        return PartWords(part.name, str(part), "; ".join(_descriptor_words(part)))
    if isinstance(part, StageGroup):
        return PartWords("group", str(part), "; ".join(_group_words(part)))
    return PartWords("edition", str(part)[1:-1], "edition of the classification")


def _category_words(category: Category) -> Iterator[str]:
    yield _LETTERS[category.letter]
    yield from _prefix_words(category)
    if category.upper is not None:
        yield f"a range, {category.value}{category.subcategory} to {category.upper}"
    elif category.value in _VALUES:
        yield _VALUES[category.value]
    else:
        yield f"value {category.value}{category.subcategory}"
    yield from _suffix_words(category.suffixes, category.letter)


def _prefix_words(part: Category | StageGroup) -> Iterator[str]:
    yield from (words for timing, words in _TIMING.items() if timing in part.timing)
    if part.method is not None:
        yield _METHOD[part.method]


def _suffix_words(suffixes: Suffixes, letter: str) -> Iterator[str]:
    if suffixes.in_situ is not None:
        yield f"type {suffixes.in_situ}"
    if suffixes.minimal:
        yield "micrometastasis (mi)" if letter == "N" else "microinvasion (mi)"
    if suffixes.multiplicity is not None:
        yield _multiplicity_words(suffixes.multiplicity)
    flags = {
        "solitary tumor (s)": suffixes.solitary,
        "superficial spreading (ss)": suffixes.superficial,
        "sentinel nodes only (sn)": suffixes.sentinel,
        "needle or core biopsy only (f)": suffixes.needle,
        "in the area of the primary tumor (+)": suffixes.at_primary,
    }
    yield from (words for words, is_set in flags.items() if is_set)
    yield from (
        words[held] for name, words in _CODED.items() if (held := getattr(suffixes, name)) is not None
    )
    if suffixes.involved is not None:
        yield f"{suffixes.involved} of {suffixes.examined} nodes involved"
    if suffixes.ldh is not None:
        yield "LDH raised (1)" if suffixes.ldh == "1" else "LDH normal (0)"
    if suffixes.cytology is not None:
        yield f"cytology {suffixes.cytology}"
    if suffixes.sites:
        yield ", ".join(SITES[site] for site in suffixes.sites)
    if suffixes.certainty is not None:
        yield f"certainty factor {suffixes.certainty}"


def _multiplicity_words(multiplicity: str) -> str:
    count, _, in_situ = multiplicity.partition(",")
    if count == "is":
        return "with an in situ part (is)"
    words = "several tumors (m)" if count == "m" else f"{count} tumors"
    return f"{words}, with an in situ part (is)" if in_situ else words


def _descriptor_words(descriptor: Descriptor) -> Iterator[str]:
    yield _DESCRIPTORS[descriptor.name]
    if descriptor.method is not None:
        yield _METHOD[descriptor.method]
    if descriptor.upper is not None:
        yield f"a range, {descriptor.value} to {descriptor.upper}"
    else:
        yield _VALUES.get(descriptor.value, f"value {descriptor.value}")
    yield from (place for place in (descriptor.detail, descriptor.place) if place is not None)


def _group_words(group: StageGroup) -> Iterator[str]:
    yield "stage group" if group.system == TNM else f"stage group of {group.system}"
    yield from _prefix_words(group)
    if group.upper is not None:
        yield f"a range, {group.value} to {group.upper}"
    if group.mark is not None:
        yield from _mark_words(group)
    if group.kind is not None:
        yield f"the {group.kind} group"


def _mark_words(group: StageGroup) -> Iterator[str]:
    mark = group.mark or ""
    if group.system == "Ann Arbor":
        yield from (_LYMPHOMA_FLAGS[flag] for flag in mark)
    elif mark.isdecimal():
        yield f"risk score {mark}"
    else:
        yield _FIGO_MARKS.get(mark, f"molecular class {mark[1:]}")
