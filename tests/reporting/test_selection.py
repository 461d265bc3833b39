"""What is told is chosen by code, can be cut short, and comes to a summary; what is read stays the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import rstage
from rstage import rules
from rstage.reporting.selection import ALWAYS_REPORTED, Selection, checked_codes
from tests.support.command_line import in_folder, run, table
from tests.support.paths import MESSAGES

# RS103 three times, RS202 (an info) once, RS214 (a warning) nowhere.
ROWS = ("id,dx,new", "1,T5,T2 N0 M0", "2,T2;N0,T3", "3,T5 N0,T9", "4,,")


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return table(tmp_path, *ROWS, name="in.csv")


@pytest.mark.parametrize(
    ("select", "ignore", "told"),
    [
        ((), (), {"RS101", "RS103", "RS301"}),
        (("RS1",), (), {"RS101", "RS103"}),
        (("RS10", "RS3"), ("RS103",), {"RS101", "RS301"}),
        ((), ("RS1",), {"RS301"}),
        (("RS103",), ("RS1",), {"RS103"}),
        (("RS1",), ("RS1",), set()),
        (("RS1",), ("RS",), {"RS101", "RS103"}),
        (("RS",), ("RS1", "RS301"), set()),
        (("RS2",), (), set()),
    ],
)
def test_the_longest_prefix_decides(select: tuple[str, ...], ignore: tuple[str, ...], told: set[str]) -> None:
    selection = Selection(select, ignore)
    assert {code for code in ("RS101", "RS103", "RS301") if selection.has(code)} == told
    assert all(selection.has(code) for code in ALWAYS_REPORTED)


@pytest.mark.parametrize(
    ("arguments", "codes", "code"),
    [
        ((), ["RS103", "RS202", "RS103"], 1),
        (("--select", "RS2"), ["RS202"], 0),
        (("--select", "rs2", "--fail-on", "info"), ["RS202"], 1),
        (("--ignore", "RS1"), ["RS202"], 0),
        (("--ignore", "RS1,RS202", "--fail-on", "info"), [], 0),
        (("--ignore", "RS1", "--select", "RS103"), ["RS103", "RS103"], 1),
        (("--select", "RS103", "--select", "RS202"), ["RS103", "RS202", "RS103"], 1),
    ],
)
def test_what_is_told_is_counted_and_decides_the_exit_code(
    source: Path, arguments: tuple[str, ...], codes: list[str], code: int
) -> None:
    done = run("check", source, "--column", "dx", *arguments)
    assert [line.split()[1] for line in done.out.splitlines()] == codes
    assert done.code == code
    assert f"{codes.count('RS103')} error" in done.err
    counted = json.loads(
        run("check", source, "--column", "dx", "--statistics", "--format", "json", *arguments).out
    )
    assert {one["code"] for one in counted} == set(codes)
    texts = ("check", "--text", "T5", "--text", "T2;N0", "--text", "T5 N0", "--format", "json")
    assert [one["code"] for one in json.loads(run(*texts, *arguments).out)] == codes


def test_an_ignored_error_refuses_all_the_same(source: Path) -> None:
    columns = ("--column", "dx", "--column", "new")
    plain = run("normalize", source, *columns)
    chosen = run("normalize", source, *columns, "--ignore", "RS")
    assert chosen.out == plain.out
    assert "RS103" in plain.out
    assert (plain.code, chosen.code) == (1, 0)
    assert "3 refused" in chosen.err
    columns = ("--diagnosis", "dx", "--assessment", "new")
    plain, chosen = (run("restage", source, *columns, *more) for more in ((), ("--select", "RS9")))
    assert chosen.out == plain.out
    assert (plain.code, chosen.code) == (1, 0)
    assert run("normalize", "--text", "T5", "--ignore", "RS").out == "\n"


def test_what_is_lost_or_altered_is_told_whatever_is_chosen(tmp_path: Path) -> None:
    ragged = table(tmp_path, "dx", "T2,N0", name="ragged.csv")
    for chosen in (("--select", "RS3"), ("--ignore", "RS")):
        done = run("check", ragged, "--column", "dx", *chosen)
        assert (done.code, "RS501" in done.out) == (1, True)
        done = run("normalize", ragged, "--column", "dx", *chosen)
        assert (done.code, "RS501" in done.err) == (1, True)
    source, out = table(tmp_path, *ROWS), tmp_path / "out.csv"
    columns = ("--diagnosis", "dx", "--assessment", "new", "--ignore", "RS")
    assert run("restage", source, "-o", out, *columns).code == 0
    assert run("verify", out, "--against", source, *columns).code == 0
    out.write_text(out.read_text(encoding="utf-8").replace("4,,", "4,,x"), encoding="utf-8")
    assert run("verify", out, "--against", source, *columns).code == 1
    altered = json.dumps(restaging().to_dict()).replace('"recurrence": "', '"recurrence": "')
    data = json.loads(altered)
    data["event"] = "progression"
    (tmp_path / "one.json").write_text(json.dumps(data), encoding="utf-8")
    assert run("verify", tmp_path / "one.json", "--ignore", "RS").code == 1


def restaging() -> rstage.Restaging:
    return rstage.restage(rstage.Staging.parse("T2 N0 M0"), rstage.Staging.parse("T3 N0 M0"))


@pytest.mark.parametrize(
    ("option", "codes", "said"),
    [
        ("--select", "RS39", "no finding whose code begins with RS39"),
        ("--select", "E501", "no finding whose code begins with E501"),
        ("--ignore", "R", "no finding whose code begins with R"),
        ("--ignore", ",", "it needs a code"),
        ("--ignore", "RS001", "RS001 is always told"),
        ("--ignore", "RS501", "RS501 is always told"),
        ("--max-findings", "-1", "--max-findings"),
        ("--color", "pink", "--color"),
    ],
)
def test_a_wrong_choice_is_told(source: Path, option: str, codes: str, said: str) -> None:
    done = run("check", source, "--column", "dx", option, codes)
    assert done.code == 2
    assert said in done.err


def test_every_family_can_be_chosen() -> None:
    for rule in rules.ALL:
        for length in (2, 3, 4, 5):
            assert checked_codes(rule.code[:length].lower()) == (rule.code[:length],)


@pytest.mark.parametrize("form", ["text", "json", "jsonl", "csv"])
def test_findings_beyond_the_most_are_counted(source: Path, form: str) -> None:
    command = ("check", source, "--column", "dx", "--format", form)
    done = run(*command, "--max-findings", 1)
    assert done.code == 1
    assert done.out.count("RS103") == 1
    assert "RS202" not in done.out
    assert "... and 2 more findings\n" in done.err
    assert "2 errors, 0 warnings, 1 info" in done.err
    done = run(*command, "--max-findings", 0, "-q")
    assert ("RS" in done.out, done.err) == (False, "... and 3 more findings\n")
    assert "more finding" not in run(*command, "--max-findings", 3).err
    assert "... and 1 more finding\n" in run("check", "--text", "T5 N9", "--max-findings", 1).err


def test_findings_of_messages_are_chosen_and_cut_short(tmp_path: Path) -> None:
    message = MESSAGES / "obds_elements.xml"
    every = [json.loads(line) for line in run("check", message, "--format", "jsonl").out.splitlines()]
    assert len(every) > 1
    code = every[0]["code"]
    left = [one for one in every if one["code"] != code]
    done = run("check", message, "--format", "jsonl", "--ignore", code)
    assert [json.loads(line) for line in done.out.splitlines()] == left
    done = run("history", message, "--max-findings", 1)
    assert f"... and {len(every) - 1} more finding" in done.err
    out = tmp_path / "out"
    assert run("restage", message, "-o", out, "--ignore", "RS").err.count("\n") == 1
    assert run("verify", out, "--against", message, "--select", "RS1").code == 0


def summary(path: Path) -> dict[str, Any]:
    """Return a summary, which follows its schema."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    assert not list(Draft202012Validator(rstage.json_schema("RunSummary")).iter_errors(found))
    return found


