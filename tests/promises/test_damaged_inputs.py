"""A damaged or unusual input: its exit code, a clear message, and the input itself as it was."""

from __future__ import annotations

import gzip
import lzma
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.support.command_line import run
from tests.support.known_tables import CELLS, Known, hard_to_compress, known_table
from tests.support.processes import files_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ENGINES = ("stdlib", "polars")
ROWS = 20_000


@pytest.fixture(autouse=True)
def _in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said names a file as it was given: without its folder."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if name != "stdlib":
        pytest.importorskip(name, reason=f"the extra {name} is not installed")
    return name


def zstandard(data: bytes) -> bytes:
    pa = pytest.importorskip("pyarrow", reason="the extra arrow is not installed")
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(data)
    made: bytes = sink.getvalue().to_pybytes()
    return made


COMPRESSED: dict[str, Callable[[bytes], bytes]] = {
    "gz": lambda data: gzip.compress(data, mtime=0),
    "xz": lzma.compress,
    "zst": zstandard,
}
DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut off in the middle": lambda data: data[: len(data) // 2],
    "cut off at the end": lambda data: data[:-1],
    "nothing but its first bytes": lambda data: data[:6],
}


# What an integer of a Parquet file holds.
BITS = 60


@pytest.fixture(scope="module")
def known() -> Known:
    return known_table(ROWS, ids=partial(hard_to_compress, bits=BITS))


@pytest.mark.parametrize("form", COMPRESSED)
def test_a_compressed_input(tmp_path: Path, form: str, engine: str, known: Known) -> None:
    (tmp_path / f"in.csv.{form}").write_bytes(COMPRESSED[form](known.source))
    options = ("--column", "dx", "-o", "out.csv", "--engine", engine)
    done = run("normalize", f"in.csv.{form}", *options)
    assert (done.code, known.counts in done.err) == (1, True), done.err
    assert (tmp_path / "out.csv").read_bytes() == known.output
    assert (tmp_path / "out.csv.rejected").read_bytes() == known.rejected


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("form", COMPRESSED)
def test_compression_that_is_cut_off(tmp_path: Path, form: str, damage: str, known: Known) -> None:
    name, engine = f"in.csv.{form}", ENGINES[damage == "cut off in the middle"]
    if engine == "polars":
        pytest.importorskip("polars", reason="the extra polars is not installed")
    (tmp_path / name).write_bytes(DAMAGES[damage](COMPRESSED[form](known.source)))
    before = files_in(tmp_path)
    options = ("--column", "dx", "-o", "out.csv", "--engine", engine)
    done = run("normalize", name, *options)
    message = f"RS001 error: {name} cannot be read: its compression is damaged, or it was cut off\n"
    assert (done.code, done.err) == (3, message)
    assert files_in(tmp_path) == before


