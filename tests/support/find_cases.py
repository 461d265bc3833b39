"""The sentences of `tests/data/find.tsv`: where their stagings stand, and what is expected of each."""

from __future__ import annotations

from typing import NamedTuple

from tests.support.case_tables import rows


class Expected(NamedTuple):
    """One staging of a sentence."""

    span: tuple[int, int]
    canonical: str
    context: str | None


class Sentence(NamedTuple):
    """A sentence without its marks, and the stagings in it."""

    language: str
    text: str
    stagings: tuple[Expected, ...]


def marked(row: dict[str, str]) -> Sentence:
    """Return the sentence of a line of the table.

    Raises:
        ValueError: the marks, the canonical texts and the contexts do not go together.
    """
    text, starts, spans = "", [], []
    for character in row["text"]:
        if character == "{":
            starts.append(len(text))
        elif character == "}":
            spans.append((starts[-1], len(text)))
        else:
            text += character
    canonical = row["canonical"].split("|")
    contexts = [None if one == "-" else one for one in row["context"].split("|")]
    found = zip(spans, canonical, contexts, strict=True)
    return Sentence(row["language"], text, tuple(Expected(*one) for one in found))


def sentences() -> list[Sentence]:
    """Return every sentence with stagings."""
    return [marked(row) for row in rows("find.tsv")]


def sentences_without() -> list[str]:
    """Return every sentence that holds no staging."""
    return [row["text"] for row in rows("find_none.tsv")]