def test_a_summary_counts_a_run(source: Path, tmp_path: Path) -> None:
    made, options = tmp_path / "s.json", ("--summary", tmp_path / "s.json")
    assert run("check", source, "--column", "dx", "--column", "new", *options).code == 1
    found = summary(made)
    assert (found["rstage"], found["command"], found["exit_code"]) == (rstage.__version__, "check", 1)
    assert found["rows"] == {"in": 4, "out": None, "rejected": 0}
    assert found["cells"] == {"read": 3, "refused": 3, "missing": 2}
    assert found["rates"] == {"rejected": 0.0, "refused": 0.375, "missing": 0.25}
    assert found["severities"] == {"error": 3, "warning": 0, "info": 1}
    assert {"code": "RS103", "name": "UNKNOWN_VALUE", "severity": "error", "count": 3} in found["codes"]
    assert {"column": "dx", "code": "RS202", "count": 1} in found["columns"]
    assert found["rows_per_second"] > 0
    table(tmp_path, *ROWS, "5,T2,N0,M0", name="in.csv")
    out = ("-o", tmp_path / "out.csv", "--force")
    run("normalize", source, "--column", "dx", *options, *out)
    found = summary(made)
    assert (found["rows"], found["cells"]) == (
        {"in": 5, "out": 4, "rejected": 1},
        {"read": 1, "refused": 2, "missing": 1},
    )
    run("restage", source, "--diagnosis", "dx", "--assessment", "new", *options, *out)
    found = summary(made)
    assert found["cells"] == {"read": 1, "refused": 2, "missing": 1}
    run("verify", tmp_path / "out.csv", "--against", source, *options)
    assert summary(made)["rows"] == {"in": 5, "out": 4, "rejected": 1}
    run("history", source, "--tumor-id", "id", "--stage", "dx", *options)
    assert summary(made)["counts"] == {"tumors": 3, "restagings": 0}
    for command in ("check", "normalize"):
        run(command, "--text", "T5", *options)
        assert summary(made)["severities"]["error"] == 1
    for command in ("check", "history", "restage"):
        run(command, MESSAGES / "obds.xml", *options)
        assert summary(made)["counts"]["records"] > 0
    assert in_folder(tmp_path) == {"in.csv", "s.json", "out.csv", "out.csv.rejected"}


