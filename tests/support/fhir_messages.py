"""FHIR messages, put together from few words, and what is read of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rstage.messages.fhir.format import FORMAT
from rstage.messages.histories import record_histories
from rstage.messages.source import Source
from rstage.messages.writing import write
from tests.support.paths import MESSAGES, SAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rstage.messages.message import MessageFinding, Record, TumorHistory

Data = dict[str, Any]


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


WITH_R = {"T": "rpT1", "N": "rpN0", "M": "rcM0"}


PLAIN = {"T": "pT1", "N": "pN0", "M": "cM0"}


SAID = {
    "mcode.json": "pT2 pN1a cM0 pStage IIB (AJCC 8) -> rcT0 rcN0 rpM1 (AJCC 8)",
    "mii.json": "pT2(m) pN1a(sn) cM0 pStage IIB (UICC 8) -> rcT0 rcN0 rpM1 rcStage IV (UICC 8)",
    "components.json": "pT2 pN1a(sn) cM0 pStage IIB (UICC 8) -> rcT0 rcN0 rpM1",
}


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


def two_stagings(later: list[Data]) -> Data:
    """Return a bundle with a diagnosis of 2019 and further Observations of 2023."""
    return bundle(*staging(DIAGNOSIS, "2019-03-02"), *later)


def praefix(**value: Any) -> Data:
    return {"extension": [{"url": f"{MII}r-praefix", **value}]}


def entry_of(data: Data, name: str) -> Data:
    found: Data = next(one["resource"] for one in data["entry"] if one["resource"].get("id") == name)
    return found


def restaged_by_its_course() -> Data:
    """Return the message of MII whose later staging has no r; a report of the course says what it is."""
    data = good("mii.json")
    data["entry"] = [one for one in data["entry"] if one["resource"].get("id") != "re-r"]
    group = entry_of(data, "re-tnm")
    group["hasMember"] = [one for one in group["hasMember"] if not one["reference"].endswith("re-r")]
    return data


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


def fhir_files() -> list[Path]:
    """Return every FHIR file of the tests and samples."""
    found = sorted(MESSAGES.iterdir())
    found += sorted(path for path in SAMPLES.rglob("*.*json")) if SAMPLES.is_dir() else []
    return [path for path in found if path.suffix in (".json", ".ndjson") and _is_fhir(path)]


def _is_fhir(path: Path) -> bool:
    return b'"resourceType"' in path.read_bytes()[:1000]
