"""A staging: a stage as it was given to one tumor, with its text, its date, and where it belongs."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self

from rstage import rules
from rstage.arguments import check_keywords, check_type
from rstage.caches import cached
from rstage.diagnostics import Diagnostic, NotationError, has_error
from rstage.model.checks import missing_in_edition
from rstage.model.edition import number_of
from rstage.model.stage import Stage
from rstage.model.value import Value, tuple_of, unfrozen
from rstage.privacy import shown
from rstage.reading.options import READ_KEYWORDS
from rstage.reading.read import Reading, read
from rstage.reference import editions
from rstage.reference.topography import code_range, overlap, pattern_ranges

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Unpack

    from rstage.model.edition import Edition
    from rstage.model.group import StageGroup
    from rstage.reading.options import SitelessOptions
    from rstage.reference.topography import CodeRange

_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?", re.ASCII)
# Thyroid, testis and placenta have M1 in stages II and III (UICC 7 stage tables as published by SEER).
_SITES_WITH_EARLY_M1 = pattern_ranges("C58,C62,C73")


class Circumstances(NamedTuple):
    """What belongs to a staging besides the stage and its text."""

    date: str | None = None
    id: str | None = None
    site: str | None = None
    tumor_id: str | None = None


CircumstanceValues = tuple[str | None, str | None, str | None, str | None]
"""Circumstances, or the same four values without their names, which cost less where rows come in millions."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Staging(Value):
    """A stage given to one tumor.

    Attributes:
        stage: the stage. text: the text it was read from, as it was given; both count for equality.
        date: ISO 8601, possibly partial: `2019`, `2019-03`, `2019-03-02`.
        tumor_id: the tumor. site: its primary site, an ICD-O topography code or any short text.
        id: an id of the staging itself.
        diagnostics: what was found while reading; no part of equality.

    A blank id or site becomes None. `str` gives the stage, and `repr` shows no more than that.

    Raises:
        ValueError: the date is no date of the calendar, or a text cannot be written as UTF-8.
        TypeError: a field that holds text is given something else.
    """

    stage: Stage
    text: str
    date: str | None = None
    tumor_id: str | None = None
    site: str | None = None
    id: str | None = None
    diagnostics: tuple[Diagnostic, ...] = field(default=(), compare=False)

    made_by: ClassVar[str] = "rstage.Staging.parse(text)"
    readers: ClassVar[dict[str, Any]] = {
        "stage": Stage.from_dict,
        "diagnostics": tuple_of(Diagnostic.from_dict),
    }

    def __post_init__(self) -> None:
        check_type("stage", self.stage, Stage)
        _check_text("text", self.text)
        date = partial_date(self.date)
        if date is not self.date:
            object.__setattr__(self, "date", date)
        for name, value in (("tumor_id", self.tumor_id), ("site", self.site), ("id", self.id)):
            if value is not None and not _check_text(name, value).strip():
                object.__setattr__(self, name, None)

    @classmethod
    def parse(
        cls,
        text: str,
        *,
        tumor_id: str | None = None,
        site: str | None = None,
        date: str | dt.date | None = None,
        id: str | None = None,  # noqa: A002  the field's name
        **options: Unpack[SitelessOptions],
    ) -> Self:
        """Return the staging whose one stage stands in `text`; `options` are those of `rstage.read`.

        Raises:
            NotationError: the text has an error or does not hold exactly one stage; what was only warned
                about is kept in `diagnostics`.
            ValueError: the date is no date, or an option has an unknown value.
            TypeError: a text is no string.
        """
        check_keywords("Staging.parse", options, READ_KEYWORDS)
        return cls.of(read(text, site=site, **options), tumor_id=tumor_id, site=site, date=date, id=id)

    @classmethod
    def of(
        cls,
        reading: Reading,
        *,
        tumor_id: str | None = None,
        site: str | None = None,
        date: str | dt.date | None = None,
        id: str | None = None,  # noqa: A002  the field's name
    ) -> Self:
        """Return the staging of what was read already, for example by `rstage.read_parts`.

        Raises:
            NotationError: the reading has an error or does not hold exactly one stage.
            ValueError: the date is no date.
            TypeError: a text is no string.
        """
        check_type("reading", reading, Reading)
        if reading.stage is None:
            raise NotationError(why_not_one_stage(reading))
        staging = cls(
            stage=reading.stage,
            text=reading.text,
            date=partial_date(date),
            tumor_id=tumor_id,
            site=site,
            id=id,
            diagnostics=reading.diagnostics,
        )
        found = check_against_site(staging.stage, staging.site, staging.date)
        return replace(staging, diagnostics=reading.diagnostics + found) if found else staging

    @staticmethod
    def of_parts(
        stage: Stage, text: str, circumstances: CircumstanceValues, diagnostics: tuple[Diagnostic, ...] = ()
    ) -> Staging:
        """Return the staging of parts that can be written as UTF-8, with a date that is one and no blank id.

        The constructor makes sure of all that; whoever calls this has done so part by part.
        """
        made = object.__new__(_UnfrozenStaging)
        made.stage, made.text, made.diagnostics = stage, text, diagnostics
        made.date, made.id, made.site, made.tumor_id = circumstances
        made.__class__ = Staging
        return made  # type: ignore[no-any-return]  # it has become one

    @property
    def circumstances(self) -> Circumstances:
        """Date, id, site and tumor id."""
        return Circumstances(self.date, self.id, self.site, self.tumor_id)

    def __str__(self) -> str:
        return str(self.stage)


