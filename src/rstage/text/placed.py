"""Mentions with their places: as JSON-ready values, as a row of CSV, and as a line for a person."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rstage.privacy import is_notation
from rstage.restaging.recurrence import types_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rstage.diagnostics import Diagnostic
    from rstage.text.find import Mention
    from rstage.text.pairs import FoundRestaging

FIELDS = (
    *("file", "line", "row", "id", "column", "span", "text", "canonical", "context", "context_span"),
    "findings",
)
"""The columns of CSV."""
PAIR_FIELDS = ("diagnosis_span", "restaged", "restage_recurrence", "restage_link", "restage_findings")
"""Those of a staging with r and the diagnosis before it."""

_HIDDEN = "(hidden)"
_PLACE = re.compile(r"\([a-zß-öø-ÿ]+(?: [a-zß-öø-ÿ]+)?\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedMention:
    """A mention with its place.

    Attributes:
        file: the file. line: the line where the mention, or its row, begins.
        row: the number of the row of a table. column: its column or key.
        row_id: what the row calls itself, where a column for it was named.
        mention: what was found. Its spans count from the beginning of the text: of the file, or of the cell.
        pair: the diagnosis it was paired with, where that was asked for.
    """

    file: str
    line: int
    mention: Mention
    row: int | None = None
    row_id: str | None = field(default=None, repr=False)
    column: str | None = None
    pair: FoundRestaging | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the mention as JSON-ready values; a text that is not plain notation is null."""
        mention = self.mention
        found: dict[str, Any] = {
            "file": self.file,
            "line": self.line,
            "row": self.row,
            **({} if self.row_id is None else {"id": self.row_id}),
            "column": self.column,
            "span": list(mention.span),
            "text": mention.text if self._is_shown else None,
            "canonical": self._canonical,
            "stage": None if mention.stage is None else mention.stage.to_dict(),
            "context": mention.context,
            "context_span": None if mention.context_span is None else list(mention.context_span),
            "diagnostics": [one.to_dict() for one in mention.reading.diagnostics],
        }
        if self.pair is not None:
            found["pair"] = self.pair.to_dict()
            if not self._is_pair_shown:
                found["pair"]["restaging"] = None
        return found

    def to_row(self) -> dict[str, Any]:
        """Return the mention as the cells of `FIELDS` and `PAIR_FIELDS`; what JSON hides is empty."""
        told = self.to_dict()
        told["id"] = self.row_id
        told["findings"] = _codes(self.mention.reading.diagnostics)
        told |= dict.fromkeys(PAIR_FIELDS)
        if self.pair is not None:
            told["diagnosis_span"] = list(self.pair.diagnosis.span)
            told["restage_findings"] = _codes(self.pair.diagnostics)
            if self.pair.restaging is not None and self._is_pair_shown:
                restaging = self.pair.restaging
                told["restaged"], told["restage_link"] = str(restaging), str(restaging.link)
                told["restage_recurrence"] = types_text(restaging.recurrence)
        return told

    def __str__(self) -> str:
        mention = self.mention
        place = f"{self.file}:{self.line}:"
        if self.row_id is not None:
            place += f" {self.row_id}" if self.row_id.isprintable() else f" {self.row_id!r}"
        if mention.stage is not None:
            said = self._canonical or _HIDDEN
        else:
            said = f"{mention.text if self._is_shown else _HIDDEN} (no stage)"
        told = [said, *([mention.context] if mention.context is not None else [])]
        if self.pair is not None and self.pair.restaging is not None and self._is_pair_shown:
            told.append(f"after {self.pair.restaging.diagnosis.stage}")
        codes = _codes(mention.reading.diagnostics)
        return f"{place} {', '.join(told)}{f' [{codes}]' if codes else ''}"

    @property
    def _is_shown(self) -> bool:
        return _is_shown(self.mention)

    @property
    def _is_pair_shown(self) -> bool:
        return self._is_shown and self.pair is not None and _is_shown(self.pair.diagnosis)

    @property
    def _canonical(self) -> str | None:
        return str(self.mention) if self._is_shown and self.mention.stage is not None else None


def _codes(found: Iterable[Diagnostic]) -> str:
    return " ".join(dict.fromkeys(one.code for one in found))


def _is_shown(mention: Mention) -> bool:
    """Return whether a text is plain notation.

    A place in small letters behind R (`R0 (lokal)`) is no name; a comment of mode `repair` can be one.
    """
    return is_notation(_PLACE.sub("", " ".join(mention.text.split())))
