"""What an edition does not have is found where the edition is written, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

import rstage
from rstage import rules
from rstage.model.suffixes import Suffixes
from rstage.reference import editions
from rstage.reference.topography import code_range, overlap, pattern_ranges
from rstage.reference.vocabulary import exists, split
from tests.support.case_tables import cases

NAMES = list(Suffixes.__dataclass_fields__)


@pytest.mark.parametrize("case", cases("editions.tsv", "text", "site", "date"))
def test_findings_about_editions(case: dict[str, str]) -> None:
    staging = rstage.Staging.parse(case["text"], site=case["site"] or None, date=case["date"] or None)
    found = {one.code for one in staging.diagnostics}
    assert " ".join(sorted(found)) == case["codes"]


def test_an_edition_that_is_given_counts_as_one_that_is_written() -> None:
    assert [one.code for one in rstage.read("Tis(LCIS)", edition="8").diagnostics] == ["RS328"]
    assert [one.code for one in rstage.read_parts(M="M1c1", edition="AJCC 8").diagnostics] == ["RS328"]


def test_the_finding_stands_on_its_category() -> None:
    (found,) = rstage.read("T2 N0 M1c1 (AJCC 8)").diagnostics
    assert found.span == (6, 10)
    assert found.message == "edition 8 has no M1c1 or M1c2: that is for editions from 9 on"


@pytest.mark.parametrize(("edition", "is_read"), [("6", True), ("7", False), (None, False)])
def test_n4_is_refused_outside_of_old_editions(edition: str | None, is_read: bool) -> None:
    reading = rstage.read("T2 N4", edition=edition)
    assert reading.ok is is_read
    assert is_read or rules.N4_WITHOUT_OLD_EDITION.code in [one.code for one in reading.diagnostics]


def test_the_chapter_is_checked_for_the_r_form_too() -> None:
    diagnosis = rstage.Staging.parse("T2 N0 M0", site="C34.1", date="2020")
    assessment = rstage.Staging.parse("T3 N0 M0 (AJCC 9)", date="2023")
    assert "RS329" in [one.code for one in rstage.restage(diagnosis, assessment).diagnostics]


@pytest.mark.parametrize("change", editions.changes(), ids=lambda change: change.name)
def test_every_line_says_what_can_be_found(change: editions.Change) -> None:
    assert change.kind in editions.Kind
    assert change.first is None or change.last is None
    assert (change.year > 0) == (change.letters == "")
    assert change.suffix in ("", *NAMES)
    assert all(exists(letter, *split(letter, text)) for letter in change.letters for text in change.values)
    if not change.letters:
        assert change.first == editions.NUMBERED


@pytest.mark.parametrize(
    ("site", "span"),
    [("C50.1", (501, 501)), (" c501 ", (501, 501)), ("C50", (500, 509)), ("C5", None), ("C50.11", None)],
)
def test_topography_codes(site: str, span: Any) -> None:
    assert code_range(site) == span


@pytest.mark.parametrize(
    ("pattern", "spans"),
    [
        ("C50", [(500, 509)]),
        ("C50.1-C50.6", [(501, 506)]),
        ("C18, c199", [(180, 189), (199, 199)]),
        ("C07-C08", [(70, 89)]),
        ("C5", [(500, 599)]),
        ("C500-C506,C508-C509", [(500, 506), (508, 509)]),
    ],
)
def test_topography_patterns(pattern: str, spans: list[tuple[int, int]]) -> None:
    assert list(pattern_ranges(pattern)) == spans


@pytest.mark.parametrize(
    "pattern",
    ["", "50", "C50-C40", "C50-C51-C52", "C50,", "breast", "C50.12", "C\u0665\u0660"],
)
def test_a_pattern_that_makes_no_sense(pattern: str) -> None:
    with pytest.raises(ValueError, match="topography"):
        pattern_ranges(pattern)


def test_a_site_without_its_last_digit_can_be_each_of_them() -> None:
    assert overlap((500, 509), ((501, 501),))
    assert not overlap((500, 500), ((501, 509),))
