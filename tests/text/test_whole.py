"""A part of a staging is never passed on as the whole (ruling J.25)."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rstage
from rstage import Mention, find
from rstage.reference.tsv import data_rows
from tests.support.case_tables import cases

if TYPE_CHECKING:
    from rstage.reference.choices import Mode

# Nothing in these changes the stage; the others could be another value, a limit, a doubt or a timing.
HARMLESS = (
    *(
        " (two blocks examined)",
        " (see comment)",
        " (größter Durchmesser 2,3 cm)",
        "(infiltration der Serosa)",
    ),
    *(" (max. 3 cm)", " (SE)", " (envahissement de la graisse)"),
)
HARMFUL = ("?", " (r)", " (or 3)", " (at least)", " (rezidiv)", " (fraglich)")
PREFIXES = (
    *(("p", "p", "c"), ("rp", "p", "c"), ("", "", "")),
    *(("yp", "yp", ""), ("c", "c", "c"), ("r", "r", "r")),
)
SEPARATORS = (" ", ", ")
MODES: tuple[Mode, ...] = ("standard", "repair")


@pytest.mark.parametrize("row", cases("find_refused.tsv", "what", "text"))
def test_no_stage_is_found_where_not_all_is_understood(row: dict[str, str]) -> None:
    assert [one.stage for one in find(row["text"]) if one.stage is not None] == []


DOUBTS = sorted(
    {
        word.replace("*", "")
        for row in data_rows("remark_words.tsv")
        if row["kind"] in ("denial", "doubt", "limit")
        for word in row["words"].split("|")
    }
)


@pytest.mark.parametrize("word", DOUBTS)
def test_a_word_of_doubt_in_a_bracket_leaves_no_stage(word: str) -> None:
    for written in (f"cT3 ({word}) cN1 cM0", f"cT3 cN1 ({word}) cM0", f"cT3 cN1 cM1 ({word} HEP)"):
        assert [one.stage for one in find(written)] == [None], written


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("remark", [*HARMLESS, *HARMFUL])
def test_a_remark_behind_any_category_never_makes_a_part_of_a_staging(
    remark: str, separator: str, mode: Mode
) -> None:
    for prefixes, place in product(PREFIXES, range(3)):
        categories = [f"{prefix}{value}" for prefix, value in zip(prefixes, ("T2", "N1", "M0"), strict=True)]
        whole = rstage.read(separator.join(categories)).stage
        categories[place] += remark
        written = separator.join(categories)
        (mention,) = find(f"Report of the day: {written} and follow-up.", mode=mode)
        if remark in HARMLESS:
            assert mention.stage == whole, written
            assert "RS224" in {one.code for one in mention.reading.diagnostics}, written
            assert mention.text == written
        elif mention.stage is not None:
            # A timing that the staging has already says nothing new.
            assert mention.stage == whole, written
            assert (remark, place, "r" in prefixes[0]) == (" (rezidiv)", 2, True)
        else:
            assert mention.text == written
            assert mention.reading.stages == ()


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Result pT2 pN1 (r).", "pT2 pN1 (r)"),
        ("Result T2 N0 M0 r, resected.", "T2 N0 M0 r"),
        ("Result r(pT2 pN1).", "r(pT2 pN1)"),
        ("Result pT2 (r) pN1.", "pT2 (r) pN1"),
        ("Result (pT2 pN1) (r).", "pT2 pN1) (r)"),
        ("Result cT1c r and cN2b.", "cT1c r and cN2b"),
        ("Result pT2 r | pN0.", "pT2 r | pN0"),
        ("Result rpT2 L1 (r) V0.", "rpT2 L1 (r) V0"),
    ],
)
@pytest.mark.parametrize("mode", MODES)
def test_an_r_behind_or_around_is_never_lost(text: str, written: str, mode: Mode) -> None:
    assert [(one.text, one.stage) for one in find(text, mode=mode)] == [(written, None)]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("T2 lesion, N1, M0", ["T2 lesion, N1, M0"]),
        ("pT2a pNX,\nM1 r", ["pT2a pNX,\nM1 r"]),
        ("r(cT4b, \nN1a: cM1)", ["r(cT4b, \nN1a: cM1"]),
        ("A lesion (pT2) with positive nodes (pN1a)", ["pT2) with positive nodes (pN1a"]),
        ("cT4, possibly cN2, cM0", ["cT4, possibly cN2, cM0"]),
        ("cT3-4a, any N, M0", ["cT3-4a, any N, M0"]),
        ("cT2-4a, N-/+, M0", ["cT2-4a, N-/+, M0"]),
        ("pT1a & b", ["pT1a & b"]),
        ("T2, N1 or N2, M0", ["T2, N1 or N2, M0"]),
        ("pT3N1M0 (4/12)", ["pT3N1M0 (4/12)"]),
        ("at least T3 N1", ["at least T3 N1"]),
        ("?T2 N1 M0", ["?T2 N1 M0"]),
        ("pT2 (oder pT3) pN0 cM0", ["pT2 (oder pT3) pN0 cM0"]),
        ("cT2 bzw. cT3, cN0", ["cT2 bzw. cT3, cN0"]),
        ("pT2 (pT3?) pN0", ["pT2 (pT3?) pN0"]),
        ("pT2 pN0 (pN1)", ["pT2 pN0 (pN1)"]),
        ("cT3 (almeno) cN1", ["cT3 (almeno) cN1"]),
        ("cT2 cN1 (nach Chemotherapie) cM0", ["cT2 cN1 (nach Chemotherapie) cM0"]),
        ("pT2 (vermutlich) pN1", ["pT2 (vermutlich) pN1"]),
        ("pT2 or so, pN1, M0", ["pT2 or so, pN1, M0"]),
        ("pT2 ... pN1 M0", ["pT2 ... pN1 M0"]),
        ("pT2 N1 M1(HEP)?", ["pT2 N1 M1(HEP)?"]),
        ("pT2(m)? N0", ["pT2(m)? N0"]),
        ("T1 #2 N0 = cM0", ["T1 #2 N0 = cM0"]),
        ("pT2, pN1 'M0", ["pT2, pN1 'M0"]),
        ("T3 vs T4 N1", ["T3 vs T4 N1"]),
        ("stages II and III", ["stages II and III"]),
        ("pT2 pN0 M0 (recurrence)", ["pT2 pN0 M0 (recurrence)"]),
        ("pT(m)2 is the tumor, pN0 the nodes", ["pT(m)2 is the tumor, pN0"]),
    ],
)
def test_what_is_not_understood_makes_a_mention_without_a_stage(text: str, written: list[str]) -> None:
    found = list(find(f"Report: {text}, done."))
    assert [one.text for one in found if one.stage is None] == [one.text for one in found]
    assert [one.text[: len(start)] for one, start in zip(found, written, strict=True)] == written
    for one in found:
        assert Mention.from_dict(one.to_dict()) == one


@pytest.mark.parametrize("text", ["T1MI N0 M1", "pT2 pN0/22 cM0", "PT2 NO MX", "(r)T2 N0 M0", "T10 N0 M0"])
def test_what_holds_no_category_of_its_own_is_not_found_in_part(text: str) -> None:
    assert not list(find(f"Filed as {text} by mistake."))


@pytest.mark.parametrize(
    ("text", "canonical"),
    [("T1MI N0 M1", "T1mi N0 M1"), ("pT3 pNOMX", "pT3 pN0 MX"), ("pT2 pN0/22 cM0", "pT2 pN0(0/22) cM0")],
)
def test_mode_repair_finds_it_whole(text: str, canonical: str) -> None:
    assert [str(one) for one in find(f"Filed as {text} by mistake.", mode="repair")] == [canonical]


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        # Another timing, the same letter again, a choice, another event.
        ("pT2 pN0 was found, rM1 later", ["pT2 pN0", "rM1"]),
        # A clinical T and a pathological N: of one staging, or of two.
        ("cT3 was seen, pN1 was found", [""]),
        ("left breast pT2, right breast pT1 pN0", ["pT2", "pT1 pN0"]),
        ("pT2 2015, Lokalrezidiv cM1", ["pT2", "cM1"]),
        ("cT2. The nodes are cN1", ["cT2", "cN1"]),
        ("pT2\n\npN1", ["pT2", "pN1"]),
        ("pT2\nSecond tumor: colon\npN: pN0", ["pT2", "pN0"]),
        # Lines of which nobody knows whose they are, and labels of a tumor before N.
        ("pT2\nTumor B: 2 cm\npN: pN0", [""]),
        ("pT2\nSpecimen B: lymph nodes\npN: pN0", [""]),
        ("pT2 and the tumor pN1", [""]),
        ("pT2\nTumor size: 2,3 cm\npN: pN0", ["pT2 pN0"]),
    ],
)
def test_what_cannot_be_one_staging_is_not_made_one(text: str, canonical: list[str]) -> None:
    assert [str(one) for one in find(text)] == canonical


DESCRIPTORS = "TNM Descriptors{}\nSite: colon\nPrimary Tumor (pT): pT2\nRegional Lymph Nodes (pN)\n  pN1a\n"


@pytest.mark.parametrize(
    ("descriptors", "canonical"),
    [
        (": r (recurrent)", "rpT2 rpN1a"),
        (": y (post-neoadjuvant therapy)", "ypT2 ypN1a"),
        (": r", "rpT2 rpN1a"),
        (": Not applicable", "pT2 pN1a"),
        # A form in which nothing is chosen gives no timing, and which it is is not known (ruling J.2).
        (": m (multiple), r (recurrent), y (post-treatment)", ""),
        (": ___ r (recurrent)", ""),
        (": [ ] r (recurrent)", ""),
    ],
)
@pytest.mark.parametrize("mode", MODES)
def test_descriptors_above_the_lines_of_a_report_are_those_of_its_staging(
    descriptors: str, canonical: str, mode: Mode
) -> None:
    assert [str(one) for one in find(DESCRIPTORS.format(descriptors), mode=mode)] == [canonical]


# ---------------------------------------------------------------- whatever stands between

WORDS = st.sampled_from(
    [
        *("pT2", "T3", "cT1c", "rpT2", "N1", "pN0", "cN2b", "M0", "cM1", "ypT0", "ypN1"),
        *("(multifokal)", "(r)", "(?)", "(2/14)", "(2,3 cm)", "?", "r", "lesion", "and", "or", "nodes"),
        *("G2", "R0", "Stage IIB", "resected", "with", "no", "after", "then", "seen;", "in", "the"),
    ]
)
# Behind a lone r a category has another timing.
_CATEGORY = re.compile(r"(?<![\w/'-])(?<!r )([ryacpu]{0,4})([TNM])[0-4][a-d]?(?![\w/-])")


@settings(max_examples=400)
@given(st.lists(WORDS, min_size=1, max_size=10), st.sampled_from(MODES))
def test_no_category_of_the_sentence_is_left_beside_a_stage(words: list[str], mode: Mode) -> None:
    """What stands beside a stage and could be of it repeats a letter, differs, or a word parts it."""
    text = " ".join(words)
    mentions = list(find(text, mode=mode))
    spans = [one.span for one in mentions]
    for one in mentions:
        if one.stage is None or not one.stage.categories:
            continue
        for match in _CATEGORY.finditer(text):
            is_inside = any(start <= match.start() < end for start, end in spans)
            if not match[1] or (is_inside and not _is_alone(match.start(), mentions)):
                continue
            if re.search(r"\(r\) (?:\S+ ){0,5}$", text[: match.start()]):
                continue  # of a staging that is not found for the letter before it
            start, end = sorted((match.span(), one.span))
            between = text[start[1] : end[0]]
            is_parted = re.search(r"\b(?:or|after|then|r)\b", between) or _CATEGORY.search(between)
            assert is_parted or _differs(one, match), (text, one.text, match[0])


def _is_alone(place: int, mentions: list[Mention]) -> bool:
    """Return whether a category was found with a stage and no other category beside it."""
    return any(
        one.span[0] <= place < one.span[1] and one.stage is not None and len(one.stage.categories) == 1
        for one in mentions
    )


def _differs(one: Mention, match: re.Match[str]) -> bool:
    """Return whether a category cannot be of the staging of a mention: its letter, timing or method."""
    assert one.stage is not None
    if match[2] in {category.letter for category in one.stage.categories}:
        return True
    timing, own = set(match[1]) & set("rya"), {str(said) for said in one.stage.timing}
    is_before = match.start() < one.span[0]
    first, later = (timing, own) if is_before else (own, timing)
    methods = {category.letter: category.method for category in one.stage.categories}
    other = methods.get("N" if match[2] == "T" else "T")
    is_mixed = match[2] != "M" and other is not None and match[1][-1] in "cpu" and match[1][-1] != str(other)
    return bool(later and later != first) or is_mixed
