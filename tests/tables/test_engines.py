"""Both engines write the same bytes and find the same things, whatever a table looks like."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rstage.files.errors import TableError
from rstage.report.content import Content
from rstage.report.page import page
from rstage.report.tally import Tally
from rstage.report.words import RunFacts
from rstage.reporting.counts import FindingCounts
from rstage.reporting.placed import WHOLE_ROW, CellPlace
from rstage.tables.cells import StageReader
from rstage.tables.engines import choose_blocks
from rstage.tables.facts import FactReader, FactSources
from rstage.tables.formats.delimited import DelimitedTable, open_delimited
from rstage.tables.missing import missing_words
from rstage.tables.normalize import Normalizer
from rstage.tables.restage import Restager
from rstage.tables.stage_columns import StageColumns, ValueSource

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rstage.reporting.placed import Where
    from rstage.tables.appender import Appender
    from rstage.tables.table import OutputBlock

pytest.importorskip("polars", reason="the extra polars is not installed")

from rstage.tables.formats import polars_engine as table_polars

WIDTH = 7
HEADER = "id,dx,dx_date,new,new_date,tumor,event"

CELLS = st.sampled_from(
    [
        *(
            "",
            " ",
            "T2",
            "pT2 pN1a cM0",
            "cT0 cN0 pM1(HEP)",
            "rpT2 rpN0 rcM0",
            "T9",
            "NA",
            "88",
            "pNl",
            "Müller",
        ),
        *(
            "2019",
            "2019-03-02",
            "2024-01",
            "2024-13",
            "x",
            "P1",
            "P2",
            "recurrence",
            "progression",
            "relapse",
        ),
        *("a,b", 'a "b"', "a\nb", "a\r\nb", "\x01", "\u2028", "pT2 pN1a cM0 (AJCC 9)", "é" * 40, "0", "  T2"),
    ]
)
# Rows as most are: hardly two are alike, and little is to be said of each.
STAGE_CELLS = st.builds(
    "{}T{} N{} {}M{}{}".format,
    st.sampled_from(["p", "c", "", "yp", "rp"]),
    st.sampled_from(["1", "2a", "is", "X", "4", "9"]),
    st.sampled_from(["0", "1a", "1(1/3)", "X", "O"]),
    st.sampled_from(["c", "p"]),
    st.sampled_from(["0", "1", "1(HEP)"]),
    st.sampled_from(["", "", ", Stage IIB", " (AJCC 9)", " (AJCC 7) Stage II", " R1"]),
)
DATE_CELLS = st.sampled_from(["2019", "2019-03-02", "2024-01", "2024-13", "2019-03-02T10:00:00", "NA", ""])
PLAIN_ROW = st.tuples(
    st.one_of(
        st.from_regex(r"[A-Z]{1,2}[0-9]{1,3}", fullmatch=True), st.sampled_from(["NA", "", "ä1", "A 1"])
    ),
    st.one_of(STAGE_CELLS, st.sampled_from(["", "NA"])),
    DATE_CELLS,
    st.one_of(STAGE_CELLS, st.sampled_from(["", "NA"])),
    DATE_CELLS,
    st.sampled_from(["A1", "C18.7", "C20.9", "", "Müller"]),
    st.sampled_from(["", "C18.7", "C187", "C22.0", "recurrence"]),
)
ROWS = st.lists(st.lists(CELLS, min_size=WIDTH, max_size=WIDTH), max_size=30)
# What a csv writer would not write: unbalanced and stray quotes, other numbers of fields, blank lines.
WILD = st.lists(
    st.sampled_from(
        [
            *(
                "\n",
                "\r\n",
                "\r",
                "\n\n",
                '"',
                '""',
                ",",
                ",,,,,,\n",
                "T2",
                "pT2 pN0 M0",
                'a"b',
                '"a"b',
                "x" * 90,
            ),
            *(
                "1,T2,2019,rT3,2020,P1,recurrence\n",
                '1,"T2","2019",rT3,2020,P1,\n',
                "1,T2\n",
                "2,T2,,,,,,,\n",
            ),
            *(
                "1,T2,2019,rT3,2020,P1,\r\n",
                '"a\nb",T2,,T3,,,\n',
                '1,T2,,T3,,"P ""1""",\n',
                " ",
                "\x01",
            ),
        ]
    ),
    max_size=40,
).map("".join)


