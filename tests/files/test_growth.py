"""A small file that grows without measure is refused, whatever it is and whoever reads it."""

from __future__ import annotations

import gzip
import io
import lzma
import zipfile
from typing import TYPE_CHECKING

import pytest

from rstage import rules
from rstage.files.errors import TableError
from rstage.files.growth import ALWAYS_READ, check_archive
from rstage.files.inputs import Input
from tests.support.command_line import run

if TYPE_CHECKING:
    from pathlib import Path

BOMB = rules.COMPRESSION_BOMB.code
ROWS = b"dx\n" + (b"T2" + b" " * 900 + b"\n") * (ALWAYS_READ // 600)
LINES = (b'{"dx":"T2"}' + b" " * 900 + b"\n") * (ALWAYS_READ // 600)


def archive(*members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:
        for number, data in enumerate(members):
            made.writestr(f"xl/worksheets/sheet{number}.xml", data)
    return target.getvalue()


@pytest.mark.parametrize("name", ["rows.csv.gz", "rows.csv.xz", "lines.ndjson.gz", "book.xlsx.gz"])
@pytest.mark.parametrize("command", ["check", "normalize"])
def test_a_compressed_table_that_is_a_bomb_is_refused(name: str, command: str, tmp_path: Path) -> None:
    path = tmp_path / name
    data = LINES if "lines" in name else ROWS if "rows" in name else b"PK\3\4" + bytes(2 * ALWAYS_READ)
    compress = gzip.compress if name.endswith(".gz") else lzma.compress
    path.write_bytes(compress(data))
    more = ("-o", tmp_path / "out") if command == "normalize" else ()
    done = run(command, path, "--column", "dx", "-q", "--max-findings", "0", *more)
    assert (done.code, BOMB in done.err) == (3, True), done.err
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_a_workbook_that_is_a_bomb_is_refused(tmp_path: Path) -> None:
    for number, data in enumerate(
        (
            archive(bytes(2 * ALWAYS_READ)),
            archive(*[bytes(ALWAYS_READ // 4)] * 9),
            lying(bytes(2 * ALWAYS_READ)),
        )
    ):
        path = tmp_path / f"book{number}.xlsx"
        path.write_bytes(data)
        done = run("check", path, "--column", "dx")
        assert (done.code, BOMB in done.err) == (3, True), number


def lying(data: bytes) -> bytes:
    """Return an archive whose list says that its file is small."""
    made = bytearray(archive(data))
    for size in (made.find(len(data).to_bytes(4, "little")), made.rfind(len(data).to_bytes(4, "little"))):
        made[size : size + 4] = (100).to_bytes(4, "little")
    return bytes(made)


def test_what_grows_as_data_do_is_read(tmp_path: Path) -> None:
    check_archive("book.xlsx", archive(bytes(ALWAYS_READ // 2)))
    check_archive("book.xlsx", archive(ROWS)[:-30])  # damaged: for whoever reads it
    check_archive("book.xls", bytes(10))
    path = tmp_path / "rows.csv.gz"
    path.write_bytes(gzip.compress(ROWS[:ALWAYS_READ]))
    with Input(str(path)) as source:
        assert len(source.read()) == ALWAYS_READ
    path.write_bytes(gzip.compress(ROWS))
    with Input(str(path)) as source, pytest.raises(TableError, match=BOMB):
        source.read()


def test_parquet_says_itself_how_far_it_grows(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    pytest.importorskip("polars")
    path = tmp_path / "table.parquet"
    texts = pa.table({"dx": ["T2"] * (ALWAYS_READ // 2)})
    pq.write_table(texts, path, compression="zstd", use_dictionary=False)
    assert BOMB in run("check", path, "--column", "dx").err
    pq.write_table(texts.slice(0, 1000), path)
    assert run("check", path, "--column", "dx").code == 0
