"""What was found is told in text, JSON and CSV, and a long report needs no memory."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from rstage import rules
from rstage.diagnostics import Severity
from rstage.reporting.counts import FindingCounts
from rstage.reporting.placed import CellFinding, PlacedFinding
from rstage.reporting.report import draw, json_array, report, statistics

if TYPE_CHECKING:
    from collections.abc import Iterator

FOUND = rules.UNKNOWN_VALUE.at((1, 3), suggestions=("T4", "TX"), text="T5")
FOUND_IN_DX = CellFinding(diagnostic=FOUND, column="dx", value="pT5")


def placed(value: str = "pT5", line: int = 2) -> PlacedFinding:
    return CellFinding(FOUND, "dx", value).at("in.csv", line, line - 1)


def test_a_finding_is_drawn_below_its_text() -> None:
    assert draw(FOUND, "pT5") == f"{FOUND}\n    pT5\n     ^^"
    assert draw(FOUND, "Margaret") == draw(FOUND, "") == draw(FOUND, "x" * 41) == str(FOUND)
    at_end = rules.MISSING_VALUE.at((2, 2), text="pT")
    assert draw(at_end, "pT").endswith("    pT\n      ^")
    assert draw(at_end, "p") == str(at_end)


def test_a_finding_is_one_line() -> None:
    assert (
        str(placed()) == "in.csv:2:dx: RS103 error: no list of TNM has the value T5 (did you mean T4 or TX?)"
    )
    assert "".join(report([placed(), placed(line=3)], "text")).count("\n") == 2


def test_formats_hold_the_same() -> None:
    findings = [placed(), placed("Margaret", 7)]
    as_json = json.loads("".join(report(findings, "json")))
    assert [json.loads(line) for line in "".join(report(findings, "jsonl")).splitlines()] == as_json
    assert as_json[0] == {
        "file": "in.csv",
        "line": 2,
        "row": 1,
        "column": "dx",
        "value": "pT5",
        **FOUND.to_dict(),
    }
    assert as_json[1]["value"] is None
    rows = list(csv.DictReader(io.StringIO("".join(report(findings, "csv")))))
    assert rows[0]["span"] == "1-3"
    assert rows[0]["suggestions"] == "T4 | TX"
    assert list(rows[0]) == list(as_json[0])


def test_an_empty_report_is_whole() -> None:
    assert json.loads("".join(json_array([]))) == []
    assert "".join(report([], "text")) == "".join(report([], "jsonl")) == ""
    assert "".join(report([], "csv")).startswith("file,line,row,")


def test_a_report_is_written_piece_by_piece() -> None:
    def endless() -> Iterator[PlacedFinding]:
        while True:
            yield placed()

    for form in ("text", "json", "jsonl", "csv"):
        pieces = iter(report(endless(), form))
        assert next(pieces)
        assert next(pieces)


def test_counts_are_ordered_and_values_hidden() -> None:
    counts = FindingCounts(with_values=True)
    for value, times in (("pT5", 3), ("Margaret", 1200), ("pT7", 3), ("pT9", 0)):
        counts.add([CellFinding(diagnostic=FOUND, column="dx", value=value)], times)
    text = "".join(statistics(counts))
    assert text.splitlines() == [
        "findings by code",
        "  1,206  RS103  error  UNKNOWN_VALUE",
        "findings by column",
        "  1,206  dx  RS103",
        "findings by value",
        "  1,200  dx  (hidden, 8 characters)  RS103",
        "      3  dx  pT5                     RS103",
        "      3  dx  pT7                     RS103",
    ]
    rows = list(csv.DictReader(io.StringIO("".join(statistics(counts, "csv")))))
    assert [row["by"] for row in rows] == ["code", "column", "value", "value", "value"]
    assert "".join(statistics(FindingCounts())) == "no findings\n"


def test_only_the_most_frequent_values_are_listed_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = FindingCounts(with_values=True)
    for number in range(30):
        counts.add([CellFinding(diagnostic=FOUND, column="dx", value=f"T{number}")], 30 - number)
    assert "findings by value, the 20 most frequent\n" in list(statistics(counts))
    assert "T20" not in "".join(statistics(counts))
    monkeypatch.setattr("rstage.reporting.counts.MOST_VALUES", 10)
    counts.add([FOUND_IN_DX])
    assert len(counts.values) == 5
    assert "rare ones not counted" in "".join(statistics(counts))


def test_severities_reach_upwards() -> None:
    counts = FindingCounts()
    assert not counts.reaches(Severity.INFO)
    counts.add([CellFinding(diagnostic=rules.RANGE.at(text="T1-2"))])
    assert counts.reaches(Severity.INFO)
    assert counts.reaches(Severity.WARNING)
    assert not counts.reaches(Severity.ERROR)


@pytest.mark.parametrize(
    ("text", "span", "carets"),
    [
        ("pT2 T5", (4, 6), "    ^^"),
        ("\uff34\uff12 T5", (3, 5), "     ^^"),
        ("e\u0301t T5", (4, 6), "   ^^"),
        ("T2 \u4e2d\u6587", (3, 5), "   ^^^^"),
        ("T2", (2, 2), "  ^"),
    ],
)
def test_a_caret_stands_below_what_it_is_about(text: str, span: tuple[int, int], carets: str) -> None:
    found = rules.UNKNOWN_VALUE.at(span, text="T5")
    assert draw(found, text, shows_values=True).splitlines()[1:] == [f"    {text}", f"    {carets}"]


def test_a_message_shows_what_it_hides_only_where_values_are_shown() -> None:
    text = "T2 Smythe"
    found = rules.NOT_NOTATION.at((3, 9), text="(hidden, 6 characters)")
    assert draw(found, text) == str(found)
    assert "Smythe is" in draw(found, text, shows_values=True).splitlines()[0]
    both = rules.SPELLING_FOLDED.at((0, 9), before="(hidden, 9 characters)", after="(hidden, 5 characters)")
    assert "hidden, 5" in draw(both, text, shows_values=True, made=["Smith", "Jones"])
    assert "as Smith\n" in draw(both, text, shows_values=True, made=["Smith", "T2"])
