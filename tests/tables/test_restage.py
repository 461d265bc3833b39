"""A table restages exactly as the library does, and says why where it does not."""

from __future__ import annotations

import csv
import io
from itertools import product
from typing import TYPE_CHECKING

import pytest

import rstage
from rstage.reporting.counts import FindingCounts
from rstage.restaging.recurrence import types_text
from rstage.tables.appender import RowCells, cells_at
from rstage.tables.cells import StageReader
from rstage.tables.facts import FactReader, FactSources
from rstage.tables.missing import missing_words
from rstage.tables.pairs import is_undisputed
from rstage.tables.restage import Restager, appended_names
from rstage.tables.stage_columns import StageColumns, ValueSource
from tests.support.command_line import run, table

if TYPE_CHECKING:
    from pathlib import Path

FACTS = (
    "tumor_id",
    "assessment_tumor_id",
    "diagnosis_date",
    "assessment_date",
    "site",
    "assessment_site",
    "event",
)


def restager(counts: FindingCounts | None = None) -> Restager:
    """Return a restager of rows that hold diagnosis, assessment and then every fact."""
    words = missing_words()
    readers = [
        StageReader(StageColumns(name=name, columns=(name,), indexes=(index,)), {}, words)
        for index, name in enumerate(("diagnosis", "assessment"))
    ]
    sources = {name: ValueSource(name=name, index=index) for index, name in enumerate(FACTS, start=2)}
    facts = FactReader(FactSources(**sources), words)
    return Restager(readers[0], readers[1], facts, counts=counts)


def by_library(row: tuple[str, ...]) -> list[str]:
    """Return restaged stage, recurrence, link and codes as the library gives them."""
    tumor_id, new_tumor_id, date, new_date, site, new_site, event = (text or None for text in row[2:])
    diagnosis = rstage.Staging.parse(row[0], tumor_id=tumor_id, date=date, site=site)
    assessment = rstage.Staging.parse(row[1], tumor_id=new_tumor_id, date=new_date, site=new_site)
    read = [found.code for one in (row[0], row[1]) for found in rstage.read(one).diagnostics]
    by_site = [found for one in (diagnosis, assessment) for found in one.diagnostics if found.code == "RS316"]
    try:
        restaging = rstage.restage(diagnosis, assessment, event=event or "unknown")
    except rstage.RestagingError as error:
        codes = [*read, *sorted(found.code for found in (*error.diagnostics, *by_site))]
        return ["", "", "", " ".join(dict.fromkeys(codes))]
    codes = [*read, *sorted(found.code for found in (*restaging.diagnostics, *by_site))]
    recurrence = types_text(restaging.recurrence)
    return [str(restaging.restaged), recurrence, str(restaging.link), " ".join(dict.fromkeys(codes))]


ROWS = list(
    product(
        ("pT2 N0 M0", "T2N1 M1 Stage IIA", "rT2", "cT3 (AJCC 7)"),
        ("cT0 cN0 pM1(HEP)", "rT2, N0 (UICC 8), IIIB", "R0", "T4 N1 M1 Stage III"),
        ("", "A", " A"),
        ("", "A", "B"),
        ("", "2019-03"),
        ("2019", "2019-02-28", ""),
        ("", "C18.7"),
        ("", "C187", "C22.0"),
        ("", "progression"),
    )
)


def test_a_row_is_restaged_as_the_library_does() -> None:
    tried = restager()
    cells_of = RowCells(tried).of
    for row in ROWS:
        cells = next(csv.reader([cells_of(list(row))]))
        assert cells == ["", *by_library(row)], row
    tried.finish()
    assert 0 < tried.restaged_count < len(ROWS)


def test_rows_that_are_not_checked_have_nothing_to_be_found() -> None:
    from rstage.restaging.restage import check_circumstances

    undisputed = 0
    for row in ROWS:
        facts, cells = restager()._facts, list(row)
        own = facts.of_row(cells_at(facts.row_indexes)(cells), facts.site(cells), facts.of_key(cells))
        diagnosis, assessment = own.diagnosis, own.assessment
        if is_undisputed(diagnosis, assessment):
            undisputed += 1
            assert not list(check_circumstances(diagnosis, assessment))
    assert undisputed


