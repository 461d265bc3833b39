"""From nodes to values: what one category, descriptor, group, edition or label of a text says."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from . import rules, vocabulary
from .category import Category, Method, Timing
from .descriptor import DESCRIPTOR_VALUES, Descriptor
from .privacy import shown
from .stage_group import Edition, StageGroup, group_exists, is_group_range
from .suffixes import read_suffixes
from .written import Written

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .diagnostics import Rule, Span
    from .parsing import Node, Token

_LETTERS = ("LETTER", "LETTER_ALONE")
_VALUES = ("VALUE", "SUBCATEGORY", "RANGE", "NOT_ASSIGNED", "VALUE_LETTER_O", "VALUE_IN_CAPITALS")
_VALUE_KINDS = frozenset((*_LETTERS, *_VALUES))
_GROUP_NAMES = {"STAGE_TIS": "Tis", "OCCULT": "occult"}
_GROUP_KINDS = (*_GROUP_NAMES, "GROUP_VALUE", "ROMAN", "ARABIC")
_ROMAN = {"0": "0", "1": "I", "2": "II", "3": "III", "4": "IV"}


def build(node: Node, text: str) -> Written:
    """Return what `node` of the folded `text` says, its errors included."""
    kind = _KINDS.get(node.kind, node.kind)
    part = Written(kind=kind, start=node.start, end=node.end, text=text)
    _BUILDERS[kind](part, node.tokens)
    return part


def _one(tokens: Sequence[Token], *kinds: str) -> Token | None:
    return next((token for token in tokens if token.kind in kinds), None)


@lru_cache(1024)
def _said_by(letters: str) -> tuple[frozenset[Timing], Method | None, Rule | None]:
    """Return timing and method of the letters of a prefix (notation A.3), and the rule they break.

    An m among them is left aside: directly beside p or c it says that there are several tumors.
    """
    timing = [letter for letter in letters if letter in "rya"]
    method = [letter for letter in letters if letter in "cpu"]
    if "m" in letters and not method:
        return frozenset(), None, rules.MRI_PREFIX
    if len(set(timing)) < len(timing) or len(method) > 1 or letters.count("m") > 1:
        return frozenset(), None, rules.ILLEGAL_PREFIX
    return frozenset(map(Timing, timing)), Method(method[0]) if method else None, None


def _prefix(part: Written, letters: str, span: Span) -> tuple[frozenset[Timing], Method | None]:
    """Return timing and method of a prefix; a rule that it breaks becomes an error of `part`."""
    timing, method, broken = _said_by(letters)
    if broken is not None:
        part.add(broken, span)
    return timing, method


def _is_reordered(letters: str) -> bool:
    """Return whether a method stands before a timing (`prT2`); `yr` for `ry` is only another spelling."""
    return re.search("[cpu][rya]", letters.replace("m", "")) is not None


# ---------------------------------------------------------------- categories


def _category(part: Written, tokens: Sequence[Token]) -> None:
    place = 0 if tokens[0].kind in _LETTERS else 1
    letter = tokens[place]
    part.letter = letter.text
    letters, timing, method = _category_prefix(part, tokens[:place], letter)
    if tokens[-1].kind == "GLUED_LETTER":
        part.glued, part.end, tokens = tokens[-1].text, tokens[-1].start, tokens[:-1]
    value, subcategory, upper = _value(part, [token for token in tokens if token.kind in _VALUE_KINDS])
    behind = [token for token in tokens[place:] if token.kind not in _VALUE_KINDS]
    suffixes = read_suffixes(part, behind, value, subcategory)
    if part.has_error:
        return
    if "m" in letters:
        if part.letter != "T" or suffixes.multiplicity:
            part.add(rules.ILLEGAL_PREFIX)
            return
        suffixes = replace(suffixes, multiplicity="m")
    part.value = Category(
        letter=part.letter,
        value=value,
        subcategory=subcategory,
        upper=upper,
        timing=timing,
        method=method,
        suffixes=suffixes,
    )
    _name_changes(part, letters, {token.kind for token in tokens})


def _category_prefix(
    part: Written, tokens: Sequence[Token], letter: Token
) -> tuple[str, frozenset[Timing], Method | None]:
    """Return the letters of the prefix, and what they say."""
    if not tokens:
        return "", frozenset(), None
    token = tokens[0]
    span = token.start, token.start + len(token.text.rstrip(" -"))
    letters = re.sub("[ -]", "", token.text)
    part.detached = token.kind == "DETACHED_PREFIX"
    if token.kind == "MRI_PREFIX":
        part.add(rules.MRI_PREFIX, span)
    elif token.kind == "PREFIX_IN_CAPITALS":
        part.add(rules.ALL_CAPITALS, suggestions=(token.text.lower() + part.text[letter.start : part.end],))
    else:
        return letters, *_prefix(part, letters, span)
    return "", frozenset(), None


def _name_changes(part: Written, letters: str, kinds: set[str]) -> None:
    """Add a warning for each spelling that was read as something a human should look at."""
    if _is_reordered(letters):
        part.add_change(rules.PREFIX_REORDERED, part.value)
    if "m" in letters:
        part.add_change(rules.MULTIPLICITY_PREFIX, part.value)
    if "MULTIPLICITY_BARE" in kinds:
        part.add_change(rules.MULTIPLICITY_WITHOUT_BRACKET, part.value)
    if "MINIMAL_BEFORE_C" in kinds:
        following = part.text[part.end :][:3]
        part.add(
            rules.MIC_BEFORE_CATEGORY,
            (part.start, part.end + 1),
            before=shown(part.slice + following),
            after=shown(f"{part.value} {following}"),
        )


def _value(part: Written, tokens: Sequence[Token]) -> tuple[str, str, str | None]:
    """Return value, subcategory and upper end of a category; a fault becomes an error of `part`."""
    letter, second = tokens[0], tokens[1] if len(tokens) > 1 else None
    span = letter.start, tokens[-1].end
    if second is None:
        part.add(rules.MISSING_VALUE, span)
    elif second.kind == "VALUE":
        return _known_value(part, tokens[1:], span)
    elif second.kind == "NOT_ASSIGNED":
        return vocabulary.NOT_ASSIGNED, "", None
    elif second.kind == "VALUE_LETTER_O":
        part.add(rules.LETTER_O, span, (letter.text + "0",))
    else:
        part.add(rules.ALL_CAPITALS, span, (letter.text + second.text.lower(),))
    return "", "", None


def _known_value(part: Written, tokens: Sequence[Token], span: Span) -> tuple[str, str, str | None]:
    kinds = [token.kind for token in tokens]
    middle = kinds.index("RANGE") if "RANGE" in kinds else len(kinds)
    low = _end_of_range(tokens[:middle])
    ends = [low]
    if middle < len(kinds):
        high = _end_of_range(tokens[middle + 1 :])
        ends.append((high[0] or low[0], high[1]))
    for end in ends:
        if not vocabulary.exists(part.letter, *end):
            part.add(rules.UNKNOWN_VALUE, span, vocabulary.nearest(part.letter, "".join(end)))
            return *low, None
    if len(ends) == 1:
        return *low, None
    if not vocabulary.is_ascending(part.letter, *ends):
        part.add(rules.REVERSED_RANGE, span)
    return *low, "".join(ends[1])


def _end_of_range(tokens: Sequence[Token]) -> tuple[str, str]:
    """Return value and subcategory of one end; either may be missing (`T4c-d`)."""
    value = tokens[0].text.strip(" :=") if tokens[0].kind == "VALUE" else ""
    subcategory = tokens[-1].text if tokens[-1].kind == "SUBCATEGORY" else ""
    return "X" if value == "x" else value, subcategory


# ---------------------------------------------------------------- descriptors


def _descriptor(part: Written, tokens: Sequence[Token]) -> None:
    prefix, name, letter_o = (
        _one(tokens, "DESCRIPTOR_PREFIX"),
        _one(tokens, "DESCRIPTOR"),
        _one(tokens, "DESCRIPTOR_LETTER_O"),
    )
    if name is None:
        if letter_o is not None:
            part.add(rules.LETTER_O, suggestions=(letter_o.text[:-1] + "0",))
        return
    values = [
        "X" if token.text.strip() == "x" else token.text.strip()
        for token in tokens
        if token.kind == "DESCRIPTOR_VALUE"
    ]
    letter = "R" if name.text.startswith("R") else name.text
    places = [re.sub(r"^\s*\(?\s*|\s*\)?\s*$", "", token.text) for token in tokens if token.kind == "PLACE"]
    if any(value not in DESCRIPTOR_VALUES[letter] for value in values):
        near = tuple(letter + value for value in DESCRIPTOR_VALUES[letter][-2:])
        part.add(rules.UNKNOWN_VALUE, suggestions=near)
    elif places and letter != "R":
        part.add(rules.UNKNOWN_BRACKET)
    elif len(values) > 1 and (letter != "G" or not values[0] < values[1] <= "4"):
        part.add(rules.REVERSED_RANGE)
    else:
        part.letter = letter
        part.value = Descriptor(
            name=letter,
            value=values[0],
            method=Method(prefix.text) if prefix else None,
            upper=values[1] if len(values) > 1 else None,
            detail=re.sub(r"\s+", " ", places[0]).replace("cy +", "cy+") if places else None,
        )


# ---------------------------------------------------------------- groups and editions


def group_value(text: str) -> str:
    """Return the canonical value of a group: `2a`, `II A` and `iia` are `IIA`, `1S` is `IS`."""
    compact = re.sub(r"[\s-]", "", text)
    roman = _ROMAN.get(compact[:1], "") + compact[1:] if compact[:1] in _ROMAN else compact
    if roman[:1] == "0":
        return roman.lower()
    return roman.upper()


def _group(part: Written, tokens: Sequence[Token]) -> None:
    letters, method = _group_prefix(tokens)
    timing, prefix_method = _prefix(part, letters, part.span)
    values = [
        _GROUP_NAMES.get(token.kind) or group_value(token.text)
        for token in tokens
        if token.kind in _GROUP_KINDS
    ]
    mark = _one(tokens, "FIGO_MARK")
    if not all(map(group_exists, values)):
        part.add(rules.UNKNOWN_VALUE)
    elif len(values) > 1 and not is_group_range(*values):
        part.add(rules.REVERSED_RANGE)
    elif method and prefix_method and method != prefix_method:
        part.add(rules.ILLEGAL_PREFIX)
    if part.has_error:
        return
    if _one(tokens, "RECURRENT_IN_BRACKETS"):
        timing |= {Timing.RECURRENCE}
    part.value = StageGroup(
        value=values[0],
        upper=values[1] if len(values) > 1 else None,
        system="FIGO" if mark or _one(tokens, "FIGO_WORD") else "TNM",
        timing=timing,
        method=prefix_method or method,
        mark=mark.text.strip() if mark else None,
    )
    if _is_reordered(letters):
        part.add_change(rules.PREFIX_REORDERED, part.value)


def _group_prefix(tokens: Sequence[Token]) -> tuple[str, Method | None]:
    """Return the letters before the word and before the numeral, and the method said as a word."""
    word = _one(tokens, "GROUP_METHOD")
    letters = "".join(
        re.sub("[ -]", "", token.text) for token in tokens if token.kind in ("WORD_PREFIX", "NUMERAL_PREFIX")
    )
    return letters, Method(word.text[0].lower()) if word else None


def _edition(part: Written, tokens: Sequence[Token]) -> None:
    version, owner = (re.findall(sought, tokens[0].text) for sought in (r"\d+", "AJCC|UICC|FIGO"))
    part.value = Edition(version=version[0], owner=owner[0] if owner else None)


# ---------------------------------------------------------------- labels and mistakes


def _label(part: Written, tokens: Sequence[Token]) -> None:
    """A label is no part of the stage; only its r or y is (ruling 5)."""
    label = tokens[0].text
    letters = label.partition("TNM")[0] if tokens[0].kind == "LABEL" else ""
    part.timing = _prefix(part, letters, part.span)[0]
    if part.timing:
        part.add_change(rules.LABEL_TIMING, f"{letters}TNM")
    else:
        part.add_change(rules.LABEL_SKIPPED, "")


_MISTAKES: dict[str, Rule] = {
    "LOWER_CASE": rules.LOWER_CASE,
    "CAPITAL_R_GROUP": rules.CAPITAL_R,
    "OTHER_SYSTEM": rules.OTHER_SYSTEM,
    "REGISTRY_CODE": rules.REGISTRY_CODE,
    "LETTERS_IN_CAPITALS": rules.ALL_CAPITALS,
    "LONE_CERTAINTY": rules.MISPLACED_CERTAINTY,
    "LONE_LETTER_O": rules.LETTER_O,
    "LONELY_PREFIX": rules.LONELY_PREFIX,
    "LONE_UNKNOWN_BRACKET": rules.UNKNOWN_BRACKET,
    "UNKNOWN": rules.NOT_NOTATION,
}


def _mistake(part: Written, tokens: Sequence[Token]) -> None:
    kind, text = tokens[0].kind, tokens[0].text.strip()
    suggestions: tuple[str, ...] = ()
    if kind == "CAPITAL_R_GROUP":
        suggestions = ("r" + text[1:],)
    elif kind == "LOWER_CASE":
        suggestions = (re.sub("[tnm](?=[0-9xi])", lambda found: found.group().upper(), text),)
    elif kind == "LONE_LETTER_O":
        suggestions = ("0",)
    elif kind == "LETTERS_IN_CAPITALS":
        suggestions = (text.lower(),)
    part.add(_MISTAKES[kind], suggestions=suggestions, system="another system")


_KINDS = {
    "bracketed_group": "group",
    "glued_mistake": "mistake",
    "whole_group": "group",
    "field_group": "group",
    "edition_alone": "edition",
}
_BUILDERS: dict[str, Callable[[Written, Sequence[Token]], None]] = {
    "category": _category,
    "descriptor": _descriptor,
    "group": _group,
    "edition": _edition,
    "label": _label,
    "mistake": _mistake,
}
