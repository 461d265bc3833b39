"""The command line in a process of its own: what is started, what it is doing, and how it ends."""

from __future__ import annotations

import hashlib
import select
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rstage.files.claims import beside

if TYPE_CHECKING:
    from collections.abc import Iterator

# Seconds after which a run that does not go on is given up; a busy machine may need many.
_LONGEST = 120

_OLD = 3

RSTAGE = (sys.executable, "-m", "rstage")


class Ended(NamedTuple):
    """What a process did."""

    code: int
    out: bytes
    err: str

    @property
    def last_line(self) -> str:
        """What was said last; rejected rows that have no place are reported before."""
        return self.err.rstrip("\n").rpartition("\n")[2]


@contextmanager
def _interrupts() -> Iterator[None]:
    """Let children take the signal of Ctrl-C.

    A shell that runs a script starts its background jobs without it, and children inherit that.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def started(folder: Path, *arguments: object, **options: Any) -> subprocess.Popen[bytes]:
    """Start a command of rstage in a folder."""
    return started_as([*RSTAGE, *map(str, arguments)], folder, **options)


def started_as(command: list[str], folder: Path, **options: Any) -> subprocess.Popen[bytes]:
    """Start any command in a folder."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    with _interrupts():
        return subprocess.Popen(command, cwd=folder, **options)  # noqa: S603  our own


class Conversation:
    """A command that answers each line of its standard input.

    Args:
        process: the command, with pipes.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

    def ask(self, line: bytes) -> bytes:
        """Return the answer to a line; the pipe stays open."""
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(line)
        stdin.flush()
        return self.answer()

    def answer(self) -> bytes:
        """Return the next line; that none comes in time is asserted against."""
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], _LONGEST)
        assert ready, "there is no answer"
        return self.process.stdout.readline()


def in_shell(setup: str, *arguments: object) -> list[str]:
    """Return a command of rstage that a shell starts behind its own words: a limit, a closed stream."""
    return ["sh", "-c", f'{setup} "$@"', "sh", *RSTAGE, *map(str, arguments)]


def wait_until_begun(process: subprocess.Popen[bytes], target: Path) -> None:
    """Wait until a run is writing what is going to be at `target`, or has ended."""
    latest = time.monotonic() + _LONGEST
    while process.poll() is None and not _is_claimed(beside(target)):
        assert time.monotonic() < latest, "nothing is written"
        time.sleep(0.01)


def _is_claimed(path: Path) -> bool:
    """Return whether a file is there and locked: until it is, another run may take it for left over.

    Where the system does not list locks, a file that is some seconds old is.
    """
    try:
        status = path.stat()
    except FileNotFoundError:
        return False
    locks = Path("/proc/locks")
    is_listed = locks.exists() and f":{status.st_ino} " in locks.read_text()
    return is_listed or time.time() - status.st_mtime > _OLD


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
    """Return the bytes of a file; None where there is none."""
    return path.read_bytes() if path.exists() else None
