"""What the options that commands share come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from rstage import rules
from rstage.cli.finding_printer import FindingPrinter
from rstage.cli.link_key import load_link_key
from rstage.cli.option_groups import group, is_stated
from rstage.cli.options import FindingOptions, ReadingOptions, read_options
from rstage.cli.printing import print_data, print_note
from rstage.cli.report_file import ReportFile
from rstage.cli.selection_options import SelectionOptions
from rstage.cli.summary import SummaryFile
from rstage.cli.table_options import TableOptions
from rstage.diagnostics import Severity
from rstage.files.errors import TableError
from rstage.files.inputs import STDIN
from rstage.reference.choices import MESSAGE_FORMATS
from rstage.reporting.counts import FindingCounts
from rstage.reporting.report import TABLE_FIELDS, statistics
from rstage.reporting.selection import Selection
from rstage.tables.formats.listing import choose_format
from rstage.tables.missing import missing_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rstage.model.group_table import GroupTable
    from rstage.reading.options import ReadOptions
    from rstage.report.tally import Tally
    from rstage.report.words import RunFacts
    from rstage.reporting.placed import PlacedFinding
    from rstage.restaging.link_key import LinkKey
    from rstage.tables.cells import StageReader
    from rstage.tables.corrections import Corrections
    from rstage.tables.stage_columns import StageColumns, ValueSource
    from rstage.tables.table import Table


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
        corrections: what a person decided of values.
        table, finding: as given.
        statistics: whether findings are counted instead of printed.
        counts: counts what is found. record_key: the column or key that overrides call a record by.
        printer: prints what is found. summary_file: where the summary goes.
        report_file: where the report goes. tally: counts for it; None where there is none.
        link_key_file: the file with the key of links.
    """

    reading: ReadOptions
    words: frozenset[str]
    corrections: Corrections | None
    table: TableOptions
    finding: FindingOptions
    statistics: bool
    counts: FindingCounts
    record_key: str | None
    printer: FindingPrinter
    summary_file: SummaryFile
    report_file: ReportFile
    tally: Tally | None
    link_key_file: str | None = None

    @classmethod
    def of(
        cls,
        reading: ReadingOptions,
        common: CommonOptions,
        *,
        site: str | None = None,
        statistics: bool = False,
        report: str | None = None,
        link_key: str | None = None,
    ) -> Self:
        """Return the settings.

        Args:
            reading: how stages are read.
            common: what the command takes for tables and findings.
            site: the primary site, where the command has one.
            statistics: whether findings are counted instead of printed.
            report: where a report goes; None where there is none.
            link_key: the file with the key of links; it is read where links are made or verified.

        Raises:
            TableError: as for `read_options`; RS024 and others, the overrides cannot be used; RS009 or RS012,
                the summary or the report cannot be written.
            click.UsageError: there is a site table and no site.
        """
        selection = common.selection
        words = missing_words(common.table.missing)
        report_file = ReportFile(report)
        return cls(
            reading=read_options(reading, site),
            words=words,
            corrections=_corrections(common.table.corrections, words),
            table=common.table,
            finding=common.finding,
            statistics=statistics,
            counts=_counts(selection, with_values=statistics or report is not None),
            record_key=selection.record_key,
            printer=FindingPrinter(
                most=selection.max_findings, color=selection.color, shows_values=selection.show_values
            ),
            summary_file=SummaryFile(selection.summary),
            report_file=report_file,
            tally=report_file.tally(),
            link_key_file=link_key,
        )

    def link_key(self) -> LinkKey | None:
        """Return the key of links; None where there is none.

        Raises:
            TableError: RS448, the file cannot be read; RS449, it is no key.
        """
        return load_link_key(self.link_key_file)

    def open_table(
        self, file: str, input_format: str | None, output: str | None = None, *, is_written: bool = False
    ) -> Table:
        """Open the table of a command; a sheet becomes delimited text, as the name of its output says.

        Args:
            file: the name, or `-` for standard input.
            input_format: its format, where that was asked for.
            output: the name of the output; None and `-` are standard output where a table `is_written`.
            is_written: whether the command writes a table.

        Raises:
            TableError: as `open_table` of the tables; RS012, the format is that of a message.
        """
        from rstage.tables.formats.open_options import OpenOptions
        from rstage.tables.formats.opening import open_table

        if input_format in MESSAGE_FORMATS:
            why = f"{input_format} is a message, which takes no columns"
            raise TableError(rules.OPTION_UNUSABLE.at(option="--input-format", why=why))
        self._check_encoding(file, input_format)
        options = OpenOptions(
            delimiter=self.table.delimiter,
            encoding=self.table.encoding,
            sheet=self.table.sheet,
            comment=self.table.comment,
            header_row=self.table.header_place(),
            output=output,
            is_answered=is_written and file == STDIN and output in (None, STDIN),
        )
        table = open_table(file, options, form=input_format)
        self.counts.add(table.notes)
        self.note(filter(self.counts.is_reported, table.notes))
        return table

    def _check_encoding(self, file: str, input_format: str | None) -> None:
        """Make sure that an encoding that was asked for is one that the format has.

        Raises:
            TableError: RS012, the format says itself how its text is written.
        """
        if is_stated("encoding") and not choose_format(input_format, file).is_text:
            why = "the file says itself how its text is encoded"
            raise TableError(rules.OPTION_UNUSABLE.at(option="--encoding", why=why))

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

    def report(
        self,
        findings: Iterable[PlacedFinding],
        form: str,
        fields: Sequence[str] = TABLE_FIELDS,
        *,
        write: Callable[[Iterable[str]], None] = print_data,
    ) -> None:
        """Write findings, or only how many there are of each, to stdout where nothing else is said."""
        if self.statistics:
            _count(findings)
            write(statistics(self.counts, form))
        else:
            fails_from = Severity(self.finding.fail_on)
            self.printer.report(findings, form, fields, write=write, fails_from=fails_from)

    def note(self, findings: Iterable[PlacedFinding], *, is_quiet: bool | None = None) -> None:
        """Print findings to stderr, unless they are only counted.

        Args:
            findings: what was found.
            is_quiet: whether they are only counted; None is what `--quiet` says.
        """
        if self.statistics or (self.table.quiet if is_quiet is None else is_quiet):
            _count(findings)
        else:
            self.printer.note(findings)

    def stage_reader(
        self, stage: StageColumns, site: ValueSource | None = None, groups: GroupTable | None = None
    ) -> StageReader:
        """Return what reads a stage of a table; the site counts only beside a site table or a group table.

        Raises:
            TableError: RS012, the dialect does not have a part.
        """
        from rstage.tables.cells import StageReader

        return StageReader(stage, self.reading, self.words, site, self.corrections, groups=groups)

    def stale(self) -> Iterator[PlacedFinding]:
        """Yield and count the overrides and corrections that were not used, when all else was counted."""
        from rstage.tables.reviewed import stale

        yield from stale(self.counts)
        if self.corrections is not None:
            from rstage.tables.corrections import stale_corrections

            yield from stale_corrections(self.corrections, self.counts)

    def write_report(self, facts: RunFacts, tally: Tally) -> None:
        """Write the report of a run.

        Raises:
            TableError: RS009 or RS012, it cannot be written.
        """
        shows_values = self.printer.shows_values
        self.report_file.write(facts, self.counts, tally, self.reading, shows_values=shows_values)

    def note_statistics(self) -> None:
        """Print to stderr how many findings there are of each, where that is asked for."""
        if self.statistics:
            print_note("".join(statistics(self.counts)).rstrip())


def _corrections(file: str | None, words: frozenset[str]) -> Corrections | None:
    if file is None:
        return None
    from rstage.tables.corrections import load_corrections

    return load_corrections(file, words)


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
