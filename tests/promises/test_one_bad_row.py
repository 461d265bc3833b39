"""One bad row never stops a run: the rows around it come out as they do without it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import rstage
from tests.support.command_line import run

if TYPE_CHECKING:
    from pathlib import Path

HEADER = b"id,dx,new\n"
BEFORE, BEHIND = b"1,T2 N0 M0,T3 N0 M0\n" * 3, b"9,pT1 pN0 cM0,pM1(HEP)\n9,T5,T9\n"
BAD = {
    "a value of no list": b"2,T9 N7,T2\n",
    "no notation": b"2,Max Mustermann,\xc3\xa4rztlich\n",
    "too many cells": b"2,T2,T3,T4,T5\n",
    "too few cells": b"2\n",
    "an empty line": b"\n",
    "a very long cell": b"2," + b"T2 " * 40_000 + b",T3\n",
    "brackets without end": b"2," + b"(" * 5_000 + b",[[[{{{\n",
    "a control character": b"2,T2\x1b[31m,T3\x07\n",
    "a diagnosis with r": b"2,rT2 N0 M0,T3 N0 M0\n",
    "cells of many lines": b'2,"T2\n\n\nN0","\n"\n',
}
COMMANDS = {
    "normalize": ("--column", "dx"),
    "restage": ("--diagnosis", "dx", "--assessment", "new"),
    "history": ("--stage", "dx", "--tumor-id", "id"),
}


@pytest.mark.parametrize("engine", ["stdlib", "polars"])
@pytest.mark.parametrize("command", ["normalize", "restage"])
@pytest.mark.parametrize("case", BAD)
def test_the_rows_around_it_come_out(tmp_path: Path, case: str, command: str, engine: str) -> None:
    if engine == "polars":
        pytest.importorskip("polars", reason="the extra polars is not installed")
    written = {}
    for name, bad in (("with", BAD[case]), ("without", b"")):
        source, out = tmp_path / f"{name}.csv", tmp_path / f"{name}-out.csv"
        source.write_bytes(HEADER + BEFORE + bad + BEHIND)
        assert run(command, source, "-o", out, *COMMANDS[command], "--engine", engine).code in (0, 1)
        written[name] = out.read_bytes()
    before = written["without"][: written["without"].index(b"9,pT1")]
    behind = written["without"][len(before) :]
    assert written["with"].startswith(before)
    assert written["with"].endswith(behind)


@pytest.mark.parametrize("case", BAD)
def test_the_findings_behind_it_are_reported(tmp_path: Path, case: str) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes(HEADER + BEFORE + BAD[case] + BEHIND)
    done = run("check", source, "--column", "dx", "--column", "new", "--format", "jsonl")
    assert done.code == 1
    last = [json.loads(line) for line in done.out.splitlines()][-2:]
    assert [(one["code"], one["column"]) for one in last] == [("RS103", "dx"), ("RS103", "new")]


@pytest.mark.parametrize("case", BAD)
def test_the_histories_of_other_tumors_come_out(tmp_path: Path, case: str) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes(HEADER + BEFORE + BAD[case] + BEHIND)
    done = run("history", source, *COMMANDS["history"])
    assert done.code in (0, 1)
    diagnoses = [json.loads(line)["diagnosis"] for line in done.out.splitlines()]
    texts = {one["tumor_id"]: one["text"] for one in diagnoses if one is not None and "tumor_id" in one}
    assert (texts["1"], texts["9"]) == ("T2 N0 M0", "pT1 pN0 cM0")


def test_a_bad_text_raises_nothing_when_many_are_read() -> None:
    texts = [bad.decode(errors="replace") for bad in BAD.values()]
    assert [rstage.read(text).text for text in texts] == texts
