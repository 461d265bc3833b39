"""The exit code of every kind of use: clean, findings, wrong use, unreadable, unwritable."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from rstage.cli import main
from tests.support.command_line import CliRunner
from tests.support.paths import EXAMPLES

if TYPE_CHECKING:
    from pathlib import Path

GOOD = "id,dx,new\n1,cT2 N0 M0,T3 N0 M0\n2,pT1 pN0,\n3,Tis,rT1 N0 M0\n"
BAD = "id,dx\n1,cT2 N0\n2,T5\n"
EXAMPLE = EXAMPLES / "recurrences.csv"
RESTAGE = ("--diagnosis", "dx", "--assessment", "new")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.csv").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bad.csv").write_text(BAD, encoding="utf-8")
    return tmp_path


def exit_code(*arguments: str) -> int:
    result = CliRunner().invoke(main, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("parse", "pT2 N0"), 0),
        (("parse", "T5"), 1),
        (("parse", "T5", "--exit-zero"), 0),
        (("parse", "cT2-3"), 0),
        (("parse", "cT2-3", "--fail-on", "warning"), 1),
        (("parse", "T2,N0", "--fail-on", "info"), 1),
        (("parse", "cT2-3", "--mode", "strict"), 1),
        (("parse", "T2", "--mode", "loose"), 2),
        (("parse",), 2),
        (("nothing",), 2),
        (("check", "good.csv", "--column", "dx"), 0),
        (("check", "bad.csv", "--column", "dx"), 1),
        (("check", "good.csv", "--column", "diagnosis"), 2),
        (("check", "good.csv"), 2),
        (("check", "missing.csv", "--column", "dx"), 3),
        (("check", ".", "--column", "dx"), 3),
        (("check", "empty.csv", "--column", "dx"), 3),
        (("check", "zip.csv", "--column", "dx"), 3),
        (("check", "latin1.csv", "--column", "dx"), 3),
        (("check", "latin1.csv", "--column", "dx", "--encoding", "latin-1"), 0),
        (("check", "utf16.csv", "--column", "dx"), 3),
        (("check", "utf16.csv", "--column", "dx", "--encoding", "utf-16"), 0),
        (("check", "quote.csv", "--column", "dx"), 3),
        (("normalize", "good.csv", "-o", "no/such/folder.csv", "--column", "dx"), 4),
        (("normalize", "good.csv", "-o", "/dev/full", "--column", "dx"), 4),
        (("normalize", "good.csv", "-o", "good.csv", "--column", "dx", "--force"), 2),
        (("normalize", "good.csv", "-o", "link.csv", "--column", "dx", "--force"), 2),
        (("normalize", "good.csv", "-o", "bad.csv", "--column", "dx"), 2),
        (("restage", "good.csv", *RESTAGE), 0),
        (("restage", "good.csv", "--diagnosis", "dx"), 2),
        (("restage", "--text", "cT2 N0", "T3 N0"), 0),
        (("restage", "--text", "rT2 N0", "T3 N0"), 1),
        (("explain", "RS402"), 0),
        (("explain", "SECOND_PRIMARY"), 0),
        (("explain", "RS999"), 2),
        (("rules",), 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_exit_codes(folder: Path, arguments: tuple[str, ...], code: int) -> None:
    (folder / "empty.csv").touch()
    (folder / "zip.csv").write_bytes(b"PK\x03\x04\x14\x00\x00\x00")
    (folder / "latin1.csv").write_bytes("arzt,dx\nM\xfcller,T2\n".encode("latin-1"))
    (folder / "utf16.csv").write_bytes("id,dx\n1,T2\n".encode("utf-16"))
    (folder / "quote.csv").write_text('id,dx\n1,"T2\n2,T3\n', encoding="utf-8")
    (folder / "link.csv").symlink_to("good.csv")
    assert exit_code(*arguments) == code


def test_the_example_shows_r_forms_and_findings(tmp_path: Path) -> None:
    options = (
        *("--diagnosis", "diagnosis", "--assessment", "assessment", "--tumor-id", "tumor_id"),
        *("--assessment-tumor-id", "new_tumor_id", "--diagnosis-date", "diagnosis_date"),
        *("--assessment-date", "assessment_date", "--site", "site", "--assessment-site", "new_site"),
        *("--event", "event"),
    )
    out = str(tmp_path / "out.csv")
    assert exit_code("restage", str(EXAMPLE), "-o", out, *options) == 1
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as handle:
        made = list(csv.DictReader(handle))
    assert sum(bool(row["restaged"]) for row in made) >= 150
    assert len({row["site"][:3] for row in made}) >= 12
    found = {code for row in made for code in row["restage_findings"].split()}
    assert {"RS402", "RS403", "RS207", "RS101", "RS401", "RS411"} <= found
    assert exit_code("verify", out, "--against", str(EXAMPLE), *options) == 0
