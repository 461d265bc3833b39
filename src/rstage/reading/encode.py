"""Writing a stage as the columns of a dialect; what the dialect cannot hold is named, never dropped silently.

No list says what a dialect can hold: the columns are read back, and the two stages are compared. Whether a
text without blanks holds a stage is found out in the same way.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from rstage import rules
from rstage.diagnostics import DialectError, Severity
from rstage.dialects import dialect_of
from rstage.model.category import Timing
from rstage.model.edition import may_be_same
from rstage.model.stage import Encoded, Stage
from rstage.model.suffixes import NO_SUFFIXES, Suffixes
from rstage.privacy import shown
from rstage.reading.options import checked_options
from rstage.reading.read import read, stage_or_diagnostics
from rstage.reading.read_parts import read_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rstage.model.category import Category
    from rstage.model.edition import Edition
    from rstage.model.group import StageGroup
    from rstage.reference.choices import DialectName


def encode(stage: Stage, dialect: DialectName, *, lossy: bool) -> Encoded:
    """Return the columns of a stage in a dialect.

    Raises:
        DialectError: the dialect cannot hold the stage, and `lossy` is off.
        ValueError: there is no such dialect, or it can only be read.
    """
    checked_options(dialect=dialect)
    write = dialect_of(dialect).write
    if write is None:
        raise ValueError(f"{dialect} can only be read")
    values, back = _read_back(write(stage), dialect, stage)
    missing = dict.fromkeys(_missing(stage, back))
    severity = Severity.WARNING if lossy else Severity.ERROR
    left_out = tuple(
        rules.NOT_HELD.at(dialect=dialect, what=what, part=part, severity=severity) for part, what in missing
    )
    if left_out and not lossy:
        raise DialectError(left_out)
    return Encoded(values, left_out)


def is_read_as(text: str, stage: Stage) -> bool:
    """Return whether a text is read as this stage without a choice."""
    return stage_or_diagnostics(read(text), "standard") == stage


def _read_back(
    values: dict[str, str], dialect: DialectName, stage: Stage
) -> tuple[dict[str, str], Stage | None]:
    """Return the columns that say no more than the stage does, and the stage that they make."""
    values = dict(values)
    while True:
        reading = read_parts(dialect=dialect, **values)  # type: ignore[arg-type]  # every value is a text
        outcome = stage_or_diagnostics(reading, "standard")
        if isinstance(outcome, Stage):
            wrong = set(_invented(stage, outcome))
            if not wrong:
                return values, outcome
        else:
            wrong = {one.part for one in outcome if one.part} or set(values)
        kept = {part: text for part, text in values.items() if not _belongs(part, wrong)}
        if len(kept) == len(values) or not set(kept) - {"system", "edition"}:
            return {}, None
        values = kept


def _belongs(part: str, wrong: set[str]) -> bool:
    """Return whether a column has to go with the parts that are wrong: `T_method` and `m` go with T."""
    value = part.partition("_")[0]
    return part in wrong or value in wrong or (value in ("m", "descriptor") and "T" in wrong)


# ---------------------------------------------------------------- comparing


def _categories(stage: Stage | None) -> dict[str, Category]:
    return {found.letter: found for found in stage.categories} if stage is not None else {}


def _suffixes(category: Category) -> dict[str, object]:
    """Return the suffixes that a category has."""
    return {
        field.name: value
        for field in fields(Suffixes)
        if (value := getattr(category.suffixes, field.name)) != getattr(NO_SUFFIXES, field.name)
    }


def _is_same_value(one: Category, other: Category) -> bool:
    return (one.value, one.subcategory, one.upper) == (other.value, other.subcategory, other.upper)


def _is_same_group(one: StageGroup, other: StageGroup) -> bool:
    plain: dict[str, Any] = {"timing": frozenset(), "method": None, "kind": None}
    return replace(one, **plain) == replace(other, **plain)


def _is_same_edition(one: Edition | None, other: Edition | None) -> bool:
    """Return whether two editions have one number and no two owners.

    A column that knows only one owner need not name it, and the codes of OMOP name AJCC and UICC at once.
    """
    if one is None or other is None:
        return one is other
    return may_be_same(one, other)


def _invented(stage: Stage, back: Stage) -> Iterator[str]:
    """Yield the parts that say in `back` what the stage does not say."""
    originals = _categories(stage)
    for letter, found in _categories(back).items():
        original = originals.get(letter)
        if (
            original is None
            or not _is_same_value(original, found)
            or found.method not in (None, original.method)
            or not found.timing <= original.timing
            or not _suffixes(found).items() <= _suffixes(original).items()
        ):
            yield letter
    for one in back.descriptors:
        if not any(one.name == other.name and one.value == other.value for other in stage.descriptors):
            yield one.name
    group = stage.group
    if back.group is not None and (
        group is None
        or not _is_same_group(group, back.group)
        or back.group.method not in (None, group.method)
        or not back.group.timing <= group.timing
        or back.group.kind not in (None, group.kind)
    ):
        yield "group"
    if back.edition is not None and not _is_same_edition(stage.edition, back.edition):
        yield "edition"


def _missing(stage: Stage, back: Stage | None) -> Iterator[tuple[str | None, str]]:
    """Yield the part and the words for whatever the stage says and `back` does not."""
    held = _categories(back)
    for mark in Timing:
        lost = [
            found.letter
            for found in stage.categories
            if mark in found.timing and (found.letter not in held or mark not in held[found.letter].timing)
        ]
        if lost:
            yield None, f"the {mark} of {_listed(lost)}"
    for found in stage.categories:
        yield from ((found.letter, what) for what in _missing_of_category(found, held.get(found.letter)))
    kept = {} if back is None else {one.key: one for one in back.descriptors}
    for one in stage.descriptors:
        there = kept.get(one.key)
        if there is None or replace(one, method=None) != replace(there, method=None):
            yield one.name, shown(str(one))
        elif there.method != one.method:
            yield one.name, f"the {one.method} of {one.name}"
    if stage.group is not None:
        yield from (("group", what) for what in _missing_of_group(stage.group, back.group if back else None))
    if stage.edition is not None and not _is_same_edition(stage.edition, back.edition if back else None):
        yield "edition", f"the edition {str(stage.edition).strip('()')}"


def _missing_of_category(found: Category, back: Category | None) -> Iterator[str]:
    if back is None:
        yield f"the category {found}"
        return
    if back.method != found.method:
        yield f"the {found.method} of {found.letter}"
    there = _suffixes(back)
    for name, value in _suffixes(found).items():
        if there.get(name) != value:
            only = Suffixes(**_with_counts(name, found.suffixes))
            yield f"the {only} of {found.letter}"


def _with_counts(name: str, suffixes: Suffixes) -> dict[str, Any]:
    """Return one suffix as keywords; the two counts go together."""
    names = ("involved", "examined") if name in ("involved", "examined") else (name,)
    return {one: getattr(suffixes, one) for one in names}


def _missing_of_group(group: StageGroup, back: StageGroup | None) -> Iterator[str]:
    if back is None:
        yield f"the group {group}"
        return
    lost = [str(mark) for mark in Timing if mark in group.timing - back.timing]
    if group.method != back.method:
        lost.append(str(group.method))
    if group.kind != back.kind:
        lost.append(f"word {group.kind}")
    if lost:
        yield f"the {_listed(lost)} of the group"


def _listed(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
