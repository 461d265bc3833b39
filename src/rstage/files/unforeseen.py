"""What is said of an exception that nobody foresaw: where it came from, never what it says.

Its message can hold the text of a cell, and so patient data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

_PACKAGE = __name__.partition(".")[0]


def origin(error: BaseException) -> str:
    """Return `KeyError in rstage.reading.read, read_whole, line 213`: the innermost place in rstage."""
    found: tuple[FrameType, int] | None = None
    trace = error.__traceback__
    while trace is not None:
        if found is None or _is_ours(trace.tb_frame):
            found = trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next
    kind = type(error).__name__
    if found is None:
        return kind
    frame, line = found
    return f"{kind} in {frame.f_globals.get('__name__')}, {frame.f_code.co_qualname}, line {line}"


def _is_ours(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__")).partition(".")[0] == _PACKAGE
