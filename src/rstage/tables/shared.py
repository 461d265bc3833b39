"""What rows have in common whose cells are the same: worked out once, and counted for all of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


Key = str | tuple[str, ...]
"""The cells that rows have in common: one cell, or several where there are several columns."""

LONGEST_KEPT = 1_000
"""Characters; what follows from longer cells is not kept."""

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Row(Protocol):
    """The cells of a row by their places: all of them, or those that are needed."""

    def __getitem__(self, index: int, /) -> str:
        """Return the cell at a place."""


class Shared(Generic[_Value]):
    """What follows from a key, and how many rows have it.

    Attributes:
        value: what follows.
        text: what is appended to each row, where all of that follows from the key; else it is empty.
        count: the rows that were not added to the counts yet.
        is_kept: whether `SharedByKey` will still add them.
    """

    __slots__ = ("count", "is_kept", "text", "value")

    def __init__(self, value: _Value, text: str = "") -> None:
        self.value = value
        self.text = text
        self.count = 0
        self.is_kept = True


class Remembered(dict[Key, _Value]):
    """What follows from each key met so far; for a new key it is worked out when it is asked for.

    Args:
        work_out: returns what follows from a key.
        most: the keys that are kept; then all are forgotten, so that memory stays flat.
    """

    def __init__(self, work_out: Callable[[Key], _Value], most: int) -> None:
        super().__init__()
        self._work_out, self._most = work_out, most

    def __missing__(self, key: Key) -> _Value:
        value = self._work_out(key)
        if key_length(key) <= LONGEST_KEPT:
            if len(self) >= self._most:
                self.clear()
            self[key] = value
        return value


class SharedByKey(dict[_Key, Shared[_Value]], ABC):
    """What follows from each key met so far; for a new key it is worked out when it is asked for.

    Whoever asks adds 1 to the `count` of the answer before asking for another key, or else calls `add_rows`;
    `finish` puts the counts together.

    Args:
        most: the keys that are kept; then all are forgotten, so that memory stays flat.
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most
        self._long: Shared[_Value] | None = None

    @abstractmethod
    def length(self, key: _Key) -> int:
        """Return how many characters stand in the cells of a key."""

    @abstractmethod
    def work_out(self, key: _Key) -> Shared[_Value]:
        """Return what follows from a key."""

    @abstractmethod
    def add(self, value: _Value, count: int) -> None:
        """Add rows that have a key to the counts."""

    def __missing__(self, key: _Key) -> Shared[_Value]:
        shared = self.work_out(key)
        if self.length(key) > LONGEST_KEPT:
            self._settle(self._long)
            self._long = shared
            return shared
        if len(self) >= self._most:
            self.finish()
        self[key] = shared
        return shared

    def add_rows(self, shared: Shared[_Value], count: int) -> None:
        """Count rows, also where what they share is no longer kept."""
        shared.count += count
        if not shared.is_kept:
            self._settle(shared)

    def add_each(self, rows: Iterable[Shared[_Value]]) -> None:
        """Count a row for each time that what it shares is given."""
        for shared in rows:
            shared.count += 1
            if not shared.is_kept:
                self._settle(shared)

    def finish(self) -> None:
        """Add all rows to the counts and forget what they share."""
        self._settle(self._long)
        self._long = None
        for shared in self.values():
            self._settle(shared)
        self.clear()

    def _settle(self, shared: Shared[_Value] | None) -> None:
        if shared is None:
            return
        count, shared.count, shared.is_kept = shared.count, 0, False
        self.add(shared.value, count)


def key_cells(key: Key) -> tuple[str, ...]:
    """Return the cells of a key."""
    return (key,) if isinstance(key, str) else key


def key_length(key: Key) -> int:
    """Return how many characters stand in the cells of a key."""
    return len(key) if isinstance(key, str) else sum(map(len, key))
