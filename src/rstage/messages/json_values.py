"""Values of a JSON message, each as the type that is expected.

A message may hold anything anywhere: what is not of the expected type is as good as missing.
"""

from __future__ import annotations

from typing import Any

JsonObject = dict[str, Any]


def as_dict(value: Any) -> JsonObject:
    """Return a JSON object, or an empty one where it is something else."""
    return value if type(value) is dict else {}


def as_list(value: Any) -> list[Any]:
    """Return a JSON array, or an empty one where it is something else."""
    return value if type(value) is list else []


def as_text(value: Any) -> str:
    """Return a JSON string without blanks around; blank where it is something else."""
    return value.strip() if type(value) is str else ""
