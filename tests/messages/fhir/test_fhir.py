"""FHIR: what is read of each profile, what is never guessed, and what is written beside it."""

from __future__ import annotations

import copy
import json
import random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rstage
from rstage.files.errors import TableError
from rstage.messages.fhir.format import FORMAT
from rstage.messages.histories import record_histories
from rstage.messages.json_records import json_records
from rstage.messages.source import Source
from rstage.messages.writing import verify_written, write
from tests.support.paths import EXAMPLES, MESSAGES, SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from rstage.messages.message import MessageFinding, Record, TumorHistory

    Data = dict[str, Any]

EXAMPLE = EXAMPLES / "fhir_synthetic.ndjson"
GOOD = ("mcode.json", "mii.json", "components.json", "mcode.ndjson")
LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
UICC = "https://www.uicc.org/resources/tnm"
MII = "https://www.medizininformatik-initiative.de/fhir/ext/modul-onko/StructureDefinition/mii-ex-onko-tnm-"
GENERAL = {"T": "78873005", "N": "277206009", "M": "277208005", "group": "399390009"}
PATHOLOGICAL = {"T": "21899-0", "N": "21900-6", "M": "21901-4", "group": "21902-2"}
R_SYMBOL = {"code": {"coding": [{"system": LOINC, "code": "101659-1"}]}} | {
    "valueCodeableConcept": {"coding": [{"system": SNOMED, "code": "421188008"}]}
}
DIAGNOSIS = {"T": "pT2", "N": "pN1", "M": "cM0"}


def good(name: str) -> Data:
    made: Data = json.loads((MESSAGES / name).read_text(encoding="utf-8"))
    return made


def concept(code: str, system: str = SNOMED) -> Data:
    return {"coding": [{"system": system, "code": code}]}


def observation(part: str, value: str | None, date: str | None = "2023-05-11", **more: Any) -> Data:
    data: Data = {
        "resourceType": "Observation",
        "status": "final",
        "code": concept(GENERAL[part]) if part in GENERAL else R_SYMBOL["code"],
        "subject": {"reference": "Patient/1"},
        "focus": [{"reference": "Condition/1"}],
    }
    if value is not None:
        data["valueCodeableConcept"] = concept(value, "http://cancerstaging.org")
    if date is not None:
        data["effectiveDateTime"] = date
    return {name: one for name, one in {**data, **more}.items() if one is not None}


def staging(values: dict[str, str], date: str | None = "2023-05-11", **more: Any) -> list[Data]:
    return [observation(part, value, date, **more) for part, value in values.items()]


