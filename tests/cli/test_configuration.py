"""Settings come from the command line, a file, a preset or nowhere, in this order; a wrong file is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import click
import pytest

from rstage.cli import _COMMANDS, main
from rstage.cli.config_file import find_configuration, load_configuration
from rstage.cli.config_options import CONFIGURED, settings_of
from rstage.files.errors import TableError
from tests.support.command_line import run, table
from tests.support.paths import DOCS, MESSAGES

if TYPE_CHECKING:
    from pathlib import Path

# RS202 is an info in the mode standard and an error in the mode strict.
FOLDED = ("check", "--text", "T2;N0")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder inside another one; the command runs in the inner one."""
    inner = tmp_path / "outer" / "inner"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    table(inner, "dx", "T2;N0", name="in.csv")
    return inner


def write(folder: Path, text: str, name: str = "rstage.toml") -> None:
    (folder / name).write_text(text, encoding="utf-8")


def mode(*arguments: str) -> str:
    """Return the mode that counts, and where it comes from."""
    lines = run("check", "--show-settings", *arguments).out.splitlines()
    return next(line for line in lines if line.startswith("mode"))


@pytest.mark.parametrize(
    ("files", "arguments", "value", "source"),
    [
        ({}, (), "standard", "default"),
        ({"rstage.toml": "mode = 'strict'"}, (), "strict", "rstage.toml, line 1"),
        ({"rstage.toml": "\n'mode' = 'strict'"}, (), "strict", "rstage.toml, line 2"),
        ({"rstage.toml": "mode = 'strict'"}, ("--mode", "repair"), "repair", "command line"),
        ({"rstage.toml": "mode = 'strict'"}, ("--isolated",), "standard", "default"),
        ({"rstage.toml": "mode = 'strict'\n[check]\nmode = 'repair'"}, (), "repair", "rstage.toml, line 3"),
        ({"rstage.toml": "mode = 'strict'\n[parse]\nmode = 'repair'"}, (), "strict", "rstage.toml, line 1"),
        ({"rstage.toml": "check = {mode = 'repair'}"}, (), "repair", "rstage.toml"),
        ({"pyproject.toml": "[tool.rstage]\nmode = 'strict'"}, (), "strict", "pyproject.toml, line 2"),
        ({"pyproject.toml": "[tool]\nrstage.check.mode = 'strict'"}, (), "strict", "pyproject.toml"),
        (
            {"pyproject.toml": "[tool.rstage]\n[tool.rstage.check]\nmode = 'strict'"},
            (),
            "strict",
            "pyproject.toml, line 3",
        ),
        (
            {"rstage.toml": "mode = 'repair'", "pyproject.toml": "[tool.rstage]\nmode = 'strict'"},
            (),
            "repair",
            "rstage.toml, line 1",
        ),
        ({"pyproject.toml": "[project]\nname = 'rstage'"}, (), "standard", "default"),
        ({"pyproject.toml": "this mentions nothing of ours and is no TOML"}, (), "standard", "default"),
        ({"../rstage.toml": "mode = 'strict'"}, (), "strict", "outer/rstage.toml, line 1"),
        ({"../rstage.toml": "mode = 'strict'", "rstage.toml": ""}, (), "standard", "default"),
        (
            {"../rstage.toml": "mode = 'strict'", "pyproject.toml": "[project]\nname = 'rstage'"},
            (),
            "strict",
            "outer/rstage.toml, line 1",
        ),
        ({"rstage.toml": "mode = 'strict'", "my.toml": ""}, ("--config", "my.toml"), "standard", "default"),
        ({"my.toml": "mode = 'strict'"}, ("--config", "my.toml"), "strict", "my.toml, line 1"),
        ({"rstage.toml": "\ufeffmode = 'strict'"}, (), "strict", "rstage.toml, line 1"),
    ],
)
def test_the_setting_that_counts(
    folder: Path, files: dict[str, str], arguments: tuple[str, ...], value: str, source: str
) -> None:
    for name, text in files.items():
        write(folder, text, name)
    found, _, where = mode(*arguments).partition("  # ")
    assert found.rstrip() == f'mode = "{value}"'
    assert where.endswith(source)
    assert run(*FOLDED, *arguments).code == (value == "strict")


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("mode = strict", "RS021", "rstage.toml, line 1: this is not TOML"),
        ("mode = 'strict'\nmode = 'strict'", "RS021", "this is not TOML"),
        ("x = " + "[" * 5000, "RS021", "this is not TOML"),
        ("mod = 'strict'", "RS022", "rstage.toml, line 1: there is no setting mod (did you mean mode"),
        ("fail_on = 'info'", "RS022", "fail_on (did you mean fail-on"),
        ("[chek]\nmode = 'strict'", "RS022", "line 1: there is no setting chek (did you mean check?)"),
        ("\n[check]\ndiagnosis = ['dx']", "RS022", "line 3: there is no setting diagnosis"),
        ("text = ['T2']", "RS022", "there is no setting text"),
        ("config = 'x.toml'", "RS022", "there is no setting config"),
        ("mode = 'loose'", "RS023", "line 1: mode cannot be used: 'loose' is not one of"),
        ("mode = 2", "RS023", "it is a text, in quotes"),
        ("quiet = 'yes'", "RS023", "it is true or false"),
        ("quiet = 1", "RS023", "it is true or false"),
        ("missing = ['nil', 3]", "RS023", "it is a list of texts"),
        ("missing = 3", "RS023", "it is a list of texts"),
        ("max-findings = '3'", "RS023", "it is a whole number"),
        ("max-findings = true", "RS023", "it is a whole number"),
        ("max-findings = -1", "RS023", "max-findings cannot be used"),
        ("select = ['RS39']", "RS023", "no finding whose code begins with RS39"),
        ("ignore = 'RS001'", "RS023", "RS001 is always told"),
        ("mode = {}", "RS022", "there is no setting mode"),
    ],
)
def test_a_wrong_file_is_told(folder: Path, text: str, code: str, said: str) -> None:
    write(folder, text)
    for arguments in (FOLDED, ("check", "in.csv", "--column", "dx"), ("check", "--show-settings")):
        done = run(*arguments)
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith(f"{code} error: ")
        assert said in done.err
    assert run(*FOLDED, "--isolated").code == 0


