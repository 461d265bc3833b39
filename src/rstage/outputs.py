"""Writing a table: beside its target, renamed when it is whole; nothing is left of a run that broke off."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Self

from . import rules
from .table_errors import TableError, reason

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO, Protocol

    from .tables import Table

    class _Input(Protocol):
        """What is read: it is never overwritten."""

        def is_file(self, status: os.stat_result) -> bool: ...


REJECTED = ".rejected"
"""What is added to the name of the output for the file of rejected rows."""


class _Target:
    """One file to be written. A pipe or a device is written straight; a file is replaced when it is whole."""

    def __init__(self, name: str, source: _Input, *, force: bool) -> None:
        self.name = name
        self._path = Path(os.path.realpath(name))
        self._temporary: Path | None = None
        self._stream: BinaryIO | None = None
        self._status = self._checked_status(source, force=force)

    def _checked_status(self, source: _Input, *, force: bool) -> os.stat_result | None:
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self.unwritable(error) from error
        if stat.S_ISDIR(status.st_mode):
            raise TableError(rules.OUTPUT_UNWRITABLE.at(file=self.name, why="it is a directory"))
        if not stat.S_ISREG(status.st_mode):
            return status
        if source.is_file(status):
            raise TableError(rules.OUTPUT_IS_INPUT.at(file=self.name))
        if not force:
            raise TableError(rules.OUTPUT_EXISTS.at(file=self.name))
        return status

    @property
    def is_special(self) -> bool:
        """Whether it is a pipe or a device."""
        return self._status is not None and not stat.S_ISREG(self._status.st_mode)

    @property
    def is_begun(self) -> bool:
        return self._stream is not None

    def is_same(self, other: _Target) -> bool:
        return self._path == other._path

    def write(self, data: bytes) -> None:
        try:
            if self._stream is None:
                self._stream = self._open()
            self._stream.write(data)
        except OSError as error:
            raise self.unwritable(error) from error

    def _open(self) -> BinaryIO:
        if self.is_special:
            return self._path.open("wb")
        # A short name of its own: the target's may be as long as the file system allows.
        temporary = self._path.with_name(f".rstage-{os.urandom(6).hex()}.part")
        self._temporary = temporary
        return temporary.open("xb")

    def finish(self) -> None:
        """Write what is left; a full disk shows here at the latest."""
        try:
            if self._stream is not None:
                self._stream.close()
        except OSError as error:
            raise self.unwritable(error) from error

    def rename(self) -> None:
        """Put the whole file in its place, with the permissions of the file that it replaces."""
        if self._temporary is None:
            return
        try:
            if self._status is not None:
                shutil.copymode(self._path, self._temporary)
            self._temporary.replace(self._path)
        except OSError as error:
            raise self.unwritable(error) from error
        self._temporary = None

    def remove_old(self) -> None:
        """Remove the file of an earlier run, which would pass for one of this run."""
        if self._status is not None and not self.is_special:
            with contextlib.suppress(OSError):
                self._path.unlink()

    def discard(self) -> None:
        with contextlib.suppress(OSError):
            if self._stream is not None:
                self._stream.close()
        if self._temporary is not None:
            with contextlib.suppress(OSError):
                self._temporary.unlink(missing_ok=True)

    def unwritable(self, error: OSError) -> TableError:
        return TableError(rules.OUTPUT_UNWRITABLE.at(file=self.name, why=reason(error)))


class _Stdout:
    """Standard output; a reader that went away is the caller's business (BrokenPipeError)."""

    name = "-"

    def __init__(self, source: _Input) -> None:
        if sys.stdout is None:
            raise TableError(rules.OUTPUT_UNWRITABLE.at(file="standard output", why="it is closed"))
        self._stream = sys.stdout.buffer
        with contextlib.suppress(OSError, ValueError):
            status = os.fstat(self._stream.fileno())
            if stat.S_ISREG(status.st_mode) and source.is_file(status):
                raise TableError(rules.OUTPUT_IS_INPUT.at(file=self.name))

    def write(self, data: bytes) -> None:
        self._stream.write(data)

    def finish(self) -> None:
        self._stream.flush()

    def rename(self) -> None:
        """There is nothing to rename."""

    def discard(self) -> None:
        """What was printed is printed."""


class Output:
    """One file that a run writes, or standard output. A context manager: `commit` keeps what was written.

    Args:
        source: the input, which is never overwritten.
        path: the output; nothing or `-` is standard output.
        force: whether a file that exists may be replaced.

    Raises:
        TableError: RS007 or RS008, nothing is written then; RS009, it cannot be written.
    """

    def __init__(self, source: _Input, path: str | None, *, force: bool = False) -> None:
        self._target = _Stdout(source) if path in (None, "-") else _Target(str(path), source, force=force)

    def write(self, data: bytes) -> None:
        """Write bytes."""
        self._target.write(data)

    def commit(self) -> None:
        """Keep what was written."""
        self._target.write(b"")
        self._target.finish()
        self._target.rename()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._target.discard()


class TableOutput:
    """The table and the file of rejected rows that a run writes. A context manager: `commit` keeps both.

    Args:
        table: the input, which is never overwritten.
        path: the output; nothing or `-` is standard output.
        rejected: the file of rejected rows; by default the output with `.rejected` added.
        force: whether files that exist may be replaced.

    Attributes:
        row_count, rejected_count: the rows written so far.
        rejected_name: where rejected rows go; nothing where they have no place.

    Raises:
        TableError: RS007 or RS008, nothing is written then; RS009, it cannot be written; RS012.
    """

    def __init__(
        self, table: Table, path: str | None, rejected: str | None = None, *, force: bool = False
    ) -> None:
        self._codec = table.codec
        self.row_count = 0
        self.rejected_count = 0
        self._target: _Target | _Stdout
        if path is None or path == "-":
            self._target = _Stdout(table)
            self.rejected_name = rejected
        else:
            self._target = _Target(path, table, force=force)
            self.rejected_name = rejected or path + REJECTED
            if rejected is None and self._target.is_special:
                self.rejected_name = None
        self._rejects = _Target(self.rejected_name, table, force=force) if self.rejected_name else None
        if self._rejects and isinstance(self._target, _Target) and self._rejects.is_same(self._target):
            why = "it is the file of the output"
            raise TableError(rules.OPTION_UNUSABLE.at(option="--reject-file", why=why))

    def write(self, rows: Sequence[str]) -> None:
        """Write rows, each with its line end."""
        self.carry("".join(rows))
        self.row_count += len(rows)

    def carry(self, text: str) -> None:
        """Write text that is no row: the header, a blank line."""
        self._target.write(self._encoded(text))

    def reject(self, raw: str) -> None:
        """Write a rejected row as it is; it is only counted where it has no place."""
        if self._rejects is not None:
            self._rejects.write(self._encoded(raw))
        self.rejected_count += 1

    def _encoded(self, text: str) -> bytes:
        try:
            return text.encode(self._codec)
        except UnicodeEncodeError:
            why = f"{self._codec} does not have each character of the canonical text"
            raise TableError(rules.OUTPUT_UNWRITABLE.at(file=self._target.name, why=why)) from None

    def commit(self) -> None:
        """Keep what was written: both files are whole before the first takes its place."""
        rejects = self._rejects if self._rejects is not None and self._rejects.is_begun else None
        self._target.finish()
        if rejects is not None:
            rejects.finish()
            rejects.rename()
        self._target.rename()
        if rejects is None and self._rejects is not None:
            self._rejects.remove_old()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._target.discard()
        if self._rejects is not None:
            self._rejects.discard()
