"""What a part of a staging says only together with the parts beside it: a mark or an r, an owner's number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rstage import rules
from rstage.model.category import Category
from rstage.model.descriptor import Descriptor
from rstage.model.edition import Edition
from rstage.model.group import StageGroup
from rstage.model.stage import Stage
from rstage.notation.group import add_group, group_value
from rstage.reference.systems import TNM

if TYPE_CHECKING:
    from rstage.notation.part import Run, Written

_MARK_OR_R = re.compile(r"(.*IIIC) *(?:\( *([rp]) *\)|- *([rp]))[ )]*", re.IGNORECASE | re.DOTALL)
_OWNED = re.compile("[( ]*(?:AJCC|UICC)")
_OWNER_NUMBER = re.compile("(?:AJCC|UICC) *([1-4])")


def settle_run(run: Run, given: Edition | None, *, is_tnm: bool) -> None:
    """Settle what only the neighbors of a part decide.

    Args:
        run: the parts of one staging; their values and findings change.
        given: the edition that was given beside the text.
        is_tnm: whether the caller named TNM as the system.
    """
    group, edition = run.first("group"), run.first("edition")
    said = edition.value if edition is not None else given
    if group is not None:
        if isinstance(said, Edition) and said.owner == "FIGO":
            _make_figo(group)
        else:
            _settle_mark(run, group, said if isinstance(said, Edition) else None, is_tnm=is_tnm)
    elif edition is not None and (number := _OWNER_NUMBER.fullmatch(edition.slice)):
        edition.add(rules.OWNER_NUMBER, suggestions=_both(run, edition, number[1]))


def _make_figo(group: Written) -> None:
    """An edition of FIGO says that the group is one of FIGO, with its marks (ruling J.7)."""
    text = re.sub(r"^\( *(.*?) *\)$", r"\1", group.slice)
    if isinstance(group.value, StageGroup) and group.value.of_figo() is not group.value:
        group.found.clear()
        group.renamed = False
        add_group(group, text, "FIGO")


def _settle_mark(run: Run, group: Written, edition: Edition | None, *, is_tnm: bool) -> None:
    """IIIC with an r or p beside it: FIGO's mark, or recurrence, or not to be told (ruling J.1)."""
    found = _MARK_OR_R.fullmatch(group.slice)
    if found is None or not isinstance(group.value, StageGroup) or group.value.system != TNM:
        return
    letter = found[2] or found[3]
    is_of_tnm = is_tnm or edition is not None or _OWNED.match(group.slice) is not None
    is_of_tnm = is_of_tnm or any(part.kind == "category" for part in run.parts)
    if found[2] == "r" and is_of_tnm:
        return
    group.add(rules.MARK_OR_RECURRENCE, suggestions=(f"FIGO IIIC{letter}", f"{letter}Stage IIIC"))


def _both(run: Run, edition: Written, number: str) -> tuple[str, ...]:
    """Return the staging with the number as its group, and as its edition."""
    values = {part.letter: part.value for part in run.parts if part.kind == "category"}
    t, n, m = (value if isinstance(value := values.get(letter), Category) else None for letter in "TNM")
    descriptors = tuple(part.value for part in run.parts if isinstance(part.value, Descriptor))
    group = StageGroup(value=group_value(number))
    with_group = str(Stage(t=t, n=n, m=m, descriptors=descriptors, group=group))
    if not (t or n or m or descriptors):
        return (with_group,)
    said = edition.value if isinstance(edition.value, Edition) else None
    return with_group, str(Stage(t=t, n=n, m=m, descriptors=descriptors, edition=said))
