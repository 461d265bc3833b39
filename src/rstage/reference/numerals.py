"""Roman numerals of stage groups."""

from __future__ import annotations

from functools import lru_cache

ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV", "5": "V"}
"""The Roman numeral of each digit that registries store in its place."""

ARABIC = {roman: digit for digit, roman in ROMAN.items()}
"""The digit of each Roman numeral."""


@lru_cache(256)
def leading_numeral(text: str) -> str:
    """Return the Roman numeral that a group begins with, or an empty text: `III` of `IIIA`."""
    return max((roman for roman in ARABIC if text.startswith(roman)), key=len, default="")
