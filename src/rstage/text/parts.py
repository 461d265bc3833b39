"""The parts of a stretch of text as the grammar reads them, and what of it is none: remarks, doubts, words.

The stretch is read in components, like any text. What a component says is not looked at here: that is the
reading's affair. Remarks in brackets that change nothing, by the test of mode `repair`, are blanked.
"""

from __future__ import annotations

import re
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from rstage import rules
from rstage.caches import cached
from rstage.model.category import Timing
from rstage.model.group import StageGroup
from rstage.notation.bracket_repair import remarks_left_out
from rstage.notation.component import placed_components
from rstage.notation.edits import Rewritten
from rstage.notation.folding import fold
from rstage.reading.options import checked_options
from rstage.reading.read import read_cached
from rstage.text import patterns
from rstage.text.candidate import Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rstage.diagnostics import Diagnostic, Span
    from rstage.notation.component import Component
    from rstage.notation.part import Part as ReadPart
    from rstage.notation.tree import Node, Token

# A category with one of these faults is none; the others are faults of what stands beside it.
_NO_CATEGORY = {
    rules.UNKNOWN_VALUE.code,
    rules.MISSING_VALUE.code,
    rules.MRI_PREFIX.code,
    rules.MISREAD_CHARACTER.code,
}
_ONLY_REPAIRED = {rules.LETTER_O.code, rules.ALL_CAPITALS.code, rules.LOWER_CASE.code}
_REPAIRING = checked_options(mode="repair")
_BRACKETS = frozenset(("UNKNOWN_BRACKET", "LONE_UNKNOWN_BRACKET", "PLACE", "SITES"))
_NEWLINE_IN_BRACKET = re.compile(r"\([^()]*\)|\r?\n[ \t]*(?=\([ ]?[0-9]{1,3}[ ]?/)")
_LINE_END = re.compile(r"(?<=[^\W\d_])-[ \t]*\r?\n[ \t]*(?P<rest>[^\W\d_]+)|[\r\n]")
_START = attrgetter("start")
DESCRIPTOR = r"(?:Pn|[LVRG])[ ]?[0-9X][ab]?"
# One that is sure, or more than one: a lone L1 can be a vertebra.
_DESCRIPTORS = re.compile(
    rf"(?<=[ ])\([ ]?(?:(?:Pn|[RGV])[ ]?[0-9X]|{DESCRIPTOR}(?=[ ]?[,;/ ]))"
    rf"(?:[ ]?[,;/ ][ ]?{DESCRIPTOR})*[ ]?\)"
)
_ZEROS = frozenset(("NO", "MO", "No", "Mo"))
# The grammar reads the mark and the category behind it as one mistake.
_DOUBTED = re.compile(r"(?P<mark>[?]{1,3})(?P<prefix>[ryacpu]{0,4})(?P<letter>[TNM])(?:[0-9Xx]|is)")
_CHOICE = re.compile(r"&|\+|or|oder|ou|o|to|bis|vs\.?|versus|bzw\.?|resp\.?|and|und|et|y|e")


class Blank(NamedTuple):
    """Characters that a reading leaves out: `text`, as long as they are, stands in their place."""

    start: int
    end: int
    text: str
    diagnostic: Diagnostic | None = None


class Stretch(NamedTuple):
    """The parts of a stretch in order, and what of it is left out."""

    parts: tuple[Part, ...]
    blanks: tuple[Blank, ...]


@cached()
def parts_of(text: str, *, is_repairing: bool) -> Stretch:
    """Return the parts of a stretch of a text; all places count in it.

    Args:
        text: the stretch, flattened.
        is_repairing: whether what only mode `repair` reads is a part.
    """
    blanks = [*_lines_joined(text), *_joining(text), *_opened(text)]
    folded = _folded(with_blanks(text, blanks))
    plain = folded.text
    placed = placed_components(plain) if plain.strip() else []
    parts: list[Part] = []
    for offset, component in placed:
        found = (_kept if component.is_kept else _found)(component, is_repairing=is_repairing)
        parts += [part.moved(offset) for part in found] if offset else found
    parts.sort(key=_START)
    has_bracket = "(" in plain
    nodes = [node.moved(offset) for offset, one in placed for node in one.nodes] if has_bracket else []
    for edit in remarks_left_out(plain, nodes):
        start, end = folded.span(edit.start, edit.end)
        if len(edit.replacement) <= end - start:
            blanks.append(Blank(start, end, edit.replacement.ljust(end - start), edit.diagnostic))
            parts = [_without_remark(part, edit.start, edit.end) for part in parts]
    parts = _between(_with_ends(_with_zeros(parts, plain), is_repairing=is_repairing), plain)
    return Stretch(
        tuple([_at(part, folded.span(part.start, part.end)) for part in parts]),
        tuple(sorted(blanks, key=_START)),
    )


