"""Makes `naaccr_synthetic.xml`: invented patients with every block of staging items, and every finding once.

    python examples/make_naaccr_synthetic.py > examples/naaccr_synthetic.xml

No patient, date or number in it comes from a person or a registry.
"""

from __future__ import annotations

import sys
from xml.sax.saxutils import escape

CLINICAL = {"ajccTnmClinT": "cT2", "ajccTnmClinN": "cN0", "ajccTnmClinM": "cM0", "ajccTnmClinStageGroup": "1"}
PATHOLOGICAL = {
    "ajccTnmPathT": "pT3",
    "ajccTnmPathTSuffix": "(m)",
    "ajccTnmPathN": "pN1a",
    "ajccTnmPathNSuffix": "(sn)",
    "ajccTnmPathM": "cM0",
    "ajccTnmPathStageGroup": "3B",
}
AFTER_TREATMENT = {
    "ajccTnmPostTherapyT": "ypT1",
    "ajccTnmPostTherapyN": "ypN0",
    "ajccTnmPostTherapyM": "cM0",
}
CLINICAL_AFTER_TREATMENT = {
    "ajccTnmPostTherapyClinT": "ycT2",
    "ajccTnmPostTherapyClinN": "ycN0",
    "ajccTnmPostTherapyClinM": "cM0",
    "ajccTnmPostTherapyClinStageGrp": "1",
}
TO_2017 = {
    "tnmPathT": "p2",
    "tnmPathN": "p0",
    "tnmPathM": "c0",
    "tnmPathStageGroup": "1",
    "tnmPathDescriptor": "3",
    "tnmClinT": "c2",
    "tnmClinN": "c0",
    "tnmClinM": "c0",
    "tnmClinStageGroup": "1",
    "tnmClinDescriptor": "3",
}
DERIVED = {
    "derivedAjcc7T": "310",
    "derivedAjcc7TDescript": "p",
    "derivedAjcc7N": "110",
    "derivedAjcc7NDescript": "p",
    "derivedAjcc7M": "000",
    "derivedAjcc7MDescript": "c",
    "derivedAjcc7StageGrp": "530",
}
DERIVED_2018 = {
    "derivedEod2018T": "T2",
    "derivedEod2018N": "N0",
    "derivedEod2018M": "M0",
    "derivedEod2018StageGroup": "2",
}
WITH_R = {"ajccTnmClinT": "rcT0", "ajccTnmClinN": "rcN0", "ajccTnmClinM": "rcM1"}
EIGHTH, SEVENTH = {"tnmEditionNumber": "08"}, {"tnmEditionNumber": "07"}


def recurrence(kind: str, date: str = "20230504") -> dict[str, str]:
    """Return the items of a first recurrence."""
    return {"recurrenceType1st": kind, "recurrenceDate1st": date}


# What a tumor shows, and its items.
TUMORS: list[tuple[str, dict[str, str]]] = [
    ("no recurrence", {**CLINICAL, **PATHOLOGICAL, **EIGHTH, "recurrenceType1st": "00"}),
    ("after treatment", {**CLINICAL, **CLINICAL_AFTER_TREATMENT, **AFTER_TREATMENT, **EIGHTH}),
    ("items to 2017", {**TO_2017, **SEVENTH}),
    ("a distant recurrence, with r", {**PATHOLOGICAL, **WITH_R, **EIGHTH, **recurrence("54")}),
    ("a recurrence, no r", {**PATHOLOGICAL, **EIGHTH, **recurrence("10")}),
    ("a recurrence without date", {**PATHOLOGICAL, **EIGHTH, **recurrence("10", "")}),
    ("a recurrence before the diagnosis", {**PATHOLOGICAL, **EIGHTH, **recurrence("10", "2001")}),
    ("no recurrence, and an r", {**PATHOLOGICAL, **WITH_R, **EIGHTH, "recurrenceType1st": "00"}),
    ("never disease-free, and recurred", {**PATHOLOGICAL, **EIGHTH, **recurrence("70")}),
    ("local, and the r is distant", {**PATHOLOGICAL, **WITH_R, **EIGHTH, **recurrence("10")}),
    ("a code that is none", {**PATHOLOGICAL, **EIGHTH, **recurrence("11")}),
    ("a date that is none", {**PATHOLOGICAL, **EIGHTH, **recurrence("10", "20231340")}),
    ("a pT among the clinical items", {**CLINICAL, "ajccTnmClinT": "pT2", **EIGHTH}),
    ("suffixes that contradict", {**PATHOLOGICAL, "ajccTnmPathT": "pT3(m)", "ajccTnmPathTSuffix": "(s)"}),
    ("nothing assigned", {"ajccTnmClinT": "88", "ajccTnmClinN": "88", "ajccTnmClinStageGroup": "99"}),
    ("a value that is none", {**CLINICAL, "ajccTnmClinT": "cT9"}),
    ("no prefixes", {"tnmClinT": "1", "tnmClinN": "0", "tnmPathT": "2", "tnmPathN": "0", **SEVENTH}),
    ("a y among the clinical items", {**PATHOLOGICAL, "ajccTnmClinT": "ycT2", **EIGHTH}),
    ("a date that says that there is none", {**PATHOLOGICAL, **EIGHTH, **recurrence("70", "00000000")}),
    ("derived by the edition of 2010", DERIVED),
    ("derived, and a code that is none", {**DERIVED, "derivedAjcc7N": "998"}),
    ("derived since 2018, and FIGO", {**DERIVED_2018, "figoStage": "2", "primarySite": "C541"}),
    ("a summary stage", {**PATHOLOGICAL, **EIGHTH, "summaryStage2018": "3"}),
    ("an item of a user", {**PATHOLOGICAL, **EIGHTH, "ajccTnmPathRestaged": "1"}),
    ("an item twice", {**PATHOLOGICAL, **EIGHTH}),
    ("a name and a number that differ", {**PATHOLOGICAL, **EIGHTH}),
    ("an item of staging beside the tumor", {**PATHOLOGICAL, **EIGHTH}),
]
# What names cannot say twice: further lines of the tumor, and of the patient.
IN_TUMOR = {
    "an item twice": '<Item naaccrNum="1011">pT2</Item>',
    "a name and a number that differ": '<Item naaccrId="ajccTnmClinT" naaccrNum="1062">cT2</Item>',
}
IN_PATIENT = {"an item of staging beside the tumor": '<Item naaccrId="ajccTnmClinT">cT2</Item>'}


def lines() -> list[str]:
    """Return the message line by line."""
    made = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<NaaccrData baseDictionaryUri="http://naaccr.org/naaccrxml/naaccr-dictionary-240.xml"',
        '  recordType="I" specificationVersion="1.7" xmlns="http://naaccr.org/naaccrxml">',
    ]
    for number, (shows, items) in enumerate(TUMORS, start=1):
        tumor = {"tumorRecordNumber": "01", "dateOfDiagnosis": "20190302", "primarySite": "C187", **items}
        made += [
            f"  <!-- {shows} -->",
            "  <Patient>",
            f'    <Item naaccrId="patientIdNumber">{number:08}</Item>',
            *(f"    {line}" for other, line in IN_PATIENT.items() if other == shows),
            "    <Tumor>",
            *(f'      <Item naaccrId="{name}">{escape(text)}</Item>' for name, text in tumor.items()),
            *(f"      {line}" for other, line in IN_TUMOR.items() if other == shows),
            "    </Tumor>",
            "  </Patient>",
        ]
    return [*made, "</NaaccrData>"]


if __name__ == "__main__":
    sys.stdout.write("\n".join(lines()) + "\n")
