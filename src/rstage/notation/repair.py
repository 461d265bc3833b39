"""Mode `repair`: the guesses that make a refused text readable, each with a warning (notation H.4, H.5).

The grammar reads every text to the end and names what is wrong in it. Each of those faults that can be
repaired becomes an edit of the text, with the way back to where it stood; then the grammar reads it again. So
what is read in the end is notation like any other, and what no edit makes readable stays refused. Where
guesses differ in meaning (`pTib`) there is no edit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from rstage import rules
from rstage.notation.bracket_repair import BRACKETS, Change, bracket_changes
from rstage.notation.component import read_nodes
from rstage.notation.edits import Edit, Rewritten, rewritten
from rstage.notation.glosses import names_gloss
from rstage.privacy import shown
from rstage.reference import vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from rstage.diagnostics import Diagnostic
    from rstage.notation.tree import Node, Token

    _Repair = Callable[["_Text", Node, Token], Iterator[Change]]

MOST_ROUNDS = 4
"""How often a text is repaired: underscores, the letter of its column, capitals and O, comments."""

_CAPITALS = (
    *("PREFIX_IN_CAPITALS", "VALUE_IN_CAPITALS", "LETTERS_IN_CAPITALS"),
    *("CAPITAL_B", "MINIMAL_IN_CAPITALS"),
)


@dataclass(frozen=True)
class _Text:
    """A text to repair, with what the grammar found in it."""

    text: str
    field: str | None
    nodes: Sequence[Node]

    @cached_property
    def letters(self) -> list[tuple[int, str]]:
        """Where categories stand, and their letters, in any case."""
        return [
            (
                node.start,
                next(token.text for token in node.tokens if token.kind in ("LETTER", "LETTER_ALONE")),
            )
            if node.kind == "category"
            else (node.start, node.tokens[0].text.lstrip("ryacpu")[:1].upper())
            for node in self.nodes
            if node.kind == "category" or node.tokens[0].kind == "LOWER_CASE"
        ]

    @property
    def is_run(self) -> bool:
        """Whether something beside one category shows that this is a stage: another one, or its column."""
        return len(self.letters) > 1 or self.field is not None

    @property
    def is_in_capitals(self) -> bool:
        """Whether the text has a capital where the notation has a small letter, and no small letter but x."""
        has_capital = any(token.kind in _CAPITALS for node in self.nodes for token in node.tokens)
        return has_capital and not re.search("[a-wyz]", self.text)


def repaired(text: str, field: str | None) -> list[Rewritten]:
    """Return the repairs of a text, one layer a round; an empty list where there is nothing to repair."""
    layers: list[Rewritten] = []
    for _ in range(MOST_ROUNDS):
        is_repairable_whole = "_" in text or field not in (None, "group")
        nodes, failures = read_nodes(text, frozenset() if is_repairable_whole else _REPAIRED)
        # Where a stretch was left out to read on, what stands around it was read without it.
        edits = list(_edits(_Text(text, field, [] if failures else nodes)))
        if not edits:
            break
        layers.append(rewritten(text, edits))
        text = layers[-1].text
    return layers


def _edits(found: _Text) -> Iterator[Edit]:
    """Return the edits of one round: first what is certain to be no notation, comments last."""
    if "_" in found.text:
        if names_gloss(found.text):
            return  # a form to fill in: the r of "_ r (recurrent)" was not chosen
        for place in re.finditer("_+", found.text):
            diagnostic = rules.MARK_REPAIRED.at(place.span(), before=place.group(), after="a blank")
            yield Edit(*place.span(), " ", diagnostic)
        return
    kinds = {token.kind for node in found.nodes for token in node.tokens}
    is_read = "REGISTRY_CODE" in kinds or any(node.kind in ("category", "descriptor") for node in found.nodes)
    if found.field not in (None, "group") and not is_read:
        yield from _with_letter(found)
        return
    for repairs in (_REPAIRS, _BRACKET_REPAIRS):
        if kinds.isdisjoint(repairs):
            continue
        faulty = [node for node in found.nodes if any(token.kind in repairs for token in node.tokens)]
        edits = [edit for node in faulty for edit in _edits_of(found, node, repairs)]
        if edits:
            yield from edits
            return


def _edits_of(found: _Text, node: Node, repairs: Mapping[str, _Repair]) -> Iterator[Edit]:
    """Return the edits of one node; a rule reports once what it makes of the whole node."""
    repaired_tokens = [token for token in node.tokens if token.kind in repairs]
    changes = [change for token in repaired_tokens for change in repairs[token.kind](found, node, token)]
    reported: set[str] = set()
    for change in changes:
        diagnostic = None
        if change.rule.code not in reported:
            diagnostic = _diagnostic(found, node, [one for one in changes if one.rule is change.rule])
            reported.add(change.rule.code)
        yield Edit(change.start, change.end, change.after, diagnostic)


def _diagnostic(found: _Text, node: Node, changes: Sequence[Change]) -> Diagnostic:
    rule = changes[0].rule
    start, end = (
        (changes[0].start, changes[0].end) if rule is rules.COMMENT_SKIPPED else (node.start, node.end)
    )
    text = found.text[start:end]
    after = rewritten(
        text, [Edit(one.start - start, one.end - start, one.after) for one in changes if one.end <= end]
    ).text
    return rule.at(
        (start, end), before=shown(text.strip()), after=shown(after.strip()) if after.strip() else "nothing"
    )


def _with_letter(found: _Text) -> Iterator[Edit]:
    """The letter of the column in front of `1a`, `is`, `0(sn)`, where that makes one part of it."""
    field = found.field or ""
    text = field + found.text.strip()
    nodes, failures = read_nodes(text)
    if not failures and len(nodes) == 1 and nodes[0].kind in ("category", "descriptor"):
        start = len(found.text) - len(found.text.lstrip())
        end = len(found.text.rstrip())
        diagnostic = rules.LETTER_ADDED.at((start, end), before=shown(found.text.strip()), after=shown(text))
        yield Edit(start, start, field, diagnostic)


# ---------------------------------------------------------------- capitals and lower case


def _prefix_in_capitals(found: _Text, node: Node, token: Token) -> Iterator[Change]:
    """`PT2 PN1`: beside another category; PN only behind a T without N; R and A only where T has them."""
    letter = found.text[token.end]
    behind = "".join(other for start, other in found.letters if start < node.start)
    if "R" in token.text and (found.text[token.end :][:2] == "TX" or not found.is_in_capitals):
        return  # "RTX" is radiotherapy
    if set("RA") & set(token.text) and not (len(found.letters) > 1 and _tumor_has_it(found, node)):
        return  # "RM0" behind a T without R is a margin or a scan
    is_node = behind.rfind("T") > behind.rfind("N")
    if found.is_run and (letter != "N" or "P" not in token.text or is_node or found.field):
        yield Change(rules.CAPITALS_REPAIRED, token.start, token.end, token.text.lower())


def _tumor_has_it(found: _Text, node: Node) -> bool:
    """Return whether the T of a category's run, which may be itself, has an R or A in its prefix."""
    places = [start for start, letter in found.letters if letter == "T" and start <= node.start]
    return bool(places) and re.match("[RYPCUA]*[RA]", found.text[places[-1] :]) is not None