def bundle(*resources: Data, kind: str = "collection") -> Data:
    entries = []
    for number, one in enumerate(resources):
        resource = {"id": f"o{number}", **one}
        entries.append({"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource})
    return {"resourceType": "Bundle", "type": kind, "entry": entries}


def put(tmp_path: Path, data: Data | bytes, name: str = "in.json") -> str:
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    return str(path)


def records(file: str | Path) -> Iterator[Record]:
    with Source(str(file)) as source:
        yield from FORMAT.records(source, {})


def histories(file: str | Path) -> list[TumorHistory]:
    return [one for record in records(file) for one in record_histories(record)]


def findings(file: str | Path) -> list[MessageFinding]:
    found: list[MessageFinding] = []
    for record in records(file):
        found += record.findings
        found += [one for history in record_histories(record) for one in history.findings]
    return found


def codes(file: str | Path) -> set[str]:
    return {one.diagnostic.code for one in findings(file)}


def texts(file: str | Path) -> list[str]:
    return [str(one.history) for one in histories(file)]


def restaged(file: str | Path, out: Path) -> bytes:
    write(str(file), str(out), input_format="fhir", force=True)
    return out.read_bytes()


# ---------------------------------------------------------------- reading

SAID = {
    "mcode.json": "pT2 pN1a cM0 pStage IIB (AJCC 8) -> rcT0 rcN0 rpM1 (AJCC 8)",
    "mii.json": "pT2(m) pN1a(sn) cM0 pStage IIB (UICC 8) -> rcT0 rcN0 rpM1 rcStage IV (UICC 8)",
    "components.json": "pT2 pN1a(sn) cM0 pStage IIB (UICC 8) -> rcT0 rcN0 rpM1",
}


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


WRONG: dict[str, tuple[str, Callable[[], list[Data]]]] = {
    "two Observations": ("RS543", lambda: [*staging(DIAGNOSIS), observation("T", "rpT3")]),
    "two codes": (
        "RS543",
        lambda: [
            observation(
                "T",
                None,
                valueCodeableConcept={"coding": [{"code": "rT2"}, {"code": "T3", "system": UICC}]},
            )
        ],
    ),
    "a code and a text": (
        "RS543",
        lambda: [observation("T", None, valueCodeableConcept={"coding": [{"code": "T2"}], "text": "rT2"})],
    ),
    "a code and its words": (
        "RS543",
        lambda: [observation("T", None, valueCodeableConcept={"coding": [{"code": "T2", "display": "rT2"}]})],
    ),
    "two kinds of value": ("RS543", lambda: [observation("T", "rT2", valueString="T3")]),
    "a code of concepts": ("RS545", lambda: [observation("T", None, valueCodeableConcept=concept("12345"))]),
    "no value": ("RS545", lambda: [observation("T", None)]),
    "a number": ("RS545", lambda: [observation("T", None, valueInteger=2)]),
    "an r that says neither yes nor no": (
        "RS545",
        lambda: [*staging(DIAGNOSIS), observation("r", None, valueString="maybe")],
    ),
    "another modifier": (
        "RS545",
        lambda: staging(DIAGNOSIS, modifierExtension=[{"url": "http://example.org/not"}]),
    ),
    "a member that is not here": (
        "RS545",
        lambda: [observation("group", "IIA", hasMember=[{"reference": "Observation/elsewhere"}])],
    ),
    "p and c": (
        "RS542",
        lambda: [observation("T", "cT2", code=concept(PATHOLOGICAL["T"], LOINC))],
    ),
    "an r without a staging": ("RS544", lambda: [{**observation("r", None), **R_SYMBOL}]),
    "an r between two stagings": (
        "RS544",
        lambda: [
            *staging(DIAGNOSIS),
            observation("T", "cT2"),
            observation("N", "cN1"),
            {**observation("r", None), **R_SYMBOL},
        ],
    ),
    "two conditions": (
        "RS541",
        lambda: staging(DIAGNOSIS, focus=[{"reference": "Condition/1"}, {"reference": "Condition/2"}]),
    ),
    "no focus and no condition": ("RS541", lambda: staging(DIAGNOSIS, focus=None)),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_contradicts_itself_is_an_error_and_nothing_is_chosen(case: str, tmp_path: Path) -> None:
    code, make = WRONG[case]
    file = put(tmp_path, bundle(*make()))
    assert code in codes(file)
    assert any(one.diagnostic.severity == "error" for one in findings(file))
    assert not any(one.history is not None and one.history.restagings for one in histories(file))


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


def test_a_key_that_stands_twice_is_an_error(tmp_path: Path) -> None:
    data = json.dumps(bundle(*staging(DIAGNOSIS))).replace(
        '"status": "final"', '"status": "final", "status": "final"'
    )
    file = put(tmp_path, data.encode())
    assert "RS543" in codes(file)
    assert not any(one.history for one in histories(file))


def test_two_lists_of_entries_are_an_error(tmp_path: Path) -> None:
    data = bundle(*staging(DIAGNOSIS))
    text = json.dumps(data).replace('"entry": [', '"entry": [], "entry": [')
    file = put(tmp_path, text.encode())
    assert "RS543" in codes(file)
    assert not any(one.history for one in histories(file))


def test_findings_stand_at_their_line_and_column() -> None:
    path = MESSAGES / "mcode_two_values.json"
    found = next(one for one in findings(path) if one.diagnostic.code == "RS543")
    line = path.read_text(encoding="utf-8").splitlines()[found.place.line - 1]
    assert line[found.place.column - 1 :].startswith('"rcT1"')
    assert found.place.path == "entry[9].resource.valueCodeableConcept.coding[0].code"


# ---------------------------------------------------------------- framing


def refusal(tmp_path: Path, data: bytes) -> tuple[str, int]:
    """Return the code of the error that ends a file, and how many records came before it."""
    count = 0
    try:
        for _ in records(put(tmp_path, data)):
            count += 1
    except TableError as error:
        return error.diagnostic.code, count
    return "", count


def line(*resources: Data) -> bytes:
    return json.dumps(bundle(*resources)).encode() + b"\n"


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (b'{"resourceType": "Bundle", "entry": [{]}\n', "RS016"),
        (b"[1, 2]\n", "RS016"),
        (b'{"resourceType": "Bundle", "total": NaN}\n', "RS016"),
        (b'{"resourceType": "Bundle", "id": "\\ud800"}\n', "RS016"),
        (b'{"resourceType": "Bundle", "id": "\xff"}\n', "RS004"),
        (b'{"resourceType": "Bundle", "a": ' + b"[" * 64 + b"]" * 64 + b"}\n", "RS904"),
        (b'{"resourceType": "Bundle", "a": ' + b'["]",' * 70 + b"1" + b"]" * 70 + b"}\n", "RS904"),
        (b'{"resourceType": "Bundle", "a": "' + b"a" * 1_000_001 + b'"}\n', "RS905"),
        (b'{"resourceType": "Bundle"}', ""),
    ],
)
def test_what_is_refused_comes_after_the_good_records(end: bytes, code: str, tmp_path: Path) -> None:
    good_line = line(*staging(DIAGNOSIS))
    assert refusal(tmp_path, good_line * 2 + end) == (code, 2 if code else 3)


def test_brackets_in_strings_are_no_nesting(tmp_path: Path) -> None:
    data = bundle(*staging(DIAGNOSIS))
    data["id"] = "[" * 100 + '"\\{' * 100
    assert texts(put(tmp_path, data)) == ["pT2 pN1 cM0"]


def test_a_byte_order_mark_blank_lines_and_other_line_ends_stay(tmp_path: Path) -> None:
    data = (
        b"\xef\xbb\xbf\r\n"
        + line(*staging(DIAGNOSIS)).replace(b"\n", b"\r\n")
        + b"\r\n"
        + line(*staging(DIAGNOSIS))
        + b"\n"
    )
    file = put(tmp_path, data)
    assert b"".join(record.raw for record in records(file)) == data
    assert texts(file) == ["pT2 pN1 cM0"] * 2
    assert restaged(file, tmp_path / "out") == data


def test_the_path_of_a_place_leads_to_what_stands_there() -> None:
    with Source(str(MESSAGES / "mii.json")) as source:
        (record,) = json_records(source, lambda _: "")
    (document,) = record.documents
    lines = record.raw.decode().splitlines()
    for number, entry in enumerate(document.data["entry"]):
        place = record.place(document, ("entry", number, "resource", "id"))
        assert lines[place.line - 1][place.column - 1 :].startswith(json.dumps(entry["resource"]["id"]))


# ---------------------------------------------------------------- writing


@pytest.mark.parametrize("name", GOOD)
def test_nothing_is_changed_and_the_histories_stay_the_same(name: str, tmp_path: Path) -> None:
    path, out = MESSAGES / name, tmp_path / "out"
    data = restaged(path, out)
    assert data != path.read_bytes()
    assert [one.history for one in histories(out)] == [one.history for one in histories(path)]
    for record, before in zip(records(out), records(path), strict=True):
        assert FORMAT.taken_out(record, before) == before.raw
    with Source(str(out)) as written, Source(str(path)) as original:
        assert not list(verify_written(written, original, FORMAT))
    assert "RS548" not in codes(out)


@pytest.mark.parametrize("name", GOOD)
def test_what_was_written_is_not_written_again(name: str, tmp_path: Path) -> None:
    first = restaged(MESSAGES / name, tmp_path / "first")
    assert restaged(MESSAGES / name, tmp_path / "again") == first
    assert restaged(tmp_path / "first", tmp_path / "second") == first


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


def test_what_was_written_and_changed_later_is_an_error(tmp_path: Path) -> None:
    data = json.loads(restaged(MESSAGES / "mii.json", tmp_path / "out"))
    for number, entry in enumerate(data["entry"]):
        resource = entry["resource"]
        if "extension" not in resource or resource["resourceType"] != "Observation":
            continue
        for change in ("value", "removed"):
            other = copy.deepcopy(data)
            if change == "removed":
                del other["entry"][number]
            else:
                other["entry"][number]["resource"]["effectiveDateTime"] = "2020"
            file = put(tmp_path, other, "changed.json")
            severities = {one.diagnostic.severity for one in findings(file) if one.diagnostic.code == "RS548"}
            assert "error" in severities
            assert texts(file) == [SAID["mii.json"]]


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


# ---------------------------------------------------------------- files of others, and broken ones


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


def test_the_example_is_read_and_written(tmp_path: Path) -> None:
    found = histories(EXAMPLE)
    assert [len(one.history.restagings) for one in found if one.history] == [1, 0, 2, 1, 1]
    restaged(EXAMPLE, tmp_path / "out")
    assert texts(tmp_path / "out") == texts(EXAMPLE)


def is_quiet_about_r(file: str | Path) -> bool:
    """Return whether neither a staging with r nor an error comes of a file."""
    try:
        found = list(records(file))
    except TableError:
        return False
    stagings = [one.staging for record in found for tumor in record.tumors for one in tumor.stagings]
    if any(one is not None and one.stage.is_recurrence for one in stagings):
        return False
    return not any(one.diagnostic.severity == "error" for one in findings(file))


@pytest.mark.parametrize("name", GOOD)
def test_cut_and_flipped_messages_never_raise(name: str, tmp_path: Path) -> None:
    data, chance = (MESSAGES / name).read_bytes(), random.Random(name)  # noqa: S311  no secret
    for number in range(150):
        place = chance.randrange(len(data))
        other = data[:place]
        if number % 2:
            other = data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]
        file = put(tmp_path, other)
        if number % 2 == 0 and name.endswith(".json"):
            assert not is_quiet_about_r(file) or place >= len(data) - 1
        try:
            list(records(file))
            restaged(file, tmp_path / "out")
        except TableError as error:
            assert error.diagnostic.code in ("RS002", "RS004", "RS016", "RS017", "RS904")  # noqa: PT017


