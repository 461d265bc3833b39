"""Which values a primary site has, as a table of the user says it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rstage.arguments import check_type
from rstage.model.category import Category, Method
from rstage.model.edition import Edition, may_be_same
from rstage.model.group import StageGroup, numeral
from rstage.reference import vocabulary
from rstage.reference.numerals import ARABIC
from rstage.reference.systems import WITH_R
from rstage.reference.topography import CodeRange, code_range, overlap

if TYPE_CHECKING:
    from collections.abc import Iterable

GROUP = "group"
"""The name of the stage group among T, N and M."""

MOST_NEAR = 2
"""How many values a diagnostic names as the nearest."""

# Say nothing about a site: not assessed, not assigned, positive nodes of no stated number.
_UNSPECIFIC = frozenset({"X", vocabulary.POSITIVE, vocabulary.NOT_ASSIGNED})


class SiteValue(NamedTuple):
    """One value of a site: `T1a`, `IIA`; method and edition are None where it holds for each."""

    item: str
    text: str
    method: Method | None = None
    edition: Edition | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SiteSchema:
    """The values of one site, or of several that share a topography code. Equal only to itself.

    Attributes:
        name: as the table has it. spans: its topography codes. entries: its values.
    """

    name: str
    spans: tuple[CodeRange, ...] = ()
    entries: frozenset[SiteValue] = frozenset()
    _lists: dict[tuple[str, Method | None, Edition | None], frozenset[str]] = field(
        default_factory=dict, repr=False
    )

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r}, {len(self.entries)} values)"

    def allowed(
        self, category: str, method: Method | None = None, edition: Edition | str | None = None
    ) -> frozenset[str]:
        """Return the values of a site, such as `T1a` or `IIA`; an empty set says that none are listed.

        Args:
            category: `T`, `N`, `M` or `group`.
            method: c, p, or u, which counts as c; None for the values of every method.
            edition: the edition of the stage, or as `8` or `AJCC 8`; None for the values of every edition.

        Raises:
            ValueError: the text is no edition.
        """
        if isinstance(edition, str):
            owner, _, version = edition.rpartition(" ")
            edition = Edition(version=version, owner=owner or None)
        elif edition is not None:
            check_type("edition", edition, Edition)
        key = category, method, edition
        found = self._lists.get(key)
        if found is None:
            wanted = Method.CLINICAL if method is Method.ULTRASOUND else method
            found = self._lists[key] = frozenset(
                one.text
                for one in self.entries
                if one.item == category
                and (wanted is None or one.method in (None, wanted))
                and _is_same_edition(one.edition, edition)
            )
        return found

    def has(self, category: Category, edition: Edition | None) -> bool | None:
        """Return whether the site has the category; None where its table says nothing of it."""
        check_type("category", category, Category)
        listed = self.allowed(category.letter, category.method, edition)
        if not listed or category.value in _UNSPECIFIC:
            return None
        texts = [category.letter + category.value + category.subcategory]
        if category.upper is not None:
            texts.append(category.letter + category.upper)
        return listed.issuperset(texts)

    def has_group(self, group: StageGroup, edition: Edition | None) -> bool | None:
        """Return whether the site has the stage group; None where its table says nothing of it."""
        check_type("group", group, StageGroup)
        listed = self.allowed(GROUP, group.method, edition)
        if not listed or group.value in _UNSPECIFIC or group.system not in WITH_R:
            return None
        return listed.issuperset([group.value] + ([group.upper] if group.upper else []))

    def knows(self, edition: Edition | None) -> bool:
        """Return whether any value holds for an edition."""
        return any(self.allowed(item, None, edition) for item in ("T", "N", "M", GROUP))


UNKNOWN_SITE = SiteSchema(name="")
"""The schema of a site that a table does not have."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SiteTable:
    """The values of many sites, read from a file by `rstage.load_site_table`. Equal only to itself.

    Attributes:
        schemas: its schemas, in the order of their names.
        skipped: how many of its values could not be read; always 0 for a table with lines.
    """

    made_by: ClassVar[str] = "rstage.load_site_table(path)"

    schemas: tuple[SiteSchema, ...]
    skipped: int = 0
    _known: dict[CodeRange, SiteSchema | None] = field(default_factory=dict, repr=False)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self.schemas)} schemas)"

    def for_site(self, site: str) -> SiteSchema | None:
        """Return the schema of a site; where several share a code, one with the values of all of them.

        Args:
            site: an ICD-O topography code in any case, with or without dot, or the name of a schema.
        """
        check_type("site", site, str)
        span = code_range(site)
        if span is None:
            name = site.strip().casefold()
            return next((one for one in self.schemas if one.name.casefold() == name), None)
        if span not in self._known:
            self._known[span] = _joined([one for one in self.schemas if overlap(span, one.spans)])
        return self._known[span]


def nearest(item: str, text: str, listed: Iterable[str]) -> tuple[str, ...]:
    """Return the listed values nearest to one that is not listed: `T2` and `T2a` for `T2c`."""
    rank = _rank(item, text)
    near = sorted(listed, key=lambda one: (abs(_rank(item, one) - rank), len(one), one))
    return tuple(near[:MOST_NEAR])


def _rank(item: str, text: str) -> int:
    """Return how advanced a value is, so that T3 is nearer to T4 than T1."""
    value = numeral(text) if item == GROUP else vocabulary.split(item, text[1:])[0]
    ranks = _ranks()
    return ranks.index(value) if value in ranks else 0


@cache
def _ranks() -> tuple[str, ...]:
    """Return the values of the categories and the numerals of groups, from least to most."""
    values = dict.fromkeys(value for letter in "TNM" for value in vocabulary.values(letter))
    return ("", *(value for value in values if value != vocabulary.POSITIVE), *ARABIC)


def _joined(schemas: list[SiteSchema]) -> SiteSchema | None:
    if len(schemas) < 2:
        return schemas[0] if schemas else None
    return SiteSchema(
        name="+".join([one.name for one in schemas]),
        spans=tuple(span for one in schemas for span in one.spans),
        entries=frozenset().union(*[one.entries for one in schemas]),
    )


def _is_same_edition(listed: Edition | None, written: Edition | None) -> bool:
    """Return whether a value of one edition holds for a stage of another; unnamed owners fit each."""
    return listed is None or written is None or may_be_same(listed, written)
