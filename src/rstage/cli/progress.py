"""A line on the terminal that says how far a run is: the bytes that were read, of those that there are."""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

EVERY = 0.2
"""Seconds between two looks; a run that ends before the first shows no line."""

_BLOCKS = 30
_ERASED = "\r\x1b[K"
_lock = threading.Lock()
_is_drawn = False


@contextmanager
def erased() -> Iterator[None]:
    """Leave the line of the terminal to somebody else; it is drawn again at the next look."""
    global _is_drawn  # noqa: PLW0603  there is one terminal
    with _lock:
        if _is_drawn:
            sys.stderr.write(_ERASED)
            sys.stderr.flush()
            _is_drawn = False
        yield


@contextmanager
def progress(options: Mapping[str, Any]) -> Iterator[None]:
    """Show how far the block is, where stderr is a terminal that nothing else is written to.

    Args:
        options: those of the command: with `quiet` nothing is shown, and without an `output` the data takes
            the terminal.
    """
    has_terminal = sys.stderr is not None and sys.stderr.isatty()
    is_taken = options.get("output") in (None, "-") and sys.stdout is not None and sys.stdout.isatty()
    if not has_terminal or is_taken or options.get("quiet", True):
        yield
        return
    is_over = threading.Event()
    watcher = threading.Thread(target=_watch, args=(is_over,), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        is_over.set()
        watcher.join()
        with erased():
            pass


def _watch(is_over: threading.Event) -> None:
    from rstage.files.inputs import read_counts

    began = monotonic()
    while not is_over.wait(EVERY):
        done, size = read_counts()
        if size:
            _draw(bar(done, size, monotonic() - began))


def bar(done: int, size: int, seconds: float) -> str:
    """Return the line: how much is done, and how long the rest will take at that pace."""
    share = min(done / size, 1.0)
    blocks = round(share * _BLOCKS)
    left = round(seconds / share * (1 - share)) if share else 0
    time_left = f"  {left // 60}:{left % 60:02} left" if share else ""
    return f"[{'#' * blocks}{'-' * (_BLOCKS - blocks)}] {share:4.0%}{time_left}"


def _draw(line: str) -> None:
    global _is_drawn  # noqa: PLW0603  there is one terminal
    with _lock:
        sys.stderr.write(_ERASED + line)
        sys.stderr.flush()
        _is_drawn = True
