"""Whatever ends a run, from outside or from inside: the target is old or whole, and nothing else is left."""

from __future__ import annotations

import errno
import os
import pty
import random
import shutil
import signal
import subprocess
import sys
import time
import tty
from pathlib import Path
from typing import NamedTuple

import pytest

from rstage.files.claims import beside
from tests.support.command_line import run
from tests.support.killed_runs import (
    NORMALIZED_HEADER,
    Ended,
    Known,
    content,
    ended,
    files_in,
    known_table,
    started,
    wait_until_begun,
)

ROWS = 2_000_000
# The moments of killing are other ones in each run; with this variable they are those of an earlier run.
SEED = int(os.environ.get("RSTAGE_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 32)
OLD, OLD_REJECTED = b"the output of an earlier run\n", b"its rejected rows\n"
NORMALIZE = ("--column", "dx", "-o", "out.csv")
# The one that is taken where nothing is asked for is polars, where it is installed.
ENGINES = ("auto", "stdlib")
IN_USE = "another run is writing it"
# A run that reads a pipe begins to write when it has a block of the table; this is more than that.
ROWS_OF_A_BLOCK = 10_000


class Large(NamedTuple):
    """A table of two million rows, and how many seconds each engine takes."""

    path: Path
    known: Known
    seconds: dict[str, float]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Large:
    folder = tmp_path_factory.mktemp("large")
    path, known = folder / "in.csv", known_table(ROWS, ragged_every=300_000)
    path.write_bytes(known.source)
    seconds = {}
    for engine in ENGINES:
        start = time.monotonic()
        done = ended(started(folder, "normalize", "in.csv", *NORMALIZE, "--engine", engine, "--force"))
        seconds[engine] = time.monotonic() - start
        assert done.code == 1
        assert known.counts in done.err
        assert (folder / "out.csv").read_bytes() == known.output
        assert (folder / "out.csv.rejected").read_bytes() == known.rejected
    return Large(path, known, seconds)


def put_old(folder: Path) -> tuple[str, ...]:
    """Put the files of an earlier run into a folder, and return the option that replaces them."""
    (folder / "out.csv").write_bytes(OLD)
    (folder / "out.csv.rejected").write_bytes(OLD_REJECTED)
    return ("--force",)


def state(folder: Path) -> tuple[bytes | None, bytes | None]:
    """Return the output and its rejected rows."""
    return content(folder / "out.csv"), content(folder / "out.csv.rejected")


def assert_old_or_whole(folder: Path, known: Known, *, is_replacing: bool) -> None:
    """Make sure that both files are old, or both new, or that the rejected rows alone are new already."""
    old = (OLD, OLD_REJECTED) if is_replacing else (None, None)
    allowed = (old, (old[0], known.rejected), (known.output, known.rejected))
    found = state(folder)
    assert found in allowed, [one and (len(one), one[-80:]) for one in found]


def assert_the_next_run_cleans_up(folder: Path) -> None:
    """Run on the same target, with --force only where there is one."""
    (folder / "next.csv").write_bytes(b"id,dx\n1,T2\n")
    force = ("--force",) if (folder / "out.csv").exists() else ()
    done = ended(started(folder, "normalize", "next.csv", *NORMALIZE, *force))
    assert (done.code, done.err.count("\n")) == (0, 1), done.err
    assert (folder / "out.csv").read_bytes() == b"id,dx,dx_normalized,dx_findings\n1,T2,T2,\n"
    assert {name for name in files_in(folder) if name != "next.csv"} == {"out.csv"}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("number", range(3), ids=lambda number: f"seed-{SEED}-{number}")
def test_a_run_that_is_killed_at_any_moment(large: Large, tmp_path: Path, number: int, engine: str) -> None:
    is_replacing = number % 2 == 0
    force = put_old(tmp_path) if is_replacing else ()
    process = started(tmp_path, "normalize", large.path, *NORMALIZE, "--engine", engine, *force)
    latest = 1.05 * large.seconds[engine]
    time.sleep(random.Random(f"{SEED}-{number}-{engine}").uniform(0, latest))  # noqa: S311
    process.kill()
    assert ended(process).code in (-signal.SIGKILL, 1)
    assert_old_or_whole(tmp_path, large.known, is_replacing=is_replacing)
    assert_the_next_run_cleans_up(tmp_path)
    assert large.path.read_bytes() == large.known.source


# Kills its own process with signal 9 before or after a call that ends a run.
KILLED_AT = """
import os, pathlib, signal, sys
from rstage.cli import main

owner, name, count, moment = sys.argv[1:5]
owner = {"os": os, "Path": pathlib.Path}[owner]
real, calls = getattr(owner, name), []

def call(*arguments, **keywords):
    calls.append(name)
    if len(calls) < int(count):
        return real(*arguments, **keywords)
    if moment == "after":
        real(*arguments, **keywords)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(owner, name, call)
main(sys.argv[5:])
"""


@pytest.mark.parametrize("is_replacing", [True, False], ids=["replacing", "new"])
@pytest.mark.parametrize(
    ("call", "new"),
    [
        (("os", "fsync", "1", "before"), "none"),
        (("os", "fsync", "2", "before"), "none"),
        (("Path", "replace", "1", "before"), "none"),
        (("Path", "replace", "1", "after"), "rejected"),
        (("Path", "replace", "2", "before"), "rejected"),
        (("Path", "replace", "2", "after"), "both"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else value,
)
def test_a_run_that_is_killed_while_it_ends(
    tmp_path: Path, call: tuple[str, ...], new: str, *, is_replacing: bool
) -> None:
    """Both files are on the disk before the first takes its place, which is that of the rejected rows."""
    known = known_table(200)
    (tmp_path / "in.csv").write_bytes(known.source)
    force = put_old(tmp_path) if is_replacing else ()
    command = [sys.executable, "-c", KILLED_AT, *call, "normalize", "in.csv", *NORMALIZE, *force]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)  # noqa: S603  our own
    assert done.returncode == -signal.SIGKILL
    output, rejected = (OLD, OLD_REJECTED) if is_replacing else (None, None)
    assert state(tmp_path) == (
        known.output if new == "both" else output,
        rejected if new == "none" else known.rejected,
    )
    (tmp_path / "in.csv").unlink()
    assert_the_next_run_cleans_up(tmp_path)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_interrupted_leaves_nothing(
    large: Large, tmp_path: Path, number: signal.Signals, engine: str
) -> None:
    force = put_old(tmp_path)
    process = started(tmp_path, "normalize", large.path, *NORMALIZE, "--engine", engine, *force)
    wait_until_begun(process, tmp_path / "out.csv")
    latest = 0.8 * large.seconds[engine]
    time.sleep(random.Random(f"{SEED}-{number}-{engine}").uniform(0, latest))  # noqa: S311
    process.send_signal(number)
    done = ended(process)
    # It may have ended on its own just before, and Python does not listen any more in its last moments.
    assert done.code in (130, 1, -number)
    assert state(tmp_path) in ((OLD, OLD_REJECTED), (large.known.output, large.known.rejected))
    assert set(files_in(tmp_path)) == {"out.csv", "out.csv.rejected"}


def test_an_interruption_between_the_two_renamings_waits(tmp_path: Path) -> None:
    known = known_table(200)
    (tmp_path / "in.csv").write_bytes(known.source)
    script = KILLED_AT.replace("SIGKILL", "SIGTERM")
    command = [sys.executable, "-c", script, "Path", "replace", "1", "after", "normalize", "in.csv"]
    done = subprocess.run(  # noqa: S603  our own
        [*command, *NORMALIZE], cwd=tmp_path, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr.strip()) == (130, b"")
    assert (tmp_path / "out.csv").read_bytes() == known.output
    assert (tmp_path / "out.csv.rejected").read_bytes() == known.rejected
    assert set(files_in(tmp_path)) == {"in.csv", "out.csv", "out.csv.rejected"}


def hard_to_compress(row_count: int) -> list[int]:
    """Return ids that no compression makes small."""
    return [random.Random(number).getrandbits(200) for number in range(row_count)]  # noqa: S311  no secret


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
    pipe = subprocess.PIPE
    done = ended(subprocess.Popen(command, cwd=folder, stdout=pipe, stderr=pipe))  # noqa: S603  our own
    if done.code == 99 or "unshare" in done.err:
        pytest.skip(f"a small disk cannot be mounted here: {done.err.strip()}")
    return done


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


def test_a_read_error_halfway(tmp_path: Path) -> None:
    """A terminal whose other side is closed gives what it still has, and then the error of a bad disk."""
    known = known_table(ROWS_OF_A_BLOCK)
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    process = started(tmp_path, "normalize", "-", *NORMALIZE, stdin=ours)
    os.close(ours)
    os.write(theirs, known.source)
    wait_until_begun(process, tmp_path / "out.csv")
    assert process.poll() is None
    os.close(theirs)
    done = ended(process)
    assert (done.code, done.err) == (3, "RS001 error: - cannot be read: input/output error\n")
    assert files_in(tmp_path) == {}


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="this system has no /proc/self/mem")
def test_a_read_error_at_once(tmp_path: Path) -> None:
    done = ended(started(tmp_path, "normalize", "/proc/self/mem", *NORMALIZE))
    assert (done.code, done.err) == (3, "RS001 error: /proc/self/mem cannot be read: input/output error\n")
    assert files_in(tmp_path) == {}


def test_a_reader_that_closes_early(tmp_path: Path) -> None:
    known = known_table(50_000)
    (tmp_path / "in.csv").write_bytes(known.source)
    before = files_in(tmp_path)
    process = started(tmp_path, "normalize", "in.csv", "--column", "dx", "-q")
    assert process.stdout
    head = subprocess.run(["head", "-n", "3"], stdin=process.stdout, capture_output=True, check=True)  # noqa: S607
    assert head.stdout == b"".join(known.output.splitlines(keepends=True)[:3])
    process.stdout.close()
    done = ended(process)
    assert (done.code, done.err.count("Traceback"), files_in(tmp_path)) == (4, 0, before)


def test_a_reader_of_a_pipe_that_closes_early(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes(known_table(50_000).source)
    os.mkfifo(tmp_path / "pipe")
    process = started(tmp_path, "normalize", "in.csv", "--column", "dx", "-o", "pipe")
    with (tmp_path / "pipe").open("rb") as pipe:
        assert pipe.readline() == NORMALIZED_HEADER
    done = ended(process)
    assert (done.code, done.last_line) == (4, "RS009 error: pipe cannot be written: broken pipe")
    assert set(files_in(tmp_path)) == {"in.csv"}


COMMANDS = {
    "normalize": ("normalize", "-", "--column", "dx"),
    "restage": ("restage", "-", "--diagnosis", "dx", "--assessment", "dx"),
    "history": ("history", "-", "--tumor-id", "id", "--stage", "dx"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_two_runs_on_one_target(tmp_path: Path, command: str) -> None:
    """The first run waits for its input while others begin and end."""
    arguments, source = COMMANDS[command], b"id,dx\n" + b"1,rT2 N0 M0\n" * ROWS_OF_A_BLOCK
    first = started(tmp_path, *arguments, "-o", "out.csv", stdin=subprocess.PIPE)
    assert first.stdin
    first.stdin.write(source)
    first.stdin.flush()
    wait_until_begun(first, tmp_path / "out.csv")
    (tmp_path / "in.csv").write_bytes(b"id,dx\n2,T3\n")
    for force in ((), ("--force",)):
        done = ended(started(tmp_path, arguments[0], "in.csv", *arguments[2:], "-o", "out.csv", *force))
        assert (done.code, done.err) == (4, f"RS009 error: out.csv cannot be written: {IN_USE}\n")
    assert ended(first, b"3,T2 N0 M0\n").code in (0, 1)
    assert set(files_in(tmp_path)) == {"in.csv", "out.csv"}
    alone = ended(started(tmp_path, *arguments, stdin=subprocess.PIPE), source + b"3,T2 N0 M0\n")
    assert (tmp_path / "out.csv").read_bytes() == alone.out


def test_two_runs_on_one_reject_file(tmp_path: Path) -> None:
    known = known_table(ROWS_OF_A_BLOCK)
    (tmp_path / "in.csv").write_bytes(known.source)
    options = ("--column", "dx", "--reject-file", "rejected", "-o")
    first = started(tmp_path, "normalize", "-", *options, "first.csv", stdin=subprocess.PIPE)
    assert first.stdin
    first.stdin.write(known.source[:-50])
    first.stdin.flush()
    wait_until_begun(first, tmp_path / "rejected")
    done = ended(started(tmp_path, "normalize", "in.csv", *options, "second.csv"))
    assert (done.code, done.err) == (4, f"RS009 error: rejected cannot be written: {IN_USE}\n")
    assert ended(first, known.source[-50:]).code == 1
    assert (tmp_path / "first.csv").read_bytes() == known.output
    assert (tmp_path / "rejected").read_bytes() == known.rejected
    assert set(files_in(tmp_path)) == {"in.csv", "first.csv", "rejected"}


def test_runs_that_begin_at_once_where_one_was_killed(tmp_path: Path) -> None:
    """One of them writes; the others find that it does, or that it did."""
    known = known_table(2000)
    (tmp_path / "in.csv").write_bytes(known.source)
    beside(tmp_path / "out.csv").write_bytes(b"half a li")
    runs = [started(tmp_path, "normalize", "in.csv", *NORMALIZE) for _ in range(6)]
    done = [ended(run) for run in runs]
    assert [one.code for one in done].count(1) == 1
    assert {one.err[:5] for one in done if one.code != 1} <= {"RS007", "RS009"}
    assert {one.code for one in done} <= {1, 2, 4}
    assert (tmp_path / "out.csv").read_bytes() == known.output
    assert (tmp_path / "out.csv.rejected").read_bytes() == known.rejected
    assert set(files_in(tmp_path)) == {"in.csv", "out.csv", "out.csv.rejected"}


def test_what_a_run_on_another_target_left_stays(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes(known_table(7).source)
    others = {beside(tmp_path / "other.csv").name, ".rstage-mine.part", "out.csv.part"}
    for name in (*others, beside(tmp_path / "out.csv").name):
        (tmp_path / name).write_bytes(b"half a li")
    assert ended(started(tmp_path, "normalize", "in.csv", *NORMALIZE)).code == 1
    assert set(files_in(tmp_path)) == {"in.csv", "out.csv", "out.csv.rejected", *others}


def test_a_target_that_another_program_makes_meanwhile_stays(tmp_path: Path) -> None:
    process = started(tmp_path, "normalize", "-", *NORMALIZE, stdin=subprocess.PIPE)
    assert process.stdin
    process.stdin.write(b"id,dx\n" + b"1,T2\n" * 2 * ROWS_OF_A_BLOCK)
    process.stdin.flush()
    wait_until_begun(process, tmp_path / "out.csv")
    (tmp_path / "out.csv").write_bytes(OLD)
    done = ended(process, b"1,T2\n2,T2,ragged\n")
    assert (done.code, done.err[:5]) == (2, "RS007")
    assert (tmp_path / "out.csv").read_bytes() == OLD
    assert set(files_in(tmp_path)) == {"out.csv"}


def test_what_a_killed_run_left_stays_while_it_is_the_input(tmp_path: Path) -> None:
    known, left = known_table(100), beside(tmp_path / "out.csv")
    left.write_bytes(known.source)
    done = ended(started(tmp_path, "normalize", left.name, *NORMALIZE))
    assert (done.code, done.err) == (2, "RS008 error: out.csv is the input: write to another file\n")
    assert left.read_bytes() == known.source
    assert set(files_in(tmp_path)) == {left.name}


@pytest.mark.parametrize("is_replacing", [True, False], ids=["replacing", "new"])
def test_where_the_output_cannot_take_its_place_new_rejected_rows_do_not_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_replacing: bool
) -> None:
    (tmp_path / "in.csv").write_bytes(known_table(100).source)
    force = put_old(tmp_path) if is_replacing else ()
    replace = Path.replace

    def refuse(path: Path, target: Path) -> Path:
        if target.name == "out.csv":
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", refuse)
    monkeypatch.chdir(tmp_path)
    done = run("normalize", "in.csv", *NORMALIZE, *force)
    assert (done.code, done.err[:5]) == (4, "RS009")
    left = {"out.csv", "out.csv.rejected"} if is_replacing else set()
    assert set(files_in(tmp_path)) == {"in.csv", *left}
    assert content(tmp_path / "out.csv") == (OLD if is_replacing else None)
