"""Everything that is written as JSON follows the schema, and the schema forgets no field."""

from __future__ import annotations

import copy
import json
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import rstage
from rstage.diagnostics import Diagnostic, Rule
from rstage.model.value import Notation, Value
from rstage.reference import vocabulary
from rstage.reference.choices import FIELDS
from rstage.reference.systems import SYSTEMS, TNM, group_values
from rstage.restaging.naaccr_1880 import naaccr_codes
from rstage.schema import schema_names
from tests.support.case_tables import options, rows
from tests.support.command_line import run, table
from tests.support.paths import MESSAGES
from tests.support.schema import errors
from tests.support.schema_lists import filled
from tests.support.stages import all_groups, stages
from tests.support.stagings import assessments, diagnoses, events, leaves, stated

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = rstage.json_schema()
VALUES: dict[str, type] = {
    kind.__name__: kind
    for kind in (*Value.__subclasses__(), *Notation.__subclasses__(), Diagnostic)
    if kind is not Notation
}
# What `to_dict` writes beside its fields, and what it writes although it is the default.
ADDED: dict[str, set[str]] = {"History": {"tumor_id"}}
ALWAYS: dict[str, set[str]] = {"Link": {"version"}, "Diagnostic": {"span", "part", "suggestions"}}


def assert_valid(value: Value | Diagnostic) -> None:
    data = value.to_dict()
    assert not errors(type(value).__name__, data), data
    assert not errors(type(value).__name__, json.loads(json.dumps(data)))


# ---------------------------------------------------------------- the document


@pytest.mark.parametrize("name", [None, *schema_names()])
def test_it_is_a_schema_that_needs_no_other_document(name: str | None) -> None:
    schema = rstage.json_schema(name)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    text = json.dumps(schema)
    used = {part.split('"')[0].split("/")[0] for part in text.split("#/$defs/")[1:]}
    assert used <= set(schema["$defs"])
    if name is not None:
        assert used == set(schema["$defs"])


def test_each_value_has_a_schema_and_every_definition_is_used() -> None:
    assert set(VALUES) <= set(schema_names())
    assert {name for name in WHOLE["$defs"] if name[0].isupper()} == set(schema_names())
    with pytest.raises(ValueError, match="a schema is one of"):
        rstage.json_schema("Staggering")


def test_what_is_returned_can_be_changed() -> None:
    rstage.json_schema()["$defs"].clear()
    assert rstage.json_schema() == WHOLE


@pytest.mark.parametrize("name", VALUES)
def test_the_fields_of_a_value_are_those_of_its_schema(name: str) -> None:
    schema, known = WHOLE["$defs"][name], fields(VALUES[name])
    assert set(schema["properties"]) == {field.name for field in known} | ADDED.get(name, set())
    needed = {field.name for field in known if field.default is MISSING} | ALWAYS.get(name, set())
    assert set(schema.get("required", ())) == needed
    assert schema["additionalProperties"] is False


def test_a_rule_has_its_fields() -> None:
    assert set(WHOLE["$defs"]["Rule"]["required"]) == {field.name for field in fields(Rule)}


def test_what_the_schema_lists_is_what_there_is() -> None:
    assert filled(WHOLE) == WHOLE, (
        "data/schema.json lists something else: run python -m tests.support.schema_lists"
    )


# ---------------------------------------------------------------- values


@given(stages)
def test_every_stage_follows_it(stage: rstage.Stage) -> None:
    assert_valid(stage)


def test_every_value_of_a_category_follows_it() -> None:
    for letter in "TNM":
        for value, entry in vocabulary.values(letter).items():
            for subcategory in ("", *entry.subcategories):
                made = rstage.Category(letter=letter, value=value, subcategory=subcategory)
                assert_valid(made)


def test_every_group_follows_it() -> None:
    for group in all_groups():
        assert_valid(group)
    for system in SYSTEMS:
        for value in group_values(system) if system != TNM else ():
            assert_valid(rstage.StageGroup(value=value, system=system))


