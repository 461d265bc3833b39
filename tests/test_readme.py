"""What the README shows is what happens."""

from __future__ import annotations

import csv
import re
import shlex
from typing import TYPE_CHECKING

import pytest

import rstage
from rstage import rules
from rstage.cli import main
from tests.support.command_line import CliRunner
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = {
    f"examples/{name}": str(ROOT / "examples" / name) for name in ("recurrences.csv", "recurrences.toml")
}
COLUMNS = ("diagnosis", "assessment", "restaged", "restage_recurrence", "restage_findings")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def rstage_arguments(block: str, **replaced: str) -> list[str]:
    """Return the arguments of the rstage command in a shell block, with some of them replaced."""
    command = block.replace("\\\n", " ").split(".venv/bin/rstage ", 1)[1]
    return [replaced.get(word, word) for word in shlex.split(command)]


@pytest.fixture(scope="module")
def restaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("readme") / "restaged.csv"
    job = next(block for block in blocks("sh") if "rstage restage examples/recurrences.csv" in block)
    names = {"restaged.csv": str(out), **EXAMPLES}
    result = CliRunner().invoke(main, rstage_arguments(job, **names))
    assert result.exit_code == 0, result.output
    return out


def test_the_rows_shown_are_rows_of_the_result(restaged: Path) -> None:
    with restaged.open(newline="", encoding="utf-8") as handle:
        made = {tuple(row[column] for column in COLUMNS) for row in csv.DictReader(handle)}
    table = README.split("|---|---|---|---|---|\n", 1)[1].split("\n\n", 1)[0]
    shown = [
        tuple(cell.strip().strip("`") for cell in line.strip("|").split("|")) for line in table.splitlines()
    ]
    assert len(shown) >= 5
    assert set(shown) <= made


def test_the_verify_command_proves_it(restaged: Path) -> None:
    verify = next(block for block in blocks("sh") if "rstage verify" in block)
    names = {"restaged.csv": str(restaged), **EXAMPLES}
    assert CliRunner().invoke(main, rstage_arguments(verify, **names)).exit_code == 0


def test_the_python_block_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (block,) = blocks("python")
    exec(block, {"rstage": rstage})  # noqa: S102  the README's own example
    printed = capsys.readouterr().out
    for said in re.findall(r"print\(.*?\)  # (r\S+ \S+ \S+)$", block, re.MULTILINE):
        assert said in printed
    assert "it is still the same cancer" in printed


def test_every_code_in_the_documents_exists() -> None:
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        codes = set(re.findall(r"\bRS\d{3}\b", path.read_text(encoding="utf-8")))
        assert codes <= set(rules.BY_CODE)
