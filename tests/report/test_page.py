"""The page of `--report`: what it says, that it is whole and safe, and that it never grows large."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from rstage.report.page import BEGINNING, LARGEST
from rstage.tables.facts import FactReader
from tests.support.command_line import run, table

if TYPE_CHECKING:
    from pathlib import Path

    from rstage.tables.facts import RowFacts, SharedFacts

RESTAGE = (
    *("--diagnosis", "dx", "--assessment", "new", "--tumor-id", "id"),
    *("--diagnosis-date", "date", "--assessment-date", "later"),
)
HEAD = "id,dx,new,date,later"
ROWS = (
    "A1,pT2 pN0 cM0,rpT2 rcN0 rcM0,2015-04-01,2018-03-30",
    "A2,pT1 pN0 cM0,cT0 cN0 cM1(HEP),2015,2019",
    "A3,pT3 pN1 cM0,,2016-02,2017",
    "A4,pT3 pNl cM0,cT0 cN2 cM1,2016-02,2017",
    "A5,cT2 cN0 cM0,cT9 cN0 cM0,2016-02-03,2017-02-03",
    "A6,,cT1 cN0 cM0,2016,2017",
    "A7,cT2 cN0 cM0,cT0 cN1 cM0,2020-02-03,2017-02-03",
    "A8,cT2 cN0,cT0 cN1 cM0,",
)


class Page(HTMLParser):
    """A page as elements and as text: what a parser makes of it, and not what we meant."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[list[str]] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "tr":
            self.cells.append([])
        if tag in ("td", "th") and self.cells:
            self.cells[-1].append("")
        if tag not in ("meta", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" in self.open:
            return
        self.text += data
        if "tr" in self.open:
            self.cells[-1][-1] += data

    def row(self, name: str) -> list[str]:
        (found,) = [cells for cells in self.cells if cells and cells[0] == name]
        return found


def report_of(folder: Path, *command: object, may_fail: bool = False) -> Page:
    made = folder / "report.html"
    done = run(*command, "--report", made, "--exit-zero")
    assert done.code == int(may_fail), done.err
    return Page(made.read_text(encoding="utf-8"))


def restaged(folder: Path, *more: object, may_fail: bool = False) -> Page:
    source = table(folder, HEAD, *ROWS)
    out = ("-o", folder / "out.csv", "--force")
    return report_of(folder, "restage", source, *RESTAGE, *out, *more, may_fail=may_fail)


def test_the_first_sentence_says_what_came_of_the_rows(tmp_path: Path) -> None:
    page = restaged(tmp_path)
    assert "Of 8 rows, 2 were restaged, 4 could not be restaged, 1 has no new assessment" in page.text
    assert "and 1 was rejected" in page.text
    assert "First: look at the rejected row" in page.text


def test_each_column_says_what_became_of_its_stages(tmp_path: Path) -> None:
    page = restaged(tmp_path)
    assert page.row("dx")[1:5] == ["4", "1", "1", "1"]
    assert page.row("new")[1:5] == ["5", "1", "1", "0"]


@pytest.mark.parametrize("engine", ["stdlib", "polars"])
def test_the_engines_make_the_same_page(tmp_path: Path, engine: str) -> None:
    if engine == "polars":
        pytest.importorskip("polars", reason="the extra polars is not installed")
    assert restaged(tmp_path, "--engine", engine).html == restaged(tmp_path).html


def test_a_row_that_fails_is_counted_once_by_each_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("polars", reason="the extra polars is not installed")
    before = FactReader.of_row

    def of_row(self: FactReader, cells: tuple[str, ...], site: str | None, shared: SharedFacts) -> RowFacts:
        if "A2" in cells:
            raise RuntimeError
        return before(self, cells, site, shared)

    monkeypatch.setattr(FactReader, "of_row", of_row)
    pages = [restaged(tmp_path, "--engine", engine, may_fail=True) for engine in ("stdlib", "polars")]
    assert pages[0].html == pages[1].html
    assert "First: report the internal errors (RS908)" in pages[0].text
    assert pages[0].row("local")[1] == "1"
    assert pages[0].row("2 years")[1] == "1"
    assert "open" not in {word for cells in pages[0].cells for cell in cells for word in cell.split()}


def test_values_come_with_their_proposals(tmp_path: Path) -> None:
    page = restaged(tmp_path)
    assert page.row("pT3 pNl cM0") == ["pT3 pNl cM0", "dx", "1", page.row("pT3 pNl cM0")[3], "pT3 pN1 cM0"]
    assert "RS103 unknown value" in page.row("cT9 cN0 cM0")[3]
    assert "rstage look table.csv --worklist worklist.csv" in page.text


def test_a_date_that_refuses_a_row_is_no_value_to_decide(tmp_path: Path) -> None:
    page = restaged(tmp_path)
    assert any(cells[0].startswith("RS403 before diagnosis (error)") for cells in page.cells if cells)
    assert not [cells for cells in page.cells if cells and cells[0] == "cT0 cN1 cM0"]


def test_recurrences_and_their_years_are_counted(tmp_path: Path) -> None:
    page = restaged(tmp_path)
    assert page.row("local")[1] == "1"
    assert page.row("distant")[1] == "1"
    assert page.row("2 years")[1] == "1"  # not yet three years
    assert page.row("the dates leave two numbers of years open")[1] == "1"
    assert "rpT2 rcN0 rcM0: local, after 2 years" in page.text
    assert "rcT0 rcN0 rcM1(HEP): distant, after 3 or 4 years" in page.text


def test_a_row_that_its_own_facts_refuse_is_no_recurrence(tmp_path: Path) -> None:
    page = restaged(tmp_path)
    assert "regional" not in [cells[0] for cells in page.cells if cells]


def test_tumors_and_dates_are_hidden_unless_they_are_asked_for(tmp_path: Path) -> None:
    page = restaged(tmp_path)
    assert not re.search(r"\bA\d\b|2015-04|2018-03", page.text)
    assert ("p", {"class": "danger"}) not in page.elements
    page = restaged(tmp_path, "--show-values")
    assert "2018-03-30" in page.text
    assert "A1" in page.text
    assert ("p", {"class": "danger"}) in page.elements


NAME = "Ann Example 12345678"


def test_a_value_that_is_no_notation_is_hidden_unless_it_is_asked_for(tmp_path: Path) -> None:
    source = table(tmp_path, "dx", NAME, f"<script>alert('{NAME}')</script>", "pT2 pN0 cM0")
    command = ("check", source, "--column", "dx")
    page = report_of(tmp_path, *command)
    assert "Example" not in page.html
    assert f"(hidden, {len(NAME)} characters)" in page.text
    page = report_of(tmp_path, *command, "--show-values")
    assert f"<script>alert('{NAME}')</script>" in page.text
    assert "script" not in {tag for tag, _ in page.elements}


def test_characters_without_a_picture_are_escaped(tmp_path: Path) -> None:
    source = table(tmp_path, "d\u202ex", "T2\u202e\x07")
    page = report_of(tmp_path, "check", source, "--column", "d\u202ex", "--show-values")
    assert "T2\\u202e\\x07" in page.text
    assert page.row("d\\u202ex")[1:4] == ["0", "1", "0"]
    assert all(one.isprintable() or one == "\n" for one in page.html)


def test_the_page_asks_for_nothing_and_runs_nothing(tmp_path: Path) -> None:
    page = restaged(tmp_path)
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "img", "iframe", "object", "form", "base", "embed", "audio", "video"}
    attributes = [(name, text or "") for _, found in page.elements for name, text in found.items()]
    assert not [one for one in attributes if one[0].startswith("on") or one[0] in ("style", "src")]
    links = [text for name, text in attributes if name == "href"]
    assert links[0] == "data:,"
    assert all(link.startswith("#") for link in links[1:])
    ids = [text for name, text in attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in links[1:]} <= set(ids)
    policy = next(found["content"] for _, found in page.elements if "http-equiv" in found) or ""
    style = page.html.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:;")
    assert "unsafe" not in policy
    assert "url(" not in style.replace("url(#", "")
    assert "@import" not in style


