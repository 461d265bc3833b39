"""FHIR: what contradicts itself is an error, and nothing is chosen."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.fhir_messages import (
    DIAGNOSIS,
    LOINC,
    PATHOLOGICAL,
    R_SYMBOL,
    UICC,
    bundle,
    codes,
    concept,
    findings,
    histories,
    observation,
    put,
    staging,
    two_stagings,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.fhir_messages import Data


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
    "no focus and no patient": ("RS541", lambda: staging(DIAGNOSIS, focus=None, subject=None)),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_contradicts_itself_is_an_error_and_nothing_is_chosen(case: str, tmp_path: Path) -> None:
    code, make = WRONG[case]
    file = put(tmp_path, bundle(*make()))
    assert code in codes(file)
    assert any(one.diagnostic.severity == "error" for one in findings(file))
    assert not any(one.history is not None and one.history.restagings for one in histories(file))


def test_a_key_that_stands_twice_is_an_error(tmp_path: Path) -> None:
    data = json.dumps(bundle(*staging(DIAGNOSIS))).replace(
        '"status": "final"', '"status": "final", "status": "final"'
    )
    file = put(tmp_path, data.encode())
    assert "RS543" in codes(file)
    assert not any(one.history for one in histories(file))


def test_a_key_that_stands_twice_is_not_shown(tmp_path: Path) -> None:
    text = json.dumps(two_stagings([])).replace('"status"', '"Hans": {"M": 1, "M": 2}, "status"', 1)
    path = tmp_path / "in.json"
    path.write_text(text, encoding="utf-8")
    assert all("Hans" not in one.place.path for one in findings(path))


def test_two_lists_of_entries_are_an_error(tmp_path: Path) -> None:
    data = bundle(*staging(DIAGNOSIS))
    text = json.dumps(data).replace('"entry": [', '"entry": [], "entry": [')
    file = put(tmp_path, text.encode())
    assert "RS543" in codes(file)
    assert not any(one.history for one in histories(file))
