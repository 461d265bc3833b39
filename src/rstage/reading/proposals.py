"""What a value that is not read may be as a whole: its suggestions put in where each belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rstage.arguments import check_keywords
from rstage.reading.options import READ_KEYWORDS
from rstage.reading.read import read
from rstage.reading.read_parts import read_parts
from rstage.reference.choices import FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Unpack

    from rstage.diagnostics import Diagnostic
    from rstage.reading.options import ReadOptions
    from rstage.reading.read import Reading


def proposals_of(text: str, **options: Unpack[ReadOptions]) -> tuple[str, ...]:
    """Return the whole texts that may have been meant where a text is refused, or read by a guess.

    They are the suggestions of its diagnostics put in where each belongs, as far as that is read; only a
    person can say which one is right. The keywords are those of `read`.

    Raises:
        TypeError: `text` is no string, or a keyword is unknown.
        ValueError: an option has an unknown value.
    """
    check_keywords("proposals_of", options, READ_KEYWORDS)
    found = read(text, **options).diagnostics
    return proposals(text, found, lambda one: read(one, **options).ok)


def read_as(part: str, value: str, keywords: Mapping[str, Any]) -> Reading:
    """Return what a value says by itself.

    Args:
        part: the part that it is, one of `FIELDS`; anything else is a whole stage.
        value: the text.
        keywords: those of `read`.
    """
    return read_parts(**{**keywords, part: value}) if part in FIELDS else read(value, **keywords)


def proposals(
    value: str, diagnostics: Sequence[Diagnostic], is_read: Callable[[str], bool]
) -> tuple[str, ...]:
    """Return a value with each suggestion put in where it belongs, and with the first of all of them.

    Args:
        value: the text that was refused.
        diagnostics: what was found in it.
        is_read: says whether a text is read; one that is not is no proposal.
    """
    return tuple(filter(is_read, _put_in(value, diagnostics)))


def _put_in(value: str, diagnostics: Sequence[Diagnostic]) -> list[str]:
    found: dict[str, None] = {}
    together, end = value, len(value)
    for one in sorted(diagnostics, key=lambda one: one.span, reverse=True):
        for text in one.suggestions:
            found[_in_place(value, one, text)] = None
            if one.span != (0, len(value)):
                found[text] = None
        if one.suggestions and one.span[1] <= end:
            together = _in_place(together, one, one.suggestions[0])
            end = one.span[0]
    # A suggestion that is shorter than what it stands in may be a part of it only.
    whole = [text for text in (together, *found) if text != value and len(text) * 2 > len(value)]
    return list(dict.fromkeys(whole))


def _in_place(value: str, found: Diagnostic, text: str) -> str:
    """Return a value with a suggestion where it belongs; one that begins as the value does is a whole one."""
    start, end = found.span
    before = value[:start]
    if before.strip() and text.startswith(before):
        return text
    return before + text + value[end:]
