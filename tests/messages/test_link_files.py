"""`rstage verify FILE`: restagings and histories in a file, each with what does not hold in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import rstage
from rstage import rules
from tests.support.command_line import run

if TYPE_CHECKING:
    from pathlib import Path

DIAGNOSIS = rstage.Staging.parse("cT2 cN0 cM0", tumor_id="T1", date="2019-03")
FOUND = rstage.Staging.parse("rcT3 cN1 cM0", tumor_id="T1", date="2023")
RESTAGING = rstage.restage(DIAGNOSIS, FOUND).to_dict()
HISTORY = rstage.History.of([DIAGNOSIS, FOUND]).to_dict()
UNREADABLE = rules.RESTAGING_UNREADABLE.code


def codes(folder: Path, *items: Any) -> tuple[int, list[tuple[int, str]]]:
    """Return the exit code of a file with these lines, and the line and code of each finding."""
    path = folder / "sidecar.ndjson"
    path.write_text("".join(json.dumps(one) + "\n" for one in items), encoding="utf-8")
    done = run("verify", path, "--format", "jsonl")
    return done.code, [(one["line"], one["code"]) for one in map(json.loads, done.out.splitlines())]


@pytest.mark.parametrize("name", ["link", "assessment", "diagnosis", "recurrence", "restaged", "event"])
@pytest.mark.parametrize("change", ["null", "gone", "other"])
def test_a_line_that_is_no_restaging_is_a_finding_and_the_others_are_verified(
    name: str, change: str, tmp_path: Path
) -> None:
    bad = {**RESTAGING, name: None if change == "null" else ["x"]}
    if change == "gone":
        del bad[name]
    altered = {**RESTAGING, "assessment": {**RESTAGING["assessment"], "date": "2022"}}
    found = [(2, UNREADABLE), (3, rules.ASSESSMENT_ALTERED.code)]
    assert codes(tmp_path, RESTAGING, bad, altered, HISTORY) == (1, found)
    around = {"record": 1, "digest": "", "keys": {}}
    assert codes(tmp_path, around | {"restaging": RESTAGING}, around | {"restaging": bad}) == (1, found[:1])


@pytest.mark.parametrize("line", [None, 5, "x", [], {}, [RESTAGING], {"restaging": None}, {"initial": [5]}])
def test_whatever_stands_on_a_line_is_told(line: Any, tmp_path: Path) -> None:
    assert codes(tmp_path, RESTAGING, line, RESTAGING) == (1, [(2, UNREADABLE)])


def test_a_line_that_says_that_there_is_no_history_is_none(tmp_path: Path) -> None:
    nothing = {"record": 1, "keys": {}, "initial": [], "diagnosis": None}
    assert codes(tmp_path, nothing, {"message": {"records": 1}}, HISTORY) == (0, [])


def test_a_history_that_names_another_tumor_is_told(tmp_path: Path) -> None:
    assert codes(tmp_path, HISTORY, {**HISTORY, "tumor_id": "T2"}) == (1, [(2, UNREADABLE)])
    assert codes(tmp_path, {**HISTORY, "diagnosis": {**HISTORY["diagnosis"], "stage": None}})[0] == 1


def test_no_setting_hides_what_cannot_be_verified(tmp_path: Path) -> None:
    path = tmp_path / "sidecar.ndjson"
    path.write_text(json.dumps({**RESTAGING, "link": None}), encoding="utf-8")
    assert run("verify", path, "--select", "RS1").code == 1
    assert run("verify", path, "--ignore", UNREADABLE).code == 2
