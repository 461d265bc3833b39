"""The lists in `data/schema.json` that follow tables and constants of the code.

    python -m tests.support.schema_lists

writes them into the file anew, which is needed where a value was added to one of them.
"""

from __future__ import annotations

import json
from typing import Any

from rstage.model.category import Method, Timing
from rstage.model.descriptor import DESCRIPTOR_VALUES
from rstage.model.group import GROUP_VALUES
from rstage.model.suffixes import IN_SITU_TYPES, SITES
from rstage.reference import vocabulary
from rstage.reference.choices import EVENTS
from rstage.reference.dialect_values import values_of
from rstage.reference.systems import SYSTEMS
from rstage.restaging.diagnosis import BASES
from rstage.restaging.recurrence import RecurrenceType
from tests.support.paths import ROOT

SCHEMA = ROOT / "src" / "rstage" / "data" / "schema.json"
_WIDTH = 110


def filled(document: dict[str, Any]) -> dict[str, Any]:
    """Return the schema with the lists as the tables have them now."""
    document = json.loads(json.dumps(document))
    known = document["$defs"]
    known["timing"]["items"]["enum"] = list(Timing)
    known["method"]["enum"] = list(Method)
    known["event"]["enum"] = list(EVENTS)
    known["recurrenceTypes"]["items"]["enum"] = list(RecurrenceType)
    known["sites"]["items"]["enum"] = list(SITES)
    known["Suffixes"]["properties"]["in_situ"]["enum"] = list(IN_SITU_TYPES)
    known["History"]["properties"]["diagnosis_basis"]["enum"] = list(BASES)
    _fill_category(known["Category"])
    known["Descriptor"]["properties"]["name"]["enum"] = list(DESCRIPTOR_VALUES)
    known["Descriptor"]["oneOf"] = [
        {"properties": {"name": {"const": name}, "value": {"enum": list(values)}}}
        for name, values in DESCRIPTOR_VALUES.items()
    ]
    known["StageGroup"]["properties"]["system"]["enum"] = list(SYSTEMS)
    groups = [value for values in GROUP_VALUES.values() for value in values]
    group = known["StageGroup"]["then"]["properties"]
    group["value"]["enum"] = [*groups, *values_of("group")]
    group["upper"]["enum"] = groups
    found: dict[str, Any] = document
    return found


def _fill_category(category: dict[str, Any]) -> None:
    """Put in the values of T, N and M, and what a subcategory and the end of a range look like."""
    letters, digits = vocabulary.subcategory_letters(), vocabulary.subcategory_digits()
    ends = vocabulary.value_digits().replace("0-", "1-")
    subcategory = f"[{letters}]([{digits}]|i{{1,3}}|iv)?"
    category["properties"]["subcategory"]["pattern"] = f"^{subcategory}$"
    category["properties"]["upper"]["pattern"] = f"^(X|\\+|0|a|is|[{ends}])({subcategory})?$"
    for one in category["allOf"]:
        letter = one["if"]["properties"]["letter"]["const"]
        values = [*vocabulary.values(letter), vocabulary.NOT_ASSIGNED, *values_of(letter)]
        one["then"]["properties"]["value"]["enum"] = values


def as_text(value: Any, indent: str = "", before: int = 0) -> str:
    """Return JSON in lines of at most 110 characters; what fits stands in one line.

    Args:
        value: what JSON can hold.
        indent: the blanks in front of the line that it begins in.
        before: how many characters of that line stand before it.
    """
    flat = json.dumps(value, ensure_ascii=False)
    is_root = not indent
    if not is_root and len(indent) + before + len(flat) <= _WIDTH:
        return flat
    inner = indent + "  "
    if isinstance(value, dict):
        items = [f"{json.dumps(key)}: {as_text(one, inner, len(key) + 5)}" for key, one in value.items()]
        return "{\n" + ",\n".join(inner + item for item in items) + f"\n{indent}}}"
    if isinstance(value, list):
        items = [as_text(one, inner) for one in value]
        lines = _filled_lines(items) if all(isinstance(one, str) for one in value) else items
        return "[\n" + ",\n".join(inner + line for line in lines) + f"\n{indent}]"
    return flat


def _filled_lines(items: list[str]) -> list[str]:
    """Return short items side by side."""
    lines = [items[0]]
    for item in items[1:]:
        if len(lines[-1]) + len(item) < 60:
            lines[-1] += f", {item}"
        else:
            lines.append(item)
    return lines


def current() -> str:
    """Return the text that the file has to have."""
    return as_text(filled(json.loads(SCHEMA.read_text(encoding="utf-8")))) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(current(), encoding="utf-8")
