"""FHIR: what a condition says of a recurrence, and a condition that is no tumor of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.fhir_messages import (
    DIAGNOSIS,
    PLAIN,
    WITH_R,
    bundle,
    codes,
    concept,
    put,
    staging,
    texts,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.fhir_messages import Data

CAME_BACK = concept("recurrence", "http://terminology.hl7.org/CodeSystem/condition-clinical")
ICD = "http://fhir.de/CodeSystem/bfarm/icd-10-gm"
SECONDARY = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-secondary-cancer-condition"
ASSERTED = "http://hl7.org/fhir/StructureDefinition/condition-assertedDate"


def condition(name: str = "1", **more: Any) -> Data:
    return {"resourceType": "Condition", "id": name, "subject": {"reference": "Patient/1"}, **more}


def named(words: str) -> Data:
    return {"code": {"coding": [{"display": words}]}}


@pytest.mark.parametrize(
    ("more", "is_told"),
    [
        ({"clinicalStatus": CAME_BACK}, True),
        ({"clinicalStatus": CAME_BACK, "onsetDateTime": "2019-02-11"}, False),
        (
            {
                "clinicalStatus": CAME_BACK,
                "extension": [{"url": ASSERTED, "valueDateTime": "2019"}],
                "onsetDateTime": "2012",
            },
            False,
        ),
        ({"clinicalStatus": CAME_BACK, "onsetDateTime": "2015-02-11"}, True),
        ({"clinicalStatus": CAME_BACK, "onsetDateTime": "2022-02-11"}, True),
        ({"onsetDateTime": "2015-02-11"}, False),
    ],
)
def test_the_only_staging_of_what_came_back_is_told_unless_it_is_of_the_diagnosis(
    more: Data, is_told: bool, tmp_path: Path
) -> None:
    file = put(tmp_path, bundle(condition(**more), *staging(DIAGNOSIS, "2019-03-02")))
    assert texts(file) == ["pT2 pN1 cM0"]
    assert ("RS441" in codes(file)) is is_told


@pytest.mark.parametrize("later", [WITH_R, PLAIN])
def test_a_staging_of_the_recurrence_leaves_nothing_to_tell_of_the_first(
    later: dict[str, str], tmp_path: Path
) -> None:
    stagings = [*staging(DIAGNOSIS, "2019-03-02"), *staging(later, "2023-05-11")]
    file = put(tmp_path, bundle(condition(clinicalStatus=CAME_BACK), *stagings))
    assert texts(file) == ["pT2 pN1 cM0 -> rpT1 rpN0 rcM0"]
    assert "RS441" not in codes(file)


@pytest.mark.parametrize(
    ("words", "is_told"),
    [
        ("Local recurrence of malignant tumor of colon", True),
        ("Lokalrezidiv eines Karzinoms", True),
        ("Malignant tumor of colon", False),
        ("Recurrent depressive disorder", False),
    ],
)
def test_words_of_a_condition_that_name_a_recurrence_are_told(
    words: str, is_told: bool, tmp_path: Path
) -> None:
    other = condition("2", **named(words))
    file = put(tmp_path, bundle(condition(), other, *staging(DIAGNOSIS, "2019-03-02")))
    assert texts(file) == ["pT2 pN1 cM0"]
    assert ("RS585" in codes(file)) is is_told


@pytest.mark.parametrize(
    "more",
    [
        {"meta": {"profile": [SECONDARY]}},
        {"code": concept("C78.7", ICD)},
        named("Secondary malignant neoplasm of liver"),
        named("Metastasis to liver"),
    ],
)
def test_a_metastasis_is_no_tumor_with_a_diagnosis_of_its_own(more: Data, tmp_path: Path) -> None:
    later = staging({"M": "pM1"}, "2023-05-11", focus=[{"reference": "Condition/2"}])
    stagings = [*staging(DIAGNOSIS, "2019-03-02"), *later]
    file = put(tmp_path, bundle(condition(), condition("2", **more), *stagings))
    assert texts(file) == ["pT2 pN1 cM0"]
    assert "RS541" in codes(file)


@pytest.mark.parametrize(
    "more",
    [
        {"code": {"coding": [concept("C18.7", ICD)["coding"][0]], "text": "Metastasis in the liver"}},
        named("Malignant neoplasm of colon metastatic to liver"),
    ],
)
def test_a_tumor_that_has_spread_is_a_tumor(more: Data, tmp_path: Path) -> None:
    file = put(tmp_path, bundle(condition(**more), *staging(DIAGNOSIS, "2019-03-02")))
    assert texts(file) == ["pT2 pN1 cM0"]
    assert "RS541" not in codes(file)
