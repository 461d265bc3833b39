"""`--link-key` in every command that writes or verifies links."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

import rstage
from rstage.cli.link_key import LINK_KEY_FILE
from tests.support.command_line import run, table
from tests.support.engines import EACH_ENGINE
from tests.support.link_keys import KEY, SECRET

if TYPE_CHECKING:
    from pathlib import Path

ROWS = ("id,dx,new", "1,cT2 N0 M0,T3 N0 M0", "2,pT1 pN0,", "3,Tis,rT1 N0 M0")
STAGES = ("--diagnosis", "dx", "--assessment", "new")
LONG = ("tumor,stage,date", "1,cT2 N0 M0,2019", "1,rT3 N0 M0,2021", "1,rT4 N0 M0,2023")
LINK = re.compile(r"r[12]:[0-9a-f]{64}")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(LINK_KEY_FILE, raising=False)
    (tmp_path / "link.key").write_bytes(SECRET)
    (tmp_path / "other.key").write_bytes(SECRET[::-1])
    (tmp_path / "short.key").write_bytes(SECRET[:31])
    table(tmp_path, *ROWS)
    table(tmp_path, *LONG, name="long.csv")
    return tmp_path


def codes(*arguments: object) -> tuple[int, set[str]]:
    """Return the exit code of a verification and the codes that it names."""
    done = run("verify", *arguments, "--format", "jsonl")
    return done.code, {json.loads(line)["code"] for line in done.out.splitlines()}


KEYED = ("--link-key", "link.key")


@pytest.mark.parametrize("engine", EACH_ENGINE)
def test_a_table(engine: str, folder: Path) -> None:
    run("restage", "table.csv", "-o", "plain.csv", *STAGES, "--engine", engine)
    run("restage", "table.csv", "-o", "keyed.csv", *STAGES, *KEYED, "--engine", engine)
    plain, keyed = ((folder / name).read_text() for name in ("plain.csv", "keyed.csv"))
    assert LINK.sub("", plain) == LINK.sub("", keyed)
    made = rstage.restage(rstage.Staging.parse("cT2 N0 M0"), rstage.Staging.parse("T3 N0 M0"), key=KEY)
    assert LINK.findall(keyed)[0] == str(made.link)
    assert {one[:3] for one in LINK.findall(keyed)} == {"r2:"}
    against = ("--against", "table.csv", *STAGES, "--engine", engine)
    assert codes("keyed.csv", *against, *KEYED) == (0, set())
    assert codes("keyed.csv", *against) == (1, {"RS445"})
    assert codes("plain.csv", *against, *KEYED) == (1, {"RS446"})
    assert codes("keyed.csv", *against, "--link-key", "other.key") == (1, {"RS447"})
    assert codes("plain.csv", *against) == (0, set())
    (folder / "altered.csv").write_text(keyed.replace("rT3", "rT4"))
    assert codes("altered.csv", *against, *KEYED) == (1, {"RS512"})


@pytest.mark.usefixtures("folder")
def test_a_parquet_table() -> None:
    polars = pytest.importorskip("polars")
    pytest.importorskip("pyarrow")
    polars.read_csv("table.csv").write_parquet("table.parquet")
    run("restage", "table.parquet", "-o", "keyed.parquet", *STAGES, *KEYED)
    against = ("keyed.parquet", "--against", "table.parquet", *STAGES)
    assert codes(*against, *KEYED) == (0, set())
    assert codes(*against) == (1, {"RS445"})
    assert codes(*against, "--link-key", "other.key") == (1, {"RS447"})


def test_histories(folder: Path) -> None:
    columns = ("--stage", "stage", "--tumor-id", "tumor", "--date", "date")
    run("history", "long.csv", "-o", "plain.jsonl", *columns)
    run("history", "long.csv", "-o", "keyed.jsonl", *columns, *KEYED)
    made = rstage.History.from_dict(json.loads((folder / "keyed.jsonl").read_text()))
    assert made.link_versions == (2, 2)
    done = run("verify", "keyed.jsonl", *KEYED)
    assert (done.code, done.out) == (0, "")
    assert "2 restagings (2 r2)" in done.err
    assert codes("keyed.jsonl") == (1, {"RS445"})
    assert codes("plain.jsonl", *KEYED) == (1, {"RS446"})
    assert codes("keyed.jsonl", "--link-key", "other.key") == (1, {"RS447"})
    assert "2 restagings, links only" in run("verify", "plain.jsonl").err


@pytest.mark.usefixtures("folder")
def test_texts() -> None:
    done = run("restage", "--text", "cT2 N0 M0", "T3 N0 M0", "--format", "json", *KEYED)
    assert rstage.verify(rstage.Restaging.from_dict(json.loads(done.out)), key=KEY) == ()


def test_pairs_in_running_text(folder: Path) -> None:
    (folder / "letter.txt").write_text("At diagnosis pT2 pN0 M0.\n\nRecurrence: rT3 N1 M0.\n")
    lines = run("find", "letter.txt", "--restage", *KEYED).out.splitlines()
    (pair,) = [one["pair"] for one in map(json.loads, lines) if "pair" in one]
    assert rstage.verify(rstage.Restaging.from_dict(pair["restaging"]), key=KEY) == ()


# ---------------------------------------------------------------- the file


@pytest.mark.parametrize(
    ("file", "code", "exit_code"),
    [("nothing.key", "RS448", 3), (".", "RS448", 3), ("short.key", "RS449", 2), ("large.csv", "RS449", 2)],
)
@pytest.mark.parametrize(
    "command",
    [
        ("restage", "table.csv", "-o", "out.csv", *STAGES),
        ("restage", "--text", "T2", "T3"),
        ("history", "long.csv", "-o", "out.csv", "--stage", "stage", "--tumor-id", "tumor"),
        ("find", "long.csv", "--column", "stage", "--restage"),
        ("verify", "long.csv", "--against", "long.csv"),
        ("verify", "histories.jsonl"),
    ],
)
def test_a_key_that_cannot_be_used_ends_the_run(
    file: str, code: str, exit_code: int, command: tuple[str, ...], folder: Path
) -> None:
    table(folder, "x" * 2000, name="large.csv")
    if command[:2] == ("verify", "long.csv"):
        command = (*command, "--diagnosis", "stage", "--assessment", "stage")
    done = run(*command, "--link-key", file)
    assert (done.code, done.err[:5], done.out) == (exit_code, code, "")
    assert not (folder / "out.csv").exists()


def test_the_environment_names_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LINK_KEY_FILE, "link.key")
    run("restage", "table.csv", "-o", "out.csv", *STAGES)
    assert {one[:3] for one in LINK.findall((folder / "out.csv").read_text())} == {"r2:"}
    shown = run("restage", "--show-settings").out
    assert f'link-key = "link.key"  # environment, {LINK_KEY_FILE}' in re.sub(" +#", "  #", shown)
    assert SECRET.decode()[:8] not in shown
    against = ("out.csv", "--against", "table.csv", *STAGES)
    assert codes(*against) == (0, set())
    assert codes(*against, "--link-key", "other.key") == (1, {"RS447"})
    monkeypatch.setenv(LINK_KEY_FILE, "nothing.key")
    assert run("restage", "table.csv", "-o", "again.csv", *STAGES).code == 3
    # Where no link is made, no key is read.
    assert run("restage", "table.csv", "-o", "none.csv", *STAGES, "--no-link").code == 0
    assert run("find", "table.csv").code == 0
    assert run("check", "table.csv", "--column", "dx").code == 0


def test_a_setting_names_the_file_from_its_own_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "rstage.toml").write_text('link-key = "link.key"\n')
    (folder / "inside").mkdir()
    monkeypatch.chdir(folder / "inside")
    run("restage", "../table.csv", "-o", "out.csv", *STAGES)
    assert {one[:3] for one in LINK.findall((folder / "inside" / "out.csv").read_text())} == {"r2:"}


@pytest.mark.parametrize(
    "command",
    [
        ("restage", "table.csv", "-o", "out.csv", *STAGES, "--no-link", *KEYED),
        ("find", "table.csv", *KEYED),
    ],
)
@pytest.mark.usefixtures("folder")
def test_a_key_that_has_no_use_is_wrong_use(command: tuple[Any, ...]) -> None:
    done = run(*command)
    assert done.code == 2
    assert "--link-key makes" in done.err


@pytest.mark.usefixtures("folder")
def test_what_is_not_proven_is_always_said() -> None:
    run("restage", "table.csv", "-o", "out.csv", *STAGES, *KEYED)
    done = run("verify", "out.csv", "--against", "table.csv", *STAGES, "--ignore", "RS445")
    assert done.code == 2
    assert run("verify", "out.csv", "--against", "table.csv", *STAGES, "--select", "RS1").code == 1
