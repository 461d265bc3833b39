"""The regular expressions of stagings in prose, made from the tables and terminals of the grammar.

They only say what may be a part of a staging; the grammar decides what a candidate says, and whether it is a
staging at all. Each is matched at one place and holds no repetition inside a repetition that could take
the same characters in two ways, so that a text costs time in proportion to its length.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rstage.model.suffixes import SITES
from rstage.reference import vocabulary
from rstage.reference.grammar import terminals
from rstage.reference.systems import NOT_BY_NAME, TNM, group_values, names_in_text
from rstage.reference.systems import SYSTEMS as _SYSTEMS
from rstage.reference.tsv import grammar_rows
from rstage.reference.word_lists import alternatives
from rstage.text.candidate import QUOTES
from rstage.text.flat import flattened
from rstage.text.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable

# ---------------------------------------------------------------- where to look

# Looked for by their middle, in the spellings that the words have: "stage", "Stadium", "ESTADÍO"; those with
# an accent only in a text that has it, because each costs a pass.
_WORD_PARTS = {
    "": ("tage", "tad", "St. ", "ta-\n", "TAGE", "TAD"),
    "á": ("tád", "tág"),
    "Á": ("TÁD", "TÁG"),
}


def word_parts(text: str) -> list[str]:
    """Return the parts of words for a stage that a text can hold."""
    return [part for accent, parts in _WORD_PARTS.items() if accent in text for part in parts]


def places_of(text: str, parts: Iterable[str]) -> list[int]:
    """Return where parts of words stand in a text, in order."""
    places = []
    for part in parts:
        place = text.find(part)
        while place >= 0:
            places.append(place)
            place = text.find(part, place + 1)
    return sorted(places)


_STAGE_WORDS = sorted(
    {
        word
        for row in grammar_rows("words.tsv")
        if row["list"] == "STAGE_NAME"
        for word in row["words"].split("|")
    },
    key=lambda word: (-len(word), word),
)
_LETTERS_OF_STAGE = "".join(sorted({word[0] + word[0].upper() for word in _STAGE_WORDS}))
_STAGE_WORD = (
    f"(?=[{_LETTERS_OF_STAGE}])(?:"
    + "|".join(f"[{word[0]}{word[0].upper()}]{word[1:]}|{word.upper()}" for word in _STAGE_WORDS)
    + ")"
)
# What can follow such a word: at most three other words, and the beginning of a numeral.
WORD_WITH_NUMERAL = re.compile(
    r"(?:[^\W\d_]{3,7}|[St]t?[aA]?[dD]?\.|ta-\n[ ]{0,8}[a-z]{2,4})(?:[ ]?(?i:group(?:ing)?))?"
    r"(?:[ :=-]{1,4}[A-Za-zÀ-ÿ]{2,14}){0,3}[ :=\r\n-]{1,8}"
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
_OF_STAGING = r"(?:sn|Pn|MI|[•·0-9XxiIsaboOcdeBCDEmluvyrpAPRLVSHf+ ,;:=/.\n\t?&|-])"
_COUNTS = (
    r"(?:(?<=[ryacpumRYACPU].)|(?<=[rcp][ -].)|(?<=TNM .)|(?<=TNM: .)"
    rf"|(?=[0-9XxisaAoO+ :=]{_OF_STAGING}{{0,24}}?"
    r"(?:[TNMG][ :=]{0,3}[NM]?[0-9XxisaAO+]|[(]|[sS]ta[dg]|[eE]sta|E?STA)))"
)
ANCHOR = re.compile(
    "|".join(f"{letter}{_CAN_BE_VALUE}{_COUNTS}" for letter in "TNM")
    + f"|I(?<=[ryacp]I)(?![a-z])|EC(?=[ :]{{1,2}}[I0-4])|{_by_first_letter([*_SYSTEM_NAMES, *OWNERS])}"
)
"""Categories, stage groups with an r and no word, and the names of systems and of owners."""
CATEGORY_ANCHOR_IN_LOWER_CASE = re.compile(r"[TNMtnm](?=[0-9Xx+OoIi :=]|is|a)")

# A sign that joins two categories: "pT2+pN1", "pT2 & pN1". A plus behind "T2" and before a blank is its flag.
_JOINING = (
    r"(?:(?<=[0-9a-eXx)+,][ ])(?:[&+]|and|und|et|y|e|sowie)(?=[ ][ryacpu]{0,4}[NM][0-9Xx])"
    r"|(?<=[0-9a-eXx)])[&+](?=[ryacpu]{0,4}[NM][0-9Xx]))"
)
# A lone r before one is no prefix of what follows.
JOINING = re.compile(rf"{_JOINING}|(?<!r)(?<!r[ ])[|•·]")
_SEPARATOR = rf"(?:{_JOINING}|[•· \t\r\f\v,;:=/|-]|\.(?=\s|$)|\n(?![ \t\r\f\v]*\n)){{1,40}}"

# ---------------------------------------------------------------- words that may be part of a staging

_TERMINALS = terminals()

QUOTE_MARKS = re.escape("".join(sorted(QUOTES)))
# A prefix with a blank behind it. A y alone is a word of Spanish, and an a one of English.
DETACHED = r"(?=[rcpy])(?<!\w)(?<!\w[/'-])(?<!\b\w\.)(?:r|c|p|rp|rc|yp|yc|ryp|ryc|yrp|yrc|y(?=-))[ -]"
DETACHED_BEFORE = re.compile(DETACHED + "$")
# The letter O for zero: with a prefix, or beside other categories. "NO NODES", "No metastasis" have words.
_LETTER_O = (
    r"(?:(?<=[ryacpuRYACPU][TNM])[Oo](?![a-z])|(?<=[NM])O(?![A-Za-z]|[ ]{1,2}[A-Za-z]{3})"
    r"|[Oo](?=[ ,;]{0,2}[ryacpuCP]{0,3}[NM][0-9XxO]))"
)
_VALUE = (
    rf"(?:(?:[ ]{{0,2}}[:=][ ]{{0,2}}|[ ]{{1,2}})?(?:[0-9]|[Xx](?![A-Za-z]))|{_UNKNOWN}|\+|[-+]/[-+]"
    rf"|(?<=T)(?:is|IS|[aA](?![bd-moq-zB-FH-LO-Z]))|[iIl](?![A-Za-z])|{_LETTER_O}|{_TERMINALS['NOT_ASSIGNED']})"
)
# A word behind a hyphen is none of the notation: "cT3-Tumor". The period behind a word is none of it.
# Nor is a T behind periods, which begins another staging: "pT2 pN1 M0.rpT3 rpN0".
_NEXT_T = r"(?:[rcpy]{1,3}[ -])?[ryacpu]{0,4}T[0-9Xx][a-d]?(?![\w?*])"
_IN_REST = rf"(?:[^\s,;:()|/.-]|[.](?![.]{{0,3}}{_NEXT_T})){{0,40}}"
_REST = rf"{_IN_REST}(?:[-/](?![^\W\d_]{{3,}}+(?![0-9Xx+])){_IN_REST}){{0,9}}(?<![.])"
_CATEGORY = (
    rf"(?:{DETACHED}(?![ -]))?(?P<prefix>[ryacpumRYACPU]{{0,6}})(?P<letter>[TNM])(?:{_VALUE}){_REST}"
    rf"|(?i:any|all|jedes)[ ][TNM](?!\w)"
)
_IN_LOWER_CASE = rf"[ryacpum]{{0,6}}[tnm](?:[0-9]|x(?![a-z])|is(?![a-z])){_REST}"
CATEGORY_WORD = re.compile(_CATEGORY)
CATEGORY_WORD_IN_LOWER_CASE = re.compile(rf"{_CATEGORY}|(?P<small>{_IN_LOWER_CASE})")
# Brackets with whatever in them, also over a line end: suffixes, groups, remarks.
_BRACKET = r"(?:[ ]?|[ ]?\r?\n[ \t]{0,8}(?=\([ ]?[0-9]{1,3}[ ]?/))"
_BRACKET += r"\((?:[^()\n]|\n(?![ \t\r]*\n)|\([^()\n]{0,60}\)){0,160}\)"
_SITE = "|".join(SITES)
_SUFFIX_WORD = (
    rf"(?:(?:{_SITE})(?:[ ]?[,+/][ ]?(?:{_SITE}))*|sn|ENE[ ]?[+-]|ENE[ ]?\([+-]\))(?!\w)"
    r"|[0-9]{1,3}[ ]?/[ ]?[0-9]{1,3}(?![0-9/.\w])"
)
_LETTER = f"[{vocabulary.subcategory_letters()}]"
_DIGIT = f"[{vocabulary.value_digits()}]"
_EITHER = r"(?:&|\+|or|oder|ou|o|to|bis|vs\.?|versus|bzw\.?|resp\.?)"
_BOTH = "(?:and|und|et|y|e)"
_DESCRIPTOR_NAMES = ("Pn", "PL", *"LVRGSHB")
_SECOND_DESCRIPTOR = "|".join(
    rf"(?<={name}[0-9X][ ])(?:{_EITHER}|{_BOTH})[ ][cpu]?{name}[ ]?[0-9X]" for name in _DESCRIPTOR_NAMES
)
# "pT1a & b", "pN1 (or 2)", "T2 or 3", "R0 oder R1": another value beside the one that was read.
_CHOICE = (
    rf"(?:{_EITHER}[ ](?:(?:[ryacpu]{{0,4}}[TNM])?(?:{_DIGIT}{_LETTER}?(?:mi)?|[Xx])|{_LETTER})"
    rf"|{_BOTH}[ ](?:[b-d]|{_DIGIT}{_LETTER})|{_SECOND_DESCRIPTOR})(?![\w.,/-]*\w)"
)

# ---------------------------------------------------------------- descriptors, groups, editions, labels

_DESCRIPTOR_NAME = "Pn|PL|[LVRGSHB]"
FIRST_OF_TWO = re.compile(rf"(?<!\w)[cpu]?(?:{_DESCRIPTOR_NAME})[ ]?[0-9X][ ]{_EITHER}[ ]\Z")
_NEXT_GLUED = rf"(?=[cpu]?(?:{_DESCRIPTOR_NAME}|[ryacpu]{{0,4}}[TNM])[0-9Xx])"
_DESCRIPTOR = (
    rf"[cpu]?(?:(?P<name>{_DESCRIPTOR_NAME})[ ]?(?:[0-9][ab]?|[Xx])(?!\w)(?:[ ]?[-/][ ]?[0-9](?!\w))?"
    rf"|(?P<glued>{_DESCRIPTOR_NAME})(?:[0-9][ab]?(?:-[0-9])?|[Xx]){_NEXT_GLUED}{_REST}"
    r"|R-Status[ ]?:?[ ]?[0-9X](?!\w))(?![-/]\w)"
    # A vertebra, not lymphatic invasion; a lead; pregnancies and births: "G3 P2".
    r"(?![ -](?i:metast|vertebr|fra[ck]t|wirbel|l[eéä]sion|nerve|wurzel|level|lead|ableit)"
    r"|(?<=G[0-9])[ ]?P[0-9])"
)
DESCRIPTOR = re.compile(_DESCRIPTOR)
_RIGHT = r"(?!\w)"
# Behind a blank a small letter only at the end of a clause ("stage II a year ago"), and no B cell.
_SUBSTAGE = (
    r"(?:-[A-Da-d](?!\w)|[ ][A-D](?![A-Za-z0-9]|[ -](?:[A-Za-z]+-)?[Cc]ell)"
    r"|[ ][a-d](?=[.,;)\n]|$)|[A-Da-d][1-3]?)"
)
_ROMAN = rf"(?:IV|I{{1,3}}){_SUBSTAGE}?(?:-?[rp])?{_RIGHT}"
_NUMERAL = (
    rf"(?:(?:IV|I{{1,3}}|(?:iv|i{{2,3}})(?![ ][a-z])|i(?=[a-d])|[0-4]){_SUBSTAGE}?"
    rf"|0is|(?<![A-Z][ ])(?<![A-Z]:[ ])IS|X(?!-))(?:-?[rp])?{_RIGHT}"
    r"(?![.,/][0-9]|-[0-9]{2}|%|-[E-Z](?!\w)|-\n|[ ]bulky)"
)
# What leads to the owner of an edition: "nach UICC 8".
ACCORDING = alternatives(row["words"] for row in grammar_rows("words.tsv") if row["list"] == "ACCORDING")
_JOINING_WORD = "|".join(row["words"] for row in grammar_rows("words.tsv") if row["list"] == "JOINING_WORD")
_NUMERALS = (
    rf"(?:[ryacp]{{1,4}}(?=[IV0-4]))?{_NUMERAL}"
    rf"(?:(?:[ ]?[-/][ ]?|[ ](?:{_JOINING_WORD})[ ]){_NUMERAL}(?:[ ]NOS{_RIGHT})?)?"
    r"(?:[ ]?\([ ]?r[ ]?\))?"
)
_GLYPH = rf"[\u2160-\u2163\u2170-\u2173]{_SUBSTAGE}?{_RIGHT}"
_GLYPHS = rf"(?:{_GLYPH}(?:(?:[ ]?[-/][ ]?|[ ](?:{_JOINING_WORD})[ ]){_GLYPH})?)"
_KIND_WORD = r"(?:clinical|pathologic(?:al)?|anatomic(?:al)?|prognostic|overall|anat\.|progn\.)"
_KIND_WORDS = rf"(?:{_KIND_WORD}(?:[ ]{{1,2}}|\r?\n)){{1,3}}"
BEFORE_WORD = re.compile(rf"(?<!\w)(?:r[ -]|[ryacp]{{1,4}}-|(?i:{_KIND_WORDS}))\Z")
_METHOD_WORD = rf"(?i:{_KIND_WORDS}(?=stage))"
# On a line of its own a numeral is one of the word above it: "Stage:\nIIIB", not "at this stage\nI think".
# Or nothing but what belongs to it stands behind it.
_OF_GROUP = r"[?]|(?:UICC|AJCC|FIGO)(?!\w)|[rp](?![\w'])|[ryacpu]{0,4}(?:[TN][0-9Xx]|M[01Xx])"
_ALONE_BELOW = r"\r?\n(?=[ ]{0,8}(?:IV|I{2,3}|I(?=[A-D]))(?:[A-D][1-3]?)?"
_ALONE_BELOW += rf"(?:[ ]{{0,2}}[.;]?[ ]{{0,2}}(?:\r?\n|\Z)|[ ,;]{{0,2}}[-(]?[ ]?(?:{_OF_GROUP})))"
LINE_IN_GROUP = re.compile(
    rf"(?:(?i:{_KIND_WORD})(?=\r?\n(?i:stage|{_KIND_WORD}))|{_STAGE_WORD}[ ]?[:=]?[ ]?(?={_ALONE_BELOW}))"
    r"(?P<end>\r?\n)"
)
_WORD_PREFIX = r"(?:[ryacp]{1,4}-?|r[ -])"
_WORD = rf"{_STAGE_WORD}(?:[ ]?(?i:group(?:ing)?))?[ ]{{0,2}}[:=]?(?:[ ]?{_ALONE_BELOW})?[ ]{{0,8}}"
_SHORT_WORD = r"(?i:stad\.|St\.)[ ]{0,2}(?=[ryacp]{0,4}(?:IV|I{1,3})[A-Da-d1-3]{0,2}(?!\w))"
WORDED_GROUP = re.compile(
    rf"(?:{_METHOD_WORD})?(?:{_WORD_PREFIX})?(?:{_WORD}(?:{_NUMERALS}|{_GLYPHS})|{_SHORT_WORD}{_NUMERALS})"
)
BARE_GROUP = re.compile(rf"(?:IV|I{{1,3}}){_SUBSTAGE}?(?:-?[rp])?{_RIGHT}(?!-[E-Z](?!\w)|-\n|[ ]bulky)")
# A word that the grammar does not read, a compound or one with an adjective: only the value is read.
_BETWEEN = (
    r"(?i:cl[ií]nico|patol[oó]gico|tumoral|clinique|pathologique|pron[oó]stico|anat[oó]mico|klinisches"
    r"|pathologisches|nach|gemäß|laut|TNM|UICC|AJCC|global|inicial|initial|actuel|actual"
    r"|is|was|now|ist|war|jetzt|est|es|fue|ahora|at[ ](?:initial[ ])?(?:diagnosis|presentation|recurrence)"
    r"|bei[ ](?:Erst)?diagnose|au[ ]diagnostic|al[ ]diagn[oó]stico)"
)
OPEN_GROUP = re.compile(
    rf"(?:[A-Za-zÄÖÜäöüß]{{1,20}}stadium|{_STAGE_WORD}"
    r"|[A-Za-zÄÖÜäöüß]{0,20}[Ss]ta-\n[ ]{0,8}(?:ge|dium|dio|de))"
    rf"[ :=-]{{1,3}}(?:{_BETWEEN}[ :=]{{1,3}}){{0,3}}"
    rf"(?P<value>{BARE_GROUP.pattern})|(?:UICC|AJCC)[ :=-]{{1,3}}(?P<owned>{BARE_GROUP.pattern})"
)
# "Klinisches Stadium III", "estadio clínico III": the grammar knows the English word and the letter.
_METHOD = "|".join(
    f"(?P<{method}>{alternatives([row['words']])})"
    for method, name in (("clinical", "CLINICAL_WORD"), ("pathological", "PATHOLOGICAL_WORD"))
    for row in grammar_rows("words.tsv")
    if row["list"] == name
)
METHOD_WORD = re.compile(rf"(?<!\w)(?i:{_METHOD})[ \n]")
CLINICAL_GROUP = re.compile(rf"EC[ :]{{1,2}}(?P<value>(?:{BARE_GROUP.pattern}|[1-4][A-D](?!\w)))")
# "stages II and III", "stades I, II et III": a group among others is not the whole.
GROUP_LIST = re.compile(
    r"(?:(?:[ ]?[,&+]|[ ](?:and|und|et|y|e))[ ]{1,2}(?:(?:and|und|et|y|e|or|oder|ou|o)[ ])?"
    r"(?:IV|I{1,3})(?:[A-D][1-3]?)?(?![\w-])){1,6}"
)
RECURRENT_GROUP = re.compile(rf"r(?:y?[pc]?)(?:IV|I{{1,3}}){_SUBSTAGE}?{_RIGHT}(?!-[A-Za-z0-9])")
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
# "rFIGO IB2", "FIGO rIB2"; no letters before ISS, where an r is of the name.
_GROUP_LETTERS = r"(?:[ryacp]{1,4}(?=[IV0-4]))?"
SYSTEM_GROUP = re.compile(
    r"(?:[ryacp]{1,4}(?![ -]?ISS))?(?:"
    + "|".join(
        rf"(?:{_name_pattern(name)})(?:[ ](?:19|20)[0-9][0-9])?[ :-]{{1,3}}(?:{_WORD})?{_GROUP_LETTERS}"
        rf"(?:{_SPELLED[_NAMED[name]]})(?:-?[rp](?!\w)|[ ][rp](?=[),;.\n]|$))?"
        rf"(?:(?:[ ]?[-/][ ]?|[ ](?:{_JOINING_WORD})[ ])(?:{_SPELLED[_NAMED[name]]}){_RIGHT})?"
        rf"(?:[ ]?:[ ]?[0-9]{{1,2}})?{_RIGHT}(?!-[A-Za-z0-9]|[.,][0-9])"
        for name in _SYSTEM_NAMES
    )
    + rf")|{_STAGE_WORD}[ ]FIGO[ ]{_GROUP_LETTERS}(?:{_SPELLED['FIGO']})(?:-?[rp])?{_RIGHT}"
)
_OWNED_GROUP = rf"(?:UICC|AJCC)[ :-]{{1,3}}(?:{_WORD})?{BARE_GROUP.pattern}"
_LETTERS_OF_SYSTEMS = "".join(sorted({name[0] for name in _SYSTEM_NAMES}))
# What can follow in a staging; where one of them can stand is decided by what stands around it.
_FOLLOWING = (
    rf"(?P<descriptor>{_DESCRIPTOR})"
    rf"|(?P<group>{WORDED_GROUP.pattern}|(?=[{_LETTERS_OF_SYSTEMS}{_LETTERS_OF_STAGE}]|[ryacp]{{1,3}}[A-Z])(?:{SYSTEM_GROUP.pattern})"
    rf"|{_OWNED_GROUP}|{RECURRENT_GROUP.pattern})"
    rf"|(?P<edition>{_TERMINALS['EDITION']})(?![ ]?(?:[/-]|or|oder|ou|o)[ ]?[0-9])"
    rf"|(?P<bare>{BARE_GROUP.pattern})"
    rf"|(?P<suffix>{_SUFFIX_WORD})|(?P<choice>{_CHOICE})|(?P<mark>[?]{{1,3}}|r(?![\w']))"
)
# What stands between is not given back, so a word is looked for at one place.
_BETWEEN_WORDS = rf"(?P<bracket>{_BRACKET})|(?P<between>(?>{_SEPARATOR})?)"
WORD = re.compile(rf"{_BETWEEN_WORDS}(?:(?P<category>{_CATEGORY})|{_FOLLOWING})")
WORD_IN_LOWER_CASE = re.compile(
    rf"{_BETWEEN_WORDS}(?:(?P<category>{_CATEGORY}|{_IN_LOWER_CASE})|{_FOLLOWING})"
)
BRACKET = re.compile(_BRACKET)
OWNED_EDITION_GROUP = re.compile(rf"(?:UICC|AJCC)[ ][1-9][0-9]?[ ,:]{{1,2}}(?:{_WORD})?{BARE_GROUP.pattern}")
OWNED_WORDED_GROUP = re.compile(rf"(?:UICC|AJCC)[ -]{{1,2}}(?:{WORDED_GROUP.pattern})")
BY_SYSTEM = re.compile(_TERMINALS["BY_SYSTEM"])
LABEL = re.compile(
    r"(?<!\w)(?P<timing>[ryacp]{0,4})TNM"
    r"(?:[ -]?(?:stage|staging|code|classification|Klassifikation))?[ ]?[:=]?[ ]{0,3}$"
)
LABEL_HERE = re.compile(_TERMINALS["LABEL"])
# A label with r and words behind it, with which the grammar does not read a staging.
RECURRENT_LABEL = re.compile(
    r"(?:(?<!\w)y?r[ -]?y?[cpa]?TNM(?![A-Za-z])|TNM[ -]?\(?r\)?(?!\w)|\(r\)[ ]?TNM"
    r"|(?<!\w)r-(?i:klassifikation|symbol|stadium|classification|staging|category|kategorie)(?!\w))"
    r"(?:[^.;\n]|[.](?=[0-9])){0,60}\n?\Z"
)
EDITION_BEFORE = re.compile(rf"(?<!\w)(?:{_TERMINALS['EDITION']})[ ,:;]{{1,3}}$")

# A category that stands apart from a staging in its sentence.
_LOOSE = rf"(?P<prefix>[ryacpu]{{0,4}})(?P<letter>[TNM])(?:{_DIGIT}(?:{_LETTER}[1-3]?)?|[Xx]|is)"
_LOOSE += "(?:mi|MI|[A-D](?![A-Za-z]))?"
LOOSE_CATEGORY = re.compile(
    rf"(?<![^\W_])(?<![/.-])(?<!\w')(?:{_LOOSE}(?![^\W_]|['%]|[-/.]\w)|(?P<with_bracket>[ryacpu]{{1,4}})(?P<named>[TN])(?=\())"
)
MARK_BEHIND = re.compile(r"[ ]?(?:[?]{1,3}|\([ ]?(?:r|[?]{1,3})[ ]?\)|r(?![\w']))")
# What stands directly before a category and leaves it open: a sign, a word, another value of its letter.
DOUBT_BEFORE = re.compile(
    rf"(?:(?<![\w/\"'=<-])[?<>≤≥~]=?[ ]?|[?]|\(\?\)[ ]?|(?<!\w)(?i:{words('doubt')})[ :]{{1,2}}"
    rf"|(?<!\w)(?<!:[ ])(?:{words('denial')})[ ]\("
    rf"|(?<![\w/'.-]){_LOOSE}[ ]?(?:(?<=[ ])(?:or|oder|ou|o|vs\.?|versus|bis|to)[ ]|[<>][ ]?))\Z"
)
# A category whose value cannot be read, directly before others or behind them: "T≥3", "pTl", "M?", "cM⏎0".
_SIGN = r"(?:[ ]?[<>≤≥~]=?[ ]?[0-9Xx]|[?*](?!\w)|[-.][0-9](?!\w)|any(?!\w)|[\u2070-\u2089\u00b2\u00b3\u00b9])"
# Some characters have no width, so that nobody sees them: "pT\u200b2".
_UNSEEN = r"[\u00ad\u200b-\u200d\u2060\ufeff]{1,3}"
_NO_VALUE = rf"(?:[^\W\d_]|[?*_-]{{1,3}}|(?:[ ]?\n[ ]?|{_UNSEEN})[0-9][a-d]?)"
_NAMES = ("letter", "small", "signed", "any", "bare", "no")
# A word with a letter of another script, or of which a sign is a letter: "r_pT2".
_FOREIGN = r"(?P<word>(?=\w{0,6}[^\x00-\x5e`-\x7f])\w{2,10})"
FORM_BEFORE = re.compile(
    rf"(?<![\w/.'-])(?:[ryacpu]{{1,4}}(?P<letter>[TNM]){_NO_VALUE}?|[ryacpuRYACPU]{{1,4}}(?P<small>[tnm])[0-9]"
    rf"|[ryacpu]{{0,4}}(?P<signed>[TNM]){_SIGN}[a-d]?|(?i:any|all|jedes)[ ](?P<any>[TNM])"
    rf"|(?P<bare>[TNM])[lIiZzS]|{_FOREIGN})(?P<behind>[ ,;\n]{{1,3}})\Z"
)
FORM_BEHIND = re.compile(
    r"[ ,;+]{1,3}(?:[ryacpu]{1,4}(?P<letter>[TNM])(?!\w)"
    rf"|(?P<bare>[TNM])(?=(?:[ ]?\n[ ]?|{_UNSEEN})[0-9Xx])"
    rf"|[ryacpu]{{0,4}}(?P<signed>[TNM]){_SIGN}|(?P<no>N)o(?=[ ,]{{1,2}}[Mm]o(?!\w))|{_FOREIGN}(?!\w))"
)


def letter_of(form: re.Match[str]) -> str:
    """Return T, N or M of a category whose value cannot be read; empty where a word only looks like one."""
    named = form.groupdict()
    if named["word"] is None:
        return next(named[one] for one in _NAMES if named.get(one)).upper()
    plain = flattened(named["word"], with_look_alikes=True).replace("_", " ").split()
    found = LOOSE_CATEGORY.fullmatch(plain[-1]) if plain else None
    return found["letter"] or "" if found is not None else ""


# Another value of a category behind it: "pT2 pN1 (T3)".
OTHER_VALUE = re.compile(rf"[ ]?\([ ]?{_LOOSE}[ ]?\)")
ADDED_VALUE = re.compile(rf"[ ]?\+[ ]?{_LOOSE}")
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
