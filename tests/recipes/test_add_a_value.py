"""The recipe "Add a value of a category" of CONTRIBUTING.md is true: the table is all that has to change."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (ROOT / "grammar").is_dir(), reason="there is no checkout to copy"),
]

# The value and a range that ends with it; the line of the table that it is in, and what becomes of it.
ADDED = (
    ("T4f", "T4a-4f", r"^(T\t4\t[^\t]*)\t", "\\1 f\t"),
    ("N3d", "N2-3d", r"^(N\t3\t[^\t]*)\t", "\\1 d\t"),
    ("N5", "N2-5", r"^(N\t4\t.*)$", "\\1\nN\t5\t\t\tan invented list"),
    ("M2", "M1-2", r"^(M\t1\t.*)$", "\\1\nM\t2\t\t\tan invented list"),
)


def run(project: Path, *arguments: str) -> str:
    """Run Python with the copy of the project, and return what it printed."""
    paths = os.pathsep.join(map(str, (project / "src", project)))
    done = subprocess.run(  # noqa: S603  this Python, and nothing from outside
        [sys.executable, *arguments],
        cwd=project,
        env={**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-4_000:]
    return done.stdout


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("project")
    for name in ("src", "grammar", "tests"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def change(path: Path, pattern: str, replacement: str) -> None:
    text, count = re.subn(pattern, replacement, path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert count
    path.write_text(text, encoding="utf-8")


def test_a_value_that_is_added_to_the_table_can_be_used_everywhere(project: Path) -> None:
    for text, span, line, changed in ADDED:
        change(project / "grammar" / "values.tsv", line, changed)
        with (project / "tests" / "data" / "accepted.tsv").open("a", encoding="utf-8") as table:
            table.write(f"category\t{text}\t\t{text}\n")
        # Where it stood among what is refused, it goes.
        change(project / "tests" / "data" / "rejected.tsv", rf"^(?:.*\b{text}\b.*\n|\Z)", "")
        run(project, "-m", "tests.support.schema_lists")
        used = run(project, "-m", "tests.recipes.value_in_use", text, span)
        assert used.strip() == str(project / "src" / "rstage" / "__init__.py")
    tests = [f"tests/notation/test_tables.py::{name}" for name in ("test_accepted", "test_rejected")]
    lists = "tests/test_schema.py::test_what_the_schema_lists_is_what_there_is"
    run(project, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests, lists)
