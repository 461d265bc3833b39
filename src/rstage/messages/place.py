"""Where something stands in a message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    LineAndColumn = tuple[int, int]

_NUMBER = re.compile(r"\[\d+\]")


class Place:
    """Where something stands in a message; it never changes, and equals a place that says the same.

    Most places are never shown. A format whose lines cost time to find gives a way to seek them instead.

    Args:
        record: the number of the record, from 1.
        path: the names of the elements from the root, with the number of each one that is repeated.
        line, column: from 1; the column counts bytes in XML and characters in JSON.
        seek: returns line and column; it is called once, when either is first asked for.
    """

    __slots__ = ("_at", "_path", "_record")

    def __init__(
        self,
        record: int,
        path: str,
        line: int = 1,
        column: int = 1,
        *,
        seek: Callable[[], LineAndColumn] | None = None,
    ) -> None:
        self._record = record
        self._path = path
        self._at: LineAndColumn | Callable[[], LineAndColumn] = seek or (line, column)

    @property
    def record(self) -> int:
        """The number of the record, from 1."""
        return self._record

    @property
    def path(self) -> str:
        """The names of the elements from the root, with the number of each one that is repeated."""
        return self._path

    @property
    def element(self) -> str:
        """The path without numbers: the same for every record."""
        return _NUMBER.sub("", self._path)

    @property
    def line_and_column(self) -> LineAndColumn:
        """Line and column, in the order of the message."""
        if callable(self._at):
            self._at = self._at()  # what seeks holds the bytes of the record, and is let go
        return self._at

    @property
    def line(self) -> int:
        """The line, from 1."""
        return self.line_and_column[0]

    @property
    def column(self) -> int:
        """The column, from 1."""
        return self.line_and_column[1]

    def _said(self) -> tuple[int, str, int, int]:
        return self._record, self._path, *self.line_and_column

    def __eq__(self, other: object) -> bool:
        return self._said() == other._said() if isinstance(other, Place) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._said())

    def __repr__(self) -> str:
        return "Place(record={!r}, path={!r}, line={!r}, column={!r})".format(*self._said())

    def __str__(self) -> str:
        """Return the place as editors follow it behind the name of a file: `LINE:COLUMN: PATH`."""
        return f"{self.line}:{self.column}: {self._path}"

    def __reduce__(self) -> tuple[Any, ...]:
        return Place, self._said()

    def to_dict(self) -> dict[str, Any]:
        """Return the place as JSON-ready values."""
        line, column = self.line_and_column
        return {"line": line, "column": column, "record": self._record, "path": self._path}
