"""Codes of FHIR messages, and what they mean: `data/fhir_codes.tsv` and `data/fhir_values.tsv`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from rstage.caches import cached
from rstage.reference.tsv import data_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
NCIT = "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"
UICC = "https://www.uicc.org/resources/tnm"
AJCC = "http://cancerstaging.org"
OID = "urn:oid:2.16.840.1.113883.15.16"
"""The notation of the UICC in messages of GOLD and nNGM."""

MII = "https://www.medizininformatik-initiative.de/fhir/ext/modul-onko/"
MII_VERSION = f"{MII}CodeSystem/mii-cs-onko-tnm-version"
MII_EXTENSION = f"{MII}StructureDefinition/mii-ex-onko-tnm-"
MII_PROFILE = f"{MII}StructureDefinition/mii-pr-onko-tnm-"
MCODE_PROFILE = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-"
SEQUEL = "http://hl7.org/fhir/StructureDefinition/observation-sequelTo"
LINK_SYSTEM = "urn:uuid:0d64f690-a19d-5d46-8d3b-b0f76b64697d"
"""The system of the identifier that carries a link: always the same, and of nothing else."""

HOLDERS = ("Bundle", "Parameters")
"""Resources that hold others."""

CATEGORIES = ("T", "N", "M")
DESCRIPTORS = ("L", "V", "Pn", "R", "S")
COUNTS = ("positive", "examined")
METHODS = ("T_method", "N_method", "M_method")
PREFIX = "prefix"
"""The code of a component whose value says which symbol it is: r or y."""
DESCRIPTOR_LIST = "symbols"
"""What a question of a checklist is about that is answered with symbols."""
SYMBOLS = ("r", "y", "a", "m")
TIMING = ("r", "y", "a")
STAGE_PARTS = frozenset((*CATEGORIES, "group", *DESCRIPTORS))
COURSE = "course"
COURSE_PLACES = ("local", "regional", "distant")
IN_STAGING = STAGE_PARTS.union(SYMBOLS)
OF_STAGING = IN_STAGING.union(COUNTS, METHODS, (PREFIX, DESCRIPTOR_LIST))
"""What an Observation or component can say of a staging."""

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
_NOTATION = (UICC, AJCC, OID)
_NOTATION_ENDS = ("/TNMTCS", "/TNMNCS", "/TNMMCS", "/TNMrSymbolCS", "/TNMySymbolCS")
_NO_SYSTEM = "-"


class Meaning(NamedTuple):
    """What the code of an Observation or of a component says.

    Attributes:
        part: one of `OF_STAGING`, `course`, or a place of the course.
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
def staging_systems() -> Mapping[tuple[str, str], str]:
    """Return the codes of a method that name another system than TNM, with its name in `SYSTEMS`."""
    return dict(_codes("system"))


@cached(1024)
def system_of_values(url: str) -> str:
    """Return the system other than TNM whose groups a code system has; blank where its address names none."""
    lower = url.lower()
    return next((means for (_, word), means in _codes("values") if word in lower), "")


@cache
def concept_values() -> Mapping[str, tuple[str, str]]:
    """Return the numbers of SNOMED CT that stand for a value, each with its part and its notation."""
    return {row["code"]: (row["part"], row["notation"]) for row in data_rows("fhir_values.tsv")}


@cached(1024)
def extension_kind(url: str) -> str:
    """Return what an extension says, by how the last part of its address ends; blank where that is unknown.

    That is `method`, one of `TIMING`, `suffix`, `edition`, `first`, `absent`, `link` or `beside`.
    """
    name = url.rstrip("/").rpartition("/")[2].lower()
    found = [(end, means) for end, means in _extensions() if name.endswith(end)]
    return max(found, key=lambda one: len(one[0]))[1] if found else ""


@cache
def _extensions() -> tuple[tuple[str, str], ...]:
    return tuple((code, means) for (_, code), means in _codes("extension"))


@cache
def _beside() -> frozenset[tuple[str, str]]:
    return frozenset(key for key, _ in _codes("beside"))


def is_beside(coding: Mapping[str, Any]) -> bool:
    """Return whether a code is of something that is no part of a staging."""
    return (str(coding.get("system") or ""), str(coding.get("code"))) in _beside()


@cached(256)
def has_answers(system: str) -> bool:
    """Return whether the codes of a system are answers of checklists: never notation, and no qualifiers."""
    name = system.lower().partition("://")[2]
    return any(name == known for (known, _), _ in _codes("answers"))


@cache
def edition_code(edition: str) -> tuple[str, str] | None:
    """Return system and code of an edition as mCODE has it."""
    return next((key for key, means in _codes("edition") if means == edition and key[0] != MII_VERSION), None)


def _codes(use: str) -> Iterator[tuple[tuple[str, str], str]]:
    for row in data_rows("fhir_codes.tsv"):
        if row["use"] == use:
            system = "" if row["system"] == _NO_SYSTEM else row["system"]
            yield (system, row["code"]), row["means"]


def is_topography(system: object) -> bool:
    """Return whether a system has the topography codes of ICD-O-3."""
    return type(system) is str and system in _TOPOGRAPHY


@cached(1024)
def is_tnm_system(system: str) -> bool:
    """Return whether a system holds values of TNM only."""
    return system in _NOTATION or system.endswith(_NOTATION_ENDS)
