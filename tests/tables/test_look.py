"""`rstage look` guesses what stands in a table; the command that it prints reads what is readable."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.support.command_line import run, table
from tests.support.paths import SAMPLES

ENOUGH = 0.95


class Shape(NamedTuple):
    """An invented table in the shape of a public one.

    Attributes:
        lines: its lines. parts: which columns a look finds for which parts.
        options: words that the command has.
    """

    lines: tuple[str, ...]
    parts: dict[str, dict[str, str]]
    options: tuple[str, ...] = ()
    name: str = "table.csv"
    encoding: str = "utf-8"


PORTAL = Shape(
    (
        "#Patient\tStage\tEdition\tM\tN\tT",
        "#STRING\tSTRING\tSTRING\tSTRING\tSTRING\tSTRING",
        "PATIENT_ID\tAJCC_PATHOLOGIC_TUMOR_STAGE\tAJCC_STAGING_EDITION\tPATH_M_STAGE\tPATH_N_STAGE\tPATH_T_STAGE",
        "X-1\tSTAGE IB\t7TH\tM0\tN0\tT2A",
        "X-2\tSTAGE IIIA\t6TH\tMX\tN2\tT2B",
        "X-3\t\t\t\t\t",
        "X-4\tSTAGE IV\t7TH\tM1B\tN3\tT4",
    ),
    {
        "pathologic": {
            "T": "PATH_T_STAGE",
            "N": "PATH_N_STAGE",
            "M": "PATH_M_STAGE",
            "group": "AJCC_PATHOLOGIC_TUMOR_STAGE",
            "edition": "AJCC_STAGING_EDITION",
        }
    },
    ("--delimiter", "\\t", "--comment", "#", "--mode", "repair"),
    "table.txt",
)
GERMAN = Shape(
    (
        "TumorNr;Diagnosedatum;TNM_Auflage_p;r_Symbol_p;c_p_u_Praefix_T_p;T_p;N_p;M_p;UICC_Stadium_p;Müller",
        "1;02.03.2019;8;;p;1a;0;0;IA;x",
        "2;14.05.2019;8;r;p;is;1(sn);0;IIB;ä",
        "3;25.12.2020;7;;c;4b;X;1a;IV;ö",
        "4;;;;;;;;;",
    ),
    {
        "pathologic": {
            "T": "T_p",
            "N": "N_p",
            "M": "M_p",
            "group": "UICC_Stadium_p",
            "edition": "TNM_Auflage_p",
            "r": "r_Symbol_p",
            "T_method": "c_p_u_Praefix_T_p",
        }
    },
    ("--delimiter", ";", "--encoding", "cp1252", "--dialect", "obds"),
    encoding="cp1252",
)
DECIMALS = Shape(
    ("patient_id,age,tumor_stage", "1,50,2.0", "2,61,1.0", "3,70,", "4,4,4.0"),
    {"stage": {"group": "tumor_stage"}},
)
MIXED = Shape(
    (
        "id,pT,pN,cM,stage_comment",
        "1,pT1a (FIGO IA),pN0,cM0,fine",
        "2,pT3b (FIGO IIIB),pN1,Staging Incomplete,",
        "3,pT2 (FIGO II),pNX,cM1,2",
    ),
    {"pT": {"stage": "pT"}, "pathologic": {"N": "pN", "M": "cM"}},
    ("--missing", "Staging Incomplete"),
)
PREAMBLE = Shape(
    ("Report of a registry;;", "made in 2020;;", "", "id;cTNM;when", "1;cT2 cN0 cM0;x", "2;cT1 cN1 cM0;y"),
    {"cTNM": {"stage": "cTNM"}},
    ("--header-row", "4"),
)
SHAPES = {"portal": PORTAL, "german": GERMAN, "decimals": DECIMALS, "mixed": MIXED, "preamble": PREAMBLE}


def looked(*arguments: object) -> list[dict[str, Any]]:
    done = run("look", *arguments, "--format", "json")
    assert done.code == 0, done.err
    found: list[dict[str, Any]] = json.loads(done.out)
    return found


def rate(summary: Path) -> float:
    cells = json.loads(summary.read_text(encoding="utf-8"))["cells"]
    return float(cells["read"] / (cells["read"] + cells["refused"]))


@pytest.mark.parametrize("name", SHAPES)
def test_the_command_that_is_printed_reads_what_is_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    shape = SHAPES[name]
    source = tmp_path / shape.name
    source.write_bytes("".join(f"{line}\n" for line in shape.lines).encode(shape.encoding))
    (found,) = looked(source)
    assert {stage["name"]: stage["columns"] for stage in found["stages"]} == shape.parts
    words = found["command"]
    assert [one for one in shape.options if one not in words] == []
    done = run(*words[1:], "--summary", "summary.json", "--exit-zero")
    assert done.code == 0, done.err
    assert rate(tmp_path / "summary.json") == 1
    assert run("verify", words[4], "--against", source, *without_columns(words[5:])).code == 0


def without_columns(words: list[str]) -> list[str]:
    pairs = list(zip(words[::2], words[1::2], strict=True))
    return [word for pair in pairs if pair[0] != "--column" for word in pair]


@pytest.mark.parametrize("name", SHAPES)
def test_the_settings_do_the_same_as_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    shape = SHAPES[name]
    source = tmp_path / shape.name
    source.write_bytes("".join(f"{line}\n" for line in shape.lines).encode(shape.encoding))
    (by_options,) = looked(source)
    run(*by_options["command"][1:], "--exit-zero")
    first = Path(by_options["command"][4]).read_bytes()
    (by_file,) = looked(source, "--write-config", "rstage.toml")
    assert by_file["command"][5:] == ["--config", "rstage.toml"]
    run(*by_file["command"][1:], "--exit-zero", "--force")
    assert Path(by_file["command"][4]).read_bytes() == first
    assert run("check", source, "--exit-zero").code == 0
    # An own file is never written over without a word.
    assert run("look", source, "--write-config", "rstage.toml").code == 2


def test_a_diagnosis_and_an_assessment_become_a_restaging(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    source = table(
        tmp_path,
        "tumor_id,new_tumor_id,site,diagnosis,diagnosis_date,assessment,assessment_date,event",
        "1,1,C18.7,cT2 N0 M0,02.03.2019,T3 N1 M0,14.05.2020,recurrence",
        "2,2,C50.4,cT1 N0 M0,25.03.2018,T0 N0 M1,30.01.2021,progression",
    )
    (found,) = looked(source)
    words = found["command"]
    assert words[1] == "restage"
    for option, column in (
        ("--diagnosis", "diagnosis"),
        ("--assessment", "assessment"),
        ("--tumor-id", "tumor_id"),
        ("--assessment-tumor-id", "new_tumor_id"),
        ("--site", "site"),
        ("--diagnosis-date", "diagnosis_date"),
        ("--assessment-date", "assessment_date"),
        ("--date-format", "%d.%m.%Y"),
        ("--event", "event"),
    ):
        assert words[words.index(option) + 1] == column
    assert "2 restaged" in run(*words[1:]).err


def test_dates_that_can_be_read_in_two_ways_are_told(tmp_path: Path) -> None:
    source = table(
        tmp_path, "tumor_id,dx,dx_date,new_stage", "1,cT2 N0,02/03/2019,T3 N0", "2,cT1 N0,04/05/2019,T3 N1"
    )
    (found,) = looked(source)
    assert "--diagnosis-date" not in found["command"]
    assert any("day first or month first" in note for note in found["notes"])


def test_values_are_hidden_unless_they_are_asked_for(tmp_path: Path) -> None:
    rows = [f"{number},T2 N0 M0" for number in range(9)]
    source = table(tmp_path, "id,stage", *rows, "10,Miller John T2 N0", "11,pT2 pNl M0")
    shown = run("look", source).out
    assert "Miller" not in shown
    assert "pT2 pNl M0" in shown
    assert "did you mean" in shown
    assert "Miller" not in json.dumps(looked(source))
    assert "Miller John" in run("look", source, "--show-values").out


def test_a_record_in_the_place_of_the_header_is_not_shown(tmp_path: Path) -> None:
    source = table(tmp_path, "2019-03-02,12345678,T2 N0 M0", "2019-03-03,12345679,T1 N0 M0")
    done = run("look", source)
    assert "12345678" not in done.out
    assert "may be no header row" in done.out


def test_words_that_are_stages_are_not_taken_for_missing(tmp_path: Path) -> None:
    rows = ("1,Stage IS", "2,stage II", "3,Unknown stage", "4,Stage A", "5,NO")
    (found,) = looked(table(tmp_path, "id,tumor_stage", *rows))
    assert found["missing"] == ["Unknown stage"]


def test_an_r_in_a_column_of_its_own_is_never_left_out(tmp_path: Path) -> None:
    source = table(tmp_path, "id,T,N,r_symbol", "1,T2,N0,r", "2,T1,N0,", "3,T3,N1,r")
    (found,) = looked(source)
    assert "--dialect" in found["command"]
    assert "stage:r=r_symbol" in found["command"]


def test_several_files_are_looked_at_in_one_run(tmp_path: Path) -> None:
    one = table(tmp_path, "dx", "T2 N0", name="one.csv")
    other = table(tmp_path, "city,name", "a,b", name="other.csv")
    first, second = looked(one, other)
    assert first["command"][1:3] == ["normalize", str(one)]
    assert second["command"] is None
    assert "no column looks like a stage" in run("look", other).out
    assert run("look", one, other, "--write-config", tmp_path / "c.toml").code == 2


def test_a_preset_that_names_the_same_columns_is_told(tmp_path: Path) -> None:
    source = table(tmp_path, "PATIENT_ID\tPATH_T_STAGE", "X-1\tT2A", "X-2\tT1", name="a.txt")
    (found,) = looked(source)
    assert "--preset cbioportal names these columns too" in found["notes"]


@pytest.mark.parametrize("text", ["<?xml version='1.0'?><a/>", '{"resourceType": "Bundle"}'])
def test_a_message_needs_no_columns(tmp_path: Path, text: str) -> None:
    (found,) = looked(table(tmp_path, text, name="message.xml"))
    assert (found["command"], found["format"]) == (None, "message")
    assert any("needs no columns" in note for note in found["notes"])


def test_a_file_that_cannot_be_read_does_not_keep_the_others_back(tmp_path: Path) -> None:
    done = run("look", tmp_path / "missing.csv", table(tmp_path, "dx", "T2 N0"), "--format", "json")
    assert (done.code, "RS001" in done.err, len(json.loads(done.out))) == (3, True, 1)


def test_what_cannot_be_read_ends_the_look(tmp_path: Path) -> None:
    assert run("look", tmp_path / "missing.csv").code == 3
    assert run("look", table(tmp_path, name="empty.csv")).code == 3
    assert run("look", "-", stdin=b"dx\nT2\n").code == 2
    assert run("look").code == 2


CORPUS = SAMPLES / "tables"


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no public tables here")
def test_the_command_for_each_public_table_reads_what_is_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for source in sorted(CORPUS.iterdir()):
        (found,) = looked(source)
        whole = [stage for stage in found["stages"] if not stage["name"].endswith("_M")]
        assert min(stage["read"] / stage["filled"] for stage in whole) >= ENOUGH, source.name
        done = run(*found["command"][1:], "--exit-zero")
        assert done.code == 0, source.name


def test_a_german_table_becomes_a_restaging(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    source = tmp_path / "fälle.csv"
    lines = (
        "Fallnummer;Geburtsdatum;Diagnosedatum;Primärtumor;pT;pN;M;Stadium;Rezidiv TNM;Rezidivdatum",
        "1;14.03.1950;25.04.2014;C50.4;pT1a;pN0;cM0;IA;rT0 rN0 rM1(HEP);17.11.2020",
        "2;15.03.1951;26.05.2015;C50.5;pT2;pN1a(2/14);M0;IIB;;",
        "3;16.03.1952;27.06.2016;C50.1;pT1b(m);pN0(sn);cM0;IA;rpT1 rN0 M0;18.11.2020",
    )
    source.write_bytes("".join(f"{line}\r\n" for line in lines).encode("cp1252"))
    (found,) = looked(source)
    words = found["command"]
    options = dict(zip(words[5::2], words[6::2], strict=True))
    assert options["--assessment"] == "Rezidiv TNM"
    assert (options["--diagnosis-date"], options["--assessment-date"]) == ("Diagnosedatum", "Rezidivdatum")
    assert (options["--site"], options["--date-format"]) == ("Primärtumor", "%d.%m.%Y")
    assert {"T=pT", "N=pN", "M=M", "group=Stadium"} <= set(words)
    assert "2 restaged, 1 without assessment" in run(*words[1:]).err


def test_nested_json_is_looked_at_by_its_paths(tmp_path: Path) -> None:
    source = tmp_path / "cases.json"
    cases = [
        {
            "case_id": f"X-{number}",
            "diagnoses": [{"ajcc_pathologic_t": "T2", "ajcc_pathologic_n": "N0", "age": 1}],
        }
        for number in range(9)
    ]
    source.write_text(json.dumps(cases), encoding="utf-8")
    (found,) = looked(source)
    assert found["stages"][0]["columns"] == {
        "T": "diagnoses.ajcc_pathologic_t",
        "N": "diagnoses.ajcc_pathologic_n",
    }


def test_a_system_that_the_name_of_a_column_says_is_that_of_its_groups(tmp_path: Path) -> None:
    source = table(
        tmp_path,
        "patient_id,iss_stage,ajcc_pathologic_t,ajcc_pathologic_n,figo_stage,figo_grade,lymph_nodes_positive,binet",
        "1,II,T2,N0,Stage IB2,1,3,A",
        "2,III,T1a,N1,Stage IIIC1,2,0,B",
        "3,I,T3,NX,Stage IVA,3,12,C",
    )
    (found,) = looked(source)
    assert {stage["name"]: stage["columns"] for stage in found["stages"]} == {
        "iss": {"group": "iss_stage"},
        "pathologic": {"T": "ajcc_pathologic_t", "N": "ajcc_pathologic_n"},
        "figo": {"group": "figo_stage"},
        "binet": {"group": "binet"},
    }
    rows = run("normalize", source, *found["command"][5:]).out.splitlines()
    assert "ISS II" in rows[1]
    assert "FIGO IB2" in rows[1]
    assert "Binet A" in rows[1]


def test_which_dialect_it_is_can_be_left_open(tmp_path: Path) -> None:
    (found,) = looked(table(tmp_path, "id,T,N", "1,2,0", "2,1,1", "3,3,2"))
    assert found["dialect"] == "naaccr"
    assert any("is a guess" in note and "obds" in note for note in found["notes"])


def test_several_rows_of_a_tumor_become_histories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    source = table(
        tmp_path,
        "staging_id,tumor_id,site,date,stage,event",
        "S1,1,C18.7,2015-03-02,cT3 cN1 cM0,",
        "S2,1,C18.7,2017-05,rT0 rN0 rM1(HEP),recurrence",
        "S3,2,C50.4,2014-06,cT2 cN0 cM0,",
        "S4,2,C50.4,2014-07,pT2 pN0 cM0,",
    )
    (found,) = looked(source)
    words = found["command"]
    assert words[1] == "history"
    assert "2 tumors, 1 restaging" in run(*words[1:]).err
    (by_file,) = looked(source, "--write-config", "rstage.toml")
    assert "2 tumors, 1 restaging" in run(*by_file["command"][1:], "--force").err


def test_what_a_spreadsheet_made_a_date_of_is_named(tmp_path: Path) -> None:
    rows = [f"{number},T2,N0" for number in range(30)]
    work = tmp_path / "work.csv"
    (found,) = looked(table(tmp_path, "id,pT,pN", *rows, "31,02. Jan,N0"), "--worklist", work)
    (unread,) = found["unread"]["pT"]
    assert (unread["code"], unread["suggestions"], unread["proposals"]) == ("RS594", ["T1-2"], ["T1-2"])
    assert work.read_text(encoding="utf-8").splitlines()[1] == "pT,02. Jan,1,T1-2,,,,"
