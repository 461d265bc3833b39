"""Compression of what is written, by the ending of its name; the same bytes in give the same bytes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rstage import rules
from rstage.files.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO, Protocol

    class Sink(Protocol):
        """What takes bytes; what is left of them is written when it is closed."""

        def write(self, data: bytes | memoryview, /) -> object:
            """Take bytes."""

        def close(self) -> None:
            """Take no more."""

    Compress = Callable[[BinaryIO], Sink]


def compressor(name: str) -> Compress | None:
    """Return what compresses a file of this name: `.gz`, `.xz` or `.zst`; None for any other ending.

    Raises:
        TableError: RS019, Zstandard without the extra that writes it.
    """
    ending = name.lower().rpartition(".")[2]
    if ending == "gz":
        return _gzip
    if ending == "xz":
        return _xz
    return _zstandard() if ending == "zst" else None


def _gzip(stream: BinaryIO) -> Sink:
    import gzip

    # Without the time and the name that gzip would put into its header. The level is that of the gzip
    # command: Python's own takes twice the time for one percent.
    return gzip.GzipFile("", "wb", 6, stream, mtime=0)


def _xz(stream: BinaryIO) -> Sink:
    import lzma

    return lzma.LZMAFile(stream, "wb")


def _zstandard() -> Compress:
    try:
        import pyarrow as pa
    except ImportError:
        raise TableError(rules.EXTRA_MISSING.at(what="an output in Zstandard", extra="arrow")) from None

    def compress(stream: BinaryIO) -> Sink:
        made: Sink = pa.CompressedOutputStream(pa.PythonFile(stream, mode="w"), "zstd")
        return made

    return compress
