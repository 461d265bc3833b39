"""FHIR: what is written follows the profiles that it names, as far as `data/fhir_profiles.tsv` has them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

import rstage
from rstage.messages.fhir import codes
from rstage.messages.fhir.written import _table
from rstage.messages.writing import write
from rstage.reference.tsv import data_rows
from tests.support.case_tables import rows
from tests.support.fhir_messages import good, put

if TYPE_CHECKING:
    from pathlib import Path

    from rstage.messages.message import TumorHistory
    from tests.support.fhir_messages import Data

RULES = [tuple(row.values()) for row in rows("fhir_profiles.tsv")]
STAGES = (
    "cT0 pN0(i+)(sn) pM1 L1 V0 Pn1 S2 Stage IV",
    "ypT2(m) ypN1a cM0 L0 V2 Pn0 Stage IIB",
    "pT1b(3) pN0 cM0",
    "cTX cN0 cM0 Stage 0is",
)


def written(file: str, stage: str, out: Path) -> list[Data]:
    def extend(found: TumorHistory) -> rstage.History | None:
        assert found.history is not None
        tumor_id = found.history.tumor_id
        edition = found.history.diagnosis.stage.edition
        text = f"{stage} {edition}"
        more = rstage.Staging.parse(text, tumor_id=tumor_id, date="2024-02", mode="standard")
        return found.history.restage(more)

    write(file, str(out), extend=extend, force=True)
    entries = [one["resource"] for one in json.loads(out.read_bytes())["entry"]]
    known = {entry["id"] for entry in (one["resource"] for one in json.loads(open_text(file))["entry"])}
    return [one for one in entries if one["id"] not in known and "meta" in one]


def open_text(file: str) -> str:
    with open(file, encoding="utf-8") as stream:  # noqa: PTH123  a name that the writer takes too
        return stream.read()


def codings(data: Data, element: str) -> list[str]:
    return [f"{one['system']}|{one['code']}" for one in data[element]["coding"]]


def breaks(data: Data, rule: str, element: str, what: str, profiles: dict[str, str]) -> bool:
    """Return whether an Observation breaks a rule of its profile."""
    held = data.get(element, ())
    if rule in ("required", "absent"):
        return bool(held) is (rule == "absent")
    if rule == "most":
        return len(held) > int(what)
    if rule == "members":
        return not all(
            re.fullmatch(what, profiles[one["reference"].removeprefix("urn:uuid:")]) for one in held
        )
    found = codings(data, element) if held else []
    if rule == "code":
        return set(found).isdisjoint(what.split())
    system, _, pattern = what.partition("|")
    ends = [one.removeprefix(f"{system}|") for one in found if one.startswith(f"{system}|")]
    return bool(found) and not any(re.fullmatch(pattern, one) for one in ends)


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("name", ["mcode.json", "mii.json"])
@pytest.mark.parametrize("version", ["", "|2026.0.3"])
def test_what_is_written_follows_its_profiles(name: str, version: str, stage: str, tmp_path: Path) -> None:
    data = good(name)
    for entry in data["entry"]:
        meta = entry["resource"].get("meta", {})
        meta.update({"profile": [f"{one}{version}" for one in meta["profile"]]} if "profile" in meta else {})
    made = written(put(tmp_path, data), stage, tmp_path / "out")
    assert len(made) >= 3
    profiles = {one["id"]: profile_of(one) for one in made}
    tried = 0
    for one in made:
        for profile, rule, element, what in RULES:
            if profile == profiles[one["id"]]:
                tried += 1
                assert not breaks(one, rule, element, what, profiles), (profile, rule, element)
    assert tried >= 2 * len(made)


@pytest.mark.parametrize("name", ["mcode.json", "mii.json", "components.json"])
@pytest.mark.parametrize("kind", ["collection", "transaction", "batch", "message"])
def test_what_is_written_passes_the_models_of_fhir_resources(name: str, kind: str, tmp_path: Path) -> None:
    bundles = pytest.importorskip("fhir.resources.R4B.bundle", reason="fhir.resources is not here")
    data = {**good(name), "type": kind}
    for entry in data["entry"]:
        url = f"{entry['resource']['resourceType']}/{entry['resource']['id']}"
        entry["request"] = {"method": "PUT", "url": url}
        if kind in ("collection", "message"):
            del entry["request"]
    for stage in STAGES:
        written(put(tmp_path, data), stage, tmp_path / "out")
        bundles.Bundle.model_validate(json.loads((tmp_path / "out").read_bytes()))


def profile_of(data: Data) -> str:
    name: str = data["meta"]["profile"][0].rpartition("/")[2].partition("|")[0]
    return name


def test_every_rule_of_a_code_is_that_of_the_table_that_is_written() -> None:
    """The table of codes and the one of the tests are two; where they name one profile they agree."""
    fixed = {profile: what for profile, rule, element, what in RULES if (rule, element) == ("code", "code")}
    for (guide, part, _), row in _table().items():
        name = f"mii-pr-onko-tnm-{row.profile}" if guide == "mii" else f"mcode-{row.profile}"
        if row.profile and part != "a":
            assert f"{row.system}|{row.code}" in fixed[name].split()


def test_what_is_written_can_be_read() -> None:
    known = codes.meanings()
    for row in data_rows("fhir_written.tsv"):
        system, meaning = known[row["code"]]
        assert system == row["system"]
        assert meaning.part == row["part"] or meaning.part == codes.PREFIX


# A SNOMED CT identifier ends in a check digit (Verhoeff): what a digit becomes from place to place.
_TURN = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def _sum(one: int, other: int) -> int:
    """Return the product of two turns and mirrors of a pentagon."""
    if one < 5:
        return (one + other) % 5 if other < 5 else 5 + (one + other) % 5
    return 5 + (one - other) % 5 if other < 5 else (one - other) % 5


def has_check_digit(number: str) -> bool:
    found = 0
    for place, digit in enumerate(reversed(number)):
        turned = int(digit)
        for _ in range(place % 8):
            turned = _TURN[turned]
        found = _sum(found, turned)
    return found == 0


def test_the_numbers_of_concepts_are_numbers_of_snomed() -> None:
    assert not has_check_digit("1228938003")
    numbers = [row["code"] for row in data_rows("fhir_values.tsv")]
    numbers += [row["code"] for row in data_rows("fhir_codes.tsv") if row["system"] == codes.SNOMED]
    assert len(numbers) > 400
    assert [one for one in numbers if not has_check_digit(one)] == []


def test_the_concepts_are_notation() -> None:
    for row in data_rows("fhir_values.tsv"):
        assert rstage.read(row["notation"], field=row["part"]).stage is not None, row  # type: ignore[arg-type]
