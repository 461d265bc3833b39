"""A dictionary makes a value that can be written again, or is a ValueError that shows nothing of it."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

import rstage
from rstage.model.suffixes import SITES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DIAGNOSIS = rstage.Staging.parse("cT2 cN0 cM0", tumor_id="T1", site="C18.7", date="2019-03", id="A")
FOUND = rstage.Staging.parse("rcT3 rcN1(3/15) rpM1(HEP)", tumor_id="T1", date="2023")
RESTAGING = rstage.restage(DIAGNOSIS, FOUND)
READING = rstage.read("cT2a(m) N1(3/15) M1(HEP) R1(liver) G2 Stage iia (AJCC 8)")
VALUES: tuple[Any, ...] = (
    READING.stage,
    DIAGNOSIS,
    RESTAGING,
    rstage.History.of([DIAGNOSIS, FOUND]),
    READING,
    READING.diagnostics[0],
    next(rstage.find("On recurrence: rpT2 rpN1 cM0.")),
    rstage.recurrence_from_naaccr("15"),
)
NAME = "Margaret Kowalski"
WRONG: tuple[Any, ...] = (None, 5, 1.5, True, NAME, [], {}, [NAME], [[None]], {NAME: 1}, {"letter": "T"})


def nested(depth: int) -> list[Any]:
    made: list[Any] = []
    for _ in range(depth):
        made = [made]
    return made


DEEP = nested(100_000)


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every member of a dictionary."""
    members = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in members:
        yield (*path, key)
        yield from places(value, (*path, key))


def changed(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    made = deepcopy(data)
    inner = made
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return made


def written(value: Any) -> Any:
    return json.loads(json.dumps(value.to_dict()))


@pytest.mark.parametrize("value", VALUES, ids=lambda one: type(one).__name__)
def test_whatever_stands_in_a_field_makes_a_value_that_can_be_written_or_a_value_error(value: Any) -> None:
    kind, data = type(value), written(value)
    refused = shown = 0
    for path in places(data):
        for wrong in WRONG:
            try:
                made = kind.from_dict(changed(data, path, wrong))
            except ValueError as error:
                refused += 1
                shown += "Margaret" in str(error)
                continue
            assert kind.from_dict(written(made)) == made, path
            assert hash(made) == hash(kind.from_dict(written(made)))
            assert repr(made)
    assert refused > len(list(places(data)))
    assert not shown


@pytest.mark.parametrize("value", VALUES, ids=lambda one: type(one).__name__)
def test_no_field_holds_what_is_nested_without_end(value: Any) -> None:
    data = written(value)
    for path in places(data):
        inner = deepcopy(data)
        at = inner
        for key in path[:-1]:
            at = at[key]
        at[path[-1]] = DEEP
        with pytest.raises(ValueError, match=r"\w"):
            type(value).from_dict(inner)


@pytest.mark.parametrize("value", VALUES, ids=lambda one: type(one).__name__)
def test_what_is_no_dictionary_of_the_value_is_a_value_error(value: Any) -> None:
    for wrong in (None, 5, NAME, [], [1], {}, {NAME: NAME}, DEEP):
        with pytest.raises(ValueError, match=r"\w") as caught:
            type(value).from_dict(wrong)
        assert "Margaret" not in str(caught.value)


@pytest.mark.parametrize("name", ["link", "assessment", "diagnosis", "recurrence", "restaged", "diagnostics"])
def test_nothing_of_a_restaging_is_null(name: str) -> None:
    with pytest.raises(ValueError, match=r"make a Restaging|another type"):
        rstage.Restaging.from_dict({**RESTAGING.to_dict(), name: None})


def test_a_history_names_the_tumor_of_its_stagings() -> None:
    data = rstage.History.of([DIAGNOSIS, FOUND]).to_dict()
    without = {name: value for name, value in data.items() if name != "tumor_id"}
    assert rstage.History.from_dict(without).tumor_id == "T1"
    with pytest.raises(ValueError, match="tumor id"):
        rstage.History.from_dict({**data, "tumor_id": "T2"})


def test_a_diagnostic_with_its_place_is_the_diagnostic() -> None:
    found = READING.diagnostics[0]
    assert rstage.Diagnostic.from_dict({"file": "a.csv", "line": 2, **found.to_dict()}) == found
    for code in ("RS1", "RS1000", NAME, ""):
        with pytest.raises(ValueError, match="Diagnostic"):
            rstage.Diagnostic.from_dict({**found.to_dict(), "code": code})
    for span in ([0], [2, 1], [-1, 2], [0, True], [0, 1, 2], "01"):
        with pytest.raises(ValueError, match=r"span|Diagnostic"):
            rstage.Diagnostic.from_dict({**found.to_dict(), "span": span})


def with_counts(involved: int, examined: int) -> dict[str, Any]:
    return {"n": {"letter": "N", "value": "1", "suffixes": {"involved": involved, "examined": examined}}}


def with_places(places: Iterable[str]) -> dict[str, Any]:
    residual = [{"name": "R", "value": "1", "detail": place} for place in places]
    return {"t": {"letter": "T", "value": "2"}, "descriptors": residual}


@pytest.mark.parametrize(
    ("fits", "is_too_much"),
    [
        (with_counts(1, 999), with_counts(1, 1000)),
        (with_counts(999, 999), with_counts(1, 10**5000)),
        (with_places(["a" * 60]), with_places(["a" * 61])),
        (with_places(["liver"]), with_places(["a" * 10_000])),
        (with_places(map("place {}".format, "abcdefgh")), with_places(map("place {}".format, "abcdefghi"))),
    ],
    ids=["counts", "huge counts", "place", "huge place", "places"],
)
def test_a_stage_that_could_not_be_read_back_is_not_made(fits: Any, is_too_much: Any) -> None:
    made = rstage.Stage.from_dict(fits)
    assert rstage.parse(str(made)) == made
    with pytest.raises(ValueError, match=r"read back|only residual tumor|at most 8|make a"):
        rstage.Stage.from_dict(is_too_much)


def test_the_longest_stage_is_read_back_and_restaged() -> None:
    """Every part as long as it can be: what is written of it stays below the longest text that is read."""
    suffixes = {
        "t": {
            "multiplicity": "999,is",
            "solitary": True,
            "superficial": True,
            "needle": True,
            "certainty": 5,
        },
        "n": {"minimal": True, "tumor_cells": "mol+", "sentinel": True, "needle": True, "level": "U"}
        | {"extension": "ENE+", "involved": 999, "examined": 999, "certainty": 5},
        "m": {"sites": sorted(SITES), "cytology": "cy+", "ldh": "1", "certainty": 5},
    }
    categories = {
        letter: {"letter": letter.upper(), "value": "1", "subcategory": "a", "timing": "ya", "method": "p"}
        | {"suffixes": suffixes[letter]}
        for letter in "tnm"
    }
    residual = [
        {"name": "R", "value": "1", "method": "p", "detail": "cy+", "place": one * 60} for one in "abcdefgh"
    ]
    others = [("L", "1"), ("V", "2"), ("Pn", "1"), ("S", "3"), ("PL", "3"), ("H", "1"), ("B", "2b")]
    stage = rstage.Stage.from_dict(
        categories
        | {"descriptors": [*residual, *({"name": name, "value": value} for name, value in others)]}
        | {"group": {"value": "IIIA1", "upper": "IIIA2", "kind": "prognostic", "method": "p", "timing": "ya"}}
        | {"edition": {"version": "2018", "owner": "AJCC"}}
    )
    for one in (stage, stage.restaged()):
        assert len(str(one)) < 1_000
        assert rstage.read(str(one)).stage == one
