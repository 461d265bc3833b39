"""A scratch copy of the project, in which a test does what a recipe of CONTRIBUTING.md says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

_COPIED = ("src", "grammar", "tests", "examples", "pyproject.toml")

needs_checkout = pytest.mark.skipif(
    not (ROOT / "src" / "rstage").is_dir(), reason="there is no checkout around the tests"
)


class Scratch:
    """A copy of the project that can be changed; whatever runs in it sees the copy alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "copy"
        self.folder.mkdir()
        for name in _COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, self.folder / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, self.folder / name)

    def write(self, path: str, text: str) -> None:
        """Add a file."""
        assert not (self.folder / path).exists()
        (self.folder / path).write_text(text, encoding="utf-8")

    def replace(self, path: str, before: str, after: str) -> None:
        """Replace a text that stands once in a file."""
        text = (self.folder / path).read_text(encoding="utf-8")
        assert text.count(before) == 1, f"{path} does not hold {before!r} once"
        (self.folder / path).write_text(text.replace(before, after), encoding="utf-8")

    def append(self, path: str, text: str) -> None:
        """Put a text at the end of a file."""
        with (self.folder / path).open("a", encoding="utf-8") as file:
            file.write(text)

    def python(self, *arguments: str) -> str:
        """Return what Python prints with the copy; that it ends well is asserted."""
        environment = {**os.environ, "PYTHONPATH": str(self.folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(  # noqa: S603  this Python, and the copy alone
            [sys.executable, *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def rstage(self, *arguments: str) -> str:
        """Return what a command prints to stdout."""
        return self.python("-m", "rstage", *arguments)

    def test(self, *arguments: str) -> None:
        """Run some tests of the copy."""
        self.python("-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments)


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    """A scratch copy of the project."""
    return Scratch(tmp_path)
