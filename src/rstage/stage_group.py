"""The stage group (`Stage IIA`) and the edition of a classification."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from .category import Method, Timing, prefix, timings
from .values import Value

SYSTEMS = ("TNM", "FIGO")
"""The systems whose groups can be read, TNM first."""

# oBDS, ICGC-ARGO, SEER TNM and GDC lists; the last line of each numeral is what FIGO adds (NAACCR).
GROUP_VALUES: dict[str, tuple[str, ...]] = {
    "0": ("0", "0a", "0is"),
    "I": ("I", "IA", "IA1", "IA2", "IA3", "IB", "IB1", "IB2", "IB3", "IC", "IC1", "IC2", "IC3", "IS"),
    "II": ("II", "IIA", "IIA1", "IIA2", "IIB", "IIC", "IIC1"),
    "III": ("III", "IIIA", "IIIA1", "IIIA2", "IIIB", "IIIC", "IIIC1", "IIIC2", "IIID"),
    "IV": ("IV", "IVA", "IVA1", "IVA2", "IVB", "IVC"),
    "": ("occult", "X", "Tis"),
}
_NUMERALS = tuple(GROUP_VALUES)[:5]
_ALL = frozenset(value for group in GROUP_VALUES.values() for value in group)


def numeral(value: str) -> str:
    """Return `0`, `I`, `II`, `III` or `IV` of a group value, or nothing where it has none."""
    return next((name for name, group in GROUP_VALUES.items() if value in group), "")


def group_exists(value: str) -> bool:
    """Return whether a published list has this group."""
    return value in _ALL


def is_group_range(low: str, high: str) -> bool:
    """Return whether two groups make a range from lower to higher; `I-IA` makes none."""
    first, last = numeral(low), numeral(high)
    if not first or not last or (first == last and high.startswith(low)):
        return False
    return (_NUMERALS.index(first), low) < (_NUMERALS.index(last), high)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class StageGroup(Value):
    """A stage group.

    Attributes:
        value: `IIA`, `0is`, `IIIC1`, `occult`, `X`, `Tis`.
        upper: the other end of a range of groups.
        system: `TNM` or `FIGO`.
        timing: r, y, a of the group itself. method: c or p of the group itself.
        mark: FIGO's `r` (imaging) or `p` (pathology) after the stage, never recurrence (FIGO cervix 2018).

    Raises:
        ValueError: no published list has the group, or it cannot be written and read back.
    """

    value: str
    upper: str | None = None
    system: str = "TNM"
    timing: frozenset[Timing] = frozenset()
    method: Method | None = None
    mark: str | None = None

    readers: ClassVar[dict[str, Any]] = {"timing": timings, "method": Method}

    def __post_init__(self) -> None:
        if not group_exists(self.value) or (
            self.upper is not None and not is_group_range(self.value, self.upper)
        ):
            raise ValueError("no published list has this stage group")
        if self.system not in SYSTEMS or (self.system != "FIGO" and self.mark is not None):
            raise ValueError("the system does not have this group")
        if self.method is Method.ULTRASOUND:
            raise ValueError("a group is clinical or pathological")
        if self.mark not in (None, "r", "p") or (self.mark and self.upper):
            raise ValueError("the method mark of FIGO is r or p")
        if numeral(self.value) == "" and (self.upper or self.system == "FIGO"):
            raise ValueError("a group without a numeral stands alone")

    def without_word(self) -> str:
        """Return the group as text without the word Stage: `rIIA`."""
        upper = f"-{self.upper}" if self.upper else ""
        return f"{prefix(self.timing, self.method)}{self.value}{upper}{self.mark or ''}"

    def __str__(self) -> str:
        word = "FIGO" if self.system == "FIGO" else "Stage"
        text = (
            replace(self, timing=frozenset(), method=None).without_word()
            if self.timing or self.method
            else self.without_word()
        )
        return f"{prefix(self.timing, self.method)}{word} {text}"

    def bare(self) -> str:
        """Return the group as short as it can be read back beside categories: `rIIA`, but `Stage 0`."""
        is_short = numeral(self.value) not in ("", "0") and (self.system == "TNM" or self.mark)
        return self.without_word() if is_short else str(self)

    def restaged(self) -> Self:
        """Return the group with an r; the same object where it has one."""
        if Timing.RECURRENCE in self.timing:
            return self
        return replace(self, timing=self.timing | {Timing.RECURRENCE})


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Edition(Value):
    """The edition of the classification: a number or a year, and whose it is where that was written.

    Raises:
        ValueError: the version is no number from 1 to 99 and no year, or the owner is unknown.
    """

    version: str
    owner: str | None = None

    def __post_init__(self) -> None:
        legal = self.version.isascii() and self.version.isdecimal() and len(self.version) in (1, 2, 4)
        if not legal or self.version[0] == "0" or self.owner not in (None, "AJCC", "UICC", "FIGO"):
            raise ValueError("an edition is a number or a year, of AJCC, UICC or FIGO")

    @property
    def number(self) -> int | None:
        """The number of the edition; nothing where a year was written."""
        return int(self.version) if len(self.version) <= 2 else None

    def __str__(self) -> str:
        return f"({self.owner or 'edition'} {self.version})"
