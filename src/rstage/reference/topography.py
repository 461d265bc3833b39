"""ICD-O topography codes: `C50.1`, and patterns of them such as `C50.1-C50.6,C18`."""

from __future__ import annotations

import re
from functools import lru_cache

CodeRange = tuple[int, int]
"""The first and the last of the three digits of a code, both included: `C50` is 500 to 509."""

_CODE = r"(?ai)C(\d\d)(?:\.?(\d))?"
_PREFIX = r"(?ai)C((?:\d(?:\d(?:\.?\d)?)?)?)"


@lru_cache(4096)  # a file names each site many times, and there are a thousand
def code_range(site: str) -> CodeRange | None:
    """Return the codes that a site means, in any case, with or without dot; None where it is no code."""
    match = re.fullmatch(_CODE, site.strip())
    return _range(match[1] + (match[2] or "")) if match else None


def pattern_ranges(pattern: str) -> tuple[CodeRange, ...]:
    """Return the codes of a pattern: codes, prefixes (`C5`) and ranges of them, with commas between.

    Raises:
        ValueError: a part of it is none of these.
    """
    return tuple([_part_range(part) for part in pattern.split(",")])


def overlap(left: CodeRange, right: tuple[CodeRange, ...]) -> bool:
    """Return whether a site can be one of the others: `C50` can be `C50.1`."""
    return any(left[0] <= last and first <= left[1] for first, last in right)


def _part_range(part: str) -> CodeRange:
    ends = [re.fullmatch(_PREFIX, end.strip()) for end in part.split("-")]
    ranges = [_range(end[1].replace(".", "")) for end in ends if end]
    if len(ranges) < len(ends) or len(ends) > 2 or ranges[0][0] > ranges[-1][1]:
        raise ValueError("a topography is a code such as C50.1, C50 or C5, or a range such as C50.1-C50.6")
    return ranges[0][0], ranges[-1][1]


def _range(digits: str) -> CodeRange:
    return int(digits.ljust(3, "0")), int(digits.ljust(3, "9"))
