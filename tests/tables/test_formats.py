"""Every format of a table, plain and compressed, from files and from streams: nothing of it is altered."""

from __future__ import annotations

import csv
import gzip
import io
import json
import lzma
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from rstage.files.inputs import Input
from rstage.tables.formats.delimited import DelimitedCells
from rstage.tables.formats.listing import FORMAT_NAMES
from tests.support.command_line import Run, in_folder, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COLUMNS = ("id", "dx", "dx_date", "new", "new_date", "note")
ROWS: list[tuple[str, ...]] = [
    ("1", "pT2 pN1a cM0", "2019-03-02", "cT0 cN0 pM1(HEP)", "2024", "a,b"),
    ("2", "cT2 cN0 cM0", "2019", "", "", 'she said "no"'),
    ("3", "pT9", "2020", "cT0 cN1 cM0", "2021", "Müller"),
    ("4", "pT2 pN0 M0", "2022-01", "rcT2 rcN0 rcM0", "2021-01", ""),
    ("5", "", "", "rpT1 rpN0 rcM0", "2024", "two\nlines"),
]
RESTAGE: tuple[str, ...] = (
    "--diagnosis",
    "dx",
    "--assessment",
    "new",
    "--diagnosis-date",
    "dx_date",
    "--assessment-date",
    "new_date",
)
RESTAGE += ("--tumor-id", "id")
APPENDED = ("restaged", "restage_recurrence", "restage_link", "restage_findings")


def as_text(delimiter: str) -> bytes:
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=delimiter, lineterminator="\n").writerows([COLUMNS, *ROWS])
    return target.getvalue().encode()


def as_json() -> bytes:
    lines = [json.dumps(dict(zip(COLUMNS, row, strict=True)), ensure_ascii=False) + "\n" for row in ROWS]
    return "".join(lines).encode()


def as_json_array() -> bytes:
    objects = [dict(zip(COLUMNS, row, strict=True)) for row in ROWS]
    return json.dumps(objects, ensure_ascii=False, indent=1).encode()


def as_parquet() -> bytes:
    pa = pytest.importorskip("pyarrow", reason="the extra polars is not installed")
    pytest.importorskip("polars", reason="the extra polars is not installed")
    import pyarrow.parquet as pq

    columns = dict(zip(COLUMNS, zip(*ROWS, strict=True), strict=True))
    table = pa.table({name: list(values) for name, values in columns.items()})
    table = table.append_column("size", pa.array([1.5, None, float("nan"), 0.0, 2.0], pa.float32()))
    table = table.append_column("tags", pa.array([["a"], [], None, ["b", "c"], []], pa.list_(pa.string())))
    table = table.set_column(1, "dx", table["dx"].dictionary_encode())
    target = io.BytesIO()
    pq.write_table(table.replace_schema_metadata({"own": "kept"}), target, row_group_size=2)
    return target.getvalue()


def as_excel() -> bytes:
    pytest.importorskip("fastexcel", reason="the extra polars is not installed")
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")
    workbook = openpyxl.Workbook()
    for row in [COLUMNS, *ROWS]:
        workbook.active.append([cell or None for cell in row])
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


MAKERS: dict[str, Callable[[], bytes]] = {
    "csv": lambda: as_text(","),
    "tsv": lambda: as_text("\t"),
    "psv": lambda: as_text("|"),
    "ndjson": as_json,
    "json": as_json_array,
    "parquet": as_parquet,
    "xlsx": as_excel,
}
FORMATS = {"xlsx": "excel"}
COMPRESS: dict[str, Callable[[bytes], bytes]] = {"": bytes, ".gz": gzip.compress, ".xz": lzma.compress}