@given(diagnoses, assessments, events, stated)
def test_every_restaging_and_history_follows_it(
    diagnosis: rstage.Staging, assessment: rstage.Staging, event: str, recurrence: set[str] | None
) -> None:
    assert_valid(diagnosis)
    restaging = rstage.restage(diagnosis, assessment, event=event, recurrence=recurrence)
    assert_valid(restaging)
    assert_valid(restaging.link)
    history = rstage.History.begun([diagnosis]).restage(assessment, event=event, recurrence=recurrence)
    assert_valid(history)
    assert not errors("HistoryLine", history.to_dict())
    assert not errors(None, history.to_dict())


TABLES = ("accepted", "rejected", "repaired", "section_h", "section_i", "systems")


@pytest.mark.parametrize("name", TABLES)
def test_every_text_of_the_tables_follows_it(name: str) -> None:
    for row in rows(f"{name}.tsv"):
        given_options = {
            key: value for key, value in options(row["options"]).items() if key not in ("site", "site_table")
        }
        reading = rstage.read(row["text"], **given_options)
        assert_valid(reading)
        for found in reading.diagnostics:
            assert_valid(found)


def test_every_column_of_a_dialect_follows_it() -> None:
    for row in rows("dialects.tsv"):
        if row["field"] in FIELDS:
            assert_valid(rstage.read(row["text"], dialect=row["dialect"], field=row["field"]))  # type: ignore[arg-type]  # one of the dialects


def test_every_code_of_naaccr_follows_it() -> None:
    for code in naaccr_codes().values():
        assert_valid(code)


# ---------------------------------------------------------------- what does not follow it

RESTAGING = rstage.restage(
    rstage.Staging.parse(
        "cT2 cN0 cM0 L1, Stage IIA (AJCC 8)", tumor_id="T1", site="C18.7", date="2019-03-02"
    ),
    rstage.Staging.parse("cT0 cN1(1/3) pM1(HEP)", tumor_id="T1", date="2023-05", id="S2"),
)
WRONG: list[tuple[tuple[str, ...], object]] = [
    (("event",), "relapse"),
    (("recurrence",), ["local", "local"]),
    (("recurrence",), "distant"),
    (("recurrence_basis",), "guessed"),
    (("diagnosis", "date"), "02.03.2019"),
    (("diagnosis", "date"), "2019-13"),
    (("diagnosis", "tumor_id"), " "),
    (("diagnosis", "tumor_id"), 1),
    (("diagnosis", "text"), None),
    (("diagnosis", "stage", "t", "value"), "5"),
    (("diagnosis", "stage", "t", "letter"), "N"),
    (("diagnosis", "stage", "t", "subcategory"), "f"),
    (("diagnosis", "stage", "m", "value"), "3"),
    (("diagnosis", "stage", "t", "timing"), ["z"]),
    (("diagnosis", "stage", "descriptors"), [{"name": "L", "value": "2"}]),
    (("diagnosis", "stage", "group", "value"), "V"),
    (("diagnosis", "stage", "group", "system"), "XYZ"),
    (("diagnosis", "stage", "edition", "version"), "0"),
    (("assessment", "stage", "n", "suffixes", "examined"), "3"),
    (("assessment", "stage", "m", "suffixes", "sites"), ["XXX"]),
    (("link", "diagnosis"), "0" * 63),
    (("link", "restaging"), "G" * 64),
    (("link", "version"), 0),
]


@pytest.mark.parametrize(("path", "value"), WRONG, ids=lambda one: str(one)[:60])
def test_a_wrong_value_does_not_follow_it(path: tuple[str, ...], value: object) -> None:
    assert not errors("Restaging", RESTAGING.to_dict())
    changed = copy.deepcopy(RESTAGING.to_dict())
    inner = changed
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    assert errors("Restaging", changed)
    assert errors(None, changed)


def test_a_missing_or_a_new_key_does_not_follow_it() -> None:
    whole = RESTAGING.to_dict()
    for name in whole:
        if name != "diagnostics":
            assert errors("Restaging", {key: value for key, value in whole.items() if key != name})
    assert errors("Restaging", whole | {"remark": ""})
    assert errors("Stage", {})
    assert errors("Suffixes", {"involved": 1})
    assert errors("History", {"initial": [], "diagnosis": None})
    assert not errors("HistoryLine", {"initial": [], "diagnosis": None})


