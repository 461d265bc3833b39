"""Stage texts for the benchmarks: any number of them, no two alike, made of the parts of real reports."""

from __future__ import annotations

from functools import cache
from itertools import product
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

TUMORS = ("1", "1a", "1b", "1c", "2", "2a", "2b", "2c", "3", "3a", "3b", "4", "4a", "4b", "is", "X")
NODES = ("1", "1a", "1b", "1c", "2", "2a", "2b", "3", "3a")
METASTASES = ("M0", "M1", "M1a", "M1b", "M1(HEP)", "M1a(PUL)", "M1b(OSS)", "M1(BRA,OSS)")
MOST_NODES_EXAMINED = 40

# A prime, so that steps of this size visit each combination once, and neighbors differ in every part.
STEP = 1_000_003


@cache
def _nodes() -> tuple[str, ...]:
    """Return the N categories with and without counts: nearly all of what makes two reports differ."""
    examined = range(1, MOST_NODES_EXAMINED + 1)
    negative = ["N0", "NX", *(f"N0(0/{count})" for count in examined)]
    positive = [
        f"N{value}({involved}/{count})"
        for value in NODES
        for count in examined
        for involved in range(1, count + 1)
    ]
    return (*negative, *(f"N{value}" for value in NODES), *positive)


@cache
def _descriptors() -> tuple[str, ...]:
    """Return what may follow the three categories, from nothing to a whole line of descriptors."""
    choices = product(
        ("", " L0", " L1"),
        ("", " V0", " V1"),
        ("", " Pn0", " Pn1"),
        ("", " R0", " R1"),
        ("", " G1", " G2", " G3"),
    )
    return tuple("".join(chosen) for chosen in choices)


def stage_texts(count: int, *, start: int = 0, timings: tuple[str, ...] = ("", "y", "r")) -> Iterator[str]:
    """Yield `count` different texts; ranges of `start` that do not overlap share none.

    Args:
        count: how many.
        start: the number of the first one.
        timings: the prefixes before the method, one of them in each text.

    Raises:
        ValueError: where the parts do not give that many texts.
    """
    parts = (timings, TUMORS, _nodes(), METASTASES, _descriptors())
    total = 1
    for choices in parts:
        total *= len(choices)
    if start + count > total:
        raise ValueError(f"there are {total} texts")
    for number in range(start, start + count):
        rest = number * STEP % total
        chosen = []
        for choices in parts:
            rest, place = divmod(rest, len(choices))
            chosen.append(choices[place])
        timing, tumor, node, metastasis, descriptors = chosen
        # y is not written on M, and M is clinical unless tissue was taken from it.
        on_m = "rc" if timing == "r" else "c"
        yield f"{timing}pT{tumor} {timing}p{node} {on_m}{metastasis}{descriptors}"


KINDS = ("categories", "groups", "faults")
"""What `unseen_texts` makes: T, N, M and descriptors; the same with a group and an edition; with a fault."""

_PREFIXES = ("p", "c", "yp", "rp", "rc", "r", "")
_OWN_PREFIXES = ("p", "c", "")
_GROUPS = (", Stage IIB", " Stage IIIA", " (Stage IV)", ", Stadium IIIC")
_EDITIONS = (" (AJCC 8)", " (UICC 8)", " (AJCC 7)", " (edition 8)")
_FAULTS = (("N", "NO"), ("T", "TT"), ("M", "M5"), (" ", " ?? "), ("T", "t"))


def unseen_texts(kind: str, count: int, seed: int) -> list[str]:
    """Return `count` different texts of one of `KINDS` whose parts are drawn independently.

    A row of categories hardly comes twice, so that nothing but single parts can be remembered.
    """
    draw = Random(f"{kind} {seed}")  # noqa: S311  no secret
    made: dict[str, None] = {}
    while len(made) < count:
        tumor = f"{draw.choice(_PREFIXES)}T{draw.choice(TUMORS)}"
        node = f"{draw.choice(_OWN_PREFIXES)}{draw.choice(_nodes())}"
        metastasis = f"{draw.choice(_OWN_PREFIXES[1:])}{draw.choice(METASTASES)}"
        text = f"{tumor} {node} {metastasis}{draw.choice(_descriptors())}"
        if kind == "groups":
            text += draw.choice(_GROUPS) + draw.choice(("", *_EDITIONS))
        elif kind == "faults":
            text = text.replace(*draw.choice(_FAULTS), 1)
        made[text] = None
    return list(made)