def read_back(data: bytes, ending: str) -> list[dict[str, str]]:
    """Return the rows of an output, blank where a cell is null."""
    if ending == "parquet":
        import pyarrow.parquet as pq

        rows = pq.read_table(io.BytesIO(data)).to_pylist()
    elif ending == "json":
        rows = json.loads(data)
    elif ending == "ndjson":
        rows = [json.loads(line) for line in data.decode().splitlines()]
    else:
        delimiter = {"tsv": "\t", "psv": "|"}.get(ending, ",")
        rows = list(csv.DictReader(io.StringIO(data.decode(), newline=""), delimiter=delimiter))
    return [{key: value or "" for key, value in row.items()} for row in rows]


@pytest.fixture(scope="module")
def expected() -> list[dict[str, str]]:
    """Return what is appended to the rows, as the CSV file has it."""
    done = run("restage", "-", *RESTAGE, "--exit-zero", stdin=as_text(","))
    return read_back(done.out_bytes, "csv")


def appended(rows: list[dict[str, str]]) -> list[list[str]]:
    return [[row[name] for name in APPENDED] for row in rows]


@pytest.mark.parametrize("compression", COMPRESS)
@pytest.mark.parametrize("ending", MAKERS)
def test_restage_and_verify(
    tmp_path: Path, expected: list[dict[str, str]], ending: str, compression: str
) -> None:
    if compression and ending == "parquet":
        pytest.skip("Parquet is compressed inside")
    source = tmp_path / f"in.{ending}{compression}"
    source.write_bytes(COMPRESS[compression](MAKERS[ending]()))
    before = source.read_bytes()
    written = "csv" if ending == "xlsx" else ending
    target = tmp_path / f"out.{written}{compression}"
    done = run("restage", source, "-o", target, *RESTAGE)
    assert done.code == 1
    assert "5 rows in = 5 out + 0 rejected; 1 restaged, 1 without assessment" in done.err
    assert source.read_bytes() == before
    with Input(str(target)) as stream:
        data = stream.read()
    assert appended(read_back(data, written)) == appended(expected)
    assert run("verify", target, "--against", source, *RESTAGE).code == 0
    assert run("verify", target, "--against", source).code == 0
    assert in_folder(tmp_path) == {source.name, target.name}


@pytest.mark.parametrize("ending", MAKERS)
def test_stdin_and_stdout(expected: list[dict[str, str]], ending: str) -> None:
    form = FORMATS.get(ending, ending)
    done = run("restage", "-", "--input-format", form, *RESTAGE, stdin=MAKERS[ending]())
    assert done.code == 1
    written = "csv" if ending == "xlsx" else ending
    assert appended(read_back(done.out_bytes, written)) == appended(expected)


@pytest.mark.parametrize("ending", MAKERS)
def test_check_finds_the_same_in_every_format(tmp_path: Path, ending: str) -> None:
    source = tmp_path / f"in.{ending}"
    source.write_bytes(MAKERS[ending]())
    done = run("check", source, "--column", "dx", "--column", "new", "--format", "jsonl")
    found = [(one["row"], one["column"], one["code"]) for one in map(json.loads, done.out.splitlines())]
    assert (done.code, found) == (1, [(3, "dx", "RS103")])


