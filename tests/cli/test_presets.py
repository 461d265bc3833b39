"""A preset is the options that it stands for, and no more."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, NamedTuple

import pytest
from click import Context

from rstage.cli import main
from rstage.cli.presets import PRESETS, load_preset
from rstage.reference.choices import EVENTS
from rstage.restaging.recurrence import stated_types
from tests.support.command_line import Run, run, table

if TYPE_CHECKING:
    from pathlib import Path

HEADER = (
    "submitter_donor_id,submitter_primary_diagnosis_id,clinical_tumour_staging_system,clinical_t_category,"
    "clinical_n_category,clinical_m_category,clinical_stage_group,submitter_follow_up_id,"
    "disease_status_at_followup,relapse_type,recurrence_tumour_staging_system,recurrence_t_category,"
    "recurrence_n_category,recurrence_m_category,recurrence_stage_group"
)
DIAGNOSIS = "D1,PD1,AJCC 8th edition,T2,N0,M0,Stage IIA"
# All of it invented.
ROWS = (
    f"{DIAGNOSIS},F1,No evidence of disease,,,,,,",
    f"{DIAGNOSIS},F2,Relapse or recurrence,Local recurrence,AJCC 8th edition,T1,N0,M0,",
    f"{DIAGNOSIS},F3,Relapse,Local recurrence and distant metastasis,AJCC 8th Edition,T2,N0,M1,",
    f"{DIAGNOSIS},F4,Distant progression,Distant recurrence/metastasis,AJCC 8th edition,T0,N0,M1b,Stage IV",
    f"{DIAGNOSIS},F5,Distant progression,Progression (liquid tumours),AJCC 8th edition,T0,N0,M1,",
    "D2,PD2,Ann Arbor staging system,,,,Stage II,F6,Relapse,,Ann Arbor staging system,,,,Stage III",
    f"{DIAGNOSIS},F7,Relapse,somewhere,AJCC 8th edition,T1,N0,M0,",
    "D3,PD3,,,,,,F8,Relapse,Local recurrence,AJCC 8th edition,T1,N0,M0,",
    "D4,PD4,AJCC 7th edition,T3,,,,F9,Stable,,AJCC 7th edition,T3,,,",
)


def restaged(tmp_path: Path, *arguments: str) -> dict[str, dict[str, str]]:
    """Return the rows of the table by the id of the follow-up."""
    ended = run("restage", table(tmp_path, HEADER, *ROWS), *arguments, "--exit-zero", "-q")
    assert ended.code == 0, ended.err
    return {row["submitter_follow_up_id"]: row for row in csv.DictReader(io.StringIO(ended.out))}


def test_a_follow_up_is_restaged_against_its_primary_diagnosis(tmp_path: Path) -> None:
    rows = restaged(tmp_path, "--preset", "argo")
    found = {name: (row["restaged"], row["restage_recurrence"]) for name, row in rows.items()}
    assert found == {
        "F1": ("", ""),
        "F2": ("rT1 rN0 rM0 (AJCC 8)", "local"),
        "F3": ("rT2 rN0 rM1 (AJCC 8)", "local+distant"),
        "F4": ("rT0 rN0 rM1b rStage IV (AJCC 8)", "distant"),
        "F5": ("rT0 rN0 rM1 (AJCC 8)", "distant"),
        "F6": ("", ""),
        "F7": ("", ""),
        "F8": ("", ""),
        "F9": ("rT3 (AJCC 7)", "local"),
    }
    codes = {name: row["restage_findings"].split() for name, row in rows.items()}
    assert codes["F1"] == []
    assert "RS101" in codes["F6"]
    assert "RS510" in codes["F7"]
    assert "RS504" in codes["F8"]
    # What a part that is not there would say is no finding.
    assert "RS506" not in codes["F9"]


def test_it_is_the_same_as_its_options(tmp_path: Path) -> None:
    preset = load_preset("argo")
    options = [
        word
        for name, values in preset.options.items()
        for value in values
        for word in (f"--{name.replace('_', '-')}", value)
    ]
    given = options[: options.index("--event")]
    by_options = restaged(tmp_path, *given)
    by_preset = restaged(tmp_path, "--preset", "argo")
    for name in ("F1", "F4", "F6", "F9"):
        assert by_options[name]["restaged"] == by_preset[name]["restaged"]


def test_what_is_given_wins(tmp_path: Path) -> None:
    rows = restaged(tmp_path, "--preset", "argo", "--recurrence", "=regional")
    assert rows["F2"]["restage_recurrence"] == "regional"
    rows = restaged(tmp_path, "--preset", "argo", "--assessment", "T=clinical_t_category")
    assert rows["F1"]["restaged"] == "rT2"


def test_verify_takes_it_too(tmp_path: Path) -> None:
    path, out = table(tmp_path, HEADER, *ROWS), tmp_path / "out.csv"
    run("restage", path, "-o", out, "--preset", "argo")
    assert run("verify", out, "--against", path, "--preset", "argo").code == 0
    text = out.read_text(encoding="utf-8")
    out.write_text(text.replace("local+distant", "distant"), encoding="utf-8")
    assert run("verify", out, "--against", path, "--preset", "argo").code == 1


def test_a_column_that_is_missing_is_named(tmp_path: Path) -> None:
    ended: Run = run("restage", table(tmp_path, "id,recurrence_t_category", "1,T2"), "--preset", "argo")
    assert ended.code == 2
    assert "there is no column clinical_t_category" in ended.err


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_names_options_and_meanings_that_there_are(name: str) -> None:
    preset = load_preset(name)
    commands = [main.get_command(Context(main), one) for one in ("check", "normalize", "restage", "history")]
    known = {option.opts[-1] for command in commands if command for option in command.params}
    assert {"--" + option.replace("_", "-") for option in preset.options} <= known
    assert set(preset.words) <= {"event", "recurrence"}
    assert {meaning for _, meaning in preset.meanings("event")} <= set(EVENTS)
    for _, meaning in preset.meanings("recurrence"):
        assert not meaning or stated_types(meaning)


def test_an_unknown_preset_is_an_error() -> None:
    with pytest.raises(ValueError, match="a preset is one of"):
        load_preset("none")


@pytest.mark.parametrize(
    "columns",
    [
        ("T=t", "T_method==clinical", "T_method==clinical"),
        ("T_method==clinical",),
        ("T==T2", "N=n"),
        ("T=t", "X_method==clinical"),
        ("edition==8",),
    ],
)
def test_a_part_for_every_row_is_refused_where_it_makes_no_sense(
    tmp_path: Path, columns: tuple[str, ...]
) -> None:
    path = table(tmp_path, "t,n", "T2,N0")
    words = [word for column in columns for word in ("--column", column)]
    ended = run("check", path, *words, "--dialect", "argo")
    assert (ended.code, "RS012" in ended.err) == (2, True), ended.err


def test_a_part_for_every_row_belongs_to_its_value(tmp_path: Path) -> None:
    path = table(tmp_path, "t,n", "T2,N0", "T2,", ",")
    words = (
        "--column",
        "T=t",
        "--column",
        "N=n",
        "--column",
        "T_method==clinical",
        "--column",
        "N_method==c",
    )
    ended = run("normalize", path, *words, "--dialect", "argo", "--column", "edition==AJCC 7")
    made = [row["stage_normalized"] for row in csv.DictReader(io.StringIO(ended.out))]
    assert made == ["cT2 cN0 (AJCC 7)", "cT2 (AJCC 7)", ""]
    assert "RS506" not in ended.out


def test_an_r_for_every_row_is_never_lost(tmp_path: Path) -> None:
    path = table(tmp_path, "t,n", "2,0", ",1")
    words = ("--column", "T=t", "--column", "N=n", "--column", "r==r")
    ended = run("normalize", path, *words, "--dialect", "obds")
    made = [row["stage_normalized"] for row in csv.DictReader(io.StringIO(ended.out))]
    assert made == ["rT2 rN0", "rN1"]


GDC_NEW = (
    "cases.submitter_id\tdiagnoses.diagnosis_id\tdiagnoses.ajcc_pathologic_t\tdiagnoses.ajcc_pathologic_n"
)
GDC_OLD = "case_submitter_id\tsite\tajcc_pathologic_t\tajcc_pathologic_n"


@pytest.mark.parametrize("header", [GDC_NEW, GDC_OLD])
def test_gdc_has_new_and_old_names_of_columns(tmp_path: Path, header: str) -> None:
    rows = ("C1\tD1\tT2a\tN1", "C2\tD2\t'--\tNot Reported", "C3\tD3\tT9\tN0")
    path = table(tmp_path, header, *rows, name="clinical.tsv")
    ended = run("normalize", path, "--preset", "gdc")
    assert ended.code == 1
    found = list(csv.DictReader(io.StringIO(ended.out), delimiter="\t"))
    assert [row["pathologic_normalized"] for row in found] == ["pT2a pN1", "", ""]
    assert "clinical_normalized" not in found[0]
    checked = run("check", path, "--preset", "gdc")
    assert [line.split(":")[1] for line in checked.out.splitlines() if "error" in line] == ["4"]


def test_gdc_gives_the_diagnosis_of_a_restage(tmp_path: Path) -> None:
    path, out = table(tmp_path, GDC_NEW + "\tnew", "C1\tD1\tT2a\tN1\tT0", name="c.tsv"), tmp_path / "o.tsv"
    options = ("--preset", "gdc", "--assessment", "T=new")
    assert run("restage", path, "-o", out, *options).code == 0
    assert "\trT0\t" in out.read_text(encoding="utf-8")
    assert run("verify", out, "--against", path, *options).code == 0


def test_a_table_without_a_column_of_the_preset_is_an_error(tmp_path: Path) -> None:
    ended = run("check", table(tmp_path, "id,dx", "1,T2"), "--preset", "gdc")
    assert (ended.code, "ajcc_pathologic_t" in ended.err) == (2, True)


CBIOPORTAL = (
    '#Patient\tT "of the tumor\tN\tStage',
    "#Id\tT stage\tN stage\tStage",
    "#STRING\tSTRING\tSTRING\tSTRING",
    "#1\t1\t1\t1",
    "PATIENT_ID\tPATH_T_STAGE\tPATH_N_STAGE\tAJCC_PATHOLOGIC_TUMOR_STAGE",
    "P1\tT2A\tN0\tSTAGE IB",
    "P2\t[Not Available]\tNX\t",
)


def test_cbioportal_has_comments_in_front_and_capitals(tmp_path: Path) -> None:
    path, out = table(tmp_path, *CBIOPORTAL, name="data_clinical_patient.txt"), tmp_path / "out.txt"
    assert run("normalize", path, "-o", out, "--preset", "cbioportal").code == 0
    lines = out.read_text(encoding="utf-8").splitlines()
    assert lines[:4] == list(CBIOPORTAL[:4])
    assert [line.split("\t")[4] for line in lines[5:]] == ["T2a N0 Stage IB", "NX"]
    assert run("verify", out, "--against", path, "--comment", "#", "--delimiter", "tab").code == 0
    strict = run("normalize", path, "--preset", "cbioportal", "--mode", "standard")
    assert strict.code == 1


def test_redcap_links_the_repeats_of_a_record(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "record_id,redcap_repeat_instrument,redcap_repeat_instance,stage,staged_on,note",
        "1,,,pT2 pN1 cM0,2019-03-02,at diagnosis",
        "1,restaging,1,rcT0 rcN0 rpM1(HEP),2021-05-01,",
        "1,restaging,2,rcT0 rcN0 rpM1(OSS),2022-05-01,",
        "1,visit,1,,,no stage",
        "2,,,NASK,,",
        "2,restaging,1,rcT1 rcN0 rcM0,2022-01-01,",
    )
    ended = run("history", path, "--preset", "redcap", "--stage", "stage", "--date", "staged_on")
    one, two = map(json.loads, ended.out.splitlines())
    assert (one["tumor_id"], len(one["restagings"])) == ("1", 2)
    assert (two["tumor_id"], two["diagnosis"], len(two["unlinked"])) == ("2", None, 1)


class Shape(NamedTuple):
    """An invented table in the shape of a public one, and what normalizing it gives.

    Attributes:
        preset: the preset. name: the name of the file. lines: its lines.
        normalized: the appended texts, by their column.
    """

    preset: str
    name: str
    lines: tuple[str, ...]
    normalized: dict[str, list[str]]


SHAPES = {
    "a patient file of a study": Shape(
        "cbioportal",
        "data_clinical_patient.txt",
        (
            "#Patient Identifier\tStage\tEdition\tT\tN\tM",
            "#Identifier\tStage\tEdition\tT\tN\tM",
            "#STRING\tSTRING\tSTRING\tSTRING\tSTRING\tSTRING",
            "#1\t1\t1\t1\t1\t1",
            "PATIENT_ID\tAJCC_PATHOLOGIC_TUMOR_STAGE\tAJCC_STAGING_EDITION\tPATH_T_STAGE\tPATH_N_STAGE\tPATH_M_STAGE",
            "X-1\tSTAGE IIIA\t7TH\tT2A\tN2\tM0",
            "X-2\tSTAGE IB\t3RD\tT2\tN0\t[Not Available]",
            "X-3\t\t\t\t\t",
        ),
        {"pathologic": ["T2a N2 M0 Stage IIIA (edition 7)", "T2 N0 Stage IB (edition 3)", ""]},
    ),
    "a download of the portal": Shape(
        "cbioportal",
        "some_study_clinical_data.tsv",
        (
            (
                "Study ID\tPatient ID\tNeoplasm Disease Stage American Joint Committee on Cancer Code\t"
                "American Joint Committee on Cancer Publication Version Type\t"
                "American Joint Committee on Cancer Metastasis Stage Code\t"
                "Neoplasm Disease Lymph Node Stage American Joint Committee on Cancer Code\t"
                "American Joint Committee on Cancer Tumor Stage Code"
            ),
            "s\tX-1\tSTAGE IIA\t7TH\tM0\tN0 (I-)\tT2",
            "s\tX-2\tSTAGE X\t\tMX\tNX\tTX",
        ),
        {"pathologic": ["T2 N0(i-) M0 Stage IIA (edition 7)", "TX NX MX Stage X"]},
    ),
    "a study with its own names": Shape(
        "cbioportal",
        "data_clinical_sample.txt",
        ("SAMPLE_ID\tSTAGE_T\tSTAGE_N\tSTAGE_M\tSTAGE", "S-1\tT3\tN1\tM0\tIII", "S-2\tT1c\tN0\tM0\tI"),
        {"stage": ["T3 N1 M0 Stage III", "T1c N0 M0 Stage I"]},
    ),
    "stages as decimals": Shape(
        "cbioportal",
        "a_cohort.csv",
        ("patient_id,tumor_stage", "X-1,2.0", "X-2,", "X-3,4.0"),
        {"stage": ["Stage II", "", "Stage IV"]},
    ),
    "an old clinical table": Shape(
        "gdc",
        "clinical.tsv",
        ("case_id\ttumor_stage", "X-1\tstage iib", "X-2\tnot reported", "X-3\tstage iv"),
        {"tumor": ["Stage IIB", "", "Stage IV"]},
    ),
    "a clinical table as JSON": Shape(
        "gdc",
        "clinical.json",
        (
            (
                '[{"case_id": "X-1", "diagnoses": [{"ajcc_pathologic_t": "T2", "ajcc_pathologic_n": "N0",'
                ' "ajcc_staging_system_edition": "7th", "figo_stage": null}]},'
            ),
            ' {"case_id": "X-2", "diagnoses": [{"figo_stage": "Stage IIIC1"}]}]',
        ),
        {"pathologic": ["pT2 pN0 (AJCC 7)", ""], "figo": ["", "FIGO IIIC1"]},
    ),
    "the German delivery": Shape(
        "rki",
        "tumor.csv",
        (
            (
                "oBDS_RKIPatientTumorId;TNM_Auflage_c;y_Symbol_c;r_Symbol_c;c_p_u_Praefix_T_c;T_c;c_p_u_Praefix_N_c;N_c;M_c;"
                "UICC_Stadium_c;TNM_Auflage_p;m_Symbol_p;r_Symbol_p;c_p_u_Praefix_T_p;T_p;N_p;M_p;UICC_Stadium_p"
            ),
            "1;8;;;c;2a;c;1;0;IIB;8;3;;p;1c;0(sn);0;IA",
            "2;8;;r;c;3;u;X;1;;;None;None;;;;;",
        ),
        {
            "clinical": ["cT2a cN1 M0 Stage IIB (UICC 8)", "rcT3 ruNX rM1 (UICC 8)"],
            "pathologic": ["pT1c(3) N0(sn) M0 Stage IA (UICC 8)", ""],
        },
    ),
    "the follow-ups of the German delivery": Shape(
        "rki",
        "follow_ups.csv",
        (
            "oBDS_RKIPatientTumorId;Datum_Folgeereignis;Version;y_Symbol;r_Symbol;c_p_u_Praefix_T;T;N;M;UICC_Stadium",
            "1;2022-06-15;8;;r;c;2a;1;0;IIB",
            "2;2022-06-15;7;y;;p;0;0;;",
        ),
        {"course": ["rcT2a rN1 rM0 rStage IIB (UICC 8)", "ypT0 yN0 (UICC 7)"]},
    ),
    "a cohort of proteomics": Shape(
        "cptac",
        "clinical.tsv",
        (
            (
                "Patient_ID\tajcc_tnm_cancer_staging_edition_used\tpathologic_staging_primary_tumor_pt\t"
                "pathologic_staging_regional_lymph_nodes_pn\tclinical_staging_distant_metastasis_cm\t"
                "pathologic_staging_distant_metastasis_pm\ttumor_stage_pathological"
            ),
            "X-1\tSeventh Edition (2010)\tpT3a (FIGO IIIA)\tpN1 (FIGO IIIC1)\tcM1\tpM1\tStage IV",
            (
                "X-2\tEighth Edition (2017)\tpT1b\tpN0\tStaging Incomplete\t"
                "No pathologic evidence of distant metastasis\tStage I"
            ),
        ),
        {
            "pathologic_staging_primary_tumor_pt": ["pT3a FIGO IIIA", "pT1b"],
            "pathologic_staging_regional_lymph_nodes_pn": ["pN1 FIGO IIIC1", "pN0"],
            "clinical": ["cM1 (edition 7)", ""],
            "pathologic_M": ["pM1 (edition 7)", ""],
            "pathologic": ["Stage IV (edition 7)", "Stage I (edition 8)"],
        },
    ),
    "a case listing": Shape(
        "seer",
        "export.csv",
        (
            (
                '"Patient ID","Derived AJCC T, 7th ed (2010-2015)","Derived AJCC N, 7th ed (2010-2015)",'
                '"Derived AJCC M, 7th ed (2010-2015)","Derived AJCC Stage Group, 7th ed (2010-2015)",'
                '"Derived SEER Combined T (2016-2017)","Derived EOD 2018 Stage Group Recode (2018+)"'
            ),
            "1,T1NOS,N0,M0,IANOS,Blank(s),Blank(s)",
            "2,Blank(s),Blank(s),Blank(s),UNK Stage,c1A,Blank(s)",
            "3,Blank(s),Blank(s),Blank(s),Blank(s),Blank(s),3C",
        ),
        {
            "ajcc7": ["T1 N0 M0 Stage IA (AJCC 7)", "Stage X (AJCC 7)", ""],
            "combined": ["", "cT1a", ""],
            "eod": ["", "", "Stage IIIC"],
        },
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_preset_reads_tables_in_the_shape_of_the_public_ones(tmp_path: Path, name: str) -> None:
    shape = SHAPES[name]
    source = table(tmp_path, *shape.lines, name=shape.name)
    ending = source.suffix
    out = tmp_path / f"out{ending}"
    done = run("normalize", source, "-o", out, "--preset", shape.preset)
    assert done.code == 0, done.err
    text = out.read_text(encoding="utf-8")
    if ending == ".json":
        rows = json.loads(text)
    else:
        lines = [line for line in text.splitlines() if not line.startswith("#")]
        delimiter = "," if ending == ".csv" and shape.preset != "rki" else ";" if ending == ".csv" else "\t"
        rows = list(csv.DictReader(lines, delimiter=delimiter))
    found = {key: [row[f"{key}_normalized"] for row in rows] for key in shape.normalized}
    assert found == shape.normalized
    assert run("verify", out, "--against", source, "--preset", shape.preset).code == 0


def test_the_name_of_a_file_counts_before_the_delimiter_of_a_preset(tmp_path: Path) -> None:
    lines = ("PATIENT_ID,PATH_T_STAGE", "1,T2A")
    assert run("check", table(tmp_path, *lines, name="a.csv"), "--preset", "cbioportal").code == 0
    assert "RS005" in run("check", table(tmp_path, *lines, name="a.txt"), "--preset", "cbioportal").err
    given = run("check", table(tmp_path, *lines, name="b.txt"), "--preset", "cbioportal", "--delimiter", ",")
    assert given.code == 0
