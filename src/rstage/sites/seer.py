"""The layout of the public SEER staging algorithms: `schemas/*.json` and `tables/*.json`.

A schema names the table that selects it by site and, for each input such as `clin_t`, the table with its
codes. Layout as in imsweb/staging-client-java; nothing of its content is part of rstage.
"""

from __future__ import annotations

import json
import re
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from rstage.model.category import Method
from rstage.model.site_schema import GROUP
from rstage.reference.topography import CodeRange, pattern_ranges
from rstage.sites.files import AlgorithmFiles, unusable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rstage.reference.choices import FieldName

ALGORITHM_EDITIONS = {"tnm": "7"}
"""The edition of an algorithm by its name; of any other the values hold for every edition.

The SEER TNM algorithm follows UICC 7, as its notes say.
"""

_EVERY_SITE = pattern_ranges("C")
_INPUT = re.compile(r"(?:.*_)?(clin|path)_(t|n|m|stage_group)(?:_direct)?")
_METHODS = {"clin": Method.CLINICAL, "path": Method.PATHOLOGICAL}


class Schema(NamedTuple):
    """A schema: its topography codes, and the codes of its inputs with item and method of the input."""

    name: str
    spans: tuple[CodeRange, ...]
    codes: list[tuple[FieldName, Method, str]]


class Algorithm(NamedTuple):
    """A staging algorithm."""

    name: str
    schemas: list[Schema]


def read_algorithm(file: Path) -> Algorithm:
    """Return the algorithm of a folder or zip.

    Raises:
        SiteTableError: it cannot be read, or does not have the layout.
    """
    with closing(AlgorithmFiles(file)) as files:
        names: set[str] = set()
        schemas = []
        for name in files.names("schemas"):
            data = json_object(files, "schemas", name)
            names.add(str(data.get("algorithm", "")))
            codes = list(_codes(files, name, data))
            schemas.append(Schema(name, tuple(schema_sites(files, name, data)), codes))
        if not any(schema.codes for schema in schemas):
            raise unusable(file, "none of its schemas has T, N, M or stage groups")
        return Algorithm(names.pop() if len(names) == 1 else "", schemas)


def json_object(files: AlgorithmFiles, folder: str, name: str) -> dict[str, Any]:
    """Return a file as a dictionary."""
    raw = files.read(folder, name)
    path = files.path(folder, name)
    if raw is None:
        raise unusable(path, "a schema names it, and it is not there")
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        raise unusable(path, "it is not JSON") from None
    if not isinstance(data, dict):
        raise unusable(path, "it is not one object")
    return data


def schema_sites(files: AlgorithmFiles, name: str, schema: dict[str, Any]) -> Iterator[CodeRange]:
    """Yield the topography codes that select a schema; histology is not known here."""
    table = schema.get("schema_selection_table")
    if not isinstance(table, str):
        raise unusable(files.path("schemas", name), "it names no schema_selection_table")
    for cell in _column(files, table, "site"):
        try:
            yield from _EVERY_SITE if cell.strip() == "*" else pattern_ranges(cell)
        except ValueError as error:
            raise unusable(files.path("tables", table), str(error)) from None


def _codes(
    files: AlgorithmFiles, name: str, schema: dict[str, Any]
) -> Iterator[tuple[FieldName, Method, str]]:
    """Yield the codes of the inputs that are T, N, M or a stage group."""
    inputs = schema.get("inputs")
    if not isinstance(inputs, list) or not all(isinstance(one, dict) for one in inputs):
        raise unusable(files.path("schemas", name), "it has no inputs")
    for one in inputs:
        key, table = one.get("key"), one.get("table")
        match = _INPUT.fullmatch(key) if isinstance(key, str) else None
        if match is None or not isinstance(table, str):
            continue
        item = cast("FieldName", GROUP if match[2] == "stage_group" else match[2].upper())
        for cell in _column(files, table, key):
            for code in cell.split(","):
                if code.strip():
                    yield item, _METHODS[match[1]], code


def _column(files: AlgorithmFiles, table: str, key: str) -> Iterator[str]:
    """Yield the cells of the column with this key, or of the first input where the key has another name."""
    data = json_object(files, "tables", table)
    definition, rows = data.get("definition"), data.get("rows")
    path = files.path("tables", table)
    if not isinstance(definition, list) or not isinstance(rows, list):
        raise unusable(path, "it has no definition and rows")
    if not all(isinstance(one, dict) for one in definition):
        raise unusable(path, "its definition is no list of columns")
    keys = [one.get("key") for one in definition]
    inputs = [place for place, one in enumerate(definition) if one.get("type") == "INPUT"]
    if key not in keys and not inputs:
        raise unusable(path, f"it has no column {key}")
    place = keys.index(key) if key in keys else inputs[0]
    for row in rows:
        if not isinstance(row, list) or len(row) <= place or not isinstance(row[place], str):
            raise unusable(path, "a row has no text in the column that is needed")
        yield row[place]
