"""The elements that are read of German registries. ADT/GEKID has the prefix `TNM_` on those of a block."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from rstage.restaging.diagnosis import CLINICAL, PATHOLOGICAL
from rstage.restaging.recurrence import RecurrenceType

if TYPE_CHECKING:
    from collections.abc import Mapping


class Report(StrEnum):
    """What a report is about."""

    DIAGNOSIS = "diagnosis"
    TREATMENT = "treatment"
    COURSE = "course"


BLOCKS: Mapping[str, str | None] = {"cTNM": CLINICAL, "pTNM": PATHOLOGICAL, "TNM": None}
"""The blocks of TNM, and the kind that one says by its name."""

CARRIERS = ("Meldung", "Tumor")
"""What holds reports of one tumor: one in a message, all of them in the national delivery."""

REPORTS: Mapping[str, Report] = {
    "Diagnose": Report.DIAGNOSIS,
    "Primaerdiagnose": Report.DIAGNOSIS,
    "OP": Report.TREATMENT,
    "Pathologie": Report.TREATMENT,
    "Verlauf": Report.COURSE,
    "Folgeereignis": Report.COURSE,
}

MASTER_DATA = "Patienten_Stammdaten"
ASSIGNMENT = "Tumorzuordnung"
TOPOGRAPHY = "Primaertumor_Topographie_ICD_O"
OTHER_CLASSIFICATIONS = ("Weitere_Klassifikation", "Menge_Weitere_Klassifikation")
PATIENT_ID, TUMOR_ID = "Patient_ID", "Tumor_ID"

PARTS: Mapping[str, str] = {
    "T": "T",
    "N": "N",
    "M": "M",
    "c_p_u_Praefix_T": "T_method",
    "c_p_u_Praefix_N": "N_method",
    "c_p_u_Praefix_M": "M_method",
    "y_Symbol": "y",
    "r_Symbol": "r",
    "a_Symbol": "a",
    "m_Symbol": "m",
    "L": "L",
    "V": "V",
    "Pn": "Pn",
    "S": "S",
    "UICC_Stadium": "group",
    "Version": "edition",
}
"""What an element of a block is for `read_parts`."""

# T, N, M and the like alone are too short to be told by their names outside of a block.
_FOLDED_PARTS = frozenset(name.lower() for name in PARTS if len(name) > 2 and name != "Version")
_OF_A_STAGING = ("tnm", "symbol", "praefix", "stadium", "restag")


def may_be_of_a_staging(name: str) -> bool:
    """Return whether an element of an unknown name may be a block of TNM, or a part of one.

    What only such elements say would be lost without a word where a vocabulary grows.
    """
    folded = name.lower()
    return any(word in folded for word in _OF_A_STAGING) or folded in _FOLDED_PARTS


DATE = "Datum"

DATE_OF_DIAGNOSIS = "Diagnosedatum"
REPORT_DATES = (
    DATE_OF_DIAGNOSIS,
    "Datum",
    "OP_Datum",
    "Datum_OP",
    "Untersuchungsdatum_Verlauf",
    "Datum_Folgeereignis",
)
"""The date of a report, in every vocabulary."""

OVERALL = "Gesamtbeurteilung_Tumorstatus"
OVERALL_LETTERS = frozenset("VTKPDBRYUX")
EVENTS = {"Y": "recurrence", "P": "progression"}

ASSESSED: Mapping[str, RecurrenceType] = {
    "Verlauf_Lokaler_Tumorstatus": RecurrenceType.LOCAL,
    "Verlauf_Tumorstatus_Lymphknoten": RecurrenceType.REGIONAL,
    "Verlauf_Tumorstatus_Fernmetastasen": RecurrenceType.DISTANT,
}
LETTERS = frozenset("KTPNRFUXM")
