"""Each command does what its help says, and ends with the exit code that it promises."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

import pytest

import rstage
from rstage import rules
from rstage.tables.missing import is_missing, missing_words
from tests.support.command_line import in_folder, run, table
from tests.support.paths import EXAMPLES

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = EXAMPLES / "recurrences.csv"
EXAMPLE_OPTIONS = (
    *("--diagnosis", "diagnosis", "--assessment", "assessment", "--event", "event"),
    *("--tumor-id", "tumor_id", "--assessment-tumor-id", "new_tumor_id"),
    *("--diagnosis-date", "diagnosis_date", "--assessment-date", "assessment_date"),
    *("--site", "site", "--assessment-site", "new_site"),
)


def test_version_and_help() -> None:
    assert run("--version").out == f"rstage, version {rstage.__version__}\n"
    assert run("-h").code == 0
    for command in ("parse", "check", "normalize", "restage", "verify", "explain", "rules"):
        assert f"  {command} " in run("--help").out
        assert run(command, "--help").code == 0
    assert run("nothing").code == run("check", "--nothing").code == 2


def test_without_a_command_the_help_is_said_and_it_is_wrong_use() -> None:
    done = run()
    assert (done.code, done.out) == (2, "")
    assert done.err == run("--help").out


def test_parse_says_what_a_stage_means() -> None:
    done = run("parse", "rpT2(m) pN1a(sn)(3/15) cM1(OSS,PUL) L1, rIIA (AJCC 8)", "ypTis(DCIS) N1mi")
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0] == "rpT2(m) rpN1a(sn)(3/15) rcM1(OSS,PUL) L1 rStage IIA (AJCC 8)"
    words = "tumor; restaged (r); pathological (p); value 2; several tumors (m)"
    assert re.fullmatch(rf"  T +rpT2\(m\) +{re.escape(words)}", lines[1])
    for words in (
        "3 of 15 nodes",
        "bone, lung",
        "lymphatic invasion",
        "stage group",
        "AJCC 8",
        "micrometastasis",
    ):
        assert words in done.out
    assert "in situ; type DCIS" in done.out
    assert "RS202 info" in done.err


def test_parse_as_json_and_from_stdin() -> None:
    done = run("parse", "-", "T3", "--format", "json", stdin="T2 N0\r\nT5\n".encode("utf-8-sig"))
    first, second, third = json.loads(done.out)
    assert done.code == 1
    assert first["text"] == "T2 N0"
    assert first["stages"][0]["canonical"] == "T2 N0"
    assert second["stages"] == []
    assert second["diagnostics"][0]["code"] == "RS103"
    assert third["stages"][0]["t"] == {"letter": "T", "value": "3"}
    assert run("parse", "L1").code == 1
    assert run("parse", "L1", "--field", "L").code == 0


def test_the_system_is_named_only_where_the_option_is_given(tmp_path: Path) -> None:
    # FIGO's mark of method is written so too: without a system nobody can say which it is (ruling J.1).
    source = table(tmp_path, "dx,new", "pT2 pN0 cM0,IIIC (r)", "pT2 pN0 cM0,stage IV (r)")
    options = ("--column", "new", "-q")
    assert run("normalize", source, *options).out.splitlines()[1:] == [
        "pT2 pN0 cM0,IIIC (r),,RS131 RS201",
        "pT2 pN0 cM0,stage IV (r),rStage IV,RS201 RS312",
    ]
    named = run("normalize", source, *options, "--system", "TNM").out.splitlines()
    assert named[1] == "pT2 pN0 cM0,IIIC (r),rStage IIIC,RS201 RS312"
    (restaged, _) = run("restage", source, "--diagnosis", "dx", "--assessment", "new").out.splitlines()[1:]
    assert restaged == "pT2 pN0 cM0,IIIC (r),,,,RS131 RS201"
    assert run("parse", "IIIC (r)").code == 1


def test_a_caret_shows_where_only_where_the_text_may_be_shown() -> None:
    assert "    pT5 N0\n     ^^\n" in run("parse", "pT5 N0").err
    done = run("parse", "Margaret Miller pT5")
    assert "Miller" not in done.err + done.out
    assert "^" not in done.err


def test_check_lists_findings_by_file_line_and_column(tmp_path: Path) -> None:
    source = table(tmp_path, "id,dx,n", '1,"T5', 'N0",', "2,NA,N9", "3,T2", "4,pT2 N0,")
    done = run("check", source, "--column", "dx", "--column", "x:N=n")
    assert done.code == 1
    starts = [line.partition(" error")[0] for line in done.out.splitlines() if " error" in line]
    assert starts == [
        f"{source}:2:dx: RS103",
        f"{source}:4:n: RS103",
        f"{source}:5:(row): RS501",
    ]
    assert "4 rows in = 3 checked + 1 rejected" in done.err
    assert in_folder(tmp_path) == {"table.csv"}
    assert run("check", source, "--column", "dx", "-q").err == ""


def test_check_in_every_format(tmp_path: Path) -> None:
    source = table(tmp_path, "id,dx", "1,Margaret", "2,T5")
    options = ("check", source, "--column", "dx", "--format")
    found = json.loads(run(*options, "json").out)
    assert [json.loads(line) for line in run(*options, "jsonl").out.splitlines()] == found
    by_csv = list(csv.DictReader(io.StringIO(run(*options, "csv").out)))
    assert [one["code"] for one in by_csv] == [one["code"] for one in found]
    last = found[-1]
    known = {"line": 3, "row": 2, "column": "dx", "value": "T5", "code": "RS103", "span": [0, 2]}
    assert known.items() <= last.items()
    assert found[0]["value"] is None
    assert json.loads(run("check", "--text", "T2", "--format", "json").out) == []


def test_statistics_count_by_code_column_and_value(tmp_path: Path) -> None:
    source = table(tmp_path, "dx,b", "T5,T2", "T5,T2", "Smith,T2;N0", "Smith,T5", ",")
    columns = ("--column", "dx", "--column", "b", "--statistics")
    done = run("check", source, *columns)
    assert done.code == 1
    assert "  3  RS103  error" in done.out
    assert re.search(r"by column\n  1  b +RS103\n  1  b +RS202\n  2  dx +RS10", done.out)
    assert re.search(r"  2  dx +\(hidden, 5 characters\) +RS101", done.out)
    assert "Smith" not in done.out + done.err
    counted = json.loads(run("check", source, *columns, "--format", "json").out)
    known = {"by": "code", "code": "RS103", "severity": "error", "name": "UNKNOWN_VALUE", "count": 3}
    assert known.items() <= counted[0].items()
    done = run("normalize", source, *columns)
    assert done.out.startswith("dx,b,dx_normalized")
    assert "  3  RS103  error" in done.err
    clean = table(tmp_path, "dx", "T2", name="b.csv")
    assert "no findings" in run("normalize", clean, *columns[:2], "--statistics").err


def test_texts_are_checked_normalized_and_restaged() -> None:
    done = run("check", "--text", "T5", "--text", "T2;N0")
    assert (done.code, done.out.count("RS1"), done.out.count("RS202")) == (1, 1, 1)
    done = run("normalize", "--text", "T2N0, IIA", "--text", "T5", "--text", "-", stdin=b"cT3N1M0, ypT1N0M0")
    assert (done.code, done.out) == (1, "T2 N0 Stage IIA\n\ncT3 N1 M0; ypT1 yN0 M0\n")
    assert run("normalize", "--text", "T2N0").code == 0
    options = ("--event", "=recurrence", "--diagnosis-date", "=2019-03-02", "--site", "=C18.7")
    done = run("restage", "--text", "cT2 cN0 cM0", "cT0 cN0 pM1(HEP)", *options)
    assert done.out.startswith("rcT0 rcN0 rpM1(HEP)\ndistant\nDistant recurrence (liver) of the cancer first")
    data = json.loads(run("restage", "--text", "T2", "T1 N0 M0", "--tumor-id", "=A", "--format", "json").out)
    restaging = rstage.Restaging.from_dict(data)
    assert restaging.assessment.tumor_id == "A"
    assert rstage.verify(restaging) == ()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("restage", "--text", "rT2", "T1 N0 M0"), 1, "RS401"),
        (("restage", "--text", "T2", "T5"), 1, "RS103"),
        (("restage", "--text", "", "T1"), 1, "RS504"),
        (("restage", "--text", "T2", "T1 N0 M0", "--event", "=relapse"), 1, "RS503"),
        (("restage", "--text", "T2", "T1 N0 M0", "--site", "=\udcff"), 2, "RS012"),
        (("restage", "--text", "T2", " "), 2, "RS012"),
        (("restage", "--text", "T2", "T1", "--event", "recurrence"), 2, "RS012"),
        (("restage", "--text", "T2", "\udcff"), 2, "RS012"),
        (("restage", "--text", "T2", "T1", "--date-format", "%d"), 2, "RS012"),
        (("restage", "--text", "T2", "T1", "--diagnosis", "x"), 2, "--text"),
        (("restage", "x.csv", "--diagnosis", "x"), 2, "--assessment"),
        (("check", "x.csv"), 3, "RS001"),
        (("check", "x.csv", "--text", "T2"), 2, "--text"),
        (("normalize", "--column", "x"), 2, "FILE"),
        (("normalize", "x.csv", "--text", "T2"), 2, "--text"),
        (("parse", "T2", "--edition", "nothing"), 2, "RS012"),
        (("parse", "T2", "--mode", "guess"), 2, "--mode"),
        (("explain", "RS999"), 2, "RS999"),
    ],
)
def test_wrong_use_is_told(arguments: tuple[str, ...], code: int, said: str) -> None:
    done = run(*arguments)
    assert done.code == code
    assert said in done.err


def test_exit_codes_follow_the_findings() -> None:
    for text, code, warning, info in (
        ("T5", 1, 1, 1),
        ("rT1-2", 0, 1, 1),
        ("T2;N0", 0, 0, 1),
        ("T2 N0", 0, 0, 0),
    ):
        assert run("check", "--text", text).code == code
        assert run("check", "--text", text, "--fail-on", "warning").code == warning
        assert run("check", "--text", text, "--fail-on", "info").code == info
        assert run("check", "--text", text, "--fail-on", "info", "--exit-zero").code == 0


def test_reading_options_reach_the_reading(tmp_path: Path) -> None:
    def canonical(text: str, *options: str) -> str:
        return run("normalize", "--text", text, *options).out.strip()

    assert canonical("T2 N0", "--mode", "strict") == "T2 N0"
    assert canonical("T2; N0", "--mode", "strict") == ""
    assert canonical("T2 N0", "--edition", "AJCC 8") == "T2 N0 (AJCC 8)"
    assert canonical("cT2 N0 M0", "--carry-method") == "cT2 cN0 cM0"
    assert canonical("T2 N0 M0", "--assume-clinical") == "cT2 cN0 cM0"
    assert canonical("IIA", "--system", "FIGO") == "FIGO IIA"
    source = table(tmp_path, "dx,T,N", "T2 N0,T2,N0")
    for column in ("dx", "T=T"):
        done = run("normalize", source, "--column", column, "--edition", "8", "--assume-clinical")
        assert "cT2" in done.out
        assert "(edition 8)" in done.out


def test_normalize_appends_parts_and_other_names(tmp_path: Path) -> None:
    source = table(tmp_path, "dx,new", "pT2 N0 M0 L1 V0 IIA (AJCC 8),T1", '"cT3N1M0, ypT1N0M0",')
    done = run("normalize", source, "--column", "dx", "--parts")
    names = (
        "dx_normalized,dx_findings,dx_T,dx_N,dx_M,dx_group,dx_edition,dx_descriptors,dx_T_main,dx_group_main"
    )
    lines = done.out.splitlines()
    assert lines[0] == f"dx,new,{names}"
    assert lines[1].endswith(",pT2,N0,M0,Stage IIA,AJCC 8,L1 V0,T2,II")
    assert lines[2].endswith(",RS213 RS202,,,,,,,,")
    done = run("normalize", source, "--column", "dx", "--prefix", "b")
    assert done.out.startswith("dx,new,b_normalized,b_findings\n")
    done = run("normalize", source, "--column", "dx", "--column", "new", "--prefix", "b")
    assert done.out.startswith("dx,new,b_dx_normalized,b_dx_findings,b_new_normalized,b_new_findings\n")
    assert "3 normalized, 0 refused, 1 missing" in done.err


def test_words_for_missing_can_be_added(tmp_path: Path) -> None:
    source = table(tmp_path, "dx", "nil", "[Not Available]", "'--")
    assert run("normalize", source, "--column", "dx").code == 1
    done = run("normalize", source, "--column", "dx", "--missing", "Nil")
    assert (done.code, done.out.splitlines()[1]) == (0, "nil,,")


def test_rules_and_explain_tell_every_rule() -> None:
    listed = run("rules").out.splitlines()
    assert [line[:5] for line in listed] == [rule.code for rule in rules.ALL]
    assert [one["code"] for one in json.loads(run("rules", "--format", "json").out)] == [
        rule.code for rule in rules.ALL
    ]
    for rule in rules.ALL:
        told = run("explain", rule.code).out
        assert told == run("explain", rule.name.lower()).out
        for text in (rule.code, rule.name, rule.message, rule.reason, rule.source, rule.wrong, rule.right):
            assert text in told
        assert rule.option in told
        assert f"({rule.severity}{'; ' * bool(rule.otherwise)}{rule.otherwise})" in told
    assert json.loads(run("explain", "RS103", "--format", "json").out)[0]["name"] == "UNKNOWN_VALUE"
    assert "UNKNOWN_VALUE" in run("explain", "UNKNOWN_VALEU").err


def test_explain_names_the_page_of_a_finding_where_the_project_has_a_site(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "http" not in run("explain", "RS103").out
    assert "address" not in run("explain", "RS103", "--format", "json").out
    monkeypatch.setattr("rstage.rules.SITE", "https://example.org/rstage")
    page = "https://example.org/rstage/docs/findings/RS103.html"
    assert f"  more    {page}\n" in run("explain", "RS103").out
    assert json.loads(run("explain", "RS103", "--format", "json").out)[0]["address"] == page
    assert page in run("check", "--text", "T5", "--format", "sarif").out


def test_the_first_command_of_the_readme(tmp_path: Path) -> None:
    out = tmp_path / "restaged.csv"
    done = run("restage", EXAMPLE, "-o", out, *EXAMPLE_OPTIONS, "--statistics", "--exit-zero")
    assert done.code == 0
    assert "207 rows in = 206 out + 1 rejected" in done.err
    assert run("verify", out, "--against", EXAMPLE, *EXAMPLE_OPTIONS).code == 0
    assert run("restage", EXAMPLE, "-o", out, *EXAMPLE_OPTIONS).code == 2
    assert run("restage", EXAMPLE, "-o", out, *EXAMPLE_OPTIONS, "--force").code == 1
    with out.open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    assert sum(bool(row["restaged"]) for row in rows) > 100
    errors = {rule.code for rule in rules.ALL if rule.severity == "error"}
    for row in rows:
        codes = set(row["restage_findings"].split())
        assert bool(row["restaged"]) == bool(row["restage_link"])
        assert not (row["restaged"] and codes & (errors - {"RS207"}))
        assert row["restaged"] or codes or is_missing(row["assessment"], missing_words())


def test_no_message_shows_a_name_a_number_or_a_date(tmp_path: Path) -> None:
    source = table(tmp_path, "id,dx,d,e", "Miller-77123,Margaret T2,3rd of May 1977,Margaret", ",,,")
    options = ("--diagnosis-date", "d", "--event", "e", "--tumor-id", "id", "--statistics")
    restaged = run("restage", source, "--diagnosis", "dx", "--assessment", "dx", *options)
    assert restaged.code == 1
    for text in (restaged.err, run("check", source, "--column", "dx", "--format", "json").out):
        for secret in ("Miller", "Margaret", "77123", "1977"):
            assert secret not in text
