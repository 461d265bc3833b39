"""What a remark in a bracket says: which words and signs change the stage before it, and which do not."""

from __future__ import annotations

import pytest

from rstage.notation.remarks import changes_meaning, contradicts, drops_a_suffix, kept_suffixes
from rstage.reference.tsv import data_rows

# A remark; whether it changes the meaning behind T2, N0 and M1b; whether it can contradict a stage with them.
REMARKS: list[tuple[str, str, str]] = [
    # Nothing about the value.
    ("left", "", ""),
    ("oral und aboral", "", ""),
    ("2 cm", "", ""),
    ("max. 2,3 cm", "", ""),
    ("1.5 x 2 cm", "", ""),
    ("block 12", "", ""),
    ("la base", "", ""),
    # Doubt, denial, limits.
    ("not sure", "T2 N0 M1b", "T2 N0 M1b"),
    ("no invasion", "T2 N0 M1b", "T2 N0 M1b"),
    ("fraglich", "T2 N0 M1b", "T2 N0 M1b"),
    ("at least", "T2 N0 M1b", "T2 N0 M1b"),
    ("> 2 cm", "T2 N0 M1b", "T2 N0 M1b"),
    ("?", "T2 N0 M1b", "T2 N0 M1b"),
    # A word of the edition, of which it is said.
    ("edition not given", "T2 N0 M1b", ""),
    ("AJCC unclear", "T2 N0 M1b", ""),
    ("not by AJCC", "T2 N0 M1b", "T2 N0 M1b"),
    # What agrees with one value alone.
    ("negative", "T2 M1b", "T2 M1b"),
    ("clear margins", "T2 M1b", "T2 M1b"),
    ("positive", "N0", "N0"),
    ("pos", "N0", "N0"),
    # Timing, method, letters alone.
    ("r", "T2 N0 M1b", "T2 N0 M1b"),
    ("yp", "T2 N0 M1b", "T2 N0 M1b"),
    ("pCR", "", ""),
    ("see r here", "T2 N0 M1b", "T2 N0 M1b"),
    ("recurrent", "T2 N0 M1b", "T2 N0 M1b"),
    ("post-therapy", "T2 N0 M1b", "T2 N0 M1b"),
    ("autopsy", "T2 N0 M1b", "T2 N0 M1b"),
    ("previous", "T2 N0 M1b", ""),
    # Of the value.
    ("ENE", "T2 N0 M1b", "T2 N0 M1b"),
    ("by PET", "T2 N0 M1b", "T2 N0 M1b"),
    # Another value, another stage.
    ("2", "T2 N0 M1b", "T2 N0 M1b"),
    ("2 nodes", "T2 N0", ""),
    ("was T3", "T2 N0 M1b", ""),
    ("stage iv", "T2 N0 M1b", ""),
    ("0-1", "T2 N0 M1b", ""),
    ("tis", "T2 N0 M1b", ""),
    ("INRG L1", "T2 N0 M1b", ""),
    ("8th", "T2 N0 M1b", ""),
    ("2017", "T2 N0 M1b", ""),
    ("FIGO", "T2 N0 M1b", ""),
]
VALUES = ("T2", "N0", "M1b")


@pytest.mark.parametrize(("remark", "changing", "contradicting"), REMARKS)
def test_what_a_remark_says(remark: str, changing: str, contradicting: str) -> None:
    assert " ".join(value for value in VALUES if changes_meaning(remark, value)) == changing
    assert " ".join(value for value in VALUES if contradicts(remark, value, "")) == contradicting


@pytest.mark.parametrize(
    ("remark", "lacking"),
    [
        ("recurrent", ("", "y", "a", "ya")),
        ("after treatment", ("", "r", "a", "ra")),
        ("obduction, autopsy", ("", "r", "y", "ry")),
        ("previous", ("r", "ry", "ra", "rya")),
        ("left", ()),
    ],
)
def test_a_word_of_timing_contradicts_a_stage_without_it(remark: str, lacking: tuple[str, ...]) -> None:
    every = ("", "r", "y", "a", "ry", "ra", "ya", "rya")
    assert tuple(timing for timing in every if contradicts(remark, "T2", timing)) == lacking


def plain_words(*kinds: str) -> list[str]:
    rows = [row["words"] for row in data_rows("remark_words.tsv") if row["kind"] in kinds]
    return [word.replace("*", "") for words in rows for word in words.split("|")]


@pytest.mark.parametrize("word", plain_words("denial", "doubt", "limit"))
def test_every_word_of_doubt_denial_or_limit_counts(word: str) -> None:
    for text in (f"leber {word}", f"{word} leber", word.upper()):
        assert changes_meaning(text, "T2")
        assert contradicts(text, "T2", "rya")


@pytest.mark.parametrize("kind", ["y", "a", "earlier"])
def test_every_word_of_another_time_counts(kind: str) -> None:
    for word in plain_words(kind):
        assert changes_meaning(f"leber {word}", "T2")
        assert contradicts(f"leber {word}", "T2", "r")


@pytest.mark.parametrize(
    ("category", "inside", "kept", "is_whole", "drops"),
    [
        ("N1", "sn mi", "(sn mi)", True, False),
        ("N1", "sn, mi", "(sn, mi)", True, False),
        ("N1", "sn, mi, left", "(sn)(mi)", False, False),
        ("N1", "SN", "(sn)", True, False),
        ("N0", "1-", "(i-)", True, False),
        ("N0", "l+", "(i+)", True, False),
        ("N0", "O/12", "(0/12)", True, False),
        ("N1", "2/15", "(2/15)", True, False),
        ("N1", "2/15 left", "(2/15)", False, False),
        ("N1", "left 2/15", "", False, True),
        ("N1", "left 2/15, sn", "(sn)", False, True),
        ("N1", "level 2 of 15", "", False, True),
        ("N1", "2/15 left, sn", "(2/15)(sn)", False, False),
        ("N1", "15/2", "", False, True),
        ("N1", "1/2, 3/4", "", False, True),
        ("N1", "sn+left", "", False, True),
        ("N1", "sn left", "", False, True),
        ("T2", "2", "(2)", True, True),
        ("T2", "2, left", "", False, True),
        ("T2", "is, 2 cm", "(is)", False, False),
        ("T2", "is, left", "(is)", False, False),
        ("T2", "f", "(f)", True, False),
        ("T2", "left m", "", False, False),
        ("T2", "left", "", False, False),
        ("M1", "hep", "(hep)", True, False),
        ("M1", "HEP, left", "(HEP)", False, False),
        ("M1", "HEP left", "", False, True),
        ("M1", "hep left", "", False, False),
    ],
)
def test_the_suffixes_in_a_bracket(
    category: str, inside: str, kept: str, *, is_whole: bool, drops: bool
) -> None:
    assert kept_suffixes(category, inside) == (kept, is_whole)
    assert drops_a_suffix(category, inside) is drops
