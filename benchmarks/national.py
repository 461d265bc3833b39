"""Invented messages as dense as those of a national registry: most of what stands in one is about no stage.

Ids, dates and values differ from patient to patient, so that no answer can be remembered for a whole record.
"""

from __future__ import annotations

import json
import random
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ITEMS = (Path(__file__).parent / "national_items.txt").read_text(encoding="utf-8")
PER_PATIENT, PER_TUMOR = (part.split() for part in ITEMS.partition("[Patient]")[2].split("[Tumor]"))
T, N, M = ("1", "1a", "1b", "2", "2a", "3", "4", "X"), ("0", "1", "1a", "2", "2b", "X"), ("0", "1", "1a")
GROUPS = ("1", "1A", "2", "2B", "3", "3A", "3C", "4", "4A", "99")


def _naaccr_items(dice: random.Random, name: str) -> str:
    if name.startswith("date"):
        return f"{dice.randint(2015, 2023)}{dice.randint(1, 12):02}{dice.randint(1, 28):02}"
    return f"{dice.randint(0, 999):03}"


def naaccr_patients(dice: random.Random) -> Iterator[str]:
    """Yield patients of NAACCR XML: about 170 items for each tumor, a dozen of them about its stage."""

    def item(name: str, text: str) -> str:
        return f'      <Item naaccrId="{name}">{text}</Item>\n'

    for number in count(1):
        parts = ["  <Patient>\n", item("patientIdNumber", f"{number:08}")]
        parts += [item(name, _naaccr_items(dice, name)) for name in PER_PATIENT]
        for tumor in range(1, dice.choice((2, 2, 2, 3))):
            year = dice.randint(2015, 2020)
            date = f"{year}{dice.randint(1, 12):02}{dice.randint(1, 28):02}"
            parts += ["    <Tumor>\n", item("tumorRecordNumber", f"{tumor:02}")]
            parts.append(item("dateOfDiagnosis", date))
            parts.append(item("primarySite", f"C{dice.randint(0, 80):02}{dice.randint(0, 9)}"))
            parts += [item(name, _naaccr_items(dice, name)) for name in PER_TUMOR]
            t, n, m = dice.choice(T), dice.choice(N), dice.choice(M)
            parts += [item("ajccTnmClinT", f"cT{t}"), item("ajccTnmClinN", f"cN{n}")]
            parts += [item("ajccTnmClinM", f"cM{m}"), item("ajccTnmClinStageGroup", dice.choice(GROUPS))]
            if dice.random() < 0.6:
                t, n = dice.choice(T), dice.choice(N)
                parts += [item("ajccTnmPathT", f"pT{t}"), item("ajccTnmPathN", f"pN{n}")]
                parts += [item("ajccTnmPathM", "cM0"), item("ajccTnmPathStageGroup", dice.choice(GROUPS))]
            parts.append(item("tnmEditionNumber", "08"))
            if dice.random() < 0.1:
                parts.append(item("recurrenceDate1st", f"{year + 2}{dice.randint(1, 12):02}17"))
                parts.append(item("recurrenceType1st", dice.choice(("10", "22", "54", "70"))))
            parts.append("    </Tumor>\n")
        parts.append("  </Patient>\n")
        yield "".join(parts)


NAACCR_ROOT = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<NaaccrData baseDictionaryUri="http://naaccr.org/naaccrxml/naaccr-dictionary-240.xml" recordType="I"'
    ' specificationVersion="1.7" xmlns="http://naaccr.org/naaccrxml">\n'
)

Coded = dict[str, Any]
SNOMED, LOINC = "http://snomed.info/sct", "http://loinc.org"
CATEGORIES = {"cT": "399504009", "cN": "399534004", "cM": "399387003"}
CATEGORIES |= {"pT": "384625004", "pN": "371494008", "pM": "371497001"}
LABORATORY = ("718-7", "2345-7", "6690-2", "777-3", "2160-0", "3094-0", "1742-6", "1920-8", "2951-2")
WORDS = ("Hemoglobin", "Glucose", "Leukocytes", "Platelets", "Creatinine", "Urea nitrogen", "ALT", "AST")


def _coded(system: str, code: str, display: str) -> Coded:
    return {"coding": [{"system": system, "code": code, "display": display}], "text": display}


def _dated(dice: random.Random, year: int) -> str:
    return f"{year}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}T08:{dice.randint(0, 59):02}:00+01:00"


def _observation(dice: random.Random, patient: str, number: int, year: int) -> Coded:
    return {
        "resourceType": "Observation",
        "id": f"{patient}-lab-{number}",
        "status": "final",
        "category": [
            _coded("http://terminology.hl7.org/CodeSystem/observation-category", "laboratory", "Laboratory")
        ],
        "code": _coded(LOINC, dice.choice(LABORATORY), dice.choice(WORDS)),
        "subject": {"reference": f"Patient/{patient}"},
        "encounter": {"reference": f"Encounter/{patient}-{number % 7}"},
        "effectiveDateTime": _dated(dice, year),
        "issued": _dated(dice, year),
        "valueQuantity": {"value": dice.randint(1, 9999) / 10, "unit": "mg/dL", "code": "mg/dL"},
        "referenceRange": [{"low": {"value": dice.randint(1, 20)}, "high": {"value": dice.randint(21, 99)}}],
    }


