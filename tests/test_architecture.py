"""What import-linter cannot see of the structure: who reads the grammar, and how large a module is."""

from __future__ import annotations

from pathlib import Path

import pytest

import rstage
from rstage.reference.grammar import grammar_text

PACKAGE = Path(rstage.__file__).parent
LONGEST = 400


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_is_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_few_modules_stand_beside_the_packages() -> None:
    assert len(list(PACKAGE.glob("*.py"))) <= 12


def test_only_one_module_reads_the_grammar_folder() -> None:
    users = {path for path in modules() if '"grammar"' in path.read_text(encoding="utf-8")}
    assert users == {PACKAGE / "reference" / "tsv.py"}


def test_the_grammar_holds_no_code() -> None:
    lines = [line for line in grammar_text("tnm.lark").splitlines() if not line.lstrip().startswith("//")]
    assert not [line for line in lines if line.lstrip().startswith(("%import", "%declare")) or "->" in line]
