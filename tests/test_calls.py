"""A call that cannot be is a TypeError that names the call, what is expected and what was given."""

from __future__ import annotations

import dataclasses
import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import rstage
from rstage import columns, messages, tables
from rstage.model.descriptor import DESCRIPTOR_ORDER
from rstage.model.value import Value
from rstage.reading.options import READ_KEYWORDS, checked_options
from rstage.reference.choices import DIALECTS, FIELDS
from tests.support.paths import EXAMPLES, MESSAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DIAGNOSIS = rstage.Staging.parse("cT2 cN0 cM0", date="2019")
ASSESSMENT = rstage.Staging.parse("T3 N0 M0", date="2021")
STAGE = DIAGNOSIS.stage
RESTAGING = rstage.restage(DIAGNOSIS, ASSESSMENT)
HISTORY = rstage.History.of([DIAGNOSIS])
SCHEMA = rstage.SiteSchema(name="colon")

# What an argument of this name is, where the call needs it.
GOOD: dict[str, Any] = {
    **{
        name: getattr(RESTAGING, name)
        for name in ("restaged", "event", "recurrence", "recurrence_basis", "link")
    },
    **{name: getattr(HISTORY, name) for name in ("initial", "diagnosis_basis")},
    "diagnosis": DIAGNOSIS,
    "assessment": ASSESSMENT,
    "stage": STAGE,
    "text": "cT2 cN0 cM0",
    "span": (0, 11),
    "reading": rstage.read("cT2 cN0 cM0"),
    "record": RESTAGING,
    "restaging": RESTAGING,
    "stagings": [DIAGNOSIS],
    "letter": "T",
    "value": "2",
    "category": STAGE.t,
    "group": rstage.StageGroup(value="IIA"),
    "edition": rstage.Edition(version="8"),
}
GROUPS = rstage.load_group_table(EXAMPLES / "group_table_invented.tsv")
SELF = {rstage.GroupTable: GROUPS, rstage.History: HISTORY, rstage.SiteSchema: SCHEMA, rstage.Stage: STAGE}
VALUES = re.compile(
    r"\b(?:Stage|Category|Descriptor|StageGroup|Edition|Suffixes|Staging|Restaging|History|Link|Reading"
    r"|Mention|SiteTable|GroupTable)\b"
)
# Says itself that it checks nothing: it is for what reads.
UNCHECKED = {"Stage.of_parts", "Staging.of_parts", "Category.changed"}


class Other:
    """What no call expects."""

    def __repr__(self) -> str:
        return "Margaret Miller"


