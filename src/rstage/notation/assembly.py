"""From the parts of a text to stages: ranges, several stagings, glued letters, labels, order, separators."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rstage import rules
from rstage.diagnostics import Severity
from rstage.model.category import Category, Timing, misplaced, positive_nodes_with_n0
from rstage.model.checks import check_stage
from rstage.model.descriptor import Descriptor
from rstage.model.edition import Edition
from rstage.model.group import StageGroup
from rstage.model.stage import Stage, outdated
from rstage.model.suffixes import NO_SUFFIXES
from rstage.notation.glued import settle
from rstage.notation.part import Run, Written
from rstage.notation.settle import settle_run
from rstage.notation.spelling import detached_prefixes, order_folded, separators_folded, spelling_folded
from rstage.privacy import shown
from rstage.reference import vocabulary
from rstage.reference.systems import group_values

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rstage.diagnostics import Diagnostic, Span
    from rstage.model.site_schema import SiteSchema
    from rstage.notation.glued import AtSite

_STRONG = frozenset(",;\n")
# Descriptors that make a stage without a category; a grade does beside a group (FIGO IA G2).
_ALONE = frozenset({"R", "Pn"})


def assemble(
    parts: list[Written],
    text: str,
    *,
    is_field: bool,
    edition: Edition | None,
    has_checks: bool,
    adjust: Callable[[Stage], Stage],
    schema: SiteSchema | None = None,
    is_tnm: bool = False,
) -> tuple[list[Stage], list[Diagnostic]]:
    """Return the stages that the parts of a folded text make, and everything found on the way.

    Args:
        parts: the parts in the order of the text.
        text: the folded text.
        is_field: whether the text is one field of a record, where a descriptor may stand alone.
        edition: the edition of a stage that names none.
        has_checks: whether the stages are checked.
        adjust: applied to each stage before it is checked.
        schema: the values of its site, where a site table was given.
        is_tnm: whether the caller named TNM as the system of a group.
    """
    found: list[Diagnostic] = []
    parts = _join_ranges(parts, text)
    runs = _cut(parts, text)
    for place, run in enumerate(runs):
        following = runs[place + 1] if place + 1 < len(runs) else None
        found += _settle_glued(run, following, _at_site(run, schema, edition))
        settle_run(run, edition, is_tnm=is_tnm)
    found += separators_folded(parts, text)
    for part in parts:
        found += part.found
        found += spelling_folded(part)
    stages = []
    for run in runs:
        stage, more = _stage(run, is_field=is_field, given=edition)
        found += more
        if stage is not None:
            stages.append(adjust(stage))
            if has_checks:
                whole = run.parts[0].start, run.parts[-1].end
                found += check_stage(stages[-1], _spans(run), whole, schema)
    return stages, found


# ---------------------------------------------------------------- ranges, several stagings


def _join_ranges(parts: list[Written], text: str) -> list[Written]:
    """Put together ranges whose letter is written twice: `T3/T4`, `pT2-pT3`, `N1-N2c` (ruling 2)."""
    joined: list[Written] = []
    for part in parts:
        last = joined[-1] if joined else None
        if last is not None and _is_range(last, part, text):
            _extend(last, part)
        else:
            joined.append(part)
    return joined


def _is_range(low: Written, high: Written, text: str) -> bool:
    if text[low.end : high.start].strip() not in ("-", "/") or low.letter != high.letter:
        return False
    if not (isinstance(low.value, Category) and isinstance(high.value, Category)) or low.glued:
        return False
    same_prefix = high.value.prefix in ("", low.value.prefix)
    plain = low.value.upper is None and high.value.upper is None and low.value.suffixes == NO_SUFFIXES
    return same_prefix and plain and not {"+", vocabulary.NOT_ASSIGNED} & {low.value.value, high.value.value}


def _extend(low: Written, high: Written) -> None:
    """Make one part of the two ends of a range."""
    lower, upper = low.value, high.value
    if not isinstance(lower, Category) or not isinstance(upper, Category):
        raise TypeError("a range has two categories")
    low.end, low.glued = high.end, high.glued
    low.found += high.found
    ends = (lower.value, lower.subcategory), (upper.value, upper.subcategory)
    if misplaced(low.letter, *ends[0], upper.suffixes) or positive_nodes_with_n0(lower.value, upper.suffixes):
        low.add(rules.MISPLACED_SUFFIX, category=low.letter)
        low.value = None
    elif vocabulary.is_ascending(low.letter, *ends):
        low.value = replace(lower, upper="".join(ends[1]), suffixes=upper.suffixes)
    else:
        low.add(rules.REVERSED_RANGE)
        low.value = None


def _cut(parts: Sequence[Written], text: str) -> list[Run]:
    """Return the stagings of a text: a new one begins where a repeated part differs (ruling 1)."""
    runs = [Run()]
    end = 0
    for part in parts:
        between = text[end : part.start]
        end = part.end
        run = runs[-1]
        earlier = run.category(part.letter) if part.kind == "category" else run.first(part.kind)
        if part.kind in ("category", "group") and earlier is not None:
            if _STRONG & set(between) or _differs(earlier, part):
                runs.append(Run(timing=_trailing_label(run)))
            else:
                part.add(rules.REPEATED_CATEGORY if part.kind == "category" else rules.REPEATED_PART)
        elif part.kind == "edition" and earlier is not None:
            part.add(rules.REPEATED_PART)
        runs[-1].parts.append(part)
        if part.kind == "label" and part.timing and run.first("category") is None:
            runs[-1].timing |= part.timing
    for run in runs:
        _refuse_inner_labels(run, is_last=run is runs[-1])
    return runs


def _refuse_inner_labels(run: Run, *, is_last: bool) -> None:
    """Add an error to a label whose timing stands between categories of one staging: it covers neither."""
    labels = [place for place, part in enumerate(run.parts) if part.kind == "label" and part.timing]
    first = next((place for place, part in enumerate(run.parts) if part.kind == "category"), 0)
    for place in labels:
        belongs_to_next = place == len(run.parts) - 1 and not is_last
        if place > first and not belongs_to_next:
            run.parts[place].add(rules.LONELY_PREFIX)


def _trailing_label(run: Run) -> frozenset[Timing]:
    """Return the timing of a label that stands behind everything of a run: it belongs to the next one."""
    return run.parts[-1].timing if run.parts[-1].kind == "label" else frozenset()


def _differs(earlier: Written, later: Written) -> bool:
    """Return whether a repeated category or group has another timing or method."""
    kinds = (Category, StageGroup)
    if not isinstance(earlier.value, kinds) or not isinstance(later.value, kinds):
        return False
    return (earlier.value.timing, earlier.value.method) != (later.value.timing, later.value.method)


def _at_site(run: Run, schema: SiteSchema | None, given: Edition | None) -> AtSite | None:
    """Return what tells whether the site has a category, where a site table was given."""
    if schema is None:
        return None
    part = run.first("edition")
    edition = part.value if part is not None and isinstance(part.value, Edition) else given
    return lambda category: schema.has(category, edition)


def _settle_glued(run: Run, following: Run | None, at_site: AtSite | None) -> list[Diagnostic]:
    parts = [part for part in run.parts if part.kind in ("category", "descriptor")]
    reaches_over = bool(parts and parts[-1].glued)
    finding = settle(parts, following.parts[0] if following and reaches_over else None, at_site)
    return [finding] if finding else []


# ---------------------------------------------------------------- the stage


def _stage(run: Run, *, is_field: bool, given: Edition | None) -> tuple[Stage | None, list[Diagnostic]]:
    """Return the stage of a run with what the checks found, or nothing where the run has an error."""
    text = run.parts[0].text
    found = [
        *order_folded(run),
        *detached_prefixes(run, text),
        *_repeated_descriptors(run),
        *_bare(run, is_field=is_field),
    ]
    if any(part.has_error for part in run.parts) or any(one.severity is Severity.ERROR for one in found):
        return None, found
    values = {part.letter.lower() or part.kind: part.value for part in run.parts if part.kind != "label"}
    categories = {letter: value for letter in "tnm" if isinstance(value := values.get(letter), Category)}
    edition, group = values.get("edition"), values.get("group")
    if run.timing and categories:
        first = next(iter(categories))
        categories[first] = categories[first].with_timing(categories[first].timing | run.timing)
    if isinstance(edition, Edition):
        found += _edition_conflict(run, edition, given)
    else:
        edition = given
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
    return stage, [*found, *_redundant_y(run, stage)]


def _spans(run: Run) -> dict[str, Span]:
    return {part.letter or part.kind: part.span for part in reversed(run.parts)}


def _edition_conflict(run: Run, written: Edition, given: Edition | None) -> list[Diagnostic]:
    """Return a warning where the edition in the text is not the one that was given for it."""
    if (
        given is None
        or (written.version == given.version and None in (written.owner, given.owner))
        or written == given
    ):
        return []
    part = run.first("edition")
    span = part.span if part else (0, 0)
    return [rules.EDITION_CONFLICT.at(span, written=shown(str(written)), given=shown(str(given)))]


def _repeated_descriptors(run: Run) -> list[Diagnostic]:
    """Return an error for a descriptor given twice, except R with different places (ruling 23)."""
    seen: set[tuple[str, str | None]] = set()
    found = []
    for part in run.parts:
        if isinstance(part.value, Descriptor):
            key = part.value.name, part.value.detail if part.value.name == "R" else None
            if key in seen:
                found.append(rules.REPEATED_PART.at(part.span, text=shown(part.slice)))
            seen.add(key)
    return found


def _bare(run: Run, *, is_field: bool) -> list[Diagnostic]:
    """Return an error where nothing makes a stage of the text (rulings 15, rows 72 and 73)."""
    names = {part.letter for part in run.parts if part.kind == "descriptor"}
    kinds = {part.kind for part in run.parts}
    if kinds & {"category", "mistake"} or (is_field and names) or names & _ALONE:
        return []
    if "group" in kinds and names <= {"G"}:
        return []
    rule = rules.BARE_DESCRIPTOR if names else rules.NOT_NOTATION
    return [
        rule.at(part.span, text=shown(part.slice), suggestions=_as_group(part.slice))
        for part in run.parts
        if part.kind != "group"
    ]


def _as_group(text: str) -> tuple[str, ...]:
    """Return the group that a bare L1 or L2 may be (row 72)."""
    return (f"INRG {text}",) if text in group_values("INRG") else ()


def _redundant_y(run: Run, stage: Stage) -> list[Diagnostic]:
    """Return an info where a y on M is dropped, because T or N carries it (no list has a yM)."""
    part = run.category("M")
    if part is None or not isinstance(part.value, Category) or stage.m is None:
        return []
    if Timing.POST_THERAPY not in part.value.timing or Timing.POST_THERAPY in stage.m.timing:
        return []
    return [rules.REDUNDANT_Y.at(part.span, before=shown(part.slice), after=shown(str(stage.m)))]
