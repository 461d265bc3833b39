"""Where a text can be cut so that the grammar reads each side as it reads it in the whole.

A cut lies before something that begins plainly (`BEGINS`), behind a stretch whose every word is closed
(`CLOSED`). Four things follow from the terminals of the grammar, and a test holds them against it:

- No terminal that can stand behind a closed word takes the separator and what begins behind it: those with a
  blank in front go on with a bracket, a digit, a sign or a word that is no beginning.
- No terminal that begins in a closed stretch reaches over its end: names of systems, labels, lone letters of
  a prefix, `Stage` without its numeral, all of which do, are not closed.
- Look-aheads ask for a boundary at most, which the end of a text is as well as a blank. The few that ask for
  the end itself (`Stage Tis`, `IIIC1 r`, the codes of a column) begin in nothing that is closed.
- Look-behinds see a blank on both sides of a cut, or nothing; for them these are the same.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rstage.caches import cached
from rstage.reference import vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

# "pT2", "N0(i+)", "pN1 (3/17)", "cM1a(PUL)", also with faults that end where the word ends: "NO", "M5", "t2".
_CATEGORY = (
    r"[ryacpum]{0,5}(?:[TNM]{1,2}(?:[0-9]{1,2}|X|O[0-9X]?|is)|[tnm](?:[0-9]|x|is))"
    rf"(?:[{vocabulary.subcategory_letters()}][{vocabulary.subcategory_digits()}]?)?(?:mi)?"
    r"(?: ?\((?:[a-z]{1,3}|(?:i|mol)[+-]|[0-9]{1,3}|[0-9]{1,3}/[0-9]{1,3}|[A-Z]{3}(?:,[A-Z]{3})*)\))*"
)
_DESCRIPTOR = r"[cpu]?(?:Pn|PL|[LVRGSHB])[0-9X][ab]?"
_NUMERAL = r"(?:IV|I{1,3})[A-D]?[1-3]?"
_GROUP = rf"[ryacp]{{0,3}}[Ss]ta(?:ge|dium) {_NUMERAL}"
_EDITION = r"(?:AJCC|UICC|edition) [1-9][0-9]?"

# Descriptors side by side come in few combinations and stay together: "L0 V0 Pn0 R0 G2".
_FIRST = "(?<![LVRGSHBn][0-9X][ ,])"

# The last word is looked at where it begins: what is glued to it behind is its own affair.
BEGINS = (
    rf"[ryacpum]{{0,5}}(?:[TNM]{{1,2}}(?:[0-9]|X|O(?![^\W\d_])|is)|[tnm][0-9])|{_GROUP}(?![^\W_])"
    rf"|\((?:{_GROUP}|{_EDITION})\)|{_FIRST}[cpu]?(?:Pn|PL|[LVRGSHB])[0-9X]"
)
CLOSED = rf"(?:{_CATEGORY}|{_DESCRIPTOR}|{_GROUP}|\({_GROUP}\)|\({_EDITION}\)|[?!]{{1,3}})"

_CUT = re.compile(rf"( |\n|,\s?|;\s?)(?={BEGINS})")
_ALL_CLOSED = re.compile(rf"(?:{CLOSED}(?: (?=.)|\Z))+")


cut: Callable[[str], list[str]] = _CUT.split
"""Returns the stretches of a text, with what separates each two of them in between."""


@cached()
def is_closed(stretch: str) -> bool:
    """Return whether nothing in a stretch can reach over its end."""
    return _ALL_CLOSED.fullmatch(stretch) is not None
