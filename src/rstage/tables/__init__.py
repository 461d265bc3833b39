"""Tables of stages: what the commands do with their rows, and `report`, the page with pictures of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rstage.tables.pictured import report

__all__ = ["report"]


def __getattr__(name: str) -> object:
    # Most commands need no page, and a command starts fast.
    if name != "report":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from rstage.tables.pictured import report

    return report
