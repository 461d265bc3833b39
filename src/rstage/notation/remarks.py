"""What stands in a bracket and is no suffix: a remark that can be left aside, or one that changes the stage.

Mode `repair` takes a bracket as a comment (ruling 9) only where nothing in it says another value, another
staging, a limit, a doubt or a negation. What is not understood is refused.
"""

from __future__ import annotations

import re

from rstage.notation.suffix import COUNTS
from rstage.notation.tree import parse_nodes
from rstage.reference import vocabulary
from rstage.reference.systems import find_system

# Behind M1 a remark names the place; elsewhere and here these words change what was said before them.
_WORDS = re.compile(
    r"\b(?:"
    # negations and doubts
    r"no(?:n|t|ne)?|without|exclu\w*|ruled out|absent|never|denie[ds]|doubt\w*|suspect\w*|possib\w*|probab\w*"
    r"|perhaps|maybe|(?:un)?likely|benign\w*|wrong|cancel\w*|kein\w*|nicht|ohne|ausgeschlossen|fragl\w*|verdacht"
    r"|V\. ?a|DD|sin|dudos\w*|posibl\w*|sans|pas|absence|senza|esclus\w*"
    # limits and alternatives
    r"|least|most|or|oder|ou|vs|versus|min|max|mind\w*|minimum|maximum|moins|menos|higher|lower|up to"
    # times and other tumors
    r"|rec|recurr\w*|relaps\w*|rezid\w*|récid\w*|recid\w*|neoadj\w*|autops\w*|primary|prior|previous\w*|initial\w*"
    r")(?![a-z])|[<>=≤≥?]",
    re.IGNORECASE,
)
# They only say again what a value of zero says.
_AGREES_WITH_ZERO = re.compile(r"\b(?:negativ\w*|négati\w*|clear|free)\b", re.IGNORECASE)
_POSITIVE = re.compile(r"\bpos(?:itiv\w*)?\b", re.IGNORECASE)
_EDITION = re.compile(
    r"AJCC|UICC|FIGO|TNM|edition|\bv\d|\d(?:st|nd|rd|th)\b|\b(?:19|20)\d\d\b", re.IGNORECASE
)
# A prefix, a subcategory or a value alone.
_LETTER, _VALUE = vocabulary.subcategory_letters(), vocabulary.value_digits()
_LONE_LETTERS = re.compile(
    rf"[ryacpuRYACPU]{{1,4}}|[{_LETTER}0-9][{_LETTER}0-9]?|[EeSsXx]|\W*|.*\br\b.*", re.DOTALL
)
_CATEGORY = re.compile(
    rf"[TNM][ -]?(?:[{_VALUE}Xx](?![0-9])|is|IS)|r[ryacpu]{{0,3}}[TNM]"
    r"|(?<![A-Za-z])[ryacp]{0,4}(?:iv|i{1,3})[a-d]?[1-3]?(?![A-Za-z])"
    rf"|(?<![0-9])[{_VALUE}] ?[-/] ?[{_VALUE}](?![0-9])"
    rf"|(?<![A-Za-z])[ryacpu]{{0,4}}[tnm][ -]?(?:[{_VALUE}x](?![0-9A-Za-z])|is\b)|\b[ryacpu]{{0,4}}ta\b"
)
# Numbers that say nothing about the value: a size, the number of a specimen.
_MEASUREMENT = re.compile(r"[0-9]+(?:[.,][0-9]+)? *(?:x *[0-9]+(?:[.,][0-9]+)? *)*(?:mm|cm|%)")
_VALUE_NUMBER = re.compile(rf"(?<![A-Za-z0-9.,/-])[{_VALUE}][{_LETTER}]?(?![0-9./,-]|[A-Za-z]{{2}})")
_KINDS = ("category", "descriptor", "group", "bracketed_group", "whole_group")
_HARMLESS = ("UNKNOWN", "LONE_UNKNOWN_BRACKET", "LONELY_PREFIX", "OCCULT")


def changes_meaning(inside: str, value: str) -> bool:
    """Return whether a remark says something that the stage would not hold without it.

    Args:
        inside: what stands in the bracket.
        value: the category before it without prefix and suffixes, such as `M1b`; empty where there is none.
    """
    is_zero = value.endswith("0")
    rest = COUNTS.sub("", inside, count=1)
    numbers = "" if value.startswith("M1") else _MEASUREMENT.sub("", rest)
    return bool(
        _LONE_LETTERS.fullmatch(inside)
        or _WORDS.search(_MEASUREMENT.sub("", re.sub(r"\bmax\. *(?=[0-9])", "", inside)))
        or (_AGREES_WITH_ZERO.search(inside) and not is_zero)
        or (_POSITIVE.search(inside) and is_zero)
        or _EDITION.search(inside)
        or _VALUE_NUMBER.search(numbers)
        or _holds_stage(rest)
    )


def _holds_stage(inside: str) -> bool:
    """Return whether a remark names a part of a stage or a system, in whatever case."""
    if _CATEGORY.search(inside) or find_system(inside) or find_system(inside.upper()):
        return True
    nodes, _failures = parse_nodes(inside) if inside.strip() else ([], [])
    return any(
        node.kind in _KINDS or (node.kind.endswith("mistake") and node.tokens[0].kind not in _HARMLESS)
        for node in nodes
    )
