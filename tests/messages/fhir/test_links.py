"""FHIR: what was written leaves everything as it was, and is found where it was changed later."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING

import pytest

from rstage.messages.fhir.format import FORMAT
from rstage.messages.source import Source
from rstage.messages.writing import verify_written
from tests.support.fhir_messages import (
    GOOD,
    SAID,
    codes,
    findings,
    histories,
    put,
    records,
    restaged,
    restaged_by_its_course,
    texts,
)
from tests.support.paths import MESSAGES

if TYPE_CHECKING:
    from pathlib import Path


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


def test_what_was_written_and_changed_later_is_an_error(tmp_path: Path) -> None:
    data = json.loads(restaged(put(tmp_path, restaged_by_its_course()), tmp_path / "out"))
    for number, entry in enumerate(data["entry"]):
        resource = entry["resource"]
        if "identifier" not in resource or resource["resourceType"] != "Observation":
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


def test_a_link_that_was_changed_later_is_an_error(tmp_path: Path) -> None:
    data = json.loads(restaged(MESSAGES / "mii.json", tmp_path / "out"))
    data["entry"][-1]["resource"]["effectiveDateTime"] = "2020"
    file = put(tmp_path, data, "changed.json")
    assert [one.diagnostic.severity for one in findings(file) if one.diagnostic.code == "RS548"] == ["error"]
    assert texts(file) == [SAID["mii.json"]]
