"""Tables as people have them: what spreadsheets and exports make of cells is read, told or named."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from rstage.tables.dates import check_date_format, read_date
from tests.support.command_line import run, table
from tests.support.engines import EACH_ENGINE

if TYPE_CHECKING:
    from pathlib import Path


HEADER = "id,t,n,m,g,e,r"


def test_readable_parts_are_shown_where_the_whole_is_refused(tmp_path: Path) -> None:
    rows = (
        "1,T9,N1,M0,IIB,8,",
        "2,T2,N1,bad,IIB,8,r",
        "3,T2,N1,M0,,8,q",
        "4,T2 (AJCC 7),N1 (AJCC 8),M0,,,",
        "5,T2,N1,M0,,8,r",
    )
    source = table(tmp_path, HEADER, *rows)
    columns = [f"--column=d:{part}={name}" for part, name in zip("TNM", "tnm", strict=True)]
    columns += ["--column=d:group=g", "--column=d:edition=e", "--column=d:r=r", "--dialect=obds"]
    done = run("normalize", source, *columns, "--parts")
    shown = {row["id"]: row for row in csv.DictReader(io.StringIO(done.out))}
    parts = {
        number: [row[f"d_{part}"] for part in ("T", "N", "M", "group", "edition")]
        for number, row in shown.items()
    }
    assert parts["1"] == ["", "N1", "M0", "Stage IIB", "UICC 8"]
    assert parts["2"] == ["rT2", "rN1", "", "rStage IIB", "UICC 8"]
    # An r that cannot be read leaves nothing without it.
    assert parts["3"] == [""] * 5
    assert parts["4"] == ["T2", "N1", "M0", "", ""]
    assert [row["d_normalized"] for row in shown.values()] == ["", "", "", "", "rT2 rN1 rM0 (UICC 8)"]
    assert run("check", source, *columns).code == 1


def test_a_column_can_name_the_system_of_each_row(tmp_path: Path) -> None:
    rows = (
        "2,ISS",
        "II,FIGO 2018",
        "II,AJCC 8th edition",
        "IIA,Ann Arbor staging system",
        "IIA,somebody's",
        "IIA,",
        "II,R-ISS",
    )
    source = table(tmp_path, "group,system", *rows)
    done = run("normalize", source, "--column", "group=group", "--column", "system=system")
    found = [row["stage_normalized"] for row in csv.DictReader(io.StringIO(done.out))]
    assert found == [
        "ISS II",
        "FIGO II (FIGO 2018)",
        "Stage II (AJCC 8)",
        "Ann Arbor IIA",
        "",
        "Stage IIA",
        "R-ISS II",
    ]
    assert (
        "table.csv:6:system: RS591"
        in run("check", source, "--column=group=group", "--column=system=system").out
    )


@pytest.mark.parametrize("engine", EACH_ENGINE)
def test_decimals_are_read_as_whole_numbers_and_told(tmp_path: Path, engine: str) -> None:
    source = table(tmp_path, "id,group,edition", "1,2.0,7.0", "2,2.5,7.0", "3,99.0,", "4, 3.00 ,8", "5,88.0,")
    columns = ("--column", "group=group", "--column", "edition=edition")
    done = run("normalize", source, *columns, "--engine", engine)
    assert done.out.splitlines()[1:] == [
        "1,2.0,7.0,Stage II (edition 7),RS590 RS201",
        "2,2.5,7.0,,RS590 RS101",
        "3,99.0,,,",
        "4, 3.00 ,8,Stage III (edition 8),RS590 RS202 RS201",
        "5,88.0,,,",
    ]


@pytest.mark.parametrize(
    ("part", "cell", "suggested"),
    [
        ("T", "2-Jan", "T1-2"),
        ("T", "02. Jan", "T1-2"),
        ("T", "Jan-02", "T1-2"),
        ("N", "2024-01-02", "N1-2"),
        ("N", "01.02.2024", "N1-2"),
        ("T", "2. Mär", "T2-3"),
        ("N", "03. Feb. 2024", "N2-3"),
        ("T", "12. Mai", ""),
        ("group", "2-Jan", ""),
    ],
)
def test_what_a_spreadsheet_made_a_date_of_is_named(
    tmp_path: Path, part: str, cell: str, suggested: str
) -> None:
    found = run("check", table(tmp_path, "a,b", f"{cell},1"), "--column", f"{part}=a", "--format", "jsonl")
    first = json.loads(found.out.splitlines()[0])
    assert (first["code"], first["suggestions"]) == ("RS594", [suggested] if suggested else [])


@pytest.mark.parametrize("cell", ["T1-2", "1-2", "2/3", "1.2", "T2", "IIA", "Maria 2", "12", "T2 2019-03-02"])
def test_what_is_no_date_is_not_called_one(tmp_path: Path, cell: str) -> None:
    assert "RS594" not in run("check", table(tmp_path, "a,b", f"{cell},1"), "--column", "T=a").out


def test_the_method_can_stand_beside_a_value_in_words(tmp_path: Path) -> None:
    rows = ("T2,Clinical,N1,pathological", "T2,clin.,N1,P", "cT2,c,N1,", "T2,surgical,N1,p")
    source = table(tmp_path, "t,tm,n,nm", *rows)
    columns = ("--column=T=t", "--column=T_method=tm", "--column=N=n", "--column=N_method=nm")
    found = [
        row["stage_normalized"] for row in csv.DictReader(io.StringIO(run("normalize", source, *columns).out))
    ]
    assert found == ["cT2 pN1", "cT2 pN1", "cT2 N1", ""]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2019-03-02T10:15:00Z", "2019-03-02"),
        ("2019-03-02 00:00:00", "2019-03-02"),
        ("2019-03-02T23:59:59.123+02:00", "2019-03-02"),
        ("2019-03-02 10:15 +0100", "2019-03-02"),
    ],
)
def test_the_day_of_a_timestamp_is_the_date(text: str, day: str) -> None:
    assert read_date(text) == day


@pytest.mark.parametrize("text", ["2019-03-02T", "2019-03-02T99:00", "2019-02-30T10:00:00Z", "2019-03T10:00"])
def test_what_is_no_timestamp_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match=r"such day|read without"):
        read_date(text)


def test_a_format_can_have_a_time_and_a_zone() -> None:
    for form, text in (
        ("%d.%m.%Y %H:%M %z", "02.03.2019 10:15 +0100"),
        ("%Y-%m-%dT%H:%M:%S%z", "2019-03-02T10:15:00Z"),
    ):
        check_date_format(form)
        assert read_date(text, form) == "2019-03-02"


@pytest.mark.parametrize("engine", EACH_ENGINE)
def test_a_time_of_day_that_is_left_out_is_told(tmp_path: Path, engine: str) -> None:
    rows = ("cT2,2019-03-02T10:00:00Z,cT3,2020-01-01", "cT2,2019-03-02,cT3,2019-03-01T10:00:00Z")
    source = table(tmp_path, "dx,day,new,later", *rows)
    options = ("--diagnosis=dx", "--assessment=new", "--diagnosis-date=day", "--assessment-date=later")
    done = run("restage", source, *options, "--engine", engine)
    first, second = csv.DictReader(io.StringIO(done.out))
    assert (first["restaged"], first["restage_findings"]) == ("rcT3", "RS417 RS592")
    assert "RS592" in second["restage_findings"]
    assert second["restaged"] == ""
    out = tmp_path / "out.csv"
    run("restage", source, *options, "-o", out)
    assert run("verify", out, "--against", source, *options).code == 0


def test_an_encoding_that_cannot_be_honoured_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes(b"\xef\xbb\xbfdx\nT2\n")
    done = run("check", source, "--column", "dx", "--encoding", "latin-1")
    assert (done.code, "--encoding utf-8" in done.err) == (3, True)
    for name in ("in.parquet", "in.xlsx"):
        done = run("check", tmp_path / name, "--column", "dx", "--encoding", "latin-1")
        assert (done.code, "RS012" in done.err) == (2, True)


def test_what_a_format_does_not_have_is_refused(tmp_path: Path) -> None:
    for name in ("in.parquet", "in.ndjson", "in.json"):
        assert "RS012" in run("check", tmp_path / name, "--column", "dx", "--header-row", "2").err
    source = table(tmp_path, "dx", "T2")
    assert "RS012" in run("check", source, "--column", "dx", "--header-row", "1", "--skip-rows", "0").err


def test_ragged_rows_on_standard_output_name_the_option_that_keeps_them(tmp_path: Path) -> None:
    source = table(tmp_path, "id,dx", "1,T2", "2,T2,N0")
    assert "--reject-file" in run("normalize", source, "--column", "dx").err
    assert "--reject-file" not in run("normalize", source, "--column", "dx", "-o", tmp_path / "out.csv").err


def test_dates_of_a_workbook_are_told_as_such(tmp_path: Path) -> None:
    pytest.importorskip("fastexcel", reason="the extra polars is not installed")
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")
    workbook = openpyxl.Workbook()
    for row in (
        ("dx", "day", "note"),
        ("T2", date(2019, 3, 2), "2019"),
        (date(2024, 1, 2), None, "x"),
    ):
        workbook.active.append(row)
    source = tmp_path / "in.xlsx"
    workbook.save(source)
    done = run("check", source, "--column", "T=dx")
    assert "in.xlsx:1:day: RS593 info" in done.err
    assert "note: RS593" not in done.err
    assert "in.xlsx:3:dx: RS594 error" in done.out
    assert "(did you mean T1-2?)" in done.out
    assert "RS593" not in run("check", source, "--column", "T=dx", "--ignore", "RS593").err
