"""Runs mutants in forks of one process in which every test is collected and none has run."""

from __future__ import annotations

import ast
import contextlib
import gc
import json
import os
import pickle
import resource
import subprocess
import sys
from importlib import import_module
from importlib.machinery import SourceFileLoader
from pkgutil import iter_modules
from types import CodeType, FunctionType
from typing import TYPE_CHECKING

import pytest

from tests.support.mutation.covering import Cost, costs, passes, quietly
from tests.support.mutation.mutants import Mutant, tree_of
from tests.support.mutation.places import ROOMS, SOURCE, forget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

_INSIDE = f"{SOURCE}{os.sep}"
KILLED, SURVIVED, TOO_LONG = "killed", "survived", "too long"
_LEAST_CPU = 5
"""Seconds of the processor that a test may take, if it takes next to none without a change."""
_CPU_ANEW = 30
"""Beside what the tests take: for the import of everything."""
_FAST = 0.1
_FIRST, _SECOND = 100, 40
_WIDEST = "tests/test_said.py"
_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

_NOTE_CALLS = """
import json, pkgutil, sys
from importlib import import_module
found = set()
def note(frame, event, argument):
    if event == "call":
        found.add((frame.f_code.co_filename, frame.f_code.co_qualname))
sys.setprofile(note)
for room in sys.argv[1:]:
    for one in pkgutil.iter_modules(import_module(room).__path__):
        import_module(f"{room}.{one.name}")
sys.setprofile(None)
print(json.dumps(sorted(found)))
"""

_Functions = dict[tuple[str, str], list[FunctionType]]
"""By the path of the module and the name with that of the class; wrapped ones too."""


def _every_function() -> _Functions:
    for room in ROOMS:
        for found_module in iter_modules([str(SOURCE / room)]):
            import_module(f"rstage.{room}.{found_module.name}")
    found: _Functions = {}
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__code__.co_filename.startswith(_INSIDE):
            found.setdefault((one.__code__.co_filename, one.__code__.co_qualname), []).append(one)
    return found


def _called_early() -> frozenset[tuple[str, str]]:
    """Return the functions of the core that are called while it is imported: what they gave stays."""
    finished = subprocess.run(  # noqa: S603  this Python and nothing from outside
        [sys.executable, "-c", _NOTE_CALLS, *(f"rstage.{room}" for room in ROOMS)],
        check=True,
        capture_output=True,
        text=True,
    )
    return frozenset((path, name) for path, name in json.loads(finished.stdout))


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def _place_of(mutant: Mutant) -> str:
    return str(mutant.path).removeprefix(_INSIDE)


def _compiled(tree: ast.Module, mutant: Mutant) -> CodeType:
    return compile(tree, str(mutant.path), "exec", dont_inherit=True)


def _install(mutant: Mutant, functions: Sequence[FunctionType]) -> None:
    """Put the changed function in the place of the one that everybody holds."""
    tree = tree_of(mutant.path, mutant.number)
    new = {code.co_qualname: code for code in _codes(_compiled(tree, mutant))}
    for function in functions:
        function.__code__ = new[mutant.function]
        _set_defaults(function, _arguments(tree, mutant.function))


def _arguments(tree: ast.Module, function: str) -> ast.arguments:
    """Return the arguments of a function by its name with that of its class."""
    body: Sequence[ast.stmt] = tree.body
    for name in function.split("."):
        found = next(one for one in body if isinstance(one, _NAMED) and one.name == name)
        body = found.body
    return ast.arguments([], [], None, [], [], None, []) if isinstance(found, ast.ClassDef) else found.args


def _set_defaults(function: FunctionType, arguments: ast.arguments) -> None:
    """Give a function those defaults that are plain values; they are no part of its code."""
    given = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    new = {one.arg: value.value for one, value in given if isinstance(value, ast.Constant)}
    function.__kwdefaults__ = (function.__kwdefaults__ or {}) | new
    pairs = zip(arguments.defaults, function.__defaults__ or (), strict=True)
    function.__defaults__ = tuple(new.value if isinstance(new, ast.Constant) else old for new, old in pairs)


