"""The options of reading, and what each may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypedDict

from rstage.arguments import check_type
from rstage.model.edition import Edition
from rstage.notation.build import parse_edition
from rstage.reference.choices import DIALECTS, FIELDS, MODES
from rstage.reference.systems import SYSTEMS, TNM

if TYPE_CHECKING:
    from rstage.dialects.affixes import Affixes
    from rstage.model.site_schema import SiteSchema, SiteTable
    from rstage.reference.choices import DialectName, FieldName, Mode


class Options(NamedTuple):
    """Checked options of reading; `read` says what each means.

    `has_checks` is off while a part of a stage is read: the checks belong to the whole stage. `affixes` are
    what other columns add to this one. `schema` holds the values of the site. `is_system_given` tells whether
    the caller named the system, which matters for TNM alone.
    """

    mode: str = "standard"
    field: str | None = None
    dialect: str | None = None
    system: str = "TNM"
    edition: Edition | None = None
    carry_method: bool = False
    assume_clinical: bool = False
    has_checks: bool = True
    affixes: Affixes | None = None
    schema: SiteSchema | None = None
    is_system_given: bool = False


PLAIN_OPTIONS = Options()
"""Reading without any option."""


class SpellingOptions(TypedDict, total=False):
    """The keywords of `read` that need no column: those that messages and running text have too."""

    mode: Mode
    edition: str | Edition | None
    carry_method: bool
    assume_clinical: bool


class SitelessOptions(SpellingOptions, total=False):
    """The keywords of `read` but for the site, for functions that take that from elsewhere."""

    field: FieldName | None
    dialect: DialectName | None
    system: str | None
    site_table: SiteTable | None


class ReadOptions(SitelessOptions, total=False):
    """The keywords of `read`, for functions that hand them on.

    `system` is any of `SYSTEMS`: they are a table of data, and no type lists them.
    """

    site: str | None


SPELLING_KEYWORDS = SpellingOptions.__optional_keys__
READ_KEYWORDS = ReadOptions.__optional_keys__
"""The names of all the keywords of `read`."""


def checked_options(
    *,
    mode: Mode = "standard",
    field: FieldName | None = None,
    dialect: DialectName | None = None,
    system: str | None = None,
    edition: str | Edition | None = None,
    carry_method: bool = False,
    assume_clinical: bool = False,
    site_table: SiteTable | None = None,
    site: str | None = None,
) -> Options:
    """Return the options of reading that keywords of `read` say.

    Raises:
        ValueError: an option has an unknown value; the message names the known ones.
        TypeError: an option is unknown, or has another type.
    """
    _known("mode", mode, MODES)
    _known("field", field, (None, *FIELDS))
    _known("dialect", dialect, (None, *DIALECTS))
    _known("system", system, (None, *SYSTEMS))
    if isinstance(edition, str):
        edition = parse_edition(edition)
    elif edition is not None and not isinstance(edition, Edition):
        raise TypeError(f"an edition is a str or an Edition, not {type(edition).__name__}")
    schema = None if site_table is None else _schema(site_table, site)
    methods = bool(carry_method), bool(assume_clinical)
    is_given = system is not None
    return Options(
        mode, field, dialect, system or TNM, edition, *methods, schema=schema, is_system_given=is_given
    )


def _schema(table: SiteTable, site: str | None) -> SiteSchema | None:
    """Return the schema of a site; None where no site is given."""
    from rstage.model.site_schema import UNKNOWN_SITE, SiteTable

    check_type("site_table", table, SiteTable)
    if site is None:
        return None
    check_type("site", site, str)
    if not site.strip():
        return None
    return table.for_site(site) or UNKNOWN_SITE


def _known(option: str, value: object, known: tuple[object, ...]) -> None:
    if value not in known:
        names = ", ".join([str(name) for name in known if name is not None])
        raise ValueError(f"{option} is one of {names}" if names else f"this version knows no {option}")
