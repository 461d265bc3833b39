"""Answers the suite with openmed's `parse_tnm`.

    python -m rstage.conformance --command 'python conformance/adapters/with_openmed.py'

It reads one staging of a text and says its categories with one prefix, so that is what is answered: the
values, and a canonical text with that prefix on T and N. It knows no field, dialect, group or r-form.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any

from openmed.clinical.cancer_staging import parse_tnm

_LETTERS = ("t", "n", "m")
_SUFFIX = re.compile(r"\(.*\)")


def stage_of(text: str) -> tuple[dict[str, Any] | None, tuple[int, int] | None]:
    """Return the stage that openmed reads in a text, and its span."""
    found = parse_tnm(text)
    basis = found["staging_basis"] or ""
    texts, values = [], []
    for letter in _LETTERS:
        category = found[f"{letter}_category"]
        if category is not None:
            whole = f"{category}{found[f'{letter}_subcategory'] or ''}"
            # One prefix is all it says; M alone carries none of T and N in most texts.
            texts.append(f"{basis if letter != 'm' else ''}{whole}")
            values.append(_SUFFIX.sub("", whole))
    if not texts:
        return None, None
    return {"canonical": " ".join(texts), "values": values, "recurrence": "r" in basis}, found["span"]


def answer(ask: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to one question."""
    if ask["task"] == "read" and ask["field"] is None and ask["dialect"] is None:
        stage, _ = stage_of(ask["text"])
        return {"stages": [] if stage is None else [stage]}
    if ask["task"] == "find":
        stage, span = stage_of(ask["text"])
        mentions = [] if stage is None else [{"span": list(span or ()), "canonical": stage["canonical"]}]
        return {"mentions": mentions}
    return {"unsupported": True}


for line in sys.stdin.buffer:
    asked = json.loads(line)
    print(json.dumps({"id": asked["id"], **answer(asked)}), flush=True)
