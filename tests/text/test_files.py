"""`rstage find`: text files of any length, tables and JSON Lines, pairs, exit codes and what is hidden."""

from __future__ import annotations

import csv
import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

import rstage
from rstage.text import files as finding_files
from rstage.text.dates import Dates
from rstage.text.files import TextFile
from rstage.text.pairs import paired
from rstage.text.placed import FIELDS, PAIR_FIELDS
from tests.support.case_tables import rows
from tests.support.command_line import run, table
from tests.support.find_cases import marked, sentences
from tests.support.paths import CORPORA
from tests.support.schema import errors

if TYPE_CHECKING:
    from pathlib import Path

LETTER = (
    "Erstdiagnose 2015: pT2 pN1a(sn) cM0, Stage IIB (AJCC 8).\n\nVerlauf o. B.\nRezidiv 2020: rpT3 rN1 cM0.\n"
)


def text_file(folder: Path, text: str, name: str = "letter.txt") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def lines(out: str) -> list[dict[str, Any]]:
    """Return what was printed, each line valid by the schema."""
    found = [json.loads(line) for line in out.splitlines()]
    for one in found:
        assert not errors("MentionLine", one), one
    return found


# ---------------------------------------------------------------- text files


def test_a_text_gives_a_line_for_each_staging(tmp_path: Path) -> None:
    path = text_file(tmp_path, LETTER)
    ended = run("find", path)
    first, second = lines(ended.out)
    assert ended.code == 0
    assert (
        ended.err
        == f"rstage find: {len(LETTER)} characters in = 2 stagings found; 0 errors, 0 warnings, 1 info\n"
    )
    assert (first["line"], first["canonical"], first["context"]) == (
        *(1, "pT2 pN1a(sn) cM0 Stage IIB (AJCC 8)", "diagnosis"),
    )
    assert (second["line"], second["canonical"], second["context"]) == (4, "rpT3 rN1 rcM0", "recurrence")
    for one in (first, second):
        assert LETTER[slice(*one["span"])] == one["text"]
        assert one["file"] == str(path)
        assert one["row"] is None is one["column"]
    assert LETTER[slice(*second["context_span"])] == "Rezidiv"
    assert "pair" not in second


def test_stdin_and_compressed_files_are_read(tmp_path: Path) -> None:
    expected = run("find", text_file(tmp_path, LETTER), "-q").out
    packed = tmp_path / "letter.gz"
    packed.write_bytes(gzip.compress(LETTER.encode()))
    for ended in (run("find", "-", "-q", stdin=LETTER.encode()), run("find", packed, "-q")):
        assert (ended.code, ended.err) == (0, "")
        assert [one | {"file": ""} for one in lines(ended.out)] == [
            one | {"file": ""} for one in lines(expected)
        ]


def test_offsets_count_characters_behind_a_byte_order_mark(tmp_path: Path) -> None:
    text = "Größe 2 cm, \r\nRécidive : pT2 \u2013 pN0\r\n"
    for encoding in ("utf-8-sig", "utf-16"):
        path = tmp_path / encoding
        path.write_bytes(text.encode(encoding))
        (found,) = lines(run("find", path, "--encoding", encoding.removesuffix("-sig")).out)
        assert text[slice(*found["span"])] == found["text"] == "pT2 \u2013 pN0"
        assert found["line"] == 2
    path.write_bytes(text.replace("\u2013", "-").encode("cp1252"))
    (found,) = lines(run("find", path, "--encoding", "cp1252").out)
    assert found["text"] == "pT2 - pN0"


@pytest.mark.parametrize(
    ("content", "arguments", "code", "says"),
    [
        (b"pT2 \xff pN0", (), 3, "RS004"),
        (b"PK\x03\x04\x14\x00", (), 3, "RS003"),
        (b"", (), 0, "0 characters in"),
        (b"nothing here", (), 0, "0 stagings found"),
        (b"T2 N0 MX", ("--fail-on", "warning"), 1, "1 warning"),
        (b"T2 N0 MX", ("--fail-on", "warning", "--exit-zero"), 0, "1 warning"),
        (b"T2 N0 MX", ("--fail-on", "warning", "--ignore", "RS305"), 0, "0 warnings"),
        (b"pT2", ("--language", "xx"), 2, "Invalid value"),
        (b"pT2", ("--column", "a", "--key", "a"), 2, "only one is needed"),
        (b"pT2", ("--edition", "x"), 2, "RS012"),
        (b"pT2", ("--encoding", "utf-9"), 2, "RS012"),
    ],
)
def test_exit_codes(tmp_path: Path, content: bytes, arguments: tuple[str, ...], code: int, says: str) -> None:
    path = tmp_path / "text"
    path.write_bytes(content)
    ended = run("find", path, *arguments)
    assert (ended.code, says in ended.err) == (code, True), ended.err


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert run("find", tmp_path / "nothing").code == 3
    assert run("find", tmp_path).code == 3
    assert run("find").code == 2


