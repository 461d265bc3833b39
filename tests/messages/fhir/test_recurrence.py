"""FHIR: an r is read wherever it may stand, and none is lost or invented."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.fhir_messages import (
    DIAGNOSIS,
    GENERAL,
    MII,
    PLAIN,
    R_SYMBOL,
    SNOMED,
    UICC,
    WITH_R,
    bundle,
    codes_in,
    concept,
    histories,
    observation,
    praefix,
    put,
    restaged_by_its_course,
    staging,
    texts,
    two_stagings,
)
from tests.support.fhir_messages import codes as found_codes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.fhir_messages import Data


WAYS: dict[str, Callable[[], list[Data]]] = {
    "the prefix of a value": lambda: staging({"T": "rpT2", "N": "rpN1", "M": "rcM0"}),
    "the prefix of the first value": lambda: staging({"T": "rpT2", "N": "pN1", "M": "cM0"}),
    "a text": lambda: [
        observation("T", None, valueString="rpT2"),
        observation("N", None, valueCodeableConcept={"text": "rpN1"}),
        observation("M", "rcM0"),
    ],
    "a symbol that is a member": lambda: [
        *(
            {**one, "id": f"m{number}"}
            for number, one in enumerate(staging({"T": "pT2", "N": "pN1", "M": "cM0"}))
        ),
        {**observation("r", None), **R_SYMBOL, "id": "m3"},
        observation(
            "group", None, hasMember=[{"reference": f"Observation/m{number}"} for number in range(4)]
        ),
    ],
    "a symbol of the same date": lambda: [
        *staging({"T": "pT2", "N": "pN1", "M": "cM0"}),
        {**observation("r", None), **R_SYMBOL},
    ],
    "a modifier": lambda: staging(
        {"T": "pT2", "N": "pN1", "M": "cM0"},
        modifierExtension=[{"url": f"{MII}r-praefix", "valueCodeableConcept": concept("r", UICC)}],
    ),
    "a component": lambda: [
        observation(
            "group",
            None,
            component=[
                *(
                    {"code": concept(GENERAL[part]), "valueCodeableConcept": concept(value, UICC)}
                    for part, value in {"T": "pT2", "N": "pN1", "M": "cM0"}.items()
                ),
                R_SYMBOL,
            ],
        )
    ],
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_saying_r_is_read(way: str, tmp_path: Path) -> None:
    file = put(tmp_path, bundle(*staging(DIAGNOSIS, "2019"), *WAYS[way]()))
    assert texts(file) == ["pT2 pN1 cM0 -> rpT2 rpN1 rcM0"]


def test_a_staging_of_a_course_that_reports_a_recurrence_is_restaged_without_r(tmp_path: Path) -> None:
    codes, restaged = codes_in(tmp_path, restaged_by_its_course())
    assert "RS532" in codes
    assert len(restaged) == 1
    assert restaged[0].startswith("r")


def group(**more: Any) -> list[Data]:
    """Return a group without a value, whose members are the last three Observations before it."""
    made = staging(PLAIN)
    members = [{"reference": f"urn:uuid:o{number}"} for number in (3, 4, 5)]
    return [*made, observation("group", None, hasMember=members, **more)]


@pytest.mark.parametrize(
    "later",
    [
        staging(PLAIN, **praefix(valueCodeableConcept=concept("r", UICC))),
        group(**praefix(valueCodeableConcept=concept("r", UICC))),
        [*staging(WITH_R), observation("group", "II", method={"text": "AJCC 8"})],
    ],
)
def test_an_r_is_read_wherever_it_may_stand(tmp_path: Path, later: list[Data]) -> None:
    codes, restaged = codes_in(tmp_path, two_stagings(later))
    assert len(restaged) == 1, codes
    assert restaged[0].startswith("rpT1 rpN0 rcM0")


@pytest.mark.parametrize(
    ("later", "code"),
    [
        (staging(WITH_R, subject={"reference": "Patient/2"}), "RS431"),
        (staging(WITH_R, focus=[{"reference": "#c1"}]), "RS541"),
        (staging(PLAIN, **praefix(valueBoolean=False)), "RS545"),
        (
            [
                *staging(PLAIN),
                observation("r", None, valueBoolean=True),
                observation("r", None, valueBoolean=False),
            ],
            "RS543",
        ),
        ([*staging(WITH_R), observation("r", None, valueBoolean=False)], "RS543"),
        (
            staging(PLAIN, code={"coding": [{"system": "https://snomed.info/sct", "code": "78873005"}]}),
            "RS530",
        ),
        (staging(PLAIN, note=[{"text": "now rpT1"}]), "RS530"),
        (staging(PLAIN, text={"status": "generated", "div": "<div><p>rpT1</p></div>"}), "RS551"),
        (staging(PLAIN, method={"text": "AJCC 8, at recurrence"}), "RS551"),
        (
            [
                observation(
                    "T",
                    None,
                    valueCodeableConcept={"coding": [{"code": "pT1", "display": "pT1, recurrent tumor"}]},
                )
            ],
            "RS551",
        ),
        (
            [
                observation(
                    "T",
                    "pT1",
                    code={"coding": [{"system": SNOMED, "code": "384625004", "display": "pT (recurrence)"}]},
                )
            ],
            "RS551",
        ),
        (staging(PLAIN, partOf=[{"display": "Resection of the recurrence"}]), "RS585"),
        (staging(PLAIN, specimen={"display": "recurrent tumor"}), "RS585"),
        (staging(PLAIN, category=[{"text": "Recurrence"}]), "RS585"),
        (staging(PLAIN, effectivePeriod={"start": "2016"}), "RS543"),
        (staging(PLAIN, None, effectivePeriod={"end": "2016"}), "RS518"),
        (
            staging(
                PLAIN, valueCodeableConcept={"coding": [{"system": SNOMED, "code": "1", "display": "rpT1"}]}
            ),
            "RS543",
        ),
        (staging(PLAIN, component=[{"code": {"text": "x"}, "valueString": "rpT1"}]), "RS551"),
        ([{"resourceType": "Bundle", "entry": [{"resource": one} for one in staging(WITH_R)]}], "RS530"),
        ([{"resourceType": "DiagnosticReport", "contained": staging(WITH_R)}], "RS530"),
    ],
)
def test_what_could_lose_or_invent_an_r_is_told_and_not_used(
    tmp_path: Path, later: list[Data], code: str
) -> None:
    codes, restaged = codes_in(tmp_path, two_stagings(later))
    assert code in codes
    assert restaged == []


def test_the_other_half_of_a_staging_with_r_is_never_a_diagnosis(tmp_path: Path) -> None:
    later = [observation("T", "rpT1"), observation("N", "cN1"), observation("M", "cM0")]
    path = tmp_path / "in.json"
    path.write_text(json.dumps(two_stagings(later)), encoding="utf-8")
    (found,) = histories(path)
    assert found.history is not None
    assert [one.date for one in found.history.initial] == ["2019-03-02"]
    assert "RS544" in {one.diagnostic.code for one in found.findings}


def test_a_text_for_readers_that_says_what_the_data_say_is_no_finding(tmp_path: Path) -> None:
    narrative = {"status": "generated", "div": "<div>rpT1 rpN0</div>"}
    later = [*staging(PLAIN, text=narrative), {**observation("r", None), **R_SYMBOL}]
    codes, restaged = codes_in(tmp_path, two_stagings(later))
    assert not codes
    assert restaged == ["rpT1 rpN0 rcM0"]


def line(data: Data, **more: Any) -> bytes:
    return json.dumps({**data, **more}).encode() + b"\n"


@pytest.mark.parametrize("gone", [("subject", "focus"), ("subject",)])
def test_a_line_of_no_patient_belongs_to_none(gone: tuple[str, ...], tmp_path: Path) -> None:
    symbol = {name: one for name, one in {**observation("r", None), **R_SYMBOL}.items() if name not in gone}
    others = {"subject": {"reference": "Patient/2"}, "focus": [{"reference": "Condition/2"}]}
    first = [line(one, id=f"a{number}") for number, one in enumerate(staging(PLAIN))]
    second = [line(one, id=f"b{number}", **others) for number, one in enumerate(staging(PLAIN))]
    file = put(tmp_path, b"".join([*first, *second, line(symbol, id="r")]))
    assert not any(found.history and found.history.restagings for found in histories(file))
    assert {"RS541", "RS544"} <= found_codes(file)


def test_lines_of_one_record_without_any_patient_stand_together(tmp_path: Path) -> None:
    resources = [*staging(DIAGNOSIS, "2019-03-02"), *staging(PLAIN), {**observation("r", None), **R_SYMBOL}]
    lines = [line(one, id=f"o{number}", subject=None) for number, one in enumerate(resources)]
    assert texts(put(tmp_path, b"".join(lines))) == ["pT2 pN1 cM0 -> rpT1 rpN0 rcM0"]


def test_a_condition_is_found_by_its_identifier(tmp_path: Path) -> None:
    identifier = {"system": "urn:oid:1.2.3", "value": "7"}
    condition = {"resourceType": "Condition", "id": "1", "identifier": [identifier]}
    later = staging(WITH_R, focus=[{"identifier": identifier}])
    file = put(tmp_path, bundle({**condition}, *staging(DIAGNOSIS, "2019-03-02"), *later))
    assert texts(file) == ["pT2 pN1 cM0 -> rpT1 rpN0 rcM0"]


def test_an_object_in_place_of_entries_is_told(tmp_path: Path) -> None:
    data = {"resourceType": "Bundle", "entry": {"resource": observation("T", "rpT3")}}
    assert found_codes(put(tmp_path, data)) == {"RS530"}


def test_further_elements_of_r5_change_no_staging(tmp_path: Path) -> None:
    of_r5: Data = {"triggeredBy": [{"type": "repeat"}], "organizer": True, "instantiatesCanonical": "urn:x"}
    file = put(tmp_path, bundle(*staging(DIAGNOSIS, bodyStructure={"reference": "BodyStructure/1"}, **of_r5)))
    assert texts(file) == ["pT2 pN1 cM0"]
    assert found_codes(file) == {"RS547"}
