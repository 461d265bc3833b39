"""`verify` finds whatever was altered in a table, and nothing where nothing was."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import rstage
from tests.support.command_line import run, table

if TYPE_CHECKING:
    from pathlib import Path

LINES = (
    "id,dx,new,note",
    "1,T2 N0 M0,T1 N0 M0,a",
    '2,T2 N0 M0,"M1(PUL,OSS)","a',
    'b"',
    "",
    "3,T5,T1,",
    "4,T2,,x",
    "5,T3 N0 M0,T0 N1 M0,y",
    "6,T3 N0 M0,T0 N0 M0,z",
)
OPTIONS = ("--diagnosis", "dx", "--assessment", "new", "--tumor-id", "id")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a table and what restaging it wrote."""
    source = table(tmp_path, *LINES)
    done = run("restage", source, "-o", tmp_path / "out.csv", *OPTIONS)
    assert done.code == 1
    return tmp_path


def verified(folder: Path, *options: str) -> tuple[int, list[str]]:
    """Return the exit code, and file, line, column and code of each finding."""
    done = run("verify", folder / "out.csv", "--against", folder / "table.csv", "--format", "jsonl", *options)
    found = [json.loads(line) for line in done.out.splitlines()]
    names = [f"{one['file'].rpartition('/')[2]}:{one['line']}:{one['column']}:{one['code']}" for one in found]
    return done.code, names


def alter(folder: Path, before: str, after: str) -> None:
    """Replace the first occurrence of a text in the output."""
    path = folder / "out.csv"
    text = path.read_bytes().decode()
    assert before in text
    path.write_bytes(text.replace(before, after, 1).encode())


def test_nothing_is_found_where_nothing_was_altered(folder: Path) -> None:
    assert verified(folder, *OPTIONS) == (0, [])
    assert verified(folder) == (0, [])
    done = run("verify", folder / "out.csv", "--against", folder / "table.csv", *OPTIONS)
    assert "6 rows in, 6 out, 0 rejected" in done.err


ALTERED = {
    "a cell of the original": ("1,T2 N0 M0", "1,T3 N0 M0", "out.csv:2:dx:RS511", True),
    "a letter more in the last original cell": ("T1 N0 M0,a,", "T1 N0 M0,ab,", "out.csv:2:note:RS511", True),
    "a cell over two lines": ("a\nb", "a\nc", "out.csv:3:note:RS511", True),
    "the quotes of the original": ("3,T5", '3,"T5"', "out.csv:6:(row):RS511", True),
    "the header": ("id,dx", "id,dy", "out.csv:1:dx:RS511", True),
    "a line end": (",RS103\n", ",RS103\r\n", "out.csv:6:(row):RS511", True),
    "an r": ("rT1 rN0", "T1 rN0", "out.csv:2:restaged:RS512", False),
    "a link": (",local,r1:", ",local,r1:0", "out.csv:2:restage_link:RS512", False),
    "a recurrence": (",local,", ",distant,", "out.csv:2:restage_recurrence:RS512", False),
    "the findings": (",RS103", ",", "out.csv:6:restage_findings:RS512", False),
    "a name of an appended column": ("restaged,", "staged,", "out.csv:1:restaged:RS512", False),
    "a row less": ("3,T5,T1,,,,,RS103\n", "", "table.csv:6:(row):RS513", True),
    "the last row less": ("6,T3 N0 M0,T0 N0 M0,z", "", "table.csv:9:(row):RS513", True),
    "a row more": ("4,T2,,x,,,,\n", "4,T2,,x,,,,\n7,T2,,x,,,,\n", "out.csv:8:(row):RS514", True),
    "an appended cell more": ("4,T2,,x,,,,\n", "4,T2,,x,,,,,\n", "out.csv:7:", True),
}


@pytest.mark.parametrize(("before", "after", "found", "is_original"), ALTERED.values(), ids=ALTERED)
def test_what_was_altered_is_named(
    folder: Path, before: str, after: str, found: str, *, is_original: bool
) -> None:
    if before.startswith("6,T3"):
        before = (folder / "out.csv").read_text(encoding="utf-8").splitlines()[-1] + "\n"
    alter(folder, before, after)
    code, names = verified(folder, *OPTIONS)
    assert code == 1
    assert len(names) == 1
    assert names[0].startswith(found)
    code, names = verified(folder)
    assert (code, len(names)) == ((1, 1) if is_original else (0, 0))


