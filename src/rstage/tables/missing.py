"""Words that registries and portals write into a cell that holds no stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_GDC = "GDC clinical.tsv exports and data dictionary"
_BIOTAB = "TCGA biotab clinical files"
_CBIOPORTAL = "cBioPortal clinical data files"
_NAACCR = "NAACCR data dictionary, items 880 to 1067"
_SEER = "SEER*Stat case listings"

MISSING_WORDS: dict[str, str] = {
    "'--": _GDC,
    "--": _GDC,
    "not reported": _GDC,
    "unknown": _GDC,
    "not applicable": _GDC,
    "not allowed to collect": _GDC,
    "[not available]": _BIOTAB,
    "[not applicable]": _BIOTAB,
    "[not evaluated]": _BIOTAB,
    "[unknown]": _BIOTAB,
    "[discrepancy]": _BIOTAB,
    "not available": _CBIOPORTAL,
    "na": _CBIOPORTAL,
    "n/a": _CBIOPORTAL,
    "88": _NAACCR,
    "99": _NAACCR,
    "blank(s)": _SEER,
    "nan": "pandas",
    "null": "SQL exports",
    "none": "Python exports",
}
"""The words in lower case, each with where it is written. None of them is a stage in any field."""


def missing_words(added: Iterable[str] = ()) -> frozenset[str]:
    """Return the words that mean a missing stage, the known and the `added` ones, in lower case."""
    return frozenset(MISSING_WORDS).union(word.strip().casefold() for word in added)


def without_numbers(words: frozenset[str]) -> frozenset[str]:
    """Return the words that cannot be an identifier or a code themselves (`88` can be a tumor's number)."""
    return frozenset(word for word in words if not word.isdecimal())


def is_missing(cell: str, words: frozenset[str]) -> bool:
    """Return whether a cell is blank or holds one of the `words`."""
    text = cell.strip()
    return not text or text.casefold() in words
