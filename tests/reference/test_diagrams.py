"""The diagrams of the documentation show the grammar as it is."""

from __future__ import annotations

import importlib.util
from typing import Any

import pytest

from tests.support.paths import ROOT
from tests.support.scratch import needs_checkout

pytestmark = needs_checkout
SCRIPT = ROOT / "docs" / "make_diagrams.py"


@pytest.fixture
def drawing() -> Any:
    """The script that draws the diagrams; the test is skipped where its package is missing."""
    pytest.importorskip("railroad")
    spec = importlib.util.spec_from_file_location("make_diagrams", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_diagrams_are_those_of_the_grammar(drawing: Any) -> None:
    drawn = drawing.diagrams()
    files = {path.name: path.read_text(encoding="utf-8") for path in drawing.FOLDER.glob("*.svg")}
    assert files == drawn


def test_the_documentation_shows_each_diagram(drawing: Any) -> None:
    page = (ROOT / "docs" / "notation.md").read_text(encoding="utf-8")
    assert all(f"notation/{name}" in page for name in drawing.diagrams())