# ---------------------------------------------------------------- pieces of a long text


@pytest.mark.parametrize("separator", ["\n\n", "\r\n\r\n", "\n", ". ", " "])
def test_nothing_is_lost_at_the_border_of_a_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, separator: str
) -> None:
    text = separator.join(f"{number} {one.text}" for number, one in enumerate(sentences()))
    path, expected = text_file(tmp_path, text), list(rstage.find(text))
    lines_of_expected = [text.count("\n", 0, one.span[0]) + 1 for one in expected]
    monkeypatch.setattr(finding_files, "LONGEST_PARAGRAPH", 6000)
    for block in (1, 7, 64, 1000):
        monkeypatch.setattr(finding_files, "_BLOCK", block)
        with TextFile(str(path), "utf-8") as opened:
            found = list(opened.mentions(rstage.find))
        assert [one for _, one in found] == expected
        assert [line for line, _ in found] == lines_of_expected
        assert opened.length == len(text)


def test_the_memory_of_a_long_text_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    longest = 0

    def find(text: str) -> Any:
        nonlocal longest
        longest = max(longest, len(text))
        return ()

    monkeypatch.setattr(finding_files, "_BLOCK", 1000)
    monkeypatch.setattr(finding_files, "LONGEST_PARAGRAPH", 10_000)
    for separator in ("\n\n", " "):
        path = text_file(tmp_path, separator.join(["The patient feels well."] * 20_000))
        with TextFile(str(path), "utf-8") as opened:
            assert not list(opened.mentions(find))
    assert longest <= 12_000


# ---------------------------------------------------------------- tables and JSON Lines


def test_a_column_of_a_table(tmp_path: Path) -> None:
    path = table(
        tmp_path, "id,report", '1,"pT2 pN0, recurrence rpT3 rN1"', "2,", '3,"line\n two: T2 N0 M0"', "4,a,b"
    )
    ended = run("find", path, "--column", "report")
    found = lines(ended.out)
    assert [(one["row"], one["line"], one["span"], one["canonical"]) for one in found] == [
        (1, 2, [0, 7], "pT2 pN0"),
        (1, 2, [20, 28], "rpT3 rN1"),
        (3, 4, [11, 19], "T2 N0 M0"),
    ]
    assert {one["column"] for one in found} == {"report"}
    assert ended.code == 1
    assert f"{path}:6:(row): RS501 error" in ended.err
    assert "4 rows in = 3 read + 1 rejected; 3 stagings found; 1 error" in ended.err
    assert run("find", path, "--column", "reports").code == 2


def test_a_key_of_json_lines(tmp_path: Path) -> None:
    texts = [{"text": "Rezidiv: rpT2"}, {"text": None}, {"other": 1}, [1], {"text": "pT2\nN0"}]
    path = text_file(tmp_path, "\n".join(map(json.dumps, texts)), "reports.txt")
    ended = run("find", path, "--key", "text")
    assert [(one["row"], one["line"], one["text"]) for one in lines(ended.out)] == [
        (1, 1, "rpT2"),
        (5, 5, "pT2\nN0"),
    ]
    assert ended.code == 1
    assert run("find", path, "--key", "text", "--input-format", "csv").code == 2


# ---------------------------------------------------------------- formats and ids


REPORTS = ("id,report", 'A1,"ED pT2 pN0 M0, Rezidiv 2020: rpT3"', "B2,Befund cT1cN1M0")


def test_the_id_of_a_row_stands_beside_each_staging(tmp_path: Path) -> None:
    path = table(tmp_path, *REPORTS)
    found = lines(run("find", path, "--column", "report", "--id", "id").out)
    assert [(one["row"], one["id"], one["text"]) for one in found] == [
        (1, "A1", "pT2 pN0 M0"),
        (1, "A1", "rpT3"),
        (2, "B2", "cT1cN1M0"),
    ]
    assert all("id" not in one for one in lines(run("find", path, "--column", "report").out))
    assert "needs --column or --key" in run("find", path, "--id", "id").err
    assert run("find", path, "--column", "report", "--id", "nothing").code == 2
    keyed = text_file(tmp_path, '{"mrn": 7, "text": "pT2 N0"}\n', "reports.txt")
    (one,) = lines(run("find", keyed, "--key", "text", "--id", "mrn").out)
    assert one["id"] == "7"


