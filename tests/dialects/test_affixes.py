"""What another column adds to a text: a suffix once, and one that contradicts it is an error."""

from __future__ import annotations

import pytest

from rstage import rules
from rstage.dialects.affixes import Affixes, affixed


@pytest.mark.parametrize(
    ("text", "field", "suffix", "made"),
    [
        ("N1", "N", "(sn)", "N1(sn)"),
        ("N1(sn)", "N", "(sn)", "N1(sn)"),
        ("N1sn", "N", "(sn)", "N1sn"),
        ("N1 (sn)", "N", "(sn)", "N1 (sn)"),
        ("T2", "T", "(m)", "T2(m)"),
        ("T2(m)", "T", "(m)", "T2(m)"),
        ("N1(3/5)", "N", "(f)", "N1(3/5)(f)"),
        ("T2 ", "T", "(m)", "T2(m) "),
    ],
)
def test_a_suffix_is_added_once(text: str, field: str, suffix: str, made: str) -> None:
    found = affixed(text, field, Affixes(suffixes=(suffix,)))
    assert (found.text, found.diagnostics) == (made, ())


@pytest.mark.parametrize(
    ("text", "field", "suffix", "written"),
    [("N1(sn)", "N", "(f)", "(sn)"), ("T2(3)", "T", "(m)", "(3)"), (" T2(5,is)", "T", "(m)", "(5,is)")],
)
def test_two_suffixes_that_exclude_each_other_are_an_error(
    text: str, field: str, suffix: str, written: str
) -> None:
    found = affixed(text, field, Affixes(suffixes=(suffix,)))
    (one,) = found.diagnostics
    assert (found.text, one.code, one.span) == (text, rules.SUFFIX_CONTRADICTS.code, (0, len(text)))
    assert written in one.message
    assert suffix in one.message


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("IIA", "pIIA"),
        ("Stage IIA", "pStage IIA"),
        ("2B", "p2B"),
        ("occult", "pStage occult"),
        ("pIIA", "pIIA"),
    ],
)
def test_a_group_that_is_a_word_gets_the_word_stage_before_it(text: str, made: str) -> None:
    assert affixed(text, "group", Affixes(prefix="p")).text == made


def test_what_stands_behind_a_suffix_that_is_there_is_looked_at_too() -> None:
    found = affixed("N1(sn)", "N", Affixes(suffixes=("(sn)", "(f)")))
    assert [one.code for one in found.diagnostics] == [rules.SUFFIX_CONTRADICTS.code]
    assert affixed("T2(m)", "N", Affixes(suffixes=("(m)", "(f)"))).text == "T2(m)(f)"
