"""The letters in front of a category or a group: what they say, and what is wrong with them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rstage import rules
from rstage.caches import cached
from rstage.model.category import Method, Timing

if TYPE_CHECKING:
    from rstage.diagnostics import Rule, Span
    from rstage.notation.part import Draft


@cached(1024)
def _said_by(letters: str) -> tuple[frozenset[Timing], Method | None, Rule | None]:
    """Return timing and method of the letters of a prefix (notation A.3), and the rule they break.

    An m among them is left aside: directly beside p or c it means several tumors.
    """
    timing = [letter for letter in letters if letter in "rya"]
    method = [letter for letter in letters if letter in "cpu"]
    if "m" in letters and not method:
        return frozenset(), None, rules.MRI_PREFIX
    if len(set(timing)) < len(timing) or len(method) > 1 or letters.count("m") > 1:
        return frozenset(), None, rules.ILLEGAL_PREFIX
    return frozenset(map(Timing, timing)), Method(method[0]) if method else None, None


def read_prefix(part: Draft, letters: str, span: Span) -> tuple[frozenset[Timing], Method | None]:
    """Return timing and method of a prefix; a rule that it breaks becomes an error of `part`."""
    timing, method, broken = _said_by(letters)
    if broken is not None:
        part.add(broken, span)
    return timing, method


def is_reordered(letters: str) -> bool:
    """Return whether a method stands before a timing (`prT2`); `yr` for `ry` is only another spelling."""
    return re.search("[cpu][rya]", letters.replace("m", "")) is not None