def test_csv_has_a_row_for_each_staging(tmp_path: Path) -> None:
    path = table(tmp_path, *REPORTS)
    ended = run("find", path, "--column", "report", "--id", "id", "--format", "csv")
    rows_found = list(csv.DictReader(ended.out.splitlines()))
    assert tuple(rows_found[0]) == FIELDS
    told = [(one["id"], one["span"], one["canonical"], one["context"], one["findings"]) for one in rows_found]
    assert told == [
        ("A1", "3-13", "pT2 pN0 M0", "diagnosis", ""),
        ("A1", "29-33", "rpT3", "recurrence", ""),
        ("B2", "7-15", "", "", "RS207"),
    ]
    paired_rows = list(
        csv.DictReader(
            run("find", path, "--column", "report", "--format", "csv", "--restage").out.splitlines()
        )
    )
    assert tuple(paired_rows[0]) == FIELDS + PAIR_FIELDS
    first, second, _ = paired_rows
    assert (first["restaged"], second["diagnosis_span"], second["restaged"]) == ("", "3-13", "rpT3")
    assert (second["restage_recurrence"], second["restage_link"][:3]) == ("local", "r1:")
    assert "RS580" in second["restage_findings"].split()


def test_text_has_a_line_for_each_staging(tmp_path: Path) -> None:
    path = table(tmp_path, *REPORTS)
    ended = run("find", path, "--column", "report", "--id", "id", "--format", "text", "--restage")
    assert ended.out.splitlines() == [
        f"{path}:2: A1 pT2 pN0 M0, diagnosis",
        f"{path}:2: A1 rpT3, recurrence, after pT2 pN0 M0",
        f"{path}:3: B2 cT1cN1M0 (no stage) [RS207]",
    ]
    odd = table(tmp_path, "id,report", '"A\n1","pT2 pN0"', name="odd.csv")
    assert run("find", odd, "--column", "report", "--id", "id", "--format", "text").out.splitlines() == [
        f"{odd}:2: 'A\\n1' pT2 pN0"
    ]


# ---------------------------------------------------------------- pairs


def test_a_pair_is_made_only_when_asked_for_and_is_marked(tmp_path: Path) -> None:
    path = text_file(tmp_path, LETTER)
    first, second = lines(run("find", path, "--restage", "-q").out)
    assert "pair" not in first
    pair = second["pair"]
    assert pair["found_in_text"] is True
    assert pair["diagnosis_span"] == first["span"]
    assert [one["code"] for one in pair["diagnostics"]] == ["RS580"]
    restaging = rstage.Restaging.from_dict(pair["restaging"])
    assert str(restaging.diagnosis.stage) == "pT2 pN1a(sn) cM0 Stage IIB (AJCC 8)"
    assert str(restaging.restaged) == "rpT3 rN1 rcM0"
    assert not rstage.verify(restaging)
    assert run("find", path, "--restage", "--fail-on", "warning").code == 1


