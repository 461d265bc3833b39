"""The histories of a long table are those that the library makes, and every row is accounted for."""

from __future__ import annotations

import csv
import json
import re
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rstage
from rstage.tables.formats.text_source import TextSource
from rstage.tables.missing import missing_words
from tests.support.command_line import Run, run, table
from tests.support.paths import EXAMPLES

if TYPE_CHECKING:
    import random

EXAMPLE = EXAMPLES / "stagings_long.csv"
COLUMNS = ("--tumor-id", "tumor", "--stage", "stage", "--date", "date")
OF_EXAMPLE = (
    *("--tumor-id", "tumor_id", "--stage", "stage", "--date", "date", "--id", "staging_id"),
    *("--site", "site", "--event", "event", "--recurrence", "recurrence"),
)


def histories(ended: Run) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ended.out.splitlines()]


def codes(ended: Run) -> list[tuple[int, str]]:
    """Return line and code of each finding that was told."""
    found = re.findall(r"^[^ ]*:(\d+):[^ ]*: (RS\d{3}) ", ended.err, re.MULTILINE)
    return [(int(line), code) for line, code in found]


def made(tmp_path: Path, *rows: str, columns: tuple[str, ...] = COLUMNS, header: str = "") -> Run:
    return run("history", table(tmp_path, header or "tumor,date,stage", *rows), *columns)


def test_a_line_is_a_tumor_in_the_order_of_its_first_row(tmp_path: Path) -> None:
    ended = made(
        tmp_path,
        *(
            "B,2019,cT2 N0 M0",
            "A,2018,pT1 N0 M0",
            "B,2021,rT3 N0 M0",
            "A,2017,cT1 N0 M0",
            " B ,2020,rT2 N0 M0",
        ),
    )
    assert ended.code == 0, ended.err
    first, second = histories(ended)
    assert (first["tumor_id"], second["tumor_id"]) == ("B", "A")
    assert [one["assessment"]["date"] for one in first["restagings"]] == ["2020", "2021"]
    assert (second["diagnosis"]["text"], second["diagnosis_basis"]) == ("pT1 N0 M0", "pathological")
    assert "restagings" not in second
    assert "5 rows in = 5 stagings + 0 blank + 0 refused + 0 rejected; 2 tumors, 2 restagings" in ended.err
    for line in (first, second):
        assert rstage.verify(rstage.History.from_dict(line)) == ()


