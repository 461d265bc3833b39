"""What changed from one edition of the classification to another: `grammar/editions.tsv`.

Only a written number counts, with or without AJCC or UICC. Nothing is guessed from a year, a FIGO edition or
a value.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from rstage.reference.grammar import tsv_lines
from rstage.reference.topography import Span, overlap, pattern_spans

NUMBERED = 9
"""The edition whose chapters were published one by one."""
NEVER = 0
"""The year of a chapter that there is not."""


class Change(NamedTuple):
    """One line of the table.

    Attributes:
        name: what a finding tells. letters: the categories it is about; none for a chapter.
        values: the values with their subcategories, none for every one. suffix, held: the field of
            `Suffixes`, and what it holds; blank where any text counts.
        first, last: the first and the last edition that has it.
        sites: the topography codes, none where it holds for every site.
        owner, year: whose chapter it is, and its first year.
        rule: the code of the finding.
    """

    name: str
    letters: str
    values: frozenset[str]
    suffix: str
    held: str
    first: int | None
    last: int | None
    sites: tuple[Span, ...]
    owner: str
    year: int
    rule: str

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
    return tuple(map(_change, tsv_lines("editions.tsv")))


def _change(cells: list[str]) -> Change:
    name, part, values, suffix, first, last, sites, owner, year, rule, _source = cells
    field, _, held = suffix.partition("=")
    return Change(
        name,
        {"any": "TNM", "chapter": ""}.get(part, part),
        frozenset(values.split()),
        field,
        held,
        int(first) if first else None,
        int(last) if last else None,
        pattern_spans(sites) if sites else (),
        owner,
        int(year) if year else 0,
        rule,
    )


@cache
def changes_of(rule: str) -> tuple[Change, ...]:
    """Return the lines whose finding has this code."""
    return tuple(change for change in changes() if change.rule == rule)


@cache
def missing_from(number: int) -> tuple[Change, ...]:
    """Return the lines with what an edition does not have, of those that are told as that and no more."""
    return tuple(change for change in changes_of("RS328") if change.lacks(number))


@cache
def last_edition(rule: str) -> int:
    """Return the last edition that has what the finding with this code is about."""
    return max(change.last or 0 for change in changes_of(rule))


@cache
def outdated_values() -> dict[tuple[str, str], int]:
    """Return the values that later editions do not have, by letter and value, with their last edition."""
    return {
        (letter, value): change.last
        for change in changes_of("RS323")
        if change.last is not None
        for letter in change.letters
        for value in change.values
    }


def first_year(owner: str | None, site: Span) -> int:
    """Return the first year of the chapters of the ninth edition that a site can belong to, or `NEVER`.

    Args:
        owner: whose edition it is; None where none was written, so that each owner's counts.
        site: the codes of the site.
    """
    years = [
        change.year
        for change in changes_of("RS329")
        if owner in (None, change.owner) and (not change.sites or overlap(site, change.sites))
    ]
    return min(years, default=NEVER)
