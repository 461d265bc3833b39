"""Options of every command that reads stages, and what they come to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import click

from rstage import rules
from rstage.cli.completing import complete_columns
from rstage.cli.exit_codes import CLEAN, FINDINGS
from rstage.cli.option_groups import choice_option, file_option, flag_option, is_stated, text_option
from rstage.diagnostics import Severity
from rstage.files.errors import TableError
from rstage.reading.options import SpellingOptions, checked_options
from rstage.reference.choices import DIALECTS, MODES
from rstage.reference.systems import SYSTEMS

if TYPE_CHECKING:
    from rstage.model.site_schema import SiteTable
    from rstage.reading.options import ReadOptions
    from rstage.reference.choices import DialectName, Mode
    from rstage.reporting.counts import FindingCounts

OPEN = tuple(SpellingOptions.__annotations__)
"""The options of reading that running text and messages leave open; what they are fixes the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingOptions:
    """How stages are read."""

    mode: Mode = choice_option("--mode", MODES, "How freely spelling may vary.", default="standard")
    dialect: DialectName | None = choice_option("--dialect", DIALECTS, "Registry dialect of the cells.")
    edition: str | None = text_option(
        "--edition", "EDITION", "Edition where none is written, such as 8 or 'AJCC 8'."
    )
    system: str | None = choice_option("--system", SYSTEMS, "System of a bare stage group; by default TNM.")
    carry_method: bool = flag_option("--carry-method", "Carry a leading c to N and M, a leading p to N.")
    assume_clinical: bool = flag_option("--assume-clinical", "Read a category without c or p as clinical.")
    site_table: str | None = file_option(
        "--site-table", "FILE", "Which values each site has: a table, or a SEER algorithm."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingOptions:
    """Which findings make the exit code 1."""

    fail_on: str = choice_option(
        "--fail-on",
        [str(severity) for severity in Severity],
        "Least severity that ends the run with exit code 1.",
        default=str(Severity.ERROR),
    )
    exit_zero: bool = flag_option("--exit-zero", "End with exit code 0 whatever is found.")


site_option = partial(
    text_option,
    "--site",
    metavar="COL | =VALUE",
    shell_complete=complete_columns,
    help_text="Primary site, for --site-table: ICD-O code or name of a schema.",
)


def read_options(given: ReadingOptions, site: str | None = None) -> ReadOptions:
    """Return the keywords of `read`; the site itself is none of them.

    Raises:
        TableError: RS012, the edition is none; RS013 to RS015, the site table cannot be used.
        click.UsageError: there is a site table and no site.
    """
    options: ReadOptions = {
        "mode": given.mode,
        "dialect": given.dialect,
        "edition": given.edition,
        "system": given.system,
        "carry_method": given.carry_method,
        "assume_clinical": given.assume_clinical,
    }
    try:
        checked_options(**options)
    except ValueError as error:
        raise TableError(rules.OPTION_UNUSABLE.at(option="--edition", why=str(error))) from None
    if given.site_table is not None:
        if site is None:
            raise click.UsageError("--site-table needs --site")
        options["site_table"] = _site_table(given.site_table)
    return options


def _site_table(file: str) -> SiteTable:
    from rstage.sites.files import SiteTableError
    from rstage.sites.load import load_site_table

    try:
        return load_site_table(file)
    except SiteTableError as error:
        raise TableError(error.diagnostic) from None


def check_site(reading: ReadOptions, site: str | None, *, group_table: str | None = None) -> str | None:
    """Return a site that is there for a table of sites alone; None where a setting gives it, and no table.

    Raises:
        click.UsageError: it was given on the command line and there is no such table.
    """
    if "site_table" in reading or group_table is not None or site is None:
        return site
    if is_stated("site"):
        raise click.UsageError("--site needs --site-table or --group-table")
    return None


def text_site(site: str | None) -> str | None:
    """Return the site of the texts of --text, given as =VALUE; the column of a setting is for tables.

    Raises:
        TableError: RS012, it is a column.
    """
    if site is None or site.startswith("="):
        return site and site[1:]
    if not is_stated("site"):
        return None
    why = "with --text it takes a value, written as =VALUE"
    raise TableError(rules.OPTION_UNUSABLE.at(option="--site", why=why))


def exit_code(counts: FindingCounts, options: FindingOptions) -> int:
    """Return the exit code for what was found; an internal error is never silenced."""
    if counts.codes[rules.INTERNAL_ERROR.code, Severity.ERROR]:
        return FINDINGS
    return FINDINGS if counts.reaches(Severity(options.fail_on)) and not options.exit_zero else CLEAN
