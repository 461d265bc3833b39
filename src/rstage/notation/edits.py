"""A text that was changed before it is parsed, with the way back to the text as it was given.

Every layer in front of the grammar (characters made plain, a registry dialect, repair) gives one of these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rstage.diagnostics import Diagnostic


class Edit(NamedTuple):
    """Characters `start` to `end` of a text become `replacement`; `diagnostic` reports it."""

    start: int
    end: int
    replacement: str
    diagnostic: Diagnostic | None = None


class Rewritten(NamedTuple):
    """The text to parse, what was found, and where its characters stood.

    Attributes:
        text: the text after the change.
        offsets: for each of its characters, and its end, the offset in the text before; None where every
            character stands where it stood.
        diagnostics: what was changed, with spans in the text before.
    """

    text: str
    offsets: list[int] | None = None
    diagnostics: tuple[Diagnostic, ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the text before of a span in the text after the change."""
        if self.offsets is None:
            return start, end
        if end <= start:
            return self.offsets[start], self.offsets[start]
        # A character that became several is covered whole.
        last = self.offsets[end - 1]
        following = next((offset for offset in self.offsets[end:] if offset > last), self.offsets[-1])
        return self.offsets[start], max(following, min(last + 1, self.offsets[-1]))


def rewritten(text: str, edits: Iterable[Edit]) -> Rewritten:
    """Return `text` with `edits` applied, which are in order and do not overlap.

    A replacement as long as what it replaces keeps the place of each character; in any other, each stands
    for the place where the edit begins.
    """
    pieces: list[str] = []
    offsets: list[int] = []
    found: list[Diagnostic] = []
    end = 0
    for edit in edits:
        pieces += [text[end : edit.start], edit.replacement]
        offsets += range(end, edit.start)
        if len(edit.replacement) == edit.end - edit.start:
            offsets += range(edit.start, edit.end)
        else:
            offsets += [edit.start] * len(edit.replacement)
        if edit.diagnostic is not None:
            found.append(edit.diagnostic)
        end = edit.end
    pieces.append(text[end:])
    offsets += range(end, len(text) + 1)
    return Rewritten("".join(pieces), offsets, tuple(found))
