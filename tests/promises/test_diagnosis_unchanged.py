"""The diagnosis is never changed: not the object, not the text, not the bytes of the row, not the link."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

import rstage
from tests.support.command_line import run
from tests.support.stagings import assessments, diagnoses, events

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ("--diagnosis", "dx", "--assessment", "new", "--tumor-id", "id")
# Written as nobody would write it anew: a spelling that is folded, a quote too many, blanks, other line ends.
ROWS = (
    b' 1 ,T2cN0,"cT0 cN0 pM1(HEP)",x\r\n',
    b"2,pT2 pN1a(sn)  cM0 ,rpT2 rpN1 rcM0,\xc3\xa9\n",
    b'"3","ypT2,ypN0 , cM0",T3 N1 M0,""\r\n',
    b"4,rT2 N0 M0,T3 N0 M0,a diagnosis with r is refused\n",
    b"5,T9,T3 N0 M0,so is one that cannot be read\n",
    b"6,,,\n",
    b"7,T2 N0 M0,T3 N0 M0,the last line has no end",
)
HEADER = b"\xef\xbb\xbfid,dx,new,note\n"


@given(diagnoses, assessments, events)
def test_the_object(diagnosis: rstage.Staging, assessment: rstage.Staging, event: str) -> None:
    before, dumped = copy.deepcopy(diagnosis), pickle.dumps(diagnosis)
    restaging = rstage.restage(diagnosis, assessment, event=event)
    history = rstage.History.begun([diagnosis]).restage(assessment, event=event)
    assert restaging.diagnosis is diagnosis
    assert history.diagnosis is diagnosis
    assert diagnosis == before
    assert pickle.dumps(diagnosis) == dumped
    with pytest.raises(dataclasses.FrozenInstanceError):
        restaging.diagnosis = assessment  # type: ignore[misc]  # that is the point


@pytest.mark.parametrize(
    "text", ["T2cN0", " pT2  pN1a ,cM0", "PT2N0", "t2 n0 m0", "\uff342 N0", "pT2 (a note) N0"]
)
def test_the_text(text: str) -> None:
    diagnosis = rstage.Staging.parse(text, mode="repair")
    assert diagnosis.text == text
    assert str(diagnosis.stage) != text
    assert rstage.restage(diagnosis, rstage.Staging.parse("T3 N1 M0")).diagnosis.text == text


@pytest.mark.parametrize("engine", ["stdlib", "polars"])
def test_the_bytes_of_the_row(tmp_path: Path, engine: str) -> None:
    if engine == "polars":
        pytest.importorskip("polars", reason="the extra polars is not installed")
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(HEADER + b"".join(ROWS))
    done = run("restage", source, "-o", out, *COLUMNS, "--engine", engine, "--exit-zero")
    assert done.code == 0
    assert source.read_bytes() == HEADER + b"".join(ROWS)
    header, *rows = out.read_bytes().splitlines(keepends=True)
    assert header.startswith(HEADER.rstrip())
    assert len(rows) == len(ROWS)
    for made, row in zip(rows, ROWS, strict=True):
        body = row.rstrip(b"\r\n")
        assert made.startswith(body + b",")
        assert made.endswith(row[len(body) :])
    assert run("verify", out, "--against", source, *COLUMNS, "--exit-zero").code == 0


def test_any_other_byte_of_a_diagnosis_is_found(tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    good = b"id,dx,new\n1,pT2 pN0 cM0,T3 N0 M0\n"
    source.write_bytes(good)
    assert run("restage", source, "-o", out, *COLUMNS).code == 0
    made = out.read_bytes()
    start = made.index(b"pT2 pN0 cM0")
    for place in range(start, start + len(b"pT2 pN0 cM0")):
        for other in b"3 c":
            if other == made[place]:
                continue
            out.write_bytes(made[:place] + bytes([other]) + made[place + 1 :])
            assert run("verify", out, "--against", source, *COLUMNS).code == 1
    # Also where somebody changes both files in the same way: the link holds the digest of the diagnosis.
    out.write_bytes(made.replace(b"pT2 pN0 cM0", b"pT3 pN0 cM0"))
    source.write_bytes(good.replace(b"pT2 pN0 cM0", b"pT3 pN0 cM0"))
    assert run("verify", out, "--against", source, *COLUMNS).code == 1


def test_the_link_names_the_diagnosis_and_no_other() -> None:
    diagnosis = rstage.Staging.parse("pT2 pN0 cM0", tumor_id="T1", date="2019")
    restaging = rstage.restage(diagnosis, rstage.Staging.parse("T3 N0 M0", tumor_id="T1", date="2021"))
    assert rstage.verify(restaging, original=diagnosis) == ()
    for other in (
        dataclasses.replace(diagnosis, text="pT2pN0cM0"),
        dataclasses.replace(diagnosis, date="2018"),
        dataclasses.replace(diagnosis, stage=rstage.parse("pT1 pN0 cM0")),
    ):
        assert rstage.verify(dataclasses.replace(restaging, diagnosis=other))
        assert rstage.verify(restaging, original=other)
