"""What stands in a bracket that no rule reads: suffixes, and remarks that may change the stage.

Mode `repair` keeps the suffixes (ruling J.21). It takes the rest as a comment (ruling 9) only where nothing
in it says another value, another staging, a limit, a doubt or a negation. What is not understood is refused.
"""

from __future__ import annotations

import re

from rstage.model.suffixes import SITES
from rstage.notation.brackets import pieces
from rstage.notation.component import known_component
from rstage.notation.suffix import COUNTS
from rstage.notation.tree import parse_nodes
from rstage.reference import vocabulary
from rstage.reference.recurrence_words import names_recurrence
from rstage.reference.systems import find_system
from rstage.reference.tsv import data_rows
from rstage.reference.word_lists import alternatives, whole_words


def _words(*kinds: str) -> re.Pattern[str]:
    rows = [row["words"] for row in data_rows("remark_words.tsv") if row["kind"] in kinds]
    return whole_words(alternatives(rows))


# Behind M1 a remark names the place; elsewhere and here these words change what was said before them. Words
# of recurrence: `names_recurrence`.
_SIGNS = re.compile("[<>=≤≥?]")
_DOUBT = _words("denial", "doubt", "limit")
_WORDS = _words("denial", "doubt", "limit", "y", "a", "earlier")
_TIME = {letter: _words(letter) for letter in "ya"}
_EARLIER = _words("earlier")
_CHANGES = _words("denial", "doubt", "y", "a", "earlier")
# A limit of a size: "max. 2.3 cm", "minimaler Abstand 4 mm", "bis zu 2 cm".
_OF_SIZE = re.compile(
    r"\b(?:(?:max|min|mind)\.?|(?:max|min)im(?:al[a-z]{0,2}|um)|mindestens|up to|bis(?: zu)?|at least|at most"
    r"|(?:more|less) than|(?:mehr|weniger) als|al menos|au moins|au plus|plus de) ?"
    r"(?P<between>(?:[^\W\d_]{1,14}[.:]? ){0,3})(?=[0-9]+(?:[.,][0-9]+)? ?(?:mm|cm)\b)",
    re.IGNORECASE,
)
# They only say again what a value of zero says.
_AGREES_WITH_ZERO = re.compile(r"\b(?:negativ\w*|négati\w*|clear|free)\b", re.IGNORECASE)
_POSITIVE = re.compile(r"\bpos(?:itiv\w*)?\b", re.IGNORECASE)
# What belongs to the value, spelled as no suffix is: extranodal extension; how a value was found.
_OF_THE_VALUE = re.compile(r"\b(?:ENE|extranodal|extracapsular)(?![a-z])|\bPET\b", re.IGNORECASE)
_EDITION = re.compile(
    r"AJCC|UICC|FIGO|TNM|edition|\bv\d|\d(?:st|nd|rd|th)\b|\b(?:19|20)\d\d\b", re.IGNORECASE
)
# What begins with it says that of the edition: "edition not given".
_OF_EDITION = re.compile(r"(?:AJCC|UICC|edition|Auflage)\b", re.IGNORECASE)
# A prefix, a subcategory or a value alone.
_LETTER, _VALUE = vocabulary.subcategory_letters(), vocabulary.value_digits()
_LONE_LETTERS = re.compile(
    # "pCR" is a complete response.
    rf"(?![pc]CR\Z)[ryacpuRYACPU]{{1,4}}|[{_LETTER}0-9][{_LETTER}0-9]?|[EeSsXx]|\W*|.*\br[0-9]?\b.*",
    re.DOTALL,
)
_CATEGORY = re.compile(
    rf"[TNM][ -]?(?:[{_VALUE}Xx](?![0-9])|is|IS)|r[ryacpu]{{0,3}}[TNM]"
    r"|(?<![A-Za-z])[ryacp]{0,4}(?:iv|i{1,3})[a-d]?[1-3]?(?![A-Za-z])"
    rf"|(?<![0-9])[{_VALUE}] ?[-/] ?[{_VALUE}](?![0-9])"
    rf"|(?<![A-Za-z])[ryacpu]{{0,4}}[tnm][ -]?(?:[{_VALUE}x](?![0-9A-Za-z])|is\b)|\b[ryacpu]{{0,4}}ta\b"
)
# Numbers that say nothing about the value: a size, the number of a specimen.
_MEASUREMENT = re.compile(r"[0-9]+(?:[.,][0-9]+)? *(?:x *[0-9]+(?:[.,][0-9]+)? *)*(?:mm|cm|%)")
_VALUE_NUMBER = re.compile(rf"(?<![A-Za-z0-9.,/-])[{_VALUE}][{_LETTER}]?(?![0-9./,-]|[A-Za-z]{{2}})")
_KINDS = ("category", "descriptor", "group", "bracketed_group", "whole_group")
# Suffixes that are words as well, in any case, and the site codes, in small letters.
_WORDS_TOO = frozenset(("f", "is", "m", "s", "ss"))
_SMALL_SITES = frozenset(map(str.lower, SITES))
# Articles that look like a misread Ia or II.
_ARTICLES = frozenset(("la", "La", "Il"))
_HARMLESS = ("UNKNOWN", "LONE_UNKNOWN_BRACKET", "LONELY_PREFIX", "OCCULT")


# Where nodes lie: "level II", "Station 4R"; no group, and no value.
_LEVEL = re.compile(
    r"\b(?:levels?|niveaus?|nivel(?:es)?|livell[oi]|stations?|stationen|staz\w*|regions?|zones?)[ ]?"
    r"(?:[IV]{1,3}|[0-9]{1,2})[A-CLR]?(?:[ ]?[-/,+][ ]?(?:[IV]{1,3}|[0-9]{1,2})[A-CLR]?)*(?!\w)",
    re.IGNORECASE,
)


