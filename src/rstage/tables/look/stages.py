"""Which columns may belong to one stage: by what their names say of its kind."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rstage.tables.as_given import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rstage.tables.look.columns import ColumnGuess

_LETTERS = ("T", "N", "M")
_VALUES = (*_LETTERS, "group")
_ORDER = {part: place for place, part in enumerate((*_VALUES, "edition", "system"))}
_KINDS = {"p": "pathologic", "c": "clinical", "dx": "diagnosis", "new": "new"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StageGuess:
    """A stage of the table, in one column or in several.

    Attributes:
        name: what it is called. columns: its columns, each with the part that it holds.
        timing: `dx` or `new` where the names say so. is_whole: whether one column holds all of it.
        system: the system of its group, where the name of the column says another one than TNM.
    """

    name: str
    columns: tuple[ColumnGuess, ...]
    timing: str = ""
    is_whole: bool = False
    system: str = ""

    def specs(self) -> list[str]:
        """Return it as `--column` takes it."""
        if self.is_whole:
            return [self.columns[0].name]
        return [f"{self.name}:{spec}" for spec in self.parts()]

    def parts(self) -> list[str]:
        """Return it as `--diagnosis` and `--assessment` take it."""
        if self.is_whole:
            return [self.columns[0].name]
        return [
            *(f"{one.part}={one.name}" for one in self.columns),
            *(f"{part}=={text}" for part, text in self.fixed),
        ]

    @property
    def fixed(self) -> tuple[tuple[str, str], ...]:
        """The parts that are the same in every row."""
        return ((SYSTEM, self.system),) if self.system else ()


_Key = tuple[str, str, str]


def guess_stages(columns: Sequence[ColumnGuess]) -> list[StageGuess]:
    """Return the stages that columns may make; those whose parts stand alone are whole."""
    if not any(one.part and one.says.timing == "new" for one in columns):
        # What is of the diagnosis needs to be told apart only where something came later.
        columns = [replace(one, says=one.says._replace(timing="")) for one in columns]
    families: dict[_Key, list[ColumnGuess]] = {}
    whole: list[ColumnGuess] = []
    for one in columns:
        if one.part == "stage":
            whole.append(one)
        elif one.part in _VALUES:
            families.setdefault(_free_key(families, one), []).append(one)
    families = _with_lone_m(_without_method(families))
    for one in columns:
        if one.part and one.part not in ("stage", *_VALUES):
            for members in _families_of(families, one):
                members.append(one)
    found = [_stage(key, members) for key, members in families.items()]
    found += [
        StageGuess(name=one.name, columns=(one,), timing=one.says.timing, is_whole=True) for one in whole
    ]
    return _named_apart(found)


def _free_key(families: dict[_Key, list[ColumnGuess]], one: ColumnGuess) -> _Key:
    """Return the key of a column; where its family has the part already, one that tells the two apart."""
    kind = one.says.numbers + (one.says.system if one.part == "group" else "")
    key = (one.says.method, one.says.timing, kind)
    number = 1
    while one.part in {member.part for member in families.get(key, ())}:
        number += 1
        key = (*key[:2], f"{kind}_{number}")
    return key


def _without_method(families: dict[_Key, list[ColumnGuess]]) -> dict[_Key, list[ColumnGuess]]:
    """Return families in which what names no method stands with the only ones that it completes."""
    found = {key: list(members) for key, members in families.items()}
    for key, members in families.items():
        parts = {one.part for one in members}
        others = [
            other
            for other, them in found.items()
            if other != key and other[1:] == key[1:] and parts.isdisjoint(one.part for one in them)
        ]
        if not key[0] and len(others) == 1:
            found[others[0]] += found.pop(key)
    return found


def _with_lone_m(families: dict[_Key, list[ColumnGuess]]) -> dict[_Key, list[ColumnGuess]]:
    """Return families in which an M alone stands with the only T and N that have none: pT, pN, cM."""
    found = {key: list(members) for key, members in families.items()}
    for key, members in families.items():
        others = [
            other
            for other, them in found.items()
            if other != key and other[1:] == key[1:] and {one.part for one in them} & set(_LETTERS)
        ]
        lacking = [other for other in others if "M" not in {one.part for one in found[other]}]
        if [one.part for one in members] == ["M"] and len(others) == len(lacking) == 1:
            found[lacking[0]] += found.pop(key)
    return found


def _families_of(families: dict[_Key, list[ColumnGuess]], one: ColumnGuess) -> Iterable[list[ColumnGuess]]:
    """Yield the families that an edition, a method or a flag belongs to."""
    value = one.part.partition("_")[0]
    for key, members in families.items():
        parts = {member.part for member in members}
        says = (one.says.method, one.says.timing, one.says.numbers)
        fits = all(not said or said == known for said, known in zip(says, key, strict=True))
        if fits and one.part not in parts and (value not in _VALUES or value in parts):
            yield members


def _stage(key: _Key, members: Sequence[ColumnGuess]) -> StageGuess:
    method, timing, _ = key
    system = next((one.says.system for one in members if one.part == "group"), "")
    if any(one.part == SYSTEM for one in members):
        system = ""
    words = [_KINDS[one] for one in (timing, method) if one]
    if system:
        words.append(re.sub(r"\W+", "_", system.lower()))
    ordered = sorted(members, key=lambda one: _ORDER.get(one.part, len(_ORDER)))
    return StageGuess(name="_".join(words) or "stage", columns=tuple(ordered), timing=timing, system=system)


def _named_apart(stages: Iterable[StageGuess]) -> list[StageGuess]:
    found: list[StageGuess] = []
    taken: set[str] = set()
    for one in stages:
        name, number = one.name, 1
        while name in taken:
            number += 1
            name = f"{one.name}{number}"
        taken.add(name)
        found.append(replace(one, name=name))
    return found
