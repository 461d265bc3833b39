"""The words that name a place where a residual tumor can be: what else stands there may be a name."""

from __future__ import annotations

import re
from functools import cache

from rstage.reference.tsv import data_rows

_WORD = re.compile(r"[^\W\d_]{3,}")


@cache
def _words() -> frozenset[str]:
    return frozenset(row["word"] for row in data_rows("places.tsv"))


def names_a_place(text: str) -> bool:
    """Return whether every word of three letters or more, in any case, is one of a place."""
    return all(word in _words() for word in _WORD.findall(text.lower()))
