"""Staging systems other than TNM: their names and their groups.

Both are data: `grammar/systems.tsv`, which names the source behind each line.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from rstage.reference.grammar import is_exact_name, spaced
from rstage.reference.numerals import ARABIC, ROMAN
from rstage.reference.tsv import grammar_rows

TNM = "TNM"
WITH_R = (TNM, "FIGO")
"""The systems whose groups can have an r: in FIGO it is written and warned about."""

MOLECULAR_MARKS = ("mMMRd", "mNSMP", "mPOLEmut", "mp53abn")
"""The molecular classes of FIGO endometrium 2023, as they stand behind the stage."""

NOT_BY_NAME = ("R-ISS", "R2-ISS")
"""The systems that are read only where the caller names them: an R before ISS must not pass for an r."""

HIGHEST_SCORE = 25
"""The highest risk score of a trophoblastic tumor that NAACCR stores."""

ANNOTATED = ("PRETEXT", "POSTTEXT")
"""The systems whose groups can have annotations; they are letters of the liver, never categories."""
ANNOTATIONS = "VPEFRCNM"

_ANNOTATIONS = "".join(f"(?: {letter}[01+])?" for letter in ANNOTATIONS)
_GASTROINTESTINAL = r"(?i)\s*(?:stage|stadium)?\s*:?\s*II[12]E?\s*"
_WORD = "(?![iv]+[a-d]?(?![a-z]))[a-z]{3}"
_FLAGS = "[AB]?E?S?X?"
_BEFORE_GROUP = (
    r"(?= +(?:[Ss]tage +)?(?:[0-5IV]+[A-Za-z]{0,5}|LS|AS|L[12]|MS?|[A-D][1-3]?|Good|Intermediate|Poor)\b)"
)
_NUMERAL = r"([1-5]|IV|V|I{1,3})(?![IV0-9])(.*)"


class System(NamedTuple):
    """One line of the table: the names a system is written with, and its groups in order.

    `other_names` are not searched in running text.
    """

    names: tuple[str, ...]
    other_names: tuple[str, ...]
    values: tuple[str, ...]


def _split(names: str) -> tuple[str, ...]:
    return tuple(filter(None, names.split("|")))


@cache
def _table() -> dict[str, System]:
    return {
        row["system"]: System(_split(row["names"]), _split(row["other_names"]), tuple(row["values"].split()))
        for row in grammar_rows("systems.tsv")
    }


SYSTEMS = (TNM, *_table())
"""The systems whose groups can be read, TNM first."""


def group_values(system: str) -> tuple[str, ...]:
    """Return the groups of a system other than TNM, in order, without the marks behind them."""
    return _table()[system].values


def names(system: str) -> tuple[str, ...]:
    """Return how a system other than TNM is written, the canonical name first."""
    return _table()[system].names + _table()[system].other_names


def names_in_text(system: str) -> tuple[str, ...]:
    """Return the names of a system that are searched in running text."""
    return _table()[system].names


def has_mark(system: str, value: str, mark: str) -> bool:
    """Return whether `mark` can stand behind a group of the system.

    FIGO: `r` or `p` behind IIIC, or a molecular class. Ann Arbor: flags in the order A or B, E, S, X. GTN:
    the score behind a bare numeral. PRETEXT and POSTTEXT: annotations in the order V, P, E, F, R, C, N, M.
    """
    if system == "FIGO" and mark in ("r", "p"):
        return value.startswith("IIIC")
    if system == "FIGO":
        return mark in MOLECULAR_MARKS
    if system in ANNOTATED:
        return mark != "" and re.fullmatch(_ANNOTATIONS, f" {mark}") is not None
    if system == "GTN":
        is_number = mark.isascii() and mark.isdecimal() and str(int(mark)) == mark
        return value in ARABIC and is_number and int(mark) <= HIGHEST_SCORE
    return system == "Ann Arbor" and mark != "" and re.fullmatch(_FLAGS, mark) is not None


def with_mark(system: str, value: str, mark: str) -> str:
    """Return value and mark as they are written: `IIAE`, `III:8`, `LS+A`, `II-3A`, `IIIC1r`, `III V1 P0`."""
    if mark.isdecimal():
        return f"{value}:{mark}"
    if system in ANNOTATED:
        return f"{value} {mark}"
    return f"{value}+{mark}" if system == "Ann Arbor" and value in ("LS", "AS") else value + mark


def is_system_range(system: str, low: str, high: str) -> bool:
    """Return whether two groups of a system other than TNM make a range from lower to higher."""
    values = group_values(system)
    if system == "Ann Arbor":
        values = values[:4]
    elif system != "FIGO":
        return False
    if not {low, high} <= set(values) or "(" in low + high or _divides(high, low):
        return False
    return values.index(low) < values.index(high)


def _divides(value: str, wider: str) -> bool:
    """Return whether a group is a part of another: IA1 of IA, but not II of I."""
    return value.startswith(wider) and value[len(wider) :][:1] not in ("I", "V")


def listed_value(system: str, text: str) -> str | None:
    """Return the group of a system that `text` writes: case, blanks, and Roman or Arabic do not matter."""
    return _spellings(system).get(_key(text))


def _key(text: str) -> str:
    return re.sub(r"[\s.-]", "", text).upper()


@cache
def _spellings(system: str) -> dict[str, str]:
    found = {_key(value): value for value in group_values(system)}
    for key, value in list(found.items()):
        if match := re.fullmatch(_NUMERAL, key):
            numeral, rest = match.groups()
            found.setdefault((ROMAN.get(numeral) or ARABIC[numeral]) + rest, value)
    return found


# To `re` these are an i and a k in another case, and they are capitals already.
_SAME_LETTERS = str.maketrans({"\u0130": "I", "\u212a": "K"})


@cache
def _name_pattern() -> re.Pattern[str]:
    """Return what finds a name; short ones count only as they are written."""
    known = sorted({name for system in _table() for name in names(system)}, key=len, reverse=True)
    exact = "|".join(re.escape(name) for name in known if is_exact_name(name))
    loose = "|".join(spaced(name) for name in known if not is_exact_name(name))
    return re.compile(rf"(?<![A-Za-z0-9])([ryacp]{{0,4}})(?:({exact})|(?i:({loose})))(?![A-Za-z0-9])")


@cache
def _system_of_name() -> dict[str, str]:
    return {_name_key(name): system for system in _table() for name in names(system)}


def _name_key(name: str) -> str:
    """Return a name without its case."""
    return re.sub("[ -]+", " ", name).upper().translate(_SAME_LETTERS)


def find_system(text: str) -> tuple[str, str] | None:
    """Return the system that `text` names first, and the text without the name; None where it names none."""
    match = _name_pattern().search(text)
    if match is None:
        return None
    system = _system_of_name()[_name_key(match[2] or match[3])]
    behind = text[match.end() :].lstrip(" :-")
    # A prefix stands apart from a value that is a word: "cRai low" is no "clow".
    apart = " " if match[1] and re.match(_WORD, behind) else ""
    rest = text[: match.start()] + match[1] + apart + behind
    if match[0].lower() == "lugano" and re.fullmatch(_GASTROINTESTINAL, rest):
        # Only the stages of gastrointestinal lymphoma divide II without a hyphen (ruling J.10).
        system = "Lugano GI"
    return system, rest


def without_system_names(text: str) -> str:
    """Return `text` without the names of systems that a group follows, so that a bare surname stays."""
    return re.sub(_name_pattern().pattern + _BEFORE_GROUP, r"\1", text)
