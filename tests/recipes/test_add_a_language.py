"""The recipe "Add a language of running text" of CONTRIBUTING.md, done with a few words of Italian."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.scratch import needs_checkout

if TYPE_CHECKING:
    from tests.support.scratch import Scratch

WORDS = """# Italian; what the roles mean stands in en.tsv.
role	words
recurrence	recidiva
diagnosis	alla diagnosi
negation	senza
denied	esclusa
none	sopravvivenza libera da recidiva
other	renale cronica
cancer	carcinoma
hormone	tiroide
"""
TEXT = "Alla diagnosi pT2 pN1 M0. Recidiva: rcT0 N0 M1. Senza recidiva: pT1 pN0.\n"


@needs_checkout
@pytest.mark.slow
def test_a_language_is_a_table_and_its_name(scratch: Scratch) -> None:
    scratch.write("src/rstage/data/contexts/it.tsv", WORDS)
    scratch.replace("src/rstage/text/context.py", '"fr", "es")', '"fr", "es", "it")')
    scratch.write("letter.txt", TEXT)
    lines = scratch.rstage("find", "letter.txt", "--language", "it", "-q").splitlines()
    assert [json.loads(line)["context"] for line in lines] == ["diagnosis", "recurrence", None]
    scratch.test("tests/text/test_find.py", "-k", "table_of_a_language")
