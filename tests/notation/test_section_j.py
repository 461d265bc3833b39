"""The rulings of section J: what is read, what must be found and what must be suggested."""

from __future__ import annotations

import pytest

import rstage
from tests.support.case_tables import cases, options, rows

ROWS = cases("section_j.tsv", "row", "text", "options")
RULINGS = range(1, 25)


def is_found(expected: str, reading: rstage.Reading) -> bool:
    """Whether a finding has the code and severity that a cell names, such as `RS2xx:info`."""
    code, _, severity = expected.partition(":")
    return any(
        one.code.startswith(code.rstrip("x")) and severity in ("", one.severity)
        for one in reading.diagnostics
    )


@pytest.mark.parametrize("row", ROWS)
def test_rulings(row: dict[str, str]) -> None:
    reading = rstage.read(row["text"], **options(row["options"]))
    assert " | ".join(map(str, reading.stages)) == row["canonical"]
    for expected in row["findings"].split():
        assert is_found(expected.removeprefix("!"), reading) is not expected.startswith("!"), expected
    offered = {text for one in reading.diagnostics for text in one.suggestions}
    assert set(filter(None, row["suggestion"].split(" | "))) <= offered


@pytest.mark.parametrize("row", [case for case in ROWS if case.values[0]["canonical"]])
def test_the_canonical_text_is_read_back_without_a_word(row: dict[str, str]) -> None:
    for text in row["canonical"].split(" | "):
        again = rstage.read(text)
        assert str(again) == text
        assert not [one for one in again.diagnostics if one.code.startswith(("RS1", "RS2"))]


def test_every_ruling_has_a_line() -> None:
    assert {row["row"] for row in rows("section_j.tsv")} == {f"J{number}" for number in RULINGS}
