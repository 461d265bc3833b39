"""From the tokens of a stage group to its value, in whatever system it stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rstage import rules
from rstage.model.category import Method, Timing
from rstage.model.group import GROUP_KINDS, StageGroup, group_exists, is_group_range
from rstage.notation.group_text import (
    GroupText,
    figo_mark_apart,
    likely_systems,
    near_groups,
    read_group,
    read_group_of_dialect,
)
from rstage.notation.prefix import is_reordered, read_prefix
from rstage.notation.tree import one_of
from rstage.privacy import shown
from rstage.reference.numerals import ROMAN
from rstage.reference.systems import NOT_BY_NAME, TNM, WITH_R, find_system, has_mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rstage.notation.part import Draft
    from rstage.notation.tree import Token

_GROUP_NAMES = {"STAGE_TIS": "Tis", "OCCULT": "occult"}
_GROUP_VALUES = (*_GROUP_NAMES, "GROUP_VALUE", "ROMAN", "ARABIC")
_MARKS = ("RECURRENT_IN_BRACKETS", "MARK_APART")
_RISS = re.compile(r"[rR](2?)[ -]?ISS(.*)")
_METHOD = re.compile(r"clinical|pathologic|\b[CP]S\b", re.IGNORECASE)
_BEFORE_CATEGORY = re.compile(r"\s+[ryacpu]{0,4}[TNM]")


def unbracketed(text: str) -> str:
    """Return a text without the one pair of brackets that it stands in."""
    return re.sub(r"^\( *(.*?) *\)$", r"\1", text)


def group_value(text: str) -> str:
    """Return the canonical value of a group: `2a`, `II A`, `II(A)` and `iia` are `IIA`, `1S` is `IS`."""
    compact = re.sub(r"[\s()-]", "", text)
    roman = ROMAN.get(compact[:1], compact[:1]) + compact[1:]
    if roman[:1] == "0":
        return roman.lower()
    return roman.upper()


def build_group(part: Draft, tokens: Sequence[Token]) -> None:
    """Make `part` the group that the tokens of the grammar say, or add why they say none."""
    named = one_of(tokens, "FIGO_GROUP", "SYSTEM_GROUP")
    behind = one_of(tokens, "BY_SYSTEM")
    if named is not None:
        _add_named(part, *_named(named))
    elif behind is not None and (found := find_system(behind.text)) is not None:
        add_group(part, part.text[part.start : behind.start].strip("( "), found[0])
    else:
        _add_tnm_group(part, tokens)


def _named(token: Token) -> tuple[str, str]:
    """Return the system of a group that names its own, and the group without the name."""
    if token.kind == "FIGO_GROUP":
        return "FIGO", re.sub("FIGO[ -]*:?", " ", token.text)
    return find_system(token.text) or ("another system", "")


def _add_named(part: Draft, system: str, text: str) -> None:
    if system not in NOT_BY_NAME and text.strip():
        add_group(part, text, system)
    else:
        part.add(rules.OTHER_SYSTEM, system=system)


def _add_tnm_group(part: Draft, tokens: Sequence[Token]) -> None:
    letters, method = _group_prefix(tokens)
    values = [
        _GROUP_NAMES.get(token.kind) or group_value(token.text)
        for token in tokens
        if token.kind in _GROUP_VALUES
    ]
    marks = [token.text for token in tokens if token.kind in _MARKS]
    mark = one_of(tokens, "FIGO_MARK")
    apart = figo_mark_apart(values[0], marks)
    system = "FIGO" if mark or (apart and values[0] in ("IIIC1", "IIIC2")) else TNM
    said = GroupText(
        values[0],
        values[1] if len(values) > 1 else None,
        mark.text.strip() if mark else apart[:1] or None,
        letters,
        method,
        one_of(tokens, "RECURRENT_IN_BRACKETS") is not None and system == TNM,
        apart,
        _kind(tokens),
    )
    if not all(group_exists(value, system) for value in values):
        part.add(rules.UNKNOWN_VALUE, suggestions=_with_systems(part.slice))
    elif len(values) > 1 and not is_group_range(*values):
        part.add(rules.REVERSED_RANGE)
    elif mark and not has_mark(system, values[0], mark.text.strip()):
        # Behind any other group than IIIC it is no mark of FIGO, and may be the r of recurrence.
        part.add(rules.LONELY_PREFIX, suggestions=(f"{mark.text.strip()}Stage {values[0]}",))
    elif values[0] == "IIIC" and apart:
        # What it means, what stands beside it decides (settle_mark).
        _add_group(part, said._replace(mark=None, apart="" if apart != "r+p" else apart), TNM)
    elif apart == "r" and system == TNM:
        part.add(rules.LONELY_PREFIX, suggestions=(f"rStage {values[0]}",))
    elif apart and system == TNM:
        part.add(rules.UNKNOWN_BRACKET)
    else:
        _add_group(part, said if system != TNM else said._replace(mark=None), system)


def add_group(part: Draft, text: str, system: str) -> None:
    """Make `part` the group of `system`, another than TNM, that `text` says, or an error.

    Args:
        part: the part; where its text says no group of the system it gets an error.
        text: the group without the name of its system.
        system: one of `systems.SYSTEMS`.
    """
    part.value = None
    said = read_group(text, system)
    if said is None:
        is_named = find_system(part.slice) is not None
        near = _near(text, system) if is_named else _with_systems(text)
        if re.search(r"[ -]r\W*$", text):
            near = tuple([f"r{one}" for one in near])  # the letter may be the r of recurrence
        part.add(rules.UNKNOWN_IN_SYSTEM, suggestions=near, system=system, text=shown(text.strip()))
    else:
        _add_group(part, said, said.system or system)


def add_group_of_dialect(part: Draft, dialect: str) -> None:
    """Make `part` the group that one dialect alone has, where its text says one; else leave it as it is."""
    said = read_group_of_dialect(part.slice, dialect)
    if said is not None:
        _add_group(part, said, TNM)


def _add_group(part: Draft, said: GroupText, system: str) -> None:
    """Make `part` the group that was said, unless its prefix has a fault."""
    timing, method = read_prefix(part, said.letters, part.span)
    if said.is_recurrent:
        timing |= {Timing.RECURRENCE}
    if method and said.method and method != said.method:
        part.add(rules.ILLEGAL_PREFIX)
    elif system not in WITH_R and timing - {Timing.POST_THERAPY}:
        part.add(rules.SYSTEM_WITHOUT_R, system=system)
    elif said.apart == "r+p":
        part.add(rules.TWO_FIGO_MARKS, suggestions=(f"FIGO {said.value}r", f"FIGO {said.value}p"))
    elif said.kind and system != TNM:
        # Anatomic and prognostic groups are of TNM, the mark is of FIGO.
        part.add(rules.MARK_OR_RECURRENCE, suggestions=(f"FIGO {said.value}{said.mark or ''}",))
    elif said.apart and _BEFORE_CATEGORY.match(part.text, part.end):
        # There the letter may belong to the category (ruling I.4).
        part.add(rules.FIGO_MARK_OR_PREFIX, suggestions=(f"FIGO {said.value}{said.apart}",))
    if part.has_error:
        return
    part.value = StageGroup(
        value=said.value,
        upper=said.upper,
        system=system,
        timing=timing,
        method=method or said.method,
        mark=said.mark,
        kind=said.kind,
    )
    if said.apart:
        part.add_change(rules.FIGO_MARK_APART, part.value)
    if is_reordered(said.letters):
        part.add_change(rules.PREFIX_REORDERED, part.value)


def group_of_other_system(part: Draft) -> bool:
    """Add an error that names the systems that have the group a part writes; return whether there is one."""
    if match := _RISS.match(part.slice):
        # Never an r in front of ISS (row 61).
        name = f"R{match[1]}-ISS"
        said = read_group(match[2], name)
        part.add(rules.OTHER_SYSTEM, suggestions=(f"{name} {said.value}",) if said else (), system=name)
        return True
    if named := find_system(part.slice):
        _add_named(part, *named)
        return part.has_error
    likely = [(system, said) for system, said in likely_systems(part.slice) if not _is_plain_tnm(said)]
    if likely:
        names = " or ".join(system for system, _ in likely)
        part.add(rules.OTHER_SYSTEM, suggestions=_with_systems(part.slice), system=names)
    return bool(likely)


def _is_plain_tnm(said: GroupText) -> bool:
    """Return whether TNM has a group too: that it is of another system cannot be said."""
    return said.mark is None and said.upper is None and not said.system and group_exists(said.value)


def _with_systems(text: str) -> tuple[str, ...]:
    """Return the canonical texts of the groups that a text may say in other systems than TNM."""
    return tuple(_written(said, system) for system, said in likely_systems(text))


def _near(text: str, system: str) -> tuple[str, ...]:
    """Return the canonical texts of the groups of a system that a text may have meant."""
    return tuple(_written(said, system) for said in near_groups(text, system))


def _written(said: GroupText, system: str) -> str:
    group = StageGroup(value=said.value, upper=said.upper, system=said.system or system, mark=said.mark)
    return str(group)


def _group_prefix(tokens: Sequence[Token]) -> tuple[str, Method | None]:
    """Return the letters before the word and before the numeral, and the method said as a word."""
    words = one_of(tokens, "GROUP_WORDS")
    method = _METHOD.search(words.text) if words else None
    letters = "".join(
        re.sub("[ -]", "", token.text) for token in tokens if token.kind in ("WORD_PREFIX", "NUMERAL_PREFIX")
    )
    return letters, Method(method[0][0].lower()) if method else None


def _kind(tokens: Sequence[Token]) -> str | None:
    """Return the kind that a word before or behind the group says; "overall" says none."""
    text = "".join(token.text for token in tokens if token.kind in ("GROUP_WORDS", "KIND_BEHIND"))
    return next((kind for kind in GROUP_KINDS if kind[:4] in text.lower()), None)
