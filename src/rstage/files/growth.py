"""How far a file may grow when it is decompressed: one limit for compressed files and for archives."""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING

from rstage import rules
from rstage.files.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zipfile import ZipInfo

MOST_GROWTH = 250
"""Registry data shrink to a tenth or a fiftieth; what shrinks to less than a 250th is made of repetition."""

ALWAYS_READ = 1 << 24
"""Bytes that are no danger, whatever they grew from."""

_ZIP = b"PK\x03\x04"
_LOCAL_HEADER = 30
_DEFLATED = 8
# A byte becomes 1,032 at the most.
_PIECE = 1 << 14


def check_growth(file: str, grown: int, size: int) -> None:
    """Make sure that a file does not grow without measure.

    Args:
        file: its name.
        grown: the bytes that it was decompressed to so far.
        size: its own bytes that were read for them.

    Raises:
        TableError: RS906, it grows to more than 250 times its size.
    """
    if grown > max(ALWAYS_READ, MOST_GROWTH * size):
        raise TableError(rules.COMPRESSION_BOMB.at(file=file))


def check_archive(file: str, data: bytes) -> None:
    """Make sure that the files in a zip, an Excel workbook for example, do not grow without measure together.

    They are decompressed for that, because the sizes in the list of an archive can be false.

    Args:
        file: its name.
        data: its bytes; what is no zip, or a damaged one, is for whoever reads it.

    Raises:
        TableError: RS906, as for `check_growth`.
    """
    if not data.startswith(_ZIP):
        return
    import zipfile  # every command starts with this module, and hardly any meets an archive

    grown = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                for size in _sizes(data, member):
                    grown += size
                    check_growth(file, grown, len(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, zlib.error):
        return


def _sizes(data: bytes, member: ZipInfo) -> Iterator[int]:
    """Yield the size of each piece that a file of an archive is decompressed to."""
    start = member.header_offset + _LOCAL_HEADER
    # The lengths of the name and of what stands behind it are those of the header in front of the data.
    header = data[member.header_offset : start]
    start += int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    packed = memoryview(data)[start : start + member.compress_size]
    if member.compress_type != _DEFLATED:
        yield len(packed)
        return
    inflating = zlib.decompressobj(-zlib.MAX_WBITS)
    for place in range(0, len(packed), _PIECE):
        yield len(inflating.decompress(packed[place : place + _PIECE]))
