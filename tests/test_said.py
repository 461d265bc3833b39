"""What a user sees of each text of the tables is what it was: any other word of it is a change of a file."""

from __future__ import annotations

import json

import pytest

from tests.support.said import KINDS, asked, kept

_AT_A_TIME = 100
CHUNKS = [
    pytest.param(kind, first, id=f"{kind.partition('.')[0]}-{first}")
    for kind in KINDS
    for first in range(0, len(kept(kind)), _AT_A_TIME)
]


@pytest.mark.parametrize(("kind", "first"), CHUNKS)
def test_what_is_said(kind: str, first: int) -> None:
    answer = KINDS[kind][1]
    for line in kept(kind)[first : first + _AT_A_TIME]:
        said = json.loads(json.dumps(answer(line["ask"])))
        assert said == line["said"], f"{line['ask']}: python -m tests.support.said writes the files anew"


@pytest.mark.parametrize("kind", KINDS)
def test_every_line_of_the_tables_is_asked(kind: str) -> None:
    assert [line["ask"] for line in kept(kind)] == asked(kind)
