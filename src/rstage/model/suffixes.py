"""What stands after the value of a category, each in its own field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from rstage.model.value import Notation, as_text, tuple_of
from rstage.reference.tsv import data_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

IN_SITU_TYPES = ("DCIS", "LAMN", "LCIS", "Paget", "pd", "pu")
SITES: Mapping[str, str] = {row["site"]: row["words"] for row in data_rows("metastatic_sites.tsv")}
"""The codes of metastatic sites in alphabetical order, with our own words for each."""


MOST_NODES = 999
"""The highest count of lymph nodes: it has three digits, in the grammar too."""


def _is_multiplicity(text: str) -> bool:
    """Return whether `text` is `m`, `is`, a number from 2 to 999, or one of the first with `,is` (oBDS)."""
    count = text.removesuffix(",is")
    return (
        text == "is"
        or count == "m"
        or (count.isdecimal() and count.isascii() and 2 <= int(count) <= 999 and count[0] != "0")
    )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Suffixes(Notation):
    """What stands after the value of a category, each in its own field.

    Attributes:
        in_situ: type of an in-situ tumor, one of `IN_SITU_TYPES`.
        minimal: `mi`, microinvasion on T, micrometastasis on N.
        multiplicity: `m`, a number from `2` to `999`, `is`, or the first two with `,is`.
        solitary: `(s)`. superficial: `(ss)`, superficial spreading.
        tumor_cells: `i-`, `i+`, `mol-`, `mol+`. sentinel: `(sn)`. needle: `(f)`.
        level: `U` or `L`, lymph nodes above or below the cricoid. extension: `ENE+` or `ENE-`, extranodal.
        involved, examined: counts of lymph nodes.
        ldh: `0` normal, `1` raised. cytology: `cy+`. sites: codes of `SITES`, in alphabetical order.
        certainty: the C-factor, 1 to 5. at_primary: `+`, recurrence in the area of the primary tumor.
    """

    in_situ: str | None = None
    minimal: bool = False
    multiplicity: str | None = None
    solitary: bool = False
    superficial: bool = False
    tumor_cells: str | None = None
    sentinel: bool = False
    needle: bool = False
    level: str | None = None
    extension: str | None = None
    involved: int | None = None
    examined: int | None = None
    ldh: str | None = None
    cytology: str | None = None
    sites: tuple[str, ...] = ()
    certainty: int | None = None
    at_primary: bool = False

    readers: ClassVar[dict[str, Any]] = {"sites": tuple_of(as_text)}

    def __post_init__(self) -> None:
        legal = (
            self.in_situ in (None, *IN_SITU_TYPES)
            and (self.multiplicity is None or _is_multiplicity(self.multiplicity))
            and self.tumor_cells in (None, "i-", "i+", "mol-", "mol+")
            and self.level in (None, "U", "L")
            and self.extension in (None, "ENE+", "ENE-")
            and (self.involved is None) == (self.examined is None)
            and 0 <= (self.involved or 0) <= (self.examined or 0) <= MOST_NODES
            and self.ldh in (None, "0", "1")
            and self.cytology in (None, "cy+")
            and self.sites == tuple(sorted(set(self.sites).intersection(SITES)))
            and self.certainty in (None, 1, 2, 3, 4, 5)
            and bool not in map(type, (self.involved, self.examined, self.certainty))
        )
        if not legal:
            raise ValueError("a suffix holds a text that cannot be written and read back")

    def __str__(self) -> str:
        brackets = (
            self.in_situ,
            "mi" if self.minimal else None,
            self.multiplicity,
            "s" if self.solitary else None,
            "ss" if self.superficial else None,
            self.ldh,
            ",".join(self.sites),
            self.cytology,
            self.tumor_cells,
            "sn" if self.sentinel else None,
            "f" if self.needle else None,
            self.level,
            self.extension,
            None if self.involved is None else f"{self.involved}/{self.examined}",
        )
        certainty = f"C{self.certainty}" if self.certainty else ""
        return certainty + "+" * self.at_primary + "".join([f"({text})" for text in brackets if text])


NO_SUFFIXES = Suffixes()
