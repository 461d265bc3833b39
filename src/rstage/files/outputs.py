"""Writing a table: beside its target, renamed when it is whole; nothing is left of a run that broke off.

A run that was killed leaves its half file to the next run on the same target, which removes it (claims.py).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import stat
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Self

from rstage import rules
from rstage.files.claims import beside, claim, is_at
from rstage.files.compression import compressor
from rstage.files.errors import TableError, reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO, Protocol

    from rstage.files.compression import Sink

    class _Input(Protocol):
        """What is read: it is never overwritten, and nothing is kept of it where it was changed meanwhile."""

        def is_file(self, status: os.stat_result) -> bool: ...

        def check_unchanged(self) -> None: ...


REJECTED = ".rejected"
"""What is added to the name of the output for the file of rejected rows, which is not compressed then."""


class _Target:
    """One file to be written. A pipe or a device is written straight; a file is replaced when it is whole.

    `is_left` says that a run was killed before this file or after it was put in its place: in the second case
    there is no half file of it, and it may be replaced.
    """

    def __init__(self, name: str, source: _Input, *, force: bool, is_left: bool = False) -> None:
        self.name = name
        self.is_begun = False
        self.path = Path(os.path.realpath(name))
        self._temporary = beside(self.path)
        self._source = source
        self._force = force or (is_left and not self._temporary.exists())
        self._compress = compressor(name)
        self._descriptor: int | None = None
        self._stream: BinaryIO | None = None
        self._sink: Sink | None = None
        self._status = self._checked_status()

    def _checked_status(self) -> os.stat_result | None:
        """Return the status of what is there, and make sure that it may be replaced."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self.unwritable(error) from error
        if stat.S_ISDIR(status.st_mode):
            raise TableError(rules.OUTPUT_UNWRITABLE.at(file=self.name, why="it is a directory"))
        if not stat.S_ISREG(status.st_mode):
            return status
        self._check_is_not_input(status)
        if not self._force:
            raise TableError(rules.OUTPUT_EXISTS.at(file=self.name))
        return status

    def _check_is_not_input(self, status: os.stat_result) -> None:
        if self._source.is_file(status):
            raise TableError(rules.OUTPUT_IS_INPUT.at(file=self.name))

    @property
    def is_special(self) -> bool:
        """Whether it is a pipe or a device."""
        return self._status is not None and not stat.S_ISREG(self._status.st_mode)

    @property
    def is_left_alone(self) -> bool:
        """Whether a run left its half file and the file itself is not there."""
        return self._status is None and self._temporary.exists()

    def claim(self) -> None:
        """Make sure that no other run writes the file; a pipe or a device is anybody's."""
        if self.is_special:
            return
        try:
            self._descriptor = claim(self._temporary, self._check_is_not_input)
            self._open(os.fdopen(os.dup(self._descriptor), "wb"))
        except OSError as error:
            raise self.unwritable(error) from error
        # A run that had it until now may have made it.
        self._status = self._checked_status()

    def _open(self, stream: BinaryIO) -> Sink:
        self._stream = stream
        self._sink = self._compress(stream) if self._compress is not None else stream
        return self._sink

    def write(self, data: bytes | memoryview) -> None:
        if self._sink is None and not self.is_special:
            self.claim()
        try:
            sink = self._sink or self._open(self.path.open("wb"))
            sink.write(data)
        except OSError as error:
            raise self.unwritable(error) from error
        self.is_begun = True

    def finish(self) -> None:
        """Write what is left, to the disk itself; a full one shows here at the latest."""
        try:
            for part in (self._sink, self._stream):
                if part is not None:
                    part.close()
            if self._descriptor is not None:
                os.fsync(self._descriptor)
                self._status = self._checked_status()
        except OSError as error:
            raise self.unwritable(error) from error

    def rename(self) -> None:
        """Put the whole file in its place, with the permissions of the file that it replaces."""
        if self._descriptor is None:
            return
        try:
            if self._status is not None:
                shutil.copymode(self.path, self._temporary)
            if sys.platform == "win32":  # where an open file is not renamed
                self._release()
            self._temporary.replace(self.path)
            _sync_folder(self.path.parent)
        except OSError as error:
            raise self.unwritable(error) from error
        self._release()

    def _release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def remove_old(self) -> None:
        """Remove the file of an earlier run, which would pass for one of this run."""
        if self._status is not None and not self.is_special:
            with contextlib.suppress(OSError):
                self.path.unlink()

    def withdraw(self) -> None:
        """Take a file that this run made out of its place again."""
        if self._status is None:
            with contextlib.suppress(OSError):
                self.path.unlink()

    def discard(self) -> None:
        """Leave nothing of what is not in its place yet."""
        for part in (self._sink, self._stream):
            with contextlib.suppress(OSError, ValueError):
                if part is not None:
                    part.close()
        if self._descriptor is not None:
            with contextlib.suppress(OSError):
                if is_at(self._temporary, self._descriptor):
                    self._temporary.unlink()
            self._release()

    def unwritable(self, error: OSError) -> TableError:
        return TableError(rules.OUTPUT_UNWRITABLE.at(file=self.name, why=reason(error)))


