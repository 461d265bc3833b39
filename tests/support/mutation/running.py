"""Runs mutants in forks of one process in which every test is collected and none has run."""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import resource
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple

from _pytest.runner import runtestprotocol

import rstage
from tests.support.mutation.mutants import Mutant, tree_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pytest

SOURCE = Path(rstage.__file__).parent
_INSIDE = f"{SOURCE}{os.sep}"
ROOMS = ("model", "notation", "reading", "dialects", "restaging")
KILLED, SURVIVED, TOO_LONG, UNCALLED = "killed", "survived", "too long", "uncalled"
_MOST_CPU = 60
_FAST = 0.1

_Place = tuple[str, str]
"""The module of a function and its name with that of its class."""


class Cost(NamedTuple):
    """What a test calls, and how long it takes."""

    seconds: float
    calls: frozenset[_Place]


def _quietly() -> None:
    """What a fork prints is for nobody."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)


def _passes(item: pytest.Item, following: pytest.Item | None) -> bool:
    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=following))


def _measured(items: Sequence[pytest.Item]) -> dict[str, Cost]:
    found = {}
    for place, item in enumerate(items):
        calls: set[CodeType] = set()

        def note(frame: Any, event: str, _argument: object, calls: set[CodeType] = calls) -> None:
            if event == "call":
                calls.add(frame.f_code)

        begun = time.process_time()
        sys.setprofile(note)
        try:
            passed = _passes(item, items[place + 1] if place + 1 < len(items) else None)
        finally:
            sys.setprofile(None)
        if passed:
            ours = {
                (one.co_filename, one.co_qualname) for one in calls if one.co_filename.startswith(_INSIDE)
            }
            places = frozenset((path.removeprefix(_INSIDE), name) for path, name in ours)
            found[item.nodeid] = Cost(time.process_time() - begun, places)
    return found


def costs(items: Sequence[pytest.Item]) -> dict[str, Cost]:
    """Return what each test that passes costs and calls; measured in a fork, so that nothing is kept."""
    if not items:
        return {}
    with tempfile.NamedTemporaryFile() as kept:
        child = os.fork()
        if not child:
            with contextlib.suppress(BaseException):
                _quietly()
                Path(kept.name).write_bytes(pickle.dumps(_measured(items)))
            os._exit(0)
        os.waitpid(child, 0)
        found: dict[str, Cost] = pickle.loads(kept.read())  # noqa: S301  written by this process
    return found


_Functions = dict[_Place, list[FunctionType]]


def _every_function() -> _Functions:
    """Return every function of the package by its place, wrapped ones too."""
    for room in ROOMS:
        for found_module in iter_modules([str(SOURCE / room)]):
            import_module(f"rstage.{room}.{found_module.name}")
    found: _Functions = {}
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__code__.co_filename.startswith(_INSIDE):
            module = one.__code__.co_filename.removeprefix(_INSIDE)
            found.setdefault((module, one.__code__.co_qualname), []).append(one)
    return found


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def _place_of(mutant: Mutant) -> _Place:
    return str(mutant.path).removeprefix(_INSIDE), mutant.function


def _install(mutant: Mutant, functions: Sequence[FunctionType]) -> None:
    """Put the changed function in the place of the one that everybody holds."""
    module = compile(tree_of(mutant.path, mutant.number), str(mutant.path), "exec", dont_inherit=True)
    new = {code.co_qualname: code for code in _codes(module)}
    for function in functions:
        function.__code__ = new[mutant.function]


def _judged(mutant: Mutant, functions: Sequence[FunctionType], items: Sequence[pytest.Item]) -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_CPU, _MOST_CPU))
    _quietly()
    rstage.clear_caches()
    _install(mutant, functions)
    for place, item in enumerate(items):
        if not _passes(item, items[place + 1] if place + 1 < len(items) else None):
            return 1
    return 0


class Runner:
    """Runs mutants one after the other.

    Args:
        items: every test.
        budget: how many seconds the tests of one mutant may take, by what each took without it.
        kept: a file in which the costs of tests are, or will be.
    """

    def __init__(self, items: Sequence[pytest.Item], budget: float, kept: Path | None) -> None:
        known: dict[str, Cost] = {}
        if kept is not None and kept.exists():
            known = pickle.loads(kept.read_bytes())  # noqa: S301  written by this program
        known |= costs([item for item in items if item.nodeid not in known])
        if kept is not None:
            kept.write_bytes(pickle.dumps(known))
        self._budget = budget
        self._tests = sorted(
            [(item, known[item.nodeid]) for item in items if item.nodeid in known],
            key=lambda pair: pair[1].seconds,
        )
        self._functions = _every_function()
        gc.freeze()  # a fork copies what a collection touches

    @property
    def tests(self) -> int:
        """How many tests pass without any change."""
        return len(self._tests)

    def _chosen(self, mutant: Mutant) -> list[pytest.Item]:
        """Return the tests that call the function of a mutant, those of its room and fast ones first."""
        place = _place_of(mutant)
        room = f"tests/{place[0].partition(os.sep)[0]}/"
        calling = [(item, cost) for item, cost in self._tests if place in cost.calls]
        calling.sort(key=lambda pair: (pair[1].seconds > _FAST, not pair[0].nodeid.startswith(room)))
        chosen: list[pytest.Item] = []
        spent = 0.0
        for item, cost in calling:
            spent += cost.seconds
            if spent > self._budget and chosen:
                break
            chosen.append(item)
        return chosen

    def run(self, mutant: Mutant) -> str:
        """Return what came of a mutant."""
        functions = self._functions.get(_place_of(mutant), [])
        chosen = self._chosen(mutant) if functions else []
        if not chosen:
            return UNCALLED
        child = os.fork()
        if not child:
            code = 1
            with contextlib.suppress(BaseException):
                code = _judged(mutant, functions, chosen)
            os._exit(code)
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            return TOO_LONG
        return KILLED if os.WEXITSTATUS(status) else SURVIVED
