"""Brackets behind a category that hold several things: `(sn mi)`, `(is, 2 cm)`, `(2/15, sn)`."""

from __future__ import annotations

import re

from rstage.caches import cached
from rstage.model.suffixes import SITES
from rstage.notation.tree import Token, parse_nodes

# A comma between digits can be a decimal sign: "2,3 cm" is one thing.
_BETWEEN = re.compile(r"\s*(?:;|,(?!(?<=[0-9 ],)\s*[0-9]))\s*")
# Faults, what has no brackets, and a number, which counts tumors only where it stands alone.
_NOT_BESIDE_OTHERS = frozenset(
    ("UNKNOWN_BRACKET", "MALFORMED_MULTIPLICITY", "MINIMAL_IN_CAPITALS", "CERTAINTY", "NUMBER")
)


def pieces(inside: str) -> list[str]:
    """Return what stands between the commas and semicolons of a bracket."""
    return _BETWEEN.split(inside.strip())


def opened(token: Token) -> tuple[Token, ...]:
    """Return one token for each suffix or measurement in a bracket that holds several, and nothing else.

    Any other token comes back as it is, and so does a bracket with anything that is neither: none of it is
    taken then, because what is not understood could say something of the rest.
    """
    if token.kind != "UNKNOWN_BRACKET":
        return (token,)
    found: list[Token] = []
    for piece in pieces(token.text.strip()[1:-1]):
        parts = [piece] if suffix_kind(piece) else piece.split()
        kinds = [kind for part in parts if (kind := suffix_kind(part))]
        if len(kinds) < len(parts):
            return (token,)
        found += [
            token._replace(kind=kind, text=part, start=token.end - len(token.text.lstrip()))
            for kind, part in zip(kinds, parts, strict=True)
        ]
    return tuple(found) or (token,)


def holds_suffixes(text: str) -> bool:
    """Return whether a bracket holds several suffixes or measurements, and nothing else."""
    token = Token("UNKNOWN_BRACKET", text, 0, len(text))
    return opened(token) != (token,)


@cached()
def suffix_kind(text: str) -> str | None:
    """Return the kind of the token that `(text)` is behind a category; None where it is no suffix."""
    nodes, failures = parse_nodes(f"T1({text})")
    if failures or len(nodes) != 1 or len(nodes[0].tokens) != 3:  # the letter, the value and one suffix
        return None
    kind = nodes[0].tokens[-1].kind
    codes = set(re.findall("[A-Z]{3}", text.upper())) if kind == "SITES" else set()
    return None if kind in _NOT_BESIDE_OTHERS or not codes <= set(SITES) else kind
