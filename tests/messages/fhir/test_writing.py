"""FHIR: what is written beside a message, in the manner of its profile."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import rstage
from rstage.messages.writing import write
from tests.support.fhir_messages import (
    DIAGNOSIS,
    GENERAL,
    UICC,
    WITH_R,
    bundle,
    codes,
    concept,
    good,
    histories,
    restaged,
    staging,
)
from tests.support.paths import MESSAGES

if TYPE_CHECKING:
    from pathlib import Path

    from rstage.messages.message import TumorHistory
    from tests.support.fhir_messages import Data


def added(data: bytes, name: str) -> dict[str, Data]:
    """Return the Observations that were added to a bundle, by what they are."""
    before = {entry["resource"]["id"] for entry in good(name)["entry"]}
    new = [one["resource"] for one in json.loads(data)["entry"] if one["resource"]["id"] not in before]
    return {
        one["meta"]["profile"][0]
        .rpartition("/")[2]
        .removeprefix("mcode-")
        .removeprefix("mii-pr-onko-tnm-"): one
        for one in new
    }


def reference_and_link(data: Data) -> tuple[str | None, str]:
    (extension,) = data["extension"]
    assert extension["url"] == "http://hl7.org/fhir/StructureDefinition/observation-sequelTo"
    value = extension["valueReference"]
    assert value["identifier"]["system"] == "urn:rstage:link"
    return value.get("reference"), value["identifier"]["value"]


def test_mcode_is_written_with_the_prefix_in_the_value(tmp_path: Path) -> None:
    made = added(restaged(MESSAGES / "mcode.json", tmp_path / "out"), "mcode.json")
    values = {name: one["valueCodeableConcept"] for name, one in made.items()}
    assert values == {
        "tnm-primary-tumor-category": {"text": "rcT0"},
        "tnm-regional-nodes-category": {"text": "rcN0"},
        "tnm-distant-metastases-category": {"text": "rpM1"},
    }
    (found,) = histories(MESSAGES / "mcode.json")
    assert found.history is not None
    link = str(found.history.restagings[0].link)
    one = made["tnm-primary-tumor-category"]
    assert reference_and_link(one) == ("urn:uuid:dx-t", link)
    assert one["code"] == concept(GENERAL["T"])
    assert one["method"] == concept("897275008")
    assert one["focus"] == [{"reference": "Condition/c1"}]
    assert one["effectiveDateTime"] == "2023-05"


def test_mii_is_written_with_symbol_and_group(tmp_path: Path) -> None:
    made = added(restaged(MESSAGES / "mii.json", tmp_path / "out"), "mii.json")
    assert set(made) == {"t-kategorie", "n-kategorie", "m-kategorie", "r-symbol", "klassifikation"}
    assert made["r-symbol"]["valueCodeableConcept"] == concept("421188008")
    assert reference_and_link(made["r-symbol"])[0] is None
    assert reference_and_link(made["klassifikation"])[0] == "Observation/dx-tnm"
    assert made["klassifikation"]["valueCodeableConcept"] == concept("IV", UICC)
    members = {one["reference"].removeprefix("urn:uuid:") for one in made["klassifikation"]["hasMember"]}
    assert members == {one["id"] for name, one in made.items() if name != "klassifikation"}
    entry = next(
        one
        for one in json.loads((tmp_path / "out").read_bytes())["entry"]
        if one["resource"]["id"] in members
    )
    assert entry["request"] == {"method": "PUT", "url": f"Observation/{entry['resource']['id']}"}


def test_components_are_written_as_one_observation(tmp_path: Path) -> None:
    made = added(restaged(MESSAGES / "components.json", tmp_path / "out"), "components.json")
    (one,) = made.values()
    values = [part["valueCodeableConcept"]["coding"][0]["code"] for part in one["component"]]
    assert values == ["0", "0", "1", "r"]
    assert reference_and_link(one)[0] == "urn:uuid:dx"


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
            {"L1", "the event progression", "rypT2-3(m)", "(2/15) of N", "(HEP) of M", "rStage IVA"},
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
        write(str(path), str(tmp_path / "out.json"), force=True)
        made = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
        ids.append({one["resource"]["id"] for one in made["entry"]} - {f"o{number}" for number in range(9)})
    assert len(ids[0]) == len(ids[1]) == 3
    assert ids[0].isdisjoint(ids[1])


@pytest.mark.parametrize("kind", ["history", "transaction-response"])
def test_an_answer_of_a_server_gets_no_further_entry(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "in.json"
    data = bundle(*staging(DIAGNOSIS, "2019-03-02"), *staging(WITH_R), kind=kind)
    path.write_text(json.dumps(data), encoding="utf-8")
    written = write(str(path), str(tmp_path / "out.json"))
    assert (tmp_path / "out.json").read_bytes() == path.read_bytes()
    assert "RS505" in {one.diagnostic.code for one in written.findings}
