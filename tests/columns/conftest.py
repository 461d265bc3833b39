"""What the tests of columns share."""

from __future__ import annotations

import pytest


@pytest.fixture(params=[3, None], ids=["few rows at a time", "all rows at a time"])
def rows_at_a_time(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    from rstage.columns import arrow, restaging

    for module in (arrow, restaging):
        monkeypatch.setattr(module, "ROWS_AT_A_TIME", request.param or module.ROWS_AT_A_TIME)
