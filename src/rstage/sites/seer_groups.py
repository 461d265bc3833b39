"""The stage groups in the layout of the public SEER staging algorithms.

A schema names, in its mappings, tables whose inputs are T, N and M and whose endpoint becomes the stage group
of one method. Layout as in imsweb/staging-client-java; nothing of its content is part of rstage.
"""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

from rstage.model.category import Method
from rstage.sites.files import AlgorithmFiles, unusable
from rstage.sites.seer import json_object, schema_sites

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rstage.reference.topography import CodeRange

_GROUP = re.compile(r"(clin|path)_stage_group")
_INPUT = re.compile(r"(?:tmp_)?(clin|path)_([tnm])")
_METHODS = {"clin": Method.CLINICAL, "path": Method.PATHOLOGICAL}
_VALUE = "VALUE:"
_ERROR = "ERROR"
_ANY = ("*",)


class GroupRow(NamedTuple):
    """A row: the codes of T, N and M (None is any), the code of the group (empty for none), and the method.

    `is_certain` tells whether it needs nothing else, such as a grade.
    """

    codes: tuple[tuple[str, ...] | None, ...]
    group: str
    method: Method
    is_certain: bool


class SchemaGroups(NamedTuple):
    """The rows of a schema, and the topography codes that select it."""

    name: str
    spans: tuple[CodeRange, ...]
    rows: tuple[GroupRow, ...]


def algorithm_groups(file: Path) -> tuple[str, list[SchemaGroups]]:
    """Return the name of an algorithm, and the groups of each of its schemas.

    Raises:
        SiteTableError: it cannot be read, does not have the layout, or derives no stage group.
    """
    with closing(AlgorithmFiles(file)) as files:
        names: set[str] = set()
        found = []
        for name in files.names("schemas"):
            schema = json_object(files, "schemas", name)
            names.add(str(schema.get("algorithm", "")))
            rows = tuple(_rows(files, schema))
            found.append(SchemaGroups(name, tuple(schema_sites(files, name, schema)), rows))
        if not any(one.rows for one in found):
            raise unusable(file, "none of its schemas derives a stage group from T, N and M")
        return names.pop() if len(names) == 1 else "", found


def _rows(files: AlgorithmFiles, schema: dict[str, Any]) -> Iterator[GroupRow]:
    for mapping in _objects(schema.get("mappings")):
        # By histology a mapping says whether TNM applies: where T, N and M were given, it does.
        for one in _objects(mapping.get("tables")):
            yield from _rows_of_table(files, one)


def _objects(listed: object) -> list[dict[str, Any]]:
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


class _Use(NamedTuple):
    """How a mapping uses a table: the places of T, N and M, of other inputs, of the group; the method."""

    places: dict[str, int]
    others: list[int]
    end: int
    method: str


def _use_of(use: dict[str, Any], table: dict[str, Any]) -> _Use | None:
    """Return how a mapping uses a table; None where that gives no group for T, N and M of one method."""
    inputs = {str(one.get("to")): str(one.get("from")) for one in _objects(use.get("input_mapping"))}
    outputs = {str(one.get("from")): str(one.get("to")) for one in _objects(use.get("output_mapping"))}
    named, others, ends = [], [], []
    for place, one in enumerate(_objects(table.get("definition"))):
        key, kind = str(one.get("key")), one.get("type")
        if kind == "INPUT" and (match := _INPUT.fullmatch(inputs.get(key, key))):
            named.append((match[2], place, match[1]))
        elif kind == "INPUT":
            others.append(place)
        elif kind == "ENDPOINT" and (match := _GROUP.fullmatch(outputs.get(key, key))):
            ends.append((place, match[1]))
    is_one = sorted(letter for letter, _, _ in named) == sorted("tnm") and len(ends) == 1
    if not is_one or {method for _, _, method in named} != {ends[0][1]}:
        return None
    return _Use({letter: place for letter, place, _ in named}, others, *ends[0])


def _rows_of_table(files: AlgorithmFiles, use: dict[str, Any]) -> Iterator[GroupRow]:
    """Yield the rows of a table that a mapping uses, where it gives a group for T, N and M of one method."""
    name = use.get("id")
    if not isinstance(name, str):
        return
    table = json_object(files, "tables", name)
    found = _use_of(use, table)
    if found is None:
        return
    last = max(*found.places.values(), *found.others, found.end)
    for row in table.get("rows") or ():
        if not isinstance(row, list) or len(row) <= last or not all(isinstance(cell, str) for cell in row):
            raise unusable(files.path("tables", name), "a row has no text in the column that is needed")
        end = row[found.end]
        if not end.startswith(_ERROR):
            needs_more = any(row[place].strip() not in ("", *_ANY) for place in found.others)
            yield GroupRow(
                tuple(_cell(row[found.places[letter]]) for letter in "tnm"),
                end.removeprefix(_VALUE) if end.startswith(_VALUE) else "",
                _METHODS[found.method],
                not needs_more,
            )


def _cell(cell: str) -> tuple[str, ...] | None:
    codes = tuple(code.strip() for code in cell.split(","))
    return None if codes == _ANY else codes
