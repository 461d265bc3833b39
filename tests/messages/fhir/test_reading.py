"""FHIR: what is read of each profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import rstage
from rstage.messages.fhir.format import FORMAT
from tests.support.fhir_messages import (
    DIAGNOSIS,
    LOINC,
    PATHOLOGICAL,
    SAID,
    bundle,
    codes,
    codes_in,
    concept,
    entry_of,
    findings,
    good,
    histories,
    observation,
    put,
    records,
    restaged,
    staging,
    texts,
)
from tests.support.paths import EXAMPLES, MESSAGES, SAMPLES

if TYPE_CHECKING:
    from pathlib import Path


EXAMPLE = EXAMPLES / "fhir_synthetic.ndjson"


@pytest.mark.parametrize("name", SAID)
def test_each_profile_is_read(name: str) -> None:
    (found,) = histories(MESSAGES / name)
    assert str(found.history) == SAID[name]
    assert found.history is not None
    assert found.history.diagnosis.site == "C50.4"
    assert found.history.diagnosis.tumor_id == "Condition/c1"
    assert rstage.verify(found.history) == ()


def test_a_course_gives_the_event_and_the_recurrence() -> None:
    (found,) = histories(MESSAGES / "mii.json")
    assert found.history is not None
    (one,) = found.history.restagings
    assert (one.event, one.recurrence_basis) == ("recurrence", "stated")
    assert set(map(str, one.recurrence)) == {"distant"}


def test_lines_of_one_patient_are_one_record() -> None:
    raws = [record.raw for record in records(MESSAGES / "mcode.ndjson")]
    assert len(raws) == 2
    assert b"".join(raws) == (MESSAGES / "mcode.ndjson").read_bytes()


def test_a_clinical_m_is_usual_in_a_pathological_staging(tmp_path: Path) -> None:
    resources = [
        observation(part, value, code=concept(PATHOLOGICAL[part], LOINC)) for part, value in DIAGNOSIS.items()
    ]
    assert texts(put(tmp_path, bundle(*resources))) == ["pT2 pN1 cM0"]


def test_clinical_and_pathological_values_of_one_date_are_two_stagings(tmp_path: Path) -> None:
    file = put(
        tmp_path, bundle(*staging({"T": "cT2", "N": "cN0", "M": "cM0"}), *staging({"T": "pT3", "N": "pN1"}))
    )
    (found,) = histories(file)
    assert [str(one.staging) for one in found.tumor.stagings] == ["cT2 cN0 cM0", "pT3 pN1"]


def test_all_references_to_one_condition_are_one_tumor(tmp_path: Path) -> None:
    condition = {"resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/1"}}
    first = staging(DIAGNOSIS, "2019", focus=[{"reference": "urn:uuid:c"}])
    second = staging({"T": "rT2"}, "2020", focus=[{"reference": "https://example.org/fhir/Condition/c"}])
    third = staging({"T": "rT3"}, "2021", focus=[{"reference": "Condition/c"}])
    fourth = staging({"T": "rT4"}, "2022", focus=None)
    file = put(tmp_path, bundle(condition, *first, *second, *third, *fourth))
    assert texts(file) == ["pT2 pN1 cM0 -> rT2 -> rT3 -> rT4"]


def test_a_status_that_does_not_hold_leaves_an_observation_out(tmp_path: Path) -> None:
    file = put(
        tmp_path, bundle(*staging(DIAGNOSIS), *staging({"T": "rT3"}, "2024", status="entered-in-error"))
    )
    assert texts(file) == ["pT2 pN1 cM0"]
    assert "RS547" in codes(file)


def test_a_missing_value_with_a_reason_is_a_missing_part(tmp_path: Path) -> None:
    reason = concept("unknown", "http://terminology.hl7.org/CodeSystem/data-absent-reason")
    resources = [*staging({"T": "pT2", "N": "pN1"}), observation("M", None, dataAbsentReason=reason)]
    file = put(tmp_path, bundle(*resources))
    assert texts(file) == ["pT2 pN1"]


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2019", "2019"),
        ("2019-03", "2019-03"),
        ("2019-03-02T23:30:00-05:00", "2019-03-02"),
        ("03/2019", None),
    ],
)
def test_a_date_is_as_precise_as_given(value: str, date: str | None, tmp_path: Path) -> None:
    file = put(tmp_path, bundle(*staging(DIAGNOSIS, value)))
    (found,) = histories(file)
    assert found.history is not None
    assert found.history.diagnosis.date == date
    assert ("RS518" in codes(file)) is (date is None)


def test_a_stage_of_a_condition_and_members_of_a_category_are_told(tmp_path: Path) -> None:
    data = good("mii.json")
    before, _ = codes_in(tmp_path, data)
    entry_of(data, "c1")["stage"] = [{"summary": {"text": "rStage IV"}}]
    entry_of(data, "dx-n")["hasMember"] = [{"reference": "Observation/counts"}]
    after, _ = codes_in(tmp_path, data)
    assert "RS530" in after
    assert "RS557" not in before
    assert after.count("RS557") == 1


def test_an_odd_system_of_a_site_is_no_traceback(tmp_path: Path) -> None:
    condition = {
        "resourceType": "Condition",
        "id": "1",
        "bodySite": [{"coding": [{"system": [], "code": "C50"}]}],
    }
    codes, _ = codes_in(tmp_path, bundle(condition, *staging(DIAGNOSIS)))
    assert "RS431" not in codes


def test_findings_stand_at_their_line_and_column() -> None:
    path = MESSAGES / "mcode_two_values.json"
    found = next(one for one in findings(path) if one.diagnostic.code == "RS543")
    line = path.read_text(encoding="utf-8").splitlines()[found.place.line - 1]
    assert line[found.place.column - 1 :].startswith('"rcT1"')
    assert found.place.path == "entry[9].resource.valueCodeableConcept.coding[0].code"


def test_the_example_is_read_and_written(tmp_path: Path) -> None:
    found = histories(EXAMPLE)
    assert [len(one.history.restagings) for one in found if one.history] == [1, 0, 2, 1, 1]
    restaged(EXAMPLE, tmp_path / "out")
    assert texts(tmp_path / "out") == texts(EXAMPLE)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not here")
@pytest.mark.parametrize("path", sorted(SAMPLES.glob("m*.json")), ids=lambda path: path.name)
def test_samples(path: Path, tmp_path: Path) -> None:
    data = restaged(path, tmp_path / "out")
    for record, before in zip(records(tmp_path / "out"), records(path), strict=True):
        assert FORMAT.taken_out(record, before) == before.raw
    assert data == path.read_bytes()
    if path.name.startswith("mcode"):
        assert texts(path) == ["cT3 cN3 cM0 cStage IIIC (AJCC 6)"]
    else:
        # Its r is a member of no group, and two stagings have its date.
        assert {"RS544", "RS109"} <= codes(path)
