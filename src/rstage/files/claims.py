"""The file beside a target that one run at a time writes, and that the next run finds when a run was killed.

Its name follows from the target's. Who has it open has it locked, and the system drops the lock of a process
that ends in whatever way: a file that is locked belongs to a run that is alive, any other one is left over.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import sys
from typing import TYPE_CHECKING

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_NO_LOCKS = (errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOLCK)
_OPEN = os.O_RDWR | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
_DIGITS = 16


def beside(target: Path) -> Path:
    """Return the path of the file that is written before it takes the place of `target`."""
    # The target's own name may be as long as the file system allows.
    digest = hashlib.sha256(os.fsencode(target.name)).hexdigest()[:_DIGITS]
    return target.with_name(f".rstage-{digest}.part")


def claim(path: Path, check_left: Callable[[os.stat_result], None]) -> int:
    """Return the descriptor of a new file at `path`, which is this run's until the descriptor is closed.

    What a run that is dead left there is removed.

    Args:
        path: what `beside` returned.
        check_left: is given the status of what is going to be removed, and may raise.

    Raises:
        BlockingIOError: another run has it.
        OSError: it cannot be made.
    """
    while True:
        try:
            # Made anew: what is found there could be a link to another file.
            descriptor = os.open(path, _OPEN | os.O_CREAT | os.O_EXCL, 0o666)
        except FileExistsError:
            _remove_left(path, check_left)
            continue
        if sys.platform == "win32":
            return descriptor
        try:
            _lock(descriptor)
            if is_at(path, descriptor):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def is_at(path: Path, descriptor: int) -> bool:
    """Return whether the open file is the one that stands at `path`; a renamed or removed one is not."""
    try:
        return os.path.samestat(path.lstat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _remove_left(path: Path, check_left: Callable[[os.stat_result], None]) -> None:
    """Remove a file that no run has.

    Raises:
        BlockingIOError: a run has it.
        OSError: it cannot be removed.
    """
    with contextlib.suppress(FileNotFoundError):
        if sys.platform == "win32":
            check_left(path.stat())
            _unlink_unless_open(path)
            return
        descriptor = os.open(path, _OPEN)
        try:
            if not _lock(descriptor):
                raise OSError(errno.EBUSY, f"if no other run is writing it, remove {path.name} beside it")
            check_left(os.fstat(descriptor))
            if is_at(path, descriptor):
                path.unlink()
        finally:
            os.close(descriptor)


def _unlink_unless_open(path: Path) -> None:
    """Remove a file on a system that does not remove one that is open."""
    try:
        path.unlink()
    except PermissionError:
        raise _in_use() from None


def _lock(descriptor: int) -> bool:
    """Lock an open file; return whether it is locked, because some network file systems have no locks.

    Raises:
        BlockingIOError: another process has it locked.
    """
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise _in_use() from None
    except OSError as error:
        if error.errno in _NO_LOCKS:
            return False
        raise
    return True


def _in_use() -> BlockingIOError:
    return BlockingIOError(errno.EAGAIN, "another run is writing it")