def _found(component: Component, *, is_repairing: bool) -> tuple[Part, ...]:
    """Return the parts of a component, at their places in it."""
    read = zip(component.nodes, component.parts, strict=True)
    parts = [
        part for node, one in read for part in _parts(node, one, component.text, is_repairing=is_repairing)
    ]
    return (*parts, *[_unread(one.span, component.text) for one in component.failures])


_kept = cached()(_found)


def _folded(text: str) -> Rewritten:
    """Return a text with its characters made plain where that gives one for one, or a Roman numeral."""
    if text.isascii():
        return Rewritten(text)
    pieces, offsets = [], []
    for place, one in enumerate(text):
        made = fold(one).text
        if len(made) != 1 and not "\u2160" <= one <= "\u217f":
            made = one
        pieces.append(made)
        offsets += [place] * len(made)
    return Rewritten("".join(pieces), [*offsets, len(text)])


def _at(part: Part, span: Span) -> Part:
    """Return a part with its place in the text as given, where a character can be several: `ⅡA`."""
    return part if span == (part.start, part.end) else part._replace(start=span[0], end=span[1])


def with_blanks(text: str, blanks: list[Blank] | tuple[Blank, ...], offset: int = 0) -> str:
    """Return a text that begins at `offset` with what is left out replaced."""
    pieces, end = [], 0
    for blank in sorted(blanks, key=lambda one: one.start):
        start = blank.start - offset
        if start < end:
            continue  # a line end in a remark is left out with it
        pieces += [text[end:start], blank.text]
        end = blank.end - offset
    return "".join([*pieces, text[end:]]) if pieces else text


def _lines_joined(text: str) -> Iterator[Blank]:
    """A line end in a bracket or before the word for a stage is a blank: `(3/⏎17)`, `clinical⏎stage III`.

    A word that is parted in a bracket is whole again.
    """
    if "\n" in text and "(" in text:
        for bracket in _NEWLINE_IN_BRACKET.finditer(text):
            for found in _LINE_END.finditer(text, *bracket.span()):
                yield Blank(*found.span(), (found["rest"] or "").ljust(len(found[0])))
    for line in patterns.LINE_IN_GROUP.finditer(text):
        yield Blank(*line.span("end"), " " * len(line["end"]))


def _opened(text: str) -> Iterator[Blank]:
    """Brackets around descriptors are blanks: `pT2 pN0 (L0, V0)`."""
    for bracket in _DESCRIPTORS.finditer(text) if "(" in text else ():
        for place in (bracket.start(), bracket.end() - 1):
            yield Blank(place, place + 1, " ")


def _joining(text: str) -> Iterator[Blank]:
    """The lines of a table in plain text and signs that join categories are told, as any remark is."""
    for sign in patterns.JOINING.finditer(text):
        said = rules.COMMENT_SKIPPED.at(sign.span(), before=sign[0], after="nothing")
        yield Blank(*sign.span(), " " * len(sign[0]), said)


def _unread(span: tuple[int, int], text: str) -> Part:
    """Return what no rule reads: a form of a category, or words."""
    is_form = re.match(r"[ryacpu]{0,4}[TNM](?:$|[0-9+-])", text[slice(*span)]) is not None
    return Part("mistake", *span, "form" if is_form else "word")


def _parts(node: Node, read: ReadPart, text: str, *, is_repairing: bool) -> Iterator[Part]:
    """Yield the part of a node, and what of it is none."""
    if node.kind.endswith("mistake"):
        mistake = _mistake(node, text, is_repairing=is_repairing)
        doubted = _DOUBTED.match(text, node.start, node.end) if mistake.letter == "doubt" else None
        if doubted is None:
            yield mistake
            return
        begin = doubted.end("mark")
        yield mistake._replace(end=begin)
        yield Part("category", begin, node.end, doubted["letter"], doubted["prefix"])
        return
    if node.kind == "category":
        yield from _category(node, read, is_repairing=is_repairing)
        return
    if node.kind == "descriptor":
        yield Part("descriptor", node.start, node.end, read.letter)
        return
    if node.kind == "label":
        yield Part("label", node.start, node.tokens[-1].end, "", "".join(sorted(read.timing)))
        return
    yield _group(node, read) if node.kind.endswith("group") else Part("edition", node.start, node.end)


def _group(node: Node, read: ReadPart) -> Part:
    kinds = {token.kind for token in node.tokens}
    letter = "bare"
    if kinds & {"STAGE_WORD", "STAGE_TIS", "OCCULT", "GROUP_WORDS"}:
        letter = "word"
    elif kinds & {"FIGO_GROUP", "SYSTEM_GROUP"}:
        letter = "system"
    value = read.value
    # With "(r)" behind it, it is the group of the categories before it.
    is_in_front = not node.tokens[-1].text.rstrip().endswith(")")
    is_recurrent = is_in_front and isinstance(value, StageGroup) and Timing.RECURRENCE in value.timing
    if letter == "bare" and is_recurrent:
        letter = "r"
    return Part("group", node.start, node.end, letter, "r" if is_recurrent else "")


