"""Where each value ends: the last one that can be, and the first that cannot."""

from __future__ import annotations

from typing import Any

import pytest

import rstage
from rstage.model.descriptor import MOST_PLACES, near_descriptor_values
from rstage.model.group import is_group_range
from rstage.notation.group_text import likely_systems
from rstage.reference.systems import SYSTEMS, group_values
from rstage.restaging.recurrence import stated_types
from rstage.restaging.staging import certainly_before, partial_date

# The kind, a field, its other fields, what it can hold, and what it cannot.
LIMITS: list[tuple[Any, str, dict[str, Any], tuple[Any, ...], tuple[Any, ...]]] = [
    (
        rstage.Suffixes,
        "multiplicity",
        {},
        ("m", "is", "m,is", "2", "999", "2,is", "999,is"),
        ("", "0", "1", "01", "1000", "1000,is", "is,is", ",is", "m,m", "x", "²", "٣", "-2", "2 "),
    ),
    (rstage.Suffixes, "certainty", {}, (1, 2, 3, 4, 5), (0, 6, True, 1.5)),
    (rstage.Suffixes, "examined", {"involved": 0}, (0, 1, 999), (None, -1, 1000, True)),
    (rstage.Suffixes, "examined", {"involved": 1}, (1, 999), (None, 0, 1000)),
    (rstage.Suffixes, "involved", {"examined": 2}, (0, 1, 2), (None, -1, 3, False)),
    (rstage.Suffixes, "ldh", {}, ("0", "1"), ("", "2")),
    (rstage.Suffixes, "tumor_cells", {}, ("i-", "i+", "mol-", "mol+"), ("", "i", "+")),
    (rstage.Suffixes, "level", {}, ("U", "L"), ("", "u")),
    (rstage.Suffixes, "extension", {}, ("ENE+", "ENE-"), ("", "ENE")),
    (rstage.Suffixes, "cytology", {}, ("cy+",), ("", "cy-")),
    (
        rstage.Suffixes,
        "sites",
        {},
        ((), ("HEP",), ("HEP", "PUL")),
        (("PUL", "HEP"), ("HEP", "HEP"), ("XYZ",)),
    ),
    (rstage.Suffixes, "in_situ", {}, ("DCIS", "Paget"), ("", "dcis")),
    (
        rstage.Edition,
        "version",
        {},
        ("1", "9", "99", "1987", "2018"),
        ("", "0", "08", "123", "12345", "1 ", "²", "٣"),
    ),
    (rstage.Edition, "owner", {"version": "8"}, (None, "AJCC", "UICC", "FIGO"), ("", "ajcc", "NCI")),
    (
        rstage.Descriptor,
        "upper",
        {"name": "G", "value": "1"},
        (None, "2", "3", "4"),
        ("1", "0", "5", "X", "B", "10", "41"),
    ),
    (rstage.Descriptor, "upper", {"name": "G", "value": "X"}, (None,), ("1", "4")),
    (rstage.Descriptor, "upper", {"name": "L", "value": "0"}, (None,), ("1",)),
    (
        rstage.Descriptor,
        "detail",
        {"name": "R", "value": "1"},
        (None, "is", "cy+", "liver"),
        ("", "x", "recurrence"),
    ),
    (rstage.Descriptor, "detail", {"name": "G", "value": "1"}, (None,), ("is", "liver")),
    (rstage.Descriptor, "place", {"name": "R", "value": "1", "detail": "is"}, (None, "liver"), ("is", "x")),
    (rstage.Descriptor, "place", {"name": "R", "value": "1", "detail": "lung"}, (None,), ("liver",)),
    (
        rstage.Category,
        "upper",
        {"letter": "T", "value": "1"},
        (None, "2", "4d"),
        ("", "0", "1", "5", "X", "is"),
    ),
    (rstage.Category, "letter", {"value": "1"}, ("T", "N", "M"), ("", "t", "TN", "G")),
    (rstage.StageGroup, "upper", {"value": "I"}, (None, "II", "IVB"), ("I", "IA", "0", "X", "V")),
    (rstage.StageGroup, "kind", {"value": "IIA"}, (None, "anatomic", "prognostic"), ("", "overall")),
    (rstage.StageGroup, "kind", {"value": "occult"}, (None,), ("anatomic",)),
    (rstage.StageGroup, "kind", {"value": "IIA", "system": "FIGO"}, (None,), ("anatomic",)),
    (rstage.StageGroup, "mark", {"value": "IIIC1", "system": "FIGO"}, (None, "r", "p"), ("", "x", "rp")),
    (rstage.StageGroup, "mark", {"value": "I", "upper": "II", "system": "FIGO"}, (None,), ("r",)),
    (rstage.StageGroup, "method", {"value": "IIA"}, (None, *rstage.Method), ()),
]