def _capitals(found: _Text, _node: Node, token: Token) -> Iterator[Change]:
    """`TIS`, `T2B`, `T1MI`, `TAG1`; `TA` alone is a word."""
    if token.text != "A" or len(found.nodes) > 1 or found.field:
        yield Change(rules.CAPITALS_REPAIRED, token.start, token.end, token.text.lower())


def _certainty(found: _Text, _node: Node, token: Token) -> Iterator[Change]:
    """`PT1C2`: a subcategory, where all else is in capitals too (row 43)."""
    if found.is_in_capitals:
        yield Change(rules.CAPITALS_REPAIRED, token.start, token.end, token.text.lower())


def _registry_code(found: _Text, _node: Node, token: Token) -> Iterator[Change]:
    """`T1C` in the column of T, `N1C` in that of N: exports in capitals (ruling J.15)."""
    code = token.text.strip()
    if code[0] == found.field and re.fullmatch("[TN][0-9]C", code):
        place = token.start + token.text.index("C")
        yield Change(rules.CAPITALS_REPAIRED, place, place + 1, "c")


def _lower_case(found: _Text, _node: Node, token: Token) -> Iterator[Change]:
    """`rt2 n0 m0`: only a text that is in lower case altogether, with two categories (ruling 13)."""
    if found.text == found.text.lower() and len(found.letters) > 1:
        place = len(token.text) - len(token.text.lstrip("ryacpu"))
        after = token.text[:place] + token.text[place].upper() + token.text[place + 1 :]
        yield Change(rules.LOWER_CASE_REPAIRED, token.start, token.end, after)


# ---------------------------------------------------------------- the letter O