def test_a_run_that_an_error_ended_has_a_summary(source: Path, tmp_path: Path) -> None:
    made = tmp_path / "s.json"
    options = ("--column", "dx", "--summary", made)
    assert run("check", source, *options).code == 1
    assert run("check", tmp_path / "none.csv", *options).code == 3
    found = summary(made)
    assert (found["exit_code"], found["ended_by"]) == (3, "RS001")
    assert "severities" not in found


def test_a_summary_never_takes_the_place_of_another_file(source: Path, tmp_path: Path) -> None:
    before = source.read_bytes()
    for name in (source, "-"):
        done = run("check", source, "--column", "dx", "--summary", name)
        assert (done.code, done.err[:5], done.out) == (2, "RS012", "")
    assert source.read_bytes() == before
    out = ("-o", tmp_path / "out.csv", "--reject-file", tmp_path / "rejects.csv")
    table(tmp_path, *ROWS, "5,T2,N0,M0", name="in.csv")
    for name in ("out.csv", "rejects.csv"):
        done = run("normalize", source, "--column", "dx", *out, "--summary", tmp_path / name)
        assert (done.code, "RS012" in done.err) == (2, True)
        assert not (tmp_path / name).read_bytes().startswith(b"{")
        (tmp_path / "out.csv").unlink()
        (tmp_path / "rejects.csv").unlink()
    for name in (tmp_path / "no" / "s.json", tmp_path):
        done = run("check", source, "--column", "dx", "--summary", name)
        assert (done.code, done.err[:5]) == (4, "RS009")
    assert in_folder(tmp_path) == {"in.csv"}
    (tmp_path / "empty").touch()
    assert run("check", source, "--column", "dx", "--summary", tmp_path / "empty").code == 1
    assert summary(tmp_path / "empty")["exit_code"] == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_a_summary_that_cannot_be_written_at_the_end_is_told(source: Path) -> None:
    done = run("check", source, "--column", "dx", "--summary", "/dev/full")
    assert (done.code, done.err.splitlines()[-1][:5]) == (4, "RS009")
    assert "RS103" in done.out
