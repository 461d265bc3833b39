"""The place of a residual tumor is kept as it was written; one that can be a name is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import rstage
from rstage import rules
from tests.support.command_line import run, table

if TYPE_CHECKING:
    from pathlib import Path

CODE = rules.PLACE_UNKNOWN.code


@pytest.mark.parametrize("place", ["liver", "Leber", "lokal", "bone marrow", "oral und aboral", "foie"])
def test_a_known_place_is_not_told(place: str) -> None:
    reading = rstage.read(f"T2 N0 M0 R1({place})")
    assert reading.ok
    assert CODE not in [one.code for one in reading.diagnostics]


@pytest.mark.parametrize("place", ["Kowalski", "is)(Miller", "liver Kowalski", "Anna Maria"])
@pytest.mark.parametrize("mode", ["strict", "standard", "repair"])
def test_what_can_be_a_name_is_kept_told_once_and_not_shown(place: str, mode: str) -> None:
    reading = rstage.read(f"T2 N0 M0 R1({place})", mode=mode)  # type: ignore[arg-type]  # one of the modes
    found = [one for one in reading.diagnostics if one.code == CODE]
    assert [one.severity for one in found] == ["info"]
    assert place in str(reading.stage)
    assert not any(word in str(found[0]) for word in place.split())


def test_a_cell_with_a_name_has_a_finding(tmp_path: Path) -> None:
    path = table(tmp_path, "dx", "T2 R1(Kowalski)", "T2 R1(liver)")
    out = tmp_path / "out.csv"
    assert run("normalize", path, "-o", out, "--column", "dx").code == 0
    assert out.read_text(encoding="utf-8").splitlines()[1:] == [
        f"T2 R1(Kowalski),T2 R1(Kowalski),{CODE}",
        "T2 R1(liver),T2 R1(liver),",
    ]
    done = run("check", path, "--column", "dx")
    assert "Kowalski" not in done.out + done.err
