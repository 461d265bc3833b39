"""What a library writes a part of an output to, so that it can be taken out piece by piece."""

from __future__ import annotations


class Pieces:
    """A file to a library that writes; nothing is copied, so that nothing grows."""

    closed = False

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0

    def take(self) -> list[bytes]:
        """Return what was written since it was last taken."""
        pieces, self._pieces = self._pieces, []
        return pieces

    def write(self, data: bytes) -> int:
        """Take bytes."""
        self._pieces.append(bytes(data))
        self._size += len(data)
        return len(data)

    def tell(self) -> int:
        """Return how many bytes were written so far."""
        return self._size

    def flush(self) -> None:
        """Whoever takes the data flushes it."""

    def close(self) -> None:
        """Whoever takes the data closes what it is written to."""
