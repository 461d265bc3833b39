"""A letter with its meaning, `r (recurrent)`, as pathology checklists print it, and a form left blank (J.2).

The single answer is a label, and the grammar reads it. Two of them side by side, or one beside a blank, a box
or a word that asks or denies, are a form: whether the letter holds is not said.
"""

from __future__ import annotations

import re

_GLOSS = r"(?<!\w)(?P<timing>[rym]) ?\((?P<meaning>[^()\n]{4,40})\)"
_OPEN = r"[\s:,]{0,4}(?P<open>(?:_+|[.;]|(?i:no|none|nein|non)(?!\w))[\s:,;]{0,4})?"
_BOX = r"\([ xX]?\)|[\u2610-\u2612\u25a0-\u25ab\u25fb-\u25fe\u2751\u2752]"
_ASKED = r"(?<!\w)(?i:no|not|none|nein|kein|keine|non|select)(?!\w)[^.;\n]{0,30}?"

GLOSS = re.compile(_GLOSS + _OPEN)
GLOSS_AT_END = re.compile(f"{_GLOSS}{_OPEN}$")
FORM_BEFORE = re.compile(
    rf"(?:_+|{_BOX}|(?<!\w)[rym] ?\([^()\n]{{4,40}}\)|{_ASKED})[\s:,;/)]{{0,4}}$",
)
"""What stands before a gloss and makes a form of it."""


def names_gloss(text: str) -> bool:
    """Return whether a letter with its meaning stands in a folded text."""
    return GLOSS.search(text) is not None


def is_blank_form(text: str) -> bool:
    """Return whether a folded text holds a gloss that says nothing of what stands beside it."""
    return any(found["open"] or FORM_BEFORE.search(text[: found.start()]) for found in GLOSS.finditer(text))
