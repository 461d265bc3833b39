"""The recipe "Add a finding" of CONTRIBUTING.md, done with one that nobody needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.scratch import needs_checkout

if TYPE_CHECKING:
    from tests.support.scratch import Scratch

RULE = """

T_WITHOUT_N = _warning(
    code="RS399",
    name="T_WITHOUT_N",
    message="T stands without N",
    reason="It shows how a finding is added.",
    source="invented",
    wrong="pT2 M0",
    right="pT2 pN0 M0",
)
"""
CHECK = '''

@check(rules.T_WITHOUT_N, facts.KINDS["T"])
def t_without_n(stage: Stage) -> Iterator[Problem]:
    """A T, and no N."""
    if stage.t is not None and stage.n is None:
        yield Problem("T")
'''


@needs_checkout
@pytest.mark.slow
def test_a_finding_is_a_rule_and_the_function_that_finds_it(scratch: Scratch) -> None:
    scratch.append("src/rstage/rules/plausibility.py", RULE)
    scratch.append("src/rstage/model/checks.py", CHECK)
    assert "RS399 warning: T stands without N" in scratch.rstage("check", "--text", "pT2 M0")
    assert "It shows how a finding is added." in scratch.rstage("explain", "RS399")
    assert "RS399" in scratch.rstage("rules")
    scratch.test("tests/test_rules.py", "-k", "RS399 or unique")