values = {
    "T": st.sampled_from(["T2", "pT3a", "cTX", "rT2", "rpT1", "ypT0", "T2(m)", "2", "T9", "?", ""]),
    "N": st.sampled_from(["N0", "pN1(sn)", "rN1", "cN2", "N0(i+)", "1", "r"]),
    "M": st.sampled_from(["M0", "cM0", "pM1", "rM1", "M1(HEP)", "MX"]),
    "group": st.sampled_from(["IIA", "3C", "rIV", "Stage IB", "okk", "99"]),
}
dates = st.sampled_from([None, "2019", "2020-05", "2020-05-01T10:00:00Z", "x"])
focuses = st.sampled_from(
    [None, [{"reference": "Condition/1"}], [{"reference": "Condition/2"}], [], "no list"]
)


@st.composite
def observations(draw: st.DrawFn) -> Data:
    part = draw(st.sampled_from(["T", "N", "M", "group", "r"]))
    date, focus = draw(dates), draw(focuses)
    if part == "r":
        symbol = draw(st.sampled_from([R_SYMBOL, {**R_SYMBOL, "valueCodeableConcept": {}}]))
        return {**observation("r", None, date, focus=focus), **symbol}
    made = observation(part, draw(values[part]), date, focus=focus)
    made["code"] = draw(st.sampled_from([made["code"], concept(PATHOLOGICAL[part], LOINC)]))
    if part == "group":
        names = draw(st.lists(st.integers(0, 6), max_size=4))
        made["hasMember"] = [{"reference": f"urn:uuid:o{number}"} for number in names]
    if draw(st.booleans()):
        made["component"] = [R_SYMBOL] if draw(st.booleans()) else [draw(st.sampled_from([1, None, [], {}]))]
    if draw(st.integers(0, 5)) == 0:
        name = draw(
            st.sampled_from(["status", "code", "subject", "focus", "valueCodeableConcept", "extension"])
        )
        made[name] = draw(st.sampled_from([None, 1, "x", [], {}, [[]], {"coding": [{}]}]))
    return made


