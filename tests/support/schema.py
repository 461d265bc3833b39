"""Whether what was written as JSON follows the schema."""

from __future__ import annotations

from functools import cache

from jsonschema import Draft202012Validator

import rstage


@cache
def _validator(name: str | None) -> Draft202012Validator:
    return Draft202012Validator(rstage.json_schema(name))


def errors(name: str | None, data: object) -> list[str]:
    """Return what is wrong in data by the schema of that name, each with its place."""
    return [f"{error.json_path}: {error.message}" for error in _validator(name).iter_errors(data)]
