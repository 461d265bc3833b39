"""What belongs to a candidate and stands before it: a label with r or y, an edition, descriptors, its r."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rstage.notation.glosses import FORM_BEFORE, GLOSS_AT_END
from rstage.reference.recurrence_words import names_recurrence
from rstage.text import patterns
from rstage.text.candidate import QUOTES, Candidate, Part
from rstage.text.words import last_words

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_PARTS = 6
"""Parts that are looked for before a candidate."""

_WINDOW = 100
_NEAR = 8
# A timing that is no prefix of what follows and may be meant: "r(pT2 pN1)", "r: pT2", "r.pT2", r on the line
# before, "rTNM (8. Auflage): Stage IIB", "yp: T2". A lone y is a word of Spanish, a lone a one of English.
# No letter has a width: U+200B to U+200D, U+2060 and U+FEFF stand between without being seen.
_OF_STAGING = r"-?(?:[pc]?TNM?|[TNM]|UICC|AJCC)(?![a-z])"
_NAMED = (
    rf"(?:{_OF_STAGING}"
    r"|[ -]?(?i:stag(?:e|ing)|stadium|prefix|symbol|klass[a-z]{1,12}|class[a-z]{1,12})(?![a-z]))"
)
_BETWEEN = (
    rf"(?:\([^()\n]{{0,40}}\)|[-:,;=|/\r\n\t(.+&…{patterns.QUOTE_MARKS}≥≤<> \u200b-\u200d\u2060\ufeff]"
    r"|</?[a-z]{1,10}>|TNM|UICC|AJCC"
    r"|[TNM](?=[ ]?[:=])|[0-9]{1,4}(?![0-9])(?:th)?|y(?= )"
    rf"|(?i:stag(?:e|ing)|stadium|ed\.|edition|aufl(?:age|\.)|{patterns.ACCORDING}))"
)
_LONE_Y = rf"(?<=\()y(?=\))|y(?=[\"']?[ ]?[:=|][ \n({patterns.QUOTE_MARKS}]{{0,4}}(?:TNM:?[ ]?)?\Z)"
# What parts a sentence stands before it, or none: a word that joins two others stands behind one.
_LONE_Y += r"|y(?=[(,-])|(?:(?<=\A)|(?<=[(:;|=\"'])|(?<=\n\n)|(?<=[.:;|=(\"'][ \n]))y(?= )"
_TIMING = rf"(?P<letters>y?r[ypca]{{0,2}}|y[pc]|[ya][pc]?(?={_OF_STAGING})|{_LONE_Y})"
_TIMING_BEFORE = re.compile(
    rf"(?<![^\W_])(?<![^\W\d][/'-])(?<!\b\w\.)(?P<lead>[(\"']?{_TIMING}(?:{_NAMED})?-?[)\"']?)"
    rf"(?:(?<=[)\"']){_BETWEEN}{{0,16}}|(?![^\W_]){_BETWEEN}{{1,16}})\Z"
)
_MAY_BE_TIMING = re.compile(r"[ry](?<![^\Wy_].)[ypca]{0,2}(?![abd-jl-oqrt-z])|a[pc]?-?(?:TNM|UICC|AJCC)")
# A label with a timing or a method that the category behind it does not have: "rpT: pT2".
_LABELED = re.compile(
    r"(?<![\w./'-])(?P<label>(?P<letters>[ryacpu]{1,4})[TNM])[)]?(?:[ -][A-Za-z]{5,14})?[ ]?[:=|][ \n]{0,3}\Z"
)
_OWNER = re.compile(rf"(?:{'|'.join(patterns.OWNERS)})(?:[ ][1-9][0-9]?)?[ ,:-]{{1,3}}\Z")
_LETTERS_BEFORE = re.compile(rf"(?:{patterns.DETACHED}|(?<![\w./'-])[ryacp]{{1,4}})\Z")
_LONGEST_OWNER = 10
_CATEGORY_LETTERS = frozenset("TNM")
_ENDS_LABEL = frozenset(":=|")
_LONGEST_LABEL_END = 4
_LONGEST_TIMING = 48
_LONGEST_FORM = 14
_LONGEST_LABEL = 30
_LONGEST_DESCRIPTOR = 60
# Without a number there is no edition.
_NUMBER = re.compile("[0-9]|ighth|eventh|ixth|inth|ifth")
_LONGEST_DOUBT = 24
_SIGNS = frozenset("?<>≤≥~=)")
_OPENS = QUOTES | {"("}
_OPENING = "( " + "".join(sorted(QUOTES))
_ENDS_DOUBT = _SIGNS | QUOTES | set(" :(")
_AROUND_WORD = ":(\"'"
_CAN_BE_DOUBTED = ("category", "group", "descriptor", "edition")
# The last character of anything that can stand before a candidate and belong to it.
_MAY_END = re.compile(r"(?:[0-9XxM:=).]|[0-9](?:[abe]|st|nd|rd|th)|ition|lage|ed)[ ,;:/=]{0,3}\Z")
_DESCRIPTOR = re.compile(rf"(?<!\w)(?<![^\W_ry]-)(?:{patterns.DESCRIPTOR.pattern})(?P<behind>[ ,;/]{{1,2}})$")
# Before a comma they belong to what follows; L1, V1 and S1 there may be a vertebra or a lead.
_SURE = frozenset(("G", "R", "Pn"))


def with_left(text: str, candidate: Candidate, floor: int) -> Candidate | None:
    """Return a candidate with what belongs to it before it.

    A label with r that the grammar would not read with it is a mistake. None is returned where a letter of
    its prefix stands before it in brackets.

    Args:
        text: the text, flattened.
        candidate: as far as it was found.
        floor: where the candidate before ends.
    """
    if not candidate.letters:
        return _with_recurrent_label(text, _with_edition(text, candidate, floor), floor)
    whole = candidate
    for _ in range(MOST_PARTS):
        start = whole.start
        window = text[max(floor, start - _WINDOW) : start]
        before = window[-_NEAR:]
        if ")" in before[-2:] and patterns.LETTER_IN_BRACKETS.search(before):
            return None
        gloss = _gloss(text, start, floor) if "(" in window else None
        if gloss is not None and gloss.kind == "mistake":
            return whole.led_by(gloss)
        if gloss is None and not _MAY_END.search(before):
            break
        left = gloss or _left(window, start, whole.parts)
        if left is None:
            break
        whole = whole.led_by(left)
    if whole is not candidate and not whole.counts:
        return candidate
    return _with_recurrent_label(text, whole, floor)


def _with_recurrent_label(text: str, candidate: Candidate, floor: int) -> Candidate:
    """Return a candidate with a label that has an r and stands before it, where it has none."""
    if "r" in candidate.prefixes or not candidate.counts:
        return candidate
    start = candidate.start
    window = text[max(floor, start - _WINDOW) : start]
    label = patterns.RECURRENT_LABEL.search(window) if "TNM" in window or "r-" in window else None
    if label is None:
        return candidate
    return candidate.led_by(Part("mistake", start - len(window) + label.start(), start, "r"))


def with_open_start(text: str, candidate: Candidate, floor: int, words: int | None = None) -> Candidate:
    """Return a candidate with what directly before it may be a part of the staging, so that it is not whole.

    A timing that stands apart, or a category before the first one whose value cannot be read.

    Args:
        text: the text, flattened.
        candidate: as far as it was found.
        floor: where the candidate before ends.
        words: where those begin that lead to its group and are not read.
    """
    first = candidate.parts[0]
    if first.kind not in _CAN_BE_DOUBTED:
        return candidate
    apart = _timing_before(text, candidate, floor, candidate.start if words is None else words)
    if apart is not None:
        return candidate.led_by(apart)
    return _with_form(text, candidate, floor)


def _timing_before(text: str, candidate: Candidate, floor: int, start: int) -> Part | None:
    """Return a timing that a candidate does not have and that stands apart before a place."""
    window = text[max(floor, start - _LONGEST_TIMING) : start]
    found = _TIMING_BEFORE.search(window) if _MAY_BE_TIMING.search(window) else None
    timing = set(found["letters"]) - set("pc") if found is not None else set()
    if found is None or timing <= set(candidate.prefixes):
        return None
    if candidate.letters:
        # A label and a gloss give their timing (`with_left`).
        label = patterns.LABEL.search(window[-_LONGEST_LABEL:])
        is_label = label is not None and timing <= set(label["timing"]) & set("ry")
        is_glued = patterns.LETTER_IN_BRACKETS.search(window[-_NEAR:]) is not None
        if is_label or is_glued or _gloss(text, candidate.start, floor) is not None:
            return None
    # A bracket that opens before it may hold the whole staging: "(rTNM: T2 N0)".
    begin = found.start("lead" if found["lead"][-1] in ")\"'" else "letters")
    offset = start - len(window)
    return Part("mistake", offset + begin, offset + found.end("lead"), "r")


def _with_form(text: str, candidate: Candidate, floor: int) -> Candidate:
    first = candidate.parts[0]
    window = text[max(floor, first.start - _LONGEST_FORM) : first.start]
    if not _ENDS_LABEL.isdisjoint(window[-_LONGEST_LABEL_END:]):
        label = _LABELED.search(text, max(floor, first.start - _LONGEST_LABEL), first.start)
        if label is not None and not set(label["letters"]) <= set(candidate.prefixes):
            return candidate.led_by(Part("mistake", *label.span("label"), "r"))
    if first.letter == "T" or (first.kind != "category" and _CATEGORY_LETTERS.isdisjoint(window)):
        return candidate  # no category stands before it
    form = patterns.FORM_BEFORE.search(window)
    if form is None or not _is_before(form, first):
        return candidate
    start = first.start - len(window) + form.start()
    return candidate.led_by(Part("mistake", start, first.start - len(form["behind"]), "form"))


def _is_before(form: re.Match[str], first: Part) -> bool:
    """Return whether a form can be the first category of a staging that goes on with a part."""
    if first.kind != "category":
        is_form = (form["letter"] or form["signed"] or form["any"]) is not None
        return is_form and "\n" not in form["behind"]  # "T? Stage II (T2 N1)"
    letter = patterns.letter_of(form)
    return bool(letter) and "TNM".index(letter) < "TNM".index(first.letter)


def with_doubt(text: str, candidate: Candidate, floor: int, words: int | None = None) -> Candidate:
    """Return a candidate with what stands directly before it and leaves it open: `at least T3`, `?T2`.

    The arguments are those of `with_open_start`.
    """
    first = candidate.parts[0]
    start = first.start if words is None else words
    if first.kind not in _CAN_BE_DOUBTED or text[start - 1 : start] not in _ENDS_DOUBT:
        return candidate
    begin = max(floor, start - _LONGEST_DOUBT)
    before = text[max(0, begin - 1) : start]  # with the character that shows whether a word begins
    if before[-1] in _OPENS or before[-2:-1] in _OPENS:
        before = _without_opening(before)
    if not _may_be_doubted(before):
        return candidate
    found = patterns.DOUBT_BEFORE.search(before, min(begin, 1))
    if found is None or found["letter"] not in (None, first.letter):
        return candidate
    begin = max(0, begin - 1) + found.start()
    return candidate.led_by(Part("mistake", begin, begin + len(found[0].rstrip()), "doubt"))


def _without_opening(before: str) -> str:
    """Return what stands before a staging without the quotation marks and brackets that open directly before.

    One bracket stays behind a blank: a word before it can speak of what stands before the word.
    """
    kept = before.rstrip(_OPENING)
    opening = before[len(kept) :]
    if not opening.startswith(" "):
        return kept
    return f"{kept} (" if "(" in opening and QUOTES.isdisjoint(opening) else f"{kept} "


def _may_be_doubted(before: str) -> bool:
    """Return whether the last word before a candidate can leave it open: a look that costs little."""
    last = before.removesuffix("(").rsplit(None, 1)[-1:]
    if not last:
        return False
    return last[0].lower().strip(_AROUND_WORD) in last_words("doubt") or last[0][-1] in _SIGNS


def _with_edition(text: str, candidate: Candidate, floor: int) -> Candidate:
    """Return a stage group with the edition before it: `UICC 8 IIIA`.

    Letters before the owner of the edition are none of a group that the grammar reads: `r UICC IV`.
    """
    start = candidate.start
    owner = _OWNER.search(text, max(floor, start - _LONGEST_OWNER), start)
    begin = start if text.startswith(patterns.OWNERS, start) else owner.start() if owner is not None else -1
    lead = _LETTERS_BEFORE.search(text, max(floor, begin - _NEAR), begin) if begin >= 0 else None
    if lead is not None:
        return candidate.led_by(Part("mistake", lead.start(), begin, "r"))
    window = (
        text[max(floor, start - _WINDOW) : start]
        if _MAY_END.search(text[max(floor, start - _NEAR) : start])
        else ""
    )
    left = _left(window, start, candidate.parts) if patterns.EDITION_BEFORE.search(window) else None
    return candidate if left is None else candidate.led_by(left)


def _gloss(text: str, start: int, floor: int) -> Part | None:
    """Return a letter with its gloss directly before a candidate, as checklists print it (ruling J.2).

    It is a label as long as it is the single answer, and the grammar knows the words. Else it is a
    mistake, which the grammar refuses: it gives no timing, and no r before a staging is passed over.
    """
    begin = max(floor, start - _WINDOW)
    found = GLOSS_AT_END.search(text, begin, start)
    if found is None:
        return None
    form = FORM_BEFORE.search(text, begin, found.start())
    if form is not None or found["open"]:
        return Part("mistake", form.start() if form else found.start(), start, "r", found["timing"])
    is_label = patterns.LABEL_HERE.match(text, found.start())
    if is_label:
        return Part("label", found.start(), start, "", found["timing"])
    is_lost = found["timing"] == "r" and names_recurrence(found["meaning"])
    return Part("mistake", found.start(), start, "r", found["timing"]) if is_lost else None


def _left(window: str, start: int, parts: Sequence[Part]) -> Part | None:
    """Return the part that ends where a candidate begins."""
    begin = start - len(window)
    label = patterns.LABEL.search(window) if "TNM" in window[-_LONGEST_LABEL:] else None
    if label is not None:
        given = {letter for part in parts for letter in part.prefix}
        is_needed = set(label["timing"]) & {"r", "y"} - given
        return Part("label", begin + label.start(), start, "", label["timing"]) if is_needed else None
    edition = patterns.EDITION_BEFORE.search(window) if _NUMBER.search(window, len(window) - 40) else None
    if edition is not None and not any(part.kind == "edition" for part in parts):
        written = edition[0]
        return Part("edition", begin + edition.start() + len(written) - len(written.lstrip()), start - 1)
    descriptor = _DESCRIPTOR.search(window, max(0, len(window) - _LONGEST_DESCRIPTOR))
    if descriptor is None:
        return None
    other = patterns.FIRST_OF_TWO.search(window, 0, descriptor.start())
    if other is not None:
        return Part("mistake", begin + other.start(), start - 1, "choice")
    name = descriptor["name"] or "R"
    is_sure = name in _SURE or descriptor["behind"] == " "
    if not is_sure or any(part.letter == name for part in parts):
        return None
    return Part("descriptor", begin + descriptor.start(), start - 1, name)
