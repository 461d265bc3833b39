"""The examples in other languages ask rstage line by line; each runs where its language is installed."""

from __future__ import annotations

import csv
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.support.command_line import run
from tests.support.paths import EXAMPLES
from tests.support.processes import RSTAGE

if TYPE_CHECKING:
    from pathlib import Path

PROGRAMS = {
    "Java": (("java", str(EXAMPLES / "RestageByLine.java")), "javac"),
    "R": (("Rscript", str(EXAMPLES / "restage_by_line.R")), "mkfifo"),
}
APPENDED = ("restaged", "restage_recurrence", "restage_findings")
MORE = [
    {"diagnosis": 'T2 "N0\\', "assessment": "T3"},
    {"diagnosis": "pT2 N0\u00a0M0", "assessment": "rT3\u2013 \u00fc"},
    {"diagnosis": "pT2\x01N0", "assessment": "T2"},
]


@pytest.mark.parametrize("language", PROGRAMS)
def test_a_program_is_answered_as_the_command_line_is(tmp_path: Path, language: str) -> None:
    command, also_needed = PROGRAMS[language]
    if shutil.which(command[0]) is None or shutil.which(also_needed) is None:
        pytest.skip(f"{language} is not installed")
    with (EXAMPLES / "recurrences.csv").open(newline="", encoding="utf-8") as handle:
        rows = [row for row in csv.DictReader(handle) if None not in row] + MORE
    pairs = [(row["diagnosis"], row["assessment"]) for row in rows]
    source = tmp_path / "pairs.csv"
    with source.open("w", newline="", encoding="utf-8") as handle:
        csv.writer(handle).writerows([("dx", "new"), *pairs])
    expected = run("restage", source, "--diagnosis", "dx", "--assessment", "new", "--no-link")
    done = subprocess.run(  # noqa: S603  our own program
        [*command, *RSTAGE],
        input="".join(f"{dx}\t{new}\n" for dx, new in pairs).encode(),
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr.decode()
    wanted = [[row[name] for name in APPENDED] for row in csv.DictReader(expected.out.splitlines())]
    answered = [line.split("\t") for line in done.stdout.decode().splitlines()]
    assert len(answered) > 200
    assert answered == wanted
