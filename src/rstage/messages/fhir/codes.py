"""Codes of FHIR messages, and what they mean: `data/fhir_codes.tsv`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from rstage.caches import cached
from rstage.reference.tsv import data_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
NCIT = "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"
UICC = "https://www.uicc.org/resources/tnm"
AJCC = "http://cancerstaging.org"

MII = "https://www.medizininformatik-initiative.de/fhir/ext/modul-onko/"
MII_VERSION = f"{MII}CodeSystem/mii-cs-onko-tnm-version"
MII_EXTENSION = f"{MII}StructureDefinition/mii-ex-onko-tnm-"
MII_PROFILE = f"{MII}StructureDefinition/mii-pr-onko-tnm-"
MCODE_PROFILE = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-"
COMPONENT_PREFIX = "TNMcpuPraefix"
"""How the address of the extension ends that holds c, p or u of a component."""

SEQUEL = "http://hl7.org/fhir/StructureDefinition/observation-sequelTo"
LINK_SYSTEM = "urn:rstage:link"

CATEGORIES = ("T", "N", "M")
DESCRIPTORS = ("L", "V", "Pn", "S")
SYMBOLS = ("r", "y", "a", "m")
TIMING = ("r", "y", "a")
STAGE_PARTS = frozenset((*CATEGORIES, "group", *DESCRIPTORS))
COURSE = "course"
COURSE_PLACES = ("local", "regional", "distant")
IN_STAGING = STAGE_PARTS.union(SYMBOLS)

# Systems whose codes are numbers of concepts and no notation.
CONCEPT_SYSTEMS = frozenset((SNOMED, LOINC, NCIT))
_TOPOGRAPHY = frozenset(
    (
        "http://terminology.hl7.org/CodeSystem/icd-o-3",
        "urn:oid:2.16.840.1.113883.6.43.1",
        "http://hl7.org/fhir/sid/icd-o-3",
    )
)
# Systems that hold values of TNM only.
_NOTATION = (UICC, AJCC)
_NOTATION_ENDS = ("/TNMTCS", "/TNMNCS", "/TNMMCS", "/TNMrSymbolCS", "/TNMySymbolCS")


class Meaning(NamedTuple):
    """What the code of an Observation or of a component says.

    Attributes:
        part: a part of `read_parts`, `course`, or a place of the course.
        method: `c` or `p` where the code is for one of the two.
    """

    part: str
    method: str = ""


@cache
def meanings() -> Mapping[str, tuple[str, Meaning]]:
    """Return the codes that an Observation or a component can have, each with its system."""
    return {code: (system, Meaning(*means.split())) for (system, code), means in _codes("code")}


@cache
def symbol_values() -> Mapping[tuple[str, str], str]:
    """Return the values that say that a symbol is given."""
    return dict(_codes("value"))


@cache
def editions() -> Mapping[tuple[str, str], str]:
    """Return the codes of a method, with the edition that they name; blank where they name none."""
    return dict(_codes("edition"))


@cache
def code_of(part: str, method: str, system: str) -> str:
    """Return the code that a system has for a part; the general one where it has none for the method."""
    found = {means: code for (where, code), means in _codes("code") if where == system}
    return found.get(f"{part} {method}") or found[part]


@cache
def edition_code(edition: str) -> tuple[str, str] | None:
    """Return system and code of an edition as mCODE has it."""
    return next((key for key, means in _codes("edition") if means == edition and key[0] != MII_VERSION), None)


def _codes(use: str) -> Iterator[tuple[tuple[str, str], str]]:
    for row in data_rows("fhir_codes.tsv"):
        if row["use"] == use:
            yield (row["system"], row["code"]), row["means"]


def is_topography(system: object) -> bool:
    """Return whether a system has the topography codes of ICD-O-3."""
    return type(system) is str and system in _TOPOGRAPHY


@cached(1024)
def is_tnm_system(system: str) -> bool:
    """Return whether a system holds values of TNM only."""
    return system in _NOTATION or system.endswith(_NOTATION_ENDS)
