"""Loading a site table: which values a primary site has, from a file of the user.

A table with lines is read here; `seer` reads the layout of the SEER staging algorithms.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

from rstage import rules
from rstage.model.category import Method
from rstage.model.site_schema import GROUP, SiteSchema, SiteTable, SiteValue
from rstage.notation.build import parse_edition
from rstage.privacy import shown
from rstage.reading.read import read
from rstage.reference.topography import CodeRange, pattern_ranges
from rstage.reference.vocabulary import NOT_ASSIGNED
from rstage.sites.files import SiteTableError, is_algorithm, unusable, wrong_line
from rstage.sites.lines import TableLine, table_lines
from rstage.sites.seer import ALGORITHM_EDITIONS, Algorithm, read_algorithm

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    from rstage.model.edition import Edition
    from rstage.model.stage import Stage
    from rstage.reading.read import Reading
    from rstage.reference.choices import FieldName

COLUMNS = ("schema", "topography", "edition", "item", "value")
"""The columns of a table with lines, in any order; `topography` and `edition` may be blank."""

_ITEM = re.compile(r"([cp]?)(T|N|M|group)")


def load_site_table(path: str | os.PathLike[str]) -> SiteTable:
    """Return the site table of a file, for the keyword `site_table` of `read` and `parse`.

    Args:
        path: a table with tabs between its columns (docs/site-tables.md), or a folder or zip with the
            `schemas` and `tables` of a SEER staging algorithm.

    Raises:
        SiteTableError: a ValueError; it cannot be read, is no site table, or has a line that makes no sense.
        TypeError: `path` is no path.
    """
    file = Path(path)
    return _algorithm_table(read_algorithm(file)) if is_algorithm(file) else _line_table(file)


@dataclass(slots=True)
class _Draft:
    """A schema while its values are collected."""

    name: str
    spans: dict[CodeRange, None] = field(default_factory=dict)
    entries: set[SiteValue] = field(default_factory=set)

    def schema(self) -> SiteSchema:
        return SiteSchema(name=self.name, spans=tuple(self.spans), entries=frozenset(self.entries))


def _table(drafts: dict[str, _Draft], skipped: int = 0) -> SiteTable:
    return SiteTable(schemas=tuple(drafts[name].schema() for name in sorted(drafts)), skipped=skipped)


def _entries(
    stage: Stage | None, item: str, method: Method | None, edition: Edition | None
) -> Iterator[SiteValue]:
    """Yield the value that a stage of one part holds, for the method it names and for that of its item.

    Both, because a registry's list of pathological M holds cM0, and its list of clinical T holds pTis.
    Nothing is yielded where the stage holds no one value of the item.
    """
    if stage is None:
        return
    if item == GROUP:
        group = stage.group
        if group is not None and group.upper is None:
            methods = {method, group.method or method}
            yield from (SiteValue(item, group.value, one, edition) for one in methods)
        return
    category = getattr(stage, item.lower())
    if category is not None and category.upper is None and category.value != NOT_ASSIGNED:
        text = item + category.value + category.subcategory
        yield from (SiteValue(item, text, one, edition) for one in {method, category.method or method})


# ---------------------------------------------------------------- a table with lines


def _line_table(file: Path) -> SiteTable:
    drafts: dict[str, _Draft] = {}
    for line in table_lines(file, COLUMNS):
        name = line.cells["schema"]
        if not name:
            raise _wrong(file, line, "the schema has no name")
        draft = drafts.setdefault(name, _Draft(name))
        if line.cells["topography"]:
            try:
                draft.spans.update(dict.fromkeys(pattern_ranges(line.cells["topography"])))
            except ValueError as error:
                raise _wrong(file, line, str(error)) from None
        draft.entries.update(_line_entries(file, line))
    if not drafts:
        raise unusable(file, "it has no line with a value")
    return _table(drafts)


def _line_entries(file: Path, line: TableLine) -> list[SiteValue]:
    match = _ITEM.fullmatch(line.cells["item"])
    if match is None:
        raise _wrong(file, line, "an item is T, N, M or group, or one of these with c or p in front")
    method, item = Method(match[1]) if match[1] else None, cast("FieldName", match[2])
    edition = None
    if line.cells["edition"]:
        try:
            edition = parse_edition(line.cells["edition"])
        except ValueError as error:
            raise _wrong(file, line, str(error)) from None
    value = line.cells["value"]
    reading = read(value, field=item, edition=edition)
    entries = list(_entries(reading.stage, item, method, edition))
    if not entries:
        raise _wrong(file, line, f"{shown(value)} is no value of {line.cells['item']}")
    return entries


def _wrong(file: Path, line: TableLine, why: str) -> SiteTableError:
    return wrong_line(file, line.number, why)


# ---------------------------------------------------------------- a staging algorithm


def _algorithm_table(algorithm: Algorithm) -> SiteTable:
    edition = parse_edition(found) if (found := ALGORITHM_EDITIONS.get(algorithm.name)) else None
    drafts: dict[str, _Draft] = {}
    skipped = 0
    for schema in algorithm.schemas:
        draft = drafts[schema.name] = _Draft(schema.name, dict.fromkeys(schema.spans))
        for item, method, code in schema.codes:
            reading = read(code, field=item, dialect="naaccr", edition=edition)
            if _is_no_value(reading):
                continue
            entries = list(_entries(reading.stage, item, method, edition))
            draft.entries.update(entries)
            skipped += not entries
    return _table(drafts, skipped)


def _is_no_value(reading: Reading) -> bool:
    """Return whether a code stands for a missing value: 88, 99, not assigned."""
    stage = reading.stage
    if stage is None:
        return any(found.code == rules.NO_VALUE_CODE.code for found in reading.diagnostics)
    if stage.group is not None:
        return stage.group.value == "X"
    return any(category.value == NOT_ASSIGNED for category in stage.categories)