def test_counts_do_not_depend_on_what_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [list(row) for row in ROWS] + [["T2", "", *[""] * 7], ["x" * 2000, "T2", *[""] * 7]] * 3
    whole = restager(FindingCounts(with_values=True))
    texts = [RowCells(whole).of(row) for row in rows]
    whole.finish()
    monkeypatch.setattr("rstage.tables.restage.MOST_PAIRS", 2)
    pieces = restager(FindingCounts(with_values=True))
    assert [RowCells(pieces).of(row) for row in rows] == texts
    pieces.finish()
    for name in ("restaged_count", "blank_count"):
        assert getattr(whole, name) == getattr(pieces, name)
    for name in ("severities", "codes", "columns", "values"):
        assert getattr(whole.counts, name) == getattr(pieces.counts, name)


def test_the_names_of_the_columns() -> None:
    assert appended_names() == ("restaged", "restage_recurrence", "restage_link", "restage_findings")
    assert appended_names(prefix="b", has_link=False) == ("b_restaged", "b_recurrence", "b_findings")


def restaged(folder: Path, header: str, row: str, *options: str) -> dict[str, str]:
    """Return the cells of a one-row table after restaging it."""
    done = run("restage", table(folder, header, row), "--diagnosis", "dx", "--assessment", "new", *options)
    assert done.code in (0, 1), done.err
    return next(csv.DictReader(io.StringIO(done.out)))


@pytest.mark.parametrize(
    ("diagnosis", "assessment", "codes"),
    [
        ("T2 N0", "", ""),
        ("T5", "[Not Available]", ""),
        ("", "T1 N0 M0", "RS504"),
        ("not reported", "T5", "RS103 RS504"),
        ("T5", "T1 N0 M0", "RS103"),
        ("T5", "pT6", "RS103"),
        ("cT3N1M0; ypT1N0M0", "T1 N0 M0", "RS213 RS202 RS407"),
        ("T2", "cT3N1M0; ypT1N0M0", "RS213 RS202 RS407"),
    ],
)
def test_a_row_that_is_not_restaged_says_why(
    tmp_path: Path, diagnosis: str, assessment: str, codes: str
) -> None:
    cells = restaged(tmp_path, "dx,new", f"{diagnosis},{assessment}")
    assert cells["restage_findings"] == codes
    assert cells["restaged"] == cells["restage_recurrence"] == cells["restage_link"] == ""


@pytest.mark.parametrize(
    ("values", "options", "code"),
    [
        ("2/3/2019,", ("--diagnosis-date", "a"), "RS502"),
        (",2/3/2019", ("--assessment-date", "b"), "RS502"),
        ("NA,", ("--assessment-date", "a"), ""),
        ("relapse,", ("--event", "a"), "RS503"),
        ("Recurrence,", ("--event", "a"), ""),
        (",", ("--event", "a"), ""),
        (",", ("--event", "=relapse"), "RS503"),
        ("1,2", ("--tumor-id", "a", "--assessment-tumor-id", "b"), "RS402"),
        ("88,88", ("--tumor-id", "a", "--assessment-tumor-id", "b"), ""),
        ("88,", ("--tumor-id", "a", "--assessment-tumor-id", "b"), "RS412"),
        ("1,", ("--tumor-id", "a"), ""),
        ("2019,2018", ("--diagnosis-date", "a", "--assessment-date", "b"), "RS403"),
        ("C18,", ("--site", "a", "--assessment-site", "=C22"), "RS411"),
    ],
)
def test_what_the_facts_of_a_row_say(
    tmp_path: Path, values: str, options: tuple[str, ...], code: str
) -> None:
    cells = restaged(tmp_path, "dx,new,a,b", f"T2,T1 N0 M0,{values}", *options)
    assert cells["restage_findings"] == code
    is_error = code not in ("", "RS411", "RS412")
    assert cells["restaged"] == ("" if is_error else "rT1 rN0 rM0")
    assert bool(cells["restage_link"]) != is_error