@pytest.mark.parametrize(("kind", "field", "others", "possible", "impossible"), LIMITS)
def test_where_a_field_ends(
    kind: Any, field: str, others: dict[str, Any], possible: tuple[Any, ...], impossible: tuple[Any, ...]
) -> None:
    for value in possible:
        if value is rstage.Method.ULTRASOUND:
            with pytest.raises(ValueError, match="clinical or pathological"):
                kind(**others, **{field: value})
        else:
            assert getattr(kind(**others, **{field: value}), field) == value
    for value in impossible:
        with pytest.raises(ValueError, match=r"\w"):
            kind(**others, **{field: value})


def test_a_stage_has_so_many_residual_tumors_and_no_more() -> None:
    places = ["liver", "lung", "bone", "brain", "skin", "pleura", "colon", "bladder", "kidney"]
    assert len(places) == MOST_PLACES + 1
    every = tuple(rstage.Descriptor(name="R", value="1", detail=place) for place in places)
    assert len(rstage.Stage(descriptors=every[:-1]).descriptors) == MOST_PLACES
    with pytest.raises(ValueError, match=f"at most {MOST_PLACES}"):
        rstage.Stage(descriptors=every)
    with pytest.raises(ValueError, match="twice"):
        rstage.Stage(descriptors=(every[0], every[0]))
    texts = [f"R1({place})" for place in places]
    assert rstage.read("T2 " + " ".join(texts[:-1])).ok
    found = rstage.read("T2 " + " ".join(texts)).diagnostics
    assert [one.name for one in found if one.severity is rstage.Severity.ERROR] == ["TOO_MANY_PLACES"]
    assert str(MOST_PLACES) in next(one.message for one in found if one.name == "TOO_MANY_PLACES")


@pytest.mark.parametrize(
    ("name", "near"),
    [("L", ("1", "X")), ("V", ("2", "X")), ("G", ("4", "X")), ("PL", ("3",)), ("B", ("2", "X"))],
)
def test_what_a_number_of_a_descriptor_may_have_meant(name: str, near: tuple[str, ...]) -> None:
    assert near_descriptor_values(name) == near


def test_up_to_three_systems_are_named() -> None:
    others = [system for system in SYSTEMS if system != "TNM"]
    every = {value for system in others for value in group_values(system)}
    found = {value: likely_systems(value) for value in every}
    assert max(map(len, found.values())) == 3
    for value, likely in found.items():
        names = [system for system, _ in likely]
        assert names == [system for system in others if system in names]
        having = [system for system in others if value in group_values(system)]
        assert set(having[:3]) <= {*names} or len(names) == 3


@pytest.mark.parametrize(
    ("low", "high", "system", "is_range"),
    [
        ("I", "II", "TNM", True),
        ("0", "IV", "TNM", True),
        ("IA", "IB", "TNM", True),
        ("I", "I", "TNM", False),
        ("I", "IA", "TNM", False),
        ("II", "I", "TNM", False),
        ("IB", "IA", "TNM", False),
        ("I", "V", "TNM", False),
        ("X", "I", "TNM", False),
        ("IB2", "IVA", "FIGO", True),
        ("IVA", "IB2", "FIGO", False),
        ("I", "II", "Ann Arbor", True),
        ("II", "I", "Ann Arbor", False),
        ("1", "2", "INSS", False),
    ],
)
def test_which_groups_make_a_range(low: str, high: str, system: str, *, is_range: bool) -> None:
    assert is_group_range(low, high, system) is is_range


@pytest.mark.parametrize("date", ["0001", "2019", "9999", "2019-01", "2019-12", "2019-02-28", "2020-02-29"])
def test_a_date_of_the_calendar(date: str) -> None:
    assert partial_date(date) == date


@pytest.mark.parametrize(
    "date",
    [
        *("", "0000", "19", "20190", "2019-0", "2019-00", "2019-13", "2019-1", "2019-02-29", "2019-02-00"),
        *("2019-02-1", "2019-04-31", "2019-02-28T", " 2019", "2019-02-28 ", "٢٠١٩", 2019, 2019.5),
    ],
)
def test_no_date_of_the_calendar(date: object) -> None:
    with pytest.raises(ValueError, match="a date is YYYY"):
        partial_date(date)


@pytest.mark.parametrize(
    ("first", "second", "is_before"),
    [
        ("2018", "2019", True),
        ("2019", "2019", False),
        ("2019", "2019-05", False),
        ("2019-04", "2019-05-01", True),
        ("2019-05", "2019-05-31", False),
        ("2019-05-30", "2019-05-31", True),
        ("2019-05-31", "2019-05-31", False),
        ("2020", "2019-05", False),
        (None, "2019", False),
        ("2019", None, False),
        (None, None, False),
    ],
)
def test_what_is_certainly_before(first: str | None, second: str | None, *, is_before: bool) -> None:
    assert certainly_before(first, second) is is_before


def test_the_types_of_recurrence_are_named_where_one_is_unknown() -> None:
    assert stated_types(" local + distant ") == {rstage.RecurrenceType.LOCAL, rstage.RecurrenceType.DISTANT}
    with pytest.raises(
        ValueError, match=r"^a recurrence is local, regional, distant, or several joined by \+$"
    ):
        stated_types("local+everywhere")
