"""What stands behind the value of a category, from tokens to `Suffixes`."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from rstage import rules
from rstage.diagnostics import Severity
from rstage.model.category import misplaced, positive_nodes_with_n0
from rstage.model.suffixes import NO_SUFFIXES, SITES, Suffixes
from rstage.notation.brackets import opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from rstage.diagnostics import Rule, Span
    from rstage.notation.part import Draft
    from rstage.notation.tree import Token

COUNTS = re.compile(r"(?<![0-9.,])([0-9]{1,3}) *(?:/|of|von|out of) *([0-9]{1,3})(?![0-9./]| *(?:mm|cm|%))")
"""Counts of lymph nodes in a bracket that says more."""

_SENTINEL = re.compile("sn(?![a-z])")
_IN_SITU = {"dcis": "DCIS", "lcis": "LCIS", "lamn": "LAMN", "paget": "Paget", "pu": "pu", "pd": "pd"}
# MR angiography, the pelvis, "before": each could be a slip of a site.
_NO_SLIPS = ("MRA", "PEL", "PRE")
# Tokens that are faults by themselves, with the rule that says so.
_FAULTS: dict[str, Rule] = {
    "UNKNOWN_BRACKET": rules.UNKNOWN_BRACKET,
    "MALFORMED_MULTIPLICITY": rules.MALFORMED_MULTIPLICITY,
    "MINIMAL_IN_CAPITALS": rules.ALL_CAPITALS,
}


class ValueText(NamedTuple):
    """The value of a category as it is written: `2`, `b` and the upper end of a range."""

    value: str
    subcategory: str = ""
    upper: str | None = None


def read_suffixes(part: Draft, tokens: list[Token], said: ValueText | None) -> Suffixes | None:
    """Return the suffixes in `tokens`, or None where one cannot stand on the category.

    Args:
        part: the category, which gets the diagnostics.
        tokens: what stands behind its value.
        said: its value; None where it has none, so that nothing can be said of what may stand on it.
    """
    fields: dict[str, Any] = {}
    places: dict[str, tuple[int, int]] = {}
    before = len(part.found)
    for token in chain.from_iterable(map(opened, tokens)):
        span = (token.start + len(token.text) - len(token.text.lstrip()), token.end)
        if token.kind in _FAULTS:
            part.add(_FAULTS[token.kind], span)
            _impossible_counts(part, token.text, span, said)
        elif token.kind == "MULTIPLICITY_BARE" and part.letter != "T":
            suggestion = (part.letter + said.value,) if said else ()
            part.add(rules.UNKNOWN_VALUE, (part.start, token.end), suggestion)
        elif token.kind == "MEASUREMENT":
            part.add(rules.MEASUREMENT, span, before=part.text[slice(*span)])
            part.renamed = True
        else:
            found = _READERS[token.kind](token.text, part.letter)
            if token.kind == "COUNTS" and _SENTINEL.search(token.text):
                found["sentinel"] = True
            for name in found:
                if name in fields:
                    part.add(rules.REPEATED_PART, span)
                places[name] = span
            fields.update(found)
    suffixes = _checked(part, fields, places, said) if fields else NO_SUFFIXES
    return None if any(one.severity is Severity.ERROR for one in part.found[before:]) else suffixes


def _impossible_counts(part: Draft, text: str, span: Span, said: ValueText | None) -> None:
    """Add an error for counts that cannot be, with whatever else stands in their bracket (ruling 9)."""
    counts = COUNTS.search(_inside(text))
    if counts is None or part.letter != "N":
        return
    involved, examined = map(int, counts.groups())
    if involved > examined:
        part.add(rules.MORE_INVOLVED_THAN_EXAMINED, span, involved=involved, examined=examined)
    elif said and positive_nodes_with_n0(said.value, Suffixes(involved=involved, examined=examined)):
        part.add(rules.POSITIVE_NODES_WITH_N0, span, involved=involved)


def _checked(
    part: Draft, fields: dict[str, Any], places: dict[str, tuple[int, int]], said: ValueText | None
) -> Suffixes | None:
    """Return the suffixes where they are possible; what is impossible becomes an error of `part`."""
    if unknown := sorted(set(fields.get("sites", ())).difference(SITES)):
        rule = rules.UNKNOWN_SITE if part.letter == "M" else rules.UNKNOWN_BRACKET
        part.add(rule, places["sites"], _near_sites(unknown[0]) if part.letter == "M" else ())
        return None
    if fields.get("multiplicity") == "":
        part.add(rules.MALFORMED_MULTIPLICITY, places["multiplicity"])
        return None
    involved, examined = fields.get("involved", 0), fields.get("examined", 0)
    if involved > examined:
        part.add(rules.MORE_INVOLVED_THAN_EXAMINED, places["involved"], involved=involved, examined=examined)
        return None
    if fields.get("ldh", "0") not in ("0", "1"):
        part.add(rules.MISPLACED_SUFFIX, places["ldh"], category=part.letter)
        return None
    suffixes = Suffixes(**fields)
    if said is not None:
        for name in misplaced(part.letter, said.value, said.subcategory, suffixes):
            part.add(_rule_of_misplaced(name, part.letter, said.value), places[name], category=part.letter)
        if positive_nodes_with_n0(said.value, suffixes):
            part.add(rules.POSITIVE_NODES_WITH_N0, places["involved"], involved=involved)
    return suffixes


def _rule_of_misplaced(name: str, letter: str, value: str) -> Rule:
    if name == "involved":
        return rules.MISPLACED_COUNTS
    if name == "sites":
        return rules.SITES_ON_M0 if letter == "M" and value == "0" else rules.MISPLACED_SUFFIX
    return rules.MISPLACED_SUFFIX


def _near_sites(unknown: str) -> tuple[str, ...]:
    """Return the site codes of which an unknown one is a slip: two letters changed places, or one is doubled.

    Another letter in place of one is no slip: three capitals are mostly an abbreviation (PET, HER).
    """
    return tuple(code for code in SITES if unknown in _slips(code) and unknown not in _NO_SLIPS)


def _slips(code: str) -> tuple[str, ...]:
    first, second, third = tuple(code)
    return second + first + third, first + third + second, first * 2 + third, first + third * 2


def _inside(text: str) -> str:
    """Return what stands inside the brackets."""
    return text.strip(" ()")


def _read_in_situ(text: str, _letter: str) -> dict[str, Any]:
    """`Paget's` and its spellings are Paget."""
    return {"in_situ": _IN_SITU[_inside(text).lower().partition("'")[0].strip()]}


def _read_multiplicity(text: str, _letter: str) -> dict[str, Any]:
    words = re.split("[ ,]+", _inside(text))
    counts = [str(int(word)) if word.isdigit() else "m" for word in words if word != "is"]
    if counts and counts[0] in ("0", "1"):
        return {"multiplicity": ""}
    return {"multiplicity": ",".join([*counts, *(["is"] if "is" in words else [])])}


def _read_number(text: str, letter: str) -> dict[str, Any]:
    """A number alone in brackets is the number of tumors on T, the LDH mark on M (ICGC-ARGO)."""
    number = _inside(text)
    if letter == "M":
        return {"ldh": number}
    return {"multiplicity": str(int(number)) if int(number) > 1 else ""}


def _read_counts(text: str, _letter: str) -> dict[str, Any]:
    involved, examined = re.findall(r"\d+", text)
    return {"involved": int(involved), "examined": int(examined)}


_READERS: dict[str, Callable[[str, str], dict[str, Any]]] = {
    "MINIMAL": lambda _text, _letter: {"minimal": True},
    "MINIMAL_BEFORE_C": lambda _text, _letter: {"minimal": True},
    "IN_SITU": _read_in_situ,
    "MULTIPLICITY": _read_multiplicity,
    "MULTIPLICITY_BARE": lambda _text, _letter: {"multiplicity": "m"},
    "NUMBER": _read_number,
    "SOLITARY": lambda _text, _letter: {"solitary": True},
    "SUPERFICIAL": lambda _text, _letter: {"superficial": True},
    "TUMOR_CELLS": lambda text, _letter: {"tumor_cells": re.sub("[() ]", "", text).lower()},
    "SENTINEL": lambda _text, _letter: {"sentinel": True},
    "NEEDLE": lambda _text, _letter: {"needle": True},
    "LEVEL": lambda text, _letter: {"level": _inside(text)},
    "EXTENSION": lambda text, _letter: {"extension": re.sub("[^ENE+-]", "", text)},
    "COUNTS": _read_counts,
    "CYTOLOGY": lambda _text, _letter: {"cytology": "cy+"},
    "SITES": lambda text, _letter: {"sites": tuple(sorted(set(re.findall("[A-Z]{3}", text.upper()))))},
    "CERTAINTY": lambda text, _letter: {"certainty": int(text[1])},
    "AT_PRIMARY": lambda _text, _letter: {"at_primary": True},
}
