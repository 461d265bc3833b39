"""Documents: a Composition reaches the new entries from a section of its own, behind the others."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from rstage.messages.json_places import item_spans, member_span
from rstage.messages.json_values import as_dict, as_list, as_text

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from rstage.messages.json_values import JsonObject

_TITLE = "Restaging"


def is_document(bundle: JsonObject) -> bool:
    """Return whether a bundle is a document."""
    return bundle.get("type") == "document"


def last_section(text: str) -> tuple[int, int] | None:
    """Return where the last section of the Composition stands; None where there is none to put one behind."""
    found = list(_sections(text))
    return found[-1] if found else None


def section(references: Sequence[str]) -> JsonObject:
    """Return the section that reaches new entries."""
    return {"title": _TITLE, "entry": [{"reference": one} for one in references]}


def added_sections(text: str, added: Container[str]) -> Iterator[tuple[int, int, int]]:
    """Yield the sections that reach added entries alone: the end of what stands before, its start and end."""
    before = 0
    for start, end in _sections(text):
        one = as_dict(json.loads(text[start:end]))
        names = [as_text(as_dict(entry).get("reference")) for entry in as_list(one.get("entry"))]
        if before and names and one.get("title") == _TITLE and all(name in added for name in names):
            yield before, start, end
        before = end


def _sections(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the sections of the Composition stand, which is the first entry of a document."""
    entries = item_spans(text, "entry")
    if not entries:
        return
    start, end = entries[0]
    inner = member_span(text[start:end], "resource") if text[start] == "{" else None
    if inner is None or text[start + inner[0]] != "{":
        return
    first, last = (start + at for at in inner)
    composition = text[first:last]
    if as_dict(json.loads(composition)).get("resourceType") == "Composition":
        yield from ((first + one, first + other) for one, other in item_spans(composition, "section"))
