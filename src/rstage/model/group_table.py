"""Which stage group T, N and M have together, as a table of the user says it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from rstage import rules
from rstage.arguments import check_type
from rstage.model.category import Category, Method, Timing
from rstage.model.edition import Edition, may_be_same
from rstage.model.group import StageGroup, numeral
from rstage.model.stage import Stage
from rstage.privacy import shown
from rstage.reference.topography import CodeRange, code_range, overlap
from rstage.reference.vocabulary import NOT_ASSIGNED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rstage.diagnostics import Diagnostic, Span

LETTERS = ("T", "N", "M")

Values = frozenset[str] | None
"""The values of a category that a line is for, such as `1a`; None is any, a missing one too."""


class GroupLine(NamedTuple):
    """One line of a group table.

    Attributes:
        values: those of T, N and M. group: what they have together; None where the table gives none.
        method: c or p, or None for both. is_after_therapy: whether it is for stages with y.
        edition: the edition that it is for; None for each.
        is_certain: whether it holds without anything that rstage does not know, such as a grade.
    """

    values: tuple[Values, Values, Values]
    group: StageGroup | None
    method: Method | None = None
    is_after_therapy: bool = False
    edition: Edition | None = None
    is_certain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GroupSchema:
    """The lines of one site. Equal only to itself.

    Attributes:
        name: as the table has it; empty where it has no sites. spans: its topography codes.
    """

    name: str
    spans: tuple[CodeRange, ...]
    lines: tuple[GroupLine, ...]
    _exact: tuple[frozenset[str], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        columns = zip(*[line.values for line in self.lines], strict=True)
        listed = [frozenset().union(*[one or () for one in column]) for column in columns]
        object.__setattr__(self, "_exact", tuple(listed))

    def lines_for(self, stage: Stage) -> list[GroupLine] | None:
        """Return the lines for the categories of a stage.

        None where nothing can be said: a stage with r or a, to which groups are not assigned, a range, or no
        categories.
        """
        marks = [category.timing for category in stage.categories]
        is_assigned = marks and not any({Timing.RECURRENCE, Timing.AUTOPSY} & mark for mark in marks)
        if not is_assigned or any(category.upper is not None for category in stage.categories):
            return None
        written = [
            self._listed(place, category) for place, category in enumerate((stage.t, stage.n, stage.m))
        ]
        is_after_therapy = any(Timing.POST_THERAPY in mark for mark in marks)
        methods = _methods(stage)
        return [
            line
            for line in self.lines
            if line.is_after_therapy == is_after_therapy
            and line.method in (None, *methods)
            and (None in (line.edition, stage.edition) or may_be_same(line.edition, stage.edition))  # type: ignore[arg-type]
            and all(
                listed is None or value in listed for listed, value in zip(line.values, written, strict=True)
            )
        ]

    def _listed(self, place: int, category: Category | None) -> str | None:
        """Return how the lines name a value: T1a as T1 where they divide no T1."""
        if category is None or category.value == NOT_ASSIGNED:
            return None
        value, exact = value_text(category), self._exact[place]
        is_divided = any(one != category.value and one.startswith(category.value) for one in exact)
        return category.value if value not in exact and not is_divided else value


def value_text(category: Category) -> str:
    """Return the value of a category as a line of a table names it: `1a`, `is`, `1mi`."""
    return category.value + category.subcategory + ("mi" if category.suffixes.minimal else "")


def _methods(stage: Stage) -> tuple[Method, ...]:
    """Return the methods that a stage can be of: that of T and N; both where they name none, or differ."""
    named = {category.method for category in (stage.t, stage.n) if category is not None} - {None}
    found = {Method.PATHOLOGICAL if one is Method.PATHOLOGICAL else Method.CLINICAL for one in named}
    return tuple(found) if len(found) == 1 else (Method.CLINICAL, Method.PATHOLOGICAL)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GroupTable:
    """The stage groups of one or of many sites. Equal only to itself.

    Attributes:
        schemas: its schemas; one without a name where it has no sites.
    """

    schemas: tuple[GroupSchema, ...]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self.schemas)} schemas)"

    @property
    def needs_site(self) -> bool:
        """Whether it has lines of sites."""
        return any(schema.name or schema.spans for schema in self.schemas)

    def for_site(self, site: str) -> tuple[GroupSchema, ...]:
        """Return the schemas of a site, a code or the name of a schema; all where none has a site."""
        if not self.needs_site:
            return self.schemas
        span = code_range(site)
        if span is None:
            name = site.strip().casefold()
            return tuple(one for one in self.schemas if one.name and one.name.casefold() == name)
        return tuple(one for one in self.schemas if overlap(span, one.spans))

    def group_of(self, stage: Stage, site: str | None = None) -> StageGroup | None:
        """Return the one group that the categories of a stage have; None where none or several can be.

        Args:
            stage: the stage; its own group does not count.
            site: an ICD-O topography code or the name of a schema, where the table has sites.

        Raises:
            TypeError: the stage or the site has another type.
        """
        schemas = self._schemas_of(stage, site)
        return None if schemas is None else derived_group(stage, schemas)

    def check(self, stage: Stage, site: str | None = None) -> tuple[Diagnostic, ...]:
        """Return what the table says against a stage: RS350 to RS352, without a place in a text.

        Nothing is said without a site where the table has sites.

        Args:
            stage: the stage.
            site: as for `group_of`.

        Raises:
            TypeError: the stage or the site has another type.
        """
        schemas = self._schemas_of(stage, site)
        return () if schemas is None else tuple(group_findings(stage, schemas, (0, 0), "group"))

    def _schemas_of(self, stage: Stage, site: str | None) -> tuple[GroupSchema, ...] | None:
        check_type("stage", stage, Stage)
        if site is not None:
            check_type("site", site, str)
        return known_schemas(self, site)


def derived_group(stage: Stage, schemas: Iterable[GroupSchema]) -> StageGroup | None:
    """Return the one group that the categories of a stage have; None where none or several can be."""
    lines = _lines_for(stage, schemas)
    groups = {line.group for line in lines or ()}
    is_certain = all(line.is_certain for line in lines or ())
    return groups.pop() if is_certain and len(groups) == 1 else None


def _lines_for(stage: Stage, schemas: Iterable[GroupSchema]) -> list[GroupLine] | None:
    found = [schema.lines_for(stage) for schema in schemas]
    return None if None in found else [line for lines in found for line in lines or ()]


def compared_stages(
    stages: Sequence[Stage], table: GroupTable, site: str | None, span: Span, part: str | None = None
) -> list[Diagnostic]:
    """Return what a group table says against the stage of a reading; nothing without a site that it needs.

    Args:
        stages: those of the reading; several are not compared.
        table: the table.
        site: the site; None or blank where it is not known.
        span: where the group stands, or the stage where nothing better is known.
        part: the part that the span counts in.
    """
    schemas = known_schemas(table, site)
    if len(stages) != 1 or schemas is None:
        return []
    return group_findings(stages[0], schemas, span, part)


def known_schemas(table: GroupTable, site: str | None) -> tuple[GroupSchema, ...] | None:
    """Return the schemas of a site; None where the table needs one and it is not known."""
    if table.needs_site and not (site or "").strip():
        return None
    return table.for_site(site or "")


def group_findings(
    stage: Stage, schemas: Iterable[GroupSchema], span: Span, part: str | None = None
) -> list[Diagnostic]:
    """Return what a group table says against a stage.

    Args:
        stage: the stage.
        schemas: those of its site.
        span: where the group stands, or the stage where nothing better is known.
        part: the part that the span counts in.
    """
    schemas = tuple(schemas)
    if not schemas:
        return [rules.SITE_NOT_IN_GROUP_TABLE.at(span, part=part)] if stage.categories else []
    lines = _lines_for(stage, schemas)
    if lines is None:
        return []
    groups = {line.group for line in lines}
    if not groups:
        is_whole = None not in (stage.t, stage.n, stage.m)
        return [rules.NO_GROUP_IN_TABLE.at(span, part=part)] if is_whole or stage.group else []
    if stage.group is None or None in groups:
        return []
    given = sorted(str(group) for group in groups)
    if any(_agrees(stage.group, group) for group in groups if group is not None):
        return []
    suggestions = tuple(given) if len(given) == 1 else ()
    stated = shown(str(stage.group))
    return [
        rules.GROUP_CONTRADICTS.at(
            span, part=part, suggestions=suggestions, given=" or ".join(given), stated=stated
        )
    ]


def _agrees(stated: StageGroup, given: StageGroup) -> bool:
    """Return whether a group can be what a table gives; what cannot be compared is no contradiction.

    A prognostic group follows from more than T, N and M; `II` says less than `IIA`, and nothing else.
    """
    if stated.system != given.system or stated.upper is not None or stated.value == "X":
        return True
    if (stated.kind == "prognostic") != (given.kind == "prognostic") or Timing.RECURRENCE in stated.timing:
        return True
    one, other = sorted((stated.value.casefold(), given.value.casefold()), key=len)
    return one == other or (other.startswith(one) and numeral(stated.value) == numeral(given.value) != "")
