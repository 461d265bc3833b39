"""Overrides: findings that a person looked at and takes as they are.

An override never changes what is read. A finding that it covers is not reported and not counted as one, and
what the finding refuses stays refused.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rstage.reporting.selection import Selection


class Override(NamedTuple):
    """One reviewed case.

    Attributes:
        line: where it stands in its file. code: the finding.
        record: the key of its record; blank where the override is for every record.
        column, value: where the finding stands and the text there; blank where any will do.
    """

    line: int
    code: str
    record: str
    column: str
    value: str


class Overrides:
    """The overrides of a file, and how often each was used.

    Args:
        file: its name. items: what it holds.
    """

    def __init__(self, file: str, items: Iterable[Override]) -> None:
        self.file = file
        self._items = tuple(items)
        self._used: Counter[int] = Counter()
        self._by_value = {(one.code, one.column, one.value): one for one in self._items if not one.record}
        self._by_record: dict[tuple[str, str], list[Override]] = {}
        for one in self._items:
            if one.record:
                self._by_record.setdefault((one.code, one.record), []).append(one)
        self.records = frozenset(one.record for one in self._items if one.record)
        """The keys that are named; the findings of any other record are overridden by value alone."""

    def covers(self, code: str, column: str, value: str, record: str | None = None) -> bool:
        """Return whether a finding is overridden."""
        return any(True for _ in self._matching(code, column, value, record))

    def use(self, code: str, column: str, value: str, record: str | None = None, *, times: int = 1) -> bool:
        """Return whether a finding is overridden, and count that so often."""
        is_covered = False
        for one in self._matching(code, column, value, record):
            self._used[one.line] += times
            is_covered = True
        return is_covered

    def _matching(self, code: str, column: str, value: str, record: str | None) -> Iterator[Override]:
        if (by_value := self._by_value.get((code, column, value))) is not None:
            yield by_value
        for one in self._by_record.get((code, record or ""), ()):
            if one.column in ("", column) and one.value in ("", value):
                yield one

    @property
    def used_count(self) -> int:
        """How many of the overrides were used."""
        return sum(bool(self._used[one.line]) for one in self._items)

    def stale(self, selection: Selection) -> list[Override]:
        """Return those that were not used although their code is reported."""
        return [one for one in self._items if not self._used[one.line] and selection.has(one.code)]
