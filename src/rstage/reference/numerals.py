"""Roman numerals of stage groups."""

ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV", "5": "V"}
"""The Roman numeral of each digit that registries store in its place."""

ARABIC = {roman: digit for digit, roman in ROMAN.items()}
"""The digit of each Roman numeral."""


def leading_numeral(text: str) -> str:
    """Return the Roman numeral that a group begins with, or an empty text: `III` of `IIIA`."""
    return max((roman for roman in ARABIC if text.startswith(roman)), key=len, default="")
