"""The engines of tables, for tests that hold for each; one whose extra is missing is skipped by name."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

EACH_ENGINE = (
    "stdlib",
    pytest.param(
        "polars",
        marks=pytest.mark.skipif(find_spec("polars") is None, reason="the extra polars is not installed"),
    ),
)