class Result(NamedTuple):
    """All that a run shows."""

    data: bytes
    rejected: list[tuple[bytes, Where]]
    rows: tuple[int, int]
    counts: object
    report: bytes
    error: str | None


def result(table: DelimitedTable, appender: Appender, blocks: Iterable[OutputBlock], tally: Tally) -> Result:
    data, rejected, count, error = b"", [], 0, None
    try:
        for block in blocks:
            data += block.data
            count += block.row_count
            rejected += [(one.raw, one.finding.place) for one in block.rejected]
    except TableError as found:
        return Result(b"", [], (0, 0), None, b"", str(found))
    appender.finish()
    counts = (dict(appender.counts.codes), dict(appender.counts.columns), dict(appender.counts.values))
    facts = RunFacts(command="check", file="table.csv", rows=table.row_count, is_table=True)
    content = Content(facts=facts, counts=appender.counts, tally=tally, reading={}, shows_values=True)
    return Result(data, rejected, (count, table.row_count), counts, page(content), error)


def normalizer(table: DelimitedTable, tally: Tally) -> Normalizer:
    words = missing_words()
    whole = StageReader(StageColumns(name="dx", columns=("dx",), indexes=(1,)), {}, words)
    parts = StageColumns(name="parts", columns=("dx", "new"), indexes=(1, 3), parts=("T", "N"))
    readers = [whole, StageReader(parts, {}, words)]
    return Normalizer(readers, table.cell_format, has_parts=True, tally=tally)


def restager(table: DelimitedTable, tally: Tally) -> Restager:
    """Return a restager of rows with two ids, that counts for a report."""
    words = missing_words()
    columns = [
        StageColumns(name=name, columns=(name,), indexes=(place,)) for name, place in (("dx", 1), ("new", 3))
    ]
    sources = FactSources(
        tumor_id=ValueSource(name="id", index=0),
        assessment_tumor_id=ValueSource(name="tumor", index=5),
        diagnosis_date=ValueSource(name="dx_date", index=2),
        assessment_date=ValueSource(name="new_date", index=4),
        event=ValueSource(name="event", index=6),
    )
    readers = [StageReader(column, {}, words) for column in columns]
    counts = FindingCounts(with_values=True, shows_values=True)
    facts = FactReader(sources, words)
    return Restager(readers[0], readers[1], facts, writer=table.cell_format, counts=counts, tally=tally)


def restager_of_one_tumor(table: DelimitedTable, _tally: Tally) -> Restager:
    """Return a restager of rows with one id for both stages, and with two sites; it is for no report."""
    words = missing_words()
    readers = [
        StageReader(StageColumns(name=name, columns=(name,), indexes=(place,)), {}, words)
        for name, place in (("dx", 1), ("new", 3))
    ]
    sources = FactSources(
        tumor_id=ValueSource(name="id", index=0),
        diagnosis_date=ValueSource(name="dx_date", index=2),
        assessment_date=ValueSource(name="new_date", index=4),
        site=ValueSource(name="tumor", index=5),
        assessment_site=ValueSource(name="event", index=6),
    )
    counts = FindingCounts(with_values=True)
    return Restager(
        readers[0], readers[1], FactReader(sources, words), writer=table.cell_format, counts=counts
    )


def check_equal(path: Path, *, encoding: str = "utf-8") -> Result:
    for make in (restager_of_one_tumor, restager, normalizer):
        results = []
        for engine in ("stdlib", "polars"):
            with open_delimited(str(path), encoding=encoding) as table:
                tally = Tally()
                appender = make(table, tally)
                results.append(result(table, appender, choose_blocks(engine, table)(appender), tally))
        assert results[0] == results[1]
    return results[0]


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_polars, "BLOCK", 100)
    monkeypatch.setattr("rstage.report.course.MOST_TIMELINES", 3)


FEW = settings(max_examples=150)


