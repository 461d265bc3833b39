"""Options that several commands share, and what they come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeVar

import click

from rstage import rules
from rstage.diagnostics import Severity
from rstage.dialects import DIALECTS
from rstage.missing import missing_words
from rstage.options import MODES, checked_options
from rstage.presets import NO_PRESET, PRESETS, Preset, load_preset
from rstage.selection import Selection
from rstage.systems import SYSTEMS
from rstage.table_encodings import DEFAULT_ENCODING
from rstage.table_errors import TableError
from rstage.table_findings import FindingCounts

from .configuring import is_stated
from .decorating import FILE, together
from .ending import SummaryFile
from .telling import COLORS, Teller

if TYPE_CHECKING:
    from collections.abc import Callable

    from rstage.site_schema import SiteTable
    from rstage.tables import Table

_Command = TypeVar("_Command", bound="Callable[..., Any]")

FINDINGS = 1

# The names of formats, engines and policies; what they do is imported when a file is read.
_FORMATS = ("naaccr", "obds", "fhir")
_TABLE_FORMATS = ("csv", "tsv", "psv", "ndjson", "parquet", "excel")
_ENGINES = ("auto", "stdlib", "polars")
_POLICIES = ("pathological", "clinical", "earliest")


def _dialect_option(command: _Command) -> _Command:
    """Add --dialect where this version knows a dialect."""
    if not DIALECTS:
        return command
    return click.option("--dialect", type=click.Choice(DIALECTS), help="Registry dialect of the cells.")(
        command
    )


reading_options = together(
    click.option(
        "--mode", type=click.Choice(MODES), default="standard", help="How freely spelling may vary."
    ),
    _dialect_option,
    click.option(
        "--edition", metavar="EDITION", help="Edition where none is written, such as 8 or 'AJCC 8'."
    ),
    click.option(
        "--system", type=click.Choice(SYSTEMS), default=SYSTEMS[0], help="System of a bare stage group."
    ),
    click.option("--carry-method", is_flag=True, help="Carry a leading c to N and M, a leading p to N."),
    click.option("--assume-clinical", is_flag=True, help="Read a category without c or p as clinical."),
    click.option(
        "--site-table",
        type=FILE,
        metavar="FILE",
        help="Which values each site has: a table, or a SEER algorithm.",
    ),
)

site_option = click.option(
    "--site", metavar="COL | =VALUE", help="Primary site, for --site-table: ICD-O code or name of a schema."
)

finding_options = together(
    click.option(
        "--fail-on",
        type=click.Choice([str(severity) for severity in Severity]),
        default=str(Severity.ERROR),
        help="Least severity that ends the run with exit code 1.",
    ),
    click.option("--exit-zero", is_flag=True, help="End with exit code 0 whatever is found."),
)

table_format_option = click.option(
    "--input-format", type=click.Choice(_TABLE_FORMATS), help="Format of FILE; else its name ends in it."
)

table_options = together(
    click.option(
        "--delimiter", metavar="CHAR", help="Delimiter; by default tab for .tsv and .tab, else comma."
    ),
    click.option("--sheet", metavar="NAME", help="Sheet of an Excel workbook, where it has several."),
    click.option("--comment", metavar="TEXT", help="What lines before the header begin with, such as #."),
    click.option("--encoding", default=DEFAULT_ENCODING, show_default=True, help="Encoding of the files."),
    click.option(
        "--missing", "missing", multiple=True, metavar="WORD", help="One more word for a missing value."
    ),
    click.option("-q", "--quiet", is_flag=True, help="No summary."),
)

policy_option = click.option(
    "--policy", type=click.Choice(_POLICIES), default=_POLICIES[0], help="Which staging is the diagnosis."
)

message_options = together(
    click.option(
        "--input-format",
        type=click.Choice((*_FORMATS, *_TABLE_FORMATS)),
        help="Format of FILE; else a message is recognized, and the name of a table ends in its format.",
    ),
    policy_option,
)

statistics_option = click.option(
    "--statistics", is_flag=True, help="Count findings by code, column and value."
)

engine_option = click.option(
    "--engine",
    type=click.Choice(_ENGINES),
    default=_ENGINES[0],
    help="What works through a table; the result is the same.",
)

output_options = together(
    click.option("-o", "--output", type=FILE, metavar="OUT", help="Output; standard output without it."),
    click.option(
        "--reject-file", type=FILE, metavar="FILE", help="Where ragged rows go; by default OUT.rejected."
    ),
    click.option("--force", is_flag=True, help="Replace files that exist."),
    engine_option,
)


def _stage(name: str, help_text: str) -> Callable[[_Command], _Command]:
    return click.option(name, multiple=True, metavar="COL | PART=COL", help=help_text)


def _fact(name: str, help_text: str) -> Callable[[_Command], _Command]:
    return click.option(name, metavar="COL | =VALUE", help=help_text)


preset_option = click.option(
    "--preset", type=click.Choice(PRESETS), help="Fill the options that are not given, for a known table."
)

restage_options = together(
    preset_option,
    _stage("--diagnosis", "Stage at diagnosis: a column, or one column a part."),
    _stage("--assessment", "New assessment, in the same way."),
    _fact("--tumor-id", "Tumor of both stages, or of the diagnosis."),
    _fact("--assessment-tumor-id", "Tumor of the assessment, where it has its own column."),
    _fact("--diagnosis-date", "Date of the diagnosis."),
    _fact("--assessment-date", "Date of the assessment."),
    _fact("--site", "Primary site at diagnosis."),
    _fact("--assessment-site", "Primary site in the record of the assessment."),
    _fact("--event", "What happened: unknown, recurrence or progression."),
    _fact("--recurrence", "Types of recurrence where they are stated, such as local+distant."),
    click.option("--date-format", metavar="FORMAT", help="Format of full dates, such as %d.%m.%Y."),
    click.option("--prefix", metavar="NAME", help="Append NAME_restaged, NAME_recurrence and so on."),
    click.option("--no-link", is_flag=True, help="Append no link."),
)

history_options = together(
    preset_option,
    _stage("--stage", "Stage of a row: a column, or one column a part."),
    click.option("--tumor-id", metavar="COL", help="Tumor of the row."),
    _fact("--date", "Date of the staging."),
    click.option("--id", "staging_id", metavar="COL", help="Id of the staging itself."),
    _fact("--site", "Primary site."),
    _fact("--event", "What happened: unknown, recurrence or progression."),
    _fact("--recurrence", "Types of recurrence where they are stated, such as local+distant."),
    click.option("--date-format", metavar="FORMAT", help="Format of full dates, such as %d.%m.%Y."),
)


def _filled(given: dict[str, Any]) -> Preset:
    """Fill what is not given as the preset says, and return the preset."""
    name = given.pop("preset", None)
    preset = load_preset(name) if name is not None else NO_PRESET
    for option, values in preset.options.items():
        if option in given and not is_stated(option):
            given[option] = values if isinstance(given[option], tuple) else values[0]
    return preset


def _site_table(file: str, given: dict[str, Any]) -> SiteTable:
    from rstage.site_files import SiteTableError
    from rstage.site_tables import load_site_table

    if given.get("site") is None:
        raise click.UsageError("--site-table needs --site")
    try:
        return load_site_table(file)
    except SiteTableError as error:
        raise TableError(error.diagnostic) from None


def _counts(given: dict[str, Any], *, with_values: bool, shows_values: bool) -> FindingCounts:
    """Return what counts the findings that are selected and not overridden."""
    overrides = None
    if (file := given.pop("overrides", None)) is not None:
        from rstage.overrides import load_overrides

        overrides = load_overrides(file)
    return FindingCounts(
        with_values=with_values,
        shows_values=shows_values,
        selection=Selection(given.pop("select", ()), given.pop("ignore", ())),
        overrides=overrides,
    )


def check_site(settings: Settings, site: str | None) -> str | None:
    """Return a site that is there for the site table alone; nothing where a setting gives one for nothing.

    Raises:
        click.UsageError: it was given on the command line and there is no site table.
    """
    if "site_table" in settings.reading or site is None:
        return site
    if is_stated("site"):
        raise click.UsageError("--site needs --site-table")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the shared options of a command come to; what a command does not have keeps its default.

    Attributes:
        reading: the keywords of `read`. words: the words of a missing value.
        delimiter, encoding, input_format, sheet, comment: of the tables. engine: what works through them.
        fail_on, exit_zero: what makes exit code 1.
        statistics, quiet: what is printed at the end. preset: what fills options, and further words.
        counts: counts what is found. record_key: the column or key that overrides call a record by.
        teller: prints what is found. summary_file: where the summary goes.
    """

    reading: dict[str, Any]
    words: frozenset[str]
    delimiter: str | None
    encoding: str
    input_format: str | None
    sheet: str | None
    comment: str | None
    engine: str
    fail_on: Severity
    exit_zero: bool
    statistics: bool
    quiet: bool
    counts: FindingCounts
    record_key: str | None
    teller: Teller
    summary_file: SummaryFile
    preset: Preset = NO_PRESET

    @classmethod
    def of(cls, given: dict[str, Any]) -> Self:
        """Return the settings, taking their options out of `given`, where a preset fills what is not given.

        Raises:
            TableError: RS012, the edition is none; RS013 to RS015, the site table cannot be used.
        """
        preset = _filled(given)
        names = ("mode", "dialect", "edition", "system", "carry_method", "assume_clinical")
        reading = {name: given.pop(name) for name in names if name in given}
        try:
            checked_options(**reading)
        except ValueError as error:
            raise TableError(rules.OPTION_UNUSABLE.at(option="--edition", why=str(error))) from None
        if (site_table := given.pop("site_table", None)) is not None:
            reading["site_table"] = _site_table(site_table, given)
        with_values = given.pop("statistics", False)
        shows_values = given.pop("show_values", False)
        return cls(
            reading=reading,
            words=missing_words(given.pop("missing", ())),
            delimiter=given.pop("delimiter", None),
            encoding=given.pop("encoding", DEFAULT_ENCODING),
            input_format=given.get("input_format"),
            sheet=given.pop("sheet", None),
            comment=given.pop("comment", None),
            engine=given.pop("engine", _ENGINES[0]),
            fail_on=Severity(given.pop("fail_on", Severity.ERROR)),
            exit_zero=given.pop("exit_zero", False),
            statistics=with_values,
            counts=_counts(given, with_values=with_values, shows_values=shows_values),
            record_key=given.pop("record_key", None),
            teller=Teller(
                most=given.pop("max_findings", None),
                color=given.pop("color", COLORS[0]),
                shows_values=shows_values,
            ),
            summary_file=SummaryFile(given.pop("summary", None)),
            quiet=given.pop("quiet", False),
            preset=preset,
        )

    def open_table(self, file: str, output: str | None = None) -> Table:
        """Open the table of a command; a sheet becomes delimited text, as the name of its output says.

        Raises:
            TableError: as `open_table` of the tables.
        """
        from rstage.table_opening import is_excel, open_table
        from rstage.tables import choose_delimiter

        form, delimiter = self.input_format, self.delimiter
        if form in _FORMATS:
            why = f"{form} is a message, which takes no columns"
            raise TableError(rules.OPTION_UNUSABLE.at(option="--input-format", why=why))
        if delimiter is None and output is not None and is_excel(file, form):
            delimiter = choose_delimiter(None, output)
        return open_table(
            file,
            form=form,
            delimiter=delimiter,
            encoding=self.encoding,
            sheet=self.sheet,
            comment=self.comment,
        )

    def find_record(self, table: Table) -> int | None:
        """Return the place of the column that overrides call a row by, where it is needed.

        Raises:
            TableError: RS005, RS010, there is no such column; RS012, it is needed and not given.
        """
        self.check_record_key()
        if self.record_key is None or self.counts.overrides is None:
            return None
        from rstage.table_columns import find_column

        return find_column(table, self.record_key)

    def check_record_key(self) -> None:
        """Make sure that there is a key where overrides name records.

        Raises:
            TableError: RS012, there is none.
        """
        overrides = self.counts.overrides
        if overrides is not None and overrides.records and self.record_key is None:
            why = "it names records, so it needs --record-key"
            raise TableError(rules.OPTION_UNUSABLE.at(option="--overrides", why=why))

    def exit_code(self, counts: FindingCounts) -> int:
        """Return the exit code for what was found; an internal error is never silenced."""
        if counts.codes[rules.INTERNAL_ERROR.code, Severity.ERROR]:
            return FINDINGS
        return FINDINGS if counts.reaches(self.fail_on) and not self.exit_zero else 0