def test_the_lines_of_text_formats_come_out_byte_for_byte(tmp_path: Path) -> None:
    lines = [
        '{"dx": "T2 N0 M0" , "a":1.50}',
        ' {"a":null,"b":"é","dx":"x"}\t',
        "",
        '{"dx":null }',
        '{"a": {"b": 1}}',
    ]
    source, target = tmp_path / "in.ndjson", tmp_path / "out.ndjson"
    source.write_text("\r\n".join(lines), encoding="utf-8", newline="")
    run("normalize", source, "--column", "dx", "-o", target)
    ends = [',"dx_normalized":"T2 N0 M0","dx_findings":""', ',"dx_normalized":"","dx_findings":"RS101"']
    blank = ',"dx_normalized":"","dx_findings":""'
    assert target.read_bytes().decode().split("\r\n") == [
        lines[0][:-1] + ends[0] + "}",
        lines[1].rstrip()[:-1] + ends[1] + "}\t",
        "",
        '{"dx":null' + blank + " }",
        '{"a": {"b": 1}' + blank + "}",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "[1]",
        "{}",
        '{"dx":"T2"',
        '{"dx":"T2","dx":"T3"}',
        '{"dx":NaN}',
        '{"dx":"\\ud800"}',
        "T2",
        "[" * 100_000,
    ],
)
def test_a_line_that_is_no_row_is_rejected_as_it_is(tmp_path: Path, line: str) -> None:
    source, target = tmp_path / "in.ndjson", tmp_path / "out.ndjson"
    source.write_text('{"dx":"T2"}\n' + line + '\n{"dx":"T3"}\n', encoding="utf-8")
    done = run("normalize", source, "--column", "dx", "-o", target)
    assert (done.code, "3 rows in = 2 out + 1 rejected" in done.err) == (1, True)
    assert (tmp_path / "out.ndjson.rejected").read_text(encoding="utf-8") == line + "\n"
    told = run("check", source, "--column", "dx")
    assert "in.ndjson:2:(row): RS550" in told.out