def _letter_o(found: _Text, node: Node, token: Token) -> Iterator[Change]:
    """`NO`, `MO`, `TO` beside a category or with a prefix; `No`, `Mo` only as ruling 14 says."""
    has_prefix = node.tokens[0].kind not in ("LETTER", "LETTER_ALONE")
    is_behind = any(start < node.start for start, _ in found.letters)
    is_before = any(start > node.start for start, _ in found.letters)
    after_stop = found.text[: node.start].rstrip().endswith((".", ":"))
    is_sure = has_prefix or (is_behind and is_before)
    if "o" in token.text:
        is_sure = is_sure and not after_stop
    elif not is_sure:
        # Not "NO M1" nor "T3. NO": there the word says the opposite.
        is_t = found.text[token.start - 1] == "T" and is_before
        is_sure = is_t or (is_behind and not after_stop) or found.field is not None
    # Words in a bracket behind it show that NO is a word: "NO (evidence of metastasis)".
    is_word = not has_prefix and re.match(r" *\([^)]*[a-z]{4}", found.text[token.end :]) is not None
    if is_sure and not is_word:
        yield Change(
            rules.LETTER_O_REPAIRED, token.start, token.end, token.text.replace("o", "0").replace("O", "0")
        )


def _descriptor_letter_o(found: _Text, _node: Node, token: Token) -> Iterator[Change]:
    """`RO`, `LO`, `VO` beside a category."""
    if found.letters or found.field is not None:
        yield Change(rules.LETTER_O_REPAIRED, token.start, token.end, token.text[:-1] + "0")


def _group_letter_o(_found: _Text, _node: Node, token: Token) -> Iterator[Change]:
    """`Stage O`, or `O` as the whole text."""
    place = token.start + token.text.rstrip().upper().rindex("O")
    yield Change(rules.LETTER_O_REPAIRED, place, place + 1, "0")


# ---------------------------------------------------------------- brackets


def _counts_behind_n0(_found: _Text, node: Node, token: Token) -> Iterator[Change]:
    """`N0/22`: no range, as there is no N22, so 22 nodes of which none is involved (ruling J.20)."""
    *before, last = node.tokens
    written = "".join(one.text for one in before if one.kind in ("LETTER", "VALUE", "SUBCATEGORY", "RANGE"))
    is_n0 = last.kind == "VALUE" and last.text.isdecimal() and written.replace(" ", "") == "N0/"
    if is_n0 and len(last.text) <= 3 and not vocabulary.exists("N", last.text):
        yield Change(rules.MARK_REPAIRED, token.start, last.end, f"(0/{int(last.text)})")


def _malformed_multiplicity(_found: _Text, _node: Node, token: Token) -> Iterator[Change]:
    """`(m6)` says the number and that it is one of tumors; `(m1)` says two things."""
    if int(re.sub("[^0-9]", "", token.text)) < 2:
        return
    start = token.start + token.text.index("m")
    yield Change(rules.MARK_REPAIRED, start, start + 1, "")


def _number(_found: _Text, node: Node, token: Token) -> Iterator[Change]:
    """`T2(1)`: one tumor has no mark."""
    if re.sub("[^0-9]", "", token.text) == "1" and ("LETTER", "T") in [
        (one.kind, one.text) for one in node.tokens
    ]:
        yield Change(rules.COMMENT_SKIPPED, token.start, token.end, "")


def _stray_bracket(found: _Text, _node: Node, token: Token) -> Iterator[Change]:
    """`(T1`, `T1 N0)`: half a bracket at an end of the text."""
    if token.text in "()" and not (found.text[: token.start].strip() and found.text[token.end :].strip()):
        yield Change(rules.MARK_REPAIRED, token.start, token.end, "")


def _bracket(found: _Text, node: Node, token: Token) -> Iterator[Change]:
    return bracket_changes(found.text, found.nodes, node, token)


_REPAIRS: dict[str, _Repair] = {
    "PREFIX_IN_CAPITALS": _prefix_in_capitals,
    "VALUE_IN_CAPITALS": _capitals,
    "LETTERS_IN_CAPITALS": _capitals,
    "CAPITAL_B": _capitals,
    "MINIMAL_IN_CAPITALS": _capitals,
    "CERTAINTY": _certainty,
    "LOWER_CASE": _lower_case,
    "VALUE_LETTER_O": _letter_o,
    "DESCRIPTOR_LETTER_O": _descriptor_letter_o,
    "LONE_LETTER_O": _group_letter_o,
    "REGISTRY_CODE": _registry_code,
    "RANGE": _counts_behind_n0,
    "MALFORMED_MULTIPLICITY": _malformed_multiplicity,
    "NUMBER": _number,
    "UNKNOWN": _stray_bracket,
}
_BRACKET_REPAIRS: dict[str, _Repair] = dict.fromkeys(BRACKETS, _bracket)
_REPAIRED = frozenset((*_REPAIRS, *_BRACKET_REPAIRS))
