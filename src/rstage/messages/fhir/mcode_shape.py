"""A restaging as mCODE has it: an Observation for each category, with the whole notation as its value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rstage.messages.fhir import codes
from rstage.messages.fhir.elements import profiles_of
from rstage.messages.fhir.written import coded, edition_concept, needed
from rstage.messages.json_values import as_text
from rstage.reference.systems import TNM

if TYPE_CHECKING:
    from rstage.messages.fhir.observations import Observations
    from rstage.messages.json_values import JsonObject


def make(whole: Observations) -> None:
    """Add the Observations; SNOMED CT has no code for a value with r, so that the value is notation."""
    stage = whole.stage
    method = edition_concept(stage.edition)
    given = [as_text(one) for block in whole.diagnosis for one in profiles_of(block.resource.data)]
    base = codes.MCODE_PROFILE if any(one.startswith(codes.MCODE_PROFILE) for one in given) else ""
    members = []
    for found in stage.categories:
        row = needed("mcode", found.letter)
        profile = base + row.profile if base else ""
        members.append(whole.add(found.letter, row.concept, _value(str(found)), method, profile=profile))
    if stage.group is not None and stage.group.system != TNM:
        whole.left_out.append(str(stage.group))  # its profile is another one
    elif stage.group is not None:
        row = needed("mcode", "group")
        more: JsonObject = {"hasMember": [{"reference": one} for one in members]} if members else {}
        value = _value(stage.group.bare())
        profile = base + row.profile if base else ""
        whole.add("group", row.concept, value, method, more, profile=profile)
    whole.descriptors(())


def _value(text: str) -> JsonObject:
    return {**coded(codes.AJCC, text), "text": text}
