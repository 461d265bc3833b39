"""The Observations of a restaging, in the manner of those of its diagnosis."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from rstage.messages.fhir import codes
from rstage.messages.fhir.elements import codings_of, profiles_of, reference_of
from rstage.messages.json_values import as_dict, as_list, as_text
from rstage.model.category import Method
from rstage.model.suffixes import Suffixes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rstage.messages.fhir.blocks import Block, Said
    from rstage.messages.json_values import JsonObject
    from rstage.model.category import Category
    from rstage.model.edition import Edition
    from rstage.model.group import StageGroup
    from rstage.model.stage import Stage
    from rstage.restaging.restage import Restaging

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, codes.LINK_SYSTEM)
_MCODE_PROFILES = {
    "T": "tnm-primary-tumor-category",
    "N": "tnm-regional-nodes-category",
    "M": "tnm-distant-metastases-category",
    "group": "tnm-stage-group",
}
_MII_PROFILES = {
    **{part: f"{part.lower()}-kategorie" for part in codes.CATEGORIES},
    **{part: f"{part}-symbol" for part in codes.SYMBOLS},
    "group": "klassifikation",
}
_MII_NO_GROUP = ("X", "Tis")
_SURVEY = {
    "coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "survey"}]
}
_DKTK_SYMBOLS = {"r": "21983-2", "y": "59479-6"}


@dataclass(slots=True)
class Observations:
    """The Observations of one restaging.

    Args:
        restaging: the restaging.
        diagnosis: the Observations of its diagnosis.
        tumor: the reference to its condition, where none of them names one.
        address: how an Observation with an id is referred to.

    Attributes:
        made: the Observations, each with its part. left_out: what they do not hold.
    """

    restaging: Restaging
    diagnosis: Sequence[Block]
    tumor: str
    address: Callable[[str], str]
    made: list[tuple[str, JsonObject]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def make(self) -> None:
        """Make them, in the manner of the diagnosis."""
        if any(_component(block) for block in self.diagnosis):
            _Components(self).make()
        elif any(_is_mii(block) for block in self.diagnosis):
            self._make_mii()
        else:
            self._make_mcode()
        if self.stage.descriptors:
            self.left_out.append(" ".join(map(str, self.stage.descriptors)))

    @property
    def stage(self) -> Stage:
        """The r-form."""
        return self.restaging.restaged

    def block(self, part: str) -> Block | None:
        """Return the Observation of the diagnosis that holds a part."""
        own = (one for one in self.diagnosis if one.part == part)
        inside = (one for one in self.diagnosis if one.find(part) is not None)
        whole = (one for one in self.diagnosis if part == "group" and _component(one))
        return next(own, None) or next(inside, None) or next(whole, None)

    def add(
        self,
        part: str,
        code: JsonObject,
        value: JsonObject | None,
        method: JsonObject | None,
        more: JsonObject | None = None,
    ) -> str:
        """Add an Observation and return the reference to it."""
        block = self.block(part)
        # The link does not know the patient, and a server has many.
        owner = "|".join([reference_of(self._first("subject")), self.tumor, _name_of(block)])
        name = str(uuid.uuid5(_NAMESPACE, f"{self.restaging.link}:{owner}:{part}"))
        data: JsonObject = {"resourceType": "Observation", "id": name}
        if profile := self._profile(part, block):
            data["meta"] = {"profile": profile}
        data["extension"] = [_link(self.restaging, block)]
        data["status"] = "final"
        if category := self._category(block):
            data["category"] = category
        data["code"] = code
        if subject := _plain_reference(self._first("subject")):
            data["subject"] = subject
        focus = [found for one in as_list(self._first("focus")) if (found := _plain_reference(one))]
        if focus or self.tumor:
            data["focus"] = focus or [{"reference": self.tumor}]
        if self.restaging.assessment.date is not None:
            data["effectiveDateTime"] = self.restaging.assessment.date
        if value is not None:
            data["valueCodeableConcept"] = value
        if method is not None:
            data["method"] = method
        self.made.append((part, data | (more or {})))
        return self.address(name)

    def _first(self, name: str) -> Any:
        return next((one.resource.data[name] for one in self.diagnosis if one.resource.data.get(name)), None)

    def _profile(self, part: str, block: Block | None) -> list[str]:
        if block is not None:
            return [one for one in profiles_of(block.resource.data) if type(one) is str]
        profiles = [as_text(one) for other in self.diagnosis for one in profiles_of(other.resource.data)]
        if any(one.startswith(codes.MII) for one in profiles):
            return [codes.MII_PROFILE + _MII_PROFILES[part]]
        if any(one.startswith(codes.MCODE_PROFILE) for one in profiles):
            return [codes.MCODE_PROFILE + _MCODE_PROFILES[part]]
        return []

    def _category(self, block: Block | None) -> list[Any]:
        given = as_list(block.resource.data.get("category")) if block is not None else []
        if given or any(_is_mii(one) or _component(one) for one in self.diagnosis):
            return given
        return [_SURVEY]

    # ---------------------------------------------------------------- mCODE

    def _make_mcode(self) -> None:
        method = edition_concept(self.stage.edition)
        members = [
            self.add(found.letter, _code(codes.SNOMED, found.letter), {"text": str(found)}, method)
            for found in self.stage.categories
        ]
        if self.stage.group is not None:
            code = _code(codes.SNOMED, "group")
            more = {"hasMember": [{"reference": one} for one in members]} if members else None
            self.add("group", code, {"text": self.stage.group.bare()}, method, more)

    # ---------------------------------------------------------------- MII

    def _make_mii(self) -> None:
        method = edition_concept(self.stage.edition, is_mii=True)
        members = [one for found in self.stage.categories if (one := self._mii_category(found, method))]
        for part, symbol in self.symbols():
            code = _code(codes.LOINC, part)
            members.append(self.add(part, code, _concept(*_yes(part, symbol)), method))
        group = self.stage.group
        value: JsonObject | None = None
        if group is not None and self.is_plain_group(group):
            value = _concept(codes.UICC, _group_code(group))
        kind = self.kind() if value is None else group_method(group)
        code = _code(codes.SNOMED, "group", kind)
        self.add("group", code, value, method, {"hasMember": [{"reference": one} for one in members]})

    def _mii_category(self, found: Category, method: JsonObject | None) -> str | None:
        letter = found.letter
        kept = Suffixes(in_situ=found.suffixes.in_situ, minimal=found.suffixes.minimal)
        if found.upper is not None or not found.value.isalnum():
            self.left_out.append(str(found))
            return None
        text = replace(found, timing=frozenset(), method=None, suffixes=kept)
        value = _concept(codes.UICC, str(text))
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
            self.left_out.append(f"{rest} of {letter}")
        code = _code(codes.SNOMED, letter, _kind(found))
        if found.method is not None:
            code = {"extension": [_extension("cp-praefix", str(found.method))], **code}
        return self.add(letter, code, value, method)

    # ---------------------------------------------------------------- both German ones

    def symbols(self) -> list[tuple[str, str]]:
        """Return the symbols of the stage, with what each is as a code: y, a, m and r."""
        group = self.stage.group
        timing = self.stage.timing or (group.timing if group is not None else frozenset())
        found = [(str(mark), str(mark)) for mark in sorted(timing)]
        several = self.stage.t.suffixes.multiplicity if self.stage.t is not None else None
        if several is not None and "," not in several and several != "is":
            found.append(("m", several))
        elif several is not None:
            self.left_out.append(f"({several}) of T")
        return found

    def is_plain_group(self, group: StageGroup) -> bool:
        """Return whether a group is one of the list; else it is left out."""
        is_listed = group.system == "TNM" and group.upper is None and group.value not in _MII_NO_GROUP
        has_timing = not self.stage.categories or group.timing == self.stage.timing
        if not (is_listed and has_timing):
            self.left_out.append(str(group))
        return is_listed and has_timing

    def kind(self) -> str:
        """Return `p` where T or N is pathological, `c` where one of them is clinical, else blank."""
        methods = {found.method for found in (self.stage.t, self.stage.n) if found is not None}
        if Method.PATHOLOGICAL in methods:
            return "p"
        return "c" if methods - {None} else ""


@dataclass(slots=True)
class _Components:
    """One Observation whose components hold the categories."""

    whole: Observations

    def make(self) -> None:
        whole, stage = self.whole, self.whole.stage
        block = next(one for one in whole.diagnosis if _component(one))
        components = [self._category(block, found) for found in stage.categories]
        components += [self._symbol(block, part, symbol) for part, symbol in whole.symbols()]
        group = stage.group
        value: JsonObject | None = None
        if group is not None and whole.is_plain_group(group):
            value = _concept(_value_system(block, "group"), _group_code(group))
        system = codes.LOINC if _uses(block, codes.LOINC) else codes.SNOMED
        kind = whole.kind() if value is None else group_method(group)
        is_mii = any(_edition_system(one) == codes.MII_VERSION for one in whole.diagnosis)
        whole.add(
            "group",
            _code(system, "group", kind),
            value,
            edition_concept(stage.edition, is_mii=is_mii),
            {"component": components},
        )

    def _category(self, block: Block, found: Category) -> JsonObject:
        text = replace(
            found, timing=frozenset(), method=None, suffixes=replace(found.suffixes, multiplicity=None)
        )
        given = block.find(*codes.CATEGORIES)
        has_letter = given is not None and any(letter in given.text for letter in "TNM")
        value = str(text) if has_letter else str(text)[1:]
        system = codes.LOINC if _uses(block, codes.LOINC) else codes.SNOMED
        made: JsonObject = {
            "code": _code(system, found.letter, _kind(found)),
            "valueCodeableConcept": _concept(_value_system(block, found.letter), value),
        }
        if found.method is not None:
            made = {"extension": [_extension("cp-praefix", str(found.method))], **made}
        return made

    @staticmethod
    def _symbol(block: Block, part: str, value: str) -> JsonObject:
        code = codes.code_of(part, "", codes.LOINC)
        system, text = _yes(part, value)
        base = _value_system(block, "T")
        if base.endswith("/TNMTCS"):
            code = _DKTK_SYMBOLS.get(part, code)
            system, text = f"{base.removesuffix('TNMTCS')}TNM{part}SymbolCS", value
        return {"code": _concept(codes.LOINC, code), "valueCodeableConcept": _concept(system, text)}


def _yes(part: str, value: str) -> tuple[str, str]:
    """Return system and code of the value that says that a symbol is given."""
    known = (key for key, means in codes.symbol_values().items() if means == part)
    return next(known, (codes.UICC, value))


def edition_concept(edition: Edition | None, *, is_mii: bool = False) -> JsonObject | None:
    """Return the method that names an edition; a text where there is no code for it."""
    if edition is None:
        return None
    name = f"{edition.owner} {edition.version}" if edition.owner else f"edition {edition.version}"
    if edition.owner == "UICC" and edition.number is not None:
        if is_mii:
            return _concept(codes.MII_VERSION, edition.version)
        coding = {"system": codes.NCIT, "version": edition.version, "code": _uicc_code()}
        return {"coding": [coding]}
    known = codes.edition_code(name)
    return _concept(*known) if known is not None else {"text": name}


def _uicc_code() -> str:
    return next(code for (system, code), means in codes.editions().items() if means == "UICC")


def group_method(group: StageGroup | None) -> str:
    """Return the method of a group, blank where it has none."""
    return str(group.method or "") if group is not None else ""


def _link(restaging: Restaging, block: Block | None) -> JsonObject:
    target: JsonObject = {"identifier": {"system": codes.LINK_SYSTEM, "value": str(restaging.link)}}
    if name := _name_of(block):
        target = {"reference": name, **target}
    return {"url": codes.SEQUEL, "valueReference": target}


def _concept(system: str, code: str) -> JsonObject:
    return {"coding": [{"system": system, "code": code}]}


def _code(system: str, part: str, method: str = "") -> JsonObject:
    """Return the code of an Observation or a component for a part."""
    return _concept(system, codes.code_of(part, method, system))


def _kind(category: Category) -> str:
    """Return the method as a code says it: what ultrasound found is clinical."""
    return "c" if category.method is Method.ULTRASOUND else str(category.method or "")


def _group_code(group: StageGroup) -> str:
    return "okk" if group.value == "occult" else group.value


def _extension(name: str, code: str) -> JsonObject:
    return {"url": f"{codes.MII_EXTENSION}{name}", "valueCodeableConcept": _concept(codes.UICC, code)}


def _plain_reference(value: Any) -> JsonObject:
    """Return a reference without the words beside it: a name stays where it stands.

    One to what is contained in another resource leads nowhere from here, and is none.
    """
    found = {name: one for name, one in as_dict(value).items() if name in ("reference", "type", "identifier")}
    return {} if as_text(found.get("reference")).startswith("#") or found.keys() <= {"type"} else found


def _name_of(block: Block | None) -> str:
    return block.resource.reference if block is not None else ""


def _component(block: Block) -> Said | None:
    return next(
        (one for one in block.said if one.part in codes.CATEGORIES and one.path[:1] == ("component",)), None
    )


def _is_mii(block: Block) -> bool:
    return (
        any(as_text(one).startswith(codes.MII) for one in profiles_of(block.resource.data))
        or _edition_system(block) == codes.MII_VERSION
    )


def _edition_system(block: Block) -> str:
    codings = codings_of(block.resource.data.get("method"))
    return next((as_text(one.get("system")) for one in codings), "")


def _uses(block: Block, system: str) -> bool:
    """Return whether the components of an Observation have codes of a system."""
    return any(
        coding.get("system") == system
        for one in as_list(block.resource.data.get("component"))
        for coding in codings_of(as_dict(one).get("code"))
    )


def _value_system(block: Block, part: str) -> str:
    """Return the system of a value of the diagnosis; that of the UICC where it has none."""
    found = block.find(part)
    value: Any = block.resource.data
    for step in found.path if found is not None else ():
        if step == "code":
            break
        value = value[step]
    system = as_text(as_dict(value).get("system"))
    return system if system and system not in codes.CONCEPT_SYSTEMS else codes.UICC
