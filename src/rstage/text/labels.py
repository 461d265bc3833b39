"""Labels of a report that has a line for each category: they are left out between those of one staging."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from rstage import rules
from rstage.caches import cached
from rstage.notation.remarks import changes_meaning
from rstage.privacy import shown
from rstage.text import patterns
from rstage.text.parts import Blank
from rstage.text.words import words

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_BLOCK = 800
"""Characters between the line of the descriptors and the staging that they belong to."""

LONGEST_BELOW = 300
"""Characters behind a staging in which such a line is looked for."""

_NAMED = (
    r"\(?[ ]?[ryacpu]{0,3}[TNM](?:[ -](?i:category|classification|stage|status|Kategorie|Stadium))?[ ]?\)?"
)
_NODES_OR_METASTASES = rf"(?i:{words('label')})"
_KNOWN = rf"(?i:{words('label')}|{words('tumor_label')})"
_LABEL = rf"(?:{_KNOWN}(?:[ ]?[-/][ ]?{_KNOWN})?(?:[ ]{{1,2}}{_NAMED})?|{_NAMED})"
# What a report prints behind a value, up to the end of the line: "pT3: Tumor invades the muscularis".
_SAID = r"(?:[ \t]*[:,-](?P<said>[^\n]{1,160}))?"
# A line in between that tells the size: "Tumor size: 34 mm". Any other one may be of another tumor.
_MEASURE = r"[0-9]{1,3}(?:[.,][0-9]{1,2})?"
_SIZES = (
    rf"(?P<sizes>(?:[ \t,;.]*\n[ \t\r]*(?i:{words('size')})[ \t]*:[ \t]*{_MEASURE}"
    rf"(?:[ ]?[x\u00d7][ ]?{_MEASURE}){{0,2}}[ ]?[cm]m){{0,2}}?)"
)
_LINE = r"[ \t,;.]*\n[ \t\r]*(?:[-*•·>|][ \t]*)?"
# On a line of its own whatever stands before the colon; in a line, and without a colon, only a known label.
_OWN_LINE = re.compile(
    rf"{_SAID}{_SIZES}{_LINE}"
    rf"(?P<label>{_LABEL}[ \t]*[:=|]?[ \t]*(?:\n[ \t]*)?|[^\n:;.,]{{1,60}}:[ \t]*)"
    r"(?:[-*•·|][ \t]*)?(?=[ryacpu]{0,4}[TNM](?:[0-9Xxa+]|is))"
)
_IN_LINE = re.compile(rf"[ \t]*[,;.|]?[ \t]{{1,3}}(?P<label>{_LABEL}[ \t]?[:=|][ \t]?)[ \t]*")
# In a sentence: ", regional lymph nodes cN1", "with nodal status pN1".
_IN_SENTENCE = re.compile(
    rf"[ \t]*,?[ \t]{{1,2}}(?P<label>(?:(?i:{words('link')})[ ]{{1,2}}){{0,3}}"
    rf"{_NODES_OR_METASTASES}[ ]{{1,2}})"
    r"(?=[ryacpu]{0,4}[TNM][0-9Xx])"
)
# What a label must end with, looked at before all else.
_HINT = re.compile(
    r"(?:[^\n:=|]{0,60}[:=|]|[^\n]{0,160}\n(?:[^\n]{3,101}\n){0,2}[ \t\r]*[^\n:;.,]{0,60}[:=|\n]?)"
    r"[ \t*•·|>-]*[ryacpu]{0,4}[TNM][0-9XxiIa+ :=]"
)
_TNM = re.compile(r"\(?[ ]?(?P<letters>[ryacpu]{0,3})(?P<letter>[TNM])(?!\w)[ ]?\)?")
_CATEGORY = re.compile(r"[ryacpu]{0,4}(?P<letter>[TNM])(?:[0-9]|[Xx](?!\w)|is|a(?!\w)|\+)")
_BEFORE_CATEGORY = re.compile(
    rf"(?:\A|\n)[ \t]*(?:[-*•·>|][ \t]*)?(?P<label>{_LABEL})[ \t]*[:=|]?[ \t]*(?:\n[ \t]*)?\Z"
)
# The answers can stand on lines of their own, chosen or not: "_X_ r (recurrent)".
_DESCRIPTORS = re.compile(
    r"^[^\n:]{0,40}(?i:descriptors?|modified classification)[^\n:]{0,40}:"
    r"(?P<said>[^\n]*(?:\n[^\n:]{0,12}(?<!\w)[rymau][ ]?\([^()\n]{3,60}\)[^\n]{0,40})*)$",
    re.MULTILINE,
)
_HEADS = ("escriptor", "lassification", "ESCRIPTOR", "LASSIFICATION")
_GLOSS = re.compile(r"(?<![^\W_])(?P<letter>[ry])[ ]?\((?![ ]?\))[^()\n]{3,60}\)")
_LONE = re.compile(r"[ \t]*(?P<letter>ry|yr|[ry])(?P<more>(?:[ ]?[,;/][ ]?[rymau])*)[ \t.]*")
_EVERY = frozenset("TNM")
_ANY_PREFIX = "ryacpu"
_FORM = re.compile(r"_|\([ ]?\)|\[[ ]?\]|☐|(?<![^\W_])(?:no|select|not|none)(?![^\W_])", re.IGNORECASE)


_NEGATION = re.compile(
    r"\s*(?:no|kein\w*|aucune?|pas de|ningun[oa]?|sin|nessun[oa]?|nenhuma?|geen)\b", re.IGNORECASE
)


class LeftOut(NamedTuple):
    """What is left out, where the category behind it ends, and its letter."""

    blank: Blank
    end: int
    letter: str


class Descriptors(NamedTuple):
    """The timing on a line of its own: where it stands, its letters; `is_form` where nothing is chosen."""

    start: int
    end: int
    timing: str
    is_form: bool


def label_behind(text: str, end: int, letters: Sequence[str]) -> LeftOut | None:
    """Return the label that stands behind a place and before a category of another letter than those."""
    if _EVERY.issubset(letters):
        return None
    found = _IN_SENTENCE.match(text, end)
    if found is None and _HINT.match(text, end) is not None:
        found = _OWN_LINE.match(text, end) or _IN_LINE.match(text, end)
    if found is None or not found["label"].strip():
        return None
    category = _CATEGORY.match(text, found.end())
    word = patterns.CATEGORY_WORD.match(text, found.end())
    if category is None or word is None or category["letter"] in letters:
        return None
    named = found.groupdict(default="")
    said, sizes = named.get("said"), named.get("sizes")
    is_harmful = said and (not said.strip() or _is_harmful(said, text[max(0, end - 3) : end]))
    if is_harmful or not _is_label(found["label"], category["letter"], word["prefix"] or ""):
        return None
    start = found.start("said") - 1 if said else found.start("sizes") if sizes else found.start("label")
    stop = found.start("label") + len(found["label"].rstrip(" \t\n"))
    told = rules.COMMENT_SKIPPED.at((start, stop), before=shown(text[start:stop].strip()), after="nothing")
    return LeftOut(Blank(start, stop, _blanked(text[start:stop]), told), word.end(), category["letter"])


@cached()
def _is_harmful(said: str, value: str) -> bool:
    """Return whether words behind a category say something else; of a zero that there is none is no news."""
    rest = _NEGATION.sub("", said, count=1) if value.endswith("0") else said
    return changes_meaning(rest.strip(), value)


def _blanked(text: str) -> str:
    return re.sub(r"[^\n\r]", " ", text)


@cached()
def _is_label(written: str, letter: str, prefix: str) -> bool:
    """Return whether words before a colon say nothing but that a category of this letter follows.

    A timing or a method in them that the category itself does not have says more: `rpN: pN1`.
    """
    label = written.strip(" \t\n:=|")
    named = _TNM.search(label)
    if named is not None and (named["letter"] != letter or not set(named["letters"]) <= set(prefix)):
        return False
    said = _TNM.sub("", label).strip(" ()-")
    return not said or re.fullmatch(_KNOWN, said) is not None


def has_label_before(text: str, start: int, letter: str) -> bool:
    """Return whether a known label of a line stands before a category of this letter."""
    found = _BEFORE_CATEGORY.search(text[max(0, start - 100) : start])
    return found is not None and _is_label(found["label"], letter, _ANY_PREFIX)


def heads_of(text: str) -> list[int]:
    """Return where lines of descriptors may be, so that no line is looked at for each staging."""
    return patterns.places_of(text, _HEADS)


def _holds_one(heads: Sequence[int], begin: int, end: int) -> bool:
    place = bisect_left(heads, begin)
    return place < len(heads) and heads[place] < end


def descriptors_above(text: str, start: int, floor: int, heads: Sequence[int]) -> Descriptors | None:
    """Return the line with the descriptors of the staging that begins at a place, where they hold r or y."""
    begin = max(floor, start - LONGEST_BLOCK)
    if not _holds_one(heads, begin, start):
        return None
    lines = list(_DESCRIPTORS.finditer(text, begin, start))
    if not lines:
        return None
    return _descriptors(lines[-1])


def descriptors_below(text: str, end: int, heads: Sequence[int]) -> Descriptors | None:
    """Return the line with the descriptors that ends the block of a staging, where they hold r or y."""
    if not _holds_one(heads, end, end + LONGEST_BELOW):
        return None
    stop = text.find("\n\n", end, end + LONGEST_BELOW)
    stop = min(len(text), end + LONGEST_BELOW) if stop < 0 else stop
    line = _DESCRIPTORS.search(text, end, stop)
    if line is None or patterns.LOOSE_CATEGORY.search(text, end, stop) is not None:
        return None  # it can be that of the staging behind it
    return _descriptors(line)


def _descriptors(line: re.Match[str]) -> Descriptors | None:
    """Return what a line of descriptors says."""
    first, said = line.start("said"), line["said"]
    glosses = list(_GLOSS.finditer(said))
    lone = _LONE.fullmatch(said)
    if lone is not None:
        # With a letter that is no timing beside it, such as m, not all of the line is understood.
        place = first + lone.start("letter"), first + lone.end("letter")
        return Descriptors(*place, lone["letter"], is_form=bool(lone["more"]))
    if not glosses:
        return None
    timing = "".join(one["letter"] for one in glosses)
    is_form = len(glosses) > 1 or _FORM.search(said[: glosses[0].start()]) is not None
    start = len(said) - len(said.lstrip()) if is_form else glosses[0].start()
    return Descriptors(first + start, first + glosses[-1].end(), timing, is_form)
