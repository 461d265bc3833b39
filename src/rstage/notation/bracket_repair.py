"""Brackets that no rule reads: suffixes in them stay, what changes nothing is left out (rulings 9, J.21)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from rstage import rules
from rstage.model.descriptor import is_place
from rstage.model.suffixes import SITES
from rstage.notation.brackets import holds_suffixes
from rstage.notation.edits import Edit
from rstage.notation.remarks import changes_meaning, drops_a_suffix, is_suffix, kept_suffixes
from rstage.privacy import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rstage.diagnostics import Rule
    from rstage.notation.tree import Node, Token

BRACKETS = ("UNKNOWN_BRACKET", "LONE_UNKNOWN_BRACKET", "PLACE", "SITES")
"""The kinds of tokens that can be such a bracket."""

# A suffix that stands behind no category belongs to one that is not known.
_CATEGORIES = ("T1", "Tis", "N0", "N1", "M0", "M1a")


class Change(NamedTuple):
    """One guess: what characters `start` to `end` should have been, and the rule that reports it."""

    rule: Rule
    start: int
    end: int
    after: str


def remarks_left_out(text: str, nodes: Sequence[Node]) -> list[Edit]:
    """Return the edits that leave out remarks in brackets that change nothing, but not the suffixes in them.

    Args:
        text: a folded text.
        nodes: what the grammar found in it, whatever else stands there.
    """
    if "(" not in text:
        return []
    changes = [
        change
        for node in nodes
        for token in node.tokens
        if token.kind in BRACKETS
        for change in bracket_changes(text, nodes, node, token)
        if change.rule is rules.COMMENT_SKIPPED
    ]
    return [
        Edit(
            one.start,
            one.end,
            one.after,
            rules.COMMENT_SKIPPED.at(
                (one.start, one.end),
                before=shown(text[one.start : one.end].strip()),
                after=shown(one.after.strip()) if one.after.strip() else "nothing",
            ),
        )
        for one in changes
    ]


def bracket_changes(text: str, nodes: Sequence[Node], node: Node, token: Token) -> Iterator[Change]:
    """What of an unknown bracket is a suffix of its category stays, the rest is a comment (ruling 9)."""
    if _is_read_already(node, token):
        return
    start = token.start + len(token.text) - len(token.text.lstrip())
    inside = token.text.strip()[1:-1].strip()
    following = text[token.end :]
    is_category = node.kind == "category"
    kept, is_whole = kept_suffixes(_value_of(node), inside) if is_category else ("", False)
    if not is_category and re.fullmatch("[ryacpu]{1,3}", inside) and re.match(r"\s*[TNM]", following):
        # "(yp)T1": a prefix in brackets.
        yield Change(rules.MARK_REPAIRED, start, token.end, inside)
    elif not is_whole and (
        changes_meaning(inside, _value_of(node)) or drops_a_suffix(_value_of(node), inside)
    ):
        return
    elif kept:
        yield Change(_rule_of(inside, kept, is_whole), start, token.end, kept)
    elif is_category or _stands_apart(nodes, node, inside, following):
        # A blank in its place keeps apart what stood on both sides: "pT2(abc)cN0" is not "pT2cN0".
        is_tight = start == token.start and following[:1] not in ("", " ", ",", ";", ".", ")")
        yield Change(rules.COMMENT_SKIPPED, token.start, token.end, " " * is_tight)


def _stands_apart(nodes: Sequence[Node], node: Node, inside: str, following: str) -> bool:
    """Return whether a bracket that belongs to no category is a remark behind the stage, glued to nothing."""
    before = [other for other in nodes if other.start < node.start]
    # Behind a group a bracket can hold its flag or mark; behind NO it can show that this is the word.
    is_behind = bool(before) and before[-1].kind in ("category", "descriptor")
    is_behind = is_behind and before[-1].tokens[-1].kind != "VALUE_LETTER_O"
    # A bracket that is part of another descriptor is that one's: "R0 G3 (poor)".
    is_behind = is_behind and not (node.kind != "descriptor" and _holds_places(before[-1], inside))
    is_known = any(is_suffix(category, inside.lower()) for category in _CATEGORIES)
    return is_behind and not is_known and not following[:1].strip(" \n,;./")


def _holds_places(node: Node, inside: str) -> bool:
    """Return whether the bracket of residual tumor holds places: none is passed over (ruling J.21)."""
    places = re.split(r"[,;/]", inside)
    return (
        node.tokens[-1].kind == "DESCRIPTOR_VALUE"
        and "R" in node.tokens[0].text
        and all(is_place(place.strip()) for place in places)
    )


def _is_read_already(node: Node, token: Token) -> bool:
    """Return whether a bracket is the place of residual tumor, or sites that are all known."""
    if token.kind == "PLACE":
        return node.tokens[0].text.startswith("R")
    if token.kind == "UNKNOWN_BRACKET":
        return holds_suffixes(token.text)
    return token.kind == "SITES" and (
        "(" not in token.text or set(re.findall("[A-Z]{3}", token.text.upper())) <= set(SITES)
    )


def _value_of(node: Node) -> str:
    """Return a category without its prefix and suffixes."""
    return "".join(token.text for token in node.tokens if token.kind in ("LETTER", "VALUE", "SUBCATEGORY"))


def _rule_of(inside: str, kept: str, is_whole: bool) -> Rule:
    if not is_whole:
        return rules.COMMENT_SKIPPED
    return rules.CAPITALS_REPAIRED if kept.upper() == f"({inside})" else rules.MARK_REPAIRED
