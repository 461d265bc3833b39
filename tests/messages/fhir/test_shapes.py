"""FHIR: the shapes of many exporters, each with what it says; the messages are invented."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.fhir_messages import LOINC, MII, SNOMED, UICC, bundle, concept, findings, histories, put

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.fhir_messages import Data

OID = "urn:oid:2.16.840.1.113883.15.16"
GOLD = "https://www.vision-zero-oncology.de/fhir/StructureDefinition/uicc-tnm-"
NNGM = "http://uk-koeln.de/fhir/StructureDefinition/Extension/nNGM/"
CH = "http://fhir.ch/ig/ch-crl/CodeSystem/nkrs-"
CAP = "https://cap.org/eCC"
AJCC = "http://cancerstaging.org"
DKTK = "http://dktk.dkfz.de/fhir/onco/core/CodeSystem/"
NCIT = "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"
YES = True
CONDITION = {"resourceType": "Condition", "id": "1", "subject": {"reference": "Patient/1"}}


def made(code: Data, value: Any = None, **more: Any) -> Data:
    """Return an Observation; a value that is no object is one of a boolean or of a text."""
    data = {
        "resourceType": "Observation",
        "status": "final",
        "code": code,
        "subject": {"reference": "Patient/1"},
        "focus": [{"reference": "Condition/1"}],
        "effectiveDateTime": "2023-05-11",
    }
    return {name: one for name, one in {**data, **valued(value), **more}.items() if one is not None}


def valued(value: Any) -> Data:
    if value is None:
        return {}
    if type(value) is dict:
        return {"valueQuantity" if "value" in value else "valueCodeableConcept": value}
    return {"valueBoolean" if type(value) is bool else "valueString": value}


def part(code: Data, value: Any = None, *extensions: Data, **more: Any) -> Data:
    return {
        **({"extension": list(extensions)} if extensions else {}),
        "code": code,
        **valued(value),
        **more,
    }


def extension(url: str, code: str, system: str = OID) -> Data:
    return {"url": url, "valueCodeableConcept": concept(code, system)}


def shown(code: str, display: str, system: str = SNOMED) -> Data:
    return {"coding": [{"system": system, "code": code, "display": display}]}


def both(*codings: tuple[str, str]) -> Data:
    return {"coding": [{"system": system, "code": code} for system, code in codings]}


def number(value: float) -> Data:
    return {"value": value, "system": "http://unitsofmeasure.org", "code": "1"}


T, N, M, GROUP = (concept(one) for one in ("78873005", "277206009", "277208005", "399390009"))
PT, PN, PGROUP = (concept(one, LOINC) for one in ("21899-0", "21900-6", "21902-2"))
CT, CGROUP = concept("21905-5", LOINC), concept("21908-9", LOINC)
LN_POSITIVE, LN_EXAMINED = concept("21893-3", LOINC), concept("21894-1", LOINC)


def gold(*parts: Data, **more: Any) -> Data:
    return made(
        both((SNOMED, "258235000"), (LOINC, "21902-2")), concept("IIB", OID), component=list(parts), **more
    )


GOLD_T = part(PT, concept("T3", OID), extension(f"{GOLD}prefix-cpu", "p"))
GOLD_N = part(
    PN, concept("N1", OID), extension(f"{GOLD}prefix-cpu", "p"), extension(f"{GOLD}suffix-itc-sn", "sn")
)


def kairos(**texts: str) -> Data:
    names = {"group": "stadium", "r": "recidiv classification", "y": "y-symbol", "several": "multiple"}
    parts = []
    for name, text in texts.items():
        code = {"coding": [{"code": names.get(name, name.replace("_", "-"))}]}
        value = {"coding": [{"code": text}]} if name.endswith("prefix") else text
        parts.append(part(code, value))
    return made(PGROUP, component=parts)


def cap(question: str, answer: str, **more: Any) -> Data:
    return made(shown("1.100004300", question, CAP), shown("2.100004300", answer, CAP), **more)


def descriptors(*answers: str) -> Data:
    parts = [{"code": shown(f"{place}.100004300", one, CAP)} for place, one in enumerate(answers)]
    return made(shown("9.100004300", "TNM Descriptors", CAP), component=parts)


def pt2(**more: Any) -> Data:
    return made(PT, concept("T2", UICC), **more)


def cause(code: str, name: str = "", **more: Any) -> Data:
    found = {"code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code}]}}
    if name:
        found = {"code": {"coding": [{"system": SNOMED, "code": code, "display": name}]}}
    return {"resourceType": "Condition", "subject": {"reference": "Patient/1"}, **found, **more}


# What stands in the message, the stagings that are read in it (None: refused), and codes that are told.
CASES: dict[str, tuple[list[Data], list[str | None], set[str]]] = {
    "GOLD, r as a component": (
        [gold(part(concept("277647002"), concept("r", OID)), GOLD_T, GOLD_N)],
        ["rpT3 rpN1(sn) rpStage IIB"],
        set(),
    ),
    "GOLD, y, invasion and counts": (
        [
            gold(
                part(concept("277649004"), concept("y", OID)),
                GOLD_T,
                GOLD_N,
                part(concept("33739-4", LOINC), concept("L0", OID)),
                part(concept("33740-2", LOINC), concept("V1", OID)),
                part(concept("92837-4", LOINC), concept("Pn1", OID)),
                part(LN_POSITIVE, number(3)),
                part(LN_EXAMINED, number(9)),
            )
        ],
        ["ypT3 ypN1(sn)(3/9) L0 V1 Pn1 ypStage IIB"],
        set(),
    ),
    "GOLD, several tumors and residual tumor as a member": (
        [
            gold(
                GOLD_T,
                part(concept("277650004"), concept("m", OID)),
                hasMember=[{"reference": "Observation/o1"}],
            ),
            made(concept("84892-9", LOINC), concept("R1", OID)),
        ],
        ["pT3(m) R1 pStage IIB"],
        set(),
    ),
    "nNGM, r by its value": (
        [
            made(
                concept("260879005"),
                component=[
                    part(T, concept("T2", OID), extension(f"{NNGM}tnm-cpu-praefix", "p")),
                    part(N, concept("N0", OID), extension(f"{NNGM}tnm-cpu-praefix", "c")),
                    part(concept("399566009"), concept("r", OID)),
                ],
            )
        ],
        ["rpT2 rcN0"],
        set(),
    ),
    "nNGM, y by its value": (
        [
            made(
                concept("260879005"),
                component=[part(T, concept("T2", OID)), part(concept("399566009"), concept("y", OID))],
            )
        ],
        ["yT2"],
        set(),
    ),
    "nNGM, another value of the prefix": (
        [
            made(
                concept("260879005"),
                component=[part(T, concept("T2", OID)), part(concept("399566009"), concept("x", OID))],
            )
        ],
        [None],
        {"RS545"},
    ),
    "nNGM, no first diagnosis": (
        [pt2(extension=[{"url": f"{NNGM}tnm-erstdiagnose", "valueBoolean": False}])],
        [None],
        {"RS551"},
    ),
    "nNGM, the edition": ([pt2(extension=[extension(f"{NNGM}uiccVersion", "8")])], ["pT2 (UICC 8)"], set()),
    "kairos": (
        [
            kairos(
                t="3",
                t_prefix="p",
                n="1",
                n_prefix="p",
                m="0",
                m_prefix="c",
                r="r",
                several="2",
                group="IIIA",
            )
        ],
        ["rpT3(2) rpN1 rcM0 rStage IIIA"],
        set(),
    ),
    "kairos, a method with its words": (
        [
            made(
                PGROUP,
                component=[
                    part({"coding": [{"code": "t"}]}, "3"),
                    part(
                        {"coding": [{"code": "t-prefix"}]},
                        {"coding": [{"code": "p", "display": "by pathology"}]},
                    ),
                ],
            )
        ],
        ["pT3"],
        set(),
    ),
    "kairos, a method whose words are of timing": (
        [
            made(
                PGROUP,
                component=[
                    part({"coding": [{"code": "t"}]}, "3"),
                    part(
                        {"coding": [{"code": "t-prefix"}]},
                        {"coding": [{"code": "p", "display": "recurrence"}]},
                    ),
                ],
            )
        ],
        [None],
        {"RS551"},
    ),
    "a count as a code with its words": (
        [
            pt2(),
            made(PN, concept("N1", UICC)),
            made(concept("21893-3", LOINC), shown("3", "three nodes", SNOMED)),
        ],
        [None],
        {"RS545"},
    ),
    "kairos, another method than the value": ([kairos(t="cT3", t_prefix="p")], [None], {"RS542"}),
    "kairos, a component of another name": ([kairos(t="3", certainty="low")], [None], {"RS551"}),
    "DKTK, r and no r": (
        [
            made(
                PGROUP,
                component=[
                    part(PT, concept("2", f"{DKTK}TNMTCS")),
                    part(concept("21983-2", LOINC), concept(code, f"{DKTK}TNMrSymbolCS")),
                ],
                effectiveDateTime=date,
            )
            for code, date in (("9", "2019"), ("r", "2023"))
        ],
        ["pT2", "rpT2"],
        set(),
    ),
    "CH-CRL, y and a code that only its words explain": (
        [
            made(PT, shown("3", "pT3", f"{CH}pt")),
            made(concept("277060007"), shown("8", "LX", f"{CH}lymphaticinvasion")),
            made(concept("373847000"), YES),
        ],
        ["ypT3 LX"],
        {"RS554"},
    ),
    "CH-CRL, the y of the other staging of the day": (
        [
            made(PT, shown("3", "pT3", f"{CH}pt")),
            made(CT, shown("2", "cT2", f"{CH}ct")),
            made(concept("373847000"), YES),
        ],
        ["ypT3", "cT2"],
        set(),
    ),
    "CH-CRL, a number of tumors": ([pt2(), made(concept("42030-7", LOINC), number(3))], ["pT2(3)"], set()),
    "French codes": ([pt2(), made(concept("277647002"), YES)], ["rpT2"], set()),
    "French codes, no value": ([pt2(), made(concept("277647002"))], [None], {"RS545"}),
    "MII with prefixes": (
        [
            made(
                concept("399504009"),
                both((UICC, "T2"), (SNOMED, "1352993004")),
                modifierExtension=[extension(f"{MII}r-praefix", "r", UICC)],
            )
        ],
        ["rcT2"],
        set(),
    ),
    "MII, r in the code's own extension": (
        [
            made(
                {**concept("399504009"), "extension": [extension(f"{MII}r-praefix", "r", UICC)]},
                concept("T2", UICC),
            )
        ],
        ["rcT2"],
        set(),
    ),
    "a concept beside the code that says y": (
        [made(T, both((UICC, "T2"), (SNOMED, "1228910005")))],
        ["ypT2"],
        set(),
    ),
    "a concept beside the code that says another value": (
        [made(T, both((UICC, "T2"), (SNOMED, "1352966002")))],
        [None],
        {"RS543"},
    ),
    "values that are concepts": (
        [
            made(concept("399504009"), concept("1228938002")),
            made(concept("399534004"), concept("1229973008")),
        ],
        ["cT3 cN1"],
        set(),
    ),
    "a concept of the other method": ([made(PT, concept("1228938002"))], [None], {"RS542"}),
    "a concept with the words of another": (
        [made(PT, shown("1229852009", "American Joint Committee on Cancer pT3 (qualifier value)"))],
        [None],
        {"RS543"},
    ),
    "a group that is a concept": ([made(PGROUP, concept("1222766008"))], ["pStage IIA"], set()),
    "NCIt, by its words": ([made(T, shown("C48720", "T1 Stage Finding", NCIT))], ["T1"], {"RS554"}),
    "words that hold more": ([made(T, shown("1", "cT2, suspected"))], [None], {"RS545"}),
    "a code of a checklist beside": (
        [made(concept("384625004"), both((CAP, "37632.100004300"), (SNOMED, "1229852009")))],
        ["pT2"],
        {"RS547"},
    ),
    "an unknown code beside": ([made(PT, both((UICC, "T2"), (SNOMED, "415684004")))], [None], {"RS551"}),
    "a checklist": (
        [
            descriptors("m (multiple foci of invasive carcinoma)", "y (post-neoadjuvant therapy)"),
            cap("Primary Tumor (pT)", "pT1b: Tumor more than 5 mm#"),
            cap("Regional Lymph Nodes (pN) (Note H)", "pN0: No metastasis"),
            cap("?pM Category (required only if confirmed)", "Not applicable - pM cannot be determined"),
        ],
        ["ypT1b(m) ypN0"],
        {"RS547"},
    ),
    "a checklist with a modified classification": (
        [
            cap("Modified Classification", "r (recurrence)"),
            cap("pT Category", "pT2: Tumor"),
        ],
        ["rpT2"],
        {"RS554"},
    ),
    "a checklist with a category that is not assigned": (
        [
            cap("pT Category", "pT2: Tumor"),
            cap("pN Category", "pN not assigned (no nodes submitted or found)"),
        ],
        ["pT2"],
        {"RS547"},
    ),
    "a checklist with another descriptor": (
        [descriptors("other (specify)"), cap("pT Category", "pT2: Tumor")],
        [None],
        {"RS551"},
    ),
    "Ann Arbor by its code": (
        [made(CGROUP, concept("IIIB", "http://example.org/x"), method=concept("254372002"))],
        ["cAnn Arbor IIIB"],
        set(),
    ),
    "FIGO by its words": (
        [made(PGROUP, concept("IB2", "http://example.org/x"), method={"text": "FIGO 2018"})],
        ["pFIGO IB2 (FIGO 2018)"],
        set(),
    ),
    "FIGO and TNM of one day": (
        [
            made(PGROUP, concept("IB", AJCC), method=concept("897275008")),
            pt2(method=concept("897275008")),
            made(PGROUP, concept("IB2", "http://example.org/x"), method=concept("106250008")),
        ],
        ["pT2 pStage IB (AJCC 8)", "pFIGO IB2"],
        set(),
    ),
    "FIGO by the system of its code": (
        [made(PGROUP, concept("IIIC1", "http://www.figo.org/staging"))],
        ["pFIGO IIIC1"],
        set(),
    ),
    "lymphoma by the system of its code": (
        [made(CGROUP, concept("IIB", "http://example.org/CodeSystem/ann-arbor-stage"))],
        ["cAnn Arbor IIB"],
        set(),
    ),
    "FIGO by the system of its code beside AJCC": (
        [made(PGROUP, concept("IIIC1", "http://www.figo.org"), method=concept("897275008"))],
        [None],
        {"RS543"},
    ),
    "FIGO under a code that is not known": (
        [
            pt2(),
            made({"coding": [{"system": LOINC, "code": "1", "display": "FIGO stage"}]}, concept("IIIC1")),
        ],
        ["pT2"],
        {"RS547"},
    ),
    "the stage of a tumor under a code that is not known": (
        [pt2(), made({"text": "Neoplasm staging"}, {"text": "three"})],
        ["pT2"],
        {"RS530"},
    ),
    "a stage of another disease": (
        [pt2(), made({"text": "Chronic kidney disease stage"}, {"text": "3a"})],
        ["pT2"],
        set(),
    ),
    "a group of an unknown system": (
        [made(PGROUP, concept("II", AJCC), method={"text": "x"})],
        [None],
        {"RS556"},
    ),
    "a T by another system": ([pt2(method=concept("254372002"))], [None], {"RS543"}),
    "preliminary": ([pt2(status="preliminary")], [None], {"RS555"}),
    "another status": ([pt2(status="x")], [None], {"RS551"}),
    "an unknown status of exports": ([pt2(status="unknown")], ["pT2"], set()),
    "a note": ([pt2(note=[{"text": "see the report of the pathologist's colleague"}])], [None], {"RS551"}),
    "a note of no weight": ([pt2(note=[{"text": "Entered by the front desk"}])], ["pT2"], {"RS547"}),
    "an interpretation": ([pt2(interpretation=[concept("IND")])], [None], {"RS551"}),
    "a reason beside a value": ([pt2(dataAbsentReason=concept("unknown"))], [None], {"RS551"}),
    "a symbol that is absent": (
        [pt2(), made(concept("101659-1", LOINC), dataAbsentReason=concept("unknown"))],
        ["pT2"],
        {"RS547"},
    ),
    "an extension of a plain value": (
        [pt2(_status={"extension": [{"url": "http://example.org/x", "valueBoolean": True}]})],
        [None],
        {"RS551"},
    ),
    "an extension of the patient's reference": (
        [pt2(subject={"reference": "Patient/1", "extension": [{"url": "http://example.org/x"}]})],
        ["pT2"],
        {"RS547"},
    ),
    "a measured value as a component": (
        [pt2(component=[part(concept("x", "http://example.org/x"), {"value": 22, "unit": "mm"})])],
        ["pT2"],
        {"RS547"},
    ),
    "counts that are members of N": (
        [
            pt2(),
            made(
                PN,
                concept("N1", UICC),
                hasMember=[{"reference": "Observation/o2"}, {"reference": "Observation/o3"}],
            ),
            made(LN_POSITIVE, number(2), effectiveDateTime="2023-06"),
            made(LN_EXAMINED, number(17), effectiveDateTime="2023-06"),
        ],
        ["pT2 pN1(2/17)"],
        set(),
    ),
    "one count alone": (
        [pt2(), made(PN, concept("N1", UICC)), made(LN_EXAMINED, number(17))],
        ["pT2 pN1"],
        {"RS547"},
    ),
    "a member that is not here": (
        [made(PGROUP, concept("IIA", UICC), hasMember=[{"reference": "Observation/x"}])],
        [None],
        {"RS545"},
    ),
    "a member that was cancelled": (
        [
            made(PGROUP, concept("IIA", UICC), hasMember=[{"reference": "Observation/o1"}]),
            pt2(status="cancelled"),
        ],
        [None],
        {"RS555"},
    ),
    "a member that says no TNM": (
        [
            made(
                PGROUP,
                concept("IIA", UICC),
                hasMember=[{"reference": f"Observation/o{one}"} for one in (1, 2)],
            ),
            pt2(),
            made(concept("85337-4", LOINC), concept("LA6576-8", LOINC)),
        ],
        ["pT2 pStage IIA"],
        {"RS557"},
    ),
    "a member of an unknown code": (
        [
            made(
                PGROUP,
                concept("IIA", UICC),
                hasMember=[{"reference": f"Observation/o{one}"} for one in (1, 2)],
            ),
            pt2(),
            made(concept("x", "http://example.org/x"), YES),
        ],
        [None],
        {"RS551"},
    ),
    "what a group was derived from": (
        [
            made(
                PGROUP,
                concept("IIA", UICC),
                derivedFrom=[{"reference": f"Observation/o{one}"} for one in (1, 2)],
            ),
            pt2(effectiveDateTime=None),
            made(concept("101659-1", LOINC), concept("421188008"), effectiveDateTime=None),
        ],
        ["rpT2 rpStage IIA"],
        set(),
    ),
    "a comorbidity": (
        [{**pt2(), "focus": None}, cause("C50.9"), cause("I10")],
        ["pT2"],
        {"RS553"},
    ),
    "a comorbidity in words": (
        [{**pt2(), "focus": None}, cause("C18.2"), cause("38341003", "Hypertensive disorder")],
        ["pT2"],
        {"RS553"},
    ),
    "two tumors": ([{**pt2(), "focus": None}, cause("C18.2"), cause("1", "Melanoma of skin")], [], {"RS541"}),
    "a metastasis is no second tumor": (
        [{**pt2(), "focus": None}, cause("C18.2"), cause("C78.7")],
        ["pT2"],
        {"RS553"},
    ),
    "no condition": ([{**pt2(), "focus": None}], ["pT2"], {"RS552"}),
    "an r as the value of an unknown code": (
        [pt2(), made(concept("x", "http://example.org/x"), concept("277647002"))],
        [None],
        {"RS544"},
    ),
    "words of timing with the code": (
        [made({**PT, "text": "rpT category"}, concept("T2", UICC))],
        [None],
        {"RS551"},
    ),
    "an Observation inside of a staging": (
        [pt2(contained=[made(T, concept("rT2", UICC))])],
        [None],
        {"RS551"},
    ),
    "an occult tumor": ([made(GROUP, shown("okk", "Stadium X", UICC))], ["Stage occult"], set()),
    "a category that is missing for a reason": (
        [pt2(), made(N, dataAbsentReason=concept("unknown"))],
        ["pT2"],
        {"RS547"},
    ),
    "an r of an unknown tumor": (
        [
            pt2(),
            cause("C18.2"),
            cause("C50.9"),
            {**made(concept("101659-1", LOINC), concept("421188008")), "focus": None},
        ],
        [None],
        {"RS541", "RS544"},
    ),
}


def stagings(file: str) -> list[str | None]:
    found = [one.staging for history in histories(file) for one in history.tumor.stagings]
    return [str(one.stage) if one is not None else None for one in found]


@pytest.mark.parametrize("case", CASES)
def test_a_shape_is_read_or_refused(case: str, tmp_path: Path) -> None:
    resources, expected, codes = CASES[case]
    given = [{name: one for name, one in resource.items() if one is not None} for resource in resources]
    has_own = any(one["resourceType"] == "Condition" for one in given) or case == "no condition"
    file = put(tmp_path, bundle(*given, *([] if has_own else [CONDITION])))
    assert stagings(file) == expected
    told = {one.diagnostic.code for one in findings(file)}
    assert codes <= told
    if not codes and None not in expected:
        assert not {"RS547", "RS551", "RS554"} & told


ANSWERS = [
    ({"valueString": "rpT2"}, "x"),
    ({"valueCoding": {"system": SNOMED, "code": "1228938002"}}, "T"),
    ({"valueCoding": {"system": CAP, "code": "1", "display": "r (recurrent)"}}, "x"),
    ({"valueCoding": {"system": CAP, "code": "1", "display": "pT2: Tumor"}}, "x"),
]


@pytest.mark.parametrize(("answer", "question"), ANSWERS)
def test_an_answer_of_a_questionnaire_is_told(answer: Data, question: str, tmp_path: Path) -> None:
    item = {"linkId": "1", "item": [{"linkId": "2", "text": question, "answer": [answer]}]}
    response = {"resourceType": "QuestionnaireResponse", "status": "completed", "item": [item]}
    (found,) = findings(put(tmp_path, bundle(response)))
    assert found.diagnostic.code == "RS530"
    assert found.place.path.endswith("item[0].item[0].answer[0]")


TEXTS = [
    {"resourceType": "DiagnosticReport", "conclusion": "Recurrence, rpT2 pN0"},
    {"resourceType": "Procedure", "note": [{"text": "cT3 cN1 M0"}]},
    {"resourceType": "ClinicalImpression", "summary": "T3 N1 M0"},
    {"resourceType": "Condition", "stage": [{"summary": {"text": "rT2"}}]},
]


@pytest.mark.parametrize("resource", TEXTS, ids=lambda one: one["resourceType"])
def test_a_staging_in_the_text_of_another_resource_is_told(resource: Data, tmp_path: Path) -> None:
    (found,) = findings(put(tmp_path, bundle(resource)))
    assert found.diagnostic.code == "RS530"


SUFFIXES = [
    {"valueString": "(sn)"},
    {"valueString": "(i+)"},
    {"valueCodeableConcept": {"text": "mol-"}},
    {"valueCodeableConcept": {"coding": [{"system": "http://example.org/x", "code": "i-"}]}},
    {
        "valueCodeableConcept": {
            "coding": [{"system": "http://example.org/x", "code": "1", "display": "i-(sn)"}]
        }
    },
]


@pytest.mark.parametrize("value", SUFFIXES, ids=str)
def test_a_suffix_in_an_observation_of_its_own_is_told(value: Data, tmp_path: Path) -> None:
    alone = {"resourceType": "Observation", "status": "final", "code": concept("x", "http://example.org/x")}
    (found,) = findings(put(tmp_path, bundle(alone | value)))
    assert found.diagnostic.code == "RS530"
    (found,) = findings(put(tmp_path, bundle(alone | {"component": [alone | value]})))
    assert found.diagnostic.code == "RS530"


def test_other_texts_are_none(tmp_path: Path) -> None:
    texts = ("T1-weighted image of the brain", "fT4 and TSH", "N1 of 3", "vitamin B12")
    reports = [{"resourceType": "DiagnosticReport", "conclusion": text} for text in texts]
    assert not findings(put(tmp_path, bundle(*reports)))


def test_other_answers_of_a_questionnaire_are_none(tmp_path: Path) -> None:
    item = {"linkId": "1", "text": "Smoker", "answer": [{"valueString": "no"}]}
    response = {"resourceType": "QuestionnaireResponse", "status": "completed", "item": [item]}
    assert not findings(put(tmp_path, bundle(response)))
