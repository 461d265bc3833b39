"""What other columns add to a value: its method, the timing of the whole record, a suffix item.

The parts are put together as text in front of the grammar, so that the grammar judges the whole: a T column
that says `pT2` beside a method column that says `c` is a `cpT2`, which is no prefix.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from rstage import rules
from rstage.notation.edits import Edit, Rewritten, rewritten
from rstage.privacy import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_ORDER = "ryacpu"
_METHODS = frozenset("cpu")
_OWN_PREFIX = re.compile(r"\s*([ryacpum]*)(?=[TNM])")
_OWN_GROUP_PREFIX = re.compile(r"\s*([ryacp]*)(?= ?(?i:stage|stadium|estad|stade|figo)|[IVX0-4])")
# Suffixes of one column that exclude each other.
_EXCLUSIVE = {
    "T": re.compile(r"\((?:m|s|is|[0-9]+|(?:m|[0-9]+),is)\)"),
    "N": re.compile(r"\((?:sn|f)\)"),
}
_BRACKET = re.compile(r"\([^()]*\)")


class Affixes(NamedTuple):
    """What is put around the notation of one column.

    Attributes:
        prefix: letters among r, y, a, c, p and u. suffixes: brackets such as `(m)`, or E and S of a group.
        keeps_method: whether a method that the text names itself stands before the one added.
    """

    prefix: str = ""
    suffixes: tuple[str, ...] = ()
    keeps_method: bool = False


def affixed(text: str, field: str | None, affixes: Affixes) -> Rewritten:
    """Return a column's notation with what other columns add to it.

    What the text says already is not added again. A suffix that contradicts the one it has is an error.
    """
    found = (_OWN_GROUP_PREFIX if field == "group" else _OWN_PREFIX).match(text)
    own = found[1] if found else ""
    added = "".join(letter for letter in _ORDER if letter in affixes.prefix and letter not in own)
    if affixes.keeps_method and _METHODS.intersection(own):
        added = "".join(letter for letter in added if letter not in _METHODS)
    if added and field == "group" and found is None:
        added += "Stage "
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    return rewritten(text, [Edit(start, start, added), *_added_suffixes(text, end, field, affixes.suffixes)])


def _added_suffixes(text: str, end: int, field: str | None, suffixes: Iterable[str]) -> Iterator[Edit]:
    compact = text.replace(" ", "")
    own = _BRACKET.findall(compact)
    for suffix in suffixes:
        if suffix in own or (suffix == "(sn)" and "sn" in compact):
            continue
        exclusive = _EXCLUSIVE.get(field or "")
        other = exclusive.search(compact) if exclusive else None
        if other is None:
            yield Edit(end, end, suffix)
        else:
            diagnostic = rules.SUFFIX_CONTRADICTS.at((0, end), written=shown(other[0]), added=shown(suffix))
            yield Edit(end, end, "", diagnostic)


def places_of(part: str, mark: str, present: Sequence[str]) -> list[str]:
    """Return the columns that one mark of a further part is added to.

    Args:
        part: the name of the part: `T_method` is for T only, `r` for the whole record.
        mark: letters of a prefix such as `y`, a bracket such as `(m)`, or E and S of a lymphoma.
        present: the columns that hold something.
    """
    column, _, rest = part.partition("_")
    if rest:
        places = [column]
    elif mark.startswith("("):
        places = ["T"]
    elif mark.isupper():
        places = ["group"]
    elif mark == "y" and not {"T", "N"}.isdisjoint(present):
        # No list has a yM beside a yT or yN.
        places = ["T", "N", "group"]
    else:
        places = ["T", "N", "M", "group"]
    return [place for place in places if place in present]
