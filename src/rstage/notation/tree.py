"""From text to nodes. lark's tree, tokens and errors end here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from rstage import rules
from rstage.privacy import shown
from rstage.reference.grammar import group_parser, parser

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rstage.diagnostics import Diagnostic

LONGEST_TEXT = 1000
"""Characters; a longer text is refused without being parsed."""

MOST_RETRIES = 10
"""How many unreadable stretches of one text are named before reading stops (notation, ruling 27)."""

_BRACKETED = ("bracketed_run", "bracketed_pair")
_MARKS = " \t\n\r,;"
_CHUNK_END = re.compile(r"[\s,;]|\Z")


class Token(NamedTuple):
    """A terminal of the grammar with the text it took."""

    kind: str
    text: str
    start: int
    end: int


class Node(NamedTuple):
    """A rule of the grammar (`category`, `descriptor`, `group`, ...) with its tokens in order.

    `start` is where its first visible character stands; the text between two nodes is what separates them.
    """

    kind: str
    tokens: tuple[Token, ...]
    start: int
    end: int

    def moved(self, offset: int) -> Node:
        """Return the node in a text in which its own stands `offset` characters later."""
        if not offset:
            return self
        tokens = [Token(kind, text, start + offset, end + offset) for kind, text, start, end in self.tokens]
        return Node(self.kind, tuple(tokens), self.start + offset, self.end + offset)


def one_of(tokens: Sequence[Token], *kinds: str) -> Token | None:
    """Return the first of the tokens that is of one of these kinds."""
    return next((token for token in tokens if token.kind in kinds), None)


def parse_nodes(text: str, start: str = "start") -> tuple[list[Node], list[Diagnostic]]:
    """Return what stands in `text`, in order, and a diagnostic for every stretch that no rule reads.

    Args:
        text: the text, already folded.
        start: the start symbol: `start`, `group_field` or `edition_field`.
    """
    from lark.exceptions import UnexpectedInput

    found: list[Diagnostic] = []
    for _ in range(MOST_RETRIES + 1):
        try:
            tree = parser().parse(text, start=start)
        except UnexpectedInput as error:
            text, stretch = _blank_out(text, _place(error, text))
            if stretch is None:
                break
            found.append(_unreadable(*stretch))
            if not text.strip():
                return [], found
            continue
        nodes = [_node(child) for child in tree.children if not isinstance(child, str)]
        return _opened(nodes, found), found
    return [], found or [rules.EMPTY_TEXT.at((0, len(text)))]


def parse_group_tokens(text: str, grammar: str) -> tuple[Token, ...] | None:
    """Return the tokens of a text that is one whole group, or None where the grammar does not read it.

    Args:
        text: the group, folded, without the name of its system.
        grammar: `figo`, `lymphoma` or `listed`.
    """
    from lark.exceptions import UnexpectedInput

    try:
        tree = group_parser(grammar).parse(text)
    except UnexpectedInput:
        return None
    return _node(tree).tokens


def _place(error: object, text: str) -> int:
    """Return where reading stopped: at the end of the text where it ended too early."""
    token = getattr(error, "token", None)
    if token is not None and token.type == "$END":
        return len(text)
    place = getattr(error, "pos_in_stream", None)
    return len(text) if place is None else int(place)


def _blank_out(text: str, place: int) -> tuple[str, tuple[str, int, int] | None]:
    """Return `text` without the chunk around `place`, and what of it could not be read."""
    start = max(text.rfind(mark, 0, place) for mark in _MARKS) + 1
    end = _CHUNK_END.search(text, place)
    stop = end.start() if end else len(text)
    if not text[start:stop].strip():
        stop = len(text.rstrip(_MARKS))
        start = max(text.rfind(mark, 0, stop) for mark in _MARKS) + 1
    if not text[start:stop].strip(_MARKS):
        return text, None
    return text[:start] + " " * (stop - start) + text[stop:], (text[start:stop], start, stop)


def _unreadable(text: str, start: int, end: int) -> Diagnostic:
    return rules.NOT_NOTATION.at((start, end), text=shown(text))


def _node(tree: object) -> Node:
    """Return the node of a subtree; leading blanks of a token are not part of it."""
    tokens = tuple(
        [
            Token(token.type, token.value, token.start_pos, token.end_pos)
            for token in tree.children  # type: ignore[attr-defined]  # lark's Tree is imported only when used
        ]
    )
    first = tokens[0]
    blanks = len(first.text) - len(first.text.lstrip())
    last = tokens[-1]
    trailing = len(last.text) - len(last.text.rstrip())
    kind = tree.data  # type: ignore[attr-defined]  # the same
    return Node(str(kind), tokens, first.start + blanks, last.end - trailing)


def _opened(nodes: list[Node], found: list[Diagnostic]) -> list[Node]:
    """Return the nodes with what stands in the brackets of a run or pair; what is wrong there is added."""
    if not any(node.kind in _BRACKETED for node in nodes):
        return nodes
    opened: list[Node] = []
    for node in nodes:
        opened += _inside(node, found) if node.kind in _BRACKETED else [node]
    return opened


def _inside(node: Node, found: list[Diagnostic]) -> list[Node]:
    """Return the nodes inside a bracket, with their places in the whole text."""
    token = node.tokens[0]
    text = token.text.strip()[1:-1]
    nodes, failures = parse_nodes(text)
    letters = [one.text for inner in nodes for one in inner.tokens if one.kind == "LETTER"]
    if len(set(letters)) < len(letters):
        # Several stagings in the bracket: none of them is the one of the group before it.
        return [Node("mistake", (token._replace(kind="LONE_UNKNOWN_BRACKET"),), node.start, node.end)]
    offset = token.start + token.text.index("(") + 1
    found += [one.moved(offset) for one in failures]
    return [inner.moved(offset) for inner in nodes]
