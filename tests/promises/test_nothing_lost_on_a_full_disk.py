"""Nothing is lost on a full disk: the output of an earlier run stays, and nothing else is left."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.support.known_tables import OLD, hard_to_compress, known_table
from tests.support.processes import Ended, ended, files_in, started, started_as

ON_SMALL_DISK = """
mkdir full && mount -t tmpfs -o size=16k tmpfs full && cp out.csv full/out.csv || exit 99
"$@"
code=$?
ls -A full
cat full/out.csv
exit $code
"""


def on_small_disk(folder: Path, *arguments: str) -> Ended:
    """Run a command that finds a disk of 16 KB at full/, with an out.csv on it."""
    if shutil.which("unshare") is None:
        pytest.skip("a small disk cannot be mounted here: there is no unshare")
    (folder / "out.csv").write_bytes(OLD)
    command = ["unshare", "-rm", "sh", "-c", ON_SMALL_DISK, "sh", sys.executable, "-m", "rstage", *arguments]
    done = ended(started_as(command, folder))
    if done.code == 99 or "unshare" in done.err:
        pytest.skip(f"a small disk cannot be mounted here: {done.err.strip()}")
    return done


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["", ".gz", ".xz", ".zst"])
@pytest.mark.parametrize("row_count", [1000, 5000])
def test_a_full_disk(tmp_path: Path, ending: str, row_count: int) -> None:
    if ending == ".zst":
        pytest.importorskip("pyarrow", reason="the extra arrow is not installed")
    known = known_table(row_count, ids=hard_to_compress)
    (tmp_path / "in.csv").write_bytes(known.source)
    name = f"full/out.csv{ending}"
    before = {*files_in(tmp_path), "out.csv"}
    options = ("--column", "dx", "--reject-file", "rejected", "-o", name, "--force")
    done = on_small_disk(tmp_path, "normalize", "in.csv", *options)
    assert (done.code, done.out) == (4, b"out.csv\n" + OLD), done.err
    assert done.err == f"RS009 error: {name} cannot be written: no space left on device\n"
    assert (tmp_path / "in.csv").read_bytes() == known.source
    assert set(files_in(tmp_path)) == before


@pytest.mark.slow
def test_a_full_disk_of_a_parquet_file(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow", reason="the extra arrow is not installed")
    pytest.importorskip("polars", reason="the extra polars is not installed")
    import pyarrow.parquet as pq

    ids = hard_to_compress(5000)
    pq.write_table(pa.table({"id": list(map(str, ids)), "dx": ["T2"] * 5000}), tmp_path / "in.parquet")
    before = files_in(tmp_path)
    done = on_small_disk(tmp_path, "normalize", "in.parquet", "--column", "dx", "-o", "full/new.parquet")
    assert (done.code, done.out) == (4, b"out.csv\n" + OLD), done.err
    assert done.err == "RS009 error: full/new.parquet cannot be written: no space left on device\n"
    assert files_in(tmp_path).items() >= before.items()


@pytest.mark.slow
def test_a_full_disk_of_the_rejected_rows(tmp_path: Path) -> None:
    known = known_table(5000, ids=hard_to_compress)
    (tmp_path / "in.csv").write_bytes(known.source)
    done = on_small_disk(
        tmp_path, "normalize", "in.csv", "--column", "dx", "-o", "new.csv", "--reject-file", "full/rejected"
    )
    assert (done.code, done.out) == (4, b"out.csv\n" + OLD), done.err
    assert done.err == "RS009 error: full/rejected cannot be written: no space left on device\n"
    assert set(files_in(tmp_path)) == {"in.csv", "out.csv"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
@pytest.mark.parametrize("ending", ["", ".gz", ".xz", ".zst"])
def test_a_full_device(tmp_path: Path, ending: str) -> None:
    if ending == ".zst":
        pytest.importorskip("pyarrow", reason="the extra arrow is not installed")
    (tmp_path / "in.csv").write_bytes(known_table(100).source)
    (tmp_path / f"out{ending}").symlink_to("/dev/full")
    done = ended(started(tmp_path, "normalize", "in.csv", "--column", "dx", "-o", f"out{ending}"))
    assert done.code == 4
    assert done.last_line == f"RS009 error: out{ending} cannot be written: no space left on device"
