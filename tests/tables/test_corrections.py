"""Corrections: a person decides how a value is read; the cell stays, and a finding says so."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from tests.support.command_line import run, table
from tests.support.engines import EACH_ENGINE

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "column,value,read_as,who,why,date"
ROWS = ("1,cT2 N0 M0,T3 N0 M0", "2,cT2 NO MO,TX", "3,cT2 NO MO,", "4,cT1 N0 M0,recurrent T3")
DECIDED = ("dx,cT2 NO MO,cT2 N0 M0,AB,an O was typed,2024-05-31", "new,recurrent T3,rT3,CD,asked,2024-06-01")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return table(tmp_path, "id,dx,new", *ROWS)


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def corrections(folder: Path, *lines: str) -> Path:
    return table(folder, HEADER, *lines, name="corrections.csv")


@pytest.mark.parametrize("engine", EACH_ENGINE)
def test_what_was_decided_is_appended_and_the_cell_stays(tmp_path: Path, source: Path, engine: str) -> None:
    given = ("--corrections", corrections(tmp_path, *DECIDED))
    out = tmp_path / "out.csv"
    done = run("normalize", source, "-o", out, "--column=dx", "--column=new", *given, "--engine", engine)
    rows = rows_of(out)
    assert [row["dx"] for row in rows] == [line.split(",")[1] for line in ROWS]
    assert [row["dx_normalized"] for row in rows] == ["cT2 N0 M0", "cT2 N0 M0", "cT2 N0 M0", "cT1 N0 M0"]
    assert [row["dx_findings"] for row in rows] == ["", "RS595", "RS595", ""]
    assert (rows[3]["new_normalized"], rows[3]["new_findings"]) == ("rT3", "RS595")
    assert (done.code, "RS596" in done.err) == (0, False)
    assert run("verify", out, "--against", source).code == 0


@pytest.mark.parametrize("engine", EACH_ENGINE)
def test_a_restaging_takes_them_and_so_does_verify(tmp_path: Path, source: Path, engine: str) -> None:
    given = ("--diagnosis=dx", "--assessment=new", "--corrections", corrections(tmp_path, *DECIDED))
    out = tmp_path / "out.csv"
    run("restage", source, "-o", out, *given, "--engine", engine)
    rows = rows_of(out)
    assert [row["restaged"] for row in rows] == ["rT3 rN0 rM0", "rTX", "", "rT3"]
    assert "RS595" in rows[1]["restage_findings"].split()
    assert run("verify", out, "--against", source, *given).code == 0
    assert run("verify", out, "--against", source, *given[:2]).code == 1


def test_check_tells_what_was_decided(tmp_path: Path, source: Path) -> None:
    done = run("check", source, "--column=dx", "--corrections", corrections(tmp_path, DECIDED[0]))
    assert done.out.splitlines() == [
        f"{source}:{line}:dx: RS595 info: cT2 NO MO was read as cT2 N0 M0, "
        "as line 2 of the corrections decides"
        for line in (3, 4)
    ]


def test_a_part_can_be_corrected(tmp_path: Path) -> None:
    source = table(tmp_path, "t,n", "T2x,N0", "T2,N0")
    given = ("--corrections", corrections(tmp_path, "t,T2x,T2,AB,a slip,2024-05-31"))
    done = run("normalize", source, "--column=T=t", "--column=N=n", *given)
    rows = list(csv.DictReader(io.StringIO(done.out)))

    found = [(row["stage_normalized"], row["stage_findings"]) for row in rows]
    assert found == [("T2 N0", "RS595"), ("T2 N0", "")]


def test_a_line_that_was_not_met_is_told(tmp_path: Path, source: Path) -> None:
    given = ("--corrections", corrections(tmp_path, DECIDED[0], "dx,T9,T4,AB,seen,2024-05-31"))
    for command in ("check", "normalize"):
        done = run(command, source, "--column=dx", *given)
        assert "corrections.csv:3:(row): RS596 warning" in done.out + done.err


def test_what_is_not_decided_yet_changes_nothing(tmp_path: Path, source: Path) -> None:
    open_line = "dx,cT2 NO MO,,,,"
    done = run("check", source, "--column=dx", "--corrections", corrections(tmp_path, open_line))
    assert ("RS595" in done.out, "RS596" in done.out, "RS115" in done.out) == (False, False, True)


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (("dx,T9,T4,,seen,2024-05-31",), "who is blank"),
        (("dx,,T4,AB,seen,2024-05-31",), "value is blank"),
        (("dx,T9,T4,AB,seen,31.05.2024",), "the date is none"),
        (("dx,T9,unknown,AB,seen,2024-05-31",), "--missing WORD"),
        (("dx,T9,T4,AB,seen",), "it has 5 fields"),
        ((DECIDED[0], DECIDED[0]), "the same value as line 2"),
    ],
)
def test_a_line_that_is_not_understood_ends_the_run(
    tmp_path: Path, source: Path, lines: tuple[str, ...], why: str
) -> None:
    done = run("check", source, "--column=dx", "--corrections", corrections(tmp_path, *lines))
    assert (done.code, "RS597" in done.err, why in done.err) == (2, True, True)


def test_a_header_that_is_not_understood_ends_the_run(tmp_path: Path, source: Path) -> None:
    for header in ("column,value,read as,who,why,date", "column,value,who,why,date", f"{HEADER},date"):
        file = table(tmp_path, header, name="bad.csv")
        assert "RS597" in run("check", source, "--column=dx", "--corrections", file).err


def test_a_worklist_is_filled_in_and_given_back(tmp_path: Path) -> None:
    source = table(
        tmp_path,
        "id,dx",
        *(f"{n},T2 N0 M0" for n in range(60)),
        "a,pT2 pNl M0",
        "b,pT2 pNl M0",
        "c,see letter",
    )
    work = tmp_path / "work.csv"
    assert run("look", source, "--worklist", work).code == 0
    rows = rows_of(work)
    assert [(row["value"], row["count"]) for row in rows] == [("pT2 pNl M0", "2"), ("see letter", "1")]
    assert "pT2 pN1 M0" in rows[0]["proposal"]
    assert run("check", source, "--column=dx", "--corrections", work).code == 1
    rows[0] |= {"read_as": "pT2 pN1 M0", "who": "AB", "why": "a slip of the pen", "date": "2024-05-31"}
    with work.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    done = run("check", source, "--column=dx", "--corrections", work, "--ignore", "RS101")
    assert (done.code, done.out.count("RS595")) == (0, 2)
    # What a person filled in is never written over without a word.
    assert run("look", source, "--worklist", work).code == 2


def test_values_that_are_no_notation_stay_hidden(tmp_path: Path) -> None:
    source = table(tmp_path, "dx", "Miller John T2")
    given = ("--corrections", corrections(tmp_path, "dx,Miller John T2,T2,AB,seen,2024-05-31"))
    done = run("check", source, "--column=dx", *given)
    assert ("Miller" in done.out, "RS595" in done.out) == (False, True)


def test_running_text_takes_none(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("pT2 pN0 M0\n", encoding="utf-8")
    assert run("find", letter, "--corrections", corrections(tmp_path, DECIDED[0])).code == 2


@pytest.mark.parametrize("command", [("check", "--text=pT2"), ("normalize", "--text=pT2"), ("find", "x")])
def test_a_text_has_no_corrections(command: tuple[str, ...], tmp_path: Path) -> None:
    done = run(*command, "--corrections", corrections(tmp_path, DECIDED[0]))
    assert done.code == 2
    assert "--corrections decides how the cells of a stage are read, and not a text" in done.err
