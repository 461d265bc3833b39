"""Which columns of a table a command works on, and what the appended ones are called."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rstage import rules
from rstage.dialects import all_further_parts
from rstage.files.errors import TableError
from rstage.privacy import is_column_name
from rstage.reference.choices import EVENTS, FIELDS
from rstage.reporting.similar import closest
from rstage.restaging.recurrence import RecurrenceType
from rstage.tables.as_given import SYSTEM
from rstage.tables.table import EITHER, OPTIONAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rstage.tables.shared import Row
    from rstage.tables.table import Table

PARTS = (*FIELDS, "edition", SYSTEM)
"""The parts in which a table can hold a stage; a dialect has further ones."""

UNNAMED = "stage"
"""The name of a stage in parts that was given none."""

_MOST_LISTED = 20
# What is given without = where a value is meant.
_VALUES = {"--event": EVENTS, "--recurrence": tuple(map(str, RecurrenceType))}

_IN_PARTS = re.compile(r"(?:(?P<name>[^:=]*):)?(?P<part>[^:=]*)=(?P<column>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageColumns:
    """One stage of a table.

    Attributes:
        name: what the appended columns are named after.
        columns: the names of its columns. indexes: their places in a row.
        parts: the part that each column holds; empty where one column holds the whole stage.
        fixed: parts that say the same in every row, with what they say.
    """

    name: str
    columns: tuple[str, ...]
    indexes: tuple[int, ...]
    parts: tuple[str, ...] = ()
    fixed: tuple[tuple[str, str], ...] = ()

    @property
    def has_stage(self) -> bool:
        """Whether it has a column with more than an edition."""
        return bool(self.columns) and not {"edition", SYSTEM}.issuperset(self.parts or "T")

    @property
    def label(self) -> str:
        """The columns in one word, for a finding that concerns all of them."""
        return "+".join(self.columns)

    def column_of(self, part: str | None) -> str:
        """Return the column that holds a part; all of them where the part is none of theirs."""
        return dict(zip(self.parts, self.columns, strict=False)).get(part or "", self.label)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueSource:
    """Where a value comes from: a column of the table, or one text for every row.

    `name` is what a finding names: the column, or the option that gave the text.
    """

    name: str
    index: int | None = None
    literal: str = ""

    def of(self, row: Row) -> str:
        """Return the value for a row."""
        return self.literal if self.index is None else row[self.index]


def find_column(table: Table, column: str) -> int:
    """Return the place of a column; of `A | B` the first that the table has.

    Raises:
        TableError: RS005, no such column (the closest names are suggested, and the delimiter with which
            there is one); RS010, the header has the name twice; RS012, as for `Table.awaited`.
    """
    column = _present(table, column) or column
    if table.columns.count(column) > 1:
        raise TableError(rules.COLUMN_TWICE.at(column=column))
    if column in table.columns:
        return table.columns.index(column)
    if (awaited := table.awaited(column)) is not None:
        return awaited
    shown = list(filter(is_column_name, table.columns))
    found = rules.COLUMN_UNKNOWN.at(column=column, suggestions=closest(column, shown))
    found = replace(found, message=f"{found.message}; {_listed(shown, len(table.columns))}")
    if other := table.other_delimiter(column):
        message = rules.COLUMN_UNKNOWN.at(column=column).message
        hint = f"{message}; with --delimiter {_shell_word(other)} it is there"
        found = replace(found, message=hint, suggestions=())
    raise TableError(found)


def _listed(shown: Sequence[str], count: int) -> str:
    """Return the names that there are, as far as they may be shown."""
    listed = ", ".join(shown[:_MOST_LISTED])
    more = count - len(shown[:_MOST_LISTED])
    if not listed:
        return f"there are {count} whose names are no names of columns"
    return f"there are {listed}" + (f" and {more} more" if more else "")


def _present(table: Table, column: str) -> str | None:
    """Return the name, or of names with | between them the first, that the table has."""
    names = (column, *column.split(EITHER))
    return next((name for name in names if name in table.columns), None)


def _shell_word(delimiter: str) -> str:
    return "'\\t'" if delimiter == "\t" else f"'{delimiter}'"


def find_stages(table: Table, specs: Sequence[str], option: str = "--column") -> tuple[StageColumns, ...]:
    """Return the stages that `COL` and `NAME:PART=COL` name, in the order in which they first come.

    `PART==TEXT` gives a part that is the same in every row, such as the method of one kind of column.
    `?COL` and `PART=?COL` are left out where the table has no such column, and so is a stage of which it has
    none.

    Raises:
        TableError: RS005, RS010; RS012, a spec makes no sense beside the others.
    """
    found: dict[str, StageColumns] = {}
    optional: dict[str, str] = {}
    for spec in specs:
        name, part, column = _split(table, spec, option)
        if column.startswith(OPTIONAL) and column not in table.columns:
            column = column.removeprefix(OPTIONAL)
            optional.setdefault(name, column)
            present = _present(table, column)
            if present is None:
                table.awaited(OPTIONAL + column)
                continue
            name = name if part else present
        before = found.get(name)
        if before is None:
            before = found[name] = StageColumns(name=name, columns=(), indexes=())
        elif not part or not (before.parts or before.fixed) or part in (*before.parts, *dict(before.fixed)):
            raise _unusable(option, f"{name} is given twice")
        found[name] = _with_part(table, before, part, column, option)
    stages = [stage for stage in found.values() if stage.has_stage or stage.name not in optional]
    if not stages and optional:
        find_column(table, next(iter(optional.values())))
    for stage in stages:
        if not stage.has_stage:
            raise _unusable(option, f"{stage.name} has no column with a stage")
    return tuple(stages)


def _with_part(table: Table, stage: StageColumns, part: str, column: str, option: str) -> StageColumns:
    """Return a stage with one more column, or with one more part that is the same in every row."""
    if part and column.startswith("=") and column not in table.columns:
        if part in FIELDS:
            raise _unusable(option, f"{part} needs a column: a value cannot be the same in every row")
        return replace(stage, fixed=(*stage.fixed, (part, column[1:])))
    index = find_column(table, column)
    return replace(
        stage,
        columns=(*stage.columns, table.columns[index]),
        indexes=(*stage.indexes, index),
        parts=(*stage.parts, part) if part else (),
    )


def find_stage(table: Table, specs: Sequence[str], option: str) -> StageColumns:
    """Return the one stage that `COL` or several `PART=COL` name; it is named after the option.

    Raises:
        TableError: as for `find_stages`.
    """
    stages = find_stages(table, specs, option)
    if len(stages) != 1:
        raise _unusable(
            option, "it takes one column with whole stages, or PART=COL for each part of one stage"
        )
    return replace(stages[0], name=option.removeprefix("--"))


def _split(table: Table, spec: str, option: str) -> tuple[str, str, str]:
    """Return name, part and column of a spec; no part where it is a whole stage."""
    match = None if spec in table.columns else _IN_PARTS.fullmatch(spec)
    if match is None:
        return spec, "", spec
    name, part, column = match["name"], match["part"], match["column"]
    if part not in PARTS and part not in all_further_parts():
        raise _unusable(option, f"PART=COL needs one of the parts {', '.join(PARTS)}")
    return name or UNNAMED, part, column


def find_source(table: Table, spec: str | None, option: str) -> ValueSource | None:
    """Return where the `COL` or `=VALUE` of an option takes its values from; None where it is not given.

    Raises:
        TableError: RS005, RS010.
    """
    if spec is None:
        return None
    if spec.startswith("=") and spec not in table.columns:
        return ValueSource(name=option, literal=spec[1:])
    try:
        return ValueSource(name=spec, index=find_column(table, spec))
    except TableError as error:
        if spec not in _VALUES.get(option, ()) or error.diagnostic.code != rules.COLUMN_UNKNOWN.code:
            raise
        message = f"there is no column {spec}: {option} ={spec} is that value for every row"
        raise TableError(replace(error.diagnostic, message=message, suggestions=())) from None


def check_new_names(table: Table, names: Sequence[str]) -> None:
    """Make sure that the names of the appended columns are new and can be written.

    Raises:
        TableError: RS006, the table has such a column; RS012, the encoding does not have a character of it.
    """
    taken = set(table.columns)
    for name in names:
        if name in taken:
            raise TableError(rules.COLUMN_EXISTS.at(column=name))
        taken.add(name)
    try:
        "".join(names).encode(table.encoding.codec)
    except UnicodeEncodeError:
        raise _unusable("--prefix", f"{table.encoding.codec} does not have each character of it") from None


def _unusable(option: str, why: str) -> TableError:
    return TableError(rules.OPTION_UNUSABLE.at(option=option, why=why))