@FEW
@given(
    rows=ROWS,
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([0, 1]),
    last=st.booleans(),
)
@pytest.mark.usefixtures("small_blocks")
def test_tables_as_they_are_written(
    tmp_path: Path, rows: list[list[str]], line_end: str, quoting: int, *, last: bool
) -> None:
    target = io.StringIO(newline="")
    csv.writer(target, lineterminator=line_end, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    text = HEADER + line_end + target.getvalue()
    path = tmp_path / "table.csv"
    path.write_bytes((text if last else text.removesuffix(line_end)).encode())
    check_equal(path)


@FEW
@given(
    rows=st.lists(PLAIN_ROW, max_size=40),
    block=st.sampled_from([100, 1_500]),
    has_quotes=st.booleans(),
    cut=st.integers(0, 3),
)
def test_tables_of_rows_that_differ(
    tmp_path: Path, rows: list[tuple[str, ...]], block: int, cut: int, *, has_quotes: bool
) -> None:
    target = io.StringIO(newline="")
    plain = [[cell if has_quotes else cell.replace(",", " ") for cell in row] for row in rows]
    csv.writer(
        target, lineterminator="\n", quoting=csv.QUOTE_MINIMAL if has_quotes else csv.QUOTE_NONE
    ).writerows(plain)
    path = tmp_path / "table.csv"
    path.write_text(HEADER + "\n" + target.getvalue()[: None if not cut else -cut], encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table_polars, "BLOCK", block)
        patch.setattr("rstage.report.course.MOST_TIMELINES", 3)
        check_equal(path)


@FEW
@given(text=WILD, mark=st.sampled_from(["", "\ufeff", "\n\n"]))
@pytest.mark.usefixtures("small_blocks")
def test_tables_as_nobody_should_write_them(tmp_path: Path, text: str, mark: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes((mark + HEADER + "\n" + text).encode())
    check_equal(path)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16", "cp037", "ascii"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "table.csv"
    name = "P" if encoding == "ascii" else "Jürgen"
    row = f"{name},pT2 pN0 cM0,2019,cT0 cN0 pM1(HEP),2024,{name},\n"
    path.write_text(HEADER + "\n" + row * 40, encoding=encoding, newline="")
    found = check_equal(path, encoding=encoding)
    assert found.rows == (40, 40)


@pytest.mark.usefixtures("small_blocks")
def test_a_byte_that_is_no_utf_8_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    row = b"1,pT2 pN0 cM0,2019,rT3 rN0 rM0,2024,1,\n"
    path.write_bytes(HEADER.encode() + b"\n" + row * 2_000 + b"\xff" + row * 20)
    assert "near row 2002" in str(check_equal(path).error)


@pytest.mark.usefixtures("small_blocks")
def test_more_distinct_cells_than_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rstage.tables.cells.MOST_CELLS", 5)
    monkeypatch.setattr("rstage.tables.restage.MOST_PAIRS", 3)
    monkeypatch.setattr("rstage.tables.restage.MOST_STAGES", 3)
    monkeypatch.setattr("rstage.tables.pairs.MOST_DIAGNOSES", 3)
    monkeypatch.setattr("rstage.tables.shared.LONGEST_KEPT", 30)
    path = tmp_path / "table.csv"
    more = ("", " L1 V1 Pn1")
    lines = [
        f"1,pT{one} pN{two} cM0,2019,rpT{two + 1} rpN{one - 1} rcM0{more[one % 2]},20{10 + two}{one},1,\n"
        for one in range(1, 5)
        for two in range(4)
    ]
    path.write_text(HEADER + "\n" + "".join(lines * 5), newline="")
    found = check_equal(path)
    assert found.rows == (80, 80)


def test_all_rows_in_one_block(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    good = '1,"pT2 pN0 cM0",2019,cT0 cN0 pM1(HEP),2024,1,\n'
    path.write_text(HEADER + "\n" + good * 5_000 + "too,few\n" + good * 5_000, newline="")
    found = check_equal(path)
    assert found.rows == (10_000, 10_001)
    assert found.rejected == [(b"too,few\n", CellPlace(5_002, 5_001, WHOLE_ROW))]


def test_a_small_file_needs_no_engine(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(HEADER + "\n")
    with open_delimited(str(path)) as table:
        assert choose_blocks("auto", table) == table.blocks_by_rows
        assert choose_blocks("stdlib", table) == table.blocks_by_rows
        assert choose_blocks("polars", table) == table.blocks_by_polars