def test_a_key_that_is_to_be_appended_is_no_row_where_it_comes_late(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = tmp_path / "in.ndjson", tmp_path / "out.ndjson"
    source.write_text('{"dx":"T2"}\n{"dx":"T3","dx_findings":""}\n', encoding="utf-8")
    assert "RS006" in run("normalize", source, "--column", "dx", "-o", target).err
    monkeypatch.setattr("rstage.tables.formats.json_lines.LINES_SEEN", 1)
    done = run("normalize", source, "--column", "dx", "-o", target)
    assert "2 rows in = 1 out + 1 rejected" in done.err


def altered(path: Path, change: Callable[[Any], Any]) -> None:
    import pyarrow.parquet as pq

    pq.write_table(change(pq.read_table(path)), path)


PARQUET_CHANGES: dict[str, tuple[Callable[[Any], Any], str]] = {
    "a cell": (lambda t: t.set_column(0, "id", [["1", "2", "X", "4", "5"]]), ":3:id: RS511"),
    "a link": (
        lambda t: t.set_column(t.num_columns - 2, APPENDED[2], [["r1:" + "0" * 64, *[None] * 4]]),
        ":1:restage_link: RS512",
    ),
    "a row less": (lambda t: t.slice(0, 4), ":5:(row): RS513"),
    "a row twice": (lambda t: __import__("pyarrow").concat_tables([t, t.slice(4)]), ":6:(row): RS514"),
    "the metadata": (lambda t: t.replace_schema_metadata({"own": "other"}), ":0:(row): RS511"),
    "a type": (lambda t: t.set_column(0, "id", [[1, 2, 3, 4, 5]]), ":0:(row): RS511"),
    "a column less": (lambda t: t.drop_columns(["restage_link"]), ":0:restaged+"),
}


@pytest.mark.parametrize("name", PARQUET_CHANGES)
def test_what_was_altered_in_parquet_is_named(tmp_path: Path, name: str) -> None:
    source, target = tmp_path / "in.parquet", tmp_path / "out.parquet"
    source.write_bytes(as_parquet())
    run("restage", source, "-o", target, *RESTAGE)
    change, found = PARQUET_CHANGES[name]
    altered(target, change)
    done = run("verify", target, "--against", source, *RESTAGE)
    assert done.code == 1
    assert found in done.out


def test_parquet_keeps_schema_metadata_types_and_row_groups(tmp_path: Path) -> None:
    source, target = tmp_path / "in.parquet", tmp_path / "out.parquet"
    source.write_bytes(as_parquet())
    import pyarrow.parquet as pq

    run("normalize", source, "-o", target, "--column", "dx", "--parts")
    before, after = pq.ParquetFile(source), pq.ParquetFile(target)
    width = len(before.schema_arrow)
    assert [after.schema_arrow.field(n) for n in range(width)] == list(before.schema_arrow)
    assert after.schema_arrow.metadata == before.schema_arrow.metadata
    groups = [
        [one.metadata.row_group(n).num_rows for n in range(one.metadata.num_row_groups)]
        for one in (before, after)
    ]
    assert groups[0] == groups[1] == [2, 2, 1]


@pytest.mark.parametrize("codec", ["NONE", "ZSTD", "SNAPPY"])
def test_parquet_keeps_its_codec_and_which_columns_have_a_dictionary(tmp_path: Path, codec: str) -> None:
    pa = pytest.importorskip("pyarrow", reason="the extra polars is not installed")
    pytest.importorskip("polars", reason="the extra polars is not installed")
    import pyarrow.parquet as pq

    source, target = tmp_path / "in.parquet", tmp_path / "out.parquet"
    rows = {"id": ["P1", "P2"], "dx": ["T2 N0 M0"] * 2, "more": [{"a.b": "x", "c": 1}] * 2}
    pq.write_table(pa.table(rows), source, compression=codec, use_dictionary=["dx", "more.a.b"])
    run("normalize", source, "-o", target, "--column", "dx")
    group = pq.ParquetFile(target).metadata.row_group(0)
    written = [group.column(place) for place in range(group.num_columns)]
    dictionaries = [one.path_in_schema for one in written if one.has_dictionary_page]
    assert dictionaries == ["dx", "more.a.b", "dx_normalized", "dx_findings"]
    assert {one.compression for one in written} == {"UNCOMPRESSED" if codec == "NONE" else codec}
    assert pq.read_table(target).select(list(rows)).equals(pq.read_table(source))


def test_cells_that_were_written_are_split_again() -> None:
    pytest.importorskip("polars", reason="the extra polars is not installed")
    from rstage.tables.formats.parquet_engine import split_cells

    words = ["T2", "", "a,b", '"', '""', 'x"y', "a\nb", "a\r\nb", "\r", " ", "é", "'a'", "#", "null", "0"]
    rows = list(product(words, repeat=3))
    written = [DelimitedCells(",").write((), row) for row in rows]
    columns = [[cell or None for cell in column] for column in zip(*rows, strict=True)]
    assert [column.to_pylist() for column in split_cells(written, 3)] == columns
    assert [column.to_pylist() for column in split_cells([], 3)] == [[], [], []]


def test_cells_of_other_types_are_texts(tmp_path: Path) -> None:
    """Numbers, dates and times at midnight are read as they are written; anything else is no stage."""
    pa = pytest.importorskip("pyarrow", reason="the extra polars is not installed")
    pytest.importorskip("polars", reason="the extra polars is not installed")
    import datetime as dt

    import pyarrow.parquet as pq

    day = dt.date(2019, 3, 2)
    table = pa.table(
        {
            "dx": ["T2 N0 M0"] * 3,
            "new": ["T3 N0 M0"] * 3,
            "dx_date": [day] * 3,
            "new_date": [dt.datetime(2020, 1, 1), dt.datetime(2018, 1, 1), None],  # noqa: DTZ001
            "id": [7.0, 8.0, None],
            "flag": [True, None, False],
        }
    )
    source, target = tmp_path / "in.parquet", tmp_path / "out.parquet"
    pq.write_table(table, source)
    run("restage", source, "-o", target, *RESTAGE)
    texts = ["T2 N0 M0,T3 N0 M0,2019-03-02,2020-01-01,7", "T2 N0 M0,T3 N0 M0,2019-03-02,2018-01-01,8"]
    lines = ["dx,new,dx_date,new_date,id", *texts, "T2 N0 M0,T3 N0 M0,2019-03-02,,"]
    same = run("restage", "-", *RESTAGE, stdin="\n".join(lines).encode())
    assert appended(read_back(target.read_bytes(), "parquet")) == appended(read_back(same.out_bytes, "csv"))
    assert "RS1" in run("check", source, "--column", "flag").out


def wrong(tmp_path: Path, name: str, data: bytes, *options: str) -> Run:
    path = tmp_path / name
    path.write_bytes(data)
    return run("normalize", path, "--column", "dx", "-o", tmp_path / "out", *options)


@pytest.mark.parametrize(
    ("name", "data", "options", "code", "said"),
    [
        ("in.parquet", b"PAR1 no Parquet", (), 3, "no Parquet file"),
        ("in.parquet", b"", (), 3, "RS0"),
        ("in.xlsx", b"no workbook", (), 3, "no workbook"),
        ("in.ndjson", b"no JSON\n", (), 3, "no line is a JSON object"),
        ("in.ndjson", b"\n\n", (), 3, "no line is a JSON object"),
        ("in.ndjson", b'{"dy":"T2"}\n', (), 2, "there is no column dx"),
        ("in.ndjson", b'{"dx":"\xff"}\n', (), 3, "RS004"),
        ("in.csv", b"dx\nT2\n", ("--sheet", "one"), 2, "no Excel workbook"),
        ("in.csv", b"dx\nT2\n", ("--input-format", "ndjson"), 3, "no line is a JSON object"),
    ],
)
def test_what_is_no_such_table_is_refused(  # noqa: PLR0917  the columns of a table of cases
    tmp_path: Path, name: str, data: bytes, options: tuple[str, ...], code: int, said: str
) -> None:
    if name.endswith(("parquet", "xlsx")):
        pytest.importorskip("polars", reason="the extra polars is not installed")
    done = wrong(tmp_path, name, data, *options)
    assert (done.code, said in done.err) == (code, True)
    assert in_folder(tmp_path) == {name}


def test_a_workbook_with_several_sheets_needs_a_name(tmp_path: Path) -> None:
    pytest.importorskip("fastexcel", reason="the extra polars is not installed")
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")
    workbook = openpyxl.Workbook()
    workbook.active.append(["other"])
    workbook.create_sheet("stages").append(["dx"])
    workbook["stages"].append(["T2 N0 M0"])
    workbook.save(tmp_path / "in.xlsx")
    several = run("normalize", tmp_path / "in.xlsx", "--column", "dx")
    assert (several.code, "stages" in several.err) == (2, True)
    assert run("normalize", tmp_path / "in.xlsx", "--column", "dx", "--sheet", "none").code == 2
    done = run("normalize", tmp_path / "in.xlsx", "--column", "dx", "--sheet", "stages")
    assert done.out_bytes == b"dx,dx_normalized,dx_findings\nT2 N0 M0,T2 N0 M0,\n"


def test_stdlib_reads_no_parquet(tmp_path: Path) -> None:
    source = tmp_path / "in.parquet"
    source.write_bytes(as_parquet())
    done = run("normalize", source, "--column", "dx", "--engine", "stdlib")
    assert (done.code, "RS012" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("ending", "output"),
    [
        ("csv", "out.parquet"),
        ("csv", "out.xlsx"),
        ("csv", "out.ndjson.gz"),
        ("ndjson", "out.csv"),
        ("parquet", "out.tsv"),
        ("xlsx", "out.xlsx"),
    ],
)
def test_a_name_that_ends_in_another_format_is_refused(tmp_path: Path, ending: str, output: str) -> None:
    source = tmp_path / f"in.{ending}"
    source.write_bytes(MAKERS[ending]())
    done = run("normalize", source, "--column", "dx", "-o", tmp_path / output)
    assert (done.code, "what comes out is" in done.err) == (2, True)
    assert in_folder(tmp_path) == {source.name}


def test_the_command_line_offers_every_format() -> None:
    said = run("check", "--help").out
    assert all(name in said for name in FORMAT_NAMES)


ARRAY = (
    '[1, {"dx":"T2","a":[{"b":"T3","c":{"d":"T1"}}]},"x]",'
    '{"dx":"T3","a":[{"b":"T1"},{"b":"T2"}],"e":"}{\\"]"} , {"dx":"T2","dx":1}\n]\n\n'
)


def test_what_is_between_the_objects_of_an_array_stays(tmp_path: Path) -> None:
    source, target = tmp_path / "in.json", tmp_path / "out.json"
    source.write_text(ARRAY, encoding="utf-8")
    done = run("normalize", source, "--column", "dx", "--column", "a.b", "-o", target)
    assert "5 rows in = 2 out + 3 rejected" in done.err
    first, second = json.loads(target.read_text(encoding="utf-8"))
    assert [first["dx_normalized"], first["a.b_normalized"]] == ["T2", "T3"]
    # Of two values none is taken for the one that is meant.
    assert [second["dx_normalized"], second["a.b_findings"]] == ["T3", "RS203 RS108"]
    kept = target.read_text(encoding="utf-8")
    assert kept.startswith('[ {"dx":"T2","a":[{"b":"T3","c":{"d":"T1"}}]')
    assert run("verify", target, "--against", source).code == 0
    target.write_text(kept.replace('"e":', '"f":'), encoding="utf-8")
    assert run("verify", target, "--against", source).code == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[{"dx":"T2"},', "the array does not end"),
        ('[{"dx":"T2"}]x', "something stands behind the array"),
        ("[ ]", "no element of the array is a JSON object"),
        ('[{"dx":"T2}]', "the array does not end"),
    ],
)
def test_an_array_that_is_none_is_refused(tmp_path: Path, text: str, why: str) -> None:
    source = tmp_path / "in.json"
    source.write_text(text, encoding="utf-8")
    done = run("check", source, "--column", "dx")
    assert (done.code, why in done.err) == (3, True)


