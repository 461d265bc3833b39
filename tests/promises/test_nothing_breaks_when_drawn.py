"""A short run of the program with a seed of its own; the long ones are by hand."""

from __future__ import annotations

import pytest

from tests.support.fuzz.program import BLOCK, KINDS, cases, fuzz
from tests.support.fuzz.promises import NO_R, BrokenError, hold

SEED = 1880


@pytest.mark.parametrize(
    "readings", [pytest.param(300, id="few"), pytest.param(12_000, id="many", marks=pytest.mark.slow)]
)
def test_no_promise_is_broken(readings: int) -> None:
    ran = fuzz(readings, SEED)
    assert ran.failures == []
    assert ran.readings >= readings
    if readings > 300:
        assert len(ran.tries) == len(KINDS)


def test_a_case_can_be_drawn_again() -> None:
    assert cases(SEED, [7]) == cases(SEED, [7])


def test_it_is_known_what_was_called() -> None:
    ran = cases(SEED, range(20))
    assert ran.calls["read"] > ran.tries["read"] > 0
    assert ran.calls["parse"] == ran.tries["read"]


def test_more_processes_draw_the_same_cases() -> None:
    alone, together = fuzz(BLOCK, SEED), fuzz(BLOCK, SEED, processes=2)
    assert together == alone
    assert together.readings >= BLOCK


def test_a_broken_promise_is_named() -> None:
    with pytest.raises(BrokenError, match="no r is lost and none is invented: 'T2'"):
        hold(None, NO_R, "T2")
