"""Every public class has a `repr` for logs: notation is shown whole, of a patient's data only the shape."""

from __future__ import annotations

import inspect
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import pytest

import rstage
from rstage import messages
from rstage.messages.message import Addition, FoundStaging, MessageFinding, Record, Tumor, TumorHistory
from rstage.messages.place import Place
from rstage.model.value import Notation, Value
from rstage.text.pairs import FoundRestaging
from rstage.text.placed import PlacedMention
from tests.support.link_keys import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "Margaret Miller"
READING = rstage.read("cT2 cN0 cM0")
DIAGNOSIS = rstage.Staging.of(READING, date="1977-05-03", tumor_id="77123", site="C18.7", id="4711")
RESTAGING = rstage.restage(DIAGNOSIS, rstage.Staging.parse("T3 N0 M0", date="1979", tumor_id="77123"))
HISTORY = rstage.History.of([DIAGNOSIS])
(MENTION,) = rstage.find("At diagnosis cT2 cN0 cM0.")
SCHEMA = rstage.SiteSchema(name="colon")
STAGE = rstage.parse("pT2 pN1a(sn) M0 R0(local), Stage IIB (AJCC 8)")
PLACE = Place(1, "Bundle/entry[2]", 3, 1)
FOUND = FoundStaging(staging=DIAGNOSIS, place=PLACE)
TUMOR = Tumor(keys={"patient_id": NAME}, place=PLACE, stagings=[FOUND])
RECORD = Record(number=1, raw=NAME.encode(), tumors=[TUMOR], handle=NAME)
PAIR = FoundRestaging(diagnosis=MENTION, basis="clinical", restaging=RESTAGING, diagnostics=())

REPRS: list[tuple[object, str]] = [
    # Notation
    (STAGE, "Stage('pT2 pN1a(sn) M0 R0(local) Stage IIB (AJCC 8)')"),
    (STAGE.n, "Category('pN1a(sn)')"),
    (STAGE.n.suffixes if STAGE.n else None, "Suffixes('(sn)')"),
    (STAGE.descriptors[0], "Descriptor('R0(local)')"),
    (STAGE.group, "StageGroup('Stage IIB')"),
    (STAGE.edition, "Edition('(AJCC 8)')"),
    (rstage.recurrence_from_naaccr("10"), "NaaccrRecurrence('10')"),
    # What is said of a patient
    (READING, "Reading('cT2 cN0 cM0')"),
    (rstage.read(NAME), "Reading('', RS103, RS101)"),
    (rstage.read("T2 NO M0", mode="repair"), "Reading('T2 N0 M0', RS222)"),
    (DIAGNOSIS, "Staging('cT2 cN0 cM0')"),
    (RESTAGING, "Restaging('rT3 rN0 rM0')"),
    (RESTAGING.link, "Link(version 1, after the diagnosis)"),
    (KEY, "LinkKey(hidden)"),
    (HISTORY, "History('cT2 cN0 cM0', 0 restagings)"),
    (MENTION, "Mention('cT2 cN0 cM0')"),
    (FOUND, "FoundStaging(Staging('cT2 cN0 cM0'), initial, 'Bundle/entry[2]')"),
    (TUMOR, "Tumor('Bundle/entry[2]', 1 stagings, 0 findings)"),
    (RECORD, "Record(1, 1 tumors, 0 findings)"),
    (
        TumorHistory(record=RECORD, tumor=TUMOR, history=HISTORY),
        "TumorHistory('Bundle/entry[2]', History('cT2 cN0 cM0', 0 restagings), 0 unlinked, 0 findings)",
    ),
    (Addition(5, NAME.encode()), "Addition(5, 15 bytes)"),
    (
        messages.Written(records=1, tumors=1, restagings=0, findings=()),
        "Written(records=1, tumors=1, restagings=0, findings=())",
    ),
    # Lists of a registry, and what went through `privacy` when it was made
    (SCHEMA, "SiteSchema('colon', 0 values)"),
    (rstage.SiteTable(schemas=(SCHEMA,)), "SiteTable(1 schemas)"),
    (rstage.GroupTable(schemas=()), "GroupTable(0 schemas)"),
]
# Made of what is in the table, and shown by their fields.
OTHERS = {
    rstage.Diagnostic,
    rstage.Rule,
    rstage.Encoded,
    MessageFinding,
    PlacedMention,
    FoundRestaging,
    Place,
    rstage.Severity,
    rstage.Method,
    rstage.Timing,
    rstage.RecurrenceType,
}


@pytest.mark.parametrize(("value", "shown"), REPRS)
def test_a_repr_is_as_the_table_says(value: object, shown: str) -> None:
    assert repr(value) == shown


def test_every_public_class_is_in_the_table() -> None:
    public = {
        found
        for package in (rstage, messages)
        for name in package.__all__
        if inspect.isclass(found := getattr(package, name)) and not issubclass(found, ValueError)
    }
    known = {type(value) for value, _ in REPRS} | OTHERS
    assert {one for one in public if one not in known and not hasattr(one, "__optional_keys__")} == set()


def planted() -> Iterator[tuple[str, object]]:
    """Yield each value that is no notation with a name in one of its texts, as far as it can stand there."""
    for value, _ in REPRS:
        if not isinstance(value, Value) or isinstance(value, Notation):
            continue
        for field in fields(value):  # type: ignore[arg-type]  # every value is a dataclass
            if "str" not in str(field.type):
                continue
            given: Any = {field.name: NAME}
            try:
                yield f"{type(value).__name__}.{field.name}", replace(value, **given)  # type: ignore[type-var]
            except (ValueError, TypeError) as error:
                yield f"{type(value).__name__}.{field.name}: error", error


def test_no_field_shows_a_name() -> None:
    named = dict(planted())
    assert {"Reading.text", "Staging.tumor_id", "Staging.site", "Link.tumor_id"} <= set(named)
    for where, one in named.items():
        assert "Margaret" not in repr(one), where
        assert isinstance(one, Value) or "Margaret" not in str(one), where
    for one in (PAIR, PlacedMention(file="a.txt", line=1, mention=MENTION, pair=PAIR)):
        assert "1977" not in repr(one)
        assert "77123" not in repr(one)


def test_a_name_in_a_call_that_fails_is_not_shown() -> None:
    calls: list[Any] = [
        lambda: rstage.Staging.parse("T2", date=NAME),
        lambda: rstage.Staging.parse("T2", mode=NAME),  # type: ignore[arg-type]  # no mode
        lambda: rstage.parse(NAME, edition=NAME),
        lambda: rstage.restage(NAME, NAME),  # type: ignore[arg-type]  # no stagings
        lambda: rstage.restage(DIAGNOSIS, DIAGNOSIS, event=NAME),
        lambda: rstage.restage(DIAGNOSIS, DIAGNOSIS, recurrence=NAME),
        lambda: rstage.History.of([NAME]),  # type: ignore[list-item]  # no stagings
        lambda: rstage.recurrence_from_naaccr(NAME),
        lambda: rstage.Category(letter="T", value=NAME),
        lambda: rstage.Edition(version=NAME),
        lambda: rstage.StageGroup(value=NAME),
        lambda: rstage.Staging.from_dict({"stage": NAME, "text": NAME}),
        lambda: rstage.History.from_dict({"initial": NAME}),
    ]
    for call in calls:
        with pytest.raises((ValueError, TypeError)) as caught:
            call()
        assert "Margaret" not in str(caught.value) + repr(caught.value)
