"""What is written compressed can be read by the usual tools, and is the same in each run."""

from __future__ import annotations

import gzip
import lzma
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.command_line import in_folder, run, table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WRITTEN = b"dx,dx_normalized,dx_findings\n" + b"rT2 N0,rT2 rN0,\n" * 3000


def from_zstandard(data: bytes) -> bytes:
    import pyarrow as pa

    with pa.CompressedInputStream(pa.BufferReader(data), "zstd") as stream:
        read: bytes = stream.read()
    return read


READERS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.decompress,
    ".xz": lzma.decompress,
    ".zst": from_zstandard,
}


@pytest.mark.parametrize("ending", [".gz", ".GZ", ".xz", ".zst"])
def test_the_ending_of_the_name_says_how(tmp_path: Path, ending: str) -> None:
    if ending == ".zst":
        pytest.importorskip("pyarrow", reason="the extra arrow is not installed")
    source = table(tmp_path, "dx", *["rT2 N0"] * 3000, "T2,ragged")
    made = []
    for name in ("out.csv", "other.csv"):
        target = tmp_path / (name + ending)
        assert run("normalize", source, "--column", "dx", "-o", target).code == 1
        assert READERS[ending.lower()](target.read_bytes()) == WRITTEN
        assert target.with_name(target.name + ".rejected").read_bytes() == b"T2,ragged\n"
        made.append(target.read_bytes())
    assert made[0] == made[1]
    assert len(made[0]) < 1000


def test_a_header_of_gzip_tells_no_time_and_no_name(tmp_path: Path) -> None:
    source = table(tmp_path, "dx", "T2")
    run("normalize", source, "--column", "dx", "-o", tmp_path / "out.csv.gz")
    assert (tmp_path / "out.csv.gz").read_bytes()[3:8] == bytes(5)


def test_the_reject_file_is_compressed_where_its_own_name_says_so(tmp_path: Path) -> None:
    source = table(tmp_path, "dx", "T2", "T2,ragged")
    options = ("--reject-file", tmp_path / "rejected.csv.gz", "-o", tmp_path / "out.csv")
    assert run("normalize", source, "--column", "dx", *options).code == 1
    assert gzip.decompress((tmp_path / "rejected.csv.gz").read_bytes()) == b"T2,ragged\n"
    assert (tmp_path / "out.csv").read_bytes() == b"dx,dx_normalized,dx_findings\nT2,T2,\n"


def test_zstandard_names_its_extra_where_that_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    source = table(tmp_path, "dx", "T2")
    done = run("normalize", source, "--column", "dx", "-o", tmp_path / "out.csv.zst")
    assert (done.code, done.err[:5]) == (2, "RS019")
    assert "pip install 'rstage[arrow]'" in done.err
    assert in_folder(tmp_path) == {"table.csv"}
