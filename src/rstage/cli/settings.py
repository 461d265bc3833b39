"""What the shared options of a command come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import click

from rstage import rules
from rstage.cli.config_options import is_stated
from rstage.cli.options import _ENGINES, _FORMATS
from rstage.cli.presets import NO_PRESET, Preset, load_preset
from rstage.cli.summary import SummaryFile
from rstage.cli.teller import COLORS, Teller
from rstage.diagnostics import Severity
from rstage.files.encodings import DEFAULT_ENCODING
from rstage.files.errors import TableError
from rstage.reading.options import checked_options
from rstage.reporting.counts import FindingCounts
from rstage.reporting.selection import Selection
from rstage.tables.missing import missing_words

if TYPE_CHECKING:
    from rstage.model.site_schema import SiteTable
    from rstage.tables.formats.delimited import Table


FINDINGS = 1


def _filled(given: dict[str, Any]) -> Preset:
    """Fill what is not given as the preset says, and return the preset."""
    name = given.pop("preset", None)
    preset = load_preset(name) if name is not None else NO_PRESET
    for option, values in preset.options.items():
        if option in given and not is_stated(option):
            given[option] = values if isinstance(given[option], tuple) else values[0]
    return preset


def _site_table(file: str, given: dict[str, Any]) -> SiteTable:
    from rstage.sites.files import SiteTableError
    from rstage.sites.load import load_site_table

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
        from rstage.tables.override_file import load_overrides

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
        from rstage.tables.formats.delimited import choose_delimiter
        from rstage.tables.formats.opening import is_excel, open_table

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
        from rstage.tables.stage_columns import find_column

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
