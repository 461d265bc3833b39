"""The recipe "Add a preset" of CONTRIBUTING.md, done with one for an invented registry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.scratch import needs_checkout

if TYPE_CHECKING:
    from tests.support.scratch import Scratch

# What a line does not say is blank, so that each has three cells.
PRESET = """# An invented registry: one row for each follow-up.
key\tvalue\tmeaning
--tumor-id\ttumour_no\t
--diagnosis\tT=dx_t | first_t\t
--diagnosis\tN=?dx_n\t
--assessment\tT=fu_t\t
--event\toutcome\t
--missing\tunk.\t
event\t.*came back.*\trecurrence
event\t.*grew.*\tprogression
"""
TABLE = """tumour_no,first_t,fu_t,outcome
1,cT2,pT1,it came back in 2023
2,cT2,pT1,somewhat unclear
3,unk.,pT1,it came back
"""


@needs_checkout
@pytest.mark.slow
def test_a_preset_is_a_table_and_its_name(scratch: Scratch) -> None:
    scratch.write("src/rstage/data/presets/invented.tsv", PRESET)
    scratch.replace("src/rstage/cli/presets.py", '"seer")', '"seer", "invented")')
    scratch.write("in.csv", TABLE)
    restage = ("restage", "in.csv", "--preset", "invented")
    first, second, third = scratch.rstage(*restage, "--exit-zero").splitlines()[1:]
    assert first.startswith("1,cT2,pT1,it came back in 2023,rpT1,local,r1:")
    assert second.endswith(",,,,RS417 RS503")
    assert third.endswith(",,,,RS504")
    assert "invented" in scratch.rstage("restage", "--help")
    shown = scratch.rstage(*restage, "--show-settings").splitlines()
    assert next(line for line in shown if line.startswith("event =")).endswith("# preset invented")
    scratch.test("tests/cli/test_presets.py", "-k", "invented")
