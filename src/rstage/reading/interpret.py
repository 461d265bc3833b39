"""From a folded text and the options of reading to stages and diagnostics."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from rstage import rules
from rstage.diagnostics import has_error
from rstage.model.category import Method
from rstage.model.group import StageGroup
from rstage.notation.assembly import Assembly, assemble, assemble_text, placed_parts
from rstage.notation.dialect_values import has_group_of_dialect, in_dialect
from rstage.notation.group import add_group, group_of_other_system, unbracketed
from rstage.notation.part import Draft, Part
from rstage.privacy import shown
from rstage.reading.options import PLAIN_OPTIONS
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
    if options is PLAIN_OPTIONS or options[1:] == PLAIN_OPTIONS[1:]:  # the mode counts afterwards
        return assemble_text(text)
    is_other_group = options.system != TNM and options.field in (None, "group")
    if is_other_group:
        group = _whole_group(text, options.system)
        if group.value is not None:
            return assemble([group], text, _assembly(options))
    start = "group_field" if options.field == "group" else "start"
    stages, found = _assembled(text, start, options)
    # A field holds one value: `pT0T0` is no T.
    if start == "group_field" and options.dialect is not None and not stages:
        stages, found = _group_of_dialect(text, options) or (stages, found)
    if options.field is not None and not (len(stages) == 1 and _is_field(stages[0], options.field)):
        stages, found = [], _wrong_field(text, options.field, options, found)
    if is_other_group and not stages and _names_no_system(text, options, found):
        return [], list(group.found)
    return stages, found


def _group_of_dialect(text: str, options: Options) -> tuple[list[Stage], list[Diagnostic]] | None:
    """Return the group of a column that its dialect alone has, maybe with an edition; else None."""
    stages, found = _assembled(text, "start", options)
    return (stages, found) if len(stages) == 1 and has_group_of_dialect(stages[0]) else None


def _whole_group(text: str, system: str) -> Part:
    """Return a text as one group of a system other than TNM, named in it or not; or with the error."""
    start = len(text) - len(text.lstrip())
    part = Draft(kind="group", start=start, end=max(start, len(text.rstrip())), text=text)
    named = find_system(part.slice) or (system, part.slice)
    if named[0] == system:
        add_group(part, named[1], system)
    return part.part()


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
    parts, failures = placed_parts(text, start)
    if not parts:
        return [], failures
    if options.dialect is not None:
        parts = [in_dialect(part, text, options.dialect) for part in parts]
    if options.system != TNM:
        parts = [_in_system(part, text, options.system) for part in parts]
    stages, found = assemble(parts, text, _assembly(options))
    return stages, [*failures, *found]


def _in_system(part: Part, text: str, system: str) -> Part:
    """Return a group without a name as one of `system`; one of another system gets an error."""
    named = find_system(part.text) if part.kind == "group" and part.value is None else None
    if isinstance(part.value, StageGroup) and part.value.system == TNM:
        draft = Draft.again(part, text)
        add_group(draft, unbracketed(part.text), system)
        part = draft.part()
    elif named is not None and named[0] == system:
        draft = Draft.again(part, text)
        add_group(draft, named[1], system)
        part = draft.part()
    if isinstance(part.value, StageGroup) and part.value.system != system:
        return part.with_found(rules.UNKNOWN_IN_SYSTEM, suggestions=(str(part.value),), system=system)
    return part


def _assembly(options: Options) -> Assembly:
    """Return what counts of the options while parts are put together."""
    return Assembly(
        is_field=options.field is not None,
        edition=options.edition,
        has_checks=options.has_checks,
        adjusted=partial(adjusted, options=options)
        if options.carry_method or options.assume_clinical
        else None,
        schema=options.schema,
        is_tnm=options.system == TNM and options.is_system_given,
    )


def _is_field(stage: Stage, field: str) -> bool:
    """Return whether a stage holds what belongs in `field` and at most an edition beside it."""
    names = [category.letter for category in stage.categories] + [one.name for one in stage.descriptors]
    return set(names) | ({"group"} if stage.group else set()) == {field}


def _wrong_field(text: str, field: str, options: Options, found: list[Diagnostic]) -> list[Diagnostic]:
    """Return why a text is no value of its field: the letter is missing, or it is something else."""
    whole = (0, len(text))
    if field != "group":
        with_letter, more = _assembled(field + text.strip(), "start", options)
        if len(with_letter) == 1 and _is_field(with_letter[0], field) and not has_error(more):
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
        part = Draft(kind="group", start=0, end=len(text), text=text)
        if group_of_other_system(part):
            return list(part.found)
    is_group = field != "group" and any(one.code == rules.OTHER_SYSTEM.code for one in more)
    if is_group or (other and not has_error(more)):
        return [rules.WRONG_FIELD.at(whole, text=shown(text), field=field)]
    return more if has_error(more) else found
