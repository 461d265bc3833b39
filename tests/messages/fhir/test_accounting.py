"""FHIR: what is not understood is told or makes its staging unusable, wherever it stands."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.fhir_messages import GOOD, bundle, codes, findings, put, staging
from tests.support.paths import MESSAGES, SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.support.fhir_messages import Data

UNKNOWN_COMPONENT = {
    "code": {"coding": [{"system": "https://example.org/codes", "code": "x1"}]},
    "valueBoolean": True,
}
UNKNOWN_EXTENSION = {"url": "https://example.org/StructureDefinition/x1", "valueBoolean": True}
UNKNOWN_CODE = {"system": "http://snomed.info/sct", "code": "9990009"}
ABSENT = {
    "coding": [{"system": "http://terminology.hl7.org/CodeSystem/data-absent-reason", "code": "unknown"}]
}
STAGE_CODES = {
    *("78873005", "399504009", "384625004", "277206009", "399534004", "371494008", "277208005", "399387003"),
    *("371497001", "399390009", "399537006", "399588009", "21905-5", "21899-0", "21906-3", "21900-6"),
    *("21907-1", "21901-4", "21908-9", "21902-2", "101659-1", "101658-3", "42030-7"),
}


def is_staging(data: Any) -> bool:
    if type(data) is not dict or data.get("resourceType") != "Observation":
        return False
    return any(one.get("code") in STAGE_CODES for one in data.get("code", {}).get("coding", []))


def inside(value: Any, *, is_in_staging: bool = False) -> Iterator[tuple[Data, bool]]:
    """Yield every object of a message, and whether it stands in an Observation of a staging."""
    if type(value) is dict:
        is_in_staging = is_in_staging or is_staging(value)
        yield value, is_in_staging
        for one in value.values():
            yield from inside(one, is_in_staging=is_in_staging)
    elif type(value) is list:
        for one in value:
            yield from inside(one, is_in_staging=is_in_staging)


def with_component(data: Data) -> bool:
    if not is_staging(data):
        return False
    data.setdefault("component", []).append(UNKNOWN_COMPONENT)
    return True


def with_member(data: Data) -> bool:
    if not is_staging(data):
        return False
    data.setdefault("hasMember", []).append({"reference": "Observation/nowhere"})
    return True


def with_source(data: Data) -> bool:
    if not is_staging(data):
        return False
    data.setdefault("derivedFrom", []).append({"reference": "Observation/nowhere"})
    return True


def with_extension(data: Data) -> bool:
    data.setdefault("extension", []).append(UNKNOWN_EXTENSION)
    return True


def with_modifier(data: Data) -> bool:
    data.setdefault("modifierExtension", []).append(UNKNOWN_EXTENSION)
    return True


def with_code(data: Data) -> bool:
    if type(data.get("coding")) is not list:
        return False
    data["coding"].append(UNKNOWN_CODE)
    return True


def with_interpretation(data: Data) -> bool:
    if not (is_staging(data) or "valueCodeableConcept" in data):
        return False
    data["interpretation"] = [{"coding": [{"code": "NEG"}]}]
    return True


def with_reason(data: Data) -> bool:
    if not (is_staging(data) or ("valueCodeableConcept" in data and "code" in data)):
        return False
    data["dataAbsentReason"] = ABSENT
    return True


def with_status(data: Data) -> bool:
    if "status" not in data:
        return False
    data["status"] = "preliminary"
    return True


def with_element(data: Data) -> bool:
    if not is_staging(data):
        return False
    data["somethingElse"] = "r"
    return True


def with_primitive(data: Data) -> bool:
    if "status" not in data:
        return False
    data["_status"] = {"extension": [UNKNOWN_EXTENSION]}
    return True


CHANGES: dict[str, Callable[[Data], bool]] = {
    name.removeprefix("with_"): one for name, one in globals().items() if name.startswith("with_")
}


def told(file: str | Path) -> list[tuple[str, str]]:
    return sorted((one.diagnostic.code, one.place.path) for one in findings(file))


def messages() -> list[Path]:
    found = [MESSAGES / name for name in GOOD if name.endswith(".json")]
    return found + (sorted(SAMPLES.glob("m*.json")) if SAMPLES.is_dir() else [])


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("path", messages(), ids=lambda path: path.name)
def test_what_is_not_understood_is_never_passed_over(path: Path, change: str, tmp_path: Path) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    before = told(path)
    places = [
        number
        for number, (at, is_in) in enumerate(inside(data))
        if is_in and CHANGES[change](copy.deepcopy(at))
    ]
    assert places
    for number in places[:: max(1, len(places) // 25)]:
        other = copy.deepcopy(data)
        at, _ = list(inside(other))[number]
        CHANGES[change](at)
        assert told(put(tmp_path, other)) != before, at


def test_an_escape_hides_no_extension(tmp_path: Path) -> None:
    data = bundle(*staging({"T": "pT2"}))
    staged = next(one["resource"] for one in data["entry"] if is_staging(one["resource"]))
    staged["extension"] = [UNKNOWN_EXTENSION]
    escaped = json.dumps(data).replace('"extension"', '"extensio\\u006e"').encode()
    assert [one.diagnostic.code for one in findings(put(tmp_path, escaped))] == [
        one.diagnostic.code for one in findings(put(tmp_path, data, "plain.json"))
    ]
    assert "RS551" in codes(put(tmp_path, escaped))
