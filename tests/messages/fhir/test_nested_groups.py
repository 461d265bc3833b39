"""FHIR: a group among the members of another one is the same staging, and shares its r."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.fhir_messages import (
    PLAIN,
    R_SYMBOL,
    bundle,
    codes,
    histories,
    observation,
    put,
    staging,
    texts,
    two_stagings,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.fhir_messages import Data


def members(*names: str) -> list[dict[str, str]]:
    return [{"reference": f"Observation/{name}"} for name in names]


def parts(names: str, date: str = "2023-05-11") -> list[Data]:
    return [{**one, "id": name} for name, one in zip(names, staging(PLAIN, date), strict=True)]


def inner(name: str, *inside: str, date: str = "2023-05-11", value: str | None = "IA") -> Data:
    return observation("group", value, date, id=name, hasMember=members(*inside))


RESTAGED = "rpT1 rpN0 rcM0 rStage IA"


def r_symbol() -> Data:
    return {**observation("r", None), **R_SYMBOL, "id": "r"}


def test_an_r_beside_a_group_is_that_of_the_group(tmp_path: Path) -> None:
    outer = observation("group", None, id="g", hasMember=members("h", "r"))
    file = put(tmp_path, two_stagings([*parts("tnm"), inner("h", *"tnm"), outer, r_symbol()]))
    assert texts(file) == [f"pT2 pN1 cM0 -> {RESTAGED}"]


def test_the_diagnosis_is_not_taken_from_the_inside_of_a_group_with_r(tmp_path: Path) -> None:
    outer = observation("group", None, id="g", hasMember=members("h", "r"))
    file = put(tmp_path, bundle(*parts("tnm"), inner("h", *"tnm"), outer, r_symbol()))
    (found,) = histories(file)
    assert found.history is None
    assert "RS431" in codes(file)


def test_groups_may_be_nested_several_times_and_in_a_circle(tmp_path: Path) -> None:
    circle = inner("h", *"tnm", "g")
    between = observation("group", None, id="g", hasMember=members("h"))
    outer = observation("group", None, id="f", hasMember=members("g", "r"))
    file = put(tmp_path, two_stagings([*parts("tnm"), circle, between, outer, r_symbol()]))
    assert texts(file) == [f"pT2 pN1 cM0 -> {RESTAGED}"]


def test_thousands_of_groups_inside_each_other_are_read(tmp_path: Path) -> None:
    chain = [
        observation("group", None, id=f"c{number}", hasMember=members(f"c{number + 1}"))
        for number in range(3_000)
    ]
    file = put(tmp_path, bundle(*chain, {**observation("T", "pT2"), "id": "c3000"}))
    assert texts(file) == ["pT2"]


def test_one_that_only_holds_groups_joins_none_of_them(tmp_path: Path) -> None:
    first, second = parts("abc", "2019-03-02"), parts("xyz", "2019-04-02")
    groups = [inner("g", *"abc", date="2019-03-02"), inner("h", *"xyz", date="2019-04-02", value="IB")]
    holder = observation("group", None, None, hasMember=members("g", "h"))
    file = put(tmp_path, bundle(*first, *second, *groups, holder))
    (found,) = histories(file)
    assert found.history is not None
    assert [str(one) for one in found.history.initial] == [
        "pT1 pN0 cM0 Stage IA",
        "pT1 pN0 cM0 Stage IB",
    ]


def test_an_r_of_two_groups_that_differ_refuses_both(tmp_path: Path) -> None:
    groups = [inner("g", *"abc"), inner("h", "x", value="IB")]
    other = {**observation("T", "pT3"), "id": "x"}
    holder = observation("group", None, hasMember=members("g", "h", "r"))
    file = put(tmp_path, bundle(*parts("abc"), other, *groups, holder, r_symbol()))
    (found,) = histories(file)
    assert found.history is None
    assert "RS543" in codes(file)