def test_every_single_byte_is_proven(tmp_path: Path) -> None:
    folder, source = tmp_path, table(tmp_path, *LINES[:2], *LINES[4:6])
    run("restage", source, "-o", folder / "out.csv", *OPTIONS)
    whole = (folder / "out.csv").read_bytes()
    for place in range(len(whole)):
        changed = b"7" if whole[place : place + 1] != b"7" else b"8"
        (folder / "out.csv").write_bytes(whole[:place] + changed + whole[place + 1 :])
        # A quote that is left open makes it a table that cannot be read.
        assert verified(folder, *OPTIONS)[0] in (1, 3), place
        (folder / "out.csv").write_bytes(whole[:place] + whole[place + 1 :])
        assert verified(folder, *OPTIONS)[0] in (1, 3), place


def test_rows_in_another_order_are_found(folder: Path) -> None:
    lines = (folder / "out.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "out.csv").write_text("".join([*lines[:-2], lines[-1], lines[-2]]), encoding="utf-8")
    code, names = verified(folder, *OPTIONS)
    assert code == 1
    assert {name.rpartition(":")[2] for name in names} <= {"RS511", "RS513", "RS514"}


def test_a_rejected_row_is_not_missed(tmp_path: Path) -> None:
    source = table(tmp_path, *LINES, "ragged", "7,T2,T1,z")
    assert run("restage", source, "-o", tmp_path / "out.csv", *OPTIONS).code == 1
    assert verified(tmp_path, *OPTIONS) == (0, [])
    assert verified(tmp_path) == (0, [])


def test_the_output_of_normalize_is_verified(tmp_path: Path) -> None:
    source = table(tmp_path, *LINES)
    run("normalize", source, "-o", tmp_path / "out.csv", "--column", "dx")
    assert verified(tmp_path) == (0, [])
    alter(tmp_path, "4,T2", "4,T3")
    assert verified(tmp_path) == (1, ["out.csv:7:dx:RS511"])


def test_options_of_the_restage_belong_together(folder: Path) -> None:
    assert verified(folder, "--diagnosis", "dx")[0] == 2
    assert verified(folder, "--event", "dx")[0] == 2
    assert verified(folder, *OPTIONS[:4])[0] == 1
    assert run("verify", folder / "out.csv", *OPTIONS).code == 2
    assert run("verify", folder / "nothing.csv", "--against", folder / "table.csv").code == 3


def test_prefix_and_missing_link_are_those_of_the_restage(folder: Path) -> None:
    more = (*OPTIONS, "--prefix", "new", "--no-link")
    run("restage", folder / "table.csv", "-o", folder / "out.csv", "--force", *more)
    assert verified(folder, *more) == (0, [])
    code, names = verified(folder, *OPTIONS)
    assert code == 1
    assert names[0] == "out.csv:1:restaged+restage_recurrence+restage_link+restage_findings:RS512"


@pytest.fixture
def restagings() -> list[str]:
    diagnosis = rstage.Staging.parse("T2 N0 M0", date="2019")
    found = [rstage.Staging.parse(text, date="2020") for text in ("T1 N0 M0", "T0 N0 M1")]
    return [json.dumps(rstage.restage(diagnosis, one).to_dict()) for one in found]


def test_links_of_restagings_are_verified(tmp_path: Path, restagings: list[str]) -> None:
    forms = {
        "one.json": json.dumps(json.loads(restagings[0]), indent=1),
        "many.json": f"[{','.join(restagings)}]",
        "many.jsonl": "\n".join(restagings) + "\n",
    }
    for name, text in forms.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert run("verify", tmp_path / name).code == 0
        altered = text.replace("2019", "2018")
        (tmp_path / name).write_text(altered, encoding="utf-8")
        done = run("verify", tmp_path / name)
        assert done.code == 1
        assert done.out.count("RS451") == text.count('"diagnosis": {')


@pytest.mark.parametrize(
    "text",
    ["", "nothing", "{", "[" * 100_000, "{}\nx"],
)
def test_what_is_no_json_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "in.json").write_text(text, encoding="utf-8")
    done = run("verify", tmp_path / "in.json")
    assert done.code == 3
    assert done.err.startswith("RS0")
    (tmp_path / "in.json").write_bytes(b"\xff\xfe{")
    assert run("verify", tmp_path / "in.json").code == 3
