"""Whatever goes wrong around a run ends it with its exit code, and leaves nothing half done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command_line import in_folder, run, table
from tests.support.processes import ended, in_shell, started, started_as, wait_until_begun

NORMALIZE = ("--column", "dx", "-o", "out.csv")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    process = started(tmp_path, "normalize", "-", *NORMALIZE, stdin=subprocess.PIPE)
    assert process.stdin
    process.stdin.write(b"dx\n" + b"T2 N0 M0\n" * 20_000 + b"ragged,\n")
    process.stdin.flush()
    wait_until_begun(process, tmp_path / "out.csv")
    process.send_signal(number)
    assert ended(process).code == 130
    assert in_folder(tmp_path) == set()


def test_a_file_that_grows_too_large_leaves_nothing(tmp_path: Path) -> None:
    table(tmp_path, "dx", *["T2 N0 M0"] * 20_000, name="in.csv")
    # The unit of the limit is half a kilobyte, in every shell of POSIX.
    done = ended(started_as(in_shell("ulimit -f 128 && exec", "normalize", "in.csv", *NORMALIZE), tmp_path))
    assert (done.code, done.err[:5]) == (4, "RS009")
    assert in_folder(tmp_path) == {"in.csv"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_a_full_disk_is_told(tmp_path: Path) -> None:
    source = table(tmp_path, "dx", *["T5 N0 M0"] * 2000)
    commands = (
        ("rules",),
        ("--help",),
        ("--version",),
        ("parse", "T2"),
        ("check", str(source), "--column", "dx"),
        ("normalize", str(source), "--column", "dx"),
        ("restage", "--text", "T2", "T1 N0 M0"),
        ("normalize", str(source), "--column", "dx", "-o", "/dev/full"),
    )
    for command in commands:
        with Path("/dev/full").open("wb") as full:
            done = ended(started(tmp_path, *command, stdout=full))
        assert done.code == 4, command
        assert "RS009" in done.err
        assert "ignored" not in done.err
    assert Path("/dev/full").is_char_device()


def test_a_reader_that_goes_away_is_no_error_to_be_told(tmp_path: Path) -> None:
    source = str(table(tmp_path, "dx", *["T5 N0 M0"] * 50_000))
    for command in (
        ("rules",),
        ("--help",),
        ("check", source, "--column", "dx", "-q"),
        ("normalize", source, "--column", "dx", "-q"),
    ):
        read_end, write_end = os.pipe()
        os.close(read_end)
        process = started(tmp_path, *command, stdout=write_end)
        os.close(write_end)
        done = ended(process)
        assert (done.code, done.err) == (4, ""), command


def test_closed_streams_are_told(tmp_path: Path) -> None:
    source = str(table(tmp_path, "dx", "T2"))
    for stream, command, code in (
        ("<", ("check", "-", "--column", "dx"), 3),
        ("<", ("parse", "-"), 3),
        ("<", ("verify", "-"), 3),
        (">", ("check", source, "--column", "dx"), 4),
        (">", ("normalize", source, "--column", "dx"), 4),
        (">", ("normalize", source, *NORMALIZE), 0),
    ):
        done = ended(started_as(in_shell(f"exec {stream}&-", *command), tmp_path))
        assert done.code == code, (command, done.err)


def test_an_input_that_cannot_be_opened(tmp_path: Path) -> None:
    for name in ("missing.csv", ".", "in.csv/x"):
        table(tmp_path, "dx", "T2", name="in.csv")
        for command in (("check", "--column", "dx"), ("normalize", "--column", "dx"), ("verify",)):
            done = run(command[0], tmp_path / name, *command[1:])
            assert done.code == 3, (name, command)
            assert done.err.startswith("RS001")


def test_the_input_is_never_written_over(tmp_path: Path) -> None:
    source = table(tmp_path, "dx", "T2")
    (tmp_path / "soft.csv").symlink_to(source)
    (tmp_path / "hard.csv").hardlink_to(source)
    for name in ("table.csv", "soft.csv", "hard.csv"):
        done = run("normalize", source, "--column", "dx", "-o", tmp_path / name, "--force")
        assert (done.code, done.err[:5]) == (2, "RS008")
        done = run("normalize", source, "--column", "dx", "--reject-file", tmp_path / name, "--force")
        assert (done.code, done.err[:5]) == (2, "RS008")
    with source.open("ab") as appending:
        appended = ended(started(tmp_path, "normalize", source, "--column", "dx", stdout=appending))
    assert (appended.code, appended.err[:5]) == (2, "RS008")
    assert source.read_text(encoding="utf-8") == "dx\nT2\n"


def test_an_output_that_exists_needs_force_and_keeps_its_permissions(tmp_path: Path) -> None:
    source, target = table(tmp_path, "dx", "T2"), table(tmp_path, "old", name="out.csv")
    target.chmod(0o640)
    (tmp_path / "link.csv").symlink_to(target)
    options = ("normalize", source, "--column", "dx", "-o")
    assert run(*options, target).code == 2
    assert target.read_text(encoding="utf-8") == "old\n"
    assert run(*options, tmp_path / "link.csv", "--force").code == 0
    assert (tmp_path / "link.csv").is_symlink()
    assert target.read_text(encoding="utf-8").startswith("dx,dx_normalized")
    assert target.stat().st_mode & 0o777 == 0o640
    assert run(*options, target, "--force", "--reject-file", target).code == 2
    assert in_folder(tmp_path) == {"table.csv", "out.csv", "link.csv"}


def test_an_output_that_cannot_be_made(tmp_path: Path) -> None:
    source = table(tmp_path, "dx", "T2")
    for name in ("missing/out.csv", ".", "table.csv/out.csv", "x" * 300):
        done = run("normalize", source, "--column", "dx", "-o", tmp_path / name)
        assert (done.code, done.err[:5]) == (4, "RS009"), name
    assert run("normalize", source, "--column", "dx", "-o", os.devnull).code == 0
    assert Path(os.devnull).is_char_device()
    assert in_folder(tmp_path) == {"table.csv"}


def test_a_name_as_long_as_the_system_allows(tmp_path: Path) -> None:
    source, target = table(tmp_path, "dx", "T2"), tmp_path / ("x" * 240)
    assert run("normalize", source, "--column", "dx", "-o", target).code == 0
    assert target.exists()


def test_a_name_that_is_no_utf_8_can_be_told(tmp_path: Path) -> None:
    done = ended(started(tmp_path, "check", os.fsdecode(b"\xff.csv"), "--column", "dx"))
    assert (done.code, done.err[:5]) == (3, "RS001")


def test_a_pipe_is_written_as_it_comes(tmp_path: Path) -> None:
    source, pipe = table(tmp_path, "dx", "T2"), tmp_path / "pipe"
    os.mkfifo(pipe)
    process = started(tmp_path, "normalize", str(source), "--column", "dx", "-o", "pipe")
    assert pipe.read_bytes() == b"dx,dx_normalized,dx_findings\nT2,T2,\n"
    assert ended(process).code == 0
    assert pipe.is_fifo()


def test_rows_that_do_not_add_up_are_an_error_and_nothing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = table(tmp_path, "dx", "T2")
    monkeypatch.setattr("rstage.files.outputs.TableOutput.write", lambda _self, _rows, _count: None)
    done = run("normalize", source, "--column", "dx", "-o", tmp_path / "out.csv")
    assert done.code == 4
    assert "internal error" in done.err
    assert in_folder(tmp_path) == {"table.csv"}


def test_the_version_needs_nothing_but_click() -> None:
    script = (
        "import sys\nfrom rstage.cli import main\n"
        "try: main(['--version'])\nexcept SystemExit: pass\n"
        "print([name for name in ('lark', 'csv', 'json', 'difflib', 'rstage.rules', 'rstage.reading.read') "
        "if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.splitlines()[-1] == "[]"


def test_python_can_run_the_package(tmp_path: Path) -> None:
    done = ended(started(tmp_path, "parse", "T2"))
    assert (done.code, done.out.splitlines()[0]) == (0, b"T2")
