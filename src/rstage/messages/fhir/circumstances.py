"""What surrounds what an Observation says: whom and what it is about, its date, its edition and system."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rstage import rules
from rstage.caches import cached
from rstage.messages.fhir import codes
from rstage.messages.fhir.elements import codings_of, link_of, reference_of
from rstage.messages.fhir.words import has_timing, system_in
from rstage.messages.json_values import as_dict, as_list, as_text
from rstage.notation.build import parse_edition
from rstage.restaging.staging import partial_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rstage.messages.fhir.blocks import Block
    from rstage.messages.json_places import Path
    from rstage.messages.json_values import JsonObject

_DATE = re.compile(r"(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?:T.*)?", re.ASCII | re.DOTALL)
_NUMBERS = frozenset("123456789")
_DATES = ("effectiveDateTime", "effectivePeriod", "effectiveInstant", "effectiveTiming")
_OWNERS = frozenset(("TNM", "UICC", "AJCC"))


def add_circumstances(block: Block, data: JsonObject) -> None:
    """Add what an Observation is about, when it was made, and by which edition of which system."""
    block.focus = [name for one in as_list(data.get("focus")) if (name := reference_of(one))]
    block.subject = reference_of(data.get("subject"))
    if "hasMember" in data:
        block.members = [name for one in as_list(data["hasMember"]) if (name := reference_of(one))]
    if "derivedFrom" in data:
        block.sources = [name for one in as_list(data["derivedFrom"]) if (name := reference_of(one))]
    if "identifier" in data:
        block.link = link_of(data)
    block.date = _date(block, data)
    block.edition = _edition(block, data)


def _date(block: Block, data: JsonObject) -> str | None:
    path: Path = ("effectiveDateTime",)
    if sum(name in data for name in _DATES) > 1:
        block.say(rules.TWO_VALUES.at(what="the date"), path)
        block.is_wrong = True
    if "effectiveTiming" in data:
        block.say(rules.DATE_NOT_READ.at(element="effectiveTiming"), ("effectiveTiming",))
    text = data.get("effectiveDateTime")
    if text is None and "effectivePeriod" in data:
        text, path = as_dict(data["effectivePeriod"]).get("start"), ("effectivePeriod", "start")
        if text is None:
            block.say(rules.DATE_NOT_READ.at(element="effectivePeriod"), ("effectivePeriod",))
    if text is None and "effectiveInstant" in data:
        text, path = data["effectiveInstant"], ("effectiveInstant",)
    if text is None:
        return None
    found = day(text) if type(text) is str else None
    if found is None:
        block.say(rules.DATE_NOT_READ.at(element=path[0]), path)
    return found


@cached()
def day(text: str) -> str | None:
    """Return the date of a FHIR date or time, as precise as it is; None where it is none."""
    match = _DATE.fullmatch(text.strip())
    try:
        return partial_date(match[1]) if match else None
    except ValueError:
        return None


def _edition(block: Block, data: JsonObject) -> str:
    """Return the edition that the method names; a group's coding can name it as its version (DKTK)."""
    if "method" not in data:
        return _version(data) if block.part == "group" else ""
    method = as_dict(data["method"])
    codings, text = codings_of(method), as_text(method.get("text"))
    known = [found for coding in codings if (found := _edition_of(coding)) is not None]
    named = {found for found in known if found}
    named |= {edition for edition in [_named_edition(text)] if edition and (named or not known)}
    words = [one for one in (text, *(as_text(one.get("display")) for one in codings)) if one]
    if any(map(has_timing, words)):
        block.refuse("a method", ("method",))
    is_tnm = any(not one.startswith("FIGO") for one in (*known, *named))
    block.system = _system(block, codings, words, is_tnm=is_tnm)
    if len(named) > 1:
        block.say(rules.TWO_VALUES.at(what="the edition"), ("method",))
        block.is_wrong = True
    elif not known and not named and not block.system:
        names_tnm = any(not _OWNERS.isdisjoint(one.upper().replace("/", " ").split()) for one in words)
        if names_tnm or block.part != "group":
            block.say(rules.EDITION_UNKNOWN.at(), ("method",))
        else:
            block.say(rules.SYSTEM_UNKNOWN.at(), ("method",))
            block.is_wrong = True
    elif len(codings) > len(known) and not block.system:
        block.say(rules.EDITION_UNKNOWN.at(), ("method",))
    return max(named, default="")


def _system(block: Block, codings: Sequence[JsonObject], words: Sequence[str], *, is_tnm: bool) -> str:
    """Return the system that a method names, where it is another one than TNM."""
    found = {
        name
        for one in codings
        if (name := codes.staging_systems().get((as_text(one.get("system")), as_text(one.get("code")))))
    }
    found |= {name for text in words if (name := system_in(text))}
    if len(found) > 1 or (found and (is_tnm or block.part in codes.CATEGORIES)):
        block.say(rules.TWO_VALUES.at(what="the system"), ("method",))
        block.is_wrong = True
    return found.pop() if len(found) == 1 else ""


def _version(data: JsonObject) -> str:
    for coding in codings_of(data.get("valueCodeableConcept")):
        version = as_text(coding.get("version"))
        if version in _NUMBERS:
            return f"UICC {version}"
    return ""


@cached(256)
def _named_edition(text: str) -> str:
    """Return the edition that a text names, such as `AJCC 8`; blank where it names none."""
    try:
        return str(parse_edition(text)).strip("()")
    except ValueError:
        return ""


def _edition_of(coding: JsonObject) -> str | None:
    """Return the edition of a code, blank where it names none; None where the code is not known."""
    try:
        found = codes.editions().get((coding.get("system"), coding.get("code")))  # type: ignore[arg-type]
    except TypeError:  # a list or an object where a text belongs
        return None
    if found == "UICC":
        version = as_text(coding.get("version"))
        return f"UICC {version}" if version in _NUMBERS else ""
    return found
