"""The runs of a text: ranges whose letter is written twice, and where one staging ends and another begins."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rstage import rules
from rstage.model.category import Category, Timing, misplaced, positive_nodes_with_n0
from rstage.model.group import StageGroup
from rstage.model.suffixes import NO_SUFFIXES
from rstage.notation.part import Part, Run
from rstage.reference import vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

_STRONG = frozenset(",;\n")


def join_ranges(parts: Sequence[Part], text: str) -> list[Part]:
    """Put together ranges whose letter is written twice: `T3/T4`, `pT2-pT3`, `N1-N2c` (ruling 2)."""
    joined: list[Part] = []
    for part in parts:
        last = joined[-1] if joined else None
        if last is not None and _is_range(last, part, text):
            joined[-1] = _extended(last, part, text)
        else:
            joined.append(part)
    return joined


def _is_range(low: Part, high: Part, text: str) -> bool:
    if text[low.end : high.start].strip() not in ("-", "/") or low.letter != high.letter:
        return False
    if not (isinstance(low.value, Category) and isinstance(high.value, Category)) or low.glued:
        return False
    same_prefix = high.value.prefix in ("", low.value.prefix)
    plain = low.value.upper is None and high.value.upper is None and low.value.suffixes == NO_SUFFIXES
    return same_prefix and plain and not {"+", vocabulary.NOT_ASSIGNED} & {low.value.value, high.value.value}


def _extended(low: Part, high: Part, text: str) -> Part:
    """Return one part of the two ends of a range."""
    lower, upper = low.value, high.value
    if not isinstance(lower, Category) or not isinstance(upper, Category):
        raise TypeError("a range has two categories")
    whole = replace(
        low,
        end=high.end,
        text=text[low.start : high.end],
        glued=high.glued,
        is_usual=False,
        found=low.found + high.found,
        value=None,
    )
    ends = (lower.value, lower.subcategory), (upper.value, upper.subcategory)
    if misplaced(low.letter, *ends[0], upper.suffixes) or positive_nodes_with_n0(lower.value, upper.suffixes):
        return whole.with_found(rules.MISPLACED_SUFFIX, category=low.letter)
    if vocabulary.is_ascending(low.letter, *ends):
        return replace(whole, value=replace(lower, upper="".join(ends[1]), suffixes=upper.suffixes))
    return whole.with_found(rules.REVERSED_RANGE)


def cut_runs(parts: Sequence[Part], text: str) -> list[Run]:
    """Return the stagings of a text: a new one begins where a repeated part differs (ruling 1)."""
    runs: list[list[Part]] = [[]]
    seen: dict[str, Part] = {}
    end = 0
    for part in parts:
        between = text[end : part.start]
        end = part.end
        name = part.letter if part.kind == "category" else part.kind
        earlier = seen.get(name) if part.kind in ("category", "group", "edition") else None
        if earlier is None:
            runs[-1].append(part)
        elif part.kind != "edition" and (_STRONG & set(between) or _differs(earlier, part)):
            runs.append([part])
            seen = {}
        else:
            is_category = part.kind == "category"
            repeated = rules.REPEATED_CATEGORY if is_category else rules.REPEATED_PART
            runs[-1].append(part.with_found(repeated))
        seen.setdefault(name, part)
    return [
        _labeled(run, runs[place - 1] if place else [], is_last=run is runs[-1])
        for place, run in enumerate(runs)
    ]


def _labeled(parts: Sequence[Part], before: Sequence[Part], *, is_last: bool) -> Run:
    """Return a run with the timing that labels give to it: those in front of its first category.

    One behind everything of the run before belongs to this one. One between the categories of a run covers
    neither side, which is an error.
    """
    first = next((place for place, part in enumerate(parts) if part.kind == "category"), len(parts))
    labels = [part for part in parts[:first] if part.kind == "label"]
    if before and before[-1].kind == "label":
        labels.append(before[-1])
    timing: frozenset[Timing] = frozenset().union(*[part.timing for part in labels])
    own = list(parts)
    for place, part in enumerate(parts[first:], start=first):
        belongs_to_next = place == len(parts) - 1 and not is_last
        if part.kind == "label" and part.timing and not belongs_to_next:
            own[place] = part.with_found(rules.LONELY_PREFIX)
    return Run(tuple(own), timing)


def _differs(earlier: Part, later: Part) -> bool:
    """Return whether a repeated category or group has another timing or method."""
    kinds = (Category, StageGroup)
    if not isinstance(earlier.value, kinds) or not isinstance(later.value, kinds):
        return False
    return (earlier.value.timing, earlier.value.method) != (later.value.timing, later.value.method)
