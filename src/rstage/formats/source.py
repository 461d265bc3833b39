"""The bytes of a message: a file or standard input, plain or compressed, with limits against bombs."""

from __future__ import annotations

import gzip
import hashlib
import io
import lzma
import os
import zlib
from typing import TYPE_CHECKING, Self

from rstage import rules
from rstage.inputs import STDIN, open_bytes
from rstage.table_errors import TableError, reason

if TYPE_CHECKING:
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

_GZIP, _XZ = b"\x1f\x8b", b"\xfd7zXZ\x00"
# Registry XML shrinks to a tenth or a fiftieth; what shrinks to less than a 250th is made of repetition.
_MOST_GROWTH = 250
_ALWAYS_READ = 1 << 24


class Source:
    """The bytes of one file, decompressed; a context manager.

    Args:
        file: the name, or `-` for standard input.

    Attributes:
        head: the first bytes, as far as 64 KB, read already.
        size, digest: of the bytes given out so far.

    Raises:
        TableError: RS001, the file cannot be read.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.size = 0
        self._sha256 = hashlib.sha256()
        try:
            self._raw = _Counted(open_bytes(file))
            self._stream = self._opened()
        except OSError as error:
            raise self._unreadable(error) from error
        try:
            self.head = self._read()
        except TableError:
            self.__exit__()
            raise

    def _opened(self) -> _Counted | gzip.GzipFile | lzma.LZMAFile:
        start = self._raw.peek(len(_XZ))
        if start.startswith(_GZIP):
            return gzip.GzipFile(fileobj=self._raw, mode="rb")  # type: ignore[call-overload,no-any-return]
        if start.startswith(_XZ):
            return lzma.LZMAFile(self._raw)  # type: ignore[arg-type]  # the same
        return self._raw

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes from the beginning, once.

        Raises:
            TableError: RS001, the file cannot be read on; RS906, it is a compression bomb.
        """
        chunk = self.head
        while chunk:
            self.size += len(chunk)
            self._sha256.update(chunk)
            if self.size > max(_ALWAYS_READ, _MOST_GROWTH * self._raw.count):
                raise TableError(rules.COMPRESSION_BOMB.at(file=self.file))
            yield chunk
            chunk = self._read()

    @property
    def digest(self) -> str:
        """The SHA-256 digest of the bytes given out so far."""
        return self._sha256.hexdigest()

    def _read(self) -> bytes:
        try:
            # A pipe gives less than was asked for; a head is as long as it can be.
            pieces, missing = [], CHUNK
            while missing and (piece := self._stream.read(missing)):
                pieces.append(piece)
                missing -= len(piece)
            return b"".join(pieces)
        except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: Exception) -> TableError:
        why = reason(error) if isinstance(error, OSError) and error.strerror else "its compression is damaged"
        return TableError(rules.FILE_UNREADABLE.at(file=self.file, why=why))

    def is_file(self, status: os.stat_result) -> bool:
        """Return whether the bytes come from the very file that has this status."""
        return self._raw.is_file(status)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.file != STDIN:
            self._raw.close()


class _Counted:
    """A binary stream that counts what was read, and can look ahead once."""

    def __init__(self, stream: BinaryIO | io.FileIO) -> None:
        self._stream = stream
        self._ahead = b""
        self.count = 0

    def peek(self, size: int) -> bytes:
        while len(self._ahead) < size and (more := self._stream.read(size - len(self._ahead))):
            self._ahead += more
        return self._ahead

    def read(self, size: int = -1) -> bytes:
        data, self._ahead = self._ahead, b""
        if len(data) > size >= 0:
            data, self._ahead = data[:size], data[size:]
        if size < 0 or len(data) < size:
            data += self._stream.read(size - len(data) if size >= 0 else -1) or b""
        self.count += len(data)
        return data

    def is_file(self, status: os.stat_result) -> bool:
        try:
            return os.path.samestat(os.fstat(self._stream.fileno()), status)
        except (OSError, io.UnsupportedOperation):
            return False

    def close(self) -> None:
        self._stream.close()
