"""What changed from one edition of the classification to another: `grammar/editions.tsv`.

Only a written number counts, with or without AJCC or UICC. Nothing is guessed from a year, a FIGO edition or
a value.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache, lru_cache
from typing import NamedTuple

from rstage.reference.topography import CodeRange, overlap, pattern_ranges
from rstage.reference.tsv import grammar_rows

NUMBERED = 9
"""The edition whose chapters were published one by one."""
NEVER = 0
"""The year of a chapter that was never published."""


class Kind(StrEnum):
    """What is said where an edition does not have what a line of the table names."""

    OUTDATED = "outdated"  # refused, unless an old edition is written
    MX = "mx"
    CERTAINTY = "certainty"
    MISSING = "missing"
    CHAPTER = "chapter"


class Change(NamedTuple):
    """One line of the table.

    Attributes:
        name: what a diagnostic shows. kind: what a diagnostic says.
        letters: the categories it is about; empty for a chapter.
        values: the values with their subcategories; empty for every value. suffix, held: the field of
            `Suffixes`, and what it holds; empty where any text counts.
        first, last: the first and the last edition that has it.
        sites: the topography codes; empty where it holds for every site.
        owner, year: whose chapter it is, and its first year.
    """

    name: str
    kind: Kind
    letters: str
    values: frozenset[str]
    suffix: str
    held: str
    first: int | None
    last: int | None
    sites: tuple[CodeRange, ...]
    owner: str
    year: int

    def lacks(self, number: int) -> bool:
        """Return whether an edition does not have it."""
        return (self.first is not None and number < self.first) or (
            self.last is not None and number > self.last
        )

    def editions(self) -> str:
        """Return in words which editions have it."""
        if self.last is None:
            return f"from {self.first} on"
        return f"up to {self.last}"


@cache
def changes() -> tuple[Change, ...]:
    """Return every line of the table."""
    return tuple(map(_change, grammar_rows("editions.tsv")))


def _change(row: dict[str, str]) -> Change:
    suffix, _, held = row["suffix"].partition("=")
    return Change(
        name=row["name"],
        kind=Kind(row["kind"]),
        letters={"any": "TNM", "chapter": ""}.get(row["part"], row["part"]),
        values=frozenset(row["values"].split()),
        suffix=suffix,
        held=held,
        first=int(row["first"]) if row["first"] else None,
        last=int(row["last"]) if row["last"] else None,
        sites=pattern_ranges(row["sites"]) if row["sites"] else (),
        owner=row["owner"],
        year=int(row["year"]) if row["year"] else NEVER,
    )


@cache
def changes_of(kind: Kind) -> tuple[Change, ...]:
    """Return the lines of one kind."""
    return tuple(change for change in changes() if change.kind is kind)


@cache
def missing_from(number: int) -> tuple[Change, ...]:
    """Return the lines of the kind `missing` with what an edition does not have."""
    return tuple(change for change in changes_of(Kind.MISSING) if change.lacks(number))


@lru_cache(4096)
def missing_at(number: int, codes: CodeRange) -> tuple[Change, ...]:
    """Return those of these lines that are for some sites, and for one of these codes."""
    return tuple(change for change in missing_from(number) if change.sites and overlap(codes, change.sites))


@cache
def last_edition(kind: Kind) -> int:
    """Return the last edition that has what the lines of this kind are about."""
    return max(change.last or 0 for change in changes_of(kind))


@cache
def outdated_values() -> dict[tuple[str, str], int]:
    """Return the values that later editions do not have, by letter and value, with their last edition."""
    return {
        (letter, value): change.last
        for change in changes_of(Kind.OUTDATED)
        if change.last is not None
        for letter in change.letters
        for value in change.values
    }


def first_year(owner: str | None, site: CodeRange) -> int:
    """Return the first year of the chapters of the ninth edition that a site can belong to, or `NEVER`.

    Args:
        owner: whose edition it is; None where none was written, so that each owner's counts.
        site: the codes of the site.
    """
    years = [
        change.year
        for change in changes_of(Kind.CHAPTER)
        if owner in (None, change.owner) and (not change.sites or overlap(site, change.sites))
    ]
    return min(years, default=NEVER)
