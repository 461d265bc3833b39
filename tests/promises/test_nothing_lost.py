"""Nothing is lost: rows in are rows out plus rows rejected, and no run leaves anything half done."""

from __future__ import annotations

import errno
import os
import pty
import re
import subprocess
import tty
from pathlib import Path

import pytest

from rstage.files.claims import beside
from tests.support.command_line import run
from tests.support.known_tables import NORMALIZE, NORMALIZED_HEADER, OLD, known_table, put_old
from tests.support.processes import content, ended, files_in, started, wait_until_begun

IN_USE = "another run is writing it"
# A run that reads a pipe begins to write when it has a block of the table; this is more than that.
ROWS_OF_A_BLOCK = 10_000

COUNTED = re.compile(r"([\d,]+) rows in = ([\d,]+) out \+ ([\d,]+) rejected")
OF_A_STAGE = {
    "normalize": ("--column", "dx"),
    "restage": ("--diagnosis", "dx", "--assessment", "dx"),
}


def counted(said: str) -> list[int]:
    """Return what a run says of its rows: in, out, rejected."""
    found = COUNTED.search(said)
    assert found, said
    return [int(number.replace(",", "")) for number in found.groups()]


@pytest.mark.parametrize("engine", ["stdlib", "polars"])
@pytest.mark.parametrize("command", OF_A_STAGE)
def test_every_row_is_in_the_output_or_among_the_rejected_once(
    tmp_path: Path, command: str, engine: str
) -> None:
    if engine == "polars":
        pytest.importorskip("polars", reason="the extra polars is not installed")
    known = known_table(3_000)
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(known.source)
    done = run(command, source, *OF_A_STAGE[command], "-o", out, "--engine", engine)
    written = out.read_bytes().splitlines()[1:]
    rejected = (tmp_path / "out.csv.rejected").read_bytes().splitlines()
    assert counted(done.err) == [3_000, len(written), len(rejected)]
    assert all(line.count(b",") > 2 for line in written)
    kept = [line.split(b",")[:2] for line in written] + [line.split(b",")[:2] for line in rejected]
    given = [line.split(b",")[:2] for line in known.source.splitlines()[1:]]
    assert sorted(kept) == sorted(given)
    assert [line.partition(b",")[0] for line in written] == [
        line.partition(b",")[0] for line in known.source.splitlines()[1:] if line.count(b",") == 1
    ]


def test_every_line_of_json_is_in_the_output_or_among_the_rejected(tmp_path: Path) -> None:
    lines = [b'{"id": %d, "dx": "T%d N0"}' % (number, number % 6) for number in range(200)]
    lines[50], lines[120] = b"[1]", b'{"dx": '
    (tmp_path / "in.ndjson").write_bytes(b"".join(line + b"\n" for line in lines))
    done = run("normalize", tmp_path / "in.ndjson", "--column", "dx", "-o", tmp_path / "out.ndjson")
    written = (tmp_path / "out.ndjson").read_bytes().splitlines()
    rejected = (tmp_path / "out.ndjson.rejected").read_bytes().splitlines()
    assert counted(done.err) == [200, len(written), len(rejected)]
    assert rejected == [lines[50], lines[120]]
    kept = [line for line in lines if line not in rejected]
    assert all(out.startswith(line[:-1]) for out, line in zip(written, kept, strict=True))


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
def test_two_runs_on_one_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """The first run waits for its input while others begin and end."""
    monkeypatch.chdir(tmp_path)
    arguments, source = COMMANDS[command], b"id,dx\n" + b"1,rT2 N0 M0\n" * ROWS_OF_A_BLOCK
    first = started(tmp_path, *arguments, "-o", "out.csv", stdin=subprocess.PIPE)
    assert first.stdin
    first.stdin.write(source)
    first.stdin.flush()
    wait_until_begun(first, tmp_path / "out.csv")
    (tmp_path / "in.csv").write_bytes(b"id,dx\n2,T3\n")
    for force in ((), ("--force",)):
        done = run(arguments[0], "in.csv", *arguments[2:], "-o", "out.csv", *force)
        assert (done.code, done.err) == (4, f"RS009 error: out.csv cannot be written: {IN_USE}\n")
    assert ended(first, b"3,T2 N0 M0\n").code in (0, 1)
    assert set(files_in(tmp_path)) == {"in.csv", "out.csv"}
    alone = run(*arguments, stdin=source + b"3,T2 N0 M0\n")
    assert (tmp_path / "out.csv").read_bytes() == alone.out_bytes


def test_two_runs_on_one_reject_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    known = known_table(ROWS_OF_A_BLOCK)
    (tmp_path / "in.csv").write_bytes(known.source)
    options = ("--column", "dx", "--reject-file", "rejected", "-o")
    first = started(tmp_path, "normalize", "-", *options, "first.csv", stdin=subprocess.PIPE)
    assert first.stdin
    first.stdin.write(known.source[:-50])
    first.stdin.flush()
    wait_until_begun(first, tmp_path / "rejected")
    done = run("normalize", "in.csv", *options, "second.csv")
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
    done = [ended(one) for one in [started(tmp_path, "normalize", "in.csv", *NORMALIZE) for _ in range(6)]]
    assert [one.code for one in done].count(1) == 1
    assert {one.err[:5] for one in done if one.code != 1} <= {"RS007", "RS009"}
    assert {one.code for one in done} <= {1, 2, 4}
    assert (tmp_path / "out.csv").read_bytes() == known.output
    assert (tmp_path / "out.csv.rejected").read_bytes() == known.rejected
    assert set(files_in(tmp_path)) == {"in.csv", "out.csv", "out.csv.rejected"}


def test_what_a_run_on_another_target_left_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.csv").write_bytes(known_table(7).source)
    others = {beside(tmp_path / "other.csv").name, ".rstage-mine.part", "out.csv.part"}
    for name in (*others, beside(tmp_path / "out.csv").name):
        (tmp_path / name).write_bytes(b"half a li")
    assert run("normalize", "in.csv", *NORMALIZE).code == 1
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


def test_what_a_killed_run_left_stays_while_it_is_the_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    known, left = known_table(100), beside(tmp_path / "out.csv")
    left.write_bytes(known.source)
    done = run("normalize", left.name, *NORMALIZE)
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
