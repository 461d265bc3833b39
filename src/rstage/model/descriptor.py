"""What stands beside T, N and M: invasion, residual tumor, grade, serum markers and the like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from rstage.arguments import check_type
from rstage.model.category import Method
from rstage.model.value import Notation, word_of
from rstage.reference.recurrence_words import names_recurrence

# Order is the canonical order. Sources: oBDS and MII (L, V, Pn, R, S), NAACCR (H, B, PL), CAP and GDC (G).
DESCRIPTOR_VALUES: dict[str, tuple[str, ...]] = {
    "L": ("X", "0", "1"),
    "V": ("X", "0", "1", "2"),
    "Pn": ("X", "0", "1"),
    "R": ("X", "0", "1", "2", "2a", "2b"),
    "G": ("X", "0", "1", "2", "3", "4", "B", "H", "L", "M", "T", "U"),
    "S": ("X", "0", "1", "2", "3"),
    "PL": ("0", "1", "2", "3"),
    "H": ("X", "0", "1"),
    "B": ("X", "0", "0a", "0b", "1", "1a", "1b", "2", "2a", "2b"),
}
DESCRIPTOR_ORDER = tuple(DESCRIPTOR_VALUES)


def near_descriptor_values(name: str) -> tuple[str, ...]:
    """Return what a number may have meant that is no value of a descriptor: the highest one, or X."""
    values = DESCRIPTOR_VALUES[name]
    highest = max(value for value in values if value.isdigit())
    return (highest, "X") if "X" in values else (highest,)


# A word in Latin letters, and more of them; what begins as a group or an edition would be read as that.
_PLACE = re.compile(
    "(?!(?i:stage|stadium|estad|stade|edition|version|occult|multi))"
    "[A-Za-zÀ-ÖØ-öø-ÿ][a-zà-öø-ÿ]{2,23}[A-Za-zÀ-ÖØ-öø-ÿ .'/&+-]{0,36}"
)

MOST_PLACES = 8
"""Residual tumors of one stage: with a place of 60 letters in each, a stage is short enough to be read."""

PLACE_KINDS = ("is", "cy+")
"""What the bracket of R holds beside or instead of a place."""


def is_place(text: str) -> bool:
    """Return whether a text can stand in the bracket of R: a place such as `liver`.

    A word of recurrence is none: it would be an r that is not written.
    """
    is_text = _PLACE.fullmatch(text) is not None and text == " ".join(text.split())
    return is_text and not names_recurrence(text)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Descriptor(Notation):
    """One descriptor beside the categories.

    Attributes:
        name: one of `DESCRIPTOR_VALUES`.
        value: one of the values listed there.
        method: `p` in `pL1`; None where none was written.
        upper: the other end of a range of grades (`G1-2`).
        detail: for R what stands in its bracket: `is`, `cy+`, or the place (`liver`).
        place: for R the place, where the detail is `is` or `cy+`.

    Raises:
        ValueError: the descriptor does not have this value, or the rest cannot stand on it.
    """

    name: str
    value: str
    method: Method | None = None
    upper: str | None = None
    detail: str | None = None
    place: str | None = None

    readers: ClassVar[dict[str, Any]] = {"method": word_of(Method)}

    def __post_init__(self) -> None:
        if self.method is not None:
            check_type("method", self.method, Method)
        known = DESCRIPTOR_VALUES.get(self.name, ())
        if self.value not in known:
            raise ValueError("this descriptor does not have this value")
        if self.upper is not None and not (
            self.name == "G"
            and self.upper in known
            and self.value.isdigit()
            and self.upper.isdigit()
            and self.value < self.upper
        ):
            raise ValueError("only a grade has a range, and it ascends")
        if self.detail is not None and not (
            self.name == "R" and (self.detail in PLACE_KINDS or is_place(self.detail))
        ):
            raise ValueError("only residual tumor has a place")
        if self.place is not None and not (self.detail in PLACE_KINDS and is_place(self.place)):
            raise ValueError("a place stands behind is or cy+, or is the detail")

    @property
    def key(self) -> tuple[str, ...]:
        """What a stage has once: the name, and the place of R with it (ruling 23)."""
        return (self.name, self.detail or "", self.place or "")

    def __str__(self) -> str:
        upper = f"-{self.upper}" if self.upper else ""
        detail = "".join([f"({text})" for text in (self.detail, self.place) if text])
        return f"{self.method or ''}{self.name}{self.value}{upper}{detail}"