def _encounter(dice: random.Random, patient: str, number: int, year: int) -> Coded:
    return {
        "resourceType": "Encounter",
        "id": f"{patient}-{number}",
        "status": "finished",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
        "type": [_coded(SNOMED, "185347001", "Encounter for problem")],
        "subject": {"reference": f"Patient/{patient}"},
        "period": {"start": _dated(dice, year), "end": _dated(dice, year)},
        "reasonCode": [_coded(SNOMED, str(dice.randint(10**7, 10**8)), "Follow-up examination")],
    }


def _procedure(dice: random.Random, patient: str, number: int, year: int) -> Coded:
    return {
        "resourceType": "Procedure",
        "id": f"{patient}-op-{number}",
        "status": "completed",
        "code": _coded(SNOMED, str(dice.randint(10**7, 10**8)), "Excision of part of an organ"),
        "subject": {"reference": f"Patient/{patient}"},
        "performedDateTime": _dated(dice, year),
        "note": [{"text": "Procedure went well, the patient was discharged in good condition."}],
    }


def _medication(dice: random.Random, patient: str, number: int, year: int) -> Coded:
    return {
        "resourceType": "MedicationRequest",
        "id": f"{patient}-drug-{number}",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": _coded(
            "http://www.nlm.nih.gov/research/umls/rxnorm", str(dice.randint(10**5, 10**6)), "Oral tablet"
        ),
        "subject": {"reference": f"Patient/{patient}"},
        "authoredOn": _dated(dice, year),
        "dosageInstruction": [{"text": "one tablet in the morning", "timing": {"repeat": {"frequency": 1}}}],
    }


def _categories(dice: random.Random, patient: str, year: int) -> Iterator[Coded]:
    method = dice.choice("cp")
    date = _dated(dice, year)[:10]
    for letter, values in (("T", T), ("N", N), ("M", M)):
        system, text = f"{method}{letter}", f"{method}{letter}{dice.choice(values)}"
        yield {
            "resourceType": "Observation",
            "id": f"{patient}-{system}-{year}",
            "meta": {
                "profile": [f"http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-tnm-{letter.lower()}"]
            },
            "status": "final",
            "code": _coded(SNOMED, CATEGORIES[system], f"{system} category"),
            "subject": {"reference": f"Patient/{patient}"},
            "focus": [{"reference": f"Condition/{patient}-cancer"}],
            "effectiveDateTime": date,
            "valueCodeableConcept": {"coding": [{"system": "http://cancerstaging.org", "code": text}]},
            "method": {"coding": [{"system": SNOMED, "code": "897275008"}]},
        }


def fhir_patients(dice: random.Random) -> Iterator[list[Coded]]:
    """Yield the resources of patients as hospitals export them: sixty, three to six of them about a stage."""
    makers: tuple[Callable[[random.Random, str, int, int], Coded], ...]
    makers = (_observation, _observation, _observation, _encounter, _procedure, _medication)
    for number in count(1):
        patient, year = f"p{number:07}", dice.randint(2015, 2020)
        born, gender = (
            f"{dice.randint(1930, 1990)}-{dice.randint(1, 12):02}-11",
            dice.choice(("male", "female")),
        )
        made: list[Coded] = [
            {"resourceType": "Patient", "id": patient, "gender": gender, "birthDate": born},
            {
                "resourceType": "Condition",
                "id": f"{patient}-cancer",
                "code": _coded(SNOMED, "363406005", "Malignant tumor of colon"),
                "bodySite": [{"coding": [{"system": "urn:oid:2.16.840.1.113883.6.43.1", "code": "C18.7"}]}],
                "subject": {"reference": f"Patient/{patient}"},
                "onsetDateTime": f"{year}-01-01",
            },
        ]
        made += _categories(dice, patient, year)
        if dice.random() < 0.2:
            made += _categories(dice, patient, year + 3)
        made += [
            makers[one % len(makers)](dice, patient, one, dice.randint(year, year + 4)) for one in range(54)
        ]
        yield made


def write_naaccr(path: Path, megabytes: float) -> None:
    """Write a file of NAACCR XML of that size."""
    dice, size = random.Random(15), 0  # noqa: S311  invented data, the same in every run
    with path.open("w", encoding="utf-8") as target:
        target.write(NAACCR_ROOT)
        for patient in naaccr_patients(dice):
            size += target.write(patient)
            if size >= megabytes * 1e6:
                break
        target.write("</NaaccrData>\n")


def write_ndjson(path: Path, megabytes: float) -> None:
    """Write the resources of patients of that size, one a line."""
    dice, size = random.Random(15), 0  # noqa: S311  invented data, the same in every run
    with path.open("w", encoding="utf-8") as target:
        for patient in fhir_patients(dice):
            size += sum(target.write(json.dumps(one, separators=(",", ":")) + "\n") for one in patient)
            if size >= megabytes * 1e6:
                return


def write_bundle(path: Path, megabytes: float) -> None:
    """Write one bundle of that size."""
    dice, size, joint = random.Random(15), 0, ""  # noqa: S311  invented data, the same in every run
    with path.open("w", encoding="utf-8") as target:
        target.write('{"resourceType":"Bundle","type":"collection","entry":[')
        for patient in fhir_patients(dice):
            for one in patient:
                name = f"urn:uuid:{one['resourceType']}/{one['id']}"
                entry = json.dumps({"fullUrl": name, "resource": one}, separators=(",", ":"))
                size += target.write(joint + entry)
                joint = ","
            if size >= megabytes * 1e6:
                break
        target.write("]}\n")
