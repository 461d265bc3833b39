"""One restaging that many tests change in one place."""

from __future__ import annotations

from typing import Any

import rstage

DIAGNOSIS: dict[str, Any] = {"text": "cT2 cN0 cM0", "tumor_id": "T1", "site": "C18.7", "date": "2019-03-02"}
ASSESSMENT: dict[str, Any] = {
    "text": "cT0 cN0 pM1(HEP)",
    "tumor_id": "T1",
    "site": "C18.7",
    "date": "2023-05",
}


def diagnosis(text: str = DIAGNOSIS["text"], **fields: Any) -> rstage.Staging:
    """Return the staging at diagnosis, some of it changed."""
    return rstage.Staging.parse(**{**DIAGNOSIS, "text": text, **fields})


def assessment(text: str = ASSESSMENT["text"], **fields: Any) -> rstage.Staging:
    """Return the later staging, some of it changed."""
    return rstage.Staging.parse(**{**ASSESSMENT, "text": text, **fields})


def restaging(**options: Any) -> rstage.Restaging:
    """Return the restaging of both."""
    return rstage.restage(diagnosis(), assessment(), **{"event": "recurrence", **options})


def names(found: tuple[rstage.Diagnostic, ...]) -> list[str]:
    """Return the names of what was found."""
    return [one.name for one in found]
