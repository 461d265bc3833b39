"""Cells as exports and spreadsheets have them: decimals, what became a date, a system in words."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from rstage import rules
from rstage.caches import cached
from rstage.notation.build import parse_edition
from rstage.reference.systems import TNM, find_system
from rstage.reference.tsv import data_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rstage.diagnostics import Diagnostic
    from rstage.reading.read import Reading

SYSTEM = "system"
"""The part of a table that names the system of the group of a row."""

_WHOLE_NUMBER = re.compile(r"(\s*[0-9]{1,2})\.0+(\s*)")
_NUMBERED_DATE = re.compile(
    r"(?:\d{4}[-/.])?(\d{1,2})[-/.](\d{1,2})(?:[-/.](?:\d{2}|\d{4})?)?(?: 0?0:00(?::00)?)?"
)
_NAMED_DATE = re.compile(r"(\d{1,2})[-. /]{1,2}([^\W\d_]{3,9})\.?(?:[-. /]\d{2,4})?")
_NAMED_FIRST = re.compile(r"([^\W\d_]{3,9})[-. /]{1,2}(\d{1,2})")
_HIGHEST = 4
_LONGEST_NAME = 100
_OWNER = re.compile(r"(?:AJCC|UICC|TNM)(?:[/ -](?:AJCC|UICC|TNM))*", re.IGNORECASE)
_OF_SYSTEM = re.compile(
    r"[\s:,;()-]*(?:(?:stage|staging|system|classification|criteria|group)\b[\s:,;()-]*)*", re.IGNORECASE
)


class RowSystem(NamedTuple):
    """What the cell of a system says: the system, and an edition where it names one too."""

    system: str
    edition: str | None


@cached()
def system_of(text: str) -> RowSystem | None:
    """Return what a cell such as `FIGO 2018` or `Ann Arbor staging system` names; None for anything else."""
    if len(text) > _LONGEST_NAME:
        return None
    text = " ".join(text.split())
    owner = _OWNER.match(text)
    if owner is not None:
        return _with_edition(TNM, text, text[owner.end() :])
    found = find_system(text)
    return None if found is None else _with_edition(found[0], text, found[1])


def _with_edition(system: str, text: str, rest: str) -> RowSystem | None:
    if _OF_SYSTEM.fullmatch(rest):
        return RowSystem(system, None)
    for said in (text, _OF_SYSTEM.sub("", rest)):
        try:
            return RowSystem(system, str(parse_edition(said)))
        except ValueError:
            continue
    return None


def whole_number(cell: str) -> str:
    """Return `2` for `2.0`, and any other cell as it is."""
    match = _WHOLE_NUMBER.fullmatch(cell)
    return cell if match is None else match[1] + match[2]


def told(
    reading: Reading,
    cells: Iterable[tuple[str | None, str]],
    words: frozenset[str],
    decided: Sequence[Diagnostic] = (),
) -> Reading:
    """Return a reading with what is said of the cells that it was read from.

    Args:
        reading: the reading.
        cells: the cells as they are read, each with its part; None is a whole stage.
        words: the words of a missing cell.
        decided: what a person decided of them.
    """
    found = [
        *decided,
        *(
            one
            for part, cell in cells
            if cell.strip().casefold() not in words
            for one in _said(reading, part, cell)
        ),
    ]
    return replace(reading, diagnostics=(*found, *reading.diagnostics)) if found else reading


def _said(reading: Reading, part: str | None, cell: str) -> Iterable[Diagnostic]:
    number = whole_number(cell) if part else cell  # no whole stage is a number
    span = (0, len(cell))
    if number != cell:
        yield rules.WHOLE_NUMBER.at(span, part=part, before=cell.strip(), after=number.strip())
    elif not reading.stages and (numbers := numbers_of_date(cell)) is not None:
        yield rules.DATE_OF_SPREADSHEET.at(span, part=part, suggestions=_typed(part, *numbers))


def _typed(part: str | None, one: int, other: int) -> tuple[str, ...]:
    """Return the range that may have been typed where a date of two numbers stands."""
    low, high = sorted((one, other))
    if part not in ("T", "N") or low == high or high > _HIGHEST:
        return ()
    return (f"{part}{low}-{high}",)


def numbers_of_date(cell: str) -> tuple[int, int] | None:
    """Return the day and the month of what a spreadsheet shows as a date; None where it is none."""
    text = cell.strip()
    if match := _NUMBERED_DATE.fullmatch(text):
        day, month = int(match[1]), int(match[2])
        is_date = len(re.findall(r"\d+", text)) > 2 or text.endswith(".")
        return (day, month) if is_date and 0 < day <= 31 and 0 < month <= 31 else None
    for pattern, day_group, month_group in ((_NAMED_DATE, 1, 2), (_NAMED_FIRST, 2, 1)):
        match = pattern.fullmatch(text)
        if match and (named := _months().get(match[month_group].casefold())) is not None:
            return int(match[day_group]), named
    return None


@cache
def _months() -> dict[str, int]:
    return {name: int(row["month"]) for row in data_rows("months.tsv") for name in row["names"].split("|")}