_UnfrozenStaging = unfrozen(Staging)


def why_not_one_stage(reading: Reading) -> tuple[Diagnostic, ...]:
    """Return the diagnostics of a reading that has no stage, with one that says so where none is an error."""
    if has_error(reading.diagnostics):
        return reading.diagnostics
    needed = rules.ONE_STAGE_NEEDED.at((0, len(reading.text)), column="text")
    return (*reading.diagnostics, needed)


def _check_text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name} is a str, not {type(value).__name__}")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            # A lone surrogate: the bytes of the source were not in its encoding, and no digest covers it.
            raise ValueError(f"{name} holds a character that cannot be written as UTF-8") from None
    return value


def partial_date(value: object) -> str | None:
    """Return a date as ISO 8601 text that may stop after the year or the month, or None where there is none.

    Args:
        value: such a text, a `datetime.date` (the time of a `datetime.datetime` is left out), or None.

    Raises:
        ValueError: the text is no date of the calendar; the message does not show it.
    """
    if value is None:
        return None
    text = value.isoformat()[:10] if isinstance(value, dt.date) else value
    if isinstance(text, str) and _is_date(text):
        return text
    raise ValueError("a date is YYYY, YYYY-MM or YYYY-MM-DD, and stands in the calendar")


@cached()
def _is_date(text: str) -> bool:
    if _DATE.fullmatch(text) is None:
        return False
    try:
        dt.date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        return False
    return True


def certainly_before(first: str | None, second: str | None) -> bool:
    """Return whether one partial date is before another whatever the missing parts are."""
    if first is None or second is None:
        return False
    shared = min(len(first), len(second))
    return first[:shared] < second[:shared]


def is_same_site(first: str, second: str) -> bool:
    """Return whether two sites are the same but for case, blanks around, and the dot of a topography code."""
    return _comparable(first) == _comparable(second)


def _comparable(site: str) -> str:
    text = site.strip().upper()
    return text.replace(".", "") if code_range(text) else text


def check_against_site(stage: Stage, site: str | None, date: str | None = None) -> tuple[Diagnostic, ...]:
    """Return what of a stage does not fit its primary site, or its date where that is known.

    M1 with stage group II or III, a value that an edition has at other sites only, a chapter of the ninth
    edition that was not published. Nothing is said where the site is missing or no ICD-O topography code:
    only a code tells which site it is not.
    """
    codes = code_range(site) if site is not None else None
    if codes is None:
        return ()
    found = _early_m1(stage, codes)
    number = number_of(stage.edition)
    if number is not None:
        found += _not_in_edition(stage, number, codes)
        if number == editions.NUMBERED:
            found += check_chapter(stage.edition, site, date)
    return tuple(found)


def site_counts(stage: Stage) -> bool:
    """Return whether there may be a site that a stage, or its r-form, does not fit."""
    return stage.edition is not None or (stage.group is not None and stage.m is not None)


def _early_m1(stage: Stage, codes: CodeRange) -> list[Diagnostic]:
    group = stage.group
    if group is None or group.upper is not None or stage.m is None or stage.m.value != "1":
        return []
    if group.numeral not in ("II", "III") or overlap(codes, _SITES_WITH_EARLY_M1):
        return []
    return [_with_early_m1(group)]


@cached()
def _with_early_m1(group: StageGroup) -> Diagnostic:
    return rules.M1_WITH_STAGE_II_OR_III.at(group=shown(str(group)))


def _not_in_edition(stage: Stage, number: int, codes: CodeRange) -> list[Diagnostic]:
    """Return the values that the written edition does not have at this site."""
    changes = editions.missing_at(number, codes)
    return [
        rules.NOT_IN_EDITION.at(number=number, name=change.name, editions=change.editions())
        for _, change in (missing_in_edition(stage, number) if changes else ())
        if change in changes
    ]


def check_chapter(edition: Edition | None, site: str | None, date: str | None) -> Iterator[Diagnostic]:
    """Yield a diagnostic where the ninth edition has no chapter for a site, or had none at a date.

    A 9 without an owner can be that of AJCC or UICC, so it counts where either has one.
    """
    year = chapter_year(edition, site)
    if year == editions.NEVER:
        yield rules.CHAPTER_NOT_PUBLISHED.at(why="has no chapter for this site")
    elif year is not None and certainly_before(date, str(year)):
        yield rules.CHAPTER_NOT_PUBLISHED.at(why=f"is for this site from {year} on")


def chapter_year(edition: Edition | None, site: str | None) -> int | None:
    """Return the first year of the ninth edition at a site, or `NEVER`; None for any other edition."""
    codes = code_range(site) if site is not None else None
    if edition is None or codes is None or number_of(edition) != editions.NUMBERED:
        return None
    return editions.first_year(edition.owner, codes)
