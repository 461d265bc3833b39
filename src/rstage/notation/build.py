"""From nodes to values: what one category, descriptor, group, edition or label of a text says."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from rstage import rules
from rstage.caches import cached
from rstage.model.category import Category, Method, Timing, misplaced
from rstage.model.descriptor import DESCRIPTOR_VALUES, PLACE_KINDS, Descriptor, near_descriptor_values
from rstage.model.edition import Edition
from rstage.model.group import group_exists
from rstage.notation.folding import fold
from rstage.notation.group import build_group, group_of_other_system, group_value
from rstage.notation.part import Draft, Part
from rstage.notation.prefix import is_reordered, read_prefix
from rstage.notation.suffix import ValueText, read_suffixes
from rstage.notation.tree import LONGEST_TEXT, one_of, parse_nodes
from rstage.privacy import shown
from rstage.reference import vocabulary
from rstage.reference.dialect_values import dialect_with
from rstage.reference.places import names_a_place
from rstage.reference.recurrence_words import names_recurrence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rstage.diagnostics import Rule, Span
    from rstage.model.suffixes import Suffixes
    from rstage.notation.tree import Node, Token

_LETTERS = ("LETTER", "LETTER_ALONE")
_VALUES = (
    *("VALUE", "SUBCATEGORY", "RANGE", "NOT_ASSIGNED"),
    *("VALUE_LETTER_O", "VALUE_IN_CAPITALS", "VALUE_MISREAD"),
)
_VALUE_KINDS = frozenset((*_LETTERS, *_VALUES))


def build(node: Node, text: str, dialect: str | None = None) -> Part:
    """Return what `node` of the folded `text` says, or what is wrong with it.

    Args:
        node: what the grammar read.
        text: the folded text that it stands in.
        dialect: the dialect whose own values are read too.
    """
    kind = _KINDS.get(node.kind, node.kind)
    draft = Draft(kind=kind, start=node.start, end=node.end, text=text, dialect=dialect)
    _BUILDERS[kind](draft, node.tokens)
    return draft.part()


# ---------------------------------------------------------------- categories


def _category(part: Draft, tokens: Sequence[Token]) -> None:
    place = 0 if tokens[0].kind in _LETTERS else 1
    letter = tokens[place]
    part.letter = letter.text
    letters, timing, method = _category_prefix(part, tokens[:place], letter)
    if tokens[-1].kind == "GLUED_LETTER":
        part.glued, part.end, tokens = tokens[-1].text, tokens[-1].start, tokens[:-1]
    said = _value(part, [token for token in tokens if token.kind in _VALUE_KINDS])
    behind = [token for token in tokens[place:] if token.kind not in _VALUE_KINDS]
    suffixes = read_suffixes(part, behind, said)
    if said is None or suffixes is None or part.has_error:
        return
    if "m" in letters:
        suffixes = _with_multiplicity(part, said, suffixes)
        if suffixes is None:
            return
    part.value = Category(
        letter=part.letter,
        value=said.value,
        subcategory=said.subcategory,
        upper=said.upper,
        timing=timing,
        method=method,
        suffixes=suffixes,
    )
    _name_changes(part, letters, {token.kind for token in tokens})


def _with_multiplicity(part: Draft, said: ValueText, suffixes: Suffixes) -> Suffixes | None:
    """Return the suffixes of `mpT2`, whose m stands in front, or None where there can be no m."""
    if part.letter != "T" or suffixes.multiplicity:
        part.add(rules.ILLEGAL_PREFIX)
        return None
    suffixes = replace(suffixes, multiplicity="m")
    if misplaced(part.letter, said.value, said.subcategory, suffixes):
        place = part.text.index("m", part.start)
        part.add(rules.MISPLACED_SUFFIX, (place, place + 1), category=part.letter)
        return None
    return suffixes


def _category_prefix(
    part: Draft, tokens: Sequence[Token], letter: Token
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
        return letters, *read_prefix(part, letters, span)
    return "", frozenset(), None


def _name_changes(part: Draft, letters: str, kinds: set[str]) -> None:
    """Add a warning for each spelling that was read as something a human should look at."""
    if is_reordered(letters):
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


def _value(part: Draft, tokens: Sequence[Token]) -> ValueText | None:
    """Return the value of a category, or None where a diagnostic of `part` says why there is none."""
    letter, second = tokens[0], tokens[1] if len(tokens) > 1 else None
    span = letter.start, tokens[-1].end
    if second is None:
        part.add(rules.MISSING_VALUE, span)
    elif second.kind == "VALUE":
        return _known_value(part, tokens[1:], span)
    elif second.kind == "NOT_ASSIGNED":
        return ValueText(vocabulary.NOT_ASSIGNED)
    elif second.kind == "VALUE_LETTER_O":
        part.add(rules.LETTER_O, span, (letter.text + "0",))
    elif second.kind == "VALUE_MISREAD":
        _misread(part, letter.text, second.text)
    else:
        part.add(rules.ALL_CAPITALS, span, (letter.text + second.text.lower(),))
    return None


def _misread(part: Draft, letter: str, text: str) -> None:
    """Add an error for I, l or i where 1 or is may be meant; it names every value that may be meant."""
    prefix = part.text[part.start : part.text.index(letter, part.start)]
    subcategory = text[-1].lower() if len(text) > 1 else ""
    meant = [("1", subcategory), *([("is", "")] if text[0] == "i" and subcategory in "bc" else [])]
    near = tuple(prefix + letter + "".join(value) for value in meant if vocabulary.exists(letter, *value))
    part.add(rules.MISREAD_CHARACTER if near else rules.NOT_NOTATION, suggestions=near)


def _known_value(part: Draft, tokens: Sequence[Token], span: Span) -> ValueText | None:
    kinds = [token.kind for token in tokens]
    middle = kinds.index("RANGE") if "RANGE" in kinds else len(kinds)
    low = _end_of_range(tokens[:middle])
    ends = [low]
    if middle < len(kinds):
        high = _end_of_range(tokens[middle + 1 :])
        ends.append((high[0] or low[0], high[1]))
    if len(ends) == 1 and part.dialect and dialect_with(part.letter, "".join(low)) == part.dialect:
        return ValueText(*low)
    for end in ends:
        if not vocabulary.exists(part.letter, *end):
            near = vocabulary.nearest(part.letter, "".join(end)) if len(ends) == 1 else ()
            part.add(rules.UNKNOWN_VALUE, span, near)
            return None
    if len(ends) == 1:
        return ValueText(*low)
    if not vocabulary.is_ascending(part.letter, *ends):
        part.add(rules.REVERSED_RANGE, span)
        return None
    return ValueText(*low, "".join(ends[1]))


def _end_of_range(tokens: Sequence[Token]) -> tuple[str, str]:
    """Return value and subcategory of one end; either may be missing (`T4c-d`)."""
    value = tokens[0].text.strip(" :=") if tokens[0].kind == "VALUE" else ""
    subcategory = tokens[-1].text if tokens[-1].kind == "SUBCATEGORY" else ""
    return "X" if value == "x" else value, subcategory


# ---------------------------------------------------------------- descriptors


def _descriptor(part: Draft, tokens: Sequence[Token]) -> None:
    prefix, name, letter_o = (
        one_of(tokens, "DESCRIPTOR_PREFIX"),
        one_of(tokens, "DESCRIPTOR"),
        one_of(tokens, "DESCRIPTOR_LETTER_O"),
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
    brackets = [token for token in tokens if token.kind == "PLACE"]
    places = [place for token in brackets for place in _places(token.text)]
    if any(value not in DESCRIPTOR_VALUES[letter] for value in values):
        near = tuple(letter + value for value in near_descriptor_values(letter))
        part.add(rules.UNKNOWN_VALUE, suggestions=near)
    elif recurrent := [token for token in brackets if names_recurrence(token.text)]:
        # A word never sets an r, and none is passed over as a place.
        token = recurrent[0]
        part.add(rules.UNKNOWN_BRACKET, (token.start + token.text.index("("), token.end))
    elif places and (letter != "R" or not _fit_together(places)):
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
            detail=places[0] if places else None,
            place=places[1] if len(places) > 1 else None,
        )
        if any(place not in PLACE_KINDS and not names_a_place(place) for place in places):
            part.add(rules.PLACE_UNKNOWN)


def _places(text: str) -> list[str]:
    """Return what stands in a bracket of R: `is` or `cy+`, a place, or both."""
    inside = " ".join(text.strip(" ()").split()).replace("cy +", "cy+")
    first, _, rest = inside.partition("," if "," in inside else ";")
    return [first.strip(), rest.strip()] if rest and first.strip() in PLACE_KINDS else [inside]


def _fit_together(places: Sequence[str]) -> bool:
    """Return whether there is one of these, or `is` or `cy+` and then a place."""
    return len(places) == 1 or (
        len(places) == 2 and places[0] in PLACE_KINDS and places[1] not in PLACE_KINDS
    )


# ---------------------------------------------------------------- groups and editions


_ORDINALS = {"fifth": "5", "sixth": "6", "seventh": "7", "eighth": "8", "ninth": "9"}
_BRACKETED_OWNER_NUMBER = re.compile(r"\( *(?:[^\W\d_][^\d]*[ '])?(?:AJCC|UICC) *[1-4] *\)")


def _edition(part: Draft, tokens: Sequence[Token]) -> None:
    """Two owners are the edition of neither alone, so that none is written (ruling J.13)."""
    text = tokens[0].text
    ordinal = re.search("|".join(_ORDINALS), text, re.IGNORECASE)
    version = _ORDINALS[ordinal[0].lower()] if ordinal else re.findall(r"\d+", text)[0]
    owners = set(re.findall("AJCC|UICC|FIGO", text))
    part.value = Edition(version=version, owner=owners.pop() if len(owners) == 1 else None)
    if _BRACKETED_OWNER_NUMBER.fullmatch(part.slice):
        part.add(rules.OWNER_NUMBER_IN_BRACKETS)


# ---------------------------------------------------------------- labels and mistakes


def _label(part: Draft, tokens: Sequence[Token]) -> None:
    """A label is no part of the stage; only its r or y is (ruling 5)."""
    label = tokens[0].text
    if tokens[0].kind == "LABEL" and "(" in label:
        part.timing = frozenset({Timing(label[0])})
        part.add_change(rules.GLOSS_TIMING, label[0])
        return
    letters = label.partition("TNM")[0] if tokens[0].kind == "LABEL" else ""
    part.timing = read_prefix(part, letters, part.span)[0]
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
    "CAPITAL_B": rules.ALL_CAPITALS,
    "LONE_CERTAINTY": rules.MISPLACED_CERTAINTY,
    "LONE_LETTER_O": rules.LETTER_O,
    "MISREAD_GROUP": rules.MISREAD_CHARACTER,
    "LONELY_PREFIX": rules.LONELY_PREFIX,
    "LONE_UNKNOWN_BRACKET": rules.UNKNOWN_BRACKET,
    "UNKNOWN": rules.NOT_NOTATION,
}


def _mistake(part: Draft, tokens: Sequence[Token]) -> None:
    kind, text = tokens[0].kind, tokens[0].text.strip()
    if kind == "OTHER_SYSTEM" and group_of_other_system(part):
        return
    suggestions: tuple[str, ...] = ()
    if kind == "CAPITAL_R_GROUP":
        suggestions = ("r" + text[1:],)
    elif kind == "LOWER_CASE":
        suggestions = (re.sub("[tnm](?=[0-9xi])", lambda found: found.group().upper(), text),)
    elif kind == "LONE_LETTER_O":
        suggestions = ("0",)
    elif kind == "MISREAD_GROUP":
        suggestions = tuple(filter(_is_group, (text.replace("l", "I"), text.replace("l", ""))))
    elif kind in ("LETTERS_IN_CAPITALS", "CAPITAL_B"):
        suggestions = (text.lower(),)
    part.add(_MISTAKES[kind], suggestions=suggestions, system="another system")


def _is_group(text: str) -> bool:
    """Return whether the last word of a text is a stage group."""
    return group_exists(group_value(text.rpartition(" ")[2]))


_KINDS = {
    "bracketed_group": "group",
    "glued_mistake": "mistake",
    "whole_group": "group",
    "field_group": "group",
    "edition_alone": "edition",
}
_BUILDERS: dict[str, Callable[[Draft, Sequence[Token]], None]] = {
    "category": _category,
    "descriptor": _descriptor,
    "group": build_group,
    "edition": _edition,
    "label": _label,
    "mistake": _mistake,
}


@cached(256)
def parse_edition(text: str) -> Edition:
    """Return the edition that a text such as `8`, `7th`, `AJCC 8` or `(UICC 2017)` names.

    Raises:
        ValueError: the text names no edition.
    """
    folded = fold(text).text if len(text) <= LONGEST_TEXT else ""
    nodes, failures = parse_nodes(folded, "edition_field")
    value = build(nodes[0], folded).value if nodes and not failures else None
    if not isinstance(value, Edition):
        raise ValueError(  # noqa: TRY004  the text is at fault, not a type
            f"an edition is a number or a year, such as 8, AJCC 8 or 2018, not {shown(text)}"
        )
    return value