def test_a_long_array_is_read_piece_by_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rstage.tables.formats.json_array._CHUNK", 3)
    source, target = tmp_path / "in.json", tmp_path / "out.json"
    objects = [{"dx": "T2", "note": 'a"[{\\', "more": [number]} for number in range(50)]
    source.write_text("\n" + json.dumps(objects, indent=2) + "\n", encoding="utf-8")
    assert "50 rows in = 50 out" in run("normalize", source, "--column", "dx", "-o", target).err
    written = json.loads(target.read_text(encoding="utf-8"))
    assert [{**one, "dx_normalized": "T2", "dx_findings": ""} for one in objects] == written


@pytest.mark.parametrize("engine", ["stdlib", "polars"])
@pytest.mark.parametrize("place", [("--header-row", "5"), ("--skip-rows", "4"), ("--skip-rows", "3")])
def test_what_stands_before_the_header_is_kept(tmp_path: Path, engine: str, place: tuple[str, str]) -> None:
    pytest.importorskip("polars", reason="the extra polars is not installed")
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    before = 'A report\n"a\nb",x\n\n'
    source.write_text(before + "id,dx\n1,T2\n", encoding="utf-8")
    run("normalize", source, *place, "--column", "dx", "-o", target, "--engine", engine)
    assert target.read_text(encoding="utf-8") == before + "id,dx,dx_normalized,dx_findings\n1,T2,T2,\n"
    assert run("verify", target, "--against", source, *place).code == 0


def test_the_header_of_a_sheet_is_counted_as_the_sheet_does(tmp_path: Path) -> None:
    pytest.importorskip("fastexcel", reason="the extra polars is not installed")
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")
    workbook = openpyxl.Workbook()
    for cell, value in (("B3", "a\nreport"), ("B5", "id"), ("C5", "dx"), ("B6", "1"), ("C6", "T2")):
        workbook.active[cell] = value
    source, target = tmp_path / "in.xlsx", tmp_path / "out.csv"
    workbook.save(source)
    done = run("normalize", source, "--header-row", "5", "--column", "dx", "-o", target)
    assert "1 row in = 1 out" in done.err
    assert target.read_text(encoding="utf-8").endswith("id,dx,dx_normalized,dx_findings\n1,T2,T2,\n")
    assert run("verify", target, "--against", source, "--header-row", "5").code == 0