def says_r(resource: Data) -> bool:
    if type(resource.get("code")) is not dict:
        return R_SYMBOL in resource.get("component", [])
    known = {*GENERAL.values(), *PATHOLOGICAL.values(), "101659-1"}
    coding = resource["code"].get("coding") or [{}]
    if coding[0].get("code") not in known:
        return R_SYMBOL in resource.get("component", [])
    value = resource.get("valueCodeableConcept")
    text = json.dumps(value)
    return "421188008" in text or '"code": "r' in text or R_SYMBOL in resource.get("component", [])


@settings(max_examples=250)
@given(resources=st.lists(observations(), max_size=7), has_condition=st.booleans())
def test_an_r_is_never_lost_and_none_is_invented(
    tmp_path: Path, resources: list[Data], has_condition: bool
) -> None:
    condition: Data = {"resourceType": "Condition", "id": "1", "subject": {"reference": "Patient/1"}}
    data = bundle(*resources, *([condition] if has_condition else []))
    file = put(tmp_path, data)
    has_r = any(map(says_r, resources))
    if has_r:
        assert not is_quiet_about_r(file)
    else:
        stagings = [
            one.staging for record in records(file) for tumor in record.tumors for one in tumor.stagings
        ]
        assert not any(one is not None and one.stage.is_recurrence for one in stagings)
    before = [one.history for one in histories(file)]
    restaged(file, tmp_path / "out")
    assert [one.history for one in histories(tmp_path / "out")] == before
    with Source(str(tmp_path / "out")) as written, Source(file) as original:
        assert not list(verify_written(written, original, FORMAT))
    assert "RS548" not in codes(tmp_path / "out")


