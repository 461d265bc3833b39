"""Which lines of the core each test runs, and how long it takes."""

from __future__ import annotations

import contextlib
import os
import pickle
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from _pytest.runner import runtestprotocol

from tests.support.mutation.places import ROOMS, SOURCE, forget

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType

    import pytest

_INSIDE = tuple(f"{SOURCE}{os.sep}{room}{os.sep}" for room in ROOMS)
_MOST_CALLS = 2_000
"""So many calls of a function are followed in one test: what is new comes early, and each costs."""


class Cost(NamedTuple):
    """What a test runs, and how long it takes.

    Attributes:
        seconds: of the processor.
        lines: by the path of a module in the package its lines, each a bit.
    """

    seconds: float
    lines: dict[str, int]

    def meets(self, path: str, first: int, last: int) -> bool:
        """Return whether one of some lines is run."""
        return bool(self.lines.get(path, 0) >> first & (1 << last - first + 1) - 1)


class _Lines:
    """Follows one test."""

    def __init__(self) -> None:
        self._seen: dict[CodeType, set[int]] = {}
        self._calls: dict[CodeType, int] = {}

    def call(self, frame: Any, _event: str, _argument: object) -> Any:
        """Follow a call into the core."""
        code = frame.f_code
        left = self._calls.get(code)
        if left is None:
            left = _MOST_CALLS if code.co_filename.startswith(_INSIDE) else 0
            self._seen[code] = set()
        self._calls[code] = left - 1 if left else 0
        return self._line if left else None

    def _line(self, frame: Any, event: str, _argument: object) -> Any:
        if event == "line":
            self._seen[frame.f_code].add(frame.f_lineno)
        return self._line

    def by_path(self) -> dict[str, int]:
        """Return the lines as bits."""
        found: dict[str, int] = {}
        for code, lines in self._seen.items():
            path = code.co_filename.removeprefix(f"{SOURCE}{os.sep}")
            for line in lines:
                found[path] = found.get(path, 0) | 1 << line
        return found


def passes(item: pytest.Item, following: pytest.Item | None) -> bool:
    """Run a test."""
    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=following))


def quietly() -> None:
    """Let what a fork prints be for nobody."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)


def _measured(items: Sequence[pytest.Item]) -> dict[str, Cost]:
    found = {}
    for place, item in enumerate(items):
        forget()  # what was read before is not read again
        lines = _Lines()
        begun = time.process_time()
        sys.settrace(lines.call)
        try:
            passed = passes(item, items[place + 1] if place + 1 < len(items) else None)
        finally:
            sys.settrace(None)
        if passed:
            found[item.nodeid] = Cost(time.process_time() - begun, lines.by_path())
    return found


def costs(items: Sequence[pytest.Item]) -> dict[str, Cost]:
    """Return what each test that passes costs and runs; measured in a fork, so that nothing is kept."""
    if not items:
        return {}
    with tempfile.NamedTemporaryFile() as kept:
        child = os.fork()
        if not child:
            with contextlib.suppress(BaseException):
                quietly()
                Path(kept.name).write_bytes(pickle.dumps(_measured(items)))
            os._exit(0)
        os.waitpid(child, 0)
        found: dict[str, Cost] = pickle.loads(kept.read())  # noqa: S301  written by this process
    return found