def _sync_folder(folder: Path) -> None:
    """Write to the disk itself which files a folder has, on a system that can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C and a request to end the process back until the block is through."""
    if threading.current_thread() is not threading.main_thread():
        yield  # handlers run in the main thread
        return
    held: list[int] = []
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda one, _frame: held.append(one)) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        for one in held:
            signal.raise_signal(one)


class _Stdout:
    """Standard output; a reader that went away is the caller's business (BrokenPipeError)."""

    name = "-"
    path = None
    is_special = True
    is_left_alone = False

    def __init__(self, source: _Input) -> None:
        if sys.stdout is None:
            raise TableError(rules.OUTPUT_UNWRITABLE.at(file="standard output", why="it is closed"))
        self._stream = sys.stdout.buffer
        with contextlib.suppress(OSError, ValueError):
            status = os.fstat(self._stream.fileno())
            if stat.S_ISREG(status.st_mode) and source.is_file(status):
                raise TableError(rules.OUTPUT_IS_INPUT.at(file=self.name))

    def claim(self) -> None:
        """It is the caller's already."""

    def write(self, data: bytes | memoryview) -> None:
        self._stream.write(data)
        self._stream.flush()  # who asks line by line waits for the answer

    def finish(self) -> None:
        """It was flushed with each write."""

    def rename(self) -> None:
        """There is nothing to rename."""

    def discard(self) -> None:
        """What was printed is printed."""


class Output:
    """One file that a run writes, or standard output. A context manager: `commit` keeps what was written.

    A name that ends in `.gz`, `.xz` or `.zst` is written compressed. From the beginning of the context to
    its end no other run can write the file.

    Args:
        source: the input, which is never overwritten.
        path: the output; None or `-` is standard output.
        force: whether a file that exists may be replaced.

    Raises:
        TableError: RS007 or RS008, nothing is written then; RS009, it cannot be written, or another run
            writes it; RS019, an extra is missing.
    """

    def __init__(self, source: _Input, path: str | None, *, force: bool = False) -> None:
        self._source = source
        self.target = _Stdout(source) if path in (None, "-") else _Target(str(path), source, force=force)

    def write(self, data: bytes | memoryview) -> None:
        """Write bytes."""
        self.target.write(data)

    def commit(self) -> None:
        """Keep what was written.

        Raises:
            TableError: RS001, the input was changed meanwhile; RS009.
        """
        self._source.check_unchanged()
        self.target.write(b"")
        self.target.finish()
        self.target.rename()

    def __enter__(self) -> Self:
        try:
            self.target.claim()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.target.discard()


class TableOutput:
    """The table that a run writes, and beside it the file of rejected rows: `commit` keeps both.

    Args:
        source: the input, which is never overwritten.
        path: the output; None or `-` is standard output.
        rejected: the file of rejected rows; by default the output with `.rejected` added.
        force: whether files that exist may be replaced.

    Attributes:
        row_count, rejected_count: the rows written so far.
        rejected_name: where rejected rows go; None where they have no place.

    Raises:
        TableError: as for `Output`, for each of the two; RS012, they are the same file.
    """

    def __init__(
        self, source: _Input, path: str | None, rejected: str | None = None, *, force: bool = False
    ) -> None:
        self.row_count = self.rejected_count = 0
        self._source = source
        self._output = Output(source, path, force=force)
        target = self._output.target
        self.rejected_name = rejected or (None if target.is_special else target.name + REJECTED)
        self._rejects: _Target | None = None
        if self.rejected_name is not None:
            # A run that was killed between its two renamings left its reject file, and no other output.
            self._rejects = _Target(self.rejected_name, source, force=force, is_left=target.is_left_alone)
            if self._rejects.path == target.path:
                why = "it is the file of the output"
                raise TableError(rules.OPTION_UNUSABLE.at(option="--reject-file", why=why))

    def write(self, rows: bytes | memoryview, row_count: int) -> None:
        """Write so many rows, each with its line end."""
        self._output.write(rows)
        self.row_count += row_count

    def reject(self, row: bytes) -> None:
        """Write a rejected row as it is; it is only counted where it has no place."""
        if self._rejects is not None:
            self._rejects.write(row)
        self.rejected_count += 1

    def commit(self) -> None:
        """Keep what was written: both files are whole before the first takes its place.

        The rejected rows come first: where there is a new output, its rejected rows are there too.

        Raises:
            TableError: RS001, the input was changed meanwhile; RS009.
        """
        self._source.check_unchanged()
        target, rejects = self._output.target, self._rejects
        target.finish()
        if rejects is None or not rejects.is_begun:
            target.rename()
            if rejects is not None:
                rejects.remove_old()
            return
        rejects.finish()
        with _uninterrupted():
            rejects.rename()
            try:
                target.rename()
            except BaseException:
                rejects.withdraw()
                raise

    def __enter__(self) -> Self:
        self._output.__enter__()
        try:
            if self._rejects is not None:
                self._rejects.claim()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._output.__exit__()
        if self._rejects is not None:
            self._rejects.discard()
