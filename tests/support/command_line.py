"""Runs the command line inside the test, and small tables to run it on."""

from __future__ import annotations

from inspect import signature
from typing import TYPE_CHECKING, Any, NamedTuple

from click import testing

from rstage.cli import main

if TYPE_CHECKING:
    from pathlib import Path


class CliRunner(testing.CliRunner):
    """Keeps what is said apart from what is written, which click before 8.2 has to be asked for."""

    def __init__(self) -> None:
        is_asked = "mix_stderr" in signature(testing.CliRunner.__init__).parameters
        apart: dict[str, Any] = {"mix_stderr": False} if is_asked else {}
        super().__init__(**apart)


class Run(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str
    out_bytes: bytes


INTERNAL = 70


def run(*arguments: object, stdin: bytes = b"", may_fail: bool = False) -> Run:
    """Run a command; an internal error is the test's to see, unless the test is about one."""
    result = CliRunner().invoke(main, [str(one) for one in arguments], input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert may_fail or result.exit_code != INTERNAL, result.stderr
    return Run(result.exit_code, result.stdout, result.stderr, result.stdout_bytes)


def table(folder: Path, *lines: str, name: str = "table.csv") -> Path:
    """Write a table of these lines and return its path."""
    path = folder / name
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8", newline="")
    return path


def in_folder(folder: Path) -> set[str]:
    """Return the names of all files in a folder."""
    return {path.name for path in folder.iterdir()}
