"""The example of pointblank runs, and its steps count what rstage finds."""

from __future__ import annotations

import warnings
from runpy import run_path
from typing import TYPE_CHECKING, Any

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    pytest.importorskip("pointblank", reason="pointblank is not installed")
    pytest.importorskip("polars", reason="the extra polars is not installed")
import polars as pl

from tests.support.paths import EXAMPLES

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def example() -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return run_path(str(EXAMPLES / "pointblank_checks.py"))


def test_it_runs(example: dict[str, Any], capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    assert example["main"](str(EXAMPLES / "recurrences.csv"), str(report)) == 1
    assert len(capsys.readouterr().out.splitlines()) == 4
    assert "<table" in report.read_text(encoding="utf-8")


def test_its_steps_count_what_is_wrong(example: dict[str, Any]) -> None:
    table = pl.DataFrame(
        {"old": ["pT2 N0", "T9", "rT2", None, "pT2"], "new": ["rT3", None, "T9", "rT4", "unknown"]}
    )
    found = example["validation"](table, "old", "new")
    assert [step.n_failed for step in found.validation_info] == [1, 1, 1, 2]
