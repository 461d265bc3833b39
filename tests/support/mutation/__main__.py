"""The command: draws mutants of the core, runs them, and prints the score and every one that survived."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import Phase, settings

from tests.support.mutation.mutants import Mutant, mutants_of
from tests.support.mutation.places import ROOMS, SOURCE
from tests.support.mutation.running import KILLED, SURVIVED, TOO_LONG, Runner

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[3]

TESTS = (
    *(
        "tests/model",
        "tests/notation",
        "tests/reading",
        "tests/dialects",
        "tests/restaging",
        "tests/reference",
    ),
    *(
        "tests/sites",
        "tests/test_calls.py",
        "tests/test_rules.py",
        "tests/test_schema.py",
        "tests/text/test_find.py",
    ),
    *("tests/promises/test_no_r_lost_or_invented.py", "tests/promises/test_nothing_guessed_silently.py"),
    *("tests/promises/test_diagnosis_unchanged.py", "tests/promises/test_reprs.py"),
    *("tests/test_said.py", "tests/promises/test_every_character.py"),
)
EQUAL = ROOT / "tests" / "support" / "mutation" / "equal.tsv"


def equal_changes() -> dict[tuple[str, str, str], str]:
    """Return the changes that make no difference, with the reason."""
    lines = EQUAL.read_text(encoding="utf-8").splitlines()[1:]
    cells = [line.split("\t") for line in lines]
    return {(module, function, change): why for module, function, change, why in cells}


class Mutating:
    """Takes the place of the loop that runs the tests."""

    def __init__(self, given: argparse.Namespace) -> None:
        self.given = given

    def _drawn(self) -> list[Mutant]:
        paths = [path for room in ROOMS for path in sorted((SOURCE / room).glob("*.py"))]
        chosen = [path for path in paths if not self.given.only or self.given.only in path.as_posix()]
        # What stands outside of functions was done when the module was imported.
        every = [one for path in chosen for one in mutants_of(path) if one.function]
        if self.given.again is not None:
            lines = self.given.again.read_text(encoding="utf-8")
            return [one for one in every if _named(one) in lines]
        sample = min(self.given.sample, len(every))
        _say(f"{len(every):,} mutants in {len(chosen)} modules, {sample:,} drawn with seed {self.given.seed}")
        return Random(self.given.seed).sample(every, sample)  # noqa: S311  no secret

    def _runner(self, session: pytest.Session) -> Runner:
        return Runner(session.items, self.given.budget, self.given.costs)

    def pytest_configure(self) -> None:
        """Let a test that draws fail at once: the smallest example that fails is of no use here."""
        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("mutation", settings.get_profile("rstage"), phases=phases, database=None)
        settings.load_profile("mutation")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the mutants."""
        drawn, runner, equal = self._drawn(), self._runner(session), equal_changes()
        _say(f"{runner.tests:,} tests pass without a change")
        results: Counter[str] = Counter()
        by_room: dict[str, Counter[str]] = {room: Counter() for room in ROOMS}
        for number, one in enumerate(drawn, 1):
            module = one.path.relative_to(SOURCE).as_posix()
            result = runner.run(one)
            if result == SURVIVED and (module, one.function, one.change) in equal:
                result = "equal"
            results[result] += 1
            by_room[module.partition("/")[0]][result] += 1
            if result == SURVIVED:
                _say(f"{result} {_named(one).strip()}")
            if number % 50 == 0:
                _say(f"{number} of {len(drawn)}: {_score(results)}")
        for room, counted in by_room.items():
            _say(f"{room}: {_score(counted)}")
        _say(f"all: {_score(results)}")
        return True


def _named(mutant: Mutant) -> str:
    """Return a mutant as it is printed."""
    module = mutant.path.relative_to(SOURCE).as_posix()
    return f"src/rstage/{module}:{mutant.line} {mutant.function}: {mutant.change}\n"


def _score(results: Counter[str]) -> str:
    killed = results[KILLED] + results[TOO_LONG]
    counted = results.total() - results["equal"]
    share = f"{killed / counted:.1%}" if counted else "none"
    listed = ", ".join(f"{name} {count}" for name, count in sorted(results.items()))
    return f"{share} of {counted} killed ({listed})"


def _say(text: str) -> None:
    print(text, file=sys.__stdout__, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.mutation", description=__doc__)
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--budget", type=float, default=80, help="seconds of tests for each mutant")
    parser.add_argument("--costs", type=Path, help="keeps what each test costs, for the next run")
    parser.add_argument("--only", default="", help="a part of the paths, such as model/checks")
    parser.add_argument("--again", type=Path, help="what was printed before: only what survived then")
    given = parser.parse_args(arguments)
    os.environ["CI"] = "1"  # the examples of hypothesis are the same every time
    given.costs = given.costs and given.costs.absolute()
    os.chdir(ROOT)
    # The helpers were imported with this program; how an assertion of theirs is shown does not matter here.
    shown = ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    options = ["-q", "-p", "no:cacheprovider", "-s", *shown, *TESTS]
    return int(pytest.main(options, plugins=[Mutating(given)]))


if __name__ == "__main__":
    sys.exit(main())
