"""Where the core is, and what it remembers."""

from __future__ import annotations

import gc
from functools import _lru_cache_wrapper
from pathlib import Path

import rstage

SOURCE = Path(rstage.__file__).parent
ROOMS = ("model", "notation", "reading", "dialects", "restaging")

_MODULES = tuple(f"rstage.{room}." for room in ROOMS)
_tables: list[_lru_cache_wrapper[object]] = []


def forget() -> None:
    """Forget every text that was read, and every table of the core: each is made again where it is used."""
    if not _tables:
        found = [one for one in gc.get_objects() if isinstance(one, _lru_cache_wrapper)]
        _tables.extend(one for one in found if str(one.__module__).startswith(_MODULES))
    rstage.clear_caches()
    for table in _tables:
        table.cache_clear()
