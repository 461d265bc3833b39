"""Every command and every block of Python of the documentation runs, in a folder with the examples."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import shutil
import subprocess
import sys
import warnings
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

import rstage
from tests.support.command_line import run
from tests.support.page_blocks import NAMES, NOT_RUN, WARNING_PAGES, prepare
from tests.support.paths import DOCS, EXAMPLES, ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGES = [ROOT / "README.md", EXAMPLES / "README.md", *sorted(DOCS.glob("*.md"))]
EXTRAS = ("polars", "pandas", "pyarrow", "duckdb", "spacy", "pydantic", "pyspark", "pandera")
# What a shell has to run: pipes, redirections, other programs.
_SHELL = re.compile(r"[|<>$;]|&&")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)


class Block(NamedTuple):
    """A block of a page, as it is written."""

    language: str
    text: str


def blocks_of(page: Path) -> list[Block]:
    return [Block(*found) for found in _FENCE.findall(page.read_text(encoding="utf-8"))]


def commands_of(text: str) -> list[str]:
    """Return the commands of a block, each as one line; of a chain that sets rstage up, the last one."""
    lines = text.replace("\\\n", " ").splitlines()
    whole = [line.rsplit("&& ", 1)[-1].strip() if ".venv/bin/rstage" in line else line for line in lines]
    return [line.replace(".venv/bin/rstage", "rstage") for line in whole if line.strip()]


def is_not_run(command: str) -> bool:
    return any(re.match(pattern, command) for pattern in NOT_RUN)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the examples, in which `rstage` and `python` are these."""
    shutil.copytree(EXAMPLES, tmp_path / "examples", ignore=shutil.ignore_patterns("__pycache__"))
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, words in (("rstage", "-m rstage"), ("python", "")):
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {words} "$@"\n', encoding="utf-8")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run_command(command: str) -> tuple[int, str]:
    """Run a command as a shell does; one of rstage alone inside this process, which is faster."""
    if command.startswith("rstage ") and not _SHELL.search(re.sub(r"'[^']*'", "", command)):
        done = run(*shlex.split(command, comments=True)[1:])
        return done.code, done.err
    shell = subprocess.run(  # noqa: S603  our own documentation
        ["bash", "-c", command],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return shell.returncode, shell.stderr


PAGES_WITH = {
    language: [page for page in PAGES if any(one.language == language for one in blocks_of(page))]
    for language in ("sh", "python")
}


@pytest.mark.skipif(sys.platform == "win32", reason="the commands are those of a shell of Unix")
@pytest.mark.parametrize("page", PAGES_WITH["sh"], ids=lambda page: f"{page.parent.name}-{page.stem}")
def test_the_commands_of_a_page_run(page: Path, folder: Path) -> None:
    blocks = blocks_of(page)
    prepare(page.stem, folder, [one.text for one in blocks if one.language == ""])
    for block in blocks:
        for command in commands_of(block.text) if block.language == "sh" else ():
            if is_not_run(command):
                continue
            code, err = run_command(command)
            assert code in (0, 1), (command, err)


@pytest.mark.parametrize("page", PAGES_WITH["python"], ids=lambda page: f"{page.parent.name}-{page.stem}")
def test_the_python_of_a_page_runs(page: Path, folder: Path) -> None:
    blocks = [one for one in blocks_of(page) if one.language in ("python", "sql")]
    texts = [one.text for one in blocks if "rstage import spark" not in one.text]
    for extra in EXTRAS:
        if any(re.search(rf"^(import|from) {extra}\b", text, re.MULTILINE) for text in texts):
            pytest.importorskip(extra, reason=f"{extra} is not installed")
    prepare(page.stem, folder, [])
    names: dict[str, Any] = {"rstage": rstage, "__name__": page.stem}
    if page.stem in NAMES:
        names |= NAMES[page.stem](folder)
    for block in blocks:
        if block.text not in texts or is_not_run(block.text):
            continue
        if block.language == "sql":
            names["connection"].execute(block.text)
        elif block.text.lstrip().startswith(">>> "):
            parsed = doctest.DocTestParser().get_doctest(block.text, names, page.name, str(page), 0)
            failed = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(parsed).failed
            assert failed == 0
        else:
            with warnings.catch_warnings():
                if page.stem in WARNING_PAGES:
                    warnings.simplefilter("ignore")
                exec(compile(block.text, str(page), "exec"), names)  # noqa: S102  our own documentation


@pytest.mark.slow
def test_the_python_for_spark_runs(spark: Any) -> None:
    (block,) = (one for one in blocks_of(DOCS / "columns.md") if "rstage import spark" in one.text)
    rows = [(1, "pT2 pN1 cM0", "pT2 N0 M0", "T3 N0 M0", "1")]
    table = spark.createDataFrame(rows, ["record", "stage", "diagnosis", "assessment", "tumor"])
    exec(block.text.rstrip() + ".collect()", {"table": table})  # noqa: S102


def test_every_reason_not_to_run_a_block_is_needed() -> None:
    texts = [
        text
        for page in PAGES
        for one in blocks_of(page)
        for text in (commands_of(one.text) if one.language == "sh" else [one.text])
    ]
    for pattern in NOT_RUN:
        assert any(re.match(pattern, text) for text in texts), pattern
