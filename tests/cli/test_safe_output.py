"""What is printed neither acts on a terminal nor in a spreadsheet, and shows no address."""

from __future__ import annotations

import csv
import io
import os
from typing import TYPE_CHECKING

import pytest

from rstage import rules
from tests.support.command_line import run

if TYPE_CHECKING:
    from pathlib import Path

CONTROL = "\x1b[31m\x07"


@pytest.mark.parametrize("sign", ["=1+1", "@SUM(A1)", "+1", "-1+2", " =1", "\t=1", "\uff1d1"])
def test_no_cell_of_a_report_is_a_formula(sign: str, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([[sign, "other"], [f"{sign}|cmd", "T2"]])
    for more in ((), ("--show-values",), ("--statistics",), ("--statistics", "--show-values")):
        done = run("check", path, "--column", sign, "--format", "csv", *more)
        cells = [cell for row in csv.reader(io.StringIO(done.out)) for cell in row]
        assert any(sign.strip() in cell for cell in cells), more
        assert not any(cell.lstrip()[:1] in tuple("=+-@\uff1d") for cell in cells if cell), more
    out = tmp_path / "out.csv"
    assert run("normalize", path, "-o", out, "--column", sign).code == 1
    pairs = zip(path.read_bytes().splitlines(), out.read_bytes().splitlines(), strict=True)
    assert all(made.startswith(kept) for kept, made in pairs)


def test_standard_input_keeps_its_name_in_a_report() -> None:
    done = run("check", "-", "--column", "dx", "--format", "csv", stdin=b"dx\nT9\n")
    assert next(iter(csv.DictReader(io.StringIO(done.out))))["file"] == "-"


@pytest.mark.skipif(os.name == "nt", reason="no such name is possible there")
@pytest.mark.parametrize(
    "more", [(), ("--statistics",), ("--show-values",), ("--format", "csv"), ("--format", "json")]
)
def test_a_control_character_is_shown_as_its_escape(more: tuple[str, ...], tmp_path: Path) -> None:
    column, path = f"dx{CONTROL}\n", tmp_path / f"a{CONTROL}\nb.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([[column, "x"], [f"T9{CONTROL}", "y"], [f"T2{CONTROL}", "y"], ["T8"]])
    calls = [
        run("check", path, "--column", column, *more),
        run("check", path, "--column", f"no{CONTROL}", *more),
        run("check", f"{path}.none", "--column", column, *more),
        run("normalize", path, "-o", tmp_path / "out.csv", "--column", column),
        run("normalize", path, "-o", path, "--column", column, "--force"),
        run("verify", tmp_path / "out.csv", "--against", path),
        run("find", path),
    ]
    for number, done in enumerate(calls):
        assert not {"\x1b", "\x07"} & set(done.out + done.err), number
    assert r"\x1b" in calls[0].out + calls[0].err or "\\u001b" in calls[0].out


def test_an_address_in_place_of_a_name_is_not_suggested(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("max.muster@example.org,other\nT2,x\n", encoding="utf-8")
    done = run("check", path, "--column", "max.muster")
    assert rules.COLUMN_UNKNOWN.code in done.err
    assert "example.org" not in done.out + done.err
