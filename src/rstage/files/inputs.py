"""Where bytes come from: a file or standard input, plain or compressed."""

from __future__ import annotations

import io
import os
import stat
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from rstage import rules
from rstage.files.errors import TableError
from rstage.files.growth import check_growth

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO, Protocol

    class _Readable(Protocol):
        def read(self, size: int = ..., /) -> bytes: ...


STDIN = "-"
"""The name of standard input."""

GZIP, XZ, ZSTANDARD = b"\x1f\x8b", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd"
"""How a compressed file begins."""


def open_bytes(file: str) -> BinaryIO | io.FileIO:
    """Return the bytes of a file, or of standard input for `-`, as they are.

    Raises:
        OSError: the file cannot be opened, or standard input is closed.
    """
    if file != STDIN:
        return io.FileIO(file)
    if sys.stdin is None:
        raise OSError(0, "standard input is closed")
    return sys.stdin.buffer


class Input(io.RawIOBase):
    """The bytes of a file or of standard input; gzip, xz and Zstandard are recognized by their first bytes.

    Args:
        file: the name, or `-` for standard input, which stays open.
        stream: its bytes, where they are given already; it stays open too.
        as_they_come: whether a read of standard input returns what is there, without waiting for more.

    Raises:
        OSError: it cannot be opened or read; damaged compression is one too.
        TableError: RS019, it is in Zstandard, which needs an extra.
    """

    def __init__(self, file: str, stream: BinaryIO | None = None, *, as_they_come: bool = False) -> None:
        super().__init__()
        self.file = file
        is_kept = stream is not None or file == STDIN
        self._raw = _Ahead(
            open_bytes(file) if stream is None else stream, is_kept=is_kept, as_they_come=as_they_come
        )
        self._began = self._raw.state()
        _open.add(self)
        self._damage: tuple[type[Exception], ...] = ()
        self._count = 0
        try:
            self._stream = self._opened()
        except BaseException:
            self.close()
            raise

    def _opened(self) -> _Readable:
        start = self._raw.beginning((GZIP, XZ, ZSTANDARD))
        if start.startswith(GZIP):
            import gzip
            import zlib

            self._damage = (EOFError, zlib.error)
            return gzip.GzipFile(fileobj=self._raw, mode="rb")  # type: ignore[call-overload,no-any-return]  # it only reads
        if start.startswith(XZ):
            import lzma

            self._damage = (EOFError, lzma.LZMAError)
            return lzma.LZMAFile(self._raw)  # type: ignore[arg-type]  # the same
        return _zstandard(self._raw) if start.startswith(ZSTANDARD) else self._raw

    @property
    def raw_count(self) -> int:
        """How many bytes of the file itself were read so far."""
        return self._raw.count

    @property
    def raw_size(self) -> int | None:
        """How many bytes the file itself has; None where that is not known."""
        return self._raw.size

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def read(self, size: int | None = -1) -> bytes:
        """Return up to `size` bytes, or all that is left.

        Raises:
            OSError: the file cannot be read on, or its compression is damaged.
            TableError: RS906, it is a compression bomb.
        """
        if size is None or size < 0:
            return self.readall()
        try:
            data = self._stream.read(size)
        except OSError as error:
            raise error if error.strerror else _damaged() from error
        except self._damage as error:
            raise _damaged() from error
        self._count += len(data)
        check_growth(self.file, self._count, self._raw.count)
        return data

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # what io gives
        """Fill a buffer as far as there is something, as `read` does."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def is_file(self, status: os.stat_result) -> bool:
        """Return whether the bytes come from the very file that has this status."""
        return self._raw.is_file(status)

    def check_unchanged(self) -> None:
        """Make sure that the file is still what it was when it was opened; a pipe has no such state.

        Raises:
            TableError: RS001, it was written to or replaced, so that nobody knows what was read of it.
        """
        if self._began is not None and (
            self._raw.state() != self._began or (self.file != STDIN and _is_replaced(self.file, self.is_file))
        ):
            raise TableError(rules.FILE_UNREADABLE.at(file=self.file, why="it was changed meanwhile"))

    def close(self) -> None:
        """Close the file; standard input stays open."""
        _open.discard(self)
        if hasattr(self, "_raw"):  # what could not be opened is closed too when Python forgets it
            self._raw.close()
        super().close()


def _is_replaced(file: str, is_file: Callable[[os.stat_result], bool]) -> bool:
    """Return whether another file has the name now; one that was removed is still read to its end."""
    try:
        return not is_file(os.stat(file))  # noqa: PTH116  pathlib costs the start of a command
    except OSError:
        return False


_open: set[Input] = set()


def read_counts() -> tuple[int, int]:
    """Return how many bytes of the open files were read so far, and how many they have.

    A file that is open twice counts as far as it was read at all, one whose size is not known does not count.
    """
    found: dict[str, tuple[int, int]] = {}
    for one in tuple(_open):
        with suppress(ValueError):  # it was closed meanwhile
            if size := one.raw_size:
                found[one.file] = max(found.get(one.file, (0, 0)), (one.raw_count, size))
    return sum(count for count, _ in found.values()), sum(size for _, size in found.values())


def read_exactly(stream: io.RawIOBase, size: int) -> bytes:
    """Return `size` bytes, or fewer at the end; one `read` may give fewer anywhere.

    Raises:
        OSError: as the stream raises it.
    """
    pieces: list[bytes] = []
    while size and (piece := stream.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _damaged() -> OSError:
    return OSError(0, "its compression is damaged, or it was cut off")


def _zstandard(raw: _Ahead) -> _Readable:
    try:
        import pyarrow as pa
    except ImportError:
        raise TableError(rules.EXTRA_MISSING.at(what="an input in Zstandard", extra="arrow")) from None
    stream: _Readable = pa.CompressedInputStream(pa.PythonFile(raw, mode="r"), "zstd")
    return stream


class _Ahead:
    """A binary stream that counts what was read, and can look ahead once."""

    def __init__(self, stream: BinaryIO | io.FileIO, *, is_kept: bool, as_they_come: bool) -> None:
        self._stream = stream
        self._read_some = getattr(stream, "read1", stream.read) if as_they_come else stream.read
        self._is_kept = is_kept
        self._ahead = b""
        self.count = 0
        self.closed = False

    def beginning(self, marks: tuple[bytes, ...]) -> bytes:
        """Return as many of the first bytes as it takes to tell whether they are one of the marks."""
        size = 1
        while len(self._ahead) < size and (more := self._read_some(size - len(self._ahead))):
            self._ahead += more
            size = max(len(mark) for mark in (self._ahead, *marks) if mark.startswith(self._ahead))
        return self._ahead

    def read(self, size: int = -1) -> bytes:
        data, self._ahead = self._ahead, b""
        if len(data) > size >= 0:
            data, self._ahead = data[:size], data[size:]
        if size < 0 or len(data) < size:
            data += (self._stream.read() if size < 0 else self._read_some(size - len(data))) or b""
        self.count += len(data)
        return data

    @property
    def size(self) -> int | None:
        try:
            return os.fstat(self._stream.fileno()).st_size or None
        except (OSError, AttributeError, io.UnsupportedOperation):
            return None

    def state(self) -> tuple[int, int] | None:
        """Return the size and the time of the last change of a regular file."""
        try:
            status = os.fstat(self._stream.fileno())
        except (OSError, AttributeError, io.UnsupportedOperation):
            return None
        return (status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else None

    def is_file(self, status: os.stat_result) -> bool:
        try:
            return os.path.samestat(os.fstat(self._stream.fileno()), status)
        except (OSError, AttributeError, io.UnsupportedOperation):
            return False

    def close(self) -> None:
        self.closed = True
        if not self._is_kept:
            self._stream.close()
