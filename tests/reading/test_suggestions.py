"""What a refused text suggests."""

from __future__ import annotations

import pytest

import rstage
from rstage.diagnostics import Severity
from rstage.reading.proposals import read_as
from tests.support.case_tables import cases, options, rows


@pytest.mark.parametrize("row", cases("suggestions.tsv", "text", "options"))
def test_suggestions(row: dict[str, str]) -> None:
    reading = rstage.read(row["text"], **options(row["options"]))
    assert not reading.ok
    offered = dict.fromkeys(one for found in reading.diagnostics for one in found.suggestions)
    assert " | ".join(offered) == row["suggestions"]
    assert row["says"] in " ".join(found.message for found in reading.diagnostics)


@pytest.mark.parametrize("row", [row for row in rows("suggestions.tsv") if row["read_with"]], ids=str)
def test_an_option_that_is_named_reads_the_text(row: dict[str, str]) -> None:
    assert rstage.read(row["text"], **options(row["options"]) | options(row["read_with"])).ok


@pytest.mark.parametrize(
    ("text", "options_given", "proposed"),
    [
        ("pT2 NO MO", {}, ("pT2 N0 M0",)),
        ("cT2cN0", {}, ("cT2c N0", "cT2 cN0")),
        ("rt2", {"field": "T"}, ("rT2",)),
        ("T2 T3 N0", {}, ()),
        ("pT2 N0 M0", {}, ()),
    ],
)
def test_proposals_are_whole_texts_that_are_read(
    text: str, options_given: rstage.ReadOptions, proposed: tuple[str, ...]
) -> None:
    assert rstage.proposals_of(text, **options_given) == proposed
    assert all(rstage.read(one, **options_given).ok for one in proposed)


def test_a_value_is_read_as_the_part_that_it_is() -> None:
    assert read_as("N", "1a", {"mode": "strict"}) == rstage.read_parts(N="1a", mode="strict")
    assert read_as("", "T2 N1a", {"mode": "strict"}) == rstage.read("T2 N1a", mode="strict")
    assert [str(read_as(part, "N1", {})) for part in ("N", "T", "")] == ["N1", "", "N1"]


WORDS = (
    "récidive",
    "rémission",
    "Né",
    "Tā",
    "élargi",
    "cœur",
    "Ñame",
    "größer",
    "ré",
    "Ié",
    "łuk",
    "rść",
    "ağir",
    "caña",
)


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("before", ["rT2 ", "T2 N0, ", ""])
def test_a_word_with_accents_is_one_stretch(word: str, before: str) -> None:
    errors = [one for one in rstage.read(before + word).diagnostics if one.severity is Severity.ERROR]
    assert [(one.code, one.span) for one in errors] == [("RS101", (len(before), len(before) + len(word)))]
