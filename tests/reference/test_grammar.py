"""The grammar as data: a row for every rule and terminal, steps that grow with the text, tables that fit."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import rstage
from rstage.notation import tree as parsing
from rstage.reference import grammar as _grammar
from rstage.reference import vocabulary
from rstage.reference.tsv import grammar_bytes
from tests.support.case_tables import rows

if TYPE_CHECKING:
    from pathlib import Path

ROWS = rows("grammar.tsv")
# What stands in these brackets is read again as a text of its own, so that no node holds them.
IN_BRACKETS = {"RUN_IN_BRACKETS", "PAIR_IN_BRACKETS"}


def terminals_of(text: str, start: str) -> set[str]:
    nodes, _ = parsing.parse_nodes(text, start)
    return {token.kind for node in nodes for token in node.tokens}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['terminal']}:{row['text']}")
def test_a_terminal_takes_what_its_row_says(row: dict[str, str]) -> None:
    assert row["terminal"] in terminals_of(row["text"], row["start"] or "start")


def test_every_terminal_has_a_row() -> None:
    known = {terminal.name for terminal in _grammar.parser().terminals} - {"SEPARATOR"} - IN_BRACKETS
    assert known == {row["terminal"] for row in ROWS}


def test_every_rule_has_a_row() -> None:
    named = {str(rule.origin.name) for rule in _grammar.parser().rules}
    public = {name for name in named if not name.startswith("_")} - set(_grammar.STARTS)
    found = {
        node.kind for row in ROWS for node in parsing.parse_nodes(row["text"], row["start"] or "start")[0]
    }
    assert found == public - {"bracketed_run", "bracketed_pair"}


@pytest.mark.parametrize("text", ["Stage IIIA (T2 N2 M0)", "T2 N2 M0 (Stage IIIA, UICC 8)"])
def test_brackets_that_hold_parts_are_opened(text: str) -> None:
    nodes, failures = parsing.parse_nodes(text)
    assert not failures
    assert [node.kind for node in nodes if node.kind == "category"] == ["category"] * 3
    for node in nodes:
        for token in node.tokens:
            assert text[token.start : token.end] == token.text


@pytest.mark.parametrize("name", ["tnm", "head", "figo", "lymphoma", "listed"])
def test_no_regular_expression_is_too_long_to_be_read(name: str) -> None:
    text = re.sub("^ *//.*", "", _grammar.grammar_text(f"{name}.lark"), flags=re.MULTILINE)
    expressions = re.findall(r"/((?:[^/\\\n]|\\.)+)/", text)
    assert expressions
    assert max(map(len, expressions)) <= 120


def test_the_pieces_are_put_into_a_terminal() -> None:
    expression = _grammar.terminals()["STAGE_WORD"]
    assert re.match(expression, "Stadium: 2")
    assert "stadium" in _grammar.notation_words()
    assert not {"masaoka", "asaoka"} & _grammar.notation_words()


def calls_of(text: str) -> int:
    """Return how many functions are called while `text` is parsed: steps that no clock distorts."""
    count = 0

    def step(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    parsing.parse_nodes(text)
    sys.setprofile(step)
    try:
        parsing.parse_nodes(text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "piece",
    [
        "pT2 pN1 cM0, ",
        "T2cN0cM0 ",
        "R1(liver) ",
        "((((",
        "T",
        "rp",
        "pT2(m)(m)",
        "III",
        "Stage ",
        "\u00b2",
        "x ",
        "pT2 ?? ",
    ],
)
def test_steps_grow_no_faster_than_the_text(piece: str) -> None:
    short, long = (piece * (length // len(piece)) for length in (200, 800))
    assert calls_of(long) <= 4.5 * calls_of(short) + 500


def test_compiled_tables_give_the_same_nodes(tmp_path: Path) -> None:
    path = tmp_path / "tables"
    _grammar.write_tables(path)
    loaded, compiled = _grammar.load_tables(path.read_bytes()), _grammar.compile_grammar()
    assert loaded is not None
    for row in ROWS:
        start = row["start"] or "start"
        assert loaded.parse(row["text"], start=start) == compiled.parse(row["text"], start=start)


def test_tables_of_another_grammar_are_not_used() -> None:
    assert _grammar.load_tables(b"1.0\nstart: A\0") is None


@pytest.mark.parametrize("name", _grammar.SOURCES)
def test_tables_of_another_source_are_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = tmp_path / "tables"
    _grammar.write_tables(path)
    monkeypatch.setattr(_grammar, "grammar_bytes", lambda file: grammar_bytes(file) + b"#" * (file == name))
    assert _grammar.load_tables(path.read_bytes()) is None


WATCHED = """
import os
from rstage.reference import tsv
read, opened = tsv._read, set()
tsv._read = lambda path: (opened.add(os.path.basename(path)), read(path))[1]
from rstage.reference import grammar
grammar.compile_grammar()
print(*sorted(opened))
"""


def test_what_the_grammar_is_made_of_is_named() -> None:
    command = [sys.executable, "-c", WATCHED]
    opened = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  this Python
    assert opened.stdout.split() == sorted(_grammar.SOURCES)


def test_every_mark_of_the_grammar_is_filled() -> None:
    for name in ("tnm.lark", "figo.lark", "lymphoma.lark", "listed.lark", "head.lark"):
        assert not re.search(r"\[<|<[A-Za-z]+>(?!\?)", _grammar.grammar_text(name).replace("(?P<", ""))


def test_every_value_of_the_table_can_be_written_and_read() -> None:
    for letter in "TNM":
        for value, entry in vocabulary.values(letter).items():
            for subcategory in ("", *entry.subcategories):
                edition = "6" if value == "4" and letter == "N" else None
                reading = rstage.read(letter + value + subcategory, edition=edition)
                assert str(reading.stage).startswith(letter + value + subcategory), (
                    f"{letter}{value}{subcategory} needs a place in the terminals of tnm.lark"
                )


def test_a_long_text_is_refused_without_being_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the text was parsed")

    monkeypatch.setattr("rstage.notation.component.parse_nodes", refuse)
    reading = rstage.read("T2 " * 334)
    assert [found.name for found in reading.diagnostics] == ["TEXT_TOO_LONG"]
    assert not reading.ok
