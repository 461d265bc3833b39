"""Putting a stage together from what the grammar has read before: a text of known pieces costs look-ups.

Texts seldom repeat where their pieces do, and what is new in most of them are counts (`pN1(3/17)`). Three
kinds of pieces are remembered: the categories of a text without their counts (`pT2 pN1 cM0`), the descriptors
behind its last category (`cM0 L0 V1`), and whether counts can stand on a category (`pN1(0/1)`). The grammar
reads each piece when it comes the second time, and only what it reads as one stage without any diagnostic is
used. Every other text is read by the grammar as a whole.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from rstage.caches import CACHE_SIZE, BoundedDict
from rstage.model.category import positive_nodes_with_n0
from rstage.model.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from rstage.model.category import Category
    from rstage.model.descriptor import Descriptor

    _Place = tuple[str, Category | None, "_Counts | None"]

_Counts = tuple[int, int]
# A category that stands alone between blanks, and N with counts behind everything else.
_CATEGORY = re.compile(r"[ryacpu]*[TNM][^()\s/]+(?:\([^()\s/]+\))*", re.ASCII)
_NODES = re.compile(
    r"([ryacpu]*N[^()\sTNM/]+(?:\([a-z]+\))*)\((0|[1-9][0-9]{0,2})/(0|[1-9][0-9]{0,2})\)", re.ASCII
)
_SEEN_ONCE = object()
_NEW: Any = object()


class _Chunk(NamedTuple):
    """A category as it is written, without its counts, and the counts."""

    base: str
    counts: _Counts | None = None


class KnownStages:
    """What the grammar has read so far, and the stages that can be put together from it.

    Args:
        read: returns the one stage of a text that the grammar reads without any diagnostic, else None.
        most: how many pieces of each kind are remembered.
    """

    def __init__(self, read: Callable[[str], Stage | None], most: int = CACHE_SIZE) -> None:
        self._read = read
        self._chunks: BoundedDict[str, _Chunk | None] = BoundedDict(most)
        self._rows: BoundedDict[tuple[str, ...], Any] = BoundedDict(most)
        self._behind: BoundedDict[tuple[str, ...], Any] = BoundedDict(most)
        self._takes_counts: BoundedDict[str, bool] = BoundedDict(most)
        self._nodes: BoundedDict[_Place, Category | None] = BoundedDict(most)

    def clear(self) -> None:
        """Forget everything."""
        for known in (self._chunks, self._rows, self._behind, self._takes_counts, self._nodes):
            known.clear()

    def stage(self, text: str) -> Stage | None:
        """Return the stage of a text of known pieces; None where the grammar has to read it."""
        words = text.split(" ")
        bases: list[str] = []
        counted: _Chunk | None = None
        chunks = self._chunks
        for word in words:
            chunk = chunks.get(word, _NEW)
            if chunk is _NEW:
                chunk = self._chunk(word)
            if chunk is None:
                break
            bases.append(chunk[0])
            if chunk[1] is not None:
                if counted is not None:
                    return None
                counted = chunk
        key = tuple(bases)
        row = self._rows.get(key)
        if type(row) is not Stage:
            row = self._learned(self._rows, key, self._row)
        return None if row is None else self._completed(row, counted, bases[-1], words[len(bases) :])

    def _completed(self, row: Stage, counted: _Chunk | None, last: str, behind: list[str]) -> Stage | None:
        """Return a row with the counts of its nodes, and with the descriptors behind its last category."""
        nodes = row.n
        if counted is not None:
            place = counted[0], nodes, counted[1]
            nodes = self._nodes.get(place, _NEW)
            if nodes is _NEW:
                nodes = self._with_counts(*place)
            if nodes is None:
                return None
        descriptors: Any = ()
        if behind:
            key = (last, *behind)
            descriptors = self._behind.get(key)
            if type(descriptors) is not tuple:
                descriptors = self._learned(self._behind, key, self._descriptors)
        return None if descriptors is None else _joined(row, nodes, descriptors)

    def _chunk(self, word: str) -> _Chunk | None:
        """Return a word as a category; None for anything else."""
        nodes = _NODES.fullmatch(word)
        chunk: _Chunk | None = None
        if nodes is not None:
            chunk = _Chunk(nodes[1], (int(nodes[2]), int(nodes[3])))
        elif _CATEGORY.fullmatch(word):
            chunk = _Chunk(word)
        return self._chunks.keep(word, chunk)

    def _learned(self, known: BoundedDict[Any, Any], key: Any, learn: Callable[[Any], Any]) -> Any:
        """Return what is learned of a piece when it comes the second time; None before that."""
        value = known.get(key, _NEW)
        if value is _NEW:
            known.keep(key, _SEEN_ONCE)
            return None
        return known.keep(key, learn(key)) if value is _SEEN_ONCE else value

    def _row(self, bases: tuple[str, ...]) -> Stage | None:
        """Return the stage that categories without counts make."""
        stage = self._read(" ".join(bases)) if bases else None
        is_plain = (
            stage is not None and not stage.descriptors and stage.group is None and stage.edition is None
        )
        return stage if is_plain else None

    def _descriptors(self, words: tuple[str, ...]) -> tuple[Descriptor, ...] | None:
        """Return the descriptors behind a category."""
        alone, stage = self._read(words[0]), self._read(" ".join(words))
        if alone is None or stage is None or replace(stage, descriptors=()) != alone:
            return None
        return stage.descriptors

    def _with_counts(self, base: str, nodes: Category | None, counts: _Counts | None) -> Category | None:
        """Return a category with counts; None where they cannot be, or the grammar would say something."""
        involved, examined = counts or (0, 0)
        made = None
        if nodes is not None and involved <= examined and self._has_place(base):
            suffixes = replace(nodes.suffixes, involved=involved, examined=examined)
            if not positive_nodes_with_n0(nodes.value, suffixes):
                made = replace(nodes, suffixes=suffixes)
        return self._nodes.keep((base, nodes, counts), made)

    def _has_place(self, base: str) -> bool:
        """Return whether the grammar reads counts behind a category without a diagnostic."""
        takes_counts = self._takes_counts.get(base)
        if takes_counts is None:
            plain, counted = self._read(base), self._read(f"{base}(0/1)")
            expected = None
            if plain is not None and plain.n is not None:
                suffixes = replace(plain.n.suffixes, involved=0, examined=1)
                expected = replace(plain, n=replace(plain.n, suffixes=suffixes))
            takes_counts = self._takes_counts.keep(base, expected is not None and counted == expected)
        return takes_counts


def _joined(row: Stage, nodes: Category | None, descriptors: tuple[Descriptor, ...]) -> Stage:
    """Return a row with other nodes and descriptors.

    Each of them was checked when it was learned, so the checks of the constructor are passed by.
    """
    stage = object.__new__(Stage)
    _set_t(stage, row.t)
    _set_n(stage, nodes)
    _set_m(stage, row.m)
    _set_descriptors(stage, descriptors)
    _set_group(stage, None)
    _set_edition(stage, None)
    return stage


_set_t, _set_n, _set_m, _set_descriptors, _set_group, _set_edition = (
    getattr(Stage, name).__set__ for name in ("t", "n", "m", "descriptors", "group", "edition")
)
