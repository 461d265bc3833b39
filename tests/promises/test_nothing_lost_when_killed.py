"""Nothing is lost when a run is killed: its target is old or whole, and nothing else is left."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.support.command_line import run
from tests.support.known_tables import NORMALIZE, OLD, OLD_REJECTED, Known, known_table, put_old
from tests.support.processes import content, ended, files_in, started, started_as, wait_until_begun

if TYPE_CHECKING:
    from pathlib import Path

ROWS = 2_000_000
# The one that is taken where nothing is asked for is polars, where it is installed.
ENGINES = ("auto", "stdlib")


@pytest.fixture
def chance() -> random.Random:
    """Other moments in each run; with RSTAGE_SEED those of an earlier run, which said it where it failed."""
    seed = int(os.environ.get("RSTAGE_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 32)
    sys.stderr.write(f"RSTAGE_SEED={seed}\n")
    return random.Random(seed)  # noqa: S311  no secret


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
    done = run("normalize", folder / "next.csv", "--column", "dx", "-o", folder / "out.csv", *force)
    assert (done.code, done.err.count("\n")) == (0, 1), done.err
    assert (folder / "out.csv").read_bytes() == b"id,dx,dx_normalized,dx_findings\n1,T2,T2,\n"
    assert {name for name in files_in(folder) if name != "next.csv"} == {"out.csv"}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("number", range(3))
@pytest.mark.slow
def test_a_run_that_is_killed_at_any_moment(
    large: Large, chance: random.Random, tmp_path: Path, number: int, engine: str
) -> None:
    is_replacing = number % 2 == 0
    force = put_old(tmp_path) if is_replacing else ()
    process = started(tmp_path, "normalize", large.path, *NORMALIZE, "--engine", engine, *force)
    time.sleep(chance.uniform(0, 1.05 * large.seconds[engine]))
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
    assert ended(started_as(command, tmp_path)).code == -signal.SIGKILL
    output, rejected = (OLD, OLD_REJECTED) if is_replacing else (None, None)
    assert state(tmp_path) == (
        known.output if new == "both" else output,
        rejected if new == "none" else known.rejected,
    )
    (tmp_path / "in.csv").unlink()
    assert_the_next_run_cleans_up(tmp_path)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.slow
def test_a_run_that_is_interrupted_leaves_nothing(
    large: Large, chance: random.Random, tmp_path: Path, number: signal.Signals, engine: str
) -> None:
    force = put_old(tmp_path)
    process = started(tmp_path, "normalize", large.path, *NORMALIZE, "--engine", engine, *force)
    wait_until_begun(process, tmp_path / "out.csv")
    time.sleep(chance.uniform(0, 0.8 * large.seconds[engine]))
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
    done = ended(started_as([*command, *NORMALIZE], tmp_path))
    assert (done.code, done.err.strip()) == (130, "")
    assert (tmp_path / "out.csv").read_bytes() == known.output
    assert (tmp_path / "out.csv.rejected").read_bytes() == known.rejected
    assert set(files_in(tmp_path)) == {"in.csv", "out.csv", "out.csv.rejected"}
