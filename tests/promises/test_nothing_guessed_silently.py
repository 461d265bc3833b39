"""Nothing is guessed silently: a choice is a finding, what cannot be read is an error with its position."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import rstage
from rstage import Severity
from tests.support.case_tables import options, rows

if TYPE_CHECKING:
    from rstage.reference.choices import Mode

MODES = ("strict", "standard", "repair")
TABLES = ("accepted", "section_h", "section_i", "rejected", "repaired", "systems")


def is_within(text: str, canonical: str) -> bool:
    """Return whether every character of a text stands in another one, in its order; blanks do not count."""
    rest = iter("".join(canonical.split()))
    return all(character in rest for character in "".join(text.split()))


def readings(name: str, mode: Mode) -> list[rstage.Reading]:
    """Return what a mode reads of the lines of a table."""
    found = []
    for row in rows(f"{name}.tsv"):
        given = {
            key: value
            for key, value in options(row["options"]).items()
            if key not in ("mode", "site", "site_table")
        }
        found.append(rstage.read(row["text"], **given, mode=mode))
    return found


# Where another system is given, its name takes the place of the word Stage.
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", [name for name in TABLES if name != "systems"])
def test_what_is_read_without_a_finding_has_every_character_of_the_text(name: str, mode: Mode) -> None:
    plain = [one for one in readings(name, mode) if one.ok and not one.diagnostics]
    for reading in plain:
        assert is_within(reading.text, str(reading)), reading.text
    assert len(plain) > (100 if name == "accepted" else 0) or name in ("rejected", "repaired")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", TABLES)
def test_what_cannot_be_read_is_an_error_with_its_position(name: str, mode: Mode) -> None:
    for reading in readings(name, mode):
        errors = [found for found in reading.diagnostics if found.severity is Severity.ERROR]
        assert reading.ok is not bool(errors)
        assert bool(reading.stages) is reading.ok
        assert all(0 <= start <= end <= len(reading.text) for start, end in (one.span for one in errors))


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("T2cN0", "AMBIGUOUS_GLUED_PREFIX"),
        ("prT2 N0 M0", "PREFIX_REORDERED"),
        ("T2 c N0", "PREFIX_DETACHED"),
        ("mpT1a", "MULTIPLICITY_PREFIX"),
        ("pT2m", "MULTIPLICITY_WITHOUT_BRACKET"),
        ("pT1micN0", "MIC_BEFORE_CATEGORY"),
        ("rTNM: T2 N0 M0", "LABEL_TIMING"),
        ("T2 N0 M0; T3 N0 M0", "SEVERAL_STAGINGS"),
    ],
)
def test_a_choice_between_readings_is_a_finding(text: str, choice: str) -> None:
    assert choice in {found.name for found in rstage.read(text).diagnostics}


@pytest.mark.parametrize(
    "text", ["pT2 pNO M0", "PT2 PN0", "t2 n0 m0", "T2 N0 Ml", "\u04222 N0 M0", "T2 (Meyer)"]
)
def test_a_repair_is_only_made_where_it_is_asked_for_and_says_so(text: str) -> None:
    plain, repaired = rstage.read(text), rstage.read(text, mode="repair")
    assert not plain.ok
    assert not repaired.ok or any(found.severity is Severity.WARNING for found in repaired.diagnostics)


def test_what_a_code_of_a_registry_means_is_a_finding() -> None:
    reading = rstage.read("c1", dialect="naaccr", field="T")
    assert reading.ok
    assert {found.name for found in reading.diagnostics} == {"DIALECT_CODE"}
    assert not rstage.read("c1", field="T").ok


def test_a_derived_recurrence_says_that_it_is_derived() -> None:
    diagnosis, assessment = rstage.Staging.parse("pT2 pN0 cM0"), rstage.Staging.parse("cT0 cN0 cM1(HEP)")
    assert rstage.restage(diagnosis, assessment).recurrence_basis == "derived"
    assert rstage.restage(diagnosis, assessment, recurrence={"distant"}).recurrence_basis == "stated"
