"""Answers the suite with the pipe `eds.tnm` of EDS-NLP.

    python -m rstage.conformance --command 'python conformance/adapters/with_edsnlp.py'

It finds stagings in text and says prefix, value and specification of T, N and M, and the residual tumor. It
knows no field, dialect, stage group or r-form.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import edsnlp

_PARTS = (("T", "tumour"), ("N", "node"), ("M", "metastasis"))

pipeline = edsnlp.blank("eds")
pipeline.add_pipe("eds.tnm")


def stage_of(found: Any) -> dict[str, Any]:
    """Return a stage as the suite writes it."""
    texts, values, prefixes = [], [], ""
    for letter, name in _PARTS:
        value = getattr(found, name)
        if value is None:
            continue
        prefix = getattr(found, f"{name}_prefix") or ""
        more = getattr(found, f"{name}_specification") or ""
        suffix = getattr(found, f"{name}_suffix") or ""
        prefixes += prefix
        values.append(f"{letter}{value}{more}")
        texts.append(f"{prefix}{letter}{value}{more}{suffix}")
    if found.resection is not None:
        texts.append(f"R{found.resection}")
    return {"canonical": " ".join(texts), "values": values, "recurrence": "r" in prefixes}


def mentions_of(text: str) -> list[dict[str, Any]]:
    """Return what is found in a text."""
    return [{"span": [one.start_char, one.end_char], **stage_of(one._.tnm)} for one in pipeline(text).ents]


def answer(ask: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to one question."""
    if ask["task"] == "read" and ask["field"] is None and ask["dialect"] is None:
        return {"stages": mentions_of(ask["text"])}
    if ask["task"] == "find":
        return {"mentions": mentions_of(ask["text"])}
    return {"unsupported": True}


for line in sys.stdin.buffer:
    asked = json.loads(line)
    print(json.dumps({"id": asked["id"], **answer(asked)}), flush=True)
