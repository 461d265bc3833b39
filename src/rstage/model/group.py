"""The stage group, such as `Stage IIA`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from rstage import rules
from rstage.arguments import check_type
from rstage.diagnostics import RestagingError
from rstage.model.category import Method, Timing, prefix, timings
from rstage.model.value import Notation, word_of
from rstage.reference.dialect_values import dialect_with
from rstage.reference.numerals import leading_numeral
from rstage.reference.systems import SYSTEMS, TNM, WITH_R, group_values, has_mark, is_system_range, with_mark

# oBDS, ICGC-ARGO, SEER TNM and GDC lists.
GROUP_VALUES: dict[str, tuple[str, ...]] = {
    "0": ("0", "0a", "0is"),
    "I": ("I", "IA", "IA1", "IA2", "IA3", "IB", "IB1", "IB2", "IB3", "IC", "IC1", "IC2", "IC3", "IS"),
    "II": ("II", "IIA", "IIA1", "IIA2", "IIB", "IIC", "IIC1"),
    "III": ("III", "IIIA", "IIIA1", "IIIA2", "IIIB", "IIIC", "IIIC1", "IIIC2", "IIID"),
    "IV": ("IV", "IVA", "IVA1", "IVA2", "IVB", "IVC"),
    "": ("occult", "X", "Tis"),
}
GROUP_KINDS = ("anatomic", "prognostic")
_WITHOUT_KIND = ("occult", "Tis")
_NUMERALS = tuple(GROUP_VALUES)[:5]
_ALL = frozenset(value for group in GROUP_VALUES.values() for value in group)


def numeral(value: str) -> str:
    """Return `0`, `I`, `II`, `III` or `IV` of a TNM or FIGO value, or an empty text where it has none."""
    return "0" if value.startswith("0") else leading_numeral(value)


def group_exists(value: str, system: str = TNM) -> bool:
    """Return whether a published list of the system has this group."""
    return value in _ALL if system == TNM else value in group_values(system)


def is_group_range(low: str, high: str, system: str = TNM) -> bool:
    """Return whether two groups make a range from lower to higher; `I-IA` makes none."""
    if system != TNM:
        return is_system_range(system, low, high)
    first, last = numeral(low), numeral(high) if group_exists(high) else ""
    if not first or not last or (first == last and high.startswith(low)):
        return False
    return (_NUMERALS.index(first), low) < (_NUMERALS.index(last), high)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class StageGroup(Notation):
    """A stage group.

    Attributes:
        value: `IIA`, `0is`, `occult`, `X`, `Tis`; FIGO `IIIA1(ii)`; INSS `4S`; Ann Arbor `III-1`.
        upper: the other end of a range of groups; of TNM, FIGO and Ann Arbor.
        system: one of `SYSTEMS`.
        timing: r, y, a of the group itself. method: c or p of the group itself.
        mark: what the system writes behind the value. FIGO: `r` (imaging) or `p` (pathology), never
            recurrence (cervix 2018), a molecular class such as `mPOLEmut` (endometrium 2023), a score.
            Ann Arbor: flags in the order A or B, E, S, X. GTN: the score, `8`.
        kind: `anatomic` or `prognostic`, the two groups that AJCC has for breast cancer; of TNM only.

    Raises:
        ValueError: its system has no such group, or it cannot be written and read back.
    """

    value: str
    upper: str | None = None
    system: str = "TNM"
    timing: frozenset[Timing] = frozenset()
    method: Method | None = None
    mark: str | None = None
    kind: str | None = None

    readers: ClassVar[dict[str, Any]] = {"timing": timings, "method": word_of(Method)}

    def __post_init__(self) -> None:
        check_type("timing", self.timing, frozenset)
        if self.method is not None:
            check_type("method", self.method, Method)
        is_of_dialect = self.system == TNM and dialect_with("group", self.value) is not None
        if self.system not in SYSTEMS or not (group_exists(self.value, self.system) or is_of_dialect):
            raise ValueError("the system has no such stage group")
        if is_of_dialect and (self.upper is not None or self.mark is not None or self.kind is not None):
            raise ValueError("a group of one dialect has no range, mark or kind")
        if self.upper is not None and not is_group_range(self.value, self.upper, self.system):
            raise ValueError("a range rises from its first to its last group")
        if self.method is Method.ULTRASOUND:
            raise ValueError("a group is clinical or pathological")
        if self.mark is not None and (
            self.upper is not None or not has_mark(self.system, self.value, self.mark)
        ):
            raise ValueError("the system does not write this mark behind this group")
        if self.kind is not None and (
            self.kind not in GROUP_KINDS or self.system != TNM or self.value in _WITHOUT_KIND
        ):
            raise ValueError("a group of TNM with a numeral is anatomic or prognostic")
        if self.system not in WITH_R and self.timing - {Timing.POST_THERAPY}:
            raise ValueError("the system has no r and no a")

    @property
    def numeral(self) -> str:
        """`0`, `I`, `II`, `III` or `IV` of a TNM or FIGO group; an empty text for any other."""
        return numeral(self.value) if self.system in WITH_R else ""

    def without_word(self) -> str:
        """Return the group as text without the word Stage or the name of its system: `rIIA`."""
        kind = f" ({self.kind})" if self.kind else ""
        return prefix(self.timing, self.method) + self._body() + kind

    def _body(self) -> str:
        """Return value, range and mark."""
        body = f"{self.value}-{self.upper}" if self.upper else self.value
        if self.mark:
            body = with_mark(self.system, self.value, self.mark)
        return body

    def __str__(self) -> str:
        word = "Stage" if self.system == TNM else self.system
        text = (
            replace(self, timing=frozenset(), method=None).without_word()
            if self.timing or self.method
            else self.without_word()
        )
        return f"{prefix(self.timing, self.method)}{word} {text}"

    def bare(self) -> str:
        """Return the group as short as it can be read back beside categories: `rIIA`, but `Stage 0`."""
        is_short = self.numeral not in ("", "0") and (self.system == TNM or self._is_figo_by_itself())
        return self.without_word() if is_short else str(self)

    def _is_figo_by_itself(self) -> bool:
        """Return whether a FIGO group shows its system by a mark or a sub-level (ruling 21).

        A molecular class directly behind a numeral alone, ImPOLEmut, shows nothing.
        """
        if self.mark is None or self.mark.isdecimal():
            return "(" in self.value
        return "(" in self.value or self.value != self.numeral or not self.mark.startswith("m")

    def of_figo(self) -> Self:
        """Return the group as one of FIGO; the same object where it is one, or FIGO does not have it."""
        if self.system != TNM or self.kind is not None or not group_exists(self.value, "FIGO"):
            return self
        if self.upper is not None and not is_group_range(self.value, self.upper, "FIGO"):
            return self
        return replace(self, system="FIGO")

    def restaged(self) -> Self:
        """Return the group with an r; the same object where it has one.

        Raises:
            RestagingError: the system has no r.
        """
        if Timing.RECURRENCE in self.timing:
            return self
        if self.system not in WITH_R:
            raise RestagingError((rules.SYSTEM_WITHOUT_R.at(text=str(self), system=self.system),))
        return replace(self, timing=self.timing | {Timing.RECURRENCE})
