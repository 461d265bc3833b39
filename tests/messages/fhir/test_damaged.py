"""FHIR: messages that are broken or make no sense never raise, and lose or invent no r."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rstage.files.errors import TableError
from rstage.messages.fhir.format import FORMAT
from rstage.messages.source import Source
from rstage.messages.writing import verify_written
from tests.support.fhir_messages import (
    GENERAL,
    GOOD,
    LOINC,
    PATHOLOGICAL,
    R_SYMBOL,
    bundle,
    codes,
    concept,
    findings,
    histories,
    observation,
    put,
    records,
    restaged,
)
from tests.support.paths import MESSAGES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.fhir_messages import Data


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
