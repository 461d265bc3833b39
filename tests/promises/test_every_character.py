"""Every character of a text that is accepted is in the value or in a finding."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

import rstage
from rstage import rules
from rstage.reference.choices import MODES, Mode
from rstage.reference.systems import TNM
from tests.support.case_tables import options, rows
from tests.support.fuzz.drawing import text_of
from tests.support.fuzz.promises import is_within

TABLES = ("accepted", "section_h", "section_i", "section_j", "repaired", "rejected", "systems")
SEED = 1880
# The whole text is its place, and it says nothing of what stands there.
OF_THE_WHOLE = rules.SEVERAL_STAGINGS.code


def untold(reading: rstage.Reading) -> str:
    """Return the text of a reading without what a finding says was folded, moved, repaired or left out."""
    rest = list(reading.text)
    for found in reading.diagnostics:
        if found.code.startswith("RS2") and found.code != OF_THE_WHOLE:
            start, end = found.span
            rest[start:end] = " " * (end - start)
    return "".join(rest)


def assert_accounted(reading: rstage.Reading) -> None:
    """Every character that no finding is about stands in the canonical text, in its order."""
    left, written = untold(reading), str(reading)
    if any(stage.group is not None and stage.group.system != TNM for stage in reading.stages):
        # The name of the system takes the place of the word.
        left = left.replace("Stage", "")
    if any(found.code == rules.ORDER_FOLDED.code for found in reading.diagnostics):
        missing = Counter("".join(left.split())) - Counter("".join(written.split()))
        assert not missing, (reading.text, written)
    else:
        assert is_within(left, written), (reading.text, written)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("table", TABLES)
def test_of_the_tables(table: str, mode: Mode) -> None:
    for row in rows(f"{table}.tsv"):
        given = {
            name: value
            for name, value in options(row["options"]).items()
            if name not in ("mode", "site", "site_table")
        }
        reading = rstage.read(row["text"], **given, mode=mode)
        if reading.ok:
            assert_accounted(reading)


@pytest.mark.parametrize("mode", MODES)
def test_of_drawn_texts(mode: Mode) -> None:
    accepted = 0
    for number in range(1_500):
        reading = rstage.read(text_of(Random(f"{SEED} {number}")).text, mode=mode)  # noqa: S311  no secret
        if reading.ok:
            accepted += 1
            assert_accounted(reading)
    assert accepted > 200


def test_what_is_neither_is_seen() -> None:
    stage = rstage.parse("pT2 N0")
    with pytest.raises(AssertionError):
        assert_accounted(rstage.Reading(text="pT2 N0 R1", stages=(stage,)))
    with pytest.raises(AssertionError):
        assert_accounted(rstage.Reading(text="rpT2 N0", stages=(stage,)))
