"""The edition of the classification: its number or year, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass

from rstage.arguments import check_type
from rstage.model.value import Notation


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Edition(Notation):
    """The edition of the classification: a number or a year, and whose it is where that was written.

    Raises:
        ValueError: the version is no number from 1 to 99 and no year, or the owner is unknown.
    """

    version: str
    owner: str | None = None

    def __post_init__(self) -> None:
        check_type("version", self.version, str)
        legal = self.version.isascii() and self.version.isdecimal() and len(self.version) in (1, 2, 4)
        if not legal or self.version[0] == "0" or self.owner not in (None, "AJCC", "UICC", "FIGO"):
            raise ValueError("an edition is a number or a year, of AJCC, UICC or FIGO")

    @property
    def number(self) -> int | None:
        """The number of the edition; None where a year was written."""
        return int(self.version) if len(self.version) <= 2 else None

    def __str__(self) -> str:
        return f"({self.owner or 'edition'} {self.version})"


def number_of(edition: Edition | None) -> int | None:
    """Return the number of an edition of AJCC, UICC or no named owner; None for any other edition."""
    return None if edition is None or edition.owner == "FIGO" else edition.number


def may_be_same(one: Edition, other: Edition) -> bool:
    """Return whether two editions can be one: the same version, and no two owners."""
    return one.version == other.version and (None in (one.owner, other.owner) or one.owner == other.owner)