def test_a_file_that_cannot_be_read_is_told(folder: Path) -> None:
    assert "RS020" in run(*FOLDED, "--config", "missing.toml").err
    (folder / "rstage.toml").write_bytes(b"mode = '\xff'")
    done = run(*FOLDED)
    assert (done.code, done.err) == (
        2,
        "RS020 error: the configuration rstage.toml cannot be read: it is not UTF-8\n",
    )
    write(folder, "tool.rstage = 3", "pyproject.toml")
    (folder / "rstage.toml").unlink()
    assert "RS023" in run(*FOLDED).err
    for arguments in (("--isolated", "--config", "x.toml"), ("--config", "pyproject.toml", "--isolated")):
        done = run(*FOLDED, *arguments)
        assert done.code == 2


def test_a_folder_that_was_removed_has_no_configuration(folder: Path) -> None:
    (folder / "in.csv").unlink()
    folder.rmdir()
    assert find_configuration(CONFIGURED) is None


def test_settings_are_used(folder: Path) -> None:
    write(folder, "fail-on = 'info'\n[check]\ncolumn = 'dx'\nformat = 'json'\nmissing = ['nil']\n")
    done = run("check", "in.csv")
    assert (done.code, json.loads(done.out)[0]["code"]) == (1, "RS202")
    assert run("check", "in.csv", "--fail-on", "error").code == 0
    # A text is checked instead of a table, whatever the columns of tables are.
    assert run(*FOLDED).code == 1
    write(folder, "select = 'RS1,RS3'\n[normalize]\ncolumn = ['dx']\nprefix = 'x'\nforce = true\n")
    assert run("normalize", "in.csv").out.startswith("dx,x_normalized,x_findings\n")


def test_files_count_from_the_folder_of_the_configuration(folder: Path) -> None:
    write(folder, "[check]\nsummary = 'made/summary.json'\ncolumn = 'dx'", "../rstage.toml")
    (folder.parent / "made").mkdir()
    assert run("check", "in.csv").code == 0
    assert (folder.parent / "made" / "summary.json").exists()


def test_a_preset_fills_what_neither_the_file_nor_the_command_line_gives(folder: Path) -> None:
    write(folder, "preset = 'argo'\nevent = 'what'")
    shown = run("restage", "--show-settings", "--tumor-id", "id").out
    for key, source in (("preset", "rstage.toml, line 1"), ("event", "rstage.toml, line 2")):
        assert next(line for line in shown.splitlines() if line.startswith(key)).endswith(source)
    assert next(line for line in shown.splitlines() if line.startswith("tumor-id")).endswith("command line")
    assert next(line for line in shown.splitlines() if line.startswith("diagnosis =")).endswith("preset argo")


