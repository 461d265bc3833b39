"""One whole group of a system other than TNM, without the name of its system: what it says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from rstage.model.category import Method
from rstage.model.group import group_exists, is_group_range
from rstage.notation.tree import parse_group_tokens
from rstage.reference.dialect_values import GROUP, dialect_with
from rstage.reference.numerals import ROMAN
from rstage.reference.systems import (
    ANNOTATIONS,
    HIGHEST_SCORE,
    MOLECULAR_MARKS,
    SYSTEMS,
    TNM,
    has_mark,
    listed_value,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rstage.notation.tree import Token

_LISTED = "listed"
_GRAMMARS = {"FIGO": "figo", "Ann Arbor": "lymphoma"}
_EXTENTS = {"LIMITED": "LS", "ADVANCED": "AS"}
_MOLECULAR = {mark.lower(): mark for mark in MOLECULAR_MARKS}
# The sub-levels divide IIIA1, and IIIAi is written for IIIA1(i).
_SUB_LEVELS = {"i": "(i)", "ii": "(ii)", "1": "(i)", "2": "(ii)"}
_BETWEEN_ENDS = re.compile(r" *[-\/] *(?=[0-9A-DIVX])")
# The end of a numeral: without its last character it is another one.
_NUMBER_ENDS = re.compile(r"[IVXivx]$|[0-9]{2}$")


class GroupText(NamedTuple):
    """What a group says.

    Attributes:
        value, upper, mark: as `StageGroup` has them.
        letters: the prefix as written. method: the method said as a word.
        is_recurrent: whether an r stands in brackets behind it.
        apart: the mark of FIGO that stands in brackets or behind a hyphen; `r+p` where both are written.
        kind: anatomic or prognostic.
        system: the system where it is another than the one that was asked for: a score behind FIGO is GTN.
    """

    value: str
    upper: str | None = None
    mark: str | None = None
    letters: str = ""
    method: Method | None = None
    is_recurrent: bool = False
    apart: str = ""
    kind: str | None = None
    system: str = ""


def read_group(text: str, system: str) -> GroupText | None:
    """Return what `text` says as a group of `system`, or None where the system has no such group."""
    return _said(parse_group_tokens(text.strip(), _GRAMMARS.get(system, _LISTED)), system)


def _said(tokens: Sequence[Token] | None, system: str) -> GroupText | None:
    """Return what the tokens of a group say in `system`; None is a text that its grammar does not read."""
    if tokens is None:
        return None
    found = _READERS.get(system, _listed)(tokens, system, _letters(tokens))
    if found is None or not _exists(found, found.system or system):
        return None
    is_recurrent = any(token.kind == "RECURRENT" for token in tokens) and found.apart != "r"
    return found._replace(method=_method(tokens), is_recurrent=is_recurrent)


def read_group_of_dialect(text: str, dialect: str) -> GroupText | None:
    """Return what `text` says as a group that a dialect alone has, or None where it has no such group."""
    tokens = parse_group_tokens(text.strip(), _LISTED)
    if tokens is None or {token.kind for token in tokens} & {"SCORE", "PROGNOSIS", "ANNOTATION"}:
        return None
    value = _texts(tokens, "VALUE")[0]
    if dialect_with(GROUP, value) != dialect:
        return None
    is_recurrent = any(token.kind == "RECURRENT" for token in tokens)
    return GroupText(value, letters=_letters(tokens), method=_method(tokens), is_recurrent=is_recurrent)


def likely_systems(text: str) -> list[tuple[str, GroupText]]:
    """Return up to three systems that have the group `text`, with what it says in each."""
    # Three grammars read all systems: a text is parsed once for each, not once for each system.
    tokens = {
        grammar: parse_group_tokens(text.strip(), grammar) for grammar in (_LISTED, *_GRAMMARS.values())
    }
    others = (
        (system, _said(tokens[_GRAMMARS.get(system, _LISTED)], system)) for system in SYSTEMS if system != TNM
    )
    return [(system, said) for system, said in others if said is not None][:3]


def near_groups(text: str, system: str) -> list[GroupText]:
    """Return up to three groups of a system that a text which is none of them may have meant.

    Those are both ends of a range that the system does not have, and else what is left without the last
    character, or with another one of its kind in its place: `B7` is near B, B1 and B2, and `IV` is near none.
    """
    *_, last = ends = _BETWEEN_ENDS.split(text.strip())
    if len(ends) == 1:
        kept = last[:-1].rstrip(" -")
        if _NUMBER_ENDS.search(last) or not kept:
            return []
        ends = [kept, *(kept + other for other in ("123" if last[-1].isdigit() else "ABC"))]
    found = [said for end in ends if (said := read_group(end, system)) is not None]
    return list(dict.fromkeys(found))[:3]


def _letters(tokens: Sequence[Token]) -> str:
    """Return the letters of the prefix, before and behind the word for stage."""
    return "".join(re.sub("[ -]", "", token.text) for token in tokens if token.kind == "PREFIX")


def _method(tokens: Sequence[Token]) -> Method | None:
    """Return the method that is said as a word."""
    return next((Method(token.text[0].lower()) for token in tokens if token.kind == "METHOD"), None)


def _exists(found: GroupText, system: str) -> bool:
    if not group_exists(found.value, system):
        return False
    if found.upper is not None:
        return is_group_range(found.value, found.upper, system)
    return found.mark is None or has_mark(system, found.value, found.mark)


def _texts(tokens: Sequence[Token], *kinds: str) -> list[str]:
    return [token.text.strip() for token in tokens if token.kind in kinds]


def _numeral(text: str) -> str:
    """Return the value in Roman numerals and capitals: `2a` and `II-A` are `IIA`."""
    compact = re.sub(r"[\s-]", "", text).upper()
    return ROMAN.get(compact[:1], compact[:1]) + compact[1:]


def _figo(tokens: Sequence[Token], _system: str, letters: str) -> GroupText:
    value, *upper = map(_numeral, _texts(tokens, "VALUE"))
    for level in _texts(tokens, "SUB_LEVEL"):
        value += "1" * (value == "IIIA") + _SUB_LEVELS[level.strip(" ()")]
    marks = _texts(tokens, "NODE_MARK", "SCORE", "MOLECULAR_MARK")
    mark = re.sub(r"[\s():]", "", marks[0]) if marks else None
    mark = _score(_MOLECULAR.get(str(mark).lower(), mark))
    apart = figo_mark_apart(value, _texts(tokens, "RECURRENT", "MARK_APART"))
    system = "GTN" if mark is not None and mark.isdecimal() else ""
    mark = mark or apart[:1] or None
    return GroupText(value, upper[0] if upper else None, mark, letters, apart=apart, system=system)


def figo_mark_apart(value: str, texts: Sequence[str]) -> str:
    """Return the mark of FIGO in brackets or behind a hyphen; r, p, or `r+p` where both are written.

    Behind another group than IIIC, IIIC1 and IIIC2 an r in brackets is none (notation, rulings J.1 and 63).
    """
    written = "".join(texts)
    letters = "".join(re.findall("[rp]", written))
    if len(letters) > 1:
        return "r+p"
    is_recurrence = letters == "r" and "(" in written and value not in ("IIIC", "IIIC1", "IIIC2")
    return "" if is_recurrence else letters


def _score(mark: str | None) -> str | None:
    """Return a score without leading zeros; what is too high stays, so that it is refused."""
    return str(int(mark)) if mark is not None and mark.isdecimal() and int(mark) <= HIGHEST_SCORE else mark


def _lymphoma(tokens: Sequence[Token], _system: str, letters: str) -> GroupText | None:
    values = [_EXTENTS.get(text.upper(), _numeral(text)) for text in _texts(tokens, "NUMERAL", "EXTENT")]
    number = "".join(f"-{text.strip(' -')}" for text in _texts(tokens, "NUMBER"))
    flags = [re.sub(r"[^A-Z]", "", text.upper()) for text in _texts(tokens, "FLAG")]
    flags += ["X"] * len(_texts(tokens, "BULKY"))
    if len(set(flags)) < len(flags):
        return None
    mark = "".join(sorted(flags)) or None
    return GroupText(values[0] + number, values[1] if len(values) > 1 else None, mark, letters)


def _listed(tokens: Sequence[Token], system: str, letters: str) -> GroupText | None:
    text = _texts(tokens, "VALUE")[0]
    score = _texts(tokens, "SCORE")
    value = listed_value(system, text)
    if value is None and letters:
        # "c2" of Dukes: the letter is no prefix.
        value, letters = listed_value(system, letters + text), ""
    if value is None:
        return None
    annotations = [re.sub("[ ,]", "", one) for one in _texts(tokens, "ANNOTATION")]
    if annotations:
        return GroupText(value, mark=_ordered(annotations), letters=letters)
    return GroupText(value, mark=_score(score[0].strip(" :")) if score else None, letters=letters)


def _ordered(annotations: list[str]) -> str:
    """Return the annotations of a liver tumor in their order; one that stands twice stays twice."""
    return " ".join(sorted(annotations, key=lambda one: ANNOTATIONS.index(one[0])))


_READERS = {"FIGO": _figo, "Ann Arbor": _lymphoma}