@pytest.mark.parametrize("form", ["gz", "xz"])  # what pyarrow writes as Zstandard has no checksum
def test_compression_with_another_byte(tmp_path: Path, form: str, known: Known) -> None:
    """The checksum comes last; what is read before can be no text at all, which is told first then."""
    data = bytearray(COMPRESSED[form](known.source))
    data[len(data) // 2] ^= 0xFF
    (tmp_path / f"in.csv.{form}").write_bytes(data)
    before = files_in(tmp_path)
    done = run("normalize", f"in.csv.{form}", "--column", "dx", "-o", "out.csv")
    assert done.code == 3
    assert done.err[:5] in ("RS001", "RS004", "RS011")
    assert files_in(tmp_path) == before


class Refused(NamedTuple):
    """An input that ends a run: its bytes, further options, the exit code, and what is said."""

    source: bytes
    code: int
    message: str
    options: tuple[str, ...] = ()


GOOD = b"1,T2\n" * 30_000
TOO_LONG = "a field is longer than 10,000,000 characters"
REFUSED = {
    "NUL bytes": Refused(b"id,dx\0\n1,T2\n", 3, "RS003 error: in.csv is not text"),
    "nothing": Refused(b"", 3, "RS002 error: in.csv is empty: a table has a header line"),
    "a quote that is never closed": Refused(
        b'id,dx\n1,T2\n2,"T3\n' + GOOD,
        3,
        "RS011 error: in.csv is no table from row 3 on: a quote is never closed",
    ),
    "one character too many in one field": Refused(
        b"id,dx\n1," + b"x" * 10_000_001 + b"\n",
        3,
        f"RS011 error: in.csv is no table from row 2 on: {TOO_LONG}",
    ),
    "100 MB in one field": Refused(
        b"id,dx\n1," + b"x" * 100_000_000 + b"\n",
        3,
        f"RS011 error: in.csv is no table from row 2 on: {TOO_LONG}",
    ),
    "a long field of many lines": Refused(
        b"id,dx\n" + GOOD + b'"' + b"x\n" * 6_000_000 + b'",T2\n',
        3,
        f"RS011 error: in.csv is no table from row 30002 on: {TOO_LONG}",
    ),
    "the column twice": Refused(b"id,dx,dx\n1,T2,T3\n", 2, "RS010 error: the header has the column dx twice"),
    "UTF-16": Refused(
        "id,dx\n1,T2\n".encode("utf-16"),
        3,
        "RS004 error: in.csv is not utf-8 near row 1: name its encoding with --encoding "
        "(did you mean --encoding utf-16?)",
    ),
    "UTF-16 without a mark": Refused(
        "id,dx\n1,T2\n".encode("utf-16-le"), 3, "RS003 error: in.csv is not text"
    ),
    "Latin-1": Refused(
        b"id,dx\n" + GOOD + b"\xfc,T2\n",
        3,
        "RS004 error: in.csv is not utf-8 near row 30002: name its encoding with --encoding "
        "(did you mean --encoding cp1252?)",
    ),
}


LARGE = ("100 MB in one field", "a long field of many lines")


@pytest.mark.parametrize(
    "case", [pytest.param(case, marks=[pytest.mark.slow] if case in LARGE else []) for case in REFUSED]
)
def test_an_input_that_is_refused(tmp_path: Path, case: str, engine: str) -> None:
    refused = REFUSED[case]
    (tmp_path / "in.csv").write_bytes(refused.source)
    before = files_in(tmp_path)
    options = ("--column", "dx", "-o", "out.csv", "--engine", engine, *refused.options)
    done = run("normalize", "in.csv", *options)
    assert (done.code, done.err.splitlines()) == (refused.code, [refused.message])
    assert files_in(tmp_path) == before


class Taken(NamedTuple):
    """An input that is unusual and read: its lines, what is appended to each, and how they are encoded.

    What is appended is nothing where the line is rejected.
    """

    lines: tuple[tuple[str, str | None], ...]
    encoding: str = "utf-8"
    code: int = 0
    options: tuple[str, ...] = ()


HEADER = ("id,dx\n", ",dx_normalized,dx_findings")
MARKED_HEADER = ("\ufeff" + HEADER[0], HEADER[1])
FIRST, LAST = ("1,T2\n", ",T2,"), ("ü,rT2\n", ",rT2,")
TAKEN = {
    "ragged rows": Taken(
        (HEADER, FIRST, ("2\n", None), ("3,T2,N0\n", None), ("\n", ""), LAST),
        code=1,
    ),
    "NUL bytes, late": Taken(
        (HEADER, *([FIRST] * 30_000), ("\0,T3\n", ",T3,"), ("2,T\0\n", ",,RS101")), code=1
    ),
    "NUL bytes, early": Taken((HEADER, FIRST, ("\0,T3\n", ",T3,"), ("2,T\0\n", ",,RS101"), LAST), code=1),
    "another column twice": Taken((("x,dx,x\n", HEADER[1]), ("1,T2,3\n", ",T2,"))),
    "UTF-16": Taken((MARKED_HEADER, FIRST, LAST), "utf-16-le", options=("--encoding", "utf-16")),
    "Latin-1": Taken((HEADER, FIRST, LAST), "latin-1", options=("--encoding", "latin-1")),
    "no line end at the end": Taken((HEADER, ("1,T2\r\n", ",T2,"), ("2,T3", ",T3,"))),
    "a field of 9 MB": Taken((HEADER, ("x" * 9_000_000 + ",T2\n", ",T2,"))),
    "a stage of 9 MB": Taken((HEADER, ("1," + "T2 " * 3_000_000 + "\n", ",,RS901")), code=1),
}


@pytest.mark.parametrize("case", TAKEN)
def test_an_input_that_is_unusual(tmp_path: Path, case: str, engine: str) -> None:
    taken = TAKEN[case]
    (tmp_path / "in.csv").write_bytes("".join(line for line, _ in taken.lines).encode(taken.encoding))
    before = files_in(tmp_path)
    options = ("--column", "dx", "-o", "out.csv", "--engine", engine, *taken.options)
    done = run("normalize", "in.csv", *options)
    assert done.code == taken.code, done.err
    output, rejected = "", ""
    for line, appended in taken.lines:
        if appended is None:
            rejected += line
        else:
            body = line.rstrip("\r\n")
            output += body + appended + line[len(body) :]
    assert (tmp_path / "out.csv").read_bytes() == output.encode(taken.encoding)
    made = {"out.csv"}
    if rejected:
        made.add("out.csv.rejected")
        assert (tmp_path / "out.csv.rejected").read_bytes() == rejected.encode(taken.encoding)
    after = files_in(tmp_path)
    assert (set(after), after["in.csv"]) == ({"in.csv", *made}, before["in.csv"])


def write_parquet(path: Path) -> None:
    """Write a table of five row groups, with a checksum for each page."""
    pa = pytest.importorskip("pyarrow", reason="the extra arrow is not installed")
    pytest.importorskip("polars", reason="the extra polars is not installed")
    import pyarrow.parquet as pq

    cells = [cell.decode() or None for cell, _ in CELLS]
    columns = {"id": hard_to_compress(ROWS, BITS), "dx": [cells[row % len(cells)] for row in range(ROWS)]}
    pq.write_table(pa.table(columns), path, row_group_size=ROWS // 5, write_page_checksum=True)


def write_excel(path: Path) -> None:
    """Write a workbook with one sheet."""
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")
    pytest.importorskip("fastexcel", reason="the extra polars is not installed")
    workbook = openpyxl.Workbook()
    for row in (("id", "dx"), *((one, "T2 N0 M0") for one in range(500))):
        workbook.active.append(row)
    workbook.save(path)


def break_page(path: Path, column: int) -> None:
    """Change a byte in the middle of a page of the third row group."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        chunk = file.metadata.row_group(2).column(column)
    data = bytearray(path.read_bytes())
    data[chunk.data_page_offset + chunk.total_compressed_size // 2] ^= 0xFF
    path.write_bytes(data)


def cut(path: Path, count: int) -> None:
    """Keep the first bytes of a file, or all but the last ones."""
    path.write_bytes(path.read_bytes()[:count])


# How it is written, how it is damaged, and what is said of it.
BINARY: dict[str, tuple[Callable[[Path], None], Callable[[Path], None], str]] = {
    "a broken page of the stage, in.parquet": (write_parquet, lambda path: break_page(path, 1), "RS001"),
    "a broken page of what is only copied, in.parquet": (
        write_parquet,
        lambda path: break_page(path, 0),
        "RS001",
    ),
    "cut off in the middle, in.parquet": (write_parquet, lambda path: cut(path, 100_000), "RS011"),
    "cut off at the end, in.parquet": (write_parquet, lambda path: cut(path, -1), "RS011"),
    "its first bytes, in.parquet": (write_parquet, lambda path: cut(path, 6), "RS011"),
    "cut off in the middle, in.xlsx": (write_excel, lambda path: cut(path, 3000), "RS011"),
    "its first bytes, in.xlsx": (write_excel, lambda path: cut(path, 6), "RS011"),
}


@pytest.mark.parametrize("case", BINARY)
def test_a_damaged_file_that_is_no_text(tmp_path: Path, case: str) -> None:
    write, damage, code = BINARY[case]
    path = tmp_path / case.rpartition(" ")[2]
    write(path)
    damage(path)
    before = files_in(tmp_path)
    out = "out.csv" if path.suffix == ".xlsx" else "out.parquet"
    done = run("normalize", path.name, "--column", "dx", "-o", out)
    assert (done.code, done.err[:5], done.err.count("\n")) == (3, code, 1), done.err
    assert path.name in done.err
    assert files_in(tmp_path) == before


def test_a_parquet_file_that_is_whole_is_taken(tmp_path: Path) -> None:
    write_parquet(tmp_path / "in.parquet")
    before = files_in(tmp_path)
    done = run("normalize", "in.parquet", "--column", "dx", "-o", "out.parquet")
    assert (done.code, f"{ROWS:,} rows in = {ROWS:,} out + 0 rejected" in done.err) == (1, True), done.err
    import pyarrow.parquet as pq

    given, made = (pq.read_table(tmp_path / name) for name in ("in.parquet", "out.parquet"))
    assert made.select(["id", "dx"]).equals(given)
    appended = [text.decode().split(",")[1:] for _, text in CELLS]
    assert made["dx_normalized"].to_pylist() == [appended[row % len(CELLS)][0] or None for row in range(ROWS)]
    assert files_in(tmp_path)["in.parquet"] == before["in.parquet"]


def test_lines_of_json_that_break_off(tmp_path: Path) -> None:
    whole = b'{"id": 1, "dx": "rT2 N0"}\n'
    (tmp_path / "in.ndjson").write_bytes(whole * 1000 + whole[:15])
    before = files_in(tmp_path)
    done = run("normalize", "in.ndjson", "--column", "dx", "-o", "out.ndjson")
    assert (done.code, "1,001 rows in = 1,000 out + 1 rejected" in done.err) == (1, True), done.err
    row = b'{"id": 1, "dx": "rT2 N0","dx_normalized":"rT2 rN0","dx_findings":""}\n'
    assert (tmp_path / "out.ndjson").read_bytes() == row * 1000
    assert (tmp_path / "out.ndjson.rejected").read_bytes() == whole[:15]
    assert files_in(tmp_path)["in.ndjson"] == before["in.ndjson"]
