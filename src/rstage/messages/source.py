"""The bytes of a message: a file or standard input, plain or compressed, with limits against bombs."""

from __future__ import annotations

import hashlib
import io
from itertools import chain
from typing import TYPE_CHECKING, Any, Self

from rstage.files.errors import TableError, reading_file
from rstage.files.inputs import Input, read_exactly

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator
    from typing import BinaryIO

CHUNK = 1 << 16
"""Bytes that are read at a time."""

LONGEST_RECORD = 1 << 26
"""Bytes of one record; a longer one is refused, because a record is held in memory."""

LONGEST_TEXT = 1_000_000
"""Bytes of one text or attribute."""

DEEPEST = 64
"""Elements inside each other."""


class _Pieces(io.RawIOBase):
    """Pieces of bytes, as they come, as one stream."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self._pieces = pieces
        self._rest = b""

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with what comes next."""
        while not self._rest:
            one = next(self._pieces, None)
            if one is None:
                return 0
            self._rest = one
        data, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)


def stream_of(pieces: Iterator[bytes]) -> BinaryIO:
    """Return pieces of bytes as a binary stream, which asks for one after the other."""
    return io.BufferedReader(_Pieces(pieces))


class Source:
    """The bytes of one file, decompressed; a context manager.

    Args:
        file: the name, or `-` for standard input.
        stream: its bytes, where they are given already; it stays open.

    Attributes:
        head: the first bytes, as far as 64 KB, read already.
        size: of the bytes given out so far.

    Raises:
        TableError: RS001, the file cannot be read.
    """

    def __init__(self, file: str, stream: BinaryIO | None = None) -> None:
        self.file = file
        self.size = 0
        self._sha256: hashlib._Hash | None = None
        with reading_file(file):
            self._input = Input(file, stream)
        try:
            self.head = self._read()
        except TableError:
            self.__exit__()
            raise

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes from the beginning, once.

        Raises:
            TableError: RS001, the file cannot be read on; RS906, it is a compression bomb.
        """
        chunk = self.head
        while chunk:
            self.size += len(chunk)
            if self._sha256 is not None:
                self._sha256.update(chunk)
            yield chunk
            chunk = self._read()

    def keep_digest(self) -> None:
        """Have the digest made while the bytes are given out; who only reads them does without its cost."""
        self._sha256 = hashlib.sha256()

    @property
    def digest(self) -> str:
        """The SHA-256 digest of the bytes given out since `keep_digest`.

        Raises:
            RuntimeError: it was not kept.
        """
        if self._sha256 is None:
            raise RuntimeError("the digest was not kept while the bytes were read")
        return self._sha256.hexdigest()

    def _read(self) -> bytes:
        with reading_file(self.file):
            return read_exactly(self._input, CHUNK)

    def is_file(self, status: os.stat_result) -> bool:
        """Return whether the bytes come from the very file that has this status."""
        return self._input.is_file(status)

    def check_unchanged(self) -> None:
        """Make sure that the file is still what it was when it was opened, as `Input` does."""
        self._input.check_unchanged()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._input.close()


class Followed:
    """The bytes of a message, held against those that are expected, piece by piece."""

    def __init__(self, source: Source) -> None:
        self._name = source.file
        self._chunks = source.chunks()
        self._held = b""

    def follow(self, expected: bytes) -> bool:
        """Go behind these bytes where they come next, and return whether; else stay before them."""
        at = 0
        while at < len(expected):
            self._held = self._held or next(self._chunks, b"")
            piece = self._held[: len(expected) - at]
            if not piece or not expected.startswith(piece, at):
                self._held = expected[:at] + self._held
                return False
            at += len(piece)
            self._held = self._held[len(piece) :]
        return True

    def take(self, count: int) -> bytes:
        """Return the next bytes, at most so many, and go behind them."""
        while len(self._held) < count and (chunk := next(self._chunks, b"")):
            self._held += chunk
        data, self._held = self._held[:count], self._held[count:]
        return data

    def is_at_end(self) -> bool:
        """Return whether nothing is left."""
        self._held = self._held or next(self._chunks, b"")
        return not self._held

    def rest(self) -> Source:
        """Return what is left as a message of its own."""
        return Source(self._name, stream_of(chain([self._held], self._chunks)))