@given(diagnoses, st.data())
def test_a_value_of_another_type_does_not_follow_it(diagnosis: rstage.Staging, data: Any) -> None:
    written = diagnosis.to_dict()
    path = data.draw(st.sampled_from(sorted(leaves(written), key=str)))
    changed = copy.deepcopy(written)
    inner: Any = changed
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = {"not": "this"}
    assert errors("Staging", changed)


# ---------------------------------------------------------------- what the commands print


def printed(name: str, *arguments: object) -> list[Any]:
    """Return the JSON that a command prints, each item of it valid."""
    text = run(*arguments).out
    items = json.loads(text) if text.startswith("[") else [json.loads(line) for line in text.splitlines()]
    assert items
    for item in items:
        assert not errors(name, item), item
    return list(items)


def test_reports_follow_it(tmp_path: Path) -> None:
    path = table(tmp_path, "id,dx", "1,T2 NO M0", "2,xyz", "3,T2,N0", "4,Max Mustermann")
    for form in ("json", "jsonl"):
        printed("TableFinding", "check", path, "--column", "dx", "--format", form)
        printed("TableFinding", "check", "--text", "T5", "--format", form)
        printed("Count", "check", path, "--column", "dx", "--format", form, "--statistics")
    printed("Rule", "rules", "--format", "json")
    printed("Rule", "explain", "RS402", "--format", "json")
    printed("ParsedReading", "parse", "rpT2 rpN1 cM0 G2 Stage IIA", "T2 N0, T3 N1", "T5", "--format", "json")
    printed("Restaging", "restage", "--text", "pT2 N0 M0", "rT3 N1 M0", "--format", "json")


def test_the_reports_of_verify_follow_it(tmp_path: Path) -> None:
    path, out = table(tmp_path, "dx,new", "T2 N0 M0,T3 N0 M0"), tmp_path / "out.csv"
    columns = ("--diagnosis", "dx", "--assessment", "new")
    run("restage", path, "-o", out, *columns)
    out.write_text(out.read_text(encoding="utf-8").replace("rT3", "rT4"), encoding="utf-8")
    printed("TableFinding", "verify", out, "--against", path, *columns, "--format", "json")
    history = rstage.History.of([RESTAGING.diagnosis, rstage.Staging.parse("rT3 N0 M0", tumor_id="T1")])
    data = history.to_dict()
    data["restagings"][0]["event"] = "progression"
    lines = tmp_path / "histories.jsonl"
    lines.write_text(json.dumps(data) + "\n", encoding="utf-8")
    printed("TableFinding", "verify", lines, "--format", "json")


@pytest.mark.parametrize("path", sorted(MESSAGES.glob("*.*")), ids=lambda path: path.name)
def test_what_is_made_of_a_message_follows_it(path: Path, tmp_path: Path) -> None:
    if path.suffix not in (".xml", ".json", ".ndjson"):
        pytest.skip("no message")
    checked = run("check", path, "--format", "jsonl", "-q")
    for line in checked.out.splitlines():
        assert not errors("MessageFinding", json.loads(line)), line
    for line in run("history", path, "-q").out.splitlines():
        assert not errors("HistoryLine", json.loads(line)), line
    out = tmp_path / "out"
    run("restage", path, "-o", out, "-q")
    if out.exists() and b'"message"' in out.read_bytes().splitlines()[-1]:
        for line in out.read_text(encoding="utf-8").splitlines():
            assert not errors("SidecarLine", json.loads(line)), line


@pytest.mark.parametrize("name", [None, *schema_names()])
def test_the_command_prints_it(name: str | None) -> None:
    ended = run("schema", *([name] if name else []))
    assert ended.code == 0
    assert json.loads(ended.out) == rstage.json_schema(name)


def test_an_unknown_name_is_wrong_use() -> None:
    ended = run("schema", "Historie")
    assert (ended.code, ended.out) == (2, "")
    assert "did you mean History" in ended.err
