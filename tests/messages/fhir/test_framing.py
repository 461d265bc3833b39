"""FHIR: documents and lines of JSON, their limits, and the places of what stands in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rstage.files.errors import TableError
from rstage.messages.json_records import GATHERED, json_records
from rstage.messages.source import Source
from tests.support.fhir_messages import (
    DIAGNOSIS,
    bundle,
    codes,
    observation,
    put,
    records,
    restaged,
    staging,
    texts,
)
from tests.support.paths import MESSAGES

if TYPE_CHECKING:
    from tests.support.fhir_messages import Data


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


def _lines_of(*patients: str) -> list[bytes]:
    """Return lines that say something of the stage of patients, a line each."""
    counts = dict.fromkeys(patients, 0)
    lines = []
    for patient in patients:
        part, value, date = LINES[counts[patient]]
        counts[patient] += 1
        data = observation(part, value, date, id=f"{patient}{counts[patient]}")
        data["subject"] = {"reference": f"Patient/{patient}"}
        data["focus"] = [{"reference": f"Condition/{patient}"}]
        lines.append(json.dumps(data).encode() + b"\n")
    return lines


LINES = [("T", "pT2", "2019"), ("N", "pN1", "2019"), ("T", "rcT0", "2023"), ("M", "rpM1", "2023")]


@pytest.mark.parametrize(
    ("order", "count"), [("aaaabbbb", 2), ("abababab", 1), ("aabbaabbcccc", 2), ("abcbacbcacab", 1)]
)
def test_lines_of_several_patients_come_in_any_order(order: str, count: int, tmp_path: Path) -> None:
    data = b"".join(_lines_of(*order))
    file = put(tmp_path, data, "in.ndjson")
    found = list(records(file))
    assert len(found) == count
    assert b"".join(one.raw for one in found) == data
    assert texts(file) == ["pT2 pN1 -> rcT0 rpM1"] * len(set(order))
    assert "RS549" not in codes(file)
    assert restaged(tmp_path / "in.ndjson", tmp_path / "out").startswith(found[0].raw)


def test_what_stands_too_far_apart_is_told_and_memory_stays_bounded(tmp_path: Path) -> None:
    first, *rest = _lines_of(*"aaaa")
    filler = [
        json.dumps({"resourceType": "Patient", "id": f"x{number}", "language": "a" * 900_000}).encode()
        + b"\n"
        for number in range(20)
    ]
    data = b"".join([first, *filler, *rest])
    file = put(tmp_path, data, "in.ndjson")
    found = list(records(file))
    assert b"".join(one.raw for one in found) == data
    assert max(len(one.raw) for one in found) < GATHERED
    assert "RS549" in codes(file)


def test_a_patient_who_is_not_here_is_the_same_by_a_relative_and_an_absolute_name(tmp_path: Path) -> None:
    server = "http://example.org/fhir"
    data = bundle(*staging(DIAGNOSIS, "2019-03-02"), *staging({"T": "rpT1"}))
    for entry in data["entry"]:
        entry["fullUrl"] = f"{server}/Observation/{entry['resource']['id']}"
    data["entry"][-1]["resource"]["subject"] = {"reference": f"{server}/Patient/1"}
    file = put(tmp_path, data)
    assert texts(file) == ["pT2 pN1 cM0 -> rpT1"]
    assert "RS541" not in codes(file)
    data["entry"][-1]["resource"]["subject"] = {"reference": "http://elsewhere.example/fhir/Patient/1"}
    assert "RS431" in codes(put(tmp_path, data, "other.json"))


def test_what_was_written_beside_absolute_names_is_read_again(tmp_path: Path) -> None:
    data = bundle(*staging(DIAGNOSIS, "2019-03-02"), *staging({"T": "rpT1"}))
    for entry in data["entry"]:
        entry["fullUrl"] = f"http://example.org/fhir/Observation/{entry['resource']['id']}"
    out = put(tmp_path, restaged(put(tmp_path, data), tmp_path / "once"), "out.json")
    assert texts(out) == ["pT2 pN1 cM0 -> rpT1"]
    assert not codes(out) & {"RS541", "RS548"}
    assert restaged(out, tmp_path / "twice") == Path(out).read_bytes()
