"""What the options that commands share come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import click

from rstage import rules
from rstage.cli.finding_printer import FindingPrinter
from rstage.cli.option_groups import group, is_stated
from rstage.cli.options import FindingOptions, ReadingOptions, TableOptions
from rstage.cli.printing import print_data, print_note
from rstage.cli.selection_options import SelectionOptions
from rstage.cli.summary import SummaryFile
from rstage.diagnostics import Severity
from rstage.files.errors import TableError
from rstage.reading.options import checked_options
from rstage.reference.choices import MESSAGE_FORMATS
from rstage.reporting.counts import FindingCounts
from rstage.reporting.report import TABLE_FIELDS, statistics
from rstage.reporting.selection import Selection
from rstage.tables.missing import missing_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rstage.model.site_schema import SiteTable
    from rstage.reading.options import ReadOptions
    from rstage.reporting.report import Reported
    from rstage.tables.formats.delimited import Table

FINDINGS = 1


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


def check_site(reading: ReadOptions, site: str | None) -> str | None:
    """Return a site that is there for the site table alone; None where only a setting gives it, and no table.

    Raises:
        click.UsageError: it was given on the command line and there is no site table.
    """
    if "site_table" in reading or site is None:
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


def exit_code(counts: FindingCounts, options: FindingOptions) -> int:
    """Return the exit code for what was found; an internal error is never silenced."""
    if counts.codes[rules.INTERNAL_ERROR.code, Severity.ERROR]:
        return FINDINGS
    return FINDINGS if counts.reaches(Severity(options.fail_on)) and not options.exit_zero else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonOptions:
    """What every command takes that can read a table."""

    table: TableOptions = group(TableOptions)
    finding: FindingOptions = group(FindingOptions)
    selection: SelectionOptions = group(SelectionOptions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the common options and those of reading come to.

    Attributes:
        reading: the keywords of `read`. words: those that mean a missing value.
        table, finding: as given.
        statistics: whether findings are counted instead of printed.
        counts: counts what is found. record_key: the column or key that overrides call a record by.
        printer: prints what is found. summary_file: where the summary goes.
    """

    reading: ReadOptions
    words: frozenset[str]
    table: TableOptions
    finding: FindingOptions
    statistics: bool
    counts: FindingCounts
    record_key: str | None
    printer: FindingPrinter
    summary_file: SummaryFile

    @classmethod
    def of(
        cls,
        reading: ReadingOptions,
        common: CommonOptions,
        *,
        site: str | None = None,
        statistics: bool = False,
    ) -> Self:
        """Return the settings.

        Args:
            reading: how stages are read.
            common: what the command takes for tables and findings.
            site: the primary site, where the command has one.
            statistics: whether findings are counted instead of printed.

        Raises:
            TableError: as for `read_options`; RS024 and others, the overrides cannot be used; RS009 or RS012,
                the summary cannot be written.
            click.UsageError: there is a site table and no site.
        """
        selection = common.selection
        return cls(
            reading=read_options(reading, site),
            words=missing_words(common.table.missing),
            table=common.table,
            finding=common.finding,
            statistics=statistics,
            counts=_counts(selection, with_values=statistics),
            record_key=selection.record_key,
            printer=FindingPrinter(
                most=selection.max_findings, color=selection.color, shows_values=selection.show_values
            ),
            summary_file=SummaryFile(selection.summary),
        )

    def open_table(self, file: str, input_format: str | None, output: str | None = None) -> Table:
        """Open the table of a command; a sheet becomes delimited text, as the name of its output says.

        Raises:
            TableError: as `open_table` of the tables; RS012, the format is that of a message.
        """
        from rstage.tables.formats.delimited import choose_delimiter
        from rstage.tables.formats.opening import is_excel, open_table

        delimiter = self.table.delimiter
        if input_format in MESSAGE_FORMATS:
            why = f"{input_format} is a message, which takes no columns"
            raise TableError(rules.OPTION_UNUSABLE.at(option="--input-format", why=why))
        if delimiter is None and output is not None and is_excel(file, input_format):
            delimiter = choose_delimiter(None, output)
        return open_table(
            file,
            form=input_format,
            delimiter=delimiter,
            encoding=self.table.encoding,
            sheet=self.table.sheet,
            comment=self.table.comment,
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

    def report(self, findings: Iterable[Reported], form: str, fields: Sequence[str] = TABLE_FIELDS) -> None:
        """Print findings to stdout, or only how many there are of each."""
        if self.statistics:
            _count(findings)
            print_data(statistics(self.counts, form))
        else:
            self.printer.report(findings, form, fields)

    def note(self, findings: Iterable[Reported], *, is_quiet: bool | None = None) -> None:
        """Print findings to stderr, unless they are only counted.

        Args:
            findings: what was found.
            is_quiet: whether they are only counted; None is what `--quiet` says.
        """
        if self.statistics or (self.table.quiet if is_quiet is None else is_quiet):
            _count(findings)
        else:
            self.printer.note(findings)

    def note_statistics(self) -> None:
        """Print to stderr how many findings there are of each, where that is asked for."""
        if self.statistics:
            print_note("".join(statistics(self.counts)).rstrip())


def _counts(selection: SelectionOptions, *, with_values: bool) -> FindingCounts:
    """Return what counts the findings that are selected and not overridden."""
    overrides = None
    if selection.overrides is not None:
        from rstage.tables.override_file import load_overrides

        overrides = load_overrides(selection.overrides)
    return FindingCounts(
        with_values=with_values,
        shows_values=selection.show_values,
        selection=Selection(selection.select, selection.ignore),
        overrides=overrides,
    )


def _count(findings: Iterable[object]) -> None:
    """Take findings that are counted on the way, and print none."""
    for _ in findings:
        pass
