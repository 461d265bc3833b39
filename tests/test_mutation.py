"""The program that makes small faults: which it makes, and that what is listed as equal is still there."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from tests.support.mutation.__main__ import equal_changes
from tests.support.mutation.mutants import mutants_of, tree_of
from tests.support.mutation.places import SOURCE

if TYPE_CHECKING:
    from pathlib import Path

SOURCE_TEXT = '''"""A module."""
LIMIT = 3

def grow(value: int, *, by: int = 1) -> int:
    """Grow."""
    if value < LIMIT and by:
        value += by
    for one in range(
        value,
    ):
        seen(one)
    return value
'''


def test_which_faults_are_made(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text(SOURCE_TEXT, encoding="utf-8")
    made = [(one.function, one.lines, one.change) for one in mutants_of(path)]
    assert ("", (2, 2), "3 -> 4") in made
    assert {change for function, _, change in made if function == "grow"} == {
        "1 -> 2",
        "if value < LIMIT and by: value += by -> if not (value < LIMIT and by): value += by",
        "value < LIMIT and by -> value < LIMIT or by",
        "value < LIMIT -> value <= LIMIT",
        "value += by -> pass",
        "seen(one) -> pass",
        "return value -> return None",
    }
    # The lines of a statement are those of its head: what stands below is run for itself.
    assert {lines for _, lines, change in made if "seen" in change} == {(11, 11)}
    for number, one in enumerate(mutants_of(path)):
        assert one.number == number
        assert ast.unparse(tree_of(path, number)) != ast.unparse(ast.parse(SOURCE_TEXT))


@pytest.mark.parametrize(("module", "function", "change"), equal_changes())
def test_what_is_listed_as_equal_is_one_change(module: str, function: str, change: str) -> None:
    made = [(one.function, one.change) for one in mutants_of(SOURCE / module)]
    assert made.count((function, change)) == 1


def test_why_a_change_is_equal_is_said() -> None:
    assert all(len(why.split()) > 3 for why in equal_changes().values())
