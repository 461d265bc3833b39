"""The help: options in sections, two examples that work, whole sentences; and a misspelled command."""

from __future__ import annotations

import re
import shlex
import shutil
from typing import TYPE_CHECKING

import click
import pytest

from rstage.cli import main
from rstage.cli.help import examples_of, first_sentence, long_name, section_of_options
from rstage.cli.page import BEGINNING
from rstage.reference.tsv import data_rows
from tests.support.command_line import run, table
from tests.support.paths import EXAMPLES

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = main.list_commands(click.Context(main))
SECTIONS = ("Columns", "Reading", "Findings", "Output", "Settings")


def command_of(name: str) -> click.Command:
    """Return a command by its name."""
    made = main.get_command(click.Context(main), name)
    assert made is not None
    return made


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the examples name."""
    monkeypatch.chdir(tmp_path)
    table(tmp_path, "id,dx,new,t,n", "1,cT2 N0 M0,T3 N0 M0,cT2,N0", name="stages.csv")
    table(tmp_path, "tumor,stage", "1,cT2 N0 M0", "1,rT3 N0 M0", name="stagings.csv")
    table(tmp_path, "id,text", "1,the stage is pT2 pN0", name="letters.csv")
    (tmp_path / "letter.txt").write_text("At diagnosis pT2 pN0 M0.\n", encoding="utf-8")
    shutil.copyfile(EXAMPLES / "fhir_synthetic.ndjson", tmp_path / "message.ndjson")
    carrier = tmp_path / "rstage_page"
    carrier.mkdir()
    (carrier / "__init__.py").touch()
    (carrier / "rstage.html").write_bytes(BEGINNING)
    monkeypatch.syspath_prepend(str(tmp_path))
    run("restage", "stages.csv", "--diagnosis", "dx", "--assessment", "new", "-o", "restaged.csv")
    run("history", "stagings.csv", "--tumor-id", "tumor", "--stage", "stage", "-o", "histories.jsonl")
    return tmp_path


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_two_examples_that_run(name: str, folder: Path) -> None:
    examples = list(examples_of(name))
    assert len(examples) == 2
    helped = run(name, "--help").out
    for example, says in examples:
        assert f"  # {says}\n  {example}\n" in helped
        program, *arguments = shlex.split(example)
        assert (program, arguments[0]) == ("rstage", name)
        for file in {"restaged.csv", "histories.jsonl"} & set(arguments[2:]):
            (folder / file).unlink()
        assert run(*arguments).code == 0


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_its_section(name: str) -> None:
    known = section_of_options()
    assert tuple(dict.fromkeys(known.values())) == SECTIONS
    helped = run(name, "--help").out
    helped = helped[re.search(r"\n\w+:\n", helped).start() :]  # type: ignore[union-attr]
    found = re.findall(r"^(\w+):$", helped, re.MULTILINE)
    assert found == [section for section in SECTIONS if section in found] + ["Examples"]
    options = [one for one in command_of(name).params if isinstance(one, click.Option)]
    assert [one.name for one in options if long_name(one) not in known] == []
    for option in options:
        heading = helped.index(f"\n{known[long_name(option)]}:\n")
        place = re.compile(rf"^  (?:-\w, )?--{long_name(option)}\b", re.MULTILINE).search(helped)
        assert place is not None
        following = [helped.index(f"\n{one}:\n") for one in found if helped.index(f"\n{one}:\n") > heading]
        assert heading < place.start() < min(following)


def test_an_option_has_one_section() -> None:
    listed = [row["option"] for row in data_rows("option_sections.tsv")]
    assert len(set(listed)) == len(listed)


def test_no_summary_of_a_command_is_cut_off() -> None:
    helped = run("--help").out
    assert "..." not in helped.partition("Commands:")[2]
    words = " ".join(helped.split())
    for name in COMMANDS:
        summary = first_sentence(command_of(name).help or "")
        assert f"{name} {summary}" in words
        assert re.fullmatch(r"[A-Z][^.].*[^.]\.", summary)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("chek", "Did you mean check?"), ("normalise", "Did you mean normalize?"), ("xyz", "")],
)
def test_a_misspelled_command_is_answered_with_the_closest_one(typed: str, said: str) -> None:
    done = run(typed, "stages.csv")
    assert done.code == 2
    assert f"No such command '{typed}'." in done.err
    assert ("Did you mean" in done.err) == bool(said)
    assert said in done.err


def test_rules_lists_a_family() -> None:
    listed = run("rules", "RS4").out.splitlines()
    assert len(listed) > 10
    assert {line[:3] for line in listed} == {"RS4"}
    assert len(run("rules", "rs401", "RS43").out.splitlines()) == 1 + len(
        run("rules", "RS43").out.splitlines()
    )
    assert "no finding" in run("rules", "RS8").err
    assert run("rules", "X").code == 2