def _category(node: Node, read: ReadPart, *, is_repairing: bool) -> Iterator[Part]:
    if node.tokens[-1].kind == "LETTER_ALONE":
        yield Part("mistake", node.start, node.end, "form")
        return
    letters = "".join(token.text for token in node.tokens if "PREFIX" in token.kind)
    prefix = letters.replace(" ", "")
    value = next((token.text for token in node.tokens if token.kind == "VALUE"), "")
    codes = {one.code for one in read.found}
    if is_repairing and codes & _NO_CATEGORY:
        is_faulty = not read_cached(read.text, _REPAIRING).stages  # "N0/22"
    else:
        is_faulty = bool(codes & (_NO_CATEGORY if is_repairing else _NO_CATEGORY | _ONLY_REPAIRED))
    last = node.tokens[-1]
    is_split = last.kind in _BRACKETS and len(node.tokens) > 1 and read.has_error
    end = node.tokens[-2].end if is_split else node.end
    yield Part(
        "category",
        node.start,
        end,
        read.letter,
        prefix.strip("-"),
        "",
        value.strip() in ("x", "X"),
        is_faulty,
        is_detached=" " in letters,
    )
    if is_split:
        yield _bracket(last, node.end)


def _bracket(token: Token, end: int) -> Part:
    blanks = len(token.text) - len(token.text.lstrip())
    return Part("mistake", token.start + blanks, end, "bracket")


def _mistake(node: Node, text: str, *, is_repairing: bool) -> Part:
    """Return what is no part: a doubt, a letter, a bracket, another value beside one, or a word."""
    token, written = node.tokens[0], text[node.start : node.end]
    is_glued = node.kind == "glued_mistake" and node.start > 0 and not text[node.start - 1].isspace()
    letter = "word"
    if token.kind == "LOWER_CASE":
        letter = written.lstrip("ryacpu")[:1].upper()
        return Part("category", node.start, node.end, letter, is_faulty=not is_repairing)
    if token.kind in _BRACKETS:
        letter = "bracket"
    elif token.kind == "LONELY_PREFIX" and "r" in written:
        letter = "r"
    elif "?" in written:
        letter = "r" if written.endswith("r") else "doubt"
    elif _CHOICE.fullmatch(written):
        letter = "choice"
    elif is_glued and re.match(r"[.,](?:[0-9]|[ryacpu]{0,4}[TNM][0-9Xx])", written):
        letter = "decimal"
    elif is_glued and re.match(r"[^\w\s]{2,4}[ryacpu]{0,4}[TNM][0-9Xx]", written):
        letter = "form"  # "pT2...pN1"
    elif is_glued and (written[0].isalnum() or written[0] == "_"):
        letter = "glued"
    return Part("mistake", node.start, node.end, letter)


def _with_zeros(parts: list[Part], text: str) -> list[Part]:
    """Return parts in which a letter O is no word, but a zero that is not readable: `pT2 NO MO`."""
    places = [
        place for place, part in enumerate(parts) if part.is_faulty and text[part.start : part.end] in _ZEROS
    ]
    if [parts[place].letter for place in places] != ["N", "M"]:
        return parts
    return [part._replace(is_faulty=False) if place in places else part for place, part in enumerate(parts)]


def _without_remark(part: Part, start: int, end: int) -> Part:
    """Return a part that is left out as a remark."""
    if part.kind == "mistake" and start <= part.start and part.end <= end:
        return part._replace(kind="remark")
    return part


def _with_ends(parts: list[Part], *, is_repairing: bool) -> list[Part]:
    """Return parts that end where a word can; with other letters behind it one is none."""
    ended: list[Part] = []
    for part in reversed(parts):
        behind = ended[-1] if ended else None
        if behind is None or behind.letter not in ("glued", "decimal") or behind.start != part.end:
            ended.append(part)
        elif part.kind == "category":
            is_faulty = part.is_faulty or not is_repairing or behind.letter == "decimal"
            ended[-1] = part._replace(end=behind.end, is_faulty=is_faulty)
        else:
            ended[-1] = part._replace(kind="mistake", letter="glued", end=behind.end)
    return ended[::-1]


def _between(parts: list[Part], text: str) -> list[Part]:
    """Return parts with what stands between each and the one before it."""
    ends = [0, *[part.end for part in parts]]
    return [
        part._replace(between=text[end : part.start]) if end else part
        for end, part in zip(ends, parts, strict=False)
    ]
