"""The items of a user dictionary that hold restagings: their names, and which of a message are such."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from rstage.reading.read import read
from rstage.restaging.recurrence import RecurrenceType

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_PREFIX = 12
MOST_RESTAGINGS = 3
"""Restagings of one tumor that have items; an item stands once in a tumor."""

PREFIX = re.compile(rf"[a-z][A-Za-z0-9]{{0,{LONGEST_PREFIX - 1}}}", re.ASCII)
_URI = "urn:rstage:naaccr-items:"
_LINK = re.compile(r"r[12]:[0-9a-f]{64}")
_DATE = re.compile(r"\d{4}(?:\d\d){0,2}", re.ASCII)


class ItemKind(NamedTuple):
    """An item of a restaging: the end of its name, what it is called, and its length."""

    suffix: str
    label: str
    length: int


KINDS = (
    ItemKind("Restaged", "Restaged stage", 250),
    ItemKind("RestagedT", "Restaged T", 30),
    ItemKind("RestagedN", "Restaged N", 40),
    ItemKind("RestagedM", "Restaged M", 120),
    ItemKind("RestagedStageGroup", "Restaged stage group", 40),
    ItemKind("RestagedDate", "Date of restaging", 10),
    ItemKind("RecurrenceType", "Type of recurrence", 25),
    ItemKind("RestagingLink", "Link to the diagnosis", 67),
)


def uri_of(prefix: str) -> str:
    """Return what the dictionary of the items with this prefix is called."""
    return _URI + prefix


def name_of(prefix: str, kind: ItemKind, count: int) -> str:
    """Return what an item of a restaging is called; the first one of a tumor has no number."""
    return f"{prefix}{kind.suffix}{count if count > 1 else ''}"


@lru_cache(256)
def own_items(uris: str) -> Mapping[str, ItemKind]:
    """Return the items of restagings by their names, as the dictionaries have them that a message names."""
    prefixes = [uri.removeprefix(_URI) for uri in uris.split() if uri.startswith(_URI)]
    return {
        name_of(prefix, kind, count): kind
        for prefix in prefixes
        if PREFIX.fullmatch(prefix)
        for kind in KINDS
        for count in range(1, MOST_RESTAGINGS + 1)
    }


def is_as_written(kind: ItemKind, text: str) -> bool:
    """Return whether an item holds what is written into one of its kind."""
    if kind.suffix == "RestagingLink":
        return _LINK.fullmatch(text) is not None
    if kind.suffix == "RestagedDate":
        return _DATE.fullmatch(text) is not None
    if kind.suffix == "RecurrenceType":
        return set(text.split("+")) <= {str(one.value) for one in RecurrenceType}
    stage = read(text).stage
    return stage is not None and stage.is_recurrence
