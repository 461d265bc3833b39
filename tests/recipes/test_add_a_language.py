"""The recipe "Add a language of running text" of CONTRIBUTING.md, done with a few words of Danish."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.scratch import needs_checkout

if TYPE_CHECKING:
    from tests.support.scratch import Scratch

WORDS = """# Danish; what the roles mean stands in en.tsv.
role	words
recurrence	recidiv
diagnosis	ved diagnosen
apart	tidligere
now	nu
of	af
after	efter
period	år
lead	ved
negation	uden
denied	udelukket
away	siden
join	og
or	eller
none	risiko for recidiv
other	kronisk nyresygdom
own	myelomatose
cancer	karcinom
hormone	stofskifte
abbreviation	ca
"""
TEXT = "Ved diagnosen pT2 pN1 M0. Recidiv: rcT0 N0 M1. Fundet nu, recidiv udelukket: pT1 pN0.\n"


@needs_checkout
@pytest.mark.slow
def test_a_language_is_a_table_and_its_name(scratch: Scratch) -> None:
    scratch.write("src/rstage/data/contexts/da.tsv", WORDS)
    scratch.replace("src/rstage/text/phrases.py", "LANGUAGES = (", 'LANGUAGES = ("da", ')
    scratch.write("letter.txt", TEXT)
    lines = scratch.rstage("find", "letter.txt", "--language", "da", "-q").splitlines()
    assert [json.loads(line)["context"] for line in lines] == ["diagnosis", "recurrence", None]
    scratch.test("tests/text/test_find.py", "-k", "table_of_a_language")
