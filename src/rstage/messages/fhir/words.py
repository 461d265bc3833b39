"""Words in FHIR messages: the notation in the words of a code, and what may change what a staging means."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, cast

from rstage.caches import cached
from rstage.messages.fhir import codes
from rstage.notation.build import parse_edition
from rstage.reading.read import read
from rstage.reference.systems import find_system
from rstage.reference.tsv import data_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rstage.model.stage import Stage
    from rstage.reference.choices import FieldName

HAS_R = re.compile(r"\b[ya]?r ?[ya]?[cpu]?[TNM][0-4Xxia]")
"""A category with r, anywhere in a text."""

HAS_CATEGORY = re.compile(r"(?<![A-Za-z0-9])[ryam]{0,3}[cpu]?[TNM](?:[0-4][a-e]?|[Xx]|is|a)(?![A-Za-z0-9])")
"""A category, anywhere in a text."""

_LETTER_R = re.compile(r"\b[ya]?r[ya]?[cpu]?(?:T|N|M|TNM)\b")
_OWN_METHOD = re.compile("[ryam]{0,3}[cpu]")
_END_OF_NOTATION = re.compile(r":| [-\u2013] ")
_SUFFIX = re.compile(r"\(sn\)|\(?(?:i|mol)[+-]\)?(?: ?\(sn\))?|sn")
_PIECES = re.compile(r"[(),;:]")
_OWNER = re.compile(r"AJCC|UICC")
_SYMBOL = re.compile(r"\(?([ryma])\)?(?=\s*\(|$)")
_MARKS = " ?#*+"
_NOTE = re.compile(r"\s*\(note [a-z]\)$", re.IGNORECASE)
_LONGEST_VALUE = 24
_WORD = re.compile(r"[^\W\d_]+")
_SHORT = 3


@cache
def _words(kind: str) -> Mapping[str, str]:
    return {row["words"]: row["means"] for row in data_rows("fhir_words.tsv") if row["kind"] == kind}


def stage_of(text: str, part: str) -> Stage | None:
    """Return the stage that a text says as one of `STAGE_PARTS`; None for what stands beside a stage."""
    if part not in codes.STAGE_PARTS:
        return None
    return read(text, field=cast("FieldName", part), dialect="obds").stage


@cached()
def notation_in(words: str, part: str) -> str:
    """Return the notation that the words of a code begin with; blank where they are anything else."""
    text = _NOTE.sub("", _END_OF_NOTATION.split(words, maxsplit=1)[0].strip(_MARKS))
    lower = text.lower()
    for owner in _words("owner"):
        if lower.startswith(f"{owner} "):
            text, lower = text[len(owner) + 1 :].strip(), lower[len(owner) + 1 :].strip()
    for tail in _words("tail"):
        if lower.endswith(f" {tail}"):
            text, lower = text[: -len(tail) - 1].strip(), lower[: -len(tail) - 1].strip()
    return text if len(text) <= _LONGEST_VALUE and stage_of(text, part) is not None else ""


def symbol_in(words: str) -> str:
    """Return the symbol that an answer such as `r (recurrent)` begins with; blank where it is none."""
    found = _SYMBOL.match(words.strip(_MARKS))
    return found[1] if found else ""


def says_nothing(words: str) -> bool:
    """Return whether an answer says that there is none."""
    lower = words.strip(_MARKS).lower()
    return any(lower.startswith(one) for one in _words("nothing"))


@cached(1024)
def question(words: str) -> codes.Meaning | None:
    """Return what a question of a checklist is about; None where it is not about a stage."""
    text = _NOTE.sub("", words.strip(_MARKS)).lower()
    means = _words("question").get(text.partition(" (required")[0].partition(" (select")[0].strip(_MARKS))
    return codes.Meaning(*means.split()) if means else None


def asked_in(words: str) -> codes.Meaning | None:
    """Return what a question without a code is about; None where it is not about a stage."""
    means = _words("label").get(words.strip(_MARKS))
    return codes.Meaning(*means.split()) if means else question(words)


@cached(256)
def named_edition(words: str) -> str:
    """Return the edition that the title of a section names; blank where it names none."""
    found = {edition for piece in _PIECES.split(words) if (edition := _edition_in(piece))}
    return found.pop() if len(found) == 1 else ""


def _edition_in(words: str) -> str:
    try:
        return str(parse_edition(words.strip())) if _OWNER.search(words) else ""
    except ValueError:
        return ""


@cached()
def has_doubt(text: str) -> bool:
    """Return whether words may change what a staging means: timing, method, negation, doubt."""
    return HAS_CATEGORY.search(text) is not None or _has_word(text, list(_words("doubt")))


@cached(1024)
def has_timing(text: str) -> bool:
    """Return whether words say r, y or a."""
    timing = [one for one, means in _words("doubt").items() if means]
    return HAS_R.search(text) is not None or _LETTER_R.search(text) is not None or _has_word(text, timing)


def _has_word(text: str, words: Sequence[str]) -> bool:
    lower = text.lower()
    found = _WORD.findall(lower)
    return any(
        any(word == one if len(one) <= _SHORT else word.startswith(one) for word in found)
        if one.isalpha()
        else one in lower
        for one in words
    )


@cached(1024)
def says_stage(text: str) -> bool:
    """Return whether a text holds a staging: a category with r or a method, or two of them."""
    found = HAS_CATEGORY.findall(text)
    return len(found) > 1 or HAS_R.search(text) is not None or any(_OWN_METHOD.match(one) for one in found)


def is_suffix(text: str) -> bool:
    """Return whether a text is a suffix of N or M alone, which no public code asks for by itself."""
    return _SUFFIX.fullmatch(text) is not None


def is_of_cancer(text: str) -> bool:
    """Return whether words name a tumor."""
    lower = text.lower()
    return any(one in lower for one in _words("cancer"))


def is_of_metastasis(text: str) -> bool:
    """Return whether the words of a condition begin as those of a metastasis do."""
    return text.lower().startswith(tuple(_words("metastasis")))


@cached(1024)
def names_stage(text: str) -> bool:
    """Return whether the words of a code name the stage of a tumor, of whatever system."""
    return any(one in text.lower() for one in _words("stage")) and is_of_cancer(text)


@cached(1024)
def system_in(text: str) -> str:
    """Return the system other than TNM that a text names; blank where it names none."""
    found = find_system(text)
    return found[0] if found is not None else ""