def test_each_picture_is_beside_its_numbers_in_a_table_with_heads(tmp_path: Path) -> None:
    page = restaged(tmp_path)
    tables = page.html.split("<table>")[1:]
    assert len(tables) > 8
    assert all(one.startswith("<caption>") and '<th scope="col"' in one for one in tables)
    assert all('<th scope="row"' in one for one in tables)
    assert all(
        found.get("aria-hidden") == "true" or "x" in found for tag, found in page.elements if tag == "svg"
    )


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    first = restaged(tmp_path).html
    assert restaged(tmp_path).html == first
    assert first.encode().startswith(BEGINNING)


def test_a_report_replaces_a_report_and_nothing_else(tmp_path: Path) -> None:
    source = table(tmp_path, "dx", "T2")
    command = ("check", source, "--column", "dx", "--report")
    other = tmp_path / "notes.html"
    other.write_text("my notes", encoding="utf-8")
    done = run(*command, other)
    assert (done.code, other.read_text(encoding="utf-8")) == (2, "my notes")
    assert "RS012" in done.err
    assert "is no report" in done.err
    assert run(*command, source).code == 2
    assert run(*command, "-").code == 2
    assert run(*command, tmp_path / "none" / "r.html").code == 4
    made = tmp_path / "r.html"
    assert run(*command, made).code == 0
    assert run(*command, made).code == 0


