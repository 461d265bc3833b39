"""Loading a group table: which stage group T, N and M have together, from a file of the user."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from rstage import rules
from rstage.model.category import Method
from rstage.model.group_table import LETTERS, GroupLine, GroupSchema, GroupTable, Values, value_text
from rstage.notation.build import parse_edition
from rstage.privacy import shown
from rstage.reading.read import read
from rstage.reference.topography import CodeRange, pattern_ranges
from rstage.reference.vocabulary import NOT_ASSIGNED
from rstage.sites.files import SiteTableError, is_algorithm, unusable, wrong_line
from rstage.sites.lines import table_lines
from rstage.sites.seer import ALGORITHM_EDITIONS
from rstage.sites.seer_groups import algorithm_groups

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    from rstage.model.edition import Edition
    from rstage.model.group import StageGroup
    from rstage.reading.options import ReadOptions
    from rstage.reference.choices import FieldName
    from rstage.sites.lines import TableLine
    from rstage.sites.seer_groups import SchemaGroups

COLUMNS = (*LETTERS, "group")
"""The columns that a table with lines has, in any order.

It may also have schema, topography, edition and method.
"""

_ANY = frozenset({"*", "any"})
_METHOD = re.compile(r"(y?)([cp]?)")
_RULES = {
    rules.SITE_TABLE_UNREADABLE.code: rules.GROUP_TABLE_UNREADABLE,
    rules.SITE_TABLE_UNUSABLE.code: rules.GROUP_TABLE_UNUSABLE,
    rules.SITE_TABLE_LINE.code: rules.GROUP_TABLE_LINE,
}


class GroupTableError(ValueError):
    """A group table cannot be used; `diagnostic` (RS040 to RS042) says why."""

    def __init__(self, error: SiteTableError) -> None:
        super().__init__(error)
        rule = _RULES[error.diagnostic.code]
        self.diagnostic = rule.at(file=error.file, why=error.why, line=error.line)

    def __str__(self) -> str:
        return str(self.diagnostic)


def load_group_table(path: str | os.PathLike[str]) -> GroupTable:
    """Return the group table of a file.

    Args:
        path: a table with tabs between its columns (docs/site-tables.md), or a folder or zip with the
            `schemas` and `tables` of a SEER staging algorithm.

    Raises:
        GroupTableError: it cannot be read, is no group table, or has a line that makes no sense.
    """
    file = Path(path)
    try:
        if is_algorithm(file):
            return _of_algorithm(file)
        return _of_lines(file)
    except SiteTableError as error:
        raise GroupTableError(error) from None


# ---------------------------------------------------------------- a table with lines


def _of_lines(file: Path) -> GroupTable:
    spans: dict[str, dict[CodeRange, None]] = {}
    lines: dict[str, list[GroupLine]] = {}
    for line in table_lines(file, COLUMNS):
        name, topography = line.cell("schema"), line.cell("topography")
        known = spans.setdefault(name or topography, {})
        if topography:
            try:
                known.update(dict.fromkeys(pattern_ranges(topography)))
            except ValueError as error:
                raise wrong_line(file, line.number, str(error)) from None
        lines.setdefault(name or topography, []).append(_line(file, line))
    if not lines:
        raise unusable(file, "it has no line with a group")
    if "" in lines and len(lines) > 1:
        raise unusable(file, "some of its lines have a site, and some have none")
    return GroupTable(
        schemas=tuple(
            GroupSchema(name=name, spans=tuple(spans[name]), lines=tuple(lines[name]))
            for name in sorted(lines)
        )
    )


def _line(file: Path, line: TableLine) -> GroupLine:
    match = _METHOD.fullmatch(line.cell("method"))
    if match is None:
        raise wrong_line(file, line.number, "a method is c, p, yc, yp or blank")
    try:
        edition = parse_edition(line.cell("edition")) if line.cell("edition") else None
    except ValueError as error:
        raise wrong_line(file, line.number, str(error)) from None
    values = tuple(_values(file, line, letter, edition) for letter in LETTERS)
    group = read(line.cell("group"), field="group", edition=edition)
    if group.stage is None or group.stage.group is None or group.stage.group.upper is not None:
        raise wrong_line(file, line.number, f"{shown(line.cell('group'))} is no stage group")
    return GroupLine(
        cast("tuple[Values, Values, Values]", values),
        _plain(group.stage.group),
        Method(match[2]) if match[2] else None,
        bool(match[1]),
        edition,
    )


def _values(file: Path, line: TableLine, letter: str, edition: Edition | None) -> Values:
    """Return the values of a cell: one, or several with commas or blanks between them."""
    cell = line.cell(letter)
    if cell.casefold() in _ANY or cell.casefold() == f"any {letter.casefold()}":
        return None
    found = set()
    for text in re.split(r"[,\s]+", cell):
        value = _value(text, letter, field=cast("FieldName", letter), edition=edition)
        if value is None:
            raise wrong_line(
                file,
                line.number,
                f"{shown(text) or 'a blank cell'} is no value of {letter}, nor is it * for any",
            )
        found.add(value)
    return frozenset(found)


def _value(text: str, letter: str, **options: object) -> str | None:
    """Return the value that a text holds; None where it is none, or more than a plain value."""
    stage = read(text, **cast("ReadOptions", options)).stage
    category = getattr(stage, letter.lower()) if stage is not None else None
    if category is None or category.upper is not None or category.value == NOT_ASSIGNED:
        return None
    return value_text(category)


def _plain(group: StageGroup) -> StageGroup:
    """Return a group without the timing and the method that it was written with."""
    from dataclasses import replace

    return replace(group, timing=frozenset(), method=None)


# ---------------------------------------------------------------- a staging algorithm


class _Decoded(NamedTuple):
    """The codes of an algorithm that were read so far, by letter and code."""

    values: dict[tuple[str, str], str | None]
    groups: dict[str, StageGroup | None]


def _of_algorithm(file: Path) -> GroupTable:
    name, schemas = algorithm_groups(file)
    edition = parse_edition(found) if (found := ALGORITHM_EDITIONS.get(name)) else None
    known = _Decoded({}, {})
    made = [
        GroupSchema(name=one.name, spans=one.spans, lines=tuple(_decoded_lines(one, edition, known)))
        for one in schemas
    ]
    return GroupTable(schemas=tuple(one for one in made if one.lines))


def _decoded_lines(schema: SchemaGroups, edition: Edition | None, known: _Decoded) -> Iterator[GroupLine]:
    for row in schema.rows:
        values = [
            None if codes is None else _codes(codes, letter, known)
            for codes, letter in zip(row.codes, LETTERS, strict=True)
        ]
        if any(found is not None and not found for found in values):
            continue  # it is for a missing value, such as 88
        if row.group not in known.groups:
            stage = read(row.group, field="group", dialect="naaccr").stage if row.group else None
            group = stage.group if stage is not None else None
            known.groups[row.group] = None if group is None or group.value == "X" else _plain(group)
        yield GroupLine(
            cast("tuple[Values, Values, Values]", tuple(values)),
            known.groups[row.group],
            row.method,
            edition=edition,
            is_certain=row.is_certain,
        )


def _codes(codes: tuple[str, ...], letter: str, known: _Decoded) -> frozenset[str]:
    for code in codes:
        if (letter, code) not in known.values:
            known.values[letter, code] = _value(code, letter, field=letter, dialect="naaccr")
    return frozenset(value for code in codes if (value := known.values[letter, code]) is not None)
