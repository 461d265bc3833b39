"""NAACCR item 1880, Type of First Recurrence: what its codes say, and the code of a restaging."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from rstage.arguments import check_type
from rstage.model.category import Timing
from rstage.model.value import Notation, as_text, tuple_of
from rstage.reference.tsv import data_rows
from rstage.restaging.recurrence import RecurrenceType, Types, shows_disease, stated_types, written_types
from rstage.restaging.restage import Restaging

if TYPE_CHECKING:
    from rstage.model.group import StageGroup
    from rstage.model.stage import Stage


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class NaaccrRecurrence(Notation):
    """What a code of NAACCR item 1880 (Type of First Recurrence) says.

    Attributes:
        code: two digits. label: what it says, in our own words.
        types: the types of recurrence; empty where the code names none.
        event: `recurrence`; `progression` for never disease-free (70); `unknown` (99); None for 00.
        sites: the site codes of an M category that are counted under this code.
        first_in_situ: whether the first tumor was in situ, None where the code does not say.
        in_situ: whether the recurrence itself is in situ.
    """

    code: str
    label: str
    types: Types = frozenset()
    event: str | None = None
    sites: tuple[str, ...] = ()
    first_in_situ: bool | None = None
    in_situ: bool = False

    readers: ClassVar[dict[str, Any]] = {"types": written_types, "sites": tuple_of(as_text)}

    @property
    def is_recurrence(self) -> bool:
        """Whether the code says that the cancer came back after a disease-free interval."""
        return self.event == "recurrence"

    def __str__(self) -> str:
        return self.code


@cache
def _site_rows() -> dict[str, dict[str, str]]:
    return {row["site"]: row for row in data_rows("naaccr_1880_sites.tsv")}


@cache
def naaccr_codes() -> dict[str, NaaccrRecurrence]:
    """Return every code of NAACCR item 1880."""
    known = {"": None, "yes": True, "no": False}
    return {
        row["code"]: NaaccrRecurrence(
            code=row["code"],
            label=row["label"],
            types=stated_types(row["types"]) if row["types"] else frozenset(),
            event=row["event"] or None,
            sites=tuple(sorted(site for site, other in _site_rows().items() if other["code"] == row["code"])),
            first_in_situ=known[row["first_in_situ"]],
            in_situ=bool(known[row["in_situ"]]),
        )
        for row in data_rows("naaccr_1880.tsv")
    }


def recurrence_from_naaccr(code: str) -> NaaccrRecurrence:
    """Return what a code of NAACCR item 1880 says.

    Raises:
        ValueError: the item has no such code.
    """
    found = naaccr_codes().get(code)
    if found is None:
        raise ValueError("NAACCR item 1880 has no such code; its codes are two digits")
    return found


def recurrence_to_naaccr(restaging: Restaging) -> str:
    """Return the code of NAACCR item 1880 for a first restaging; the highest class wins.

    The item is about a recurrence after a disease-free interval: a progression is 70, and an event that
    is not known is 99. Codes for an instrument's entry (14, 15, 17) and those for nearby tissue (21, 25,
    27) cannot be seen in T, N and M.

    Raises:
        ValueError: the restaging follows another one; the item is about the first.
        TypeError: it is no `Restaging`.
    """
    check_type("restaging", restaging, Restaging)
    if restaging.link.previous is not None:
        raise ValueError("NAACCR item 1880 is about the first recurrence only")
    if restaging.event != "recurrence":
        return "70" if restaging.event == "progression" else "99"
    types, restaged = restaging.recurrence, restaging.restaged
    first_in_situ = _first_in_situ(restaging.diagnosis.stage)
    if RecurrenceType.DISTANT in types:
        return "46" if first_in_situ else _distant_code(types, restaging.metastatic_sites)
    if types == {RecurrenceType.LOCAL, RecurrenceType.REGIONAL}:
        return "36" if first_in_situ else "30"
    if types == {RecurrenceType.REGIONAL}:
        return "26" if first_in_situ else _regional_code(restaged, first_in_situ)
    if types == {RecurrenceType.LOCAL}:
        return _local_code(restaged, first_in_situ)
    return "88"


def _distant_code(types: Types, sites: tuple[str, ...]) -> str:
    rows = [_site_rows()[site] for site in sites]
    codes = {row["code"] for row in rows}
    if len(codes) > 1:
        return "62"
    if len(rows) == 1 and len(types) > 1 and rows[0]["is_one_place"] == "yes":
        return "60"
    return codes.pop() if codes else "40"


def _regional_code(restaged: Stage, first_in_situ: bool | None) -> str:
    """Return 22, lymph nodes only, where nodes are positive and T0 leaves no other place, else 20."""
    is_nodes_only = shows_disease(restaged.t) is False and shows_disease(restaged.n)
    return "22" if is_nodes_only and first_in_situ is False else "20"


def _local_code(restaged: Stage, first_in_situ: bool | None) -> str:
    if first_in_situ is None:
        return "10"
    t = restaged.t
    if t is not None and t.upper is None and ("T", t.value) in _in_situ_values():
        return "06" if first_in_situ else "04"
    return "16" if first_in_situ else "13"


@cache
def _in_situ_values() -> frozenset[tuple[str, str]]:
    return frozenset((row["part"], row["value"]) for row in data_rows("in_situ.tsv"))


def _first_in_situ(diagnosis: Stage) -> bool | None:
    """Return whether the tumor at diagnosis was in situ, or None where its stage does not say.

    What has spread was invasive, whatever T says; after treatment began, little or no tumor says nothing.
    """
    if shows_disease(diagnosis.n) or shows_disease(diagnosis.m):
        return False
    t, is_treated = diagnosis.t, Timing.POST_THERAPY in diagnosis.timing
    if t is not None and shows_disease(t):
        if ("T", t.value) not in _in_situ_values():
            return False
        return None if is_treated or t.upper is not None else True
    return None if is_treated or diagnosis.group is None else _group_in_situ(diagnosis.group)


def _group_in_situ(group: StageGroup) -> bool | None:
    if group.upper is not None or Timing.POST_THERAPY in group.timing:
        return None
    if ("group", group.value) in _in_situ_values():
        return True
    return False if group.numeral in ("I", "II", "III", "IV") else None
