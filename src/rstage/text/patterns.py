"""The regular expressions of stagings in prose, made from the tables and terminals of the grammar.

They only say what may be a part of a staging; the grammar decides what a candidate says, and whether it is a
staging at all. Each is matched at one place and holds no repetition inside a repetition that could take
the same characters in two ways, so that a text costs time in proportion to its length.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from rstage.model.suffixes import SITES
from rstage.notation.folding import fold
from rstage.reference import vocabulary
from rstage.reference.grammar import terminals
from rstage.reference.systems import NOT_BY_NAME, TNM, group_values, names_in_text
from rstage.reference.systems import SYSTEMS as _SYSTEMS

if TYPE_CHECKING:
    from collections.abc import Iterable

# Where characters stand that the grammar folds: blanks, dashes, quotes, brackets, full-width forms.
_FOLDED_RANGES = (
    *((0x80, 0xC0), (0x2B0, 0x300), (0x580, 0x590), (0x2000, 0x2070), (0x2200, 0x2220)),
    *((0x2760, 0x2770), (0x3000, 0x3001), (0xFE50, 0xFE70), (0xFF00, 0xFFEF)),
)
_LOOK_ALIKE_RANGES = ((0x370, 0x400), (0x400, 0x500))
_BRACKETS = {"[": "(", "]": ")", "{": "(", "}": ")"}


# ---------------------------------------------------------------- characters


@cache
def _plain_characters(*, with_look_alikes: bool) -> tuple[re.Pattern[str], dict[str, str]]:
    """Return what finds a character that the grammar folds to one other, and what it folds it to."""
    ranges = (*_FOLDED_RANGES, *(_LOOK_ALIKE_RANGES if with_look_alikes else ()))
    plain = dict(_BRACKETS)
    for first, behind in ranges:
        for number in range(first, behind):
            folded = fold(chr(number)).text
            if len(folded) == 1 and folded != chr(number) and (folded.isascii() and folded != "\n"):
                plain[chr(number)] = folded
    return re.compile(f"[{''.join(map(re.escape, plain))}]"), plain


def flattened(text: str, *, with_look_alikes: bool) -> str:
    """Return a text of the same length in which dashes, blanks, brackets and full-width forms are plain.

    Args:
        text: the text as given.
        with_look_alikes: whether Greek and Cyrillic letters that look like Latin ones are made plain too.
    """
    if text.isascii():
        for bracket, folded in _BRACKETS.items():
            text = text.replace(bracket, folded)
        return text
    pattern, plain = _plain_characters(with_look_alikes=with_look_alikes)
    return pattern.sub(lambda found: plain[found[0]], text)


# ---------------------------------------------------------------- where to look

# Looked for by their middle, in the spellings that the words have: "stage", "Stadium", "ESTADÍO", "stade".
WORD_PARTS = ("tage", "tadi", "tadí", "tade", "TAGE", "TADI", "TADÍ", "TADE")
_STAGE_WORDS = ("stage", "stadium", "estadio", "estadío", "stadio", "stade")
_STAGE_WORD = (
    "(?:" + "|".join(f"[{word[0]}{word[0].upper()}]{word[1:]}|{word.upper()}" for word in _STAGE_WORDS) + ")"
)
# What can follow such a word: at most three other words, and the beginning of a numeral.
WORD_WITH_NUMERAL = re.compile(
    r"[A-Za-zÍí]{3,6}(?:[ ]?(?i:group(?:ing)?))?(?:[ :=-]{1,4}[A-Za-zÀ-ÿ]{2,14}){0,3}[ :=-]{1,4}"
    "[ryacp]{0,4}(?:[0-4IVX\u2160-\u2163\u2170-\u2173]|i{1,3}[a-d]?(?![a-z])|iv[a-d]?(?![a-z]))"
)


def _name_pattern(name: str) -> str:
    return re.escape(name).replace(r"\ ", "[ -]").replace(r"\-", "[ -]")


def _by_length(words: set[str]) -> list[str]:
    return sorted(words, key=lambda word: (-len(word), word))


_NAMED = {name: system for system in _SYSTEMS if system != TNM for name in names_in_text(system)}
_SYSTEM_NAMES = _by_length({name for name, system in _NAMED.items() if system not in NOT_BY_NAME})
OWNERS = ("UICC", "AJCC")


def _by_first_letter(words: Iterable[str]) -> str:
    """Return an alternation whose branches begin with different letters, so that few are tried at a place."""
    rests: dict[str, list[str]] = {}
    for word in words:
        rests.setdefault(word[0], []).append(_name_pattern(word)[1:])
    return "|".join(f"{letter}(?:{'|'.join(found)})" for letter, found in sorted(rests.items()))


_UNKNOWN = r"[Xx](?:(?![A-Za-z])|(?=[ryacpu]{0,4}[NM][0-9XxO+])|(?=(?:Pn|PL|[LVRGS])[0-9Xx]))"
_CAN_BE_VALUE = rf"(?=[ :=]{{0,3}}(?:[0-9]|{_UNKNOWN})|(?:is|IS|a|A)(?![bd-moqst-xzB-FH-LO-Z])|\+)"
# A category counts with a prefix, or where nothing but parts of a staging leads to the next category.
_OF_STAGING = r"(?:sn|Pn|[0-9XxiIsaboOcdeBCDEmluyrpAPRLVSHf+ ,;:=/.\n\t-])"
_COUNTS = (
    r"(?:(?<=[ryacpumRYACPU].)|(?<=[rcp][ -].)|(?<=TNM .)|(?<=TNM: .)"
    rf"|(?=[0-9XxisaAoO+ :=]{_OF_STAGING}{{0,24}}?"
    r"(?:[TNMG][ :=]{0,3}[0-9XxisaAO+]|[(]|[sS]ta[dg]|[eE]sta|E?STA)))"
)
ANCHOR = re.compile(
    "|".join(f"{letter}{_CAN_BE_VALUE}{_COUNTS}" for letter in "TNM")
    + f"|I(?<=[ryacp]I)(?![a-z])|{_by_first_letter([*_SYSTEM_NAMES, *OWNERS])}"
)
"""Categories, stage groups with an r and no word, and the names of systems and of owners."""
CATEGORY_ANCHOR_IN_LOWER_CASE = re.compile(r"[TNMtnm](?=[0-9Xx+OoIi :=]|is|a)")

SEPARATOR = re.compile(r"(?:[ \t\r\f\v,;:=/-]|\.(?=\s|$)|\n(?![ \t\r\f\v]*\n)){1,40}")

# ---------------------------------------------------------------- categories


def _category(letter: str) -> str:
    """Return what a category without its prefix looks like: its letter, and what can be its value.

    Digits are taken whole, so that T12 is one unknown value; what only mode `repair` reads (the letter O, I
    and l) is taken too, so that the grammar can refuse it with what stands beside it.
    """
    spelled = {"X": _UNKNOWN, "is": "is|IS", "a": "[aA](?![bd-moq-zB-FH-LO-Z])", "+": r"\+"}
    values = [spelled[value] for value in vocabulary.values(letter) if not value.isdecimal()]
    after_blank = r"(?:[ ]{0,2}[:=][ ]{0,2}|[ ]{1,2})?(?:[0-9]{1,4}|[Xx](?![A-Za-z]))"
    misread = "[Oo](?![A-Za-z])|[iIl](?![A-Za-z])"
    return f"(?P<{letter}>{letter}(?:{'|'.join(values)}|{after_blank}|{misread}))"


_DETACHED = r"(?<![\w./'-])(?:r|c|p|rp|rc|yp|yc|ryp|ryc|yrp|yrc)[ -]"
"""A prefix with a blank behind it. A y alone is a word of Spanish, and an a one of English."""
DETACHED_BEFORE = re.compile(_DETACHED + "$")
CATEGORY = re.compile(
    f"(?P<detached>{_DETACHED}(?![ -]))?(?P<prefix>[ryacpumRYACPU]{{0,6}})"
    f"(?:{'|'.join(map(_category, 'TNM'))})"
)
CATEGORY_IN_LOWER_CASE = re.compile(
    "(?P<detached>(?!))?(?P<prefix>[ryacpum]{0,6})"
    "(?:"
    + "|".join(f"(?P<{letter.upper()}>{letter}(?:[0-9]{{1,4}}|x(?![a-z])|is(?![a-z])))" for letter in "tnm")
    + ")"
)
_LETTER = f"[{vocabulary.subcategory_letters()}]"
_DIGIT = f"[{vocabulary.subcategory_digits()}]"
SUBCATEGORY = re.compile(
    rf"b(?:iv|i{{1,3}})(?![A-Za-z])|{_LETTER}(?:{_DIGIT}(?![0-9]))?"
    # A C with a digit behind it is the certainty factor.
    rf"|(?:(?!C){_LETTER.upper()}(?:{_DIGIT}(?![0-9]))?|C(?![1-5]))(?![a-z])"
)
RANGE = re.compile(
    r"[ ]{0,2}[-/][ ]{0,2}(?:(?:[0-9](?![0-9.,])|[Xx](?![A-Za-z])|is(?![a-z]))"
    rf"(?:{_LETTER}{_DIGIT}?)?|{_LETTER}{_DIGIT}?)(?![a-z0-9])"
)
_SUFFIXES = (
    *("MINIMAL_BEFORE_C", "MINIMAL", "IN_SITU", "MULTIPLICITY", "MULTIPLICITY_BARE", "MEASUREMENT", "COUNTS"),
    *(
        "TUMOR_CELLS",
        "SENTINEL",
        "NEEDLE",
        "LEVEL",
        "EXTENSION",
        "CYTOLOGY",
        "SOLITARY",
        "SUPERFICIAL",
        "NUMBER",
        "CERTAINTY",
    ),
)
_SITE = "|".join(SITES)
_SITE_LIST = (
    rf"[ ]?\([ ]?(?:{_SITE})(?:[ ]?[,;+ /][ ]?(?:{_SITE}))*[ ]?\)"
    rf"|[ ]?(?:{_SITE})(?:[ ]?[,+/][ ]?(?:{_SITE}))*(?![A-Za-z])"
    rf"|(?:{_SITE.lower()})(?![A-Za-z])|[ ]?\([ ]?(?:{_SITE.lower()})[ ]?\)"
)
_TERMINALS = terminals()
# A plus before a letter joins two categories (`pT2+pN1`).
_AT_PRIMARY = _TERMINALS["AT_PRIMARY"] + r"(?![^\W\d_])"
SUFFIX = re.compile(
    "|".join([*(f"(?:{_TERMINALS[name]})" for name in _SUFFIXES), f"(?:{_SITE_LIST})", _AT_PRIMARY])
)
COMMENT = re.compile(r"[ ]?\([^()\n]{1,60}\)")
"""A bracket with whatever else: a remark, or several suffixes."""

# ---------------------------------------------------------------- descriptors, groups, editions, labels

# A place in brackets only in small letters: what has a capital can be a name.
_PLACE = "[a-zß-öø-ÿ]{3,20}(?: [a-zß-öø-ÿ]{3,20})?"
_DESCRIPTOR_NAME = "Pn|PL|[LVRGSHB]"
_NEXT_GLUED = rf"(?=[cpu]?(?:{_DESCRIPTOR_NAME}|[ryacpu]{{0,4}}[TNM])[0-9Xx])"
DESCRIPTOR = re.compile(
    rf"[cpu]?(?:(?P<name>{_DESCRIPTOR_NAME})[ ]?(?:[0-9][ab]?|[Xx])(?!\w)"
    r"(?:[ ]?[-/][ ]?[0-9](?!\w))?"
    rf"|(?P<glued>{_DESCRIPTOR_NAME})(?:[0-9][ab]?(?:-[0-9])?|[Xx]){_NEXT_GLUED}"
    r"|R-Status[ ]?:?[ ]?[0-9X](?!\w))"
    rf"(?:(?<=[0-9Xx])[ ]?\((?:is|cy\+|{_PLACE})\)(?:(?:(?<=is\))|(?<=cy\+\)))[ ]?\({_PLACE}\))?)?"
    # A vertebra, not lymphatic invasion.
    r"(?![ -](?i:metast|vertebr|fra[ck]t|wirbel|l[eéä]sion|nerve|wurzel|level))"
)
_RIGHT = r"(?!\w)"
# Behind a blank a small letter only at the end of a clause ("stage II a year ago"), and no B cell.
_SUBSTAGE = (
    r"(?:-[A-Da-d](?!\w)|[ ][A-D](?![A-Za-z0-9]|[ -](?:[A-Za-z]+-)?[Cc]ell)"
    r"|[ ][a-d](?=[.,;)\n]|$)|[A-Da-d][1-3]?)"
)
_ROMAN = rf"(?:IV|I{{1,3}}){_SUBSTAGE}?[rp]?{_RIGHT}"
_NUMERAL = (
    rf"(?:(?:IV|I{{1,3}}|(?:iv|i{{2,3}})(?![ ][a-z])|i(?=[a-d])|[0-4]){_SUBSTAGE}?"
    rf"|0is|(?<![A-Z][ ])(?<![A-Z]:[ ])IS|X(?!-))[rp]?{_RIGHT}"
    r"(?![.,/][0-9]|-[0-9]{2}|%)"
)
_NUMERALS = (
    rf"(?:[ryacp]{{1,4}}(?=[IV0-4]))?{_NUMERAL}"
    rf"(?:(?:[ ]?[-/][ ]?|[ ](?:or|to|bis|oder|ou|o|u)[ ]){_NUMERAL}(?:[ ]NOS{_RIGHT})?)?"
    r"(?:[ ]?\([ ]?r[ ]?\))?"
)
_GLYPHS = rf"(?:[\u2160-\u2163\u2170-\u2173][A-Da-d]?{_RIGHT})"
_METHOD_WORD = r"(?:[Cc]linical|CLINICAL|[Pp]athologic(?:al)?|PATHOLOGIC(?:AL)?)[ ]{1,2}(?=[Ss]tage|STAGE)"
_WORD_PREFIX = r"(?:[ryacp]{1,4}-?|r[ -])"
_WORD = rf"{_STAGE_WORD}(?:[ ]?(?i:group(?:ing)?))?[ ]{{0,2}}[:=]?[ ]{{0,3}}"
WORDED_GROUP = re.compile(rf"(?:{_METHOD_WORD})?(?:{_WORD_PREFIX})?{_WORD}(?:{_NUMERALS}|{_GLYPHS})")
BARE_GROUP = re.compile(rf"(?:IV|I{{1,3}}){_SUBSTAGE}?[rp]?{_RIGHT}")
# A word that the grammar does not read, a compound or one with an adjective: only the value is read.
_BETWEEN = (
    r"(?i:cl[ií]nico|patol[oó]gico|tumoral|clinique|pathologique|pron[oó]stico|anat[oó]mico|klinisches"
    r"|pathologisches|nach|gemäß|laut|TNM|UICC|AJCC|global|inicial|initial|actuel|actual"
    r"|is|was|now|ist|war|jetzt|est|es|fue|ahora|at[ ](?:initial[ ])?(?:diagnosis|presentation|recurrence)"
    r"|bei[ ](?:Erst)?diagnose|au[ ]diagnostic|al[ ]diagn[oó]stico)"
)
OPEN_GROUP = re.compile(
    rf"(?:[A-Za-zÄÖÜäöüß]{{1,20}}stadium|{_STAGE_WORD})[ :=-]{{1,3}}(?:{_BETWEEN}[ :=]{{1,3}}){{0,3}}"
    rf"(?P<value>{BARE_GROUP.pattern})|(?:UICC|AJCC)[ :=-]{{1,3}}(?P<owned>{BARE_GROUP.pattern})"
)
RECURRENT_GROUP = re.compile(rf"r(?:y?[pc]?)(?:IV|I{{1,3}}){_SUBSTAGE}?{_RIGHT}(?!-[A-Za-z0-9])")
BRACKETED_GROUP = re.compile(
    rf"[ ]?\([ ]?(?:(?:{_METHOD_WORD})?(?:{_WORD_PREFIX})?{_WORD}{_NUMERALS}|[ryacp]{{0,4}}{_ROMAN}"
    rf"|FIGO[ ]{_ROMAN})[ ]?\)"
)
_SPELLED = {
    system: "|".join(
        [
            *([r"(?:IV|I{1,3}|[1-4])(?:[ ][AB](?!\w)|[ABESX]{1,4})"] if system == "Ann Arbor" else []),
            *map(re.escape, _by_length(set(group_values(system)))),
            r"(?:IV|I{1,3}|[0-5])[A-Da-d]?[1-3]?",
        ]
    )
    for system in _SYSTEMS
    if system != TNM
}
SYSTEM_GROUP = re.compile(
    "|".join(
        rf"(?:{_name_pattern(name)})(?:[ ](?:19|20)[0-9][0-9])?[ :-]{{1,3}}(?:{_WORD})?"
        rf"(?:{_SPELLED[_NAMED[name]]})(?:[rp]|[ ][rp](?=[),;.\n]|$))?"
        rf"(?:[ ]?:[ ]?[0-9]{{1,2}})?{_RIGHT}(?!-[A-Za-z0-9]|[.,][0-9])"
        for name in _SYSTEM_NAMES
    )
    + rf"|{_STAGE_WORD}[ ]FIGO[ ](?:{_SPELLED['FIGO']})[rp]?{_RIGHT}"
)
EDITION = re.compile(_TERMINALS["EDITION"])
LABEL = re.compile(
    r"(?<!\w)(?P<timing>[ryacp]{0,4})TNM"
    r"(?:[ -]?(?:stage|staging|code|classification|Klassifikation))?[ ]?[:=]?[ ]{0,3}$"
)
LABEL_HERE = re.compile(_TERMINALS["LABEL"])
# A label with r and words behind it, with which the grammar does not read a staging.
RECURRENT_LABEL = re.compile(r"(?<!\w)y?ry?[cpa]?TNM(?![A-Za-z])[^.;\n]{0,60}$")
EDITION_BEFORE = re.compile(rf"(?<!\w)(?:{_TERMINALS['EDITION']})[ ,:;]{{1,3}}$")

# A token that looks like a category and is none: what stands beside it is no staging without it.
BROKEN_CATEGORY = re.compile(
    r"(?:^|(?<=\W))[A-Za-z]{0,12}?(?P<letter>[TNM])(?:[0-9]|[XxOo](?![A-Za-z])|is)[^\s,;()]{0,12}"
    rf"(?:[ ]?\([^()\n]{{1,60}}\))?(?:[ ](?:&|and|or)[ ](?:{_LETTER}|[{vocabulary.value_digits()}]))?"
    r"[ \t,;:=/-]{1,3}$"
)
# What answers a question that names a category: "perforation (pT4): no".
ANSWER_NO = re.compile(r"\)?[ ]{0,2}[:=?][ ]{0,2}(?i:no|nein|non|not|none|negativ[eo]?|absent)(?!\w)")
# "At this stage I think": the pronoun, not a numeral.
PRONOUN = re.compile(
    r"(?<=[Ss]tage I)[ ](?:am|was|have|had|would|will|do|did|think|believe|recommend|suggest|feel|see|saw"
    r"|cannot|can|could|should|may|might|must|want|wish)\b"
)
# What cannot stand before a staging: a letter of its prefix in brackets; T, N or M before a word for stage.
LETTER_IN_BRACKETS = re.compile(r"\((?:[ryacpu]{1,4}\)|[ry][yacp]{0,3}\)[ -])$")
CATEGORY_OF_STAGE = re.compile(r"(?<!\w)[TNM][ -]$")
WEIGHTED = re.compile(r"-(?:w(?:eighted|\b)|gewicht|Wicht|pond|poten)")
_ANY_SYSTEM = "|".join(map(_name_pattern, [*_SYSTEM_NAMES, *NOT_BY_NAME]))
SYSTEM_NAME_BEHIND = re.compile(
    r"[ ,(]{1,3}(?:(?:of|de|la|los|según|selon|nach|according|to|by|the|der|von|laut|gemäß|criteria"
    rf"|clasificación)[ ]){{0,4}}(?:{_ANY_SYSTEM}){_RIGHT}"
)
SYSTEM_NAME_BEFORE = re.compile(rf"(?<!\w)(?:{_ANY_SYSTEM})[ -]?$")
