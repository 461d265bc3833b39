"""How much of each column and of each stage is read, by mode and dialect."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from rstage.privacy import shown
from rstage.reading.proposals import proposals, read_as
from rstage.reference.choices import DIALECTS, FIELDS
from rstage.tables.as_given import told, whole_number
from rstage.tables.cells import StageReader
from rstage.tables.look.columns import BARE, MOST_TRIED
from rstage.tables.missing import is_missing, missing_words
from rstage.tables.stage_columns import StageColumns

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rstage.diagnostics import Diagnostic
    from rstage.reading.read import Reading
    from rstage.tables.look.columns import ColumnGuess
    from rstage.tables.look.stages import StageGuess
    from rstage.tables.table import Table

ENOUGH = 0.95
"""The share of a column that is read where it stands beside others: one unread part refuses the stage."""

_ALIKE = 0.005
_WORTH_GUESSING = 0.04
MOST_UNREAD = 10
"""The unread values of a column that are told."""


class How(NamedTuple):
    """A way to read: a mode, and a dialect where there is one."""

    mode: str
    dialect: str | None

    def __str__(self) -> str:
        return self.mode if self.dialect is None else f"{self.dialect}, {self.mode}"

    @property
    def keywords(self) -> dict[str, Any]:
        """The keywords of `read`."""
        return {"mode": self.mode, "dialect": self.dialect}


# The simplest first: of those that read as much, that one is proposed.
WAYS = tuple(How(mode, dialect) for dialect in (None, *DIALECTS) for mode in ("standard", "repair"))


STRICT = How("strict", None)
SHOWN = (STRICT, *WAYS)
"""What is told of each column; `strict` is proposed never."""


class Share(NamedTuple):
    """How many rows of those that have a value were read."""

    read: int
    filled: int

    @property
    def rate(self) -> float:
        """The share, from 0 to 1."""
        return self.read / self.filled if self.filled else 1.0

    def plus(self, other: Share) -> Share:
        """Return both together."""
        return Share(self.read + other.read, self.filled + other.filled)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A value that is not read.

    Attributes:
        value: as the table has it. count: the rows that have it.
        code, message: the first error. suggestions: what it or a part of it may be.
        proposals: the whole value with suggestions put in, as far as that is read.
    """

    value: str
    count: int
    code: str
    message: str
    suggestions: tuple[str, ...]
    proposals: tuple[str, ...]

    def to_dict(self, *, shows_values: bool) -> dict[str, Any]:
        """Return it as JSON-ready values."""
        value = self.value if shows_values else shown(self.value)
        return {
            "value": value,
            "count": self.count,
            "code": self.code,
            "message": self.message,
            "suggestions": list(self.suggestions),
            "proposals": [one if shows_values else shown(one) for one in self.proposals],
        }


def share_of(column: ColumnGuess, how: How, missing: frozenset[str]) -> Share:
    """Return how much of a column is read by itself."""
    done = [
        (count, is_read(column, value, how))
        for value, count in column.values.frequent
        if not is_missing(value, missing)
    ]
    return Share(sum(count for count, found in done if found), sum(count for count, _ in done))


def _reading(column: ColumnGuess, value: str, how: How) -> Reading:
    if column.part not in FIELDS:
        return told(read_as("", value, how.keywords), [(None, value)], frozenset())
    is_of_system = column.part == "group" and column.says.system
    keywords = how.keywords | ({"system": column.says.system} if is_of_system else {})
    return told(read_as(column.part, whole_number(value), keywords), [(column.part, value)], frozenset())


def is_read(column: ColumnGuess, value: str, how: How) -> bool:
    """Return whether a value of a column is read by itself."""
    return _reading(column, value, how).ok


def best_way(columns: Sequence[ColumnGuess], missing: frozenset[str]) -> tuple[How, dict[How, list[Share]]]:
    """Return the simplest way that reads the most of the columns, and the shares of each in every way."""
    shares = {how: [share_of(one, how, missing) for one in columns] for how in SHOWN}
    totals = {how: sum(one.rate for one in shares[how]) / max(len(columns), 1) for how in WAYS}
    best = max(totals.values(), default=0)
    # A dialect reads values without their letter as codes, where `repair` guesses each.
    is_bare = any(one.part in FIELDS and one.values.share(BARE.fullmatch) >= ENOUGH / 2 for one in columns)
    ways = sorted(WAYS, key=lambda how: how.mode == "repair") if is_bare else WAYS
    found = next(how for how in ways if totals[how] >= best - _ALIKE)
    # To guess is worth it only where it reads much more.
    plain = How("standard", found.dialect)
    return plain if totals[plain] >= best - _WORTH_GUESSING else found, shares


def unread_of(
    column: ColumnGuess, how: How, missing: frozenset[str], most: int | None = MOST_UNREAD
) -> list[Unread]:
    """Return the most frequent values of a column that are not read."""
    found: list[Unread] = []
    for value, count in column.values.values.most_common(None if most is None else MOST_TRIED):
        if is_missing(value, missing):
            continue
        reading = _reading(column, value, how)
        if not reading.ok:
            found.append(_unread(column, value, count, reading.diagnostics, how))
        if most is not None and len(found) == most:
            break
    return found


def _unread(
    column: ColumnGuess, value: str, count: int, diagnostics: Sequence[Diagnostic], how: How
) -> Unread:
    error = next((one for one in diagnostics if one.severity == "error"), diagnostics[0])
    return Unread(
        value=value,
        count=count,
        code=error.code,
        message=error.message,
        suggestions=tuple(dict.fromkeys(text for one in diagnostics for text in one.suggestions)),
        proposals=proposals(value, diagnostics, lambda text: is_read(column, text, how)),
    )


def stage_shares(
    table: Table, stages: Sequence[StageGuess], how: How, missing: Iterable[str], most: int
) -> list[Share]:
    """Return how many rows of each stage are read as they are proposed.

    Raises:
        TableError: the table cannot be read.
    """
    words = missing_words(missing)
    readers = [
        StageReader(
            StageColumns(
                name=stage.name,
                columns=tuple(one.name for one in stage.columns),
                indexes=tuple(one.values.index for one in stage.columns),
                parts=() if stage.is_whole else tuple(one.part for one in stage.columns),
                fixed=stage.fixed,
            ),
            how.keywords,
            words,
        )
        for stage in stages
    ]
    keys = [Counter[Any]() for _ in readers]
    count = 0
    for cells, _, _ in table.records():
        if len(cells) == len(table.columns):
            count += 1
            for reader, found in zip(readers, keys, strict=True):
                found[reader.key(cells)] += 1
        if count >= most:
            break
    return [_share(reader, found) for reader, found in zip(readers, keys, strict=True)]


def _share(reader: StageReader, keys: Counter[Any]) -> Share:
    done = filled = 0
    for key, count in keys.items():
        reading = reader.read(key)
        if reading is not None:
            filled += count
            done += count if reading.ok else 0
    return Share(done, filled)
