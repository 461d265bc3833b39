"""The way back from a changed text: where each stretch of it stood in the text as given."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rstage
from rstage.dialects import decode
from rstage.notation.edits import Edit, Rewritten, rewritten
from rstage.notation.folding import fold, is_plain
from rstage.notation.repair import repaired
from rstage.reference.choices import DIALECTS, FIELDS
from tests.support.case_tables import rows

# The text, its edits, the text after them, and stretches of that with the stretches of the text before.
CASES: list[tuple[str, list[Edit], str, dict[tuple[int, int], tuple[int, int]]]] = [
    ("T2 N0", [], "T2 N0", {(0, 2): (0, 2), (3, 5): (3, 5), (2, 2): (2, 2), (5, 5): (5, 5)}),
    ("T2NO", [Edit(3, 4, "0")], "T2N0", {(2, 4): (2, 4), (3, 4): (3, 4), (0, 4): (0, 4), (4, 4): (4, 4)}),
    ("T2__N0", [Edit(2, 4, " ")], "T2 N0", {(2, 3): (2, 4), (3, 5): (4, 6), (0, 3): (0, 4), (3, 3): (4, 4)}),
    (
        "T2 (x) N0",
        [Edit(2, 6, "")],
        "T2 N0",
        {(0, 2): (0, 6), (2, 3): (6, 7), (3, 5): (7, 9), (0, 5): (0, 9)},
    ),
    ("1a", [Edit(0, 0, "T")], "T1a", {(0, 1): (0, 1), (0, 3): (0, 2), (1, 2): (0, 1), (2, 3): (1, 2)}),
    ("N0/22", [Edit(2, 5, "(0/22)")], "N0(0/22)", {(2, 8): (2, 5), (3, 4): (2, 5), (0, 8): (0, 5)}),
    ("T1 N", [Edit(4, 4, "(sn)")], "T1 N(sn)", {(3, 8): (3, 4), (4, 8): (4, 4), (8, 8): (4, 4)}),
    (
        "T1,N0,M0",
        [Edit(2, 3, " "), Edit(5, 6, "")],
        "T1 N0M0",
        {(0, 2): (0, 2), (2, 3): (2, 3), (5, 7): (6, 8)},
    ),
]


@pytest.mark.parametrize(("text", "edits", "after", "stretches"), CASES)
def test_stretches_lead_back(
    text: str, edits: list[Edit], after: str, stretches: dict[tuple[int, int], tuple[int, int]]
) -> None:
    made = rewritten(text, edits)
    assert made.text == after
    assert {span: made.span(*span) for span in stretches} == stretches


def test_a_text_without_a_change_leads_back_to_itself() -> None:
    assert Rewritten("T2 N0").span(1, 4) == (1, 4)


def assert_leads_back(text: str, made: Rewritten) -> None:
    """Each character has its place, in order, and the end is the end."""
    offsets = made.offsets
    if offsets is None:
        assert made.text == text
        return
    assert len(offsets) == len(made.text) + 1
    assert offsets == sorted(offsets)
    assert offsets[0] >= 0
    assert offsets[-1] == len(text)
    for start in range(len(made.text)):
        for end in range(start + 1, len(made.text) + 1):
            low, high = made.span(start, end)
            assert 0 <= low <= high <= len(text)
            assert low <= offsets[end - 1] <= high
    assert made.span(0, len(made.text))[1] == len(text)


TEXTS = [
    row["text"] for name in ("repaired", "rejected", "section_h", "dialects") for row in rows(f"{name}.tsv")
]


def test_every_layer_leads_back() -> None:
    for text in TEXTS:
        if len(text) > 40:
            continue
        folded = fold(text)
        assert_leads_back(text, folded)
        before = folded.text
        for layer in repaired(before, None):
            assert_leads_back(before, layer)
            before = layer.text


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_code_leads_back(dialect: str) -> None:
    for row in rows("dialects.tsv"):
        for field in FIELDS:
            for has_edition in (False, True):
                assert_leads_back(row["text"], decode(row["text"], dialect, field, has_edition=has_edition))


@given(st.text(max_size=12))
def test_any_text_that_is_folded_leads_back(text: str) -> None:
    assert_leads_back(text, fold(text))


# ---------------------------------------------------------------- characters


DASHES = "\u00ad\u058a\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d"
PLAIN = {
    **dict.fromkeys(DASHES, "-"),
    **dict.fromkeys("\u2018\u2019\u201b\u2032\u02bc\u00b4", "'"),
    **dict(zip("[]{}\u2768\u2769", "()()()", strict=True)),
    **dict.fromkeys("\u2044\u2215", "/"),
    **dict.fromkeys("\u00a0\u2002\u2003\u2009\u202f\u205f\u3000\u1680", " "),
    **dict.fromkeys("\u0085\u2028\u2029", "\n"),
    **dict(zip("\uff34\uff12\uff4e\uff08\uff09", "T2n()", strict=True)),
    **dict(zip("\u2160\u2163\u2172\ufe35", ("I", "IV", "iii", "("), strict=True)),
}


@pytest.mark.parametrize("character", PLAIN)
def test_a_character_that_says_the_same_is_made_plain(character: str) -> None:
    assert not is_plain(character)
    made = fold(f"T{character}2")
    assert made.text == f"T{PLAIN[character]}2"
    assert [(one.name, one.span, one.severity) for one in made.diagnostics] == [
        ("CHARACTER_FOLDED", (1, 2), rstage.Severity.INFO)
    ]


@pytest.mark.parametrize("character", "\u00b2\u2082\u2460\u00aa\u24c9\u00bd\u2122\u210c")
def test_a_character_that_may_say_something_else_is_refused(character: str) -> None:
    made = fold(f"T1{character}")
    assert made.text == "T1"
    assert [(one.name, one.span) for one in made.diagnostics] == [("SUPERSCRIPT", (2, 3))]


@pytest.mark.parametrize(
    ("foreign", "latin"),
    [
        *zip("АВСЕНІЈКМОРЅТХасеоріѕху", "ABCEHIJKMOPSTXaceopisxy", strict=True),  # noqa: RUF001  they look alike
        *zip("ΑΒΕΗΙΚΜΝΟΡΤΧο", "ABEHIKMNOPTXo", strict=True),  # noqa: RUF001  they look alike
    ],
)
def test_a_letter_of_another_alphabet_is_named(foreign: str, latin: str) -> None:
    made = fold(f"{foreign}2")
    assert made.text == f"{latin}2"
    assert [(one.name, one.span, one.suggestions) for one in made.diagnostics] == [
        ("LOOK_ALIKE", (0, 1), (latin,))
    ]


@pytest.mark.parametrize("text", ["T2 N0", "", "(", "a~!@#$%^&*_+|\\:;<>?,./-='\""])
def test_characters_of_ascii_stand_for_themselves(text: str) -> None:
    assert is_plain(text)
    assert fold(text) == Rewritten(text)


@pytest.mark.parametrize("character", "ñüßçΩ中")
def test_other_letters_stay(character: str) -> None:
    assert fold(character) == Rewritten(character, [0, 1], ())
