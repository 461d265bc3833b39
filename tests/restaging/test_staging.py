"""Stagings: what makes one, what it hides, partial dates, and M1 against the primary site."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import pickle
from typing import Any

import pytest

import rstage
from rstage import rules
from rstage.restaging.staging import (
    certainly_before,
    check_against_site,
    is_same_site,
    partial_date,
    site_counts,
)

FULL: dict[str, Any] = {"tumor_id": "T1", "site": "C18.7", "date": "2019-03-02", "id": "S1"}


def staging(text: str = "cT2 cN0 cM0", **fields: Any) -> rstage.Staging:
    return rstage.Staging.parse(text, **fields)


def names(found: tuple[rstage.Diagnostic, ...]) -> list[str]:
    return [one.name for one in found]


def test_parse_keeps_text_and_fields() -> None:
    made = staging("cT2N0M0", edition="8", **FULL)
    assert str(made.stage) == "cT2 N0 M0 (edition 8)"
    assert made.text == "cT2N0M0"
    assert (made.date, made.id, made.site, made.tumor_id) == made.circumstances
    assert made.circumstances == ("2019-03-02", "S1", "C18.7", "T1")


def test_of_takes_what_was_read_in_parts() -> None:
    made = rstage.Staging.of(rstage.read_parts(T="cT2", N="cN0"), date="2019")
    assert str(made) == "cT2 cN0"
    assert made.text == "cT2 cN0"


def test_warnings_are_kept_and_do_not_raise() -> None:
    made = staging("T2cN0")
    assert names(made.diagnostics) == ["AMBIGUOUS_GLUED_PREFIX"]


def test_errors_raise_with_every_finding() -> None:
    with pytest.raises(rstage.NotationError) as caught:
        staging("pT5 pN9")
    assert caught.value.diagnostics == rstage.read("pT5 pN9").diagnostics


def test_several_stagings_raise() -> None:
    with pytest.raises(rstage.NotationError) as caught:
        staging("cT3N1M0, ypT1N0M0")
    assert caught.value.diagnostics[-1].code == rules.ONE_STAGE_NEEDED.code


def test_the_text_counts_for_equality_and_the_findings_do_not() -> None:
    assert staging("cT2N0") != staging("cT2 N0")
    assert staging("cT2N0").stage == staging("cT2 N0").stage
    plain = staging("T2cN0")
    assert plain == dataclasses.replace(plain, diagnostics=())
    assert hash(plain) == hash(dataclasses.replace(plain, diagnostics=()))


def test_a_staging_is_frozen() -> None:
    made = staging(**FULL)
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.date = "2020"  # type: ignore[misc]
    with pytest.raises((AttributeError, TypeError)):
        made.comment = "x"  # type: ignore[attr-defined]


def test_repr_shows_the_stage_and_nothing_else() -> None:
    made = staging(tumor_id="SECRET", site="Sigma", date="2019-03-02", id="77-1234")
    assert repr(made) == "Staging('cT2 cN0 cM0')"
    assert "liver" in str(staging("pT2 R1(left liver lobe)"))
    assert "liver" not in repr(staging("pT2 R1(left liver lobe)"))


def test_dictionary_json_and_pickle() -> None:
    made = staging("T2cN0", **FULL)
    data = json.loads(json.dumps(made.to_dict()))
    again = rstage.Staging.from_dict(data)
    assert again == made
    assert again.diagnostics == made.diagnostics
    assert pickle.loads(pickle.dumps(made)) == made  # noqa: S301  what this test pickled itself


def test_a_blank_id_or_site_is_none() -> None:
    assert staging(tumor_id=" ", site="", id="\t").circumstances == (None, None, None, None)


@pytest.mark.parametrize("name", ["tumor_id", "site", "id"])
def test_a_number_is_no_id(name: str) -> None:
    with pytest.raises(TypeError):
        staging(**{name: 17})  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["tumor_id", "site", "id"])
def test_a_lone_surrogate_is_refused_without_being_shown(name: str) -> None:
    with pytest.raises(ValueError, match="UTF-8") as caught:
        staging(**{name: "M\udcfcller"})
    assert "ller" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2019", "2019"),
        ("2019-03", "2019-03"),
        ("2020-02-29", "2020-02-29"),
        (dt.date(2019, 3, 2), "2019-03-02"),
        (dt.datetime(2019, 3, 2, 23, 59, tzinfo=dt.UTC), "2019-03-02"),
        (dt.date(33, 4, 3), "0033-04-03"),
        (None, None),
    ],
)
def test_dates(given: object, expected: str | None) -> None:
    assert partial_date(given) == expected


@pytest.mark.parametrize(
    "given",
    [
        *("", " ", "2019-3", "2019-13", "2019-00", "2019-02-29", "2019-04-31", "2019-03-02T10:00", "0000"),
        *("20190302", "02.03.2019", "2019-03-02 ", "2019\n", "٢٠١٩", "19", 2019, 2019.5, b"2019"),
    ],
)
def test_what_is_no_date_is_refused_without_being_shown(given: object) -> None:
    with pytest.raises(ValueError, match="YYYY-MM-DD") as caught:
        partial_date(given)
    assert "2019" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("2018", "2019", True),
        ("2019", "2019", False),
        ("2019", "2019-03", False),
        ("2019-03", "2019", False),
        ("2018-12-31", "2019", True),
        ("2019-02", "2019-03-02", True),
        ("2019-03-01", "2019-03-02", True),
        ("2019-03", "2019-03-02", False),
        ("2020", "2019-03", False),
        (None, "2019", False),
        ("2019", None, False),
    ],
)
def test_certainly_before(first: str | None, second: str | None, *, expected: bool) -> None:
    assert certainly_before(first, second) is expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("C18.7", " c187 ", True),
        ("C18", "c18", True),
        ("C18.7", "C18.9", False),
        ("Sigma", "SIGMA", True),
        ("st. 1", "st 1", False),
    ],
)
def test_same_site(first: str, second: str, *, expected: bool) -> None:
    assert is_same_site(first, second) is expected


@pytest.mark.parametrize(
    ("text", "site", "warns"),
    [
        ("M1 Stage II", "C18.7", True),
        ("M1 Stage III", "c187", True),
        ("M1a Stage IIIC", " C50 ", True),
        ("M1 Stage IV", "C18.7", False),
        ("M0 Stage III", "C18.7", False),
        ("M1 Stage II-III", "C18.7", False),
        ("M1 Stage III", None, False),
        ("M1 Stage III", "thyroid gland", False),
        ("M1 Stage II", "C73.9", False),
        ("M1 Stage II", "c739", False),
        ("M1 Stage III", "C62", False),
        ("M1 Stage III", "C58.9", False),
    ],
)
def test_m1_against_the_site(text: str, site: str | None, *, warns: bool) -> None:
    expected = [rules.M1_WITH_STAGE_II_OR_III.code] * warns
    assert [found.code for found in check_against_site(rstage.parse(text), site)] == expected
    found = [one.code for one in staging(text, site=site).diagnostics]
    assert (rules.M1_WITH_STAGE_II_OR_III.code in found) is warns


def test_why_a_text_is_no_staging_is_said_in_the_end() -> None:
    with pytest.raises(rstage.NotationError) as caught:
        staging("cT3 N1 M0, ypT1 N0 M0")
    last = caught.value.diagnostics[-1]
    assert (last.code, last.span) == ("RS407", (0, 21))
    assert last.message == "text holds several stagings, and restaging needs one"
    with pytest.raises(rstage.NotationError) as refused:
        staging("cT3 N9")
    assert "RS407" not in [one.code for one in refused.value.diagnostics]


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("T2 N0", False),
        ("M1", False),
        ("T2 N0 Stage II", False),
        ("M1 Stage II", True),
        ("M0 Stage II", True),
        ("T2 (AJCC 8)", True),
        ("Stage II (AJCC 8)", True),
    ],
)
def test_where_the_site_can_count(text: str, *, counts: bool) -> None:
    stage = rstage.parse(text)
    assert site_counts(stage) is counts
    found = [
        check_against_site(stage, site, "2019") for site in ("C18.7", "C62.9", "C34.1", "C50.9", "C73.9")
    ]
    assert counts or not any(found)
