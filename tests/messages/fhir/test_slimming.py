"""FHIR: what is let go early changes nothing of what is read, told and written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from rstage.messages.fhir import format as fhir_format
from rstage.messages.fhir.slimming import kept
from rstage.messages.histories import record_findings, record_histories
from rstage.messages.source import Source
from tests.support.fhir_messages import fhir_files, good

if TYPE_CHECKING:
    from pathlib import Path

CODES = [{"coding": [{"system": "http://loinc.org", "code": "718-7", "display": "Hemoglobin"}]}]
LABORATORY = {"resourceType": "Observation", "id": "lab", "status": "final", "code": CODES[0]}
MEASURED = LABORATORY | {"valueQuantity": {"value": 12.5, "unit": "g/dL"}}
OTHERS: list[dict[str, Any]] = [
    LABORATORY | {"valueString": "pT2 pN0"},
    LABORATORY | {"valueString": "Rezidiv"},
    LABORATORY | {"note": [{"text": "checked"}, {"text": "rpT2 rpN1 cM0"}]},
    LABORATORY | {"component": [{"code": CODES[0], "valueString": "rpT2"}]},
    LABORATORY | {"component": [{"code": {"coding": [{"code": "399504009"}]}, "valueString": "2"}]},
    LABORATORY | {"code": {"coding": [*CODES[0]["coding"], {"code": "399504009"}]}},
    LABORATORY | {"code": {**CODES[0], "text": "TNM stage of the tumor"}},
    LABORATORY | {"code": {"coding": [{"code": "399504009"}]}},
    LABORATORY
    | {"valueCodeableConcept": {"coding": [{"system": "http://snomed.info/sct", "code": "421188008"}]}},
    LABORATORY | {"contained": [{"resourceType": "Observation", "valueString": "rpT2"}]},
    LABORATORY | {"meta": {"profile": ["http://example.org/weitere-klassifikationen"]}},
    {"resourceType": "DiagnosticReport", "id": "report", "conclusion": "rpT2 rpN1 cM0"},
    {"resourceType": "Procedure", "id": "done", "note": [{"text": "ypT1 ypN0"}]},
    {"resourceType": 5, "id": "what"},
    {"resourceType": "Parameters"},
]


def everything(data: bytes, tmp_path: Path) -> list[object]:
    """Return what is read of a message, what is told of it with its places, and what is written."""
    path = tmp_path / "message.json"
    path.write_bytes(data)
    made: list[object] = []
    with Source(str(path)) as source:
        for record in fhir_format.FORMAT.records(source, {}):
            histories = record_histories(record)
            additions, left_out = fhir_format.FORMAT.additions(record, histories)
            made += [record.raw, [one.to_dict() for one in histories], additions]
            made += [(*one, one.place.to_dict()) for one in (*record_findings(record, histories), *left_out)]
    return made


def same_without(data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    slim = everything(data, tmp_path)
    with monkeypatch.context() as context:
        context.setattr(fhir_format, "SLIM", None)
        whole = everything(data, tmp_path)
    assert slim == whole
    return slim


def codes_in(made: list[object]) -> set[str]:
    return {one[0].code for one in made if type(one) is tuple}


@pytest.mark.parametrize("path", fhir_files(), ids=lambda path: path.name)
def test_what_is_let_go_changes_nothing(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    same_without(path.read_bytes(), tmp_path, monkeypatch)


@pytest.mark.parametrize("other", [*OTHERS, MEASURED], ids=lambda one: str(one)[-60:])
def test_nothing_that_is_told_is_let_go(
    other: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = good("mcode.json")
    before = same_without(json.dumps(bundle).encode(), tmp_path, monkeypatch)
    bundle["entry"].append({"fullUrl": "urn:uuid:other", "resource": other})
    after = same_without(json.dumps(bundle).encode(), tmp_path, monkeypatch)
    lines = [json.dumps(one["resource"]) for one in bundle["entry"]]
    same_without("\n".join(lines).encode(), tmp_path, monkeypatch)
    is_kept = kept(other, json.dumps(other)) is None
    assert is_kept == (other is not MEASURED)
    assert (len(after) > len(before)) == is_kept


@pytest.mark.parametrize("value", [{"valueQuantity": {"value": 3, "unit": "cm"}}, {"valueString": "maybe"}])
def test_a_member_that_was_let_go_is_looked_at_again(
    value: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = good("mii.json")
    bundle["entry"].append({"fullUrl": "urn:uuid:lab", "resource": LABORATORY | value})
    group = next(one["resource"] for one in bundle["entry"] if "hasMember" in one["resource"])
    group["hasMember"].append({"reference": "urn:uuid:lab"})
    made = same_without(json.dumps(bundle).encode(), tmp_path, monkeypatch)
    told = codes_in(made)
    assert ("RS551" in told) == ("valueString" in value)
    assert ("RS557" in told) == ("valueQuantity" in value)


def test_keys_that_stand_twice_are_told_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = json.dumps(good("mcode.json"))
    twice = text.replace('"status": "final"', '"status": "final", "status": "final"')
    told = codes_in(same_without(twice.encode(), tmp_path, monkeypatch))
    assert "RS543" in told
    of_entry = text.replace('{"fullUrl"', '{"fullUrl": "urn:uuid:x", "fullUrl"')
    told = codes_in(same_without(of_entry.encode(), tmp_path, monkeypatch))
    assert "RS543" in told
