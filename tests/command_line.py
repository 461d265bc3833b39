"""Runs the command line inside the test, and small tables to run it on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from click.testing import CliRunner

from rstage.cli import main

if TYPE_CHECKING:
    from pathlib import Path


class Run(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str
    out_bytes: bytes


def run(*arguments: object, stdin: bytes = b"") -> Run:
    """Run a command; an exception other than its end is the test's to see."""
    result = CliRunner().invoke(main, [str(one) for one in arguments], input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Run(result.exit_code, result.stdout, result.stderr, result.stdout_bytes)


def table(folder: Path, *lines: str, name: str = "table.csv") -> Path:
    """Write a table of these lines and return its path."""
    path = folder / name
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8", newline="")
    return path


def in_folder(folder: Path) -> set[str]:
    """Return the names of all files in a folder."""
    return {path.name for path in folder.iterdir()}