@pytest.mark.parametrize(
    ("text", "diagnosis", "codes"),
    [
        ("pT2 pN0, later rT3 N1 M0", "pT2 pN0", {"RS580"}),
        ("rT3 N1 M0, before that pT2 pN0", None, set()),
        ("Recurrence: T2 N0, then rT3 N1 M0", None, set()),
        ("aT2 N0 M0, rT3 N1 M0", None, set()),
        ("pT2 pN0 and pT2 pN0, rT3 N1 M0", "pT2 pN0", {"RS580"}),
        ("cT2 cN0 and pT3 pN1, rT3 N1 M0", "pT3 pN1", {"RS580", "RS581"}),
        ("At diagnosis cT2 cN0; pT3 pN1; rT3 N1 M0", "cT2 cN0", {"RS580"}),
        ("ypT1 ypN0, rT3 N1 M0", "ypT1 ypN0", {"RS580"}),
        ("pT2 pN0, rStage IV", "pT2 pN0", {"RS580"}),
        ("no stage; rT3 N1 M0", None, set()),
        # Words and dates make a staging without r that of a recurrence, or a later one (notation J.26).
        ("Recurrence after pT2 pN0 (2012): rT4b", "pT2 pN0", {"RS580"}),
        ("Recurrence 2015: pT3 pN1. At diagnosis pT2 pN0. rT4b", "pT2 pN0", {"RS580"}),
        ("cT2 cN0 (2012), pT4 pN0 (2015), rT3 N1 M0 (2016)", "cT2 cN0", {"RS580"}),
        ("2012: cT2 cN0; 2015: pT4 pN0; 2016: rT3 N1 M0", "cT2 cN0", {"RS580"}),
        ("03/2012 cT2 cN0; 05/2012 pT4 pN0; rT3 N1 M0", "pT4 pN0", {"RS580", "RS581"}),
        ("cT2 cN0 (2012), pT4 pN0 (2013), rT3 N1 M0", "pT4 pN0", {"RS580", "RS581"}),
        ("cT2 cN0 (1.2.2012), pT4 pN0 (5.3.2013), rT3 N1 M0", "cT2 cN0", {"RS580"}),
        ("rT1 N0 (2014), pT2 pN0 (2016), rT3 N1 M0", None, set()),
        ("rT1 N0 (2014), pT2 pN0 (2012), rT3 N1 M0", "pT2 pN0", {"RS580"}),
        ("cT2c N0 or cT2cN0, rT3 N1 M0", "cT2c N0", {"RS580"}),
    ],
)
def test_the_diagnosis_of_a_pair(text: str, diagnosis: str | None, codes: set[str]) -> None:
    dates = Dates(text)
    found = paired(rstage.find(text), lambda mention: dates.of(mention.span))
    pairs = [pair for _, pair in found if pair is not None]
    assert [str(pair.diagnosis) for pair in pairs] == ([] if diagnosis is None else [diagnosis])
    for pair in pairs:
        assert codes <= {one.code for one in pair.diagnostics}
        assert ("RS581" in {one.code for one in pair.diagnostics}) == ("RS581" in codes)
        assert pair.restaging is None or pair.restaging.diagnosis.stage == pair.diagnosis.stage


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("pT2 pN0 (2012), rT3 2015", ["2012", "2015"]),
        ("2012 pT2 pN0, then 2015 rT3", ["2012", "2015"]),
        ("pT2 pN0 (UICC 2017)", [None]),
        ("FIGO 2018 pT2 pN0", [None]),
        ("am 05.03.2019: pT2 pN0", ["2019-03-05"]),
        ("pT2 pN0, ED 03/2019", ["2019-03"]),
        ("03/05/2019 pT2 pN0", ["2019"]),
        ("pT2 pN0 in 2019-03-02", ["2019-03-02"]),
        ("Seen 2015; pT2 pN0 and 2019", [None]),
        ("pT2 pN0, 2015 rT3", [None, "2015"]),
        ("pT2 pN0, 2015.", ["2015"]),
        ("pT2 pN0 at 1200 ng, no 2019.5", [None]),
    ],
)
def test_the_dates_beside_stagings(text: str, dates: list[str | None]) -> None:
    known = Dates(text)
    assert [known.of(one.span) for one in rstage.find(text)] == dates


def test_a_date_makes_a_staging_of_a_file_a_later_one(tmp_path: Path) -> None:
    path = text_file(tmp_path, "cT2 cN0 (2012).\n\npT4 pN0 (2015).\n\nrT3 N1 M0 (2016).\n")
    *_, last = lines(run("find", path, "--restage", "-q").out)
    assert last["pair"]["diagnosis_span"] == [0, 7]


def test_each_cell_is_a_text_of_its_own(tmp_path: Path) -> None:
    path = table(tmp_path, "report", "pT2 pN0", '"rT3 N1 M0"')
    assert all("pair" not in one for one in lines(run("find", path, "--column", "report", "--restage").out))


# ---------------------------------------------------------------- what is hidden


def test_a_text_that_is_not_plain_notation_is_hidden(tmp_path: Path) -> None:
    text = "pT2 pN0. cT4 (Frau Lotte Beispiel) N1 M0, rT2 (Frau Lotte Beispiel) rN1. pT1 R0 (lokal)"
    ended = run("find", text_file(tmp_path, text), "--mode", "repair", "--restage")
    assert "Lotte" not in ended.out + ended.err
    for form in ("csv", "text"):
        shown = run("find", tmp_path / "letter.txt", "--mode", "repair", "--restage", "--format", form)
        assert "Lotte" not in shown.out + shown.err
    found = lines(ended.out)
    assert [one["text"] for one in found] == ["pT2 pN0", None, None, "pT1 R0 (lokal)"]
    assert found[2]["pair"]["restaging"] is None


# ---------------------------------------------------------------- texts that nobody on the project wrote


@pytest.mark.skipif(not CORPORA.is_dir(), reason="the public corpora are not here")
@pytest.mark.parametrize(
    "name",
    ["cantemist_spanish_text", "e3c_multilingual_text", "grascco_german_text", "tcga_pathology_report_text"],
)
def test_what_the_grammar_reads_is_found_in_a_sentence(name: str) -> None:
    with (CORPORA / f"{name}.tsv").open(newline="", encoding="utf-8") as handle:
        values = [
            row["value"].strip() for row in csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]
    missed = []
    readable = [value for value in values if rstage.read(value).stage is not None]
    for value in readable:
        found = list(rstage.find(f"The tumor is {value}."))
        if [one.stage for one in found] != [rstage.read(value).stage]:
            missed.append(value)
    assert len(missed) <= 0.04 * len(readable), missed


def test_every_row_of_the_table_can_be_marked() -> None:
    assert all(marked(row).stagings for row in rows("find.tsv"))