def test_reviewed_and_ignored_findings_are_no_work(tmp_path: Path) -> None:
    source = table(tmp_path, "dx", "T9", "T2", "pNl")
    reviewed = table(
        tmp_path,
        "code,record,column,value,who,why,date",
        "RS103,,dx,T9,AB,seen,2024-01-02",
        name="reviewed.csv",
    )
    page = report_of(tmp_path, "check", source, "--column", "dx", "--overrides", reviewed)
    assert "T9" not in [cells[0] for cells in page.cells if cells]
    assert "pNl" in [cells[0] for cells in page.cells if cells]
    assert page.row("dx")[1:4] == ["1", "2", "0"]
    page = report_of(tmp_path, "check", source, "--column", "dx", "--ignore", "RS1")
    assert "need a person" not in page.text


def test_nothing_found_says_so(tmp_path: Path) -> None:
    page = report_of(tmp_path, "check", table(tmp_path, "dx", "pT2 pN0 cM0"), "--column", "dx")
    assert "1 row was read, of which 0 were rejected: 1 stage was read, 0 were refused and 0" in page.text
    assert "First: nothing needs to be done." in page.text
    assert "Nothing was found." in page.text


def test_a_column_of_parts_proposes_parts(tmp_path: Path) -> None:
    source = table(tmp_path, "t,n,m", "T2,NO,M0", "T2,N1,M0")
    columns = ("--column", "dx:T=t", "--column", "dx:N=n", "--column", "dx:M=m")
    page = report_of(tmp_path, "normalize", source, *columns, "-o", tmp_path / "out.csv")
    assert page.row("NO")[1:3] == ["n", "1"]
    assert page.row("NO")[4] == "N0"
    assert page.row("t+n+m")[1:4] == ["1", "1", "0"]


def test_a_report_stays_small_whatever_the_input_holds(tmp_path: Path) -> None:
    long = '"' + "<&" * 2_000 + '{}"'
    rows = [
        f"{place}{'x' * 500},rT2 rN0 rM{place % 2},{1900 + place % 100},{long.format(place)}"
        for place in range(400)
    ]
    rows += [f"one,rT2 rN0 rM1,{2000 + place % 20}-0{place % 9 + 1},T2" for place in range(300)]
    firsts = [f"{place}{'x' * 500},pT2 pN0 cM0,1890,T2" for place in range(400)]
    source = table(tmp_path, "id,stage,date,other", *firsts, *rows)
    out = ("-o", tmp_path / "out.jsonl", "--show-values", "-q")
    page = report_of(
        tmp_path, "history", source, "--stage", "stage", "--tumor-id", "id", "--date", "date", *out
    )
    assert len(page.html.encode()) < LARGEST
    assert page.text.count("first 200 tumors") == 1
    names = [f"c{place}" for place in range(120)]
    source = table(tmp_path, ",".join(names), *[",".join([long.format(place)] * 120) for place in range(40)])
    columns = [word for name in names for word in ("--column", name)]
    page = report_of(tmp_path, "check", source, *columns, "--show-values", "--format", "csv")
    assert len(page.html.encode()) < LARGEST
    assert "80 more columns are not listed." in page.text