def test_parts_make_one_stage(tmp_path: Path) -> None:
    source = table(tmp_path, "t,n,m,e,g,nt,nn", "T2,N0,M0,7th,Stage IIA,T3,N1", "NA,,--,7th,99,T3,N1")
    parts = ("T=t", "N=n", "M=m", "edition=e", "group=g")
    done = run(
        *("restage", source, *(f"--diagnosis={part}" for part in parts)),
        *("--assessment", "T=nt", "--assessment", "N=nn", "--no-link"),
    )
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert [row["restaged"] for row in rows] == ["rT3 rN1", ""]
    assert [row["restage_findings"] for row in rows] == ["RS417", "RS504"]
    assert "restage_link" not in rows[0]


def test_a_stage_in_one_part_is_read_as_that_part(tmp_path: Path) -> None:
    done = run("restage", table(tmp_path, "g,n", "IIA,III"), "--diagnosis=group=g", "--assessment=group=n")
    assert next(csv.DictReader(io.StringIO(done.out)))["restaged"] == "rStage III"


def test_the_link_is_that_of_the_library(tmp_path: Path) -> None:
    options = (
        "--diagnosis-date",
        "d",
        "--date-format",
        "%d.%m.%Y",
        "--tumor-id",
        "=A",
        "--event",
        "=progression",
    )
    cells = restaged(tmp_path, "dx,new,d", "T2 N0 M0,T1 N0 M0,02.03.2019", *options)
    diagnosis = rstage.Staging.parse("T2 N0 M0", date="2019-03-02", tumor_id="A")
    found = rstage.restage(diagnosis, rstage.Staging.parse("T1 N0 M0", tumor_id="A"), event="progression")
    assert cells["restage_link"] == str(found.link)


def test_one_text_is_restaged_as_a_row_is() -> None:
    tried = restager()
    for row in ROWS[::7]:
        outcome = tried.restaged(list(row))
        assert outcome is not None
        expected = by_library(row)
        assert " ".join(dict.fromkeys(found.diagnostic.code for found in outcome.findings)) == expected[3]
        assert (str(outcome.restaging.link) if outcome.restaging else "") == expected[2]
    assert tried.restaged(["T2", " ", *[""] * 7]) is None


WITHOUT_R = (
    "Ann Arbor IIA",
    "Rai II",
    "Binet B",
    "INRG L1",
    "ISS II",
    "GTN III:8",
    "T2 N0 M0, Ann Arbor IIA",
)


@pytest.mark.parametrize("engine", ["stdlib", "polars"])
def test_a_group_without_r_form_leaves_its_row_and_the_others(tmp_path: Path, engine: str) -> None:
    if engine == "polars":
        pytest.importorskip("polars")
    lines = [f'{number},cT2 N0 M0,"{text}"' for number, text in enumerate(WITHOUT_R)]
    source = table(tmp_path, "id,dx,new", *lines, "9,cT2 N0 M0,T3 N0 M0")
    out = tmp_path / "out.csv"
    options = ("--diagnosis", "dx", "--assessment", "new", "--tumor-id", "id", "--engine", engine)
    done = run("restage", source, *options, "-o", out)
    assert done.code == 1
    assert "8 rows in = 8 out + 0 rejected; 1 restaged" in done.err
    *refused, kept = csv.DictReader(io.StringIO(out.read_text(encoding="utf-8")))
    for row in refused:
        assert (row["restaged"], row["restage_recurrence"], row["restage_link"]) == ("", "", "")
        assert "RS408" in row["restage_findings"].split()
    assert kept["restaged"] == "rT3 rN0 rM0"
    assert run("verify", out, "--against", source, *options).code == 0
    assert run("verify", source, "--against", source, *options).code == 1


@pytest.mark.parametrize("text", WITHOUT_R)
def test_one_text_without_r_form_says_why(text: str) -> None:
    done = run("restage", "--text", "cT2 N0 M0", text)
    assert (done.code, done.out) == (1, "")
    assert "RS408" in done.err


def test_columns_without_r_form_are_told() -> None:
    pa = pytest.importorskip("pyarrow")
    columns = pytest.importorskip("rstage.columns", exc_type=ImportError)
    pytest.importorskip("narwhals")
    diagnosis = pa.chunked_array([["cT2 N0 M0"] * len(WITHOUT_R)])
    found = columns.restage(diagnosis, pa.chunked_array([list(WITHOUT_R)])).to_pylist()
    assert [row["restaged"] for row in found] == [None] * len(WITHOUT_R)
    assert all("RS408" in row["restage_findings"].split() for row in found)
