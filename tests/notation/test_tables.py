"""The tables of the notation against the library: what is read, what is refused, what is restaged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import rstage
from rstage import rules
from rstage.diagnostics import Rule, Severity
from tests.support.case_tables import cases, options, rows
from tests.support.readings import assert_codes, canonical

if TYPE_CHECKING:
    from rstage.reading.read import Reading

TABLES = ("section_h.tsv", "section_i.tsv", "accepted.tsv", "rejected.tsv")
SECTIONS = ("section_h.tsv", "section_i.tsv")


def read(row: dict[str, str]) -> Reading:
    return rstage.read(row["text"], **options(row["options"]))


def assert_parse_raises_where_it_could_not_say_what_it_did(row: dict[str, str], reading: Reading) -> None:
    """A call that returns one stage has no other way to report a doubt, or a second stage."""
    is_doubtful = any(
        found.code.startswith("RS2") and found.severity is Severity.WARNING for found in reading.diagnostics
    )
    if not reading.ok or len(reading.stages) != 1 or is_doubtful:
        with pytest.raises(rstage.NotationError) as caught:
            rstage.parse(row["text"], **options(row["options"]))
        assert set(caught.value.diagnostics) <= set(reading.diagnostics)
    else:
        assert rstage.parse(row["text"], **options(row["options"])) == reading.stage


def assert_canonical_text_is_read_back(row: dict[str, str], reading: Reading) -> None:
    """A descriptor alone is read only in its own field, and its canonical text too."""
    field = options(row["options"]).get("field")
    for stage in reading.stages:
        again = rstage.read(str(stage), field=field)
        assert again.stage == stage
        assert not [found for found in again.diagnostics if found.code.startswith(("RS1", "RS2"))]


def assert_the_error_stands_where_the_line_says(row: dict[str, str], reading: Reading) -> None:
    """The span of a line is that of the first error; behind ~ the error stands somewhere inside it."""
    spans = [found.span for found in reading.diagnostics if found.severity is Severity.ERROR]
    assert all(0 <= start <= end <= len(row["text"]) for start, end in spans)
    if not row["span"]:
        return
    start, end = map(int, row["span"].removeprefix("~").split("-"))
    first = min(spans)
    if row["span"].startswith("~"):
        assert start <= first[0] <= first[1] <= end
    else:
        assert first == (start, end)


@pytest.mark.parametrize("row", [case for name in SECTIONS for case in cases(name, "row", "text", "options")])
def test_sections(row: dict[str, str]) -> None:
    reading = read(row)
    assert canonical(reading) == row["canonical"]
    assert reading.ok is bool(row["canonical"])
    assert_codes(row["codes"], reading.diagnostics)
    assert_parse_raises_where_it_could_not_say_what_it_did(row, reading)


@pytest.mark.parametrize("row", cases("accepted.tsv", "rule", "text", "options"))
def test_accepted(row: dict[str, str]) -> None:
    reading = read(row)
    assert canonical(reading) == row["canonical"]
    assert reading.ok
    assert_canonical_text_is_read_back(row, reading)
    assert_parse_raises_where_it_could_not_say_what_it_did(row, reading)


@pytest.mark.parametrize("row", cases("rejected.tsv", "text", "options"))
def test_rejected(row: dict[str, str]) -> None:
    reading = read(row)
    assert reading.stages == ()
    assert reading.stage is None
    assert not reading.ok
    assert_codes(row["codes"], reading.diagnostics)
    assert_the_error_stands_where_the_line_says(row, reading)
    if row["suggestion"]:
        offered = {text for found in reading.diagnostics for text in found.suggestions}
        assert set(row["suggestion"].split(" | ")) <= offered
    assert_parse_raises_where_it_could_not_say_what_it_did(row, reading)


def staging(text: str, given: dict[str, Any], prefix: str = "") -> rstage.Staging:
    names = [name for name in ("tumor_id", "date", "site") if prefix + name in given]
    return rstage.Staging.parse(text, **{name: given[prefix + name] for name in names})


def act(given: dict[str, Any]) -> dict[str, Any]:
    """The keywords of the restaging itself."""
    found: dict[str, Any] = {}
    if "event" in given:
        found["event"] = given["event"]
    if "recurrence" in given:
        found["recurrence"] = given["recurrence"].split("+")
    return found


@pytest.mark.parametrize("row", cases("restaged.tsv", "diagnosis", "assessment", "options"))
def test_restaged(row: dict[str, str]) -> None:
    given = options(row["options"])
    diagnosis = staging(row["diagnosis"], given)
    assessment = staging(row["assessment"], given, "assessment_")
    checked = rstage.check_restaging(diagnosis, assessment, **act(given))
    if not row["restaged"]:
        with pytest.raises(rstage.RestagingError) as caught:
            rstage.restage(diagnosis, assessment, **act(given))
        assert_codes(row["codes"], caught.value.diagnostics)
        assert_codes(row["codes"], checked)
        return
    restaging = rstage.restage(diagnosis, assessment, **act(given))
    assert str(restaging.restaged) == row["restaged"]
    order = ["local", "regional", "distant"]
    assert "+".join(sorted(map(str, restaging.recurrence), key=order.index)) == row["recurrence"]
    assert restaging.diagnosis is diagnosis
    assert not [found for found in checked if found.severity is Severity.ERROR]
    assert_codes(row["codes"], (*assessment.diagnostics, *restaging.diagnostics))
    assert_restaging_the_r_form_changes_nothing(row)


def assert_restaging_the_r_form_changes_nothing(row: dict[str, str]) -> None:
    assessment = rstage.Staging.parse(row["restaged"])
    again = rstage.restage(rstage.Staging.parse(row["diagnosis"]), assessment)
    assert again.restaged == assessment.stage


def test_every_row_of_section_h_has_a_line() -> None:
    expected = {*map(str, range(1, 94)), "4a", "4b", "4c"}
    assert {row["row"].removeprefix("H") for row in rows("section_h.tsv")} == expected


def test_every_ruling_of_section_i_has_a_line() -> None:
    assert {row["row"].removeprefix("I") for row in rows("section_i.tsv")} == set(map(str, range(1, 29)))


def test_every_rule_of_syntax_has_a_rejected_line() -> None:
    known = [rule for rule in vars(rules).values() if isinstance(rule, Rule)]
    syntax = {rule.name for rule in known if rule.code.startswith("RS1")}
    assert syntax <= {name for row in rows("rejected.tsv") for name in row["codes"].split()}


@pytest.mark.parametrize("name", TABLES)
def test_no_line_stands_twice(name: str) -> None:
    keys = [(row.get("row"), row["text"], row["options"]) for row in rows(name)]
    assert len(keys) == len(set(keys))


def test_no_text_is_accepted_and_rejected() -> None:
    accepted: set[tuple[str, str]] = set()
    refused: set[tuple[str, str]] = set()
    for row in (row for name in TABLES for row in rows(name)):
        (accepted if row.get("canonical") else refused).add((row["text"], row["options"]))
    assert not accepted & refused
