"""What deserves a second look in a stage: one small check for each code.

A check names the part it is about; `placed` adds the code and the place. Some are decided by the facts of a
stage alone (`_decided`), the others look at the stage. Examples stand with each rule (`rstage explain`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from rstage import rules
from rstage.caches import cached
from rstage.model import facts
from rstage.model.category import Method, Timing
from rstage.model.edition import number_of
from rstage.privacy import shown
from rstage.reference import editions
from rstage.reference.editions import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from rstage.diagnostics import Diagnostic, Rule, Span
    from rstage.model.category import Category
    from rstage.model.site_schema import SiteSchema
    from rstage.model.stage import Stage
    from rstage.reference.editions import Change


class Problem(NamedTuple):
    """What a check found: the part it stands in (empty for the whole stage), and what its message shows."""

    part: str = ""
    values: Mapping[str, Any] = {}


# Compared by identity, so that a cache finds one in no time.
@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """What is looked for in a stage.

    Attributes:
        rule: the rule of what it finds.
        about: the facts of which one has to be there.
        wakes: which facts wake it then; None where that one does.
        look: what finds it in a stage; None where the facts decide alone.
        part: the part of a stage that it is about then; empty for the whole stage.
    """

    rule: Rule
    about: int
    wakes: Callable[[int], object] | None = None
    look: Callable[[Stage], Iterator[Problem]] | None = None
    part: str = ""


_CHECKS: list[Check] = []


def check(
    rule: Rule, about: int, wakes: Callable[[int], object] | None = None
) -> Callable[[Callable[[Stage], Iterator[Problem]]], Callable[[Stage], Iterator[Problem]]]:
    """Make a function the check of `rule`, for a stage of whose facts `wakes` is true; see `Check`."""

    def register(function: Callable[[Stage], Iterator[Problem]]) -> Callable[[Stage], Iterator[Problem]]:
        _CHECKS.append(Check(rule, about, wakes, function))
        return function

    return register


def _decided(rule: Rule, about: int, wakes: Callable[[int], object] | None = None, part: str = "") -> None:
    """Make `rule` one that a stage breaks, at this part of it, just where its facts wake the check."""
    _CHECKS.append(Check(rule, about, wakes, part=part))


@cached(65_536)
def awake(found: int) -> tuple[Check, ...]:
    """Return the checks that a stage with these facts wakes."""
    return tuple([one for one in _CHECKS if found & one.about and (one.wakes is None or one.wakes(found))])


def placed(checks: Iterable[Check], stage: Stage, span_of: Callable[[str], Span]) -> list[Diagnostic]:
    """Return what checks find in a stage that woke them.

    Args:
        checks: the checks.
        stage: the stage.
        span_of: gives the place of a part by its name (`T`, `group`, `R`), and of the whole stage for an
            empty one.
    """
    found = []
    for one in checks:
        if one.look is None:
            found.append(_at(one, span_of(one.part)))
        else:
            found += [one.rule.at(span_of(problem.part), **problem.values) for problem in one.look(stage)]
    return found


@cached()
def _at(one: Check, span: Span) -> Diagnostic:
    return one.rule.at(span)


def check_stage(
    stage: Stage, spans: Mapping[str, Span], whole: Span, schema: SiteSchema | None = None
) -> list[Diagnostic]:
    """Return what the checks find in a stage.

    Args:
        stage: the stage.
        spans: where its parts stand, by name (`T`, `group`, `R`).
        whole: where the stage stands, for what concerns no single part.
        schema: the values of its site, where a site table was given.
    """
    woken = awake(facts.of_stage(*stage.parts))
    made = placed(woken, stage, lambda part: spans.get(part, whole)) if woken else []
    if schema is not None:
        made += _at_site(stage, schema, spans, whole)
    return made


# ---------------------------------------------------------------- what wakes them

_ANY_R, _ANY_Y, _ANY_A = (sum(facts.TIMINGS[letter][mark] for letter in facts.LETTERS) for mark in Timing)


_PATHOLOGICAL_M = facts.METHODS["M"][Method.PATHOLOGICAL]


def _y_without_method(found: int) -> bool:
    first = next((letter for letter in facts.LETTERS if found & facts.KINDS[letter]), None)
    return first is not None and not found & facts.METHOD[first]


def _run_differs_in_r(found: int) -> bool:
    return bool(found & facts.CATEGORIES) and bool(found & _ANY_R) != bool(found & facts.RECURRENT_GROUP)


# ---------------------------------------------------------------- the site


def _at_site(
    stage: Stage, schema: SiteSchema, spans: Mapping[str, Span], whole: Span
) -> Iterator[Diagnostic]:
    """Yield the values that the site does not have, and that its table knows neither site nor edition."""
    from rstage.model.site_schema import GROUP, nearest

    edition = stage.edition
    if not schema.knows(edition):
        what = "this site" if edition is None or not schema.entries else f"this site in {edition}"
        yield rules.SITE_NOT_IN_TABLE.at(whole, what=what)
        return
    for category in stage.categories:
        if schema.has(category, edition) is False:
            letter = category.letter
            listed = schema.allowed(letter, category.method, edition)
            yield rules.NOT_AT_SITE.at(
                spans.get(letter, whole),
                text=shown(str(category)),
                suggestions=nearest(letter, letter + category.value + category.subcategory, listed),
            )
    if stage.group is not None and schema.has_group(stage.group, edition) is False:
        listed = schema.allowed(GROUP, stage.group.method, edition)
        yield rules.GROUP_NOT_AT_SITE.at(
            spans.get(GROUP, whole),
            text=shown(str(stage.group)),
            suggestions=tuple(f"Stage {one}" for one in nearest(GROUP, stage.group.value, listed)),
        )


# R or a on some categories only; y on N or M beside a T or N without it.
_decided(rules.MIXED_TIMING, facts.TIMED, facts.timing_is_mixed)

# T and N both prefixed and different; never M, never an N without prefix (ruling 18).
_decided(rules.MIXED_METHOD, facts.METHOD["N"], facts.methods_are_mixed, "N")


@check(rules.RANGE, facts.RANGE)
def value_range(stage: Stage) -> Iterator[Problem]:
    """A range of values, in a category, the grade or the group."""
    for category in stage.categories:
        if category.upper is not None:
            yield Problem(category.letter, {"text": shown(str(category))})
    if stage.group is not None and stage.group.upper is not None:
        yield Problem("group", {"text": shown(str(stage.group))})


# A pM0 can only come from an autopsy.
_decided(rules.PATHOLOGICAL_M0, facts.M_0, lambda found: found & _PATHOLOGICAL_M, "M")


@check(rules.MX_FROM_EDITION_7, facts.M_X)
def mx_from_edition_7(stage: Stage) -> Iterator[Problem]:
    """MX from edition 7 on, or without an edition (ruling 17)."""
    if stage.m is not None and stage.m.value == "X":
        number = number_of(stage.edition)
        if number is None or number > editions.last_edition(Kind.MX):
            yield Problem("M")


# R and a exclude each other.
_decided(rules.AUTOPSY_WITH_RECURRENCE, _ANY_A, lambda found: found & _ANY_R)

# A group and a run that differ in r.
_decided(rules.GROUP_TIMING_DIFFERS, facts.GROUP, _run_differs_in_r, "group")

# A group with r: AJCC 8 gives none at recurrence.
_decided(rules.STAGE_GROUP_AT_RECURRENCE, facts.RECURRENT_GROUP, part="group")


@check(rules.FIGO_METHOD_MARK, facts.MARKED_GROUP)
def figo_method_mark(stage: Stage) -> Iterator[Problem]:
    """R or p behind a FIGO group says how nodes were found."""
    if stage.group is not None and stage.group.mark in ("r", "p"):
        yield Problem("group", {"text": shown(str(stage.group))})


@check(rules.FIGO_METHOD_MARK_NEAR_RECURRENCE, facts.MARKED_GROUP)
def figo_method_mark_near_recurrence(stage: Stage) -> Iterator[Problem]:
    """The imaging mark r where the stage is one of recurrence as well."""
    if stage.group is not None and stage.group.mark == "r" and stage.is_recurrence:
        yield Problem("group", {"text": shown(str(stage.group))})


@check(rules.R_ON_FIGO, facts.RECURRENT_GROUP)
def r_on_figo(stage: Stage) -> Iterator[Problem]:
    """FIGO defines no r in front of a group."""
    if stage.group is not None and stage.group.system == "FIGO" and Timing.RECURRENCE in stage.group.timing:
        yield Problem("group", {"text": shown(str(stage.group))})


@check(rules.M1_WITH_STAGE_0_OR_I, facts.M_1, lambda found: found & facts.LOW_GROUP)
def m1_with_stage_0_or_1(stage: Stage) -> Iterator[Problem]:
    """No site has M1 in stage 0 or I."""
    if stage.m is None or stage.m.value != "1" or stage.group is None or stage.group.upper is not None:
        return
    if stage.group.numeral in ("0", "I"):
        yield Problem("group", {"group": shown(str(stage.group))})


@check(rules.NEEDLE_ON_T, facts.NEEDLE)
def needle_on_t(stage: Stage) -> Iterator[Problem]:
    """The suffix (f) belongs to N."""
    if stage.t is not None and stage.t.suffixes.needle:
        yield Problem("T")


# T2+ is a recurrence in the area of the primary tumor.
_decided(rules.RECURRENCE_AT_PRIMARY, facts.AT_PRIMARY, part="T")


@check(rules.NODE_LEVEL, facts.LEVEL)
def node_level(stage: Stage) -> Iterator[Problem]:
    """(U) or (L) behind N: the level of the nodes; L may have been meant as left (ruling J.17)."""
    if stage.n is not None and stage.n.suffixes.level is not None:
        yield Problem("N", {"text": f"({stage.n.suffixes.level})"})


# A molecular test beside a micrometastasis, which no list has together.
_decided(rules.MOLECULAR_WITH_MI, facts.MOLECULAR, part="N")


@check(rules.Y_WITHOUT_METHOD, _ANY_Y, _y_without_method)
def y_without_method(stage: Stage) -> Iterator[Problem]:
    """A y with neither c nor p on the first category of the run."""
    first = stage.categories[0] if stage.categories else None
    if first is not None and Timing.POST_THERAPY in first.timing and first.method is None:
        yield Problem(first.letter)


@check(rules.CERTAINTY_AFTER_EDITION_7, facts.CERTAINTY, lambda found: found & facts.EDITION)
def certainty_after_edition_7(stage: Stage) -> Iterator[Problem]:
    """The C-factor ended with UICC 7."""
    number = number_of(stage.edition)
    if number is not None and number > editions.last_edition(Kind.CERTAINTY):
        for category in stage.categories:
            if category.suffixes.certainty:
                yield Problem(category.letter)


@check(rules.NOT_IN_EDITION, facts.CHANGED, lambda found: found & facts.EDITION)
def not_in_edition(stage: Stage) -> Iterator[Problem]:
    """A value or suffix that the written edition does not have, whatever the site."""
    number = number_of(stage.edition)
    if number is not None:
        for category, change in missing_in_edition(stage, number):
            if not change.sites:
                yield Problem(
                    category.letter,
                    {"number": number, "name": change.name, "editions": change.editions()},
                )


def missing_in_edition(stage: Stage, number: int) -> Iterator[tuple[Category, Change]]:
    """Yield the categories with what an edition does not have, at whatever site the change is for."""
    for change in editions.missing_from(number):
        for category in stage.categories:
            if facts.has_what_changed(category, change):
                yield category, change


@check(rules.NO_SUCH_EDITION, facts.UNKNOWN_EDITION)
def no_such_edition(stage: Stage) -> Iterator[Problem]:
    """An edition with a number that no edition has; a year in two digits is never guessed (ruling J.14)."""
    number = number_of(stage.edition)
    if number is not None and number > editions.NUMBERED:
        yield Problem("edition", {"text": shown(str(stage.edition))})


@check(rules.R_ON_UNKNOWN, facts.RECURRENT_GROUP)
def r_on_unknown(stage: Stage) -> Iterator[Problem]:
    """R on a group that is unknown."""
    if stage.group is not None and stage.group.value == "X" and Timing.RECURRENCE in stage.group.timing:
        yield Problem("group", {"text": shown(str(stage.group))})


@check(rules.IS_IS_NOT_RISS, facts.NAMED_GROUP, lambda found: found & facts.RECURRENT_GROUP)
def is_is_not_riss(stage: Stage) -> Iterator[Problem]:
    """Testis stage IS at recurrence looks like the myeloma system R-ISS."""
    if stage.group is not None and stage.group.value == "IS" and Timing.RECURRENCE in stage.group.timing:
        yield Problem("group")


@check(rules.STAGE_TIS, facts.NAMED_GROUP)
def stage_tis(stage: Stage) -> Iterator[Problem]:
    """Tis is a T category; as a group some lists have it, and stage 0 is meant more often."""
    if stage.group is not None and stage.group.value == "Tis":
        yield Problem("group", {"before": shown(str(stage.group))})


def checked_rules() -> tuple[Rule, ...]:
    """Return the rules that have a check on a stage."""
    return tuple(one.rule for one in _CHECKS)
