"""What a part of a staging says only together with the parts beside it: a mark or an r, an owner's number."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from rstage import rules
from rstage.model.category import Category
from rstage.model.descriptor import Descriptor
from rstage.model.edition import Edition
from rstage.model.group import StageGroup
from rstage.model.stage import Stage, outdated
from rstage.notation.group import add_group, group_value, unbracketed
from rstage.notation.part import Draft
from rstage.reference.systems import TNM

if TYPE_CHECKING:
    from rstage.notation.part import Part, Run

_MARK_OR_R = re.compile(r"(.*IIIC) *(?:\( *([rp]) *\)|- *([rp]))[ )]*", re.IGNORECASE | re.DOTALL)
_OWNED = re.compile("[( ]*(AJCC|UICC)")
_OWNER_NUMBER = re.compile(r"(?:[^\W\d_][^\d]*[ '])?(?:AJCC|UICC) *([1-4])")


def needs_neighbors(part: Part) -> bool:
    """Return whether the parts beside this one have a say in what it says, or it in what they say."""
    if isinstance(part.value, StageGroup):
        # "R2 ISS III": an R before it names another system. "AJCC Stage IIA (8th edition)": its owner counts.
        is_other = part.value.system == "ISS" or _OWNED.match(part.text) is not None
        return is_other or _MARK_OR_R.fullmatch(part.text) is not None
    if isinstance(part.value, Edition):
        return part.value.owner == "FIGO" or _OWNER_NUMBER.fullmatch(part.text) is not None
    return False


def settle_run(run: Run, text: str, given: Edition | None, *, is_tnm: bool) -> Run:
    """Return the parts of one staging with what only the neighbors of a part decide.

    Args:
        run: the parts.
        text: the folded text that they stand in.
        given: the edition that was given beside the text.
        is_tnm: whether the caller named TNM as the system.
    """
    group, edition = run.first("group"), run.first("edition")
    said = edition.value if edition is not None else given
    settled: Part | None = None
    if group is not None:
        if isinstance(said, Edition) and said.owner == "FIGO":
            settled = _of_figo(group, text)
        else:
            settled = _with_mark_settled(
                run, group, said if isinstance(said, Edition) else None, is_tnm=is_tnm
            )
    elif edition is not None and (number := _OWNER_NUMBER.fullmatch(edition.text)):
        settled = edition.with_found(rules.OWNER_NUMBER, suggestions=_both(run, edition, number[1]))
    owned = _of_owner(group, edition) if group is not None and edition is not None else None
    if settled is None and owned is None:
        return run
    if group is None:
        owned, settled = settled, None
    made = {id(old): new for old, new in ((group, settled), (edition, owned)) if new is not None}
    return replace(run, parts=tuple(made.get(id(part), part) for part in run.parts))


def _of_owner(group: Part, edition: Part) -> Part | None:
    """Return the edition of a group whose owner is written before it (ruling J.4)."""
    owner = _OWNED.match(group.text)
    said = edition.value
    if owner is None or not isinstance(said, Edition) or said.owner is not None:
        return None
    return replace(edition, value=Edition(version=said.version, owner=owner[1]))


def _of_figo(group: Part, text: str) -> Part | None:
    """An edition of FIGO says that the group is one of FIGO, with its marks (ruling J.7)."""
    if not isinstance(group.value, StageGroup) or group.value.of_figo() is group.value:
        return None
    draft = Draft.again(group, text)
    add_group(draft, unbracketed(group.text), "FIGO")
    return draft.part()


def _with_mark_settled(run: Run, group: Part, edition: Edition | None, *, is_tnm: bool) -> Part | None:
    """IIIC with an r or p beside it: FIGO's mark, or recurrence, or nobody can say (ruling J.1)."""
    found = _MARK_OR_R.fullmatch(group.text)
    if found is None or not isinstance(group.value, StageGroup) or group.value.system != TNM:
        return None
    letter = found[2] or found[3]
    is_of_tnm = is_tnm or edition is not None or _OWNED.match(group.text) is not None
    is_of_tnm = is_of_tnm or any(part.kind == "category" for part in run.parts)
    if found[2] == "r" and is_of_tnm:
        return None
    suggestions = f"FIGO IIIC{letter}", f"{letter}Stage IIIC"
    return group.with_found(rules.MARK_OR_RECURRENCE, suggestions=suggestions)


def _both(run: Run, edition: Part, number: str) -> tuple[str, ...]:
    """Return the staging with the number as its group, and as its edition."""
    values = {part.letter: part.value for part in run.parts if part.kind == "category"}
    t, n, m = (value if isinstance(value := values.get(letter), Category) else None for letter in "TNM")
    descriptors = tuple(part.value for part in run.parts if isinstance(part.value, Descriptor))
    if len({one.name for one in descriptors}) < len(descriptors):
        return ()  # refused for that already
    group = StageGroup(value=group_value(number))
    said = edition.value if isinstance(edition.value, Edition) else None
    # N4 is a value of old editions alone, so there the number is that of one.
    is_old = any(one is not None and outdated(one, None) for one in (t, n, m))
    meant: list[Stage] = [] if is_old else [Stage(t=t, n=n, m=m, descriptors=descriptors, group=group)]
    if t or n or m or descriptors:
        meant.append(Stage(t=t, n=n, m=m, descriptors=descriptors, edition=said))
    return tuple(map(str, meant))
