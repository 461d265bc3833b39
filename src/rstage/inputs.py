"""Where bytes come from: a file, or standard input."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO

STDIN = "-"
"""The name of standard input."""


def open_bytes(file: str) -> BinaryIO | io.FileIO:
    """Return the bytes of a file, or of standard input for `-`.

    Raises:
        OSError: the file cannot be opened, or standard input is closed.
    """
    if file != STDIN:
        return io.FileIO(file)
    if sys.stdin is None:
        raise OSError(0, "standard input is closed")
    return sys.stdin.buffer
