"""A stage as the field of a pydantic model: its text is read, and written again.

pydantic is imported here and nowhere else: whoever has such a model has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import core_schema

from rstage.model.stage import Stage
from rstage.notation.tree import LONGEST_TEXT
from rstage.reading.read import parse

if TYPE_CHECKING:
    from collections.abc import Callable


def stage_schema() -> core_schema.CoreSchema:
    """Return what pydantic needs to know: a stage stays as it is, and a text is read as `parse` reads it."""
    return core_schema.no_info_wrap_validator_function(
        _stage,
        core_schema.str_schema(max_length=LONGEST_TEXT),
        serialization=core_schema.to_string_ser_schema(when_used="always"),
    )


def _stage(value: Any, as_text: Callable[[Any], str]) -> Stage:
    """Return the stage that a field is given; what is neither a stage nor a text is refused by `as_text`."""
    return value if isinstance(value, Stage) else parse(as_text(value))