def changes_meaning(inside: str, value: str) -> bool:
    """Return whether a remark says something that the stage would not hold without it.

    Args:
        inside: what stands in the bracket.
        value: the category before it without prefix and suffixes, such as `M1b`; empty where there is none.
    """
    inside = _LEVEL.sub("level", inside)
    is_zero = value.endswith("0")
    rest = COUNTS.sub("", inside, count=1)
    numbers = "" if value.startswith("M1") else _MEASUREMENT.sub("", rest)
    return bool(
        _LONE_LETTERS.fullmatch(inside)
        or _WORDS.search(without_sizes(inside))
        or _SIGNS.search(without_sizes(inside))
        or names_recurrence(inside)
        or (_AGREES_WITH_ZERO.search(inside) and not is_zero)
        or (_POSITIVE.search(inside) and is_zero)
        or _EDITION.search(inside)
        or _OF_THE_VALUE.search(inside)
        or _VALUE_NUMBER.search(numbers)
        or _holds_stage(rest)
    )


def contradicts(inside: str, value: str, timing: str) -> bool:
    """Return whether a remark behind a stage can be a doubt, a negation or a timing that the stage lacks.

    Args:
        inside: what stands in the bracket.
        value: as for `changes_meaning`.
        timing: the letters r, y and a that the stage has.
    """
    plain = without_sizes(inside)
    is_denied = _DOUBT.search(plain) and not _OF_EDITION.match(inside)
    return bool(
        is_denied
        or _SIGNS.search(plain)
        or _LONE_LETTERS.fullmatch(inside)
        or (_AGREES_WITH_ZERO.search(inside) and not value.endswith("0"))
        or (_POSITIVE.search(inside) and value.endswith("0"))
        or _OF_THE_VALUE.search(inside)
        or any(letter not in timing and words.search(plain) for letter, words in _TIME.items())
        or ("r" not in timing and names_recurrence(plain))
        or ("r" in timing and _EARLIER.search(plain))
    )


def without_sizes(inside: str) -> str:
    """Return a remark without the sizes in it, and the limits of these."""
    kept = _OF_SIZE.sub(lambda found: found[0] if _CHANGES.search(found["between"]) else "", inside)
    return _MEASUREMENT.sub("", kept)


def _holds_stage(inside: str) -> bool:
    """Return whether a remark names a part of a stage or a system, in whatever case."""
    if _CATEGORY.search(inside) or find_system(inside) or find_system(inside.upper()):
        return True
    nodes, _failures = parse_nodes(inside) if inside.strip() else ([], [])
    return any(
        node.kind in _KINDS
        or (
            node.kind.endswith("mistake")
            and node.tokens[0].kind not in _HARMLESS
            and node.tokens[0].text not in _ARTICLES
        )
        for node in nodes
    )


# ---------------------------------------------------------------- the suffixes in it


def kept_suffixes(category: str, inside: str) -> tuple[str, bool]:
    """Return the suffixes in a bracket, each in its own bracket, and whether nothing else stands there.

    Args:
        category: the category before it without prefix and suffixes.
        inside: what stands in the bracket.
    """
    if len(re.findall("[0-9]+ */ *[0-9]+", inside)) > 1:
        # Counts that stand twice say two things; neither is taken.
        return "", False
    whole = _spelled_as_suffix(category, inside)
    if whole:
        return whole, True
    kept = []
    for piece in pieces(inside):
        # A number counts tumors only where it stands alone.
        kept.append("" if piece.isdecimal() else _spelled_as_suffix(category, piece))
        counts = COUNTS.match(piece)
        if counts and not kept[-1]:
            kept.append(_spelled_as_suffix(category, counts.group()))
    return "".join(kept), all(kept)


def drops_a_suffix(category: str, inside: str) -> bool:
    """Return whether something of the category would be left aside with the remark beside it (J.21)."""
    counts = list(COUNTS.finditer(inside))
    if len(counts) > 1 or (counts and not _spelled_as_suffix(category, counts[0].group())):
        return True  # counts that cannot be are an error in every mode, and of two none is taken
    rest = [piece for piece in pieces(inside) if not _spelled_as_suffix(category, piece)]
    if any(COUNTS.search(piece) and not COUNTS.match(piece) for piece in rest):
        return True  # behind a word they may be a date as well: "left 2/15", "biopsy 3/17"
    words = [word for piece in rest for word in COUNTS.sub("", piece, count=1).split()]
    words += [word for joined in words for word in re.split("[+/&]", joined) if word != joined]
    return any(map(str.isdecimal, pieces(inside))) or any(
        _spelled_as_suffix(category, word)
        for word in words
        if word.lower() not in _WORDS_TOO and word not in _SMALL_SITES and not word.isdecimal()
    )


def _spelled_as_suffix(category: str, text: str) -> str:
    """Return a text as a suffix in brackets, or an empty text: `SN`, `1-` for `i-`, `O/12`."""
    spellings = (text, text.lower(), re.sub(r"^[1l|](?= *[+-]$)", "i", text), re.sub("^[oO](?=/)", "0", text))
    return next((f"({one})" for one in spellings if is_suffix(category, one)), "")


def is_suffix(category: str, text: str) -> bool:
    """Return whether `(text)` is a suffix that this category can carry, and says anything."""
    component, _ = known_component(f"{category}({text})")
    parts = component.parts
    return len(parts) == 1 and parts[0].value is not None and not parts[0].has_error and not parts[0].renamed
