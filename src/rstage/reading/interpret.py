"""From a folded text and the options of reading to stages and findings."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rstage import rules
from rstage.diagnostics import Severity
from rstage.model.category import Method
from rstage.model.group import StageGroup
from rstage.notation.assembly import assemble
from rstage.notation.build import build
from rstage.notation.group import add_group, group_of_other_system
from rstage.notation.part import Written
from rstage.notation.tree import parse_nodes
from rstage.privacy import shown
from rstage.reference.systems import TNM, find_system

if TYPE_CHECKING:
    from rstage.diagnostics import Diagnostic
    from rstage.model.stage import Stage
    from rstage.reading.options import Options

# What a leading method carries over to with `carry_method`: a carried pM0 would be invalid (notation A.5).
_CARRIED = {Method.CLINICAL: "nm", Method.PATHOLOGICAL: "n"}

# What says better than "a group of another system" why a text is refused.
_CERTAIN = {
    rules.OTHER_SYSTEM.code,
    rules.REGISTRY_CODE.code,
    rules.MISREAD_CHARACTER.code,
    rules.EMPTY_TEXT.code,
    rules.MARK_OR_RECURRENCE.code,
    rules.TWO_FIGO_MARKS.code,
    rules.OWNER_NUMBER.code,
}


def interpret(text: str, options: Options) -> tuple[list[Stage], list[Diagnostic]]:
    """Return the stages of a folded text, and findings whose spans count in it."""
    start = "group_field" if options.field == "group" else "start"
    is_other_group = options.system != TNM and options.field in (None, "group")
    if is_other_group and (group := _whole_group(text, options.system)).value is not None:
        return _joined([group], text, options)
    stages, found = _assembled(text, start, options)
    # A field holds one value: `pT0T0` is no T.
    if options.field is not None and not (len(stages) == 1 and _is_field(stages[0], options.field)):
        stages, found = [], _wrong_field(text, options.field, options, found)
    if is_other_group and not stages and _names_no_system(text, options, found):
        return [], group.found
    return stages, found


def _whole_group(text: str, system: str) -> Written:
    """Return a text as one group of a system other than TNM, named in it or not; or with the error."""
    start = len(text) - len(text.lstrip())
    part = Written(kind="group", start=start, end=max(start, len(text.rstrip())), text=text)
    named = find_system(part.slice) or (system, part.slice)
    if named[0] == system:
        add_group(part, named[1], system)
    return part


def _names_no_system(text: str, options: Options, found: list[Diagnostic]) -> bool:
    """Return whether a refused text is a group that the given system does not have."""
    codes = {one.code for one in found}
    is_group = options.field == "group" or rules.OTHER_SYSTEM.code in codes or not re.search("[TNM]", text)
    named = find_system(text)
    return is_group and (named is None or named[0] == options.system) and bool(text.strip())


def adjusted(stage: Stage, options: Options) -> Stage:
    """Return the stage with what the options add: carried and assumed methods."""
    changes: dict[str, Any] = {}
    if options.carry_method and stage.categories:
        method = stage.categories[0].method
        changes = _with_method(stage, method, _CARRIED.get(method, "") if method else "")
    if options.assume_clinical:
        changes = {**_with_method(stage, Method.CLINICAL, "tnm"), **changes}
    return replace(stage, **changes) if changes else stage


def _with_method(stage: Stage, method: Method | None, letters: str) -> dict[str, Any]:
    """Return the categories among `letters` that have no method, with this one."""
    return {
        letter: replace(category, method=method)
        for letter in letters
        if (category := getattr(stage, letter)) is not None and category.method is None
    }


def _assembled(text: str, start: str, options: Options) -> tuple[list[Stage], list[Diagnostic]]:
    nodes, failures = parse_nodes(text, start)
    if not nodes:
        return [], failures
    parts = [build(node, text) for node in nodes]
    if options.system != TNM:
        for part in parts:
            _in_system(part, options.system)
        _refuse_other_systems(parts, options.system)
    stages, found = _joined(parts, text, options)
    return stages, [*failures, *found]


def _in_system(part: Written, system: str) -> None:
    """Make a group without a name one of `system`, and one whose name alone is not enough."""
    named = find_system(part.slice) if part.kind == "group" and part.value is None else None
    if isinstance(part.value, StageGroup) and part.value.system == TNM:
        part.found.clear()
        part.renamed = False
        add_group(part, re.sub(r"^\( *(.*?) *\)$", r"\1", part.slice), system)
    elif named is not None and named[0] == system:
        part.found.clear()
        add_group(part, named[1], system)


def _refuse_other_systems(parts: list[Written], system: str) -> None:
    """Add an error to a group that names another system than the one that was asked for."""
    for part in parts:
        if isinstance(part.value, StageGroup) and part.value.system != system:
            part.add(rules.UNKNOWN_IN_SYSTEM, suggestions=(str(part.value),), system=system)


def _joined(parts: list[Written], text: str, options: Options) -> tuple[list[Stage], list[Diagnostic]]:
    return assemble(
        parts,
        text,
        is_field=options.field is not None,
        edition=options.edition,
        has_checks=options.has_checks,
        adjust=lambda stage: adjusted(stage, options),
        schema=options.schema,
        is_tnm=options.system == TNM and options.is_system_given,
    )


def _is_field(stage: Stage, field: str) -> bool:
    """Return whether a stage holds what belongs in `field`, and nothing else but an edition."""
    names = [category.letter for category in stage.categories] + [one.name for one in stage.descriptors]
    return set(names) | ({"group"} if stage.group else set()) == {field}


def _wrong_field(text: str, field: str, options: Options, found: list[Diagnostic]) -> list[Diagnostic]:
    """Return why a text is no value of its field: the letter is missing, or it is something else."""
    whole = (0, len(text))
    if field != "group":
        with_letter, more = _assembled(field + text.strip(), "start", options)
        if len(with_letter) == 1 and _is_field(with_letter[0], field) and not _has_error(more):
            return [
                rules.LETTER_MISSING.at(
                    whole, text=shown(text), field=field, suggestions=(str(with_letter[0]),)
                )
            ]
    other, more = _assembled(text, "start", options)
    has_category = any(stage.categories for stage in other)
    if (
        field == "group"
        and not has_category
        and not _CERTAIN.intersection(one.code for one in [*more, *found])
    ):
        part = Written(kind="group", start=0, end=len(text), text=text)
        if group_of_other_system(part):
            return part.found
    if other and not _has_error(more):
        return [rules.WRONG_FIELD.at(whole, text=shown(text), field=field)]
    return more if _has_error(more) else found


def _has_error(found: list[Diagnostic]) -> bool:
    return any(one.severity is Severity.ERROR for one in found)
