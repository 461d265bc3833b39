"""Runs of the command line in a process of their own, and tables whose output is known."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from rstage.files.claims import beside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

# Seconds after which a run that does not go on is given up.
_LONGEST = 50

HEADER = b"id,dx\n"
NORMALIZED_HEADER = b"id,dx,dx_normalized,dx_findings\n"
# What stands in a row, and what normalizing appends to it.
CELLS = (
    (b"cT2 N0 M0", b",cT2 N0 M0,"),
    (b"rT4b N2 M1", b",rT4b rN2 rM1,"),
    (b"T5 N0", b",,RS103"),
    (b"", b",,"),
    (b"T3 NX", b",T3 NX,"),
    (b"pT1c pN1a(sn)", b",pT1c pN1a(sn),"),
)


class Known(NamedTuple):
    """A table, and what comes out when its column dx is normalized."""

    source: bytes
    output: bytes
    rejected: bytes

    @property
    def counts(self) -> str:
        """What is said of its rows."""
        rows_in, out, rejected = (part.count(b"\n") for part in self)
        return f"{rows_in - 1:,} rows in = {out - 1:,} out + {rejected:,} rejected"


def known_table(
    row_count: int, *, ragged_every: int = 7, ids: Callable[[int], Iterable[int]] = range
) -> Known:
    """Return a table of so many rows; each has an id, so that a lost one and one too many are seen."""
    source, output, rejected = [HEADER], [NORMALIZED_HEADER], []
    for number, one in enumerate(ids(row_count), start=1):
        if number % ragged_every == 0:
            rejected.append(b"%d,T2,N0\n" % one)
            source.append(rejected[-1])
        else:
            cell, appended = CELLS[number % len(CELLS)]
            row = b"%d,%b" % (one, cell)
            source.append(row + b"\n")
            output.append(row + appended + b"\n")
    return Known(b"".join(source), b"".join(output), b"".join(rejected))


class Ended(NamedTuple):
    """What a process did."""

    code: int
    out: bytes
    err: str

    @property
    def last_line(self) -> str:
        """What was said last; rejected rows that have no place are told before."""
        return self.err.rstrip("\n").rpartition("\n")[2]


def started(folder: Path, *arguments: object, **options: Any) -> subprocess.Popen[bytes]:
    """Start a command in a folder."""
    command = [sys.executable, "-m", "rstage", *map(str, arguments)]
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen(command, cwd=folder, **options)  # noqa: S603  our own


def wait_until_begun(process: subprocess.Popen[bytes], target: Path) -> None:
    """Wait until a run is writing what is going to be at `target`, or has ended."""
    latest = time.monotonic() + _LONGEST
    while process.poll() is None and not beside(target).exists():
        assert time.monotonic() < latest, "nothing is written"
        time.sleep(0.01)


def ended(process: subprocess.Popen[bytes], given: bytes | None = None) -> Ended:
    """Give a process its last input and wait for its end; whatever happens to it, it shows no traceback."""
    try:
        out, err = process.communicate(given, timeout=_LONGEST)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    assert b"Traceback" not in err, err.decode()
    return Ended(process.returncode, out or b"", err.decode())


def files_in(folder: Path) -> dict[str, str]:
    """Return the name of each file in a folder with the digest of its bytes."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.is_file()
    }


def content(path: Path) -> bytes | None:
    """Return the bytes of a file; nothing where there is none."""
    return path.read_bytes() if path.exists() else None
