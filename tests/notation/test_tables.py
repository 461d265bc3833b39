"""The tables of the notation against the library: what is read, what is refused, what is restaged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import rstage
from rstage import rules
from rstage.diagnostics import Rule, Severity
from tests.support.case_tables import cases, options, rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rstage.diagnostics import Diagnostic
    from rstage.reading.read import Reading

TABLES = ("section_h.tsv", "section_i.tsv", "accepted.tsv", "rejected.tsv")
SECTIONS = ("section_h.tsv", "section_i.tsv")


def read(row: dict[str, str]) -> Reading:
    return rstage.read(row["text"], **options(row["options"]))


def canonical(reading: Reading) -> str:
    return " | ".join(map(str, reading.stages))


def code(name: str) -> str:
    found: str = getattr(rules, name).code
    return found


def assert_codes(expected: str, diagnostics: Iterable[Diagnostic]) -> None:
    """Every name must be among the findings, and no name that has ! in front."""
    found = {diagnostic.code for diagnostic in diagnostics}
    named = expected.split()
    required = {code(name) for name in named if not name.startswith("!")}
    forbidden = {code(name[1:]) for name in named if name.startswith("!")}
    assert required <= found
    assert not forbidden & found


def must_raise(reading: Reading) -> bool:
    """Whether a call that returns one stage has to raise: it has no other way to tell of these."""
    doubtful = any(
        diagnostic.code.startswith("RS2") and diagnostic.severity is Severity.WARNING
        for diagnostic in reading.diagnostics
    )
    return not reading.ok or len(reading.stages) != 1 or doubtful


@pytest.mark.parametrize("row", [case for name in SECTIONS for case in cases(name, "row", "text", "options")])
def test_sections(row: dict[str, str]) -> None:
    reading = read(row)
    assert canonical(reading) == row["canonical"]
    assert reading.ok is bool(row["canonical"])
    assert_codes(row["codes"], reading.diagnostics)


@pytest.mark.parametrize("row", cases("accepted.tsv", "rule", "text", "options"))
def test_accepted(row: dict[str, str]) -> None:
    reading = read(row)
    assert canonical(reading) == row["canonical"]
    assert reading.ok


@pytest.mark.parametrize("row", cases("accepted.tsv", "rule", "text", "options"))
def test_canonical_text_is_read_back(row: dict[str, str]) -> None:
    # A descriptor alone is read only in its own field, and its canonical text too.
    field = options(row["options"]).get("field")
    for stage in read(row).stages:
        again = rstage.read(str(stage), field=field)
        assert again.stage == stage
        assert not [found for found in again.diagnostics if found.code.startswith(("RS1", "RS2"))]


@pytest.mark.parametrize("row", cases("rejected.tsv", "text", "options"))
def test_rejected(row: dict[str, str]) -> None:
    reading = read(row)
    assert reading.stages == ()
    assert reading.stage is None
    assert not reading.ok
    assert_codes(row["codes"], reading.diagnostics)


@pytest.mark.parametrize("row", cases("rejected.tsv", "text", "options"))
def test_where_the_error_stands(row: dict[str, str]) -> None:
    errors = [found for found in read(row).diagnostics if found.severity is Severity.ERROR]
    assert all(0 <= start <= end <= len(row["text"]) for start, end in (found.span for found in errors))
    if not row["span"]:
        return
    start, end = map(int, row["span"].removeprefix("~").split("-"))
    first = min(found.span for found in errors)
    if row["span"].startswith("~"):
        assert start <= first[0] <= first[1] <= end
    else:
        assert first == (start, end)


@pytest.mark.parametrize(
    "row", [case for case in cases("rejected.tsv", "text", "options") if case.values[0]["suggestion"]]
)
def test_suggestions(row: dict[str, str]) -> None:
    offered = {text for found in read(row).diagnostics for text in found.suggestions}
    assert set(row["suggestion"].split(" | ")) <= offered


@pytest.mark.parametrize("row", [case for name in TABLES for case in cases(name, "text", "options")])
def test_parse_raises_where_it_could_not_say_what_it_did(row: dict[str, str]) -> None:
    reading = read(row)
    if must_raise(reading):
        with pytest.raises(rstage.NotationError) as caught:
            rstage.parse(row["text"], **options(row["options"]))
        assert set(caught.value.diagnostics) <= set(reading.diagnostics)
    else:
        assert rstage.parse(row["text"], **options(row["options"])) == reading.stage


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


@pytest.mark.parametrize(
    "row",
    [case for case in cases("restaged.tsv", "diagnosis", "assessment") if case.values[0]["restaged"]],
)
def test_restaging_the_r_form_changes_nothing(row: dict[str, str]) -> None:
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
