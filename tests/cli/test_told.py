"""What is said where it matters: what was not checked, what was meant, and what came out."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from tests.support.command_line import run, table
from tests.support.engines import EACH_ENGINE
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "id,new_id,dx,new,dx_date,new_date,event"
ROWS = (
    "1,1,cT2 N0 M0,T3 N0 M0,2019-03-02,2023-05,recurrence",
    "2,,cT1 N0 M0,T1 N1 M0,2019-03-02,2023-05,recurrence",
    "3,3,cT1 N0 M0,T1 N1 M0,,2023-05,progression",
    "4,4,cT1 N0 M0,,,,",
    "5,5,cT1 N0 M0,T2 N0 M0,soon,2023-05,progression",
)
STAGES = ("--diagnosis=dx", "--assessment=new")
IDS = ("--tumor-id=id", "--assessment-tumor-id=new_id")
DATES = ("--diagnosis-date=dx_date", "--assessment-date=new_date")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return table(tmp_path, HEADER, *ROWS)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((), (True, True)),
        (IDS, (False, True)),
        (DATES, (True, False)),
        (DATES[:1], (True, True)),
        (IDS + DATES, (False, False)),
    ],
)
def test_what_was_not_checked_is_said(source: Path, given: tuple[str, ...], said: tuple[bool, bool]) -> None:
    err = run("restage", source, *STAGES, *given).err
    assert ("second primaries were not looked for" in err, "not checked what came first" in err) == said
    assert "not looked for" not in run("restage", source, *STAGES, *given, "-q").err


def test_what_is_required_has_to_be_given(source: Path) -> None:
    for option in ("--require=tumor-id", "--require=dates", "--require=tumor-id,dates"):
        done = run("restage", source, *STAGES, option)
        assert (done.code, "RS012" in done.err) == (2, True)
    assert run("restage", source, *STAGES, "--require=ids").code == 2
    assert run("restage", "--text", "cT2 N0", "T3 N0", "--require=dates").code == 2


@pytest.mark.parametrize("engine", EACH_ENGINE)
def test_no_row_is_restaged_without_what_is_required(tmp_path: Path, source: Path, engine: str) -> None:
    out = tmp_path / "out.csv"
    given = (*STAGES, *IDS, *DATES, "--require", "tumor-id,dates")
    assert run("restage", source, *given, "-o", out, "--engine", engine).code == 1
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
    assert [row["restaged"] for row in rows] == ["rT3 rN0 rM0", "", "", "", ""]
    assert ["RS598" in row["restage_findings"].split() for row in rows] == [False, True, True, False, False]
    assert "RS502" in rows[4]["restage_findings"]
    assert run("verify", out, "--against", source, *given).code == 0


def test_a_value_that_was_meant_for_every_row_is_named(source: Path) -> None:
    assert "--event =recurrence is that value" in run("restage", source, *STAGES, "--event", "recurrence").err
    assert "--recurrence =local is that value" in run("restage", source, *STAGES, "--recurrence", "local").err
    assert "is that value" not in run("restage", source, *STAGES, "--event", "relapsed").err


def test_a_column_that_is_missing_lists_those_that_there_are(tmp_path: Path, source: Path) -> None:
    done = run("check", source, "--column", "stage")
    assert (done.code, f"there are {HEADER.replace(',', ', ')}" in done.err) == (2, True)
    wide = table(tmp_path, ",".join(f"c{number}" for number in range(30)), name="wide.csv")
    assert "c19 and 10 more" in run("check", wide, "--column", "stage").err
    # A record in the place of the header is shown no more than anywhere else.
    records = table(tmp_path, "20190302,T2", name="records.csv")
    assert "20190302" not in run("check", records, "--column", "stage").err


def test_a_command_that_is_none_names_the_closest() -> None:
    done = run("chek")
    assert (done.code, "Did you mean check" in done.err) == (2, True)
    assert "Did you mean" not in run("zzzz").err


def test_verify_says_what_it_does_without_the_original(tmp_path: Path, source: Path) -> None:
    done = run("verify", source)
    assert (done.code, "--against names the table" in done.err) == (2, True)
    text = run("restage", "--text", "cT2 N0", "T3 N0", "--format", "json").out
    links = tmp_path / "links.json"
    links.write_text(text, encoding="utf-8")
    assert json.loads(text)
    assert "links only: without --against" in run("verify", links).err


def test_rows_are_shown_at_the_end(tmp_path: Path, source: Path) -> None:
    out = tmp_path / "out.csv"
    err = run("restage", source, *STAGES, *IDS, *DATES, "-o", out, "--show-rows", "2").err
    head, first, second, *_ = err.splitlines()
    assert head.split() == ["line", "dx", "new", "restaged", "restage_recurrence", "restage_findings"]
    assert first.split() == ["2", "cT2", "N0", "M0", "T3", "N0", "M0", "rT3", "rN0", "rM0", "local"]
    assert second.split()[0] == "3"
    # Standard output shows them itself.
    assert "line" not in run("restage", source, *STAGES, *IDS, *DATES, "--show-rows", "2").err


@pytest.mark.parametrize("ending", ["csv", "ndjson", "json"])
def test_what_is_shown_of_the_input_is_notation(tmp_path: Path, ending: str) -> None:
    cells = ["Miller John T2", "T2 N0"]
    source = tmp_path / f"in.{ending}"
    rows = [json.dumps({"dx": cell}) for cell in cells]
    text = {"csv": "\n".join(["dx", *cells]), "ndjson": "\n".join(rows), "json": f"[{','.join(rows)}]"}[
        ending
    ]
    source.write_text(text + "\n", encoding="utf-8")
    given = ("--column", "dx", "-o", tmp_path / f"out.{ending}", "--show-rows", "5", "--force")
    err = run("normalize", source, *given).err
    assert ("Miller" in err, "T2 N0" in err) == (False, True)
    assert "Miller" in run("normalize", source, *given, "--show-values").err


def test_the_main_job_ends_with_rows_and_counts(tmp_path: Path) -> None:
    examples = ROOT / "examples"
    out = tmp_path / "restaged.csv"
    config = ("--config", examples / "recurrences.toml")
    done = run("restage", examples / "recurrences.csv", "-o", out, *config)
    assert done.code == 0
    lines = done.err.splitlines()
    assert len(lines) == 1 + 5 + 1
    assert "207 rows in = 206 out + 1 rejected" in lines[-1]
    assert run("verify", out, "--against", examples / "recurrences.csv", *config).code == 0
