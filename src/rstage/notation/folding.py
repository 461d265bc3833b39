"""Characters that cannot change the meaning are made plain; offsets lead back to the text as given.

Folded are full-width forms, Roman-numeral glyphs, blanks, dashes, apostrophes and brackets. Never folded are
superscripts, subscripts and circled letters (`T1a²` is not `T1a2`), nor letters of another alphabet that
look like Latin ones: those are errors here.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from rstage import rules
from rstage.notation.edits import Rewritten
from rstage.privacy import shown

if TYPE_CHECKING:
    from rstage.diagnostics import Diagnostic

_DASHES = dict.fromkeys("\u00ad\u058a\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d", "-")
_QUOTES = dict.fromkeys("\u2018\u2019\u201b\u2032\u02bc\u00b4", "'")
_BRACKETS = {"[": "(", "]": ")", "{": "(", "}": ")", "\u2768": "(", "\u2769": ")"}
_SLASHES = {"\u2044": "/", "\u2215": "/"}
# The letter behind the number of an edition is its own: "8.ª edición". Elsewhere it is a superscript.
_ORDINAL = re.compile(r"(?<=[0-9.])[ªº](?= ?(?i:ed))")
_PLAIN = {**_DASHES, **_QUOTES, **_BRACKETS, **_SLASHES}
# Cyrillic, then Greek, each beside the Latin letter it looks like.
_LOOK_ALIKES = {
    **dict(zip("АВСЕНІЈКМОРЅТХасеоріѕху", "ABCEHIJKMOPSTXaceopisxy", strict=True)),  # noqa: RUF001  they look alike
    **dict(zip("ΑΒΕΗΙΚΜΝΟΡΤΧο", "ABEHIKMNOPTXo", strict=True)),  # noqa: RUF001  they look alike
}


def is_plain(text: str) -> bool:
    """Return whether every character of a text stands for itself."""
    return text.isascii() and not ("[" in text or "]" in text or "{" in text or "}" in text)


def fold(text: str) -> Rewritten:
    """Return `text` with its characters made plain.

    Each change is a `CHARACTER_FOLDED`; what must not be folded is an error (`SUPERSCRIPT`, `LOOK_ALIKE`).
    """
    if is_plain(text):
        return Rewritten(text)
    pieces: list[str] = []
    offsets: list[int] = []
    found: list[Diagnostic] = []
    kept = {one.start() for one in _ORDINAL.finditer(text)}
    for place, character in enumerate(text):
        if place in kept:
            pieces.append(character)
            offsets.append(place)
            continue
        plain, diagnostic = _fold_character(character, (place, place + 1))
        if diagnostic:
            found.append(diagnostic)
        pieces.append(plain)
        offsets += [place] * len(plain)
    offsets.append(len(text))
    return Rewritten("".join(pieces), offsets, tuple(found))


def _fold_character(character: str, span: tuple[int, int]) -> tuple[str, Diagnostic | None]:
    if character in _PLAIN:
        plain = _PLAIN[character]
    elif character.isascii():
        return character, None
    elif character in _LOOK_ALIKES:
        plain = _LOOK_ALIKES[character]
        return plain, rules.LOOK_ALIKE.at(span, text=shown(character), suggestions=(plain,))
    elif character.isspace():
        plain = "\n" if character in "\u0085\u2028\u2029" else " "
    else:
        plain = unicodedata.normalize("NFKC", character)
        if plain == character:
            return character, None
        if not _may_be_folded(character, plain):
            return "", rules.SUPERSCRIPT.at(span, text=shown(character))
    return plain, rules.CHARACTER_FOLDED.at(span, before=shown(character), after=shown(plain))


def _may_be_folded(character: str, plain: str) -> bool:
    """Return whether the compatibility form means the same: full-width forms, numerals, brackets."""
    kind = unicodedata.decomposition(character).split(" ", 1)[0]
    return kind in ("<wide>", "<narrow>", "<small>", "<vertical>", "<noBreak>") or (
        "ROMAN NUMERAL" in unicodedata.name(character, "") and plain.isascii()
    )
