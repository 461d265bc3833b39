"""What import-linter cannot see: who reads the grammar, how large a module is, what a test may import."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import rstage
from rstage.reference.grammar import grammar_text
from tests.support.paths import DOCS

PACKAGE = Path(rstage.__file__).parent
TESTS = Path(__file__).parent
LONGEST = 400


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def test_modules_are_small() -> None:
    lengths = {str(path.relative_to(PACKAGE)): path.read_bytes().count(b"\n") for path in modules()}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_few_modules_stand_beside_the_packages() -> None:
    # Those that hang rstage into another library are named after it, and are for its users.
    libraries = {"duckdb", "pandera", "polars", "postgresql", "spacy", "spark"}
    assert len({path.stem for path in PACKAGE.glob("*.py")} - libraries) <= 7


def test_only_one_module_reads_the_grammar_folder() -> None:
    users = {path for path in modules() if '"grammar"' in path.read_text(encoding="utf-8")}
    assert users == {PACKAGE / "reference" / "tsv.py"}


def test_the_grammar_holds_no_code() -> None:
    lines = [line for line in grammar_text("tnm.lark").splitlines() if not line.lstrip().startswith("//")]
    assert not [line for line in lines if line.lstrip().startswith(("%import", "%declare")) or "->" in line]


def imported_by(path: Path) -> set[str]:
    """Return the names of all modules that a module imports, in its functions too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def test_tests_share_helpers_and_import_no_other_test() -> None:
    """What two tests need is in tests/support; benchmarks are no part of the tests either."""
    others = {path.stem for path in (TESTS.parent / "benchmarks").glob("*.py")}
    tests = sorted(TESTS.rglob("*.py"))
    assert len(tests) > 50
    for path in tests:
        imported = imported_by(path)
        assert not imported & others, path
        of_tests = {name for name in imported if f"{name}.".startswith("tests.")}
        assert all(f"{name}.".startswith("tests.support.") for name in of_tests), path


PAGE = (DOCS / "architecture.md").read_text(encoding="utf-8")


def test_the_page_names_every_room() -> None:
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    named = set(re.findall(r"^\| `(\w+)/?` \|", PAGE, re.MULTILINE))
    assert rooms | {"grammar"} == named


def test_every_module_that_the_page_names_is_there() -> None:
    known = [path.relative_to(PACKAGE).as_posix() for path in modules()]
    named = set(re.findall(r"`([\w/]+\.py)`", PAGE))
    assert len(named) > 30
    assert {name for name in named if not any(f"/{one}".endswith(f"/{name}") for one in known)} == set()
