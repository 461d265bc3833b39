"""`rstage check`: what is wrong in the stages of a table or of single texts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

import click

from rstage import rules
from rstage.cli.command import command
from rstage.cli.ending import RowCounts, end
from rstage.cli.group_tables import compared, group_table, group_table_option
from rstage.cli.input_files import InputFiles, begun, expanded, report_writer
from rstage.cli.link_key import link_key_option
from rstage.cli.option_groups import (
    FILE,
    choice_option,
    file_option,
    flag_option,
    group,
    is_stated,
    texts_option,
)
from rstage.cli.options import ReadingOptions, check_site, site_option, text_site
from rstage.cli.printing import given_readings, plural
from rstage.cli.settings import CommonOptions, Settings
from rstage.cli.table_options import (
    MessageOptions,
    check_of_table,
    column_option,
    preset_option,
    refuse_corrections_of_text,
    report_option,
    statistics_option,
)
from rstage.files.errors import TableError
from rstage.reading.read import read
from rstage.reporting.placed import CellFinding, PlacedFinding
from rstage.reporting.report import DATA_FORMATS, FORMATS
from rstage.tables.cells import CellCounts
from rstage.tables.check import Checker
from rstage.tables.stage_columns import find_source, find_stages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rstage.cli.input_files import Write
    from rstage.model.group_table import GroupTable
    from rstage.reading.options import ReadOptions
    from rstage.reading.read import Reading

_NEEDED = "a FILE with at least one --column is needed, or --text"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOptions:
    """What a report looks like, and where it goes."""

    form: str = choice_option("--format", FORMATS, "What is printed.", default="text")
    output_file: str | None = file_option("--output-file", "FILE", "Write the report to FILE.")
    force: bool = flag_option("--force", "Replace a file that exists.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions:
    """The options of `check`."""

    column: tuple[str, ...] = column_option()
    texts: tuple[str, ...] = texts_option("--text", "TEXT", "Check this text instead of a table.")
    output: ReportOptions = group(ReportOptions)
    schema: str | None = file_option("--schema", "FILE", "Hold an XML message against this schema too.")
    preset: str | None = preset_option()
    statistics: bool = statistics_option()
    report: str | None = report_option()
    message: MessageOptions = group(MessageOptions)
    link_key: str | None = link_key_option()
    reading: ReadingOptions = group(ReadingOptions)
    site: str | None = site_option()
    group_table: str | None = group_table_option()
    common: CommonOptions = group(CommonOptions)


@command("check", CheckOptions)
@click.argument("files", type=FILE, nargs=-1, metavar="[FILE...]")
def check_command(options: CheckOptions, files: tuple[str, ...]) -> int:
    """Print what is wrong in the stages of each FILE and write nothing else.

    FILE is a table with --column, else a message (NAACCR XML, oBDS, FHIR). With --statistics the findings are
    counted instead of listed. --format sarif, junit, github and gitlab are for the builds of code hosts.
    """
    settings = Settings.of(
        options.reading,
        options.common,
        site=options.site,
        statistics=options.statistics,
        report=options.report,
        link_key=options.link_key,
    )
    site = check_site(settings.reading, options.site, group_table=options.group_table)
    groups = group_table(options.group_table, site)
    report, inputs = options.output, InputFiles(expanded(files))
    if options.statistics and report.form not in DATA_FORMATS:
        why = f"--statistics counts, and {report.form} lists what was found"
        raise TableError(rules.OPTION_UNUSABLE.at(option="--format", why=why))
    if options.texts and (files or is_stated("column")):
        raise click.UsageError("--text is checked instead of a FILE and its columns")
    if options.texts:
        refuse_corrections_of_text()
    if not (options.texts or files):
        raise click.UsageError(_NEEDED)
    with report_writer(report.output_file, inputs, force=report.force) as write:
        if options.texts:
            return _check_texts(
                options, settings, partial(_read_text, settings, groups, text_site(site)), write
            )
        if options.column:
            check_of_table(options.message)
            return _check_tables(inputs, settings, _TableRun(options, settings, site, groups), write)
        from rstage.cli.check_messages import check_messages

        return check_messages(
            inputs,
            options.message,
            settings,
            form=report.form,
            schema=options.schema,
            write=write,
            needed=_NEEDED,
        )


def _check_tables(inputs: InputFiles, settings: Settings, run: _TableRun, write: Write) -> int:
    found = chain.from_iterable(map(partial(run.findings, inputs), inputs.names))
    settings.report(begun(chain(found, settings.stale())), run.options.output.form, write=write)
    checked = run.rows_in - run.rejected
    facts = f"{plural(run.rows_in, 'row')} in = {checked:,} checked + {run.rejected:,} rejected"
    return end(
        "check",
        inputs.in_words(facts),
        settings,
        rows=RowCounts(run.rows_in, None, run.rejected),
        stages=CellCounts(*run.cells),
        unread=inputs.exit_code,
        file=inputs.title,
    )


class _TableRun:
    """The tables of a run, one after the other, counted together.

    Attributes:
        rows_in, rejected: how many rows there were so far.
        cells: how many stages were read, refused and missing.
    """

    def __init__(
        self, options: CheckOptions, settings: Settings, site: str | None, groups: GroupTable | None
    ) -> None:
        self.options, self._settings, self._site, self._groups = options, settings, site, groups
        self.rows_in = self.rejected = 0
        self.cells = [0, 0, 0]

    def findings(self, inputs: InputFiles, file: str) -> Iterator[PlacedFinding]:
        """Yield what is found in a table."""
        settings, options = self._settings, self.options
        with inputs.reading(file), settings.open_table(file, options.message.input_format) as table:
            stages = find_stages(table, options.column)
            source = find_source(table, self._site, "--site")
            readers = [settings.stage_reader(stage, source, self._groups) for stage in stages]
            checker = Checker(
                readers, settings.counts, record=settings.find_record(table), tally=settings.tally
            )
            try:
                yield from checker.findings(table)
            finally:
                self.rows_in += checker.checked_count + checker.rejected_count
                self.rejected += checker.rejected_count
                self.cells = [sum(both) for both in zip(self.cells, checker.cell_counts, strict=True)]


def _check_texts(
    options: CheckOptions, settings: Settings, read_text: Callable[[str], Reading], write: Write
) -> int:
    findings, report = _text_findings(options.texts, settings, read_text), options.output
    if report.form == "text" and report.output_file is None and not settings.statistics:
        settings.printer.draw(findings, err=False)
    else:
        settings.report(findings, report.form, write=write)
    return end("check", None, settings)


def _read_text(settings: Settings, groups: GroupTable | None, site: str | None, text: str) -> Reading:
    options: ReadOptions = {**settings.reading, "site": site}
    return compared(read(text, **options), groups, site)


def _text_findings(
    texts: Iterable[str], settings: Settings, read_text: Callable[[str], Reading]
) -> Iterator[PlacedFinding]:
    for number, reading in enumerate(given_readings(texts, read_text), start=1):
        cells = [
            CellFinding(diagnostic=found, column="text", value=reading.text) for found in reading.diagnostics
        ]
        settings.counts.add(cells)
        for cell in filter(settings.counts.is_reported, cells):
            yield cell.at("--text", number, number)
