"""What a line of the tables expects of a reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rstage import rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rstage.diagnostics import Diagnostic
    from rstage.reading.read import Reading


def canonical(reading: Reading) -> str:
    """Return the stages of a reading as the tables write them."""
    return " | ".join(map(str, reading.stages))


def _code(name: str) -> str:
    found: str = getattr(rules, name).code
    return found


def assert_codes(expected: str, diagnostics: Iterable[Diagnostic]) -> None:
    """Every name must be among the findings, and no name that has ! in front."""
    found = {diagnostic.code for diagnostic in diagnostics}
    named = expected.split()
    required = {_code(name) for name in named if not name.startswith("!")}
    forbidden = {_code(name[1:]) for name in named if name.startswith("!")}
    assert required <= found
    assert not forbidden & found