def public_calls() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the public functions, the methods of the public classes, and the constructors of values."""
    for package in (rstage, columns, messages):
        for name in package.__all__:
            found = getattr(package, name)
            if inspect.isfunction(found):
                yield name, found
            if inspect.isclass(found):
                if issubclass(found, Value):
                    yield name, found
                for method in vars(found):
                    bound = getattr(SELF.get(found, found), method)
                    if inspect.isroutine(bound) and not method.startswith("_"):
                        yield f"{name}.{method}", bound


def value_arguments() -> Iterator[Any]:
    """Yield each argument of a public call that takes a value of rstage."""
    for name, call in public_calls():
        for parameter in inspect.signature(call).parameters.values():
            if (
                VALUES.search(str(parameter.annotation))
                and parameter.kind is not parameter.VAR_KEYWORD
                and parameter.name != "self"
                and name not in UNCHECKED
            ):
                yield pytest.param(call, parameter, id=f"{name}-{parameter.name}")


@pytest.mark.parametrize(("call", "parameter"), list(value_arguments()))
def test_a_value_of_another_type_is_named(call: Callable[..., Any], parameter: inspect.Parameter) -> None:
    needed = [
        one.name
        for one in inspect.signature(call).parameters.values()
        if one.default is one.empty and one.kind is not one.VAR_KEYWORD
    ]
    is_one_of_several = re.search(r"tuple|Iterable", str(parameter.annotation))
    for wrong in [Other(), [Other()]] if is_one_of_several else [Other()]:
        given = {name: GOOD[name] for name in needed} | {parameter.name: wrong}
        with pytest.raises(
            TypeError, match=rf"^(?:an? )?{parameter.name}(?:\[0\])? is .*not (?:Other|list)"
        ) as caught:
            call(**given)
        assert VALUES.search(str(caught.value))
        assert "Margaret" not in str(caught.value)


FIELDS_OF_TYPE = {
    rstage.Category: ("timing", "method", "suffixes"),
    rstage.Descriptor: ("method",),
    rstage.Edition: ("version",),
    rstage.StageGroup: ("timing", "method"),
    rstage.Stage: ("t", "n", "m", "descriptors", "group", "edition"),
    rstage.Staging: ("stage", "text", "tumor_id", "site", "id"),
    rstage.Restaging: ("diagnosis", "assessment", "restaged", "recurrence", "link"),
    rstage.Reading: ("text", "stages"),
}
SAMPLES: dict[type, Any] = {
    rstage.Category: STAGE.t,
    rstage.Descriptor: rstage.Descriptor(name="R", value="1"),
    rstage.Edition: GOOD["edition"],
    rstage.StageGroup: GOOD["group"],
    rstage.Stage: STAGE,
    rstage.Staging: DIAGNOSIS,
    rstage.Restaging: RESTAGING,
    rstage.Reading: GOOD["reading"],
}


@pytest.mark.parametrize(
    ("kind", "field"), [(kind, field) for kind, fields in FIELDS_OF_TYPE.items() for field in fields]
)
def test_a_field_of_another_type_is_named(kind: type, field: str) -> None:
    with pytest.raises(TypeError, match=rf"^{field} is an? .*, not Other\b"):
        dataclasses.replace(SAMPLES[kind], **{field: Other()})


def test_the_walk_finds_the_calls_that_matter() -> None:
    found = {one.id for one in value_arguments()}
    assert len(found) > 30
    assert {"restage-diagnosis", "verify-record", "History.of-stagings", "Staging.of-reading"} <= found


def test_a_text_where_a_staging_is_needed_says_how_one_is_made() -> None:
    needed = r"^diagnosis is a Staging, not str; it is made by rstage\.Staging\.parse\(text\)$"
    with pytest.raises(TypeError, match=needed):
        rstage.restage("cT2", "T3")  # type: ignore[arg-type]  # as a beginner may write it
    with pytest.raises(TypeError, match="record is a Restaging or a History, not Staging"):
        rstage.verify(DIAGNOSIS)  # type: ignore[arg-type]  # no restaging
    history = rstage.History.of([DIAGNOSIS]).restage(ASSESSMENT)
    with pytest.raises(TypeError, match="assessment is a Staging, not str"):
        history.restage("T3")  # type: ignore[arg-type]  # as a beginner may write it
    with pytest.raises(TypeError, match="stagings is a list of type Staging, not str"):
        rstage.History.of("cT2 cN0 cM0")  # type: ignore[arg-type]  # a text
    with pytest.raises(TypeError, match="t is a Category, not str"):
        rstage.Stage(t="T2")  # type: ignore[arg-type]  # a text
    with pytest.raises(TypeError, match="version is a str, not int"):
        rstage.Edition(version=8)  # type: ignore[arg-type]  # a number
    with pytest.raises(TypeError, match="timing is a frozenset, not str"):
        rstage.Category(letter="T", value="2", timing="r")  # type: ignore[arg-type]  # a text
    with pytest.raises(TypeError, match="N is a str, not int"):
        rstage.read_parts(T="T2", N=1)  # type: ignore[arg-type]  # a number
    with pytest.raises(TypeError, match="recurrence is a list of type str, not int"):
        rstage.restage(DIAGNOSIS, ASSESSMENT, recurrence=1)  # type: ignore[arg-type]  # a number
    for option, value, wanted in (
        ("edition", 8, "an edition is a str or an Edition, not int"),
        (
            "site_table",
            "sites.tsv",
            "site_table is a SiteTable, not str; it is made by rstage.load",
        ),
    ):
        with pytest.raises(TypeError, match=wanted):
            rstage.read("T2", **{option: value})  # type: ignore[arg-type]  # of another type


UNKNOWN: list[tuple[str, Callable[..., Any], tuple[Any, ...]]] = [
    ("read", rstage.read, ("T2",)),
    ("parse", rstage.parse, ("T2",)),
    ("proposals_of", rstage.proposals_of, ("T2",)),
    ("read_parts", rstage.read_parts, ()),
    ("parse_parts", rstage.parse_parts, ()),
    ("Staging.parse", rstage.Staging.parse, ("T2",)),
    ("find", rstage.find, ("T2",)),
    ("restage", rstage.restage, (DIAGNOSIS, ASSESSMENT)),
    ("verify", rstage.verify, (RESTAGING,)),
    ("normalize", columns.normalize, ([],)),
    ("parts", columns.parts, ([],)),
    ("restage", columns.restage, ([], [])),
    ("read", messages.read, ("none.xml",)),
    ("histories", messages.histories, ("none.xml",)),
    ("write", messages.write, ("none.xml", "out")),
    ("verify", messages.verify, ("out", "none.xml")),
    ("report", messages.report, ("none.xml", "out.html")),
    ("report", tables.report, ("none.csv", "out.html", "dx")),
]


@pytest.mark.parametrize(("name", "call", "arguments"), UNKNOWN)
def test_an_unknown_keyword_is_named_at_the_call_that_was_made(
    name: str, call: Callable[..., Any], arguments: tuple[Any, ...]
) -> None:
    with pytest.raises(
        TypeError, match=rf"^{re.escape(name)}\(\) got an unexpected keyword argument 'modee'"
    ):
        call(*arguments, modee="strict")


def test_every_call_with_options_is_in_the_table() -> None:
    open_calls = {
        name
        for name, call in public_calls()
        if any(one.kind is one.VAR_KEYWORD for one in inspect.signature(call).parameters.values())
    }
    # A rule says itself what its message needs; it is for who adds one.
    assert open_calls - {"Rule.at"} <= {name for name, *_ in UNKNOWN}


def test_the_nearest_keyword_is_suggested() -> None:
    with pytest.raises(TypeError, match=r"'modee'\. Did you mean 'mode'\?$"):
        rstage.parse("T2", modee="strict")  # type: ignore[call-arg]  # misspelled
    with pytest.raises(TypeError, match=r"'T_methd'\. Did you mean 'T_method'\?$"):
        rstage.read_parts(T="T2", T_methd="c", dialect="obds")
    with pytest.raises(TypeError, match=r"argument 'colour'$"):
        rstage.Staging.parse("T2", colour="red")  # type: ignore[call-arg]  # no option


def test_the_closed_lists_stand_in_one_place() -> None:
    assert ("T", "N", "M", "group", *DESCRIPTOR_ORDER) == FIELDS
    folder = Path(rstage.__file__).parent / "dialects"
    assert {name for name in DIALECTS if (folder / f"{name}.py").exists()} == set(DIALECTS)
    assert set(inspect.signature(checked_options).parameters) == READ_KEYWORDS


def test_a_path_is_text_or_a_path(tmp_path: Path) -> None:
    path = MESSAGES / "mcode.json"
    assert [one.number for one in messages.read(path)] == [one.number for one in messages.read(str(path))]
    assert list(messages.histories(path))
    out = tmp_path / "out.json"
    assert messages.write(path, out).records
    assert messages.verify(out, path) == ()
    with pytest.raises(TypeError, match="a path, bytes, a binary stream or decoded resources, not int"):
        messages.read(5)  # type: ignore[arg-type]  # no message
    for wrong in (5, b"mcode.json", None):
        with pytest.raises(TypeError):
            rstage.load_site_table(wrong)  # type: ignore[arg-type]  # no path
        with pytest.raises(TypeError):
            rstage.load_group_table(wrong)  # type: ignore[arg-type]  # no path


def test_a_plain_call_asks_for_no_keywords(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("rstage.reading.read.check_keywords", refuse)
    assert rstage.parse("pT2") == rstage.read("pT2").stage


def test_a_site_of_another_type_is_named() -> None:
    sites = rstage.load_site_table(EXAMPLES / "site_table_invented.tsv")
    calls: list[Callable[[Any], object]] = [
        sites.for_site,
        lambda site: GROUPS.group_of(STAGE, site),
        lambda site: GROUPS.check(STAGE, site),
        lambda site: rstage.read("T2", site_table=sites, site=site),
    ]
    for call in calls:
        with pytest.raises(TypeError, match=r"^site is a str, not Other$"):
            call(Other())
