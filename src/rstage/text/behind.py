"""What stands directly behind a candidate and leaves it open: its r, a doubt, another value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rstage import rules
from rstage.privacy import shown
from rstage.reference.recurrence_words import names_recurrence
from rstage.reference.tsv import grammar_rows
from rstage.reference.word_lists import alternatives
from rstage.text import patterns
from rstage.text.candidate import QUOTES, REAL, Part, timing_of
from rstage.text.labels import LeftOut, descriptors_below, label_behind
from rstage.text.parts import DESCRIPTOR, Blank
from rstage.text.words import first_words, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rstage.text.candidate import Candidate

_R = r"y?r[ypca]{0,2}"
# An r before a staging is that one's.
_NO_STAGING = rf"(?![\s.,({patterns.QUOTE_MARKS}]{{0,20}}"
_NO_STAGING += r"(?:[ryacpu]{0,4}[TNM](?:[0-9Xx]|is)|(?i:e?sta[dg])|FIGO|UICC|AJCC|TNM))"
_CLOSES = rf"(?:[ ]?(?:[|){patterns.QUOTE_MARKS}]|</?[a-z]{{1,10}}>))"
_R_BEHIND = re.compile(
    rf"(?=[ ]?[-,;()\r\n{patterns.QUOTE_MARKS}]|[ ]{{2}}\()"
    rf"(?:(?:{_CLOSES}{{1,3}}|[ ]?[,;]?)[ ]?\([ ]?(?:{_R}|y[pc]?)[ ]?\)"
    rf"|{_CLOSES}{{1,3}}[ ]?[/-]?r(?![\w']){_NO_STAGING}"
    rf"|(?:{_CLOSES}{{1,3}})?[ ]?\r?\n[ ]?\(?r\)?(?=[ ]?(?:\r?\n|[.]?\Z)){_NO_STAGING}"
    rf"|[ ]?\r?\n[ ]?r[ ]?\([^()\n]{{3,40}}\)|(?:{_CLOSES}{{1,3}})?-y[pc]?(?![\w'-]))"
)
_R_BEHIND_PERIOD = re.compile(
    rf"(?:{_CLOSES}{{1,3}})?[ ]?[.][ .\r\n]{{0,3}}"
    r"(?P<r>[(\"]?[ ]?(?:y?r[pc]?|ry)(?:TNM)?[ ]?[)\"]?)"
    rf"(?:[ .,]{{0,3}}(?:\n|\Z)|(?<=[.]r)(?![\w'.-])){_NO_STAGING}"
)
_CLOSING = "".join(sorted(QUOTES)) + ")"
_LEADS_TO_LIMIT = _CLOSING + " ,:/-\n"
_LEADS_TO_R = _CLOSING + " ,;\r\n"
_BEFORE_PERIOD = frozenset(_CLOSING + " ")
_BEFORE_LIMIT = frozenset(_LEADS_TO_LIMIT)
# Behind the bracket or the quotation marks around a staging: "(pT2 pN1)?".
_DOUBT_BEHIND = re.compile(rf"{_CLOSES}{{1,3}}[ ]?(?P<doubt>[?]{{1,3}}(?!\w)|\([ ]?[?]{{1,3}}[ ]?\))")
_LIMIT_BEHIND = re.compile(
    rf"(?:{_CLOSES}{{1,3}})?[ ]?[,:/-]?[ \n](?:(?i:{words('copula')})[ ]){{0,4}}"
    rf"(?P<limit>(?i:{words('limit')}))(?=[ ]?(?:[,;.()\n]|\Z))"
)
# An r in the clause behind: ", prefix r", "(rTNM)"; not where a category stands before it.
_R_IN_CLAUSE = re.compile(
    r"(?:(?![TNM][0-9Xx]|[Ss]ta[dg])[^\n.]){0,40}?(?<![\w./'-])"
    r"(?P<r>[(\"]?(?:y?r[pc]?TNM|r)[)\"]?)(?=[ ]?(?:[,;)\n]|[.](?!\w)|\Z))"
)
_MAY_BE_R = re.compile(r"r(?<![\w./'-].)(?:TNM|[pc]TNM|(?![\w'-]|[.]\w))")
# The upper end of a range of groups, "IIIA-B", letters of no group, "IIB-rp", a level apart, "III C1".
_LEVEL = re.compile(
    r"[-/][A-D][1-3]?(?!\w)|-[ryacpu]{1,4}(?![\w'-])|(?<=[IV\u2160-\u2173])[ ][A-C][12](?![\w-])"
)
# A descriptor with letters behind it: "R0-r".
_OPEN_DESCRIPTOR = re.compile(rf"[ ,;/]{{1,3}}{DESCRIPTOR}[-/][ryacpu]{{1,4}}(?![\w'-])")
_SINCE = re.compile(rf"[ ](?i:{words('since')})[ ]")
# One that is sure, or more than one: a lone L1 can be a vertebra. Before a category they are its own.
_CLOSES_BEFORE = re.compile(
    r"[ ]?(?P<bracket>\))(?=[ ]?[,;]?[ ]?"
    rf"(?:(?:Pn|[RGV])[0-9X](?!\w)|{DESCRIPTOR}[,;/ ]{{1,2}}{DESCRIPTOR}(?!\w)))"
    rf"(?![ ,;]{{0,2}}(?:{DESCRIPTOR}[ab]?[,;/ ]{{1,3}}){{1,6}}[ryacpu]{{0,4}}[TNM][0-9Xx])"
)
_OPENED = re.compile(r"\([ ]?(?:(?:p?TNM|UICC|AJCC)[\w .]{0,24}:?[ ]?)?\Z")
_PATHOLOGICAL = re.compile("p[TNM]")
_LONGEST_BEFORE = 160
_LONGEST_CLAUSE = 48
_NEAR = 10
_LONGEST_WORD = 24
_NODE_WORDS = alternatives(row["words"] for row in grammar_rows("words.tsv") if row["list"] == "NODE_WORD")
_COUNTS = re.compile(
    r"[ ]?[,;]?[ ]{1,2}(?P<counts>[0-9]{1,3}[ ]?(?:/|of|von|van|out of)[ ]?[0-9]{1,3})[ ]{1,2}"
    rf"(?i:{_NODE_WORDS})(?!\w)"
)


def open_end(text: str, candidate: Candidate, heads: Sequence[int]) -> Part | None:
    """Return what behind the last part of a candidate makes it a staging of which not all is understood.

    Args:
        text: the text, flattened.
        candidate: without what may follow it.
        heads: where lines of descriptors may be.
    """
    end = candidate.end
    if text.startswith(".", end):
        return _r_behind_period(text, candidate) or _descriptors_behind(text, candidate, heads)
    return (
        _r_behind(text, candidate)
        or (_r_behind_period(text, candidate) if text[end : end + 1] in _BEFORE_PERIOD else None)
        or _doubt_behind(text, candidate)
        or _limit_behind(text, candidate)
        or _value_behind(text, candidate)
        or _descriptors_behind(text, candidate, heads)
    )


def counts_behind(text: str, end: int) -> Blank | None:
    """Return the counts of lymph nodes behind N that stand in no bracket, as they are read (ruling J.20)."""
    found = _COUNTS.match(text, end)
    if found is None:
        return None
    written = f" ({found['counts']})"
    told = rules.SPELLING_FOLDED.at(found.span(), before=shown(found[0].strip(" ,;")), after=written.strip())
    return Blank(*found.span(), written.rjust(len(found[0])), told)


def left_out_behind(text: str, start: int, end: int, letters: str) -> LeftOut | None:
    """Return what stands between a part of a stretch and the next one, and is left out.

    It is a label of a line, or the end of a bracket around a staging where descriptors of it follow:
    `(pT2 pN1), R0 G2`.

    Args:
        text: the text, flattened.
        start: where the stretch begins.
        end: where its last part ends.
        letters: those of its categories.
    """
    if not letters:
        return None
    found = _CLOSES_BEFORE.match(text, end)
    if found is None or text.count("(", start, end) != text.count(")", start, end):
        return label_behind(text, end, letters)
    begin = max(0, start - _LONGEST_BEFORE)
    begin = max(begin, text.rfind("\n", begin, start))
    opened = _OPENED.search(text, begin, start)
    before = text[begin : opened.start()] if opened is not None else ""
    is_of_another = patterns.LOOSE_CATEGORY.search(before) is not None or names_recurrence(before)
    if opened is None or is_of_another or not _PATHOLOGICAL.search(text, start, end):
        return None  # they can be of what the bracket stands behind, and R is none of a clinical staging
    bracket = Blank(*found.span("bracket"), " ")
    return LeftOut(bracket, bracket.end, "")


def _r_behind_period(text: str, candidate: Candidate) -> Part | None:
    """Return an r that stands alone behind the sentence of a staging that has none: `pT2 pN0. r`."""
    end = candidate.end
    if "r" in candidate.prefixes or text.find("r", end + 1, end + _NEAR) < 0:
        return None
    apart = _R_BEHIND_PERIOD.match(text, end)
    return Part("mistake", *apart.span("r"), "r") if apart is not None else None


def _r_behind(text: str, candidate: Candidate) -> Part | None:
    end = candidate.end
    is_apart = text.find("r", end + 1, end + _LONGEST_CLAUSE) >= 0 or text.find("y", end, end + _NEAR) >= 0
    if candidate.parts[-1].letter == "r" or not is_apart:
        return None
    found = _R_BEHIND.match(text, end)
    if found is not None:
        return Part("mistake", found.end() - len(found[0].lstrip(_LEADS_TO_R)), found.end(), "r")
    if "r" in candidate.prefixes or not _MAY_BE_R.search(text, end, end + _LONGEST_CLAUSE):
        return None
    apart = _R_IN_CLAUSE.match(text, end)
    return Part("mistake", *apart.span("r"), "r") if apart is not None else None


def _descriptors_behind(text: str, candidate: Candidate, heads: Sequence[int]) -> Part | None:
    """Return the letters of a line of descriptors below, if the staging does not have them."""
    below = descriptors_below(text, candidate.end, heads) if heads and candidate.letters else None
    if below is None or set(below.timing) <= set(timing_of(candidate.parts)):
        return None
    return Part("mistake", below.start, below.end, "r")


def _doubt_behind(text: str, candidate: Candidate) -> Part | None:
    end = candidate.end
    found = _DOUBT_BEHIND.match(text, end) if text.find("?", end, end + _NEAR) >= 0 else None
    return Part("mistake", *found.span("doubt"), "doubt") if found is not None else None


def _limit_behind(text: str, candidate: Candidate) -> Part | None:
    last, end = candidate.parts[-1], candidate.end
    if text[end : end + 1] not in _BEFORE_LIMIT or last.kind not in REAL:
        return None
    if last.kind == "category" and _SINCE.match(text, end) and {",", ";"} & set(last.between):
        # Of another time: "N0; M1 since 2019".
        return Part("mistake", end + 1, text.index(" ", end + 1), "doubt")
    following = text[end : end + _LONGEST_WORD].lstrip(_LEADS_TO_LIMIT).split(maxsplit=1)
    if not following or following[0].rstrip(",;.)").lower() not in first_words("limit", "copula"):
        return None
    found = _LIMIT_BEHIND.match(text, end)
    return Part("mistake", found.start("limit"), found.end(), "doubt") if found is not None else None


def _value_behind(text: str, candidate: Candidate) -> Part | None:
    """Return another value of a category, or a category whose value cannot be read."""
    letters, end = candidate.letters, candidate.end
    if candidate.parts[-1].kind == "group":
        level = _LEVEL.match(text, end)
        return Part("mistake", end, level.end(), "choice") if level is not None else None
    if not letters or text[end : end + 1] not in (" ", ",", ";", "("):
        return None
    other = patterns.OTHER_VALUE.match(text, end) or patterns.ADDED_VALUE.match(text, end)
    if other is not None and other["letter"] in letters and not other["prefix"]:
        return Part("mistake", other.start() + len(other[0]) - len(other[0].lstrip()), other.end(), "bracket")
    descriptor = _OPEN_DESCRIPTOR.match(text, end)
    if descriptor is not None:
        return Part("mistake", descriptor.end() - len(descriptor[0].lstrip(" ,;/")), descriptor.end(), "form")
    form = patterns.FORM_BEHIND.match(text, end)
    letter = patterns.letter_of(form) if form is not None else ""
    if form is None or not letter or letter in letters:
        return None
    return Part("mistake", form.end() - len(form[0].lstrip(" ,;+")), form.end(), "form")
