"""From the parts of a text to stages: one assembly for every text."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from rstage import rules
from rstage.caches import cached
from rstage.diagnostics import has_error
from rstage.model import facts
from rstage.model.category import Category, Timing
from rstage.model.checks import awake, check_stage, placed
from rstage.model.descriptor import Descriptor
from rstage.model.edition import Edition
from rstage.model.group import StageGroup
from rstage.model.stage import Stage, outdated
from rstage.notation.component import (
    KNOWN,
    found_in,
    new_component,
    placed_components,
    timed_values,
)
from rstage.notation.cuts import cut
from rstage.notation.glued import settle
from rstage.notation.run_faults import (
    bare,
    edition_conflict,
    hidden_system,
    redundant_y,
    repeated_descriptors,
)
from rstage.notation.runs import cut_runs, join_ranges
from rstage.notation.settle import settle_run
from rstage.notation.spelling import (
    detached_prefixes,
    order_folded,
    separator_folded,
    separators_folded,
    spelling_folded,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rstage.diagnostics import Diagnostic, Span
    from rstage.model.checks import Check
    from rstage.model.facts import StagePart
    from rstage.model.site_schema import SiteSchema
    from rstage.model.stage import Once
    from rstage.model.suffixes import Suffixes
    from rstage.notation.component import Component
    from rstage.notation.glued import AtSite, Choice
    from rstage.notation.part import Part, Run

_Y_ON_M = facts.TIMINGS["M"][Timing.POST_THERAPY]
# What a stretch is, beside what its parts say.
_OPEN, _REFUSED = facts.OPEN, facts.REFUSED
_NO_VALUE = _REFUSED | facts.UNREAD
_MARKS = _OPEN | _NO_VALUE | facts.FOUND
# What a stage has once, in canonical order.
_PLACES = (*facts.LETTERS, "group", "edition")
# No check looks at these, nor at the descriptors.
_PLANNED = ~(facts.DESCRIPTORS | _MARKS)


class Assembly(NamedTuple):
    """How parts are put together.

    Attributes:
        is_field: whether the text is one field of a record, where a descriptor may stand alone.
        edition: the edition of a stage that names none.
        has_checks: whether the stages are checked.
        adjusted: applied to each stage before it is checked.
        schema: the values of its site, where a site table was given.
        is_tnm: whether the caller named TNM as the system of a group.
    """

    is_field: bool = False
    edition: Edition | None = None
    has_checks: bool = True
    adjusted: Callable[[Stage], Stage] | None = None
    schema: SiteSchema | None = None
    is_tnm: bool = False


PLAIN = Assembly()


class _Plan(NamedTuple):
    """What the facts of all parts of a text say of the work on it.

    Attributes:
        is_plain: whether nothing has to be decided between the parts.
        timing: the facts that say which timing each category ends with; 0 where none has any.
        in_places: takes T, N, M, group and edition from the values in their order and a None behind them.
        checks: the checks that have anything to look at.
    """

    is_plain: bool
    timing: int
    in_places: Callable[[list[StagePart | None]], Once]
    checks: tuple[Check, ...]


@cached()
def _plan(said: int) -> _Plan:
    is_plain = bool(said & facts.CATEGORIES) and not said & _Y_ON_M
    timing = said & facts.TIMING if said & facts.TIMED else 0
    there = [name for name in _PLACES if said & facts.KINDS[name]]
    in_places = itemgetter(*[there.index(name) if name in there else -1 for name in _PLACES])
    return _Plan(is_plain, timing, in_places, awake(said))


def assemble_text(text: str) -> tuple[list[Stage], list[Diagnostic]]:
    """Return the stages of a folded text that is read without any option, and everything found on the way.

    Where each part has its one value, and they stand in canonical order, nothing has to be decided between
    them: what they say is the stage, and only the checks are left that they wake.
    """
    pieces = cut(text)
    suffixes: Suffixes | None = None
    said = before = 0
    known: list[Component] = []
    for stretch in pieces[::2]:
        component = KNOWN.get(stretch)
        if component is None:
            component, own_suffixes = new_component(stretch)
            suffixes = own_suffixes or suffixes
        if component.lowest <= before:
            return _decided(text)
        before |= component.kinds
        said |= component.facts
        known.append(component)
    plan = _plan(said & _PLANNED)
    has_blanks = pieces.count(" ") == len(known) - 1
    found: list[Diagnostic] = []
    if not has_blanks or said & _MARKS:
        if (said & _OPEN and len(known) > 1) or (said & _NO_VALUE and not has_blanks):
            return _decided(text)
        found = _found(known, pieces)
    if not plan.is_plain:
        return _decided(text)
    if said & _REFUSED:
        return [], found
    stage = _plain_stage(known, suffixes, plan)
    if plan.checks:
        found += placed(plan.checks, stage, partial(_span_of, known, pieces))
    return [stage], found


def _plain_stage(known: Sequence[Component], suffixes: Suffixes | None, plan: _Plan) -> Stage:
    """Return the stage of components.

    Args:
        known: the components.
        suffixes: those of N, where other counts stand in the text than in the component.
        plan: what their facts say.
    """
    values: list[StagePart | None] = []
    descriptors: tuple[Descriptor, ...] = ()
    timing = plan.timing
    for component in known:
        values += timed_values(component, timing) if timing else component.values
        if component.descriptors:
            descriptors += component.descriptors
    values.append(None)
    once = plan.in_places(values)
    if suffixes is not None:
        t, n, m, group, edition = once
        once = t, n and n.changed(n.timing, suffixes), m, group, edition
    return Stage.of_parts(once, descriptors)


def _found(known: Sequence[Component], pieces: Sequence[str]) -> list[Diagnostic]:
    """Return what was found between the components of a text, then what in each."""
    between: list[Diagnostic] = []
    inside: list[Diagnostic] = []
    offset = 0
    for place, piece in enumerate(pieces):
        if place % 2:
            if piece != " ":
                between.append(separator_folded(piece, offset))
        elif known[place // 2].found:
            inside += found_in(known[place // 2], offset)
        offset += len(piece)
    return [*between, *inside]


def _span_of(known: Sequence[Component], pieces: Sequence[str], name: str) -> Span:
    """Return where a part of a text stands; the whole text where there is no part of this name."""
    kind = facts.KINDS.get(name, 0)
    offset = 0
    ends: list[Span] = []
    for place, piece in enumerate(pieces):
        component = known[place // 2]
        # A stretch that is not read has no parts.
        if not place % 2 and component.parts:
            # Counts can be longer than those that the grammar read.
            longer = len(piece) - len(component.text)
            for part in component.parts if component.kinds & kind else ():
                if (part.letter or part.kind) == name:
                    return part.start + offset, part.end + offset + longer
            ends.append((component.parts[0].start + offset, component.parts[-1].end + offset + longer))
        offset += len(piece)
    return ends[0][0], ends[-1][1]


def _decided(text: str) -> tuple[list[Stage], list[Diagnostic]]:
    """Return the stages of a text whose parts are put together step by step."""
    parts, failures = placed_parts(text)
    stages, found = assemble(parts, text, PLAIN) if parts else ([], [])
    return stages, [*failures, *found]


def placed_parts(text: str, start: str = "start") -> tuple[list[Part], list[Diagnostic]]:
    """Return the parts of a folded text in order, and a diagnostic of each stretch that is no notation."""
    parts: list[Part] = []
    failures: list[Diagnostic] = []
    for offset, component in placed_components(text, start):
        parts += [part.moved(offset) for part in component.parts]
        failures += [one.moved(offset) for one in component.failures]
    return parts, failures


def assemble(parts: Sequence[Part], text: str, how: Assembly) -> tuple[list[Stage], list[Diagnostic]]:
    """Return the stages that the parts of a folded text make, and everything found on the way.

    Args:
        parts: the parts in the order of the text.
        text: the folded text.
        how: the options of reading that count here.
    """
    found: list[Diagnostic] = []
    runs = cut_runs(join_ranges(parts, text), text)
    for place, run in enumerate(runs):
        following = runs[place + 1] if place + 1 < len(runs) else None
        runs[place : place + 2], more = _settled(run, following, text, _at_site(run, how))
        found += more
        runs[place] = settle_run(runs[place], text, how.edition, is_tnm=how.is_tnm)
    parts = [part for run in runs for part in run.parts]
    found += separators_folded(parts, text)
    for part in parts:
        found += part.found
        found += spelling_folded(part)
    stages = []
    for run in runs:
        stage, more = _stage(run, text, how)
        found += more
        if stage is not None:
            stages.append(how.adjusted(stage) if how.adjusted is not None else stage)
            if how.has_checks:
                whole = run.parts[0].start, run.parts[-1].end
                found += check_stage(stages[-1], _spans(run), whole, how.schema)
    return stages, found


def _at_site(run: Run, how: Assembly) -> AtSite | None:
    """Return what tells whether the site has a category, where a site table was given."""
    schema = how.schema
    if schema is None:
        return None
    part = run.first("edition")
    edition = part.value if part is not None and isinstance(part.value, Edition) else how.edition
    return lambda category: schema.has(category, edition)


def _settled(
    run: Run, following: Run | None, text: str, at_site: AtSite | None
) -> tuple[list[Run], list[Diagnostic]]:
    """Return a run, and the one behind it, with each glued letter given to one side."""
    places = [place for place, part in enumerate(run.parts) if part.kind in ("category", "descriptor")]
    rest = [] if following is None else [following]
    if not any(run.parts[place].glued for place in places):
        return [run, *rest], []
    own = [run.parts[place] for place in places]
    reaches_over = following is not None and bool(own[-1].glued)
    next_part = following.parts[0] if following and reaches_over else None
    settled = settle(own, next_part, text, partial(_spelled, run), at_site)
    parts = list(run.parts)
    for place, part in zip(places, settled.parts, strict=False):
        parts[place] = part
    if following is not None and reaches_over:
        rest = [replace(following, parts=(settled.parts[-1], *following.parts[1:]))]
    return [replace(run, parts=tuple(parts)), *rest], [settled.finding] if settled.finding else []


def _spelled(run: Run, choice: Choice) -> str:
    """Return a choice as the text of its whole staging, where that can be one."""
    values = {part.kind: part.value for part in run.parts if part.kind in ("group", "edition")}
    group, edition = values.get("group"), values.get("edition")
    categories = {one.letter.lower(): one for one in choice.categories}
    if run.timing:
        first = next(letter for letter in "tnm" if letter in categories)
        categories[first] = categories[first].with_timing(categories[first].timing | run.timing)
    if len(categories) < len(choice.categories):
        return str(choice)  # it reaches into the next staging
    try:
        stage = Stage(
            t=categories.get("t"),
            n=categories.get("n"),
            m=categories.get("m"),
            descriptors=tuple(one for one in choice.values if isinstance(one, Descriptor)),
            group=group if isinstance(group, StageGroup) else None,
            edition=edition if isinstance(edition, Edition) else None,
        )
    except ValueError:  # what is wrong with it has a diagnostic of its own
        return str(choice)
    return str(stage)


# ---------------------------------------------------------------- the stage


def _stage(run: Run, text: str, how: Assembly) -> tuple[Stage | None, list[Diagnostic]]:
    """Return the stage of a run with what was found on the way; None where something refuses it."""
    found = [
        *order_folded(run),
        *detached_prefixes(run, text),
        *repeated_descriptors(run),
        *bare(run, is_field=how.is_field),
        *hidden_system(run),
    ]
    if any(part.has_error for part in run.parts) or has_error(found):
        return None, found
    values = {part.letter.lower() or part.kind: part.value for part in run.parts}
    categories = {letter: value for letter in "tnm" if isinstance(value := values.get(letter), Category)}
    edition, group = values.get("edition"), values.get("group")
    if run.timing and categories:
        first = next(iter(categories))
        categories[first] = categories[first].with_timing(categories[first].timing | run.timing)
    if isinstance(edition, Edition):
        found += edition_conflict(run, edition, how.edition)
    else:
        edition = how.edition
    for letter, category in categories.items():
        if outdated(category, edition):
            part = run.category(letter.upper())
            found.append(rules.N4_WITHOUT_OLD_EDITION.at(part.span if part else (0, 0)))
            return None, found
    stage = Stage(
        **categories,
        descriptors=tuple(part.value for part in run.parts if isinstance(part.value, Descriptor)),
        group=group if isinstance(group, StageGroup) else None,
        edition=edition,
    )
    return stage, [*found, *redundant_y(run, stage)]


def _spans(run: Run) -> dict[str, Span]:
    return {part.letter or part.kind: part.span for part in reversed(run.parts)}
