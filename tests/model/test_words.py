"""What each part of a stage means, in words."""

from __future__ import annotations

import pytest

import rstage
from tests.support.case_tables import rows

MEANT: dict[str, list[tuple[str, str, str]]] = {}
for row in rows("words.tsv"):
    MEANT.setdefault(row["text"], []).append((row["part"], row["value"], row["words"]))


@pytest.mark.parametrize("text", MEANT)
def test_every_part_is_said_in_words(text: str) -> None:
    stage = rstage.read(text).stage
    assert stage is not None
    assert list(stage.words()) == MEANT[text]
