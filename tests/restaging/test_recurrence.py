"""Types of recurrence: derived part by part, stated, and as NAACCR item 1880."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

import rstage
from rstage import RecurrenceType
from rstage.model.suffixes import SITES
from rstage.reference.tsv import data_rows
from rstage.restaging.naaccr_1880 import naaccr_codes
from rstage.restaging.recurrence import contradicts, derive, stated_types, types_text

if TYPE_CHECKING:
    from collections.abc import Iterable


def restaged(
    diagnosis: str,
    assessment: str,
    *,
    event: str = "recurrence",
    recurrence: str | Iterable[str] | None = None,
) -> rstage.Restaging:
    return rstage.restage(
        rstage.Staging.parse(diagnosis), rstage.Staging.parse(assessment), event=event, recurrence=recurrence
    )


@pytest.mark.parametrize(
    ("text", "types", "findings"),
    [
        ("T0 N0 M0", "", "NO_TUMOR_FOUND"),
        ("Ta N0 M0", "local", ""),
        ("Tis N0 M0", "local", ""),
        ("T1mi N0 M0", "local", ""),
        ("T0 N1mi M0", "regional", ""),
        ("T0 N+ M0", "regional", ""),
        ("T0 N0 M1c(1)", "distant", ""),
        ("T4b N0 M0", "local", "REGIONAL_NOT_EXCLUDED"),
        ("T3-4 N0 M0", "local", "REGIONAL_NOT_EXCLUDED"),
        ("T0 N0(i+) M0", "", ""),
        ("T0 N0 M0(i+)", "", ""),
        ("T0 N0(i-) M0", "", "NO_TUMOR_FOUND"),
        ("T1-2 N1-2 M1a-b", "local+regional+distant", ""),
        ("T0-1 NX-0 M0-1", "", "T N M"),
        ("TX NX MX", "", "T N M"),
        ("M1", "distant", "T N"),
        ("pT2 pM(n/a)", "local", "N M"),
        ("rStage IV", "", "T N M"),
        ("R1", "", "T N M"),
    ],
)
def test_derived_part_by_part(text: str, types: str, findings: str) -> None:
    reading = rstage.read(text)
    assert reading.stage is not None
    found_types, found = derive(reading.stage)
    assert types_text(found_types) == types
    names = [one.message.split()[0] if one.name == "RECURRENCE_NOT_DECIDABLE" else one.name for one in found]
    assert " ".join(names) == findings
    assert {str(one.severity) for one in found} <= {"info"}


def test_the_group_alone_tells_nothing() -> None:
    assert restaged("Stage IIA", "Stage IV").recurrence == frozenset()


def test_types_are_in_order() -> None:
    assert [str(kind) for kind in RecurrenceType] == ["local", "regional", "distant"]
    assert types_text(frozenset({RecurrenceType.DISTANT, RecurrenceType.LOCAL})) == "local+distant"


@pytest.mark.parametrize(
    "stated",
    [
        "local+distant",
        " distant + local ",
        ["distant", "local"],
        [RecurrenceType.LOCAL, RecurrenceType.DISTANT],
    ],
)
def test_stated_in_any_form(stated: str | list[str]) -> None:
    assert types_text(stated_types(stated)) == "local+distant"


@pytest.mark.parametrize("stated", ["", "Smith", "local,distant", "LOCAL", ["local", "Smith"], "local+"])
def test_unknown_types_are_refused_without_being_shown(stated: str | list[str]) -> None:
    with pytest.raises(ValueError, match="local, regional, distant") as caught:
        stated_types(stated)
    assert "Smith" not in str(caught.value)
    with pytest.raises(ValueError, match="local, regional, distant"):
        restaged("T2 N0 M0", "T1 N0 M0", recurrence=stated)


def test_a_number_is_no_type() -> None:
    with pytest.raises(TypeError):
        stated_types([1])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("text", "stated", "expected"),
    [
        ("T1 N0 M0", "local", False),
        ("T1 N0 M0", "distant", True),
        ("T1 N0 M0", "local+regional", True),
        ("T4 N0 M0", "local+regional", False),
        ("T4 N0 M0", "regional", True),
        ("TX NX MX", "local+regional+distant", False),
        ("M1", "distant", False),
        ("M1", "local", True),
        ("T0-1 N0 M0", "local", False),
    ],
)
def test_contradictions(text: str, stated: str, *, expected: bool) -> None:
    assert contradicts(rstage.parse(text), stated_types(stated)) is expected


# Every code with a diagnosis and an assessment that lead to it.
TO_NAACCR: list[tuple[str, str, str, str | list[str] | None]] = [
    ("04", "pT2 pN0 cM0", "Tis N0 M0", None),
    ("06", "pTis(DCIS) pN0 cM0", "Tis(DCIS) N0 M0", None),
    ("06", "Stage 0", "Ta N0 M0", None),
    ("10", "TX NX MX", "T1 N0 M0", None),
    ("10", "ypTis ypN0 cM0", "T1 N0 M0", None),
    ("10", "Stage X", "Tis N0 M0", None),
    ("13", "pT2 pN0 cM0", "T1 N0 M0", None),
    ("13", "Stage IIA", "T1 N0 M0", None),
    ("13", "Tis N1 M0", "T1 N0 M0", None),
    ("13", "ypT1 ypN0 cM0", "T1 N0 M0", None),
    ("16", "Tis N0 M0", "T1 N0 M0", None),
    ("16", "pTa N0 M0", "T1 N0 M0", None),
    ("16", "Stage 0is", "T1 N0 M0", None),
    ("20", "pT2 pN0 cM0", "TX N1 M0", None),
    ("20", "pT2 pN0 cM0", "T0 N0 M0", "regional"),
    ("20", "TX NX MX", "T0 N1 M0", None),
    ("22", "pT2 pN0 cM0", "T0 N1 M0", None),
    ("26", "Tis N0 M0", "T0 N1 M0", None),
    ("30", "pT2 pN0 cM0", "T1 N1 M0", None),
    ("36", "Tis N0 M0", "T1 N1 M0", None),
    ("40", "pT2 pN0 cM0", "T0 N0 M1", None),
    ("40", "pT2 pN0 cM0", "T2 N0 M1", None),
    ("40", "pT2 pN0 cM0", "T0 N0 M1(ADR)", None),
    ("40", "pT2 pN0 cM0", "T0 N0 M1(OTH)", None),
    ("46", "Tis N0 M0", "T0 N0 M1(HEP)", None),
    ("51", "pT2 pN0 cM0", "T0 N0 M1(PER)", None),
    ("52", "pT2 pN0 cM0", "T0 N0 M1(PUL)", None),
    ("53", "pT2 pN0 cM0", "T0 N0 M1(PLE)", None),
    ("54", "pT2 pN0 cM0", "T0 N0 M1(HEP)", None),
    ("55", "pT2 pN0 cM0", "T0 N0 M1(OSS)", None),
    ("56", "pT2 pN0 cM0", "T0 N0 M1(BRA)", None),
    ("57", "pT2 pN0 cM0", "T0 N0 M1(SKI)", None),
    ("58", "pT2 pN0 cM0", "M1(LYM)", None),
    ("59", "pT2 pN0 cM0", "T0 N0 M1(MAR)", None),
    ("59", "pT2 pN0 cM0", "T0 N0 M1(GEN)", None),
    ("59", "pT2 pN0 cM0", "T2 N0 M1(GEN)", None),
    ("60", "pT2 pN0 cM0", "T2 N0 M1(HEP)", None),
    ("60", "pT2 pN0 cM0", "T0 N1 M1(ADR)", None),
    ("62", "pT2 pN0 cM0", "T0 N0 M1(HEP,PUL)", None),
    ("62", "pT2 pN0 cM0", "T2 N1 M1(HEP,OSS,PUL)", None),
    ("88", "pT2 pN0 cM0", "Stage IV", None),
    ("88", "pT2 pN0 cM0", "T0 N0 M0", []),
]
# The others say what T, N and M cannot (an instrument's entry, nearby tissue), or that there is no restaging.
NOT_MADE = {"00", "14", "15", "17", "21", "25", "27"}


@pytest.mark.parametrize(("code", "diagnosis", "assessment", "stated"), TO_NAACCR)
def test_to_naaccr_and_back(
    code: str, diagnosis: str, assessment: str, stated: str | list[str] | None
) -> None:
    restaging = restaged(diagnosis, assessment, recurrence=stated)
    assert rstage.recurrence_to_naaccr(restaging) == code
    back = rstage.recurrence_from_naaccr(code)
    assert back.is_recurrence
    assert back.types <= restaging.recurrence
    # The highest class wins: only distant hides others.
    assert back.types in (restaging.recurrence, {RecurrenceType.DISTANT})
    if code != "40" and len(restaging.metastatic_sites) == 1 and code < "59":
        assert restaging.metastatic_sites == back.sites or code == "46"


@pytest.mark.parametrize("assessment", ["T0 N0 M1(HEP)", "T2 N0 M0", "Stage IV", "T0 N0 M0"])
def test_naaccr_needs_a_disease_free_interval(assessment: str) -> None:
    assert rstage.recurrence_to_naaccr(restaged("T2 N0 M0", assessment, event="progression")) == "70"
    assert rstage.recurrence_to_naaccr(restaged("T2 N0 M0", assessment, event="unknown")) == "99"
    assert rstage.recurrence_from_naaccr("70").event == "progression"
    assert rstage.recurrence_from_naaccr("99").event == "unknown"


def test_every_naaccr_code_is_made_or_cannot_be() -> None:
    made = {row[0] for row in TO_NAACCR} | {"70", "99"}
    assert not made & NOT_MADE
    assert made | NOT_MADE == set(naaccr_codes())


def test_only_the_first_restaging_has_a_naaccr_code() -> None:
    restaging = restaged("T2 N0 M0", "T0 N0 M1")
    data = restaging.to_dict()
    data["link"]["previous"] = "0" * 64
    with pytest.raises(ValueError, match="first"):
        rstage.recurrence_to_naaccr(rstage.Restaging.from_dict(data))


@pytest.mark.parametrize("code", sorted(naaccr_codes()))
def test_what_a_naaccr_code_says(code: str) -> None:
    found = rstage.recurrence_from_naaccr(code)
    assert found.code == code == str(found)
    assert found.label
    assert found.is_recurrence is bool(found.types or code == "88")
    assert rstage.NaaccrRecurrence.from_dict(found.to_dict()) == found
    assert repr(found) == f"NaaccrRecurrence({code!r})"


@pytest.mark.parametrize("code", ["", "1", "01", "054", " 54", "99 ", "Smith"])
def test_unknown_naaccr_codes(code: str) -> None:
    with pytest.raises(ValueError, match="1880") as caught:
        rstage.recurrence_from_naaccr(code)
    assert "Smith" not in str(caught.value)


def test_naaccr_in_situ_family() -> None:
    first = {code for code, found in naaccr_codes().items() if found.first_in_situ}
    assert first == {"06", "16", "17", "26", "27", "36", "46"}
    assert {code for code, found in naaccr_codes().items() if found.in_situ} == {"04", "06"}


def test_every_site_has_a_naaccr_code() -> None:
    rows = data_rows("naaccr_1880_sites.tsv")
    assert sorted(row["site"] for row in rows) == sorted(SITES)
    assert {row["code"] for row in rows} <= set(naaccr_codes())


def test_the_sites_stand_in_order_and_have_one_wording_everywhere() -> None:
    assert list(SITES) == sorted(SITES)
    stage = rstage.parse("T2 N0 M1(ADR,LYM)")
    assert [words for part, _, words in stage.words() if part == "M"] == [
        "distant metastasis; value 1; adrenal gland, distant lymph nodes"
    ]


@pytest.mark.parametrize(
    "name", ["metastatic_sites.tsv", "naaccr_1880_sites.tsv", "in_situ.tsv", "restaging_editions.tsv"]
)
def test_every_line_of_a_table_has_its_source(name: str) -> None:
    assert all(re.search(r"\w", row["source"]) for row in data_rows(name))


@pytest.mark.parametrize(
    ("diagnosis", "codes"),
    [
        *((f"Stage {value}", ("13", "04", "22")) for value in ("I", "IIA", "III", "IVB")),
        *((value, ("16", "06", "26")) for value in ("Stage 0", "Stage 0is")),
        *((value, ("10", "10", "20")) for value in ("ypStage I", "ypStage 0", "Stage X", "Stage I-II")),
        ("T2 Stage 0", ("13", "04", "22")),
    ],
)
def test_whether_the_group_at_diagnosis_was_in_situ(diagnosis: str, codes: tuple[str, ...]) -> None:
    assessments = ("T2 N0 M0", "Tis N0 M0", "T0 N1 M0")
    made = [
        rstage.recurrence_to_naaccr(restaged(diagnosis, text, event="recurrence")) for text in assessments
    ]
    assert tuple(made) == codes