def entry_of(data: Data, name: str) -> Data:
    found: Data = next(one["resource"] for one in data["entry"] if one["resource"].get("id") == name)
    return found


def codes_in(tmp_path: Path, data: Data) -> tuple[list[str], list[str]]:
    """Return the codes found in a message, and what was restaged."""
    path = tmp_path / "m.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    codes, restaged = [], []
    with Source(str(path)) as source:
        for record in FORMAT.records(source, {}):
            codes += [one.diagnostic.code for one in record.findings]
            for one in record_histories(record):
                codes += [found.diagnostic.code for found in one.findings]
                restaged += [str(part) for part in one.history.restagings] if one.history is not None else []
    return codes, restaged


def test_a_staging_of_a_course_that_reports_a_recurrence_is_restaged_without_r(tmp_path: Path) -> None:
    data = good("mii.json")
    data["entry"] = [one for one in data["entry"] if one["resource"].get("id") != "re-r"]
    group = entry_of(data, "re-tnm")
    group["hasMember"] = [one for one in group["hasMember"] if not one["reference"].endswith("re-r")]
    codes, restaged = codes_in(tmp_path, data)
    assert "RS532" in codes
    assert len(restaged) == 1
    assert restaged[0].startswith("r")


def test_a_stage_of_a_condition_and_members_of_a_category_are_told(tmp_path: Path) -> None:
    data = good("mii.json")
    before, _ = codes_in(tmp_path, data)
    entry_of(data, "c1")["stage"] = [{"summary": {"text": "rStage IV"}}]
    entry_of(data, "dx-n")["hasMember"] = [{"reference": "Observation/counts"}]
    after, _ = codes_in(tmp_path, data)
    assert "RS530" in after
    assert after.count("RS547") == before.count("RS547") + 1


def two_stagings(later: list[Data]) -> Data:
    """Return a bundle with a diagnosis of 2019 and further Observations of 2023."""
    return bundle(*staging(DIAGNOSIS, "2019-03-02"), *later)


WITH_R = {"T": "rpT1", "N": "rpN0", "M": "rcM0"}
PLAIN = {"T": "pT1", "N": "pN0", "M": "cM0"}


def praefix(**value: Any) -> Data:
    return {"extension": [{"url": f"{MII}r-praefix", **value}]}


def group(**more: Any) -> list[Data]:
    """Return a group without a value, whose members are the last three Observations before it."""
    made = staging(PLAIN)
    members = [{"reference": f"urn:uuid:o{number}"} for number in (3, 4, 5)]
    return [*made, observation("group", None, hasMember=members, **more)]


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
        (staging(PLAIN, effectivePeriod={"start": "2016"}), "RS543"),
        (staging(PLAIN, None, effectivePeriod={"end": "2016"}), "RS518"),
        (
            staging(
                PLAIN, valueCodeableConcept={"coding": [{"system": SNOMED, "code": "1", "display": "rpT1"}]}
            ),
            "RS543",
        ),
        (staging(PLAIN, component=[{"code": {"text": "x"}, "valueString": "rpT1"}]), "RS530"),
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


def test_the_other_half_of_a_staging_with_r_is_never_a_diagnosis(tmp_path: Path) -> None:
    later = [observation("T", "rpT1"), observation("N", "cN1"), observation("M", "cM0")]
    path = tmp_path / "in.json"
    path.write_text(json.dumps(two_stagings(later)), encoding="utf-8")
    (found,) = histories(path)
    assert found.history is not None
    assert [one.date for one in found.history.initial] == ["2019-03-02"]
    assert "RS544" in {one.diagnostic.code for one in found.findings}


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


def test_an_odd_system_of_a_site_is_no_traceback(tmp_path: Path) -> None:
    condition = {
        "resourceType": "Condition",
        "id": "1",
        "bodySite": [{"coding": [{"system": [], "code": "C50"}]}],
    }
    codes, _ = codes_in(tmp_path, bundle(condition, *staging(DIAGNOSIS)))
    assert "RS431" not in codes


def test_a_key_that_stands_twice_is_not_shown(tmp_path: Path) -> None:
    text = json.dumps(two_stagings([])).replace('"status"', '"Hans": {"M": 1, "M": 2}, "status"', 1)
    path = tmp_path / "in.json"
    path.write_text(text, encoding="utf-8")
    assert all("Hans" not in one.place.path for one in findings(path))
