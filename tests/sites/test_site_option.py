"""Site tables on the command line: the same cell at other sites, and what is refused."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from rstage.cli import main
from tests.support.command_line import CliRunner
from tests.support.site_tables import lines

ROWS = "id,dx,new,site,n\n1,cT2cN0M0,T2,C34.1,1\n2,cT2cN0M0,T2,C61.9,2\n3,cT2cN0M0,T2,C71,3\n4,cT2cN0M0,,,4\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sites.tsv").write_text("\n".join(lines()), encoding="utf-8")
    (tmp_path / "rows.csv").write_text(ROWS, encoding="utf-8")
    return tmp_path


def run(command: str, code: int = 0) -> str:
    result = CliRunner().invoke(main, shlex.split(command))
    assert result.exit_code == code, result.output
    return result.output


@pytest.mark.usefixtures("folder")
def test_the_same_cell_at_other_sites() -> None:
    output = run("normalize rows.csv --column dx --site-table sites.tsv --site site --exit-zero")
    assert "1,cT2cN0M0,T2,C34.1,1,cT2 cN0 M0,RS218\n" in output
    assert "2,cT2cN0M0,T2,C61.9,2,cT2c N0 M0,RS218\n" in output
    assert "3,cT2cN0M0,T2,C71,3,,RS330 RS207\n" in output
    assert "4,cT2cN0M0,,,4,,RS207\n" in output


@pytest.mark.usefixtures("folder")
def test_check_parse_and_restage() -> None:
    output = run("check rows.csv --column x:T=new --site-table sites.tsv --site =plain")
    assert (
        len(
            [
                line
                for line in output.splitlines()
                if line.startswith("rows.csv:") and "RS326 warning: T2 is not on the list" in line
            ]
        )
        == 3
    )
    assert "cT2c N0 M0" in run("parse cT2cN0M0 --site-table sites.tsv --site plain")
    assert "RS218" in run("check --text cT2cN0M0 --site-table sites.tsv --site =C34.1")
    assert "cT2 cN0 M0" in run("normalize --text cT2cN0M0 --site-table sites.tsv --site =C34.1")
    output = run("restage --text cT2cN0M0 T2cN1 --site-table sites.tsv --site =C34.1")
    assert output.startswith("rT2 rcN1\n")
    assert "first staged cT2 cN0 M0" in output


@pytest.mark.usefixtures("folder")
def test_restaging_a_table_and_verifying_it() -> None:
    options = "--diagnosis dx --assessment new --site site --site-table sites.tsv"
    run(f"restage rows.csv -o out.csv {options} --exit-zero")
    restaged = Path("out.csv").read_text(encoding="utf-8")
    assert "\n1,cT2cN0M0,T2,C34.1,1,rT2,local," in restaged
    assert "\n3,cT2cN0M0,T2,C71,3,," in restaged
    run(f"verify out.csv --against rows.csv {options}", 0)
    run("verify out.csv --against rows.csv --diagnosis dx --assessment new --site site", 1)


@pytest.mark.usefixtures("folder")
def test_the_year_of_a_chapter_is_checked_row_by_row() -> None:
    rows = "dx,new,site,dx_date,new_date\n" + "".join(
        f"T2 N0 M0 (AJCC 9),T3 N0 M0 (AJCC 9),{site},{date},{new_date}\n"
        for site, date, new_date in [("C34.1", 2024, 2025), ("C34.1", 2025, 2026), ("C50.1", 2025, 2026)]
    )
    Path("nine.csv").write_text(rows, encoding="utf-8")
    dates = "--diagnosis-date dx_date --assessment-date new_date --site site"
    output = run(f"restage nine.csv --diagnosis dx --assessment new {dates} --no-link")
    first, second, third = output.splitlines()[1:4]
    assert "RS329" in first
    assert "RS329" not in second
    assert "RS329" in third


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("parse T2 --site-table none.tsv --site C34", 3, "RS013"),
        ("check rows.csv --column dx --site-table none.tsv --site site", 3, "RS013"),
        ("check rows.csv --column dx --site-table rows.csv --site site", 2, "RS014"),
        ("normalize --text T2 --site-table . --site =C34", 2, "RS014"),
        ("check rows.csv --column dx --site-table sites.tsv", 2, "--site-table needs --site"),
        ("check rows.csv --column dx --site site", 2, "--site needs --site-table"),
        ("check rows.csv --column dx --site-table sites.tsv --site place", 2, "RS005"),
        ("check --text T2 --site-table sites.tsv --site C34", 2, "RS012"),
        ("parse T2 --site C34", 2, "--site needs --site-table"),
    ],
)
def test_what_is_refused(command: str, code: int, said: str) -> None:
    output = run(command, code)
    assert said in output
    assert "Traceback" not in output
