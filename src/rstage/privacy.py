"""What may be shown of a value in a message: plain stage notation and no more.

A stage column of a real export also holds names, dates and record numbers, and messages end in logs.
"""

from __future__ import annotations

import re

from rstage.caches import cached
from rstage.reference.grammar import notation_words
from rstage.reference.systems import without_system_names

_HIDDEN = "(hidden, "
LONGEST_SHOWN = 40
"""Longer texts are hidden whatever they hold."""

_LETTERS = re.compile(r"[^\W\d_]+")
# "rFIGO", "micN", "TisDCIS": what stands before is a prefix or a category; "IIIC" is a numeral, "biii" what
# follows N1.
_NOTATION = (
    "^(?:mi)?[ryacpum]{0,3}(?:(?=[A-Z])(?:Tis|Ta)?|(?=stage))"
    "|(?:IV|I{1,3})(?:[A-D]i{0,2}[rp]?|[ABESX]{1,4}|[es])?$|^bi(?:ii?|v)$"
)
# "Ann Lee": two short words that could be a name; "Nx Mx" is notation.
_SHORT_NAME = r"(?:(?!(?:[TNM][xo]|Tis|Ta|Pn)\b)\b[A-Z][a-z]{1,2}\b[ ,-]*){2}"
# A record number, or a year that no owner of an edition stands before; a date.
_ADDRESS_SIGN = frozenset("@\uff20\ufe6b")
_NUMBERS = r"(?<!\d)(?<!AJCC )(?<!UICC )(?<!FIGO )(?<!edition )\d{4,}|\d+[./-]\d+[./-]\d+"


@cached()
def is_notation(text: str) -> bool:
    """Return whether every run of letters in `text` is at most three long or a word of the grammar.

    And it holds no number of four digits or more but the year of an edition, and no date.
    """
    if not text.isprintable() or re.search(_NUMBERS, text) or re.search(_SHORT_NAME, text):
        return False
    return _has_known_words(text) or _has_known_words(without_system_names(text))


def _has_known_words(text: str) -> bool:
    return all(map(_is_known, _LETTERS.findall(text)))


@cached()
def _is_known(run: str) -> bool:
    word = re.sub(_NOTATION, "", run)
    return len(word) <= 3 or word.lower() in notation_words()


def is_column_name(text: str) -> bool:
    """Return whether the name of a column may be shown: a file without a header has a record in its place.

    A person's name looks like that of a column; a record number, a date and an e-mail address do not.
    """
    return text.isprintable() and not re.search(_NUMBERS, text) and _ADDRESS_SIGN.isdisjoint(text)


def is_plain(text: str) -> bool:
    """Return whether `text` can only be stage notation, and is at most 40 characters long."""
    return len(text) <= LONGEST_SHOWN and is_notation(text)


def shown(text: str) -> str:
    """Return `text` where it is plain stage notation, else only how long it is."""
    return text if is_plain(text) else hidden(text)


def hides(message: str) -> bool:
    """Return whether a message says of a text only how long it is."""
    return _HIDDEN in message


def hidden(text: str) -> str:
    """Return what stands in a message for a text that is not shown."""
    return f"{_HIDDEN}{len(text)} characters)"
