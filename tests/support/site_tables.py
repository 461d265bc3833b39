"""A site table for tests: no line of it is one of a real site."""

from __future__ import annotations

# Sites, values and editions are chosen for the tests; no line is the list of a real site.
SITES = {
    "lung-like": ("C34", "T1 T1a T2 T2a N0 N1 M0 M1 IIA IIB"),
    "prostate-like": ("C61.9", "T1 T2 T2c N0 N1 M0"),
    "colon-like": ("C18", "T3 N0 N1 N1c M0"),
    "plain": ("", "T2a T2c N0 M0"),
    "breast-part": ("C50.1-C50.6", "T1b"),
    "breast-rest": ("C50.8,C509", "T1c"),
    "wide": ("C2-C3,C70", "T1 T1b"),
    "methods": ("", "T1 cT3 pT4 N0 cN1 pN1"),
    "editions": ("", "T1 T2@7 T2@UICC_6 T3@AJCC_8"),
    "old": ("", "T2@7"),
}


def _item_of(value: str) -> str:
    letter = value.lstrip("cp")[0]
    return value[: value.index(letter) + 1] if letter in "TNM" else "group"


def lines() -> list[str]:
    """Return the lines of the table, with a comment and a blank one."""
    found = ["# a comment", "Schema\ttopography\tedition\titem\tvalue\tremark", ""]
    for schema, (topography, values) in SITES.items():
        for entry in values.split():
            value, _, edition = entry.partition("@")
            cells = (schema, topography, edition.replace("_", " "), _item_of(value), value)
            found.append("\t".join(cells))
    return found
