"""A restaging as MII Onkologie has it: a group with categories, symbols and descriptors as its members.

Up to 2025 the r is a symbol that is a member; with the extensions for prefixes it is a modifier of each
category.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rstage.messages.fhir import codes
from rstage.messages.fhir.elements import profiles_of
from rstage.messages.fhir.written import code_method, coded, edition_concept, needed
from rstage.messages.json_values import as_text
from rstage.model.suffixes import Suffixes

if TYPE_CHECKING:
    from rstage.messages.fhir.blocks import Block
    from rstage.messages.fhir.observations import Observations
    from rstage.messages.json_values import JsonObject
    from rstage.model.category import Category

_GUIDE = "mii"
_FIRST_WITH_PREFIXES = 2026


def has_prefixes(block: Block) -> bool:
    """Return whether an Observation says, or its profile wants, r, y and a as extensions of a category."""
    data = block.resource.data
    urls = (as_text(one.get("url")) for one in data.get("modifierExtension") or () if type(one) is dict)
    if any(url.startswith(codes.MII_EXTENSION) for url in urls):
        return True
    versions = (as_text(one).rpartition("|")[2] for one in profiles_of(data) if "|" in as_text(one))
    return any(one[:4].isdecimal() and int(one[:4]) >= _FIRST_WITH_PREFIXES for one in versions)


def make(whole: Observations) -> None:
    """Add the Observations."""
    stage = whole.stage
    method = edition_concept(stage.edition, is_mii=True)
    modifies = whole.has_prefixes or any(map(has_prefixes, whole.diagnosis))
    members = [
        one for found in stage.categories if (one := _category(whole, found, method, modifies=modifies))
    ]
    for part, symbol in whole.symbols():
        if part in codes.TIMING and modifies and members:
            continue
        row = needed(_GUIDE, part)
        value = coded(row.value_system, row.value or symbol)
        members.append(whole.add(part, row.concept, value, method, profile=_address(row.profile)))
    for part, text in whole.descriptors(("L", "V", "Pn", "S")):
        row = needed(_GUIDE, part)
        value = coded(row.value_system, text)
        members.append(whole.add(part, row.concept, value, method, profile=_address(row.profile)))
    group = stage.group
    given: JsonObject | None = None
    if group is not None and whole.is_plain_group(group):
        given = coded(codes.UICC, "okk" if group.value == "occult" else group.value)
    kind = whole.kind() if given is None or group is None else str(group.method or "")
    row = needed(_GUIDE, "group", kind)
    more = {"hasMember": [{"reference": one} for one in members]} if members else {}
    whole.add("group", row.concept, given, method, more, profile=_address(row.profile))


def _category(
    whole: Observations, found: Category, method: JsonObject | None, *, modifies: bool
) -> str | None:
    letter = found.letter
    kept = Suffixes(in_situ=found.suffixes.in_situ, minimal=found.suffixes.minimal)
    if found.upper is not None or not found.value.isalnum():
        whole.left_out.append(str(found))
        return None
    text = str(replace(found, timing=frozenset(), method=None, suffixes=kept))
    value = coded(codes.UICC, text)
    extensions = []
    if found.suffixes.tumor_cells:
        extensions.append(_extension("itc-suffix", found.suffixes.tumor_cells))
    if found.suffixes.sentinel:
        extensions.append(_extension("sn-suffix", "sn"))
    if extensions:
        value = {"extension": extensions, **value}
    rest = replace(
        found.suffixes, in_situ=None, minimal=False, tumor_cells=None, sentinel=False, multiplicity=None
    )
    if str(rest):
        whole.left_out.append(f"{rest} of {letter}")
    row = needed(_GUIDE, letter, code_method(found))
    code = row.concept
    if found.method is not None:
        code = {"extension": [_extension("cp-praefix", str(found.method))], **code}
    more: JsonObject = {}
    if modifies and found.timing:
        marks = sorted(map(str, found.timing))
        more["modifierExtension"] = [_extension(f"{mark}-praefix", mark) for mark in marks]
    return whole.add(letter, code, value, method, more, profile=_address(row.profile))


def _address(profile: str) -> str:
    return codes.MII_PROFILE + profile


def _extension(name: str, code: str) -> JsonObject:
    return {"url": f"{codes.MII_EXTENSION}{name}", "valueCodeableConcept": coded(codes.UICC, code)}
