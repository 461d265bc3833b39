"""Mode repair: what it reads beyond mode standard, that it says so, and that it never makes or loses an r."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rstage
from rstage import rules
from rstage.diagnostics import Rule, Severity
from rstage.model.category import Timing
from tests.support.case_tables import cases, options, rows
from tests.support.readings import assert_codes, canonical

if TYPE_CHECKING:
    from rstage.reference.choices import FieldName, Mode

# By the codes of changes: a text that is canonical has none of them.
CHANGES_OF_A_TEXT = ("RS1", "RS2")


def repair(row: dict[str, str]) -> rstage.Reading:
    return rstage.read(row["text"], **options(row["options"]), mode="repair")


def standard(row: dict[str, str]) -> rstage.Reading:
    return rstage.read(row["text"], **options(row["options"]))


def guesses(reading: rstage.Reading) -> set[str]:
    """The codes of the findings by which a reading says that it guessed."""
    return {
        found.code
        for found in reading.diagnostics
        if found.code.startswith("RS2") and found.severity is Severity.WARNING
    }


def suggestions(reading: rstage.Reading) -> set[str]:
    return {text for found in reading.diagnostics for text in found.suggestions}


def has_r(stage: rstage.Stage) -> bool:
    parts = [stage.t, stage.n, stage.m, stage.group]
    return any(part is not None and Timing.RECURRENCE in part.timing for part in parts)


@pytest.mark.parametrize("row", cases("repaired.tsv", "row", "text", "options"))
def test_repaired(row: dict[str, str]) -> None:
    plain, repaired = standard(row), repair(row)
    found = canonical(repaired)
    allowed = {row["canonical"].removeprefix("?"), ""} if row["canonical"][:1] == "?" else {row["canonical"]}
    assert found in allowed
    assert_the_findings_are_those_of_the_line(row, repaired)
    assert_standard_suggests_what_repair_reads(row, plain, repaired)
    assert_sound(row["text"], plain, repaired, field=options(row["options"]).get("field"))
    assert_parse_does_not_raise_for_a_guess(row, repaired)
    if "r" not in row["text"].lower():
        assert not any(map(has_r, repaired.stages))


def assert_the_findings_are_those_of_the_line(row: dict[str, str], repaired: rstage.Reading) -> None:
    assert_codes(row["codes"], repaired.diagnostics)
    assert repaired.ok is not any(one.severity is Severity.ERROR for one in repaired.diagnostics)


def assert_standard_suggests_what_repair_reads(
    row: dict[str, str], plain: rstage.Reading, repaired: rstage.Reading
) -> None:
    if row["suggestion"]:
        assert not plain.ok
        assert set(row["suggestion"].split(" | ")) <= suggestions(plain)
    if row["canonical"].strip("?") and not plain.ok and repaired.stage is not None:
        assert str(repaired.stage) in suggestions(plain)


def assert_parse_does_not_raise_for_a_guess(row: dict[str, str], repaired: rstage.Reading) -> None:
    given_options = options(row["options"])
    if repaired.stage is None:
        with pytest.raises(rstage.NotationError):
            rstage.parse(row["text"], **given_options, mode="repair")
    else:
        assert rstage.parse(row["text"], **given_options, mode="repair") == repaired.stage


def assert_sound(
    text: str, plain: rstage.Reading, repaired: rstage.Reading, *, field: FieldName | None = None
) -> None:
    """Spans lie in the text, a repair says that it is one, and what was repaired needs no second repair."""
    for found in (*plain.diagnostics, *repaired.diagnostics):
        assert 0 <= found.span[0] <= found.span[1] <= len(text)
    if plain.ok:
        assert repaired.stages == plain.stages
    elif repaired.ok:
        assert guesses(repaired)
    for stage in repaired.stages:
        again = rstage.read(str(stage), field=field)
        assert again.stage == stage
        assert not [found for found in again.diagnostics if found.code.startswith(CHANGES_OF_A_TEXT)]


@pytest.mark.parametrize("name", ["accepted.tsv", "section_h.tsv", "section_i.tsv"])
def test_repair_reads_what_standard_reads(name: str) -> None:
    read_by_standard = [row for row in rows(name) if row["canonical"] and "mode=" not in row["options"]]
    assert len(read_by_standard) > 20
    for row in read_by_standard:
        assert repair(row).stages == standard(row).stages, row["text"]


def test_every_repair_has_a_line() -> None:
    known = [rule for rule in vars(rules).values() if isinstance(rule, Rule)]
    repairs = {rule.name for rule in known if rule.name.endswith("_REPAIRED")}
    repairs |= {"COMMENT_SKIPPED", "LETTER_ADDED", "AMBIGUOUS_GLUED_PREFIX"}
    assert repairs <= {name for row in rows("repaired.tsv") for name in row["codes"].split()}


def test_no_text_stands_twice() -> None:
    keys = [(row["text"], row["options"]) for row in rows("repaired.tsv")]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    "text",
    [
        "M1 (seen by Dr. Meyer)",
        "pT2 (Meyer) pN0",
        "PT2 PN1 CM0 (MEYER)",
        "t2 n0 m1 (meyer)",
        "pN1 (2/17 ganglios, Meyer)",
        "pN0 (i-, sn, Meyer)",
        "T2_N0 (Meyer)",
        "T2 (Meyer T3)",
        "Meyer_T2_N0",
    ],
)
@pytest.mark.parametrize("mode", ["standard", "repair"])
def test_a_name_in_a_comment_is_never_shown(text: str, mode: Mode) -> None:
    reading = rstage.read(text, mode=mode)
    shown = [repr(reading), *(f"{found} {found!r} {found.to_dict()}" for found in reading.diagnostics)]
    assert "meyer" not in " ".join(shown).lower()
    assert "meyer" not in " ".join(map(str, reading.stages)).lower()


# ---------------------------------------------------------------- random edits of good texts

GOOD = [
    "T2 N0 M0",
    "pT2 pN1 cM0",
    "cT1c cN0 cM0",
    "ypT1a ypN0(i+)(sn) cM0",
    "Tis(DCIS) N0",
    "pT2(m) pN1a(2/15) M1(HEP)",
    "T2 N0 M0 Stage IIA",
    "pT3bG3 N0 L0 V0",
    "T1miN0M0",
    "T3-4 N2b M1c",
    "aT2 aN0",
    "Stage 0",
]
RECURRENT = [
    "rT2 N0 M0",
    "rpT2 pN1 cM0",
    "rcT3 N1 M0",
    "rypT1a N0(i+) M0",
    "rTis N0 M0",
    "rT2N0M0",
    "rpT2pN1M0",
    "rT2 rN0 rM0",
    "rT3-4 N2b M1(PUL)",
]
CHANGES = [str.upper, str.lower, lambda text: text.replace("0", "O"), lambda text: text.replace(" ", "_")]


@st.composite
def edited(draw: st.DrawFn, good: list[str], letters: str) -> str:
    """Draw a good text, change its case or its zeros, and put letters and brackets into it."""
    text = draw(st.sampled_from(good))
    for change in draw(st.lists(st.sampled_from(CHANGES), max_size=2)):
        text = change(text)
    for piece in draw(st.lists(st.sampled_from([*letters, "(", ")", "(x)", "(see note)"]), max_size=3)):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + piece + text[at:]
    if draw(st.booleans()):
        low = draw(st.integers(0, len(text)))
        high = draw(st.integers(low, len(text)))
        text = text[:low] + "(" + text[low:high] + ")" + text[high:]
    if draw(st.booleans()):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + text[at:].swapcase()
    return text


def repaired_text(text: str) -> rstage.Reading:
    repaired = rstage.read(text, mode="repair")
    assert_sound(text, rstage.read(text), repaired)
    return repaired


@given(edited(GOOD, "acpuymTNMOo0123eiIlSX"))
def test_edits_never_make_an_r(text: str) -> None:
    assert not any(map(has_r, repaired_text(text).stages))


@given(edited(RECURRENT, "acpuymTNMOo0123eiIlSXrR"))
def test_edits_never_lose_the_r(text: str) -> None:
    reading = repaired_text(text)
    # R and a digit, X or O is residual tumor (rows 56 to 58): an edit can make one of the prefix.
    is_residual = re.search("R *[0-9OoXx]", text) is not None
    assert not reading.ok or is_residual or any(map(has_r, reading.stages))


@given(st.text(alphabet="rRyaAcCpPTtNnMm0oO123isIxX(), ._/-\u0422\u0440\u0433", max_size=14))
def test_random_texts_never_raise(text: str) -> None:
    for stage in repaired_text(text).stages:
        assert not has_r(stage) or "r" in text.lower()


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("M1 (4 herde)", "M1"),
        ("pM1b(2 herde)", "pM1b"),
        ("T2 (4 herde) N0", ""),
        ("N1 (2 herde)", ""),
        ("M0 (2 herde)", ""),
    ],
)
def test_a_number_in_a_remark_is_harmless_behind_metastases_alone(text: str, made: str) -> None:
    assert str(rstage.read(text, mode="repair")) == made


@pytest.mark.parametrize(
    "text", ["NO evidence of tumor", "No evidence", "pT3 N1. NO evidence", "T3 No evidence M0"]
)
def test_the_word_no_is_no_zero(text: str) -> None:
    assert suggestions(rstage.read(text)) == set()
    assert suggestions(rstage.read("T2 NO")) == {"N0", "T2 N0"}


@pytest.mark.parametrize(
    ("text", "made"),
    [("T2 N0/22", "T2 N0(0/22)"), ("T2 N0/2", "T2 N0-2"), ("T2 N0/3", "T2 N0-3"), ("T2 N0/07", "T2 N0(0/7)")],
)
def test_a_number_behind_n0_is_one_of_nodes_where_no_value_is_meant(text: str, made: str) -> None:
    assert str(rstage.read(text, mode="repair")) == made
