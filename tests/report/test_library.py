"""`tables.report` and `messages.report` write what the commands write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rstage import messages, tables
from rstage.files.errors import TableError
from rstage.report.page import BEGINNING
from tests.support.command_line import run, table
from tests.support.paths import EXAMPLES

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ("--column", "dx", "--column", "new")


def read(folder: Path, name: str) -> str:
    return (folder / name).read_text(encoding="utf-8")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    rows = (
        "dx,new,on,later",
        "pT2 pN0 cM0,rT0 rN0 rM1,02.03.2019,2.4.2021",
        "pT2 pNl,,,",
        "unknown word,T9,,",
    )
    return table(tmp_path, *rows)


def test_a_table_is_checked(source: Path, tmp_path: Path) -> None:
    run("check", source, *COLUMNS, "--report", tmp_path / "a.html")
    tables.report(source, tmp_path / "b.html", ["dx", "new"])
    assert read(tmp_path, "a.html") == read(tmp_path, "b.html")
    run(
        "check",
        source,
        "--column",
        "dx",
        "--show-values",
        "--mode",
        "repair",
        "--report",
        tmp_path / "a.html",
    )
    tables.report(source, str(tmp_path / "b.html"), "dx", show_values=True, mode="repair", force=True)
    assert read(tmp_path, "a.html") == read(tmp_path, "b.html")


def test_a_table_is_restaged(source: Path, tmp_path: Path) -> None:
    dates = ("--diagnosis-date", "on", "--assessment-date", "later", "--date-format", "%d.%m.%Y")
    stages = ("--diagnosis", "dx", "--assessment", "new", "--event", "=recurrence")
    out = ("-o", tmp_path / "out.csv", "--report", tmp_path / "a.html")
    assert run("restage", source, *stages, *dates, *out).code == 1
    tables.report(
        source,
        tmp_path / "b.html",
        diagnosis="dx",
        assessment="new",
        facts={"diagnosis_date": "on", "assessment_date": "later", "event": "=recurrence"},
        date_format="%d.%m.%Y",
    )
    assert "distant, after 2 years" in read(tmp_path, "a.html")
    assert read(tmp_path, "a.html") == read(tmp_path, "b.html")


@pytest.mark.parametrize("name", ["naaccr_synthetic.xml", "obds_synthetic.xml", "fhir_synthetic.ndjson"])
def test_a_message_is_checked(tmp_path: Path, name: str) -> None:
    run("check", EXAMPLES / name, "--report", tmp_path / "a.html")
    messages.report(EXAMPLES / name, tmp_path / "b.html")
    assert read(tmp_path, "a.html") == read(tmp_path, "b.html")
    assert "Tumor by tumor" in read(tmp_path, "b.html")


def test_a_page_that_exists_is_kept_unless_it_may_be_replaced(source: Path, tmp_path: Path) -> None:
    target = table(tmp_path, "my notes", name="notes.html")
    with pytest.raises(TableError, match="RS007"):
        tables.report(source, target, "dx")
    with pytest.raises(TableError, match="RS008"):
        tables.report(source, source, "dx", force=True)
    assert target.read_text(encoding="utf-8") == "my notes\n"
    tables.report(source, target, "dx", force=True)
    assert target.read_bytes().startswith(BEGINNING)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({}, ValueError),
        ({"columns": "dx", "diagnosis": "dx", "assessment": "new"}, ValueError),
        ({"diagnosis": "dx"}, ValueError),
        ({"diagnosis": "dx", "assessment": "new", "facts": {"day": "on"}}, ValueError),
        ({"columns": "dx", "mode": "free"}, ValueError),
        ({"columns": "dx", "field": "T"}, TypeError),
        ({"columns": "dx", "colour": "red"}, TypeError),
        ({"columns": "none"}, TableError),
    ],
    ids=str,
)
def test_wrong_use_is_told(
    source: Path, tmp_path: Path, arguments: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        tables.report(source, tmp_path / "b.html", **arguments)
    assert not (tmp_path / "b.html").exists()
