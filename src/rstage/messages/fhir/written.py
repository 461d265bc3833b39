"""The codes that are written, each from the row of its profile in `data/fhir_written.tsv`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from rstage.messages.fhir import codes
from rstage.reference.tsv import data_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rstage.messages.json_values import JsonObject
    from rstage.model.category import Category
    from rstage.model.edition import Edition


class Written(NamedTuple):
    """How a profile has a part of a stage.

    Attributes:
        profile: the end of its address. system, code: what an Observation or component of it is about.
        value_system: the system of its value.
        value: the one value that it fixes, blank where there are several.
    """

    profile: str
    system: str
    code: str
    value_system: str
    value: str

    @property
    def concept(self) -> JsonObject:
        """The code as a CodeableConcept."""
        return coded(self.system, self.code)


@cache
def _table() -> Mapping[tuple[str, str, str], Written]:
    return {
        (row["guide"], row["part"], row["method"]): Written(
            row["profile"], row["system"], row["code"], row["value_system"], row["value"]
        )
        for row in data_rows("fhir_written.tsv")
    }


@cache
def written(guide: str, part: str, method: str = "") -> Written | None:
    """Return how a guide has a part, for the method where it has a row for it; None where it has none."""
    found = _table()
    return found.get((guide, part, method)) or found.get((guide, part, ""))


def needed(guide: str, part: str, method: str = "") -> Written:
    """Return how a guide has a part that it has in any case."""
    found = written(guide, part, method)
    assert found is not None, part  # noqa: S101  the table has every category and the group
    return found


def coded(system: str, code: str) -> JsonObject:
    """Return a CodeableConcept of one code; a blank system is none."""
    return {"coding": [{"system": system, "code": code} if system else {"code": code}]}


def code_method(category: Category) -> str:
    """Return the method as a code says it: what ultrasound found is clinical."""
    method = str(category.method or "")
    return "c" if method == "u" else method


def edition_concept(edition: Edition | None, *, is_mii: bool = False) -> JsonObject | None:
    """Return the method that names an edition; a text where there is no code for it."""
    if edition is None:
        return None
    name = f"{edition.owner} {edition.version}" if edition.owner else f"edition {edition.version}"
    if edition.owner == "UICC" and edition.number is not None:
        if is_mii:
            return coded(codes.MII_VERSION, edition.version)
        coding: dict[str, Any] = {"system": codes.NCIT, "version": edition.version, "code": _uicc_code()}
        return {"coding": [coding]}
    known = codes.edition_code(name)
    return coded(*known) if known is not None else {"text": name}


@cache
def _uicc_code() -> str:
    return next(code for (_, code), means in codes.editions().items() if means == "UICC")