def _allow(seconds: float) -> None:
    """End this process when it has taken so many more seconds of the processor."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


def _judged(
    mutant: Mutant, functions: Sequence[FunctionType], tests: Sequence[tuple[pytest.Item, Cost]]
) -> int:
    _install(mutant, functions)
    forget()
    for place, (item, cost) in enumerate(tests):
        _allow(_LEAST_CPU + 10 * cost.seconds)
        if not passes(item, tests[place + 1][0] if place + 1 < len(tests) else None):
            return 1
    return 0


def _judged_anew(mutant: Mutant, seconds: float) -> int:
    """Import everything again, with the change in it, and run the tests of its room."""
    changed = _compiled(tree_of(mutant.path, mutant.number), mutant)
    get_code = SourceFileLoader.get_code

    def code_of(loader: SourceFileLoader, name: str) -> CodeType | None:
        return changed if loader.path == str(mutant.path) else get_code(loader, name)

    for name in [name for name in sys.modules if name.partition(".")[0] in ("rstage", "tests")]:
        del sys.modules[name]
    SourceFileLoader.get_code = code_of  # type: ignore[method-assign, assignment]
    room = mutant.path.parent.name
    _allow(_CPU_ANEW + 3 * seconds)
    return int(pytest.main(["-q", "-x", "-p", "no:cacheprovider", "-W", "ignore", f"tests/{room}"]))


def _in_a_fork(judge: Callable[[], int]) -> str:
    child = os.fork()
    if not child:
        code = 1
        with contextlib.suppress(BaseException):
            quietly()
            code = judge()
        os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return TOO_LONG
    return KILLED if os.WEXITSTATUS(status) else SURVIVED


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
        self._early = _called_early()
        forget()  # what is found now can no longer be found afterwards
        gc.freeze()  # a fork copies what a collection touches

    @property
    def tests(self) -> int:
        """How many tests pass without any change."""
        return len(self._tests)

    def _chosen(self, mutant: Mutant) -> list[tuple[pytest.Item, Cost]]:
        """Return the tests that run the lines of a mutant: fast ones of its room, the widest, the others."""
        room = f"tests/{mutant.path.parent.name}/"
        meeting = [pair for pair in self._tests if pair[1].meets(_place_of(mutant), *mutant.lines)]
        of_room = [pair for pair in meeting if pair[0].nodeid.startswith(room) and pair[1].seconds < _FAST]
        first = {item.nodeid for item, _ in of_room[:_FIRST]}
        widest = [item.nodeid for item, _ in meeting if item.nodeid.startswith(_WIDEST)]
        second = set(widest[:: len(widest) // _SECOND + 1])
        meeting.sort(
            key=lambda pair: (
                pair[0].nodeid not in first,
                pair[0].nodeid not in second,
                pair[1].seconds > _FAST,
                not pair[0].nodeid.startswith(_WIDEST),
            )
        )
        chosen: list[tuple[pytest.Item, Cost]] = []
        spent = 0.0
        for item, cost in meeting:
            spent += cost.seconds
            if spent > self._budget and chosen:
                break
            chosen.append((item, cost))
        return chosen

    def run(self, mutant: Mutant) -> str:
        """Return what came of a mutant."""
        place = str(mutant.path), mutant.function
        functions = self._functions.get(place, [])
        chosen = self._chosen(mutant) if functions else []
        result = _in_a_fork(lambda: _judged(mutant, functions, chosen)) if chosen else SURVIVED
        if result != SURVIVED or (chosen and place not in self._early):
            return result
        # What no test calls, or only what was done when everything was imported and the tests were collected.
        return _in_a_fork(lambda: _judged_anew(mutant, self._seconds_of(mutant.path.parent.name)))

    def _seconds_of(self, room: str) -> float:
        """Return how long the tests of a room take."""
        return sum(cost.seconds for item, cost in self._tests if item.nodeid.startswith(f"tests/{room}/"))
