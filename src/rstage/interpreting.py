"""From a folded text and the options of reading to stages and findings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from . import rules
from .assembly import assemble
from .building import build
from .category import Method
from .diagnostics import Severity
from .parsing import parse_nodes
from .privacy import shown

if TYPE_CHECKING:
    from .diagnostics import Diagnostic
    from .options import Options
    from .stage import Stage

# What a leading method carries over to with `carry_method`: a carried pM0 would be invalid (notation A.5).
_CARRIED = {Method.CLINICAL: "nm", Method.PATHOLOGICAL: "n"}


def interpret(text: str, options: Options) -> tuple[list[Stage], list[Diagnostic]]:
    """Return the stages of a folded text, and findings whose spans count in it."""
    start = "group_field" if options.field == "group" else "start"
    stages, found = _assembled(text, start, options)
    if options.field is None or (stages and all(_is_field(stage, options.field) for stage in stages)):
        return stages, found
    return [], _wrong_field(text, options.field, options, found)


def adjusted(stage: Stage, options: Options) -> Stage:
    """Return the stage with what the options add: carried and assumed methods, the system of its group."""
    changes: dict[str, Any] = {}
    if options.carry_method and stage.categories:
        method = stage.categories[0].method
        changes = _with_method(stage, method, _CARRIED.get(method, "") if method else "")
    if options.assume_clinical:
        changes = {**_with_method(stage, Method.CLINICAL, "tnm"), **changes}
    if stage.group is not None and stage.group.system == "TNM" and options.system != "TNM":
        changes["group"] = replace(stage.group, system=options.system)
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
    stages, found = assemble(
        [build(node, text) for node in nodes],
        text,
        is_field=options.field is not None,
        edition=options.edition,
        has_checks=options.has_checks,
        adjust=lambda stage: adjusted(stage, options),
    )
    return stages, [*failures, *found]


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
    if other and not _has_error(more):
        return [rules.WRONG_FIELD.at(whole, text=shown(text), field=field)]
    return more if _has_error(more) else found


def _has_error(found: list[Diagnostic]) -> bool:
    return any(one.severity is Severity.ERROR for one in found)
