"""The JSON Schema (2020-12) of everything that is written as JSON; `data/schema.json` holds it."""

from __future__ import annotations

import json
import re
from typing import Any

from rstage.reference.tsv import package_text

_REFERENCE = re.compile(r'"#/\$defs/(\w+)')


def json_schema(name: str | None = None) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of what `to_dict` and the commands write.

    Args:
        name: one of `schema_names()`, such as `History`; None for the whole document, which holds all of
            them and takes any one.

    Returns:
        A schema that needs no other document: with a name, only the definitions that it uses.

    Raises:
        ValueError: there is no schema of this name.
    """
    whole = _document()
    if name is None:
        return whole
    if name not in schema_names():
        raise ValueError(f"a schema is one of {', '.join(schema_names())}")
    known = whole["$defs"]
    needed = _needed(known, name)
    return {
        "$schema": whole["$schema"],
        "$id": f"{whole['$id']}:{name}",
        "$ref": f"#/$defs/{name}",
        "$defs": {one: known[one] for one in known if one in needed},
    }


def schema_names() -> tuple[str, ...]:
    """Return what has a schema: the values, and the lines and reports of the commands."""
    return tuple(one["$ref"].rpartition("/")[2] for one in _document()["anyOf"])


def _document() -> dict[str, Any]:
    """Return the document, read anew each time, because a caller may change it."""
    document: dict[str, Any] = json.loads(package_text("data", "schema.json"))
    return document


def _needed(known: dict[str, Any], name: str) -> set[str]:
    """Return the names of the definitions that one refers to, itself among them."""
    needed: set[str] = set()
    left = {name}
    while left:
        one = left.pop()
        needed.add(one)
        left |= set(_REFERENCE.findall(json.dumps(known[one]))) - needed
    return needed
