"""A restaging as one Observation with the categories as components: DKTK, GOLD, nNGM, kairos and others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from rstage.messages.fhir import codes
from rstage.messages.fhir.elements import codings_of
from rstage.messages.fhir.extensions import extensions_of
from rstage.messages.fhir.written import code_method, coded, edition_concept, needed, written
from rstage.messages.json_values import as_dict, as_list, as_text

if TYPE_CHECKING:
    from rstage.messages.fhir.blocks import Block
    from rstage.messages.fhir.observations import Observations
    from rstage.messages.json_values import JsonObject
    from rstage.model.category import Category

_DKTK_VALUES = "/TNMTCS"
_PREFIX_END, _CELLS_END, _SENTINEL_END = "prefix-cpu", "suffix-itc", "suffix-itc-sn"


def make(whole: Observations) -> None:
    """Add the Observation."""
    shape = _Shape.of(next(one for one in whole.diagnosis if one.has_categories))
    stage, group = whole.stage, whole.stage.group
    components = [part for found in stage.categories for part in shape.category(found)]
    components += [shape.symbol(part, text) for part, text in whole.symbols()]
    parts = [one for one in ("L", "V", "Pn", "S") if written(shape.guide, one) is not None]
    components += [shape.descriptor(part, text) for part, text in whole.descriptors(parts)]
    given = group if group is not None and whole.is_plain_group(group) else None
    kind = whole.kind() if given is None else str(given.method or "")
    text = "" if given is None else ("okk" if given.value == "occult" else given.value)
    value = coded(shape.value_system("group"), text) if text and shape.has_systems else None
    if text and not shape.has_systems:
        components.append({"code": needed("kairos", "group").concept, "valueString": text})
    whole.add("group", shape.group_code(kind), value, shape.method(whole), {"component": components})


@dataclass(frozen=True, slots=True)
class _Shape:
    """How the components of the diagnosis are made.

    Attributes:
        block: the Observation. guide: whose codes the symbols have.
        code_guide: whose codes the categories have.
        has_letter: whether values begin with their letter.
        extension: the extension that holds c, p or u, as it stands there; empty where there is none.
    """

    block: Block
    guide: str
    code_guide: str
    has_letter: bool
    extension: JsonObject

    @classmethod
    def of(cls, block: Block) -> _Shape:
        """Return the shape of an Observation."""
        components = [as_dict(one) for one in as_list(block.resource.data.get("component"))]
        systems = {as_text(one.get("system")) for part in components for one in codings_of(part.get("code"))}
        texts = [one.text for one in block.said if one.part in codes.CATEGORIES]
        found = (
            one
            for part in components
            for _, one in extensions_of(part, ())
            if codes.extension_kind(as_text(one.get("url"))) == "method"
        )
        return cls(
            block=block,
            guide=_guide(block, has_systems=systems != {""}),
            code_guide="loinc" if codes.LOINC in systems else "mii",
            has_letter=any(letter in text for text in texts for letter in "TNM"),
            extension=next(found, {}),
        )

    @property
    def has_systems(self) -> bool:
        return self.guide != "kairos"

    def group_code(self, kind: str) -> JsonObject:
        """Return the code of the whole."""
        if self.guide == "nngm":
            return needed("nngm", "group").concept
        return needed(self.code_guide if self.has_systems else "loinc", "group", kind).concept

    def method(self, whole: Observations) -> JsonObject | None:
        """Return the element that names the edition."""
        systems = {
            as_text(one.get("system"))
            for block in whole.diagnosis
            for one in codings_of(block.resource.data.get("method"))
        }
        return edition_concept(whole.stage.edition, is_mii=codes.MII_VERSION in systems)

    def value_system(self, part: str) -> str:
        """Return the system of a value of the diagnosis; that of the UICC where it has none."""
        found = self.block.find(part)
        value: Any = self.block.resource.data
        for step in found.path if found is not None else ():
            if step in ("code", "display"):
                break
            value = value[step]
        system = as_text(as_dict(value).get("system"))
        return system if system and system not in codes.CONCEPT_SYSTEMS else codes.UICC

    def category(self, found: Category) -> list[JsonObject]:
        """Return the component of a category, and of its method where that stands apart."""
        is_gold = self.guide == "gold"
        kept = replace(found.suffixes, multiplicity=None)
        apart = replace(kept, tumor_cells=None, sentinel=False) if is_gold else kept
        text = str(replace(found, timing=frozenset(), method=None, suffixes=apart))
        text = text if self.has_letter else text[1:]
        if not self.has_systems:
            parts: list[JsonObject] = [{"code": needed("kairos", found.letter).concept, "valueString": text}]
            if found.method is not None:
                value = {"coding": [{"code": str(found.method)}]}
                code = needed("kairos", f"{found.letter}_method").concept
                parts.append({"code": code, "valueCodeableConcept": value})
            return parts
        extensions = [self._prefix(str(found.method))] if found.method is not None else []
        if is_gold:
            extensions += self._suffixes(found)
        made: JsonObject = {
            "code": needed(self.code_guide, found.letter, code_method(found)).concept,
            "valueCodeableConcept": coded(self.value_system(found.letter), text),
        }
        return [{"extension": extensions, **made} if extensions else made]

    def _prefix(self, method: str) -> JsonObject:
        """Return the extension for c, p or u, like that of the diagnosis."""
        url = as_text(self.extension.get("url")) or f"{codes.MII_EXTENSION}cp-praefix"
        given = codings_of(self.extension.get("valueCodeableConcept"))
        system = as_text(given[0].get("system")) if given else codes.UICC
        return {"url": url, "valueCodeableConcept": coded(system, method)}

    def _suffixes(self, found: Category) -> list[JsonObject]:
        base = as_text(self.extension.get("url")).removesuffix(_PREFIX_END)
        if not base.endswith("-"):
            base = "https://www.vision-zero-oncology.de/fhir/StructureDefinition/uicc-tnm-"
        given = [(_CELLS_END, found.suffixes.tumor_cells), (_SENTINEL_END, found.suffixes.sentinel and "sn")]
        return [
            {"url": f"{base}{end}", "valueCodeableConcept": coded(codes.OID, code)}
            for end, code in given
            if code
        ]

    def symbol(self, part: str, text: str) -> JsonObject:
        """Return the component of a symbol."""
        row = written(self.guide, part) or needed("mii", part)
        if not self.has_systems:
            return {"code": row.concept, "valueString": text}
        system = row.value_system
        if self.guide == "dktk" and "/" not in system:
            system = self.value_system("T").removesuffix("TNMTCS") + system
        return {"code": row.concept, "valueCodeableConcept": coded(system, row.value or text)}

    def descriptor(self, part: str, text: str) -> JsonObject:
        """Return the component of a descriptor."""
        row = needed(self.guide, part)
        return {"code": row.concept, "valueCodeableConcept": coded(row.value_system, text)}


def _guide(block: Block, *, has_systems: bool) -> str:
    """Return whose components they are, by the systems of their values and the code of the whole."""
    if not has_systems:
        return "kairos"
    values = {
        as_text(one.get("system"))
        for part in as_list(block.resource.data.get("component"))
        for one in codings_of(as_dict(part).get("valueCodeableConcept"))
    }
    if any(system.endswith(_DKTK_VALUES) for system in values):
        return "dktk"
    if codes.OID in values:
        own = {as_text(one.get("code")) for one in codings_of(block.resource.data.get("code"))}
        return "nngm" if needed("nngm", "group").code in own else "gold"
    return "mii"
