"""ICD-O topography codes: `C50.1`, and patterns of them such as `C50.1-C50.6,C18`."""

from __future__ import annotations

import re

Span = tuple[int, int]
"""The first and the last of the three digits of a code, both included: `C50` is 500 to 509."""

_CODE = re.compile(r"C(\d\d)(?:\.?(\d))?", re.ASCII | re.IGNORECASE)
_PREFIX = re.compile(r"C((?:\d(?:\d(?:\.?\d)?)?)?)", re.ASCII | re.IGNORECASE)


def code_span(site: str) -> Span | None:
    """Return the codes that a site means, in any case, with or without dot; nothing where it is no code."""
    match = _CODE.fullmatch(site.strip())
    return _span(match[1] + (match[2] or "")) if match else None


def pattern_spans(pattern: str) -> tuple[Span, ...]:
    """Return the codes of a pattern: codes, prefixes (`C5`) and ranges of them, with commas between.

    Raises:
        ValueError: a part of it is none of these.
    """
    return tuple([_part_span(part) for part in pattern.split(",")])


def overlap(left: Span, right: tuple[Span, ...]) -> bool:
    """Return whether a site can be one of the others: `C50` can be `C50.1`."""
    return any(left[0] <= last and first <= left[1] for first, last in right)


def _part_span(part: str) -> Span:
    ends = [_PREFIX.fullmatch(end.strip()) for end in part.split("-")]
    spans = [_span(end[1].replace(".", "")) for end in ends if end]
    if len(spans) < len(ends) or len(ends) > 2 or spans[0][0] > spans[-1][1]:
        raise ValueError("a topography is a code such as C50.1, C50 or C5, or a range such as C50.1-C50.6")
    return spans[0][0], spans[-1][1]


def _span(digits: str) -> Span:
    return int(digits.ljust(3, "0")), int(digits.ljust(3, "9"))