def test_the_file_counts_before_a_preset(folder: Path) -> None:
    table(folder, "dx,PATH_T_STAGE", "T2;N0,T1", name="in.csv")
    write(folder, "preset = 'cbioportal'\nmode = 'strict'\ncolumn = 'dx'\ndelimiter = ','")
    ended = run("check", "in.csv")
    assert (ended.code, "RS202 error" in ended.out) == (1, True), ended
    shown = run("check", "--show-settings").out.splitlines()
    assert 'column = ["dx"]' in next(line for line in shown if line.startswith("column"))


@pytest.mark.usefixtures("folder")
def test_what_a_preset_fills_is_shown() -> None:
    shown = run("check", "--show-settings", "--preset", "cbioportal").out.splitlines()
    column = next(line for line in shown if line.startswith("column"))
    assert "pathologic:T=?PATH_T_STAGE" in column
    assert column.endswith("preset cbioportal")


def test_settings_for_tables_are_passed_over_beside_a_message_and_single_texts(folder: Path) -> None:
    write(folder, "delimiter = ';'\ndate-format = '%d.%m.%Y'\nsite = 'where'\ntumor-id = 'id'")
    assert run(*FOLDED).code == 0
    assert run("parse", "T2").code == 0
    assert run("check", "in.csv", "--column", "dx", "--delimiter", "|").code == 0
    message = MESSAGES / "obds.xml"
    assert run("check", message).code == run("check", message, "--isolated").code
    assert run("history", message).out == run("history", message, "--isolated").out


@pytest.mark.parametrize("name", [name for name in CONFIGURED if name in _COMMANDS])
def test_what_is_shown_is_a_configuration(folder: Path, name: str) -> None:
    shown = run(name, "--show-settings")
    assert (shown.code, shown.err) == (0, "")
    values = tomllib.loads(shown.out)
    assert values["mode"] == "standard"
    write(folder, f"[{name}]\n{shown.out}")
    again = run(name, "--show-settings")
    assert again.code == 0
    assert tomllib.loads(again.out) == values
    command = main.get_command(click.Context(main), name)
    assert command is not None
    for key in settings_of(command):
        assert f"{key} " in shown.out


def test_every_command_that_reads_stages_takes_settings() -> None:
    for name in _COMMANDS:
        command = main.get_command(click.Context(main), name)
        assert command is not None
        options = {option for one in command.params for option in one.opts}
        assert ({"--config", "--isolated", "--show-settings"} <= options) == (name in CONFIGURED), name


def test_a_table_of_another_command_is_not_looked_at(folder: Path) -> None:
    write(folder, "[restage]\nnothing = 1")
    assert run(*FOLDED).code == 0
    assert run("restage", "--text", "T2", "T3").code == 2


def test_toml_is_only_imported_where_there_is_a_file(folder: Path) -> None:
    script = (
        "import sys\nfrom rstage.cli import main\n"
        "try: main(['parse', 'T2'])\nexcept SystemExit: pass\n"
        "print([name for name in ('tomllib', 'pathlib', 'csv', 'difflib') if name in sys.modules])"
    )

    def imported() -> str:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(  # noqa: S603  our own
            [sys.executable, "-S", "-c", script], capture_output=True, text=True, check=True, env=environment
        )
        return done.stdout.splitlines()[-1]

    assert "tomllib" not in imported()
    write(folder, "[project]\nname = 'x'", "pyproject.toml")
    assert "tomllib" not in imported()
    write(folder, "mode = 'strict'")
    assert "tomllib" in imported()


def test_a_configuration_can_be_loaded(folder: Path) -> None:
    write(folder, "mode = 'strict'\n[check]\nquiet = true")
    found = load_configuration("rstage.toml", CONFIGURED)
    assert [(one.key, one.value) for one in found.of("check")] == [("mode", "strict"), ("quiet", True)]
    assert [one.key for one in found.of("parse")] == ["mode"]
    with pytest.raises(TableError, match="RS020"):
        load_configuration("no.toml", CONFIGURED)


def test_the_example_of_the_documentation_is_a_configuration(folder: Path) -> None:
    text = (DOCS / "command-line.md").read_text(encoding="utf-8")
    write(folder, text.partition("```toml\n")[2].partition("```")[0])
    for name in ("parse", "check", "normalize", "restage", "history", "verify"):
        shown = run(name, "--show-settings")
        assert (shown.code, shown.err) == (0, "")
        assert 'edition = "AJCC 8"' in shown.out
