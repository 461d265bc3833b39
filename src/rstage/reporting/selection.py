"""Which findings are reported: by code (`RS301`) or family (`RS3`); the longest prefix of a code decides."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from rstage import rules

ANY = "RS"
"""The family of every code."""

# What ends a run has a code of files, and so has one finding of a message.
_OF_FILES = frozenset(rule.code for rule in rules.ALL if rule.code < "RS1") - {rules.SCHEMA_VIOLATED.code}
_OF_PROOFS = frozenset(
    rule.code
    for rule in (
        *(rules.ORIGINAL_ALTERED, rules.CELL_ALTERED, rules.ROW_MISSING, rules.ROW_ADDED),
        *(rules.RECORD_ALTERED, rules.RESTAGING_MISSING, rules.ADDITION_UNCONFIRMED),
        *(rules.LINK_KEY_NEEDED, rules.LINK_WITHOUT_KEY, rules.LINK_KEY_DIFFERS),
        rules.RESTAGING_UNREADABLE,
        *(rules.DIAGNOSIS_ALTERED, rules.ASSESSMENT_ALTERED, rules.RESTAGED_ALTERED),
        *(rules.RECURRENCE_ALTERED, rules.LINK_ALTERED),
        *(rules.OUT_OF_ORDER, rules.PARENT_MISSING, rules.INITIAL_CARRIES_R),
    )
)

_OF_LOST_ROWS = {rules.RAGGED_ROW.code, rules.LINE_NOT_OBJECT.code, rules.INTERNAL_ERROR.code}

ALWAYS_REPORTED = _OF_FILES | _OF_PROOFS | _OF_LOST_ROWS
"""What ends a run, what `verify` proves, and a row that is lost to the output: neither selected nor ignored,
and never overridden, so that no setting makes a run look whole that is not."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which codes are reported.

    Attributes:
        select: codes and families that are reported; empty for every one.
        ignore: those that are not. The longer prefix wins; of equal ones that of `ignore`.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def has(self, code: str) -> bool:
        """Return whether findings of a code are reported."""
        return _has(self.select, self.ignore, code)


@cache
def _has(select: tuple[str, ...], ignore: tuple[str, ...], code: str) -> bool:
    return code in ALWAYS_REPORTED or _longest(select or (ANY,), code) > _longest(ignore, code)


def _longest(prefixes: tuple[str, ...], code: str) -> int:
    return max((len(prefix) for prefix in prefixes if code.startswith(prefix)), default=0)


def checked_codes(text: str) -> tuple[str, ...]:
    """Return the codes and families of a list such as `RS1,RS301`, in capitals.

    Raises:
        ValueError: there is no finding with such a code.
    """
    codes = tuple(code for part in text.split(",") if (code := part.strip().upper()))
    if not codes:
        raise ValueError("it needs a code such as RS301, or a family such as RS3")
    for code in codes:
        if not code.startswith(ANY) or not any(rule.code.startswith(code) for rule in rules.ALL):
            raise ValueError(f"there is no finding whose code begins with {code}")
    return codes


def checked_ignored(text: str) -> tuple[str, ...]:
    """Return the codes and families that are ignored.

    Raises:
        ValueError: as for `checked_codes`, or a code of `ALWAYS_REPORTED` is named; a family may hold some.
    """
    codes = checked_codes(text)
    if fixed := next((code for code in codes if code in ALWAYS_REPORTED), None):
        raise ValueError(f"{fixed} is always told")
    return codes
