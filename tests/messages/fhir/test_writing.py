"""FHIR: what is written beside a message, in the manner of its profile."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import rstage
from rstage.messages.fhir.format import FORMAT
from rstage.messages.writing import write
from tests.support.fhir_messages import (
    DIAGNOSIS,
    GENERAL,
    LOINC,
    MII,
    UICC,
    WITH_R,
    bundle,
    codes,
    concept,
    good,
    histories,
    observation,
    put,
    records,
    restaged,
    restaged_by_its_course,
    staging,
)
from tests.support.paths import MESSAGES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rstage.messages.message import TumorHistory
    from tests.support.fhir_messages import Data


MCODE = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-"


def identifier(data: Data) -> tuple[str, str]:
    (found,) = data["identifier"]
    assert found["system"] == "urn:uuid:0d64f690-a19d-5d46-8d3b-b0f76b64697d"
    link, _, part = found["value"].partition("#")
    return link, part


def follows(data: Data) -> str:
    (extension,) = data["extension"]
    assert extension["url"] == "http://hl7.org/fhir/StructureDefinition/observation-sequelTo"
    return str(extension["valueReference"]["reference"])


def without_r(found: TumorHistory) -> rstage.History | None:
    """Add a restaging that is not in the message."""
    assert found.history is not None
    more = rstage.Staging.parse(
        "cT0 pN0(i+)(sn) pM1 L1 V0 Pn1 Stage IV (AJCC 8)", date="2024-02", **of_tumor(found)
    )
    return found.history.restage(more, event="recurrence")


def of_tumor(found: TumorHistory) -> dict[str, Any]:
    assert found.history is not None
    return {"tumor_id": found.history.tumor_id}


def extended_by(
    name: str, out: Path, extend: Callable[[TumorHistory], rstage.History | None]
) -> dict[str, Data]:
    """Return the Observations of a restaging of a message that is not in it, by what each is of."""
    write(str(MESSAGES / name), str(out), input_format="fhir", extend=extend)
    before = {entry["resource"]["id"] for entry in good(name)["entry"]}
    made = [one["resource"] for one in json.loads(out.read_bytes())["entry"]]
    found = [one for one in made if one["id"] not in before]
    return {identifier(one)[1]: one for one in found if identifier(one)[1] != "link"}


def test_what_stands_in_the_message_with_its_r_is_linked_and_not_repeated(tmp_path: Path) -> None:
    for name in ("mcode.json", "mii.json", "components.json"):
        data = json.loads(restaged(MESSAGES / name, tmp_path / "out"))
        before = good(name)["entry"]
        (entry,) = data["entry"][len(before) :]
        one = entry["resource"]
        (found,) = histories(MESSAGES / name)
        assert found.history is not None
        assert identifier(one) == (str(found.history.restagings[0].link), "link")
        assert "valueCodeableConcept" not in one
        assert "component" not in one
        known = {entry["fullUrl"] for entry in before}
        assert follows(one) in known
        assert {reference["reference"] for reference in one["derivedFrom"]} <= known
        assert one["derivedFrom"]


def test_mcode_is_written_with_the_prefix_in_the_value(tmp_path: Path) -> None:
    made = extended_by("mcode.json", tmp_path / "out", without_r)
    assert {part: one["valueCodeableConcept"]["text"] for part, one in made.items()} == {
        "T": "rcT0",
        "N": "rpN0(i+)(sn)",
        "M": "rpM1",
        "group": "rIV",
    }
    one = made["T"]
    assert one["valueCodeableConcept"]["coding"] == [{"system": "http://cancerstaging.org", "code": "rcT0"}]
    assert one["meta"] == {"profile": [f"{MCODE}tnm-primary-tumor-category"]}
    assert follows(one) == "urn:uuid:dx-t"
    assert one["code"] == concept(GENERAL["T"])
    assert one["method"] == concept("897275008")
    assert one["focus"] == [{"reference": "urn:uuid:c1"}]
    assert one["effectiveDateTime"] == "2024-02"
    assert len(made["group"]["hasMember"]) == 3
    assert len({identifier(one)[0] for one in made.values()}) == 1


def test_mii_is_written_with_symbol_descriptors_and_group(tmp_path: Path) -> None:
    made = extended_by("mii.json", tmp_path / "out", without_r)
    assert set(made) == {"T", "N", "M", "r", "L", "V", "Pn", "group"}
    assert made["r"]["code"] == concept("101659-1", LOINC)
    assert made["r"]["valueCodeableConcept"] == concept("421188008")
    assert "extension" not in made["r"]
    assert made["Pn"]["code"] == concept("371513001")
    assert made["Pn"]["valueCodeableConcept"] == concept("Pn1", UICC)
    assert follows(made["group"]) == "https://example.org/fhir/Observation/dx-tnm"
    members = {one["reference"].removeprefix("urn:uuid:") for one in made["group"]["hasMember"]}
    assert members == {one["id"] for part, one in made.items() if part != "group"}
    entry = next(
        one
        for one in json.loads((tmp_path / "out").read_bytes())["entry"]
        if one["resource"]["id"] in members
    )
    assert entry["request"] == {"method": "PUT", "url": f"Observation/{entry['resource']['id']}"}


def test_mii_with_prefixes_says_r_at_each_category(tmp_path: Path) -> None:
    data = good("mii.json")
    for entry in data["entry"]:
        profiles = entry["resource"].get("meta", {}).get("profile", [])
        if entry["resource"]["id"].startswith("dx") and profiles:
            entry["resource"]["meta"]["profile"] = [f"{one}|2026.0.3" for one in profiles]
    file = put(tmp_path, data)
    write(file, str(tmp_path / "out"), extend=without_r)
    new = json.loads((tmp_path / "out").read_bytes())["entry"][len(data["entry"]) :]
    made = {identifier(one["resource"])[1]: one["resource"] for one in new}
    assert "r" not in made
    for part in ("T", "N", "M"):
        (one,) = made[part]["modifierExtension"]
        assert one == {"url": f"{MII}r-praefix", "valueCodeableConcept": concept("r", UICC)}
    assert "modifierExtension" not in made["group"]


def test_a_staging_that_the_course_restages_is_named_by_what_is_written(tmp_path: Path) -> None:
    data = restaged_by_its_course()
    out = json.loads(restaged(put(tmp_path, data), tmp_path / "out"))
    made = {identifier(one["resource"])[1]: one["resource"] for one in out["entry"][len(data["entry"]) :]}
    assert made["T"]["derivedFrom"] == [{"reference": "https://example.org/fhir/Observation/re-t"}]
    assert follows(made["T"]) == "https://example.org/fhir/Observation/dx-t"
    assert "derivedFrom" not in made["r"]
    assert restaged(tmp_path / "out", tmp_path / "again") == (tmp_path / "out").read_bytes()


def test_components_are_written_as_one_observation(tmp_path: Path) -> None:
    made = extended_by("components.json", tmp_path / "out", without_r)
    (one,) = made.values()
    assert [
        (part["code"]["coding"][0]["code"], part["valueCodeableConcept"]["coding"][0]["code"])
        for part in one["component"]
    ] == [("21905-5", "0"), ("21900-6", "0(i+)(sn)"), ("21901-4", "1"), ("21983-2", "r")]
    assert one["component"][0]["extension"][0]["url"].endswith("onco-core-Extension-TNMcpuPraefix")
    assert follows(one) == "urn:uuid:dx"


def test_an_addition_looks_like_its_neighbor(tmp_path: Path) -> None:
    pretty = restaged(MESSAGES / "mcode.json", tmp_path / "out").decode()
    assert json.dumps(json.loads(pretty), indent=2, ensure_ascii=False) + "\n" == pretty
    (tmp_path / "tight").write_text(json.dumps(good("mcode.json"), separators=(",", ":")), encoding="utf-8")
    tight = restaged(tmp_path / "tight", tmp_path / "out").decode()
    assert json.dumps(json.loads(tight), separators=(",", ":")) == tight


def extended(found: TumorHistory) -> rstage.History | None:
    """Add a restaging that is not in the message, with much that a profile may not hold."""
    assert found.history is not None
    stage = "ypT2-3(m) ypN1a(2/15)(sn) cM1(HEP) L1 Stage IVA (UICC 8)"
    more = rstage.Staging.parse(stage, tumor_id=found.history.tumor_id, date="2024", mode="standard")
    return found.history.restage(more, event="progression")


@pytest.mark.parametrize(
    ("name", "left_out"),
    [
        ("mcode.json", {"L1", "the event progression"}),
        (
            "mii.json",
            {"the event progression", "rypT2-3(m)", "(2/15) of N", "(HEP) of M", "rStage IVA"},
        ),
        ("components.json", {"L1", "the event progression", "rStage IVA"}),
    ],
)
def test_what_a_profile_cannot_hold_is_told(name: str, left_out: set[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = write(str(MESSAGES / name), str(out), input_format="fhir", extend=extended)
    prefix = "FHIR cannot hold "
    told = {one.diagnostic.message for one in result.findings if one.diagnostic.code == "RS505"}
    assert told == {prefix + what for what in left_out}
    found = histories(out)[0]
    assert found.history is not None
    assert len(found.history.restagings) == 2
    assert "RS548" in codes(out)
    again = restaged(out, tmp_path / "again")
    assert again == out.read_bytes()


def test_outputs_pass_the_models_of_fhir_resources(tmp_path: Path) -> None:
    bundles = pytest.importorskip("fhir.resources.R4B.bundle")
    observations = pytest.importorskip("fhir.resources.R4B.observation")
    for name in ("mcode.json", "mii.json", "components.json"):
        data = json.loads(restaged(MESSAGES / name, tmp_path / "out"))
        bundles.Bundle.model_validate(data)
        for entry in data["entry"]:
            if entry["resource"]["resourceType"] == "Observation":
                observations.Observation.model_validate(entry["resource"])
    for text in restaged(MESSAGES / "mcode.ndjson", tmp_path / "out").splitlines():
        data = json.loads(text)
        if data["resourceType"] == "Observation":
            observations.Observation.model_validate(data)


def test_the_ids_of_two_patients_differ(tmp_path: Path) -> None:
    ids = []
    for patient in ("Patient/1", "Patient/2"):
        stagings = [*staging(DIAGNOSIS, "2019-03-02"), *staging(WITH_R)]
        data = bundle(*({**one, "subject": {"reference": patient}} for one in stagings))
        path = tmp_path / "in.json"
        path.write_text(json.dumps(data), encoding="utf-8")
        write(str(path), str(tmp_path / "out.json"), force=True, extend=without_r)
        made = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
        ids.append({one["resource"]["id"] for one in made["entry"]} - {f"o{number}" for number in range(9)})
    assert len(ids[0]) == len(ids[1]) == 5
    assert ids[0].isdisjoint(ids[1])


@pytest.mark.parametrize("kind", ["history", "searchset", "transaction-response"])
def test_an_answer_of_a_server_gets_no_further_entry(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "in.json"
    data = bundle(*staging(DIAGNOSIS, "2019-03-02"), *staging(WITH_R), kind=kind)
    path.write_text(json.dumps(data), encoding="utf-8")
    written = write(str(path), str(tmp_path / "out.json"))
    assert (tmp_path / "out.json").read_bytes() == path.read_bytes()
    assert "RS505" in {one.diagnostic.code for one in written.findings}


def document(*, has_sections: bool = True) -> Data:
    """Return the message of mCODE as a document, whose entries have absolute addresses."""
    text = json.dumps(good("mcode.json"))
    for entry in good("mcode.json")["entry"]:
        resource = entry["resource"]
        text = text.replace(f'"urn:uuid:{resource["id"]}"', f'"{resource["resourceType"]}/{resource["id"]}"')
    data: Data = {**json.loads(text), "type": "document"}
    composition: Data = {"resourceType": "Composition", "id": "d", "status": "final", "title": "Report"}
    if has_sections:
        composition["section"] = [{"title": "Diagnosis", "entry": [{"reference": "Observation/dx-t"}]}]
    data["entry"] = [{"resource": composition}, *data["entry"]]
    for entry in data["entry"]:
        resource = entry["resource"]
        entry["fullUrl"] = f"https://example.org/fhir/{resource['resourceType']}/{resource['id']}"
    return data


@pytest.mark.parametrize("indent", [None, 2])
def test_a_document_reaches_what_is_added_from_its_composition(indent: int | None, tmp_path: Path) -> None:
    file = put(tmp_path, json.dumps(document(), indent=indent).encode())
    out = tmp_path / "out"
    write(file, str(out), extend=without_r)
    data = json.loads(out.read_bytes())
    assert list(data["entry"][0]["resource"]["section"]) == [
        *document()["entry"][0]["resource"]["section"],
        {"title": "Restaging", "entry": [{"reference": one["fullUrl"]} for one in data["entry"][10:]]},
    ]
    (record,), (before,) = records(out), records(file)
    assert FORMAT.taken_out(record, before) == before.raw
    new = {identifier(one["resource"])[1]: one["resource"] for one in data["entry"][10:]}
    # A name does not lead anywhere from an entry without an absolute address, so that it becomes one.
    assert new["T"]["subject"] == {"reference": "https://example.org/fhir/Patient/p1"}
    assert new["T"]["focus"] == [{"reference": "https://example.org/fhir/Condition/c1"}]
    assert follows(new["T"]) == "https://example.org/fhir/Observation/dx-t"


def test_a_document_whose_composition_has_no_section_gets_no_entry(tmp_path: Path) -> None:
    file = put(tmp_path, document(has_sections=False))
    written = write(file, str(tmp_path / "out"), force=True)
    assert "RS505" in {one.diagnostic.code for one in written.findings}
    assert (tmp_path / "out").read_bytes() == (tmp_path / "in.json").read_bytes()


def test_references_follow_the_type_of_the_bundle(tmp_path: Path) -> None:
    said = {}
    for kind in ("collection", "transaction", "batch", "message"):
        data = {**document(), "type": kind}
        data["entry"] = data["entry"][1:]
        file = put(tmp_path, data)
        write(file, str(tmp_path / "out"), extend=without_r, force=True)
        entries = json.loads((tmp_path / "out").read_bytes())["entry"][len(data["entry"]) :]
        new = {identifier(one["resource"])[1]: one["resource"] for one in entries}
        member = new["group"]["hasMember"][0]["reference"]
        said[kind] = (follows(new["T"]), new["T"]["subject"]["reference"], member.partition("/")[0][:8])
    absolute = "https://example.org/fhir/"
    assert said == {
        "collection": (f"{absolute}Observation/dx-t", f"{absolute}Patient/p1", "urn:uuid"),
        "transaction": (f"{absolute}Observation/dx-t", f"{absolute}Patient/p1", "urn:uuid"),
        "message": (f"{absolute}Observation/dx-t", f"{absolute}Patient/p1", "urn:uuid"),
        "batch": ("Observation/dx-t", "Patient/p1", "Observat"),
    }


def test_a_group_of_another_system_is_told_and_not_written_as_one_of_tnm(tmp_path: Path) -> None:
    group = observation("group", "IB", "2019", method={"text": "FIGO 2018"})
    file = put(tmp_path, bundle(group))

    def extend(found: TumorHistory) -> rstage.History | None:
        assert found.history is not None
        more = rstage.Staging.parse("FIGO IVB", date="2023", system="FIGO", **of_tumor(found))
        return found.history.restage(more)

    done = write(file, str(tmp_path / "out"), extend=extend)
    assert "FHIR cannot hold rFIGO IVB" in {one.diagnostic.message for one in done.findings}
    assert b"IVB" not in (tmp_path / "out").read_bytes()
