"""A reviewed case is not told again but counted, and one that is left over is told; what is read stays."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from rstage.reporting.selection import Selection
from rstage.tables.override_file import load_overrides
from tests.support.command_line import run, table
from tests.support.paths import DOCS, MESSAGES

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "code,record,column,value,who,why,date"
REVIEW = "AB,seen in the report,2024-05-31"
ROWS = (
    "id,dx,new,dx_date,new_date",
    "1,T5,T2 N0 M0,2020,2021",
    "2,T2 N0 M0,T3 N0 M0,2022,2021",
    "3,T5,T9,2020,2021",
    "4,T2 N0 M0,T5,2020,2021",
    "5,T5,T2 N0 M0,2020,2021",
)
COLUMNS = (
    "--diagnosis",
    "dx",
    "--assessment",
    "new",
    "--diagnosis-date",
    "dx_date",
    "--assessment-date",
    "new_date",
)


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return table(tmp_path, *ROWS, name="in.csv")


def reviewed(folder: Path, *lines: str, header: str = HEADER, name: str = "reviewed.csv") -> tuple[str, ...]:
    """Write a file of overrides and return the option that names it."""
    table(folder, header, *(f"{line},{REVIEW}" for line in lines), name=name)
    return ("--overrides", name)


def told(out: str) -> list[tuple[int, str, str]]:
    """Return line, column and code of each finding of a report in text."""
    found = [line.split(":", 3) for line in out.splitlines()]
    return [(int(line), column, rest.split()[0]) for _, line, column, rest in found]


@pytest.mark.parametrize(
    ("lines", "left", "overridden"),
    [
        (["RS103,,dx,T5"], [(4, "new"), (5, "new")], 3),
        (["RS103,3,,"], [(2, "dx"), (5, "new"), (6, "dx")], 2),
        (["RS103,3,new,"], [(2, "dx"), (4, "dx"), (5, "new"), (6, "dx")], 1),
        (["RS103,3,,T9"], [(2, "dx"), (4, "dx"), (5, "new"), (6, "dx")], 1),
        (["RS103,1,dx,T5", "RS103,5,,"], [(4, "dx"), (4, "new"), (5, "new")], 2),
        (["RS103,,dx,T5", "RS103,1,,"], [(4, "new"), (5, "new")], 3),
        (["RS103,,dx,T5", "RS103,4,,", "RS103,3,,"], [], 5),
    ],
)
def test_a_reviewed_case_is_not_told(
    source: Path, tmp_path: Path, lines: list[str], left: list[tuple[int, str]], overridden: int
) -> None:
    options = (*reviewed(tmp_path, *lines), "--record-key", "id")
    columns = ("--column", "dx", "--column", "new")
    done = run("check", source, *columns, *options)
    assert told(done.out) == [(line, column, "RS103") for line, column in left]
    assert done.code == bool(left)
    assert f"{len(left)} error" in done.err
    assert (
        f"; {len(left)} error{'' if len(left) == 1 else 's'}, 0 warnings, 0 infos, {overridden} overridden\n"
        in done.err
    )
    counted = json.loads(run("check", source, *columns, *options, "--statistics", "--format", "json").out)
    for by in ("code", "column", "value"):
        assert sum(one["count"] for one in counted if one["by"] == by) == len(left)
    # What is read and appended is the same, errors stay refused, and only the exit code follows the review.
    for engine in ("stdlib", "polars"):
        if engine == "polars":
            pytest.importorskip("polars", reason="the extra polars is not installed")
        plain = run("normalize", source, *columns, "--engine", engine)
        done = run("normalize", source, *columns, *options, "--engine", engine, "--summary", "s.json")
        assert done.out == plain.out
        assert done.code == bool(left)
        assert "5 refused" in done.err
        made = json.loads((tmp_path / "s.json").read_text(encoding="utf-8"))
        assert (made["severities"]["error"], made["overridden"]) == (len(left), overridden)
        assert (made["overrides_used"], made["overrides_stale"]) == (len(lines), 0)


@pytest.mark.parametrize("engine", ["stdlib", "polars"])
@pytest.mark.parametrize(
    ("lines", "errors", "stale"),
    [
        (["RS403,2,,"], 5, 0),
        (["RS103,3,,", "RS403,2,,", "RS403,1,,"], 3, 1),
        (["RS103,1,,", "RS103,5,,", "RS103,4,,", "RS103,3,,", "RS403,2,,"], 0, 0),
        (["RS103,,dx,T5", "RS103,3,,", "RS103,,new,T5", "RS403,2,dx + new,T3 N0 M0"], 0, 0),
        (["RS103,9,,", "RS103,,dx,T9"], 6, 2),
    ],
)
def test_a_restaging_that_was_reviewed_stays_refused(
    source: Path, engine: str, lines: list[str], errors: int, stale: int
) -> None:
    tmp_path = source.parent
    if engine == "polars":
        pytest.importorskip("polars", reason="the extra polars is not installed")
    options = (*reviewed(tmp_path, *lines), "--record-key", "id", "--engine", engine)
    plain = run("restage", source, *COLUMNS, "--engine", engine)
    done = run("restage", source, *COLUMNS, *options, "--summary", "s.json")
    assert done.out == plain.out
    assert (plain.code, done.code) == (1, bool(errors))
    assert done.err.count("RS570 warning: the override of RS") == stale
    assert f"; {errors} error{'' if errors == 1 else 's'}" in done.err
    assert f"{6 - errors} overridden" in done.err
    made = json.loads((tmp_path / "s.json").read_text(encoding="utf-8"))
    assert (made["overrides_used"], made["overrides_stale"]) == (len(lines) - stale, stale)
    assert run("restage", source, *COLUMNS, *options, "--exit-zero", "-o", "out.csv").code == 0
    # The findings column keeps every code, so that it can be computed anew.
    done = run("verify", "out.csv", "--against", source, *COLUMNS, *options)
    assert (done.code, done.out) == (0, "")
    values = run("restage", source, *COLUMNS, *options, "--statistics").err
    assert ("findings by value" in values) == bool(errors)


def test_a_stale_override_is_told_with_its_line(source: Path, tmp_path: Path) -> None:
    options = reviewed(tmp_path, "RS103,,dx,T5", "RS103,,dx,T7", "RS202,,dx,T2;N0")
    command = ("check", source, "--column", "dx", *options)
    done = run(*command)
    assert done.out.splitlines() == [
        "reviewed.csv:3:(row): RS570 warning: the override of RS103 matched no finding",
        "reviewed.csv:4:(row): RS570 warning: the override of RS202 matched no finding",
    ]
    assert (done.code, run(*command, "--fail-on", "warning").code) == (0, 1)
    assert "RS570" in run(*command, "--statistics").out
    assert [one["line"] for one in json.loads(run(*command, "--format", "json").out)] == [3, 4]
    assert run(*command, "--ignore", "RS570", "--fail-on", "info").code == 0
    # What is not told anyway is not left over.
    assert len(run(*command, "--select", "RS1,RS570").out.splitlines()) == 1
    assert "RS570" in run("normalize", source, "--column", "dx", *options).err


@pytest.mark.usefixtures("source")
def test_the_history_of_a_tumor_that_was_reviewed(tmp_path: Path) -> None:
    rows = ("tumor,row,stage", "A,1,T2 N0 M0", "A,2,T2 N0 M0", "B,3,rT2 N0 M0", "C,4,T5")
    long = table(tmp_path, *rows, name="long.csv")
    command = ("history", long, "--tumor-id", "tumor", "--stage", "stage")
    plain = run(*command)
    assert {code for code in ("RS436", "RS431", "RS103") if code in plain.err} == {"RS436", "RS431", "RS103"}
    options = (*reviewed(tmp_path, "RS436,2,,", "RS431,3,,", "RS103,,stage,T5"), "--record-key", "row")
    done = run(*command, *options)
    assert done.out == plain.out
    assert (done.code, done.err.count("\n")) == (0, 1)
    assert "3 overridden" in done.err


def test_findings_of_a_message_are_overridden_by_the_keys_of_its_tumors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    message = MESSAGES / "naaccr_items.xml"
    lines = [json.loads(line) for line in run("history", message).out.splitlines()]
    key = next(iter(lines[0]["keys"]))
    values = {line["keys"][key] for line in lines}
    options = (*reviewed(tmp_path, *(f"RS103,{value},," for value in sorted(values))), "--record-key", key)
    for command in (("check", message), ("history", message), ("restage", message)):
        plain, done = run(*command), run(*command, *options)
        if command[0] != "check":
            assert done.out == plain.out
        assert "RS103" in plain.out + plain.err
        assert "RS103" not in (done.out + done.err).replace("override of RS103", "")
        assert "1 overridden" in done.err
        told = [line for line in (done.err + done.out).splitlines() if line.startswith("reviewed.csv:")]
        assert len([line for line in told if "RS570" in line]) == len(values) - 1
    stale = json.loads(
        run(
            "check", message, *reviewed(tmp_path, "RS101,9,,"), "--record-key", key, "--format", "jsonl"
        ).out.splitlines()[-1]
    )
    assert (stale["code"], stale["file"], stale["line"]) == ("RS570", "reviewed.csv", 2)
    assert run("check", message, *reviewed(tmp_path, "RS101,9,,")).code == 2


def test_a_message_can_be_reviewed_by_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    message = MESSAGES / "naaccr_items.xml"
    counted = json.loads(run("check", message, "--statistics", "--format", "json").out)
    one = next(one for one in counted if one["by"] == "value" and "RS103" in one["code"])
    options = reviewed(tmp_path, f"RS103,,{one['column']},{one['value']}")
    assert "1 overridden" in run("check", message, *options).err


@pytest.mark.parametrize(
    ("lines", "line", "said"),
    [
        (["RS103,,dx,T5,,why,2024-05-31"], 2, "who is blank"),
        (["RS103,,dx,T5,who, ,2024-05-31"], 2, "why is blank"),
        (["RS103,,dx,T5,who,why,"], 2, "date is blank"),
        (["RS103,,dx,T5,who,why,31.05.2024"], 2, "the date is none"),
        (["RS103,,dx,T5,who,why,20240531"], 2, "the date is none"),
        (["RS103,,dx,T5,who,why,2024-02-30"], 2, "the date is none"),
        (["RS999,,dx,T5,who,why,2024-05-31"], 2, "no finding of this code"),
        (["Margaret,,dx,T5,who,why,2024-05-31"], 2, "no finding of this code"),
        (["RS501,1,,,who,why,2024-05-31"], 2, "RS501 is always told"),
        (["RS511,1,,,who,why,2024-05-31"], 2, "RS511 is always told"),
        (["RS103,,dx,,who,why,2024-05-31"], 2, "it needs a record"),
        (["RS103,,,T5,who,why,2024-05-31"], 2, "needs its column"),
        (["RS103,,dx,T5,who,why,2024-05-31", "", "RS103,,dx,T5,he,so,2024-06-01"], 4, "the same as line 2"),
        (["RS103,,dx,T5"], 2, "it has 4 fields where the header has 7"),
    ],
)
def test_a_wrong_line_is_told(source: Path, tmp_path: Path, lines: list[str], line: int, said: str) -> None:
    table(tmp_path, HEADER, *lines, name="reviewed.csv")
    for command in (("check", "--column", "dx"), ("normalize", "--column", "dx"), ("restage", *COLUMNS)):
        done = run(command[0], source, *command[1:], "--overrides", "reviewed.csv")
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith(f"RS024 error: reviewed.csv, line {line}: ")
        assert said in done.err
        assert "Margaret" not in done.err


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("code,vaule,column,record,who,why,date", "did you mean value?"),
        ("code,record,column,value,who,why,when it was", "no such column"),
        ("code,record,column,value,who,why", "the column date is missing"),
        ("code,record,record,value,who,why,date", "the header has the column record twice"),
    ],
)
def test_a_wrong_header_is_told(source: Path, tmp_path: Path, header: str, said: str) -> None:
    done = run("check", source, "--column", "dx", *reviewed(tmp_path, header=header))
    assert done.code == 2
    assert done.err.startswith("RS024 error: reviewed.csv, line 1: ")
    assert said in done.err


def test_a_file_that_cannot_be_used_is_told(source: Path, tmp_path: Path) -> None:
    command = ("check", source, "--column", "dx")
    for name, code in (("missing.csv", "RS001"), (".", "RS001"), ("empty.csv", "RS002")):
        (tmp_path / "empty.csv").touch()
        done = run(*command, "--overrides", name)
        assert (done.code, done.err[:5]) == (3, code)
    options = reviewed(tmp_path, "RS103,1,,")
    assert "it names records, so it needs --record-key" in run(*command, *options).err
    assert run(*command, *options, "--record-key", "key").code == 2
    assert run(*command, *reviewed(tmp_path, "RS103,,dx,T5"), "--record-key", "key").code == 2


def test_columns_stand_in_any_order_and_tabs_may_divide_them(source: Path, tmp_path: Path) -> None:
    lines = ("date\twho\twhy\tcode\tvalue\tcolumn", "2024-05-31\tAB\tseen, really\trs103\tT5\tdx")
    table(tmp_path, *lines, name="reviewed.tsv")
    done = run("check", source, "--column", "dx", "--overrides", "reviewed.tsv")
    assert (done.code, done.out) == (0, "")
    found = load_overrides("reviewed.tsv")
    assert found.covers("RS103", "dx", "T5")
    assert not found.covers("RS103", "dx", "T5 ")
    assert [one.line for one in found.stale(Selection())] == [2]


@pytest.mark.usefixtures("source")
def test_single_texts_have_no_review_that_is_left_over(tmp_path: Path) -> None:
    options = reviewed(tmp_path, "RS103,,dx,T5")
    assert "RS570" not in run("check", "--text", "T2", *options).out


def test_the_example_of_the_documentation_is_understood(tmp_path: Path) -> None:
    text = (DOCS / "command-line.md").read_text(encoding="utf-8")
    example = text.partition(f"```\n{HEADER}\n")[2].partition("```")[0]
    found = load_overrides(str(table(tmp_path, HEADER, *example.splitlines())))
    assert found.records == {"20417"}
    assert found.covers("RS304", "dx_stage", "pT1 pN0 pM0")
