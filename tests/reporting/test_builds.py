"""Reports for the builds of code hosts are what their standards ask for, and hide what is hidden."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from rstage import rules
from rstage.diagnostics import Severity
from rstage.reporting.placed import CellFinding, CellPlace, PlacedFinding
from rstage.reporting.report import FORMATS, report
from tests.support.command_line import run, table
from tests.support.paths import DATA, EXAMPLES

if TYPE_CHECKING:
    from pathlib import Path

SCHEMAS = DATA / "schemas"
BUILDS = ("sarif", "junit", "github", "gitlab")
STANDARD = os.environ.get("RSTAGE_SARIF_SCHEMA")
NASTY = 'a "b"\n<c>&:,%::d\x01é'


def nasty_findings() -> list[PlacedFinding]:
    """Return findings with names and texts that each format has to escape."""
    found = []
    for file in ("a b%.csv", "/tmp/a,b:c.csv", f"{NASTY}.csv", "-", "\udcff.csv"):  # noqa: S108  no file is made
        for end, severity in enumerate(Severity):
            diagnostic = rules.NOT_NOTATION.at(
                (0, end), severity=severity, what=NASTY, text=NASTY, word=NASTY
            )
            place = CellPlace(0, None, NASTY)
            found.append(PlacedFinding(file, place, CellFinding(diagnostic, NASTY, NASTY)))
    return found


def reports(form: str, folder: Path) -> list[str]:
    """Return reports of a table, of messages, of nothing, and of what is hard to write."""
    source = table(folder, "dx,b", "T5,T2;N0", "Smith,rT1-2", "cT2,cN0,cM0", name=f"in {form}.csv")
    done = [
        run("check", source, "--column", "dx", "--column", "b", "--format", form),
        run("check", source, "--column", "dx", "--format", form, "--show-values", "--fail-on", "info"),
        run("check", EXAMPLES / "naaccr_synthetic.xml", "--format", form),
        run("check", EXAMPLES / "obds_synthetic.xml", EXAMPLES / "fhir_synthetic.ndjson", "--format", form),
        run("check", "--text", "T2 N0", "--format", form),
    ]
    made = [report(nasty_findings(), form, shows_values=shows) for shows in (False, True)]
    return [one.out for one in done] + ["".join(pieces) for pieces in made]


def sarif_logs(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(one) for one in reports("sarif", folder)]


def test_sarif_has_the_objects_of_the_standard(tmp_path: Path) -> None:
    schema = json.loads((SCHEMAS / "sarif_used.json").read_text(encoding="utf-8"))
    checker = jsonschema.Draft202012Validator(schema)
    for log in sarif_logs(tmp_path):
        checker.validate(log)
        (one,) = log["runs"]
        listed = one["tool"]["driver"]["rules"]
        assert [rule["id"] for rule in listed] == [rule.code for rule in rules.ALL]
        for result in one["results"]:
            assert listed[result["ruleIndex"]]["id"] == result["ruleId"]
    wrong = {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": [{"level": "bad"}]}]}
    assert len(list(checker.iter_errors(wrong))) == 2


@pytest.mark.skipif(STANDARD is None, reason="RSTAGE_SARIF_SCHEMA names the schema of the standard")
def test_sarif_is_valid_by_the_schema_of_the_standard(tmp_path: Path) -> None:
    with open(STANDARD or "", encoding="utf-8") as file:  # noqa: PTH123  a name from outside
        schema = json.load(file)
    checker = jsonschema.validators.validator_for(schema)(schema)
    for log in sarif_logs(tmp_path):
        checker.validate(log)


def test_junit_is_valid_by_the_schema_of_ant(tmp_path: Path) -> None:
    etree = pytest.importorskip("lxml.etree")
    schema = etree.XMLSchema(etree.parse(str(SCHEMAS / "junit.xsd")))
    suites = []
    for text in reports("junit", tmp_path):
        tree = etree.fromstring(text.encode())
        schema.assertValid(tree)
        (suite,) = tree
        suites.append(suite)
        for name, path in (("tests", "testcase"), ("failures", "*/failure"), ("skipped", "*/skipped")):
            assert int(suite.get(name)) == len(suite.findall(path))
    by_severity, all_fail = suites[0], suites[1]
    assert (by_severity.get("failures"), by_severity.get("skipped")) == ("3", "2")
    assert all_fail.get("skipped") == "0"
    empty = suites[4]
    assert [case.get("name") for case in empty.iter("testcase")] == ["no findings"]


def test_github_commands_are_one_line_each(tmp_path: Path) -> None:
    command = re.compile(r"::(error|warning|notice) file=([^:,\n]+),line=(\d+),title=([^:,\n]+)::(.+)")
    for text in reports("github", tmp_path):
        for line in text.splitlines():
            match = command.fullmatch(line)
            assert match is not None, line
            assert int(match[3]) >= 1
    assert "%0A" in reports("github", tmp_path)[-1]


def test_gitlab_fingerprints_tell_findings_apart(tmp_path: Path) -> None:
    for text in reports("gitlab", tmp_path):
        found = json.loads(text)
        assert all(one.keys() >= {"description", "fingerprint", "severity", "location"} for one in found)
        assert {one["severity"] for one in found} <= {"info", "minor", "major", "critical", "blocker"}
        assert len({one["fingerprint"] for one in found}) == len(found)
    assert reports("gitlab", tmp_path) == reports("gitlab", tmp_path)


@pytest.mark.parametrize("form", FORMATS)
def test_a_report_goes_to_a_file_as_it_goes_to_the_screen(form: str, tmp_path: Path) -> None:
    source = table(tmp_path, "dx", "T5", "Smith")
    options = ("check", source, "--column", "dx", "--format", form)
    printed, target = run(*options), tmp_path / "out.txt"
    written = run(*options, "--output-file", target)
    assert (printed.code, written.code, written.out) == (1, 1, "")
    made = target.read_text(encoding="utf-8")
    assert "Smith" not in made
    timeless = [re.sub(r'time(stamp)?="[^"]*"', "", text) for text in (made, printed.out)]
    assert timeless[0] == timeless[1] != ""
    again = run(*options, "--output-file", target)
    assert again.code == 2
    assert "RS007" in again.err
    assert run(*options, "--output-file", target, "--force").code == 1
    assert run(*options, "--output-file", source, "--force").code == 2


def test_a_run_that_is_refused_leaves_no_half_report(tmp_path: Path) -> None:
    source, target = table(tmp_path, "dx", "T5"), tmp_path / "out.txt"
    for form in BUILDS:
        done = run("check", source, "--column", "d", "--format", form)
        assert (done.code, done.out) == (2, "")
        assert run("check", source, "--column", "d", "--format", form, "--output-file", target).code == 2
        assert not target.exists()
        counted = run("check", source, "--column", "dx", "--format", form, "--statistics")
        assert (counted.code, "RS012" in counted.err) == (2, True)


def test_a_cell_of_csv_is_never_a_formula(tmp_path: Path) -> None:
    source = table(tmp_path, "=dx,-n", "=1+T5,@T5", "+T5,-5", name="-in.csv")
    done = run("check", source, "--column", "=dx", "--column", "-n", "--format", "csv", "--show-values")
    cells = [cell.strip('"') for line in done.out.splitlines()[1:] for cell in line.split(",")]
    assert {"'=dx", "'-n", "'=1+T5", "'@T5", "'+T5"} <= set(cells)
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "@")]


def test_several_files_and_patterns_are_one_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    table(tmp_path, "dx", "T5", "T2", name="a1.csv")
    table(tmp_path, "dx", "T5,x", "T2", name="a2.csv")
    table(tmp_path, "other", "T5", name="b.csv")
    done = run("check", "a*.csv", "a1.csv", "--column", "dx", "--summary", "sum.json")
    assert done.code == 1
    assert [line.partition(": ")[0] for line in done.out.splitlines()] == ["a1.csv:2:dx", "a2.csv:2:(row)"]
    assert "rstage check: 2 files, 4 rows in = 3 checked + 1 rejected; 2 errors" in done.err
    assert json.loads((tmp_path / "sum.json").read_text())["rows"] == {"in": 4, "out": None, "rejected": 1}
    done = run("check", "a1.csv", "b.csv", "none*.csv", "--column", "dx", "--format", "json")
    assert done.code == 3
    assert len(json.loads(done.out)) == 1
    assert "b.csv: RS005" in done.err
    assert "none*.csv cannot be read" in done.err
    assert "3 files (2 not read), 2 rows in" in done.err
    one, two = EXAMPLES / "fhir_synthetic.ndjson", EXAMPLES / "obds_synthetic.xml"
    alone = [run("check", one), run("check", two)]
    both = run("check", one, two)
    assert both.out == alone[0].out + alone[1].out
    assert "rstage check: 2 files, " in both.err
    assert run("check", one, "a1.csv").code == 2