def test_the_example_is_what_the_library_makes(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    ended = run("history", EXAMPLE, *OF_EXAMPLE, "-o", out)
    assert (ended.code, ended.out) == (1, "")
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    with EXAMPLE.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert len(lines) == len({row["tumor_id"] for row in rows if row["tumor_id"]})
    by_tumor = {line["tumor_id"]: line for line in lines}
    good = by_tumor["P1-1"]
    stagings = [
        rstage.Staging.parse(
            row["stage"], tumor_id="P1-1", site=row["site"], date=row["date"], id=row["staging_id"]
        )
        for row in rows
        if row["tumor_id"] == "P1-1"
    ]
    expected = rstage.History.begun(stagings[:2])
    expected = expected.restage(stagings[2], event="recurrence", recurrence="distant")
    expected = expected.restage(stagings[3], event="progression", recurrence="distant")
    assert good == json.loads(json.dumps(expected.to_dict()))
    assert by_tumor["P6-1"]["diagnosis"] is None
    assert [one["id"] for one in by_tumor["P6-1"]["unlinked"]] == ["S17", "S18"]
    assert [one["id"] for one in by_tumor["P5-1"]["unlinked"]] == ["S16"]
    assert (by_tumor["P9-1"]["unread"], by_tumor["P10-1"]["unread"]) == (2, 1)
    assert by_tumor["P7-1"]["diagnosis_basis"] == "post-therapy"
    assert "31 rows in = 25 stagings + 1 blank + 4 refused + 1 rejected; 10 tumors, 9 restagings" in ended.err
    assert run("verify", out).code == 0


WRONG = {
    "no tumor": (",2019,T2 N0 M0", "RS509"),
    "no stage notation": ("A,2019,T5", "RS103"),
    "several stagings": ('A,2019,"cT2 N0 M0; pT3 N1 M0"', "RS407"),
    "no date": ("A,13.13.2019,rT2 N0 M0", "RS502"),
    "ragged": ("A,2019,T2,N0", "RS501"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_with_its_line_and_the_rest_is_kept(tmp_path: Path, name: str) -> None:
    row, code = WRONG[name]
    ended = made(tmp_path, "A,2019,cT2 N0 M0", row, "A,2021,rT2 N0 M0")
    assert ended.code == 1
    assert (3, code) in codes(ended)
    (line,) = histories(ended)
    assert len(line["restagings"]) == 1
    assert line.get("unread", 0) == (name not in ("no tumor", "ragged"))
    assert "3 rows in = 2 stagings + 0 blank + " in ended.err


def test_what_cannot_be_linked_is_told_and_stays_unlinked(tmp_path: Path) -> None:
    ended = made(
        tmp_path,
        *("A,2020,cT2 N0 M0", "A,2019,rT2 N0 M0", "A,2021,R1", "B,2021,rT2 N0 M0", "C,2020,aT2 N0 M0"),
        "D,2020,x",
    )
    assert {(3, "RS403"), (5, "RS431"), (6, "RS431"), (7, "RS101")} <= set(codes(ended))
    a, b, c, d = histories(ended)
    assert [one["text"] for one in a["unlinked"]] == ["rT2 N0 M0"]
    for line in (b, c):
        assert (line["diagnosis"], line["initial"], len(line["unlinked"])) == (None, [], 1)
    assert d == {"tumor_id": "D", "initial": [], "diagnosis": None, "unread": 1}


def test_a_blank_stage_is_no_staging(tmp_path: Path) -> None:
    ended = made(tmp_path, "A,2019,cT2 N0 M0", "A,2020,", ",2020,", "B,2020,unknown", "", "C,x,  ")
    assert ended.code == 0
    assert [line["tumor_id"] for line in histories(ended)] == ["A"]
    assert "5 rows in = 1 staging + 4 blank + 0 refused + 0 rejected; 1 tumor, 0 restagings" in ended.err


def test_the_same_staging_counts_once_but_not_a_diagnosis_and_its_recurrence(tmp_path: Path) -> None:
    ended = made(
        tmp_path,
        *("A,,cT2 N0 M0,", "A,,cT2 N0 M0,", "A,,cT2 N0 M0,recurrence", "A,,rT2 N0 M0,recurrence"),
        "A,,rT2 N0 M0,recurrence",
        header="tumor,date,stage,event",
        columns=(*COLUMNS, "--event", "event"),
    )
    assert [found for found in codes(ended) if found[1] == "RS436"] == [(3, "RS436"), (6, "RS436")]
    (line,) = histories(ended)
    assert len(line["initial"]) == 1
    assert [one["assessment"]["text"] for one in line["restagings"]] == ["cT2 N0 M0", "rT2 N0 M0"]


def test_a_row_that_states_a_recurrence_is_restaged_without_an_r(tmp_path: Path) -> None:
    rows = ("A,2019,cT2 cN0 cM0,,", "A,2021,pT2 pN0 cM0,recurrence,", "A,2022,T0 N0 M1,,local+distant")
    header = "tumor,date,stage,event,types"
    columns = (*COLUMNS, "--event", "event", "--recurrence", "types")
    ended = made(tmp_path, *rows, header=header, columns=columns)
    (line,) = histories(ended)
    assert line["diagnosis"]["text"] == "cT2 cN0 cM0"
    assert [found for found in codes(ended) if found[1] == "RS437"] == [(3, "RS437"), (4, "RS437")]
    assert [(one["event"], one["recurrence"]) for one in line["restagings"]] == [
        ("recurrence", ["local"]),
        ("unknown", ["local", "distant"]),
    ]
    # One text for all rows says nothing of a single one.
    ended = made(tmp_path, *rows, header=header, columns=(*COLUMNS, "--event", "=recurrence"))
    assert "restagings" not in histories(ended)[0]


def test_a_stage_in_parts_in_a_dialect(tmp_path: Path) -> None:
    ended = made(
        tmp_path,
        *("A,2019,2,0,0,", "A,2021,3,1,0,r"),
        header="tumor,date,t,n,m,r",
        columns=(
            *("--tumor-id", "tumor", "--date", "date", "--dialect", "obds"),
            *("--stage", "T=t", "--stage", "N=n", "--stage", "M=m", "--stage", "r=r"),
        ),
    )
    (line,) = histories(ended)
    assert len(line["restagings"]) == 1
    assert line["restagings"][0]["restaged"]["t"]["timing"] == ["r"]


@pytest.mark.parametrize(
    ("policy", "text"), [("pathological", "pT1 N0"), ("clinical", "cT2 N0"), ("earliest", "cT2 N0")]
)
def test_the_policy_takes_the_diagnosis(tmp_path: Path, policy: str, text: str) -> None:
    rows = ("A,2019,cT2 N0", "A,2020,pT1 N0")
    (line,) = histories(made(tmp_path, *rows, columns=(*COLUMNS, "--policy", policy)))
    assert (line["diagnosis"]["text"], line["diagnosis_basis"]) == (text, policy)


@pytest.mark.parametrize(
    "columns",
    [
        ("--stage", "stage"),
        ("--tumor-id", "tumor"),
        ("--tumor-id", "tumour", "--stage", "stage"),
        ("--tumor-id", "tumor", "--stage", "stage", "--stage", "date"),
        ("--tumor-id", "tumor", "--stage", "stage", "--date-format", "%Y"),
        (),
    ],
)
def test_wrong_use(tmp_path: Path, columns: tuple[str, ...]) -> None:
    ended = made(tmp_path, "A,2019,T2", columns=columns)
    assert (ended.code, ended.out) == (2, "")


def test_nothing_is_left_of_a_run_that_breaks_off(tmp_path: Path) -> None:
    path = tmp_path / "broken.csv"
    path.write_bytes(b"tumor,date,stage\nA,2019,T2 N0 M0\nA,2020,\xff\n")
    out = tmp_path / "out.jsonl"
    assert run("history", path, *COLUMNS, "-o", out).code == 3
    assert not out.exists()
    out.write_text("mine", encoding="utf-8")
    good = table(tmp_path, "tumor,date,stage", "A,2019,T2 N0 M0")
    assert run("history", good, *COLUMNS, "-o", out).code == 2
    assert out.read_text(encoding="utf-8") == "mine"
    assert run("history", good, *COLUMNS, "-o", good, "--force").code == 2
    assert run("history", good, *COLUMNS, "-o", out, "--force").code == 0


def test_findings_are_counted_instead_of_told(tmp_path: Path) -> None:
    path = table(tmp_path, "tumor,date,stage", "A,2019,T5", "A,2019,T2 N0 M0")
    ended = run("history", path, *COLUMNS, "--statistics")
    assert codes(ended) == []
    assert re.search(r"1  RS103  error +UNKNOWN_VALUE", ended.err)
    assert run("history", path, *COLUMNS, "-q").err == ""
    assert run("history", path, *COLUMNS, "--exit-zero").code == 0


def test_no_id_name_or_date_is_told(tmp_path: Path) -> None:
    ended = made(tmp_path, "PAT-77,1.1.1950,Erika Mustermann", "PAT-77,2.2.1951,T2", ",3.3.1952,T2 N0 M0")
    for secret in ("Mustermann", "Erika", "77", "1950", "1951", "1952"):
        assert secret not in ended.err.replace(str(tmp_path), "")


TEXTS = ["cT2 cN0 cM0", "pT1 pN0 cM0", "ypT1 N0", "aT1", "rT2 N0 M0", "rcT0 cN1 M1(HEP)", "T9", "", "x", "R1"]
DATES = ["", "2018", "2019-03", "2019-03-02", "2021", "x"]


@given(
    st.lists(
        st.tuples(st.sampled_from(["A", "B", "C", ""]), st.sampled_from(DATES), st.sampled_from(TEXTS)),
        max_size=12,
    ),
    st.randoms(use_true_random=False),
)
def test_every_row_is_linked_or_told(rows: list[tuple[str, str, str]], chance: random.Random) -> None:
    with TemporaryDirectory() as folder:
        ended = made(Path(folder), *(",".join(row) for row in rows))
        shuffled = sorted(rows, key=lambda row: row[0])
        chance.shuffle(tumors := [list(group) for _, group in groupby(shuffled, key=lambda row: row[0])])
        apart = made(Path(folder), *(",".join(row) for group in tumors for row in group))
    lines = histories(ended)
    told = {line for line, _ in codes(ended)}
    linked = 0
    for line in lines:
        found = {name: value for name, value in line.items() if name not in ("unlinked", "unread")}
        if line["diagnosis"] is not None:
            history = rstage.History.from_dict(found)
            assert rstage.verify(history) == ()
            linked += len(history.initial) + len(history.restagings)
        linked += len(line.get("unlinked", ())) + line.get("unread", 0)
    again = sum(code == "RS436" for _, code in codes(ended))
    lost = sum(not tumor for tumor, _, text in rows if text)
    assert linked + again + lost == sum(bool(text) for _, _, text in rows)
    for number, (tumor, date, text) in enumerate(rows, start=2):
        if text in ("T9", "x") or (text and (not tumor or date == "x")):
            assert number in told
    by_tumor = {line["tumor_id"]: line for line in lines}
    assert {line["tumor_id"]: line for line in histories(apart)} == by_tumor


def test_words_of_a_missing_value_hold_for_ids_too(tmp_path: Path) -> None:
    assert "unknown" in missing_words()
    ended = made(
        tmp_path,
        *("unknown,2019,T2 N0 M0,1", "99,2019,T2 N0 M0,unknown"),
        header="tumor,date,stage,id",
        columns=(*COLUMNS, "--id", "id"),
    )
    assert (2, "RS509") in codes(ended)
    (line,) = histories(ended)
    assert line["tumor_id"] == "99"
    assert "id" not in line["diagnosis"]


def test_the_table_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    before = TextSource.__init__

    def count(self: TextSource, file: str, *options: Any) -> None:
        opened.append(file)
        before(self, file, *options)

    monkeypatch.setattr(TextSource, "__init__", count)
    made(tmp_path, "A,2019,T2 N0 M0")
    assert len(opened) == 1
