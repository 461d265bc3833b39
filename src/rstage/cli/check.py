"""`rstage check`: what is wrong in the stages of a table or of single texts."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import click

from rstage.cli.command import command
from rstage.cli.ending import RowCounts, end
from rstage.cli.option_groups import FILE, choice_option, file_option, group, is_stated, texts_option
from rstage.cli.options import ReadingOptions, check_site, site_option, text_site
from rstage.cli.printing import given_texts, plural
from rstage.cli.settings import CommonOptions, Settings
from rstage.cli.table_options import (
    MessageOptions,
    check_of_table,
    column_option,
    preset_option,
    report_option,
    statistics_option,
)
from rstage.reading.read import read
from rstage.reporting.placed import CellFinding, PlacedFinding
from rstage.reporting.report import FORMATS
from rstage.tables.check import Checker
from rstage.tables.stage_columns import find_source, find_stages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rstage.reading.options import ReadOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions:
    """The options of `check`."""

    column: tuple[str, ...] = column_option()
    texts: tuple[str, ...] = texts_option("--text", "TEXT", "Check this text instead of a table.")
    form: str = choice_option("--format", FORMATS, "What is printed.", default="text")
    schema: str | None = file_option("--schema", "FILE", "Hold an XML message against this schema too.")
    preset: str | None = preset_option()
    statistics: bool = statistics_option()
    report: str | None = report_option()
    message: MessageOptions = group(MessageOptions)
    reading: ReadingOptions = group(ReadingOptions)
    site: str | None = site_option()
    common: CommonOptions = group(CommonOptions)


@command("check", CheckOptions)
@click.argument("file", type=FILE, required=False)
def check_command(options: CheckOptions, file: str | None) -> int:
    """Print what is wrong in the stages of FILE and write nothing.

    FILE is a table with --column, else a message (NAACCR XML, oBDS, FHIR). With --statistics the findings are
    counted instead of listed.
    """
    settings = Settings.of(
        options.reading,
        options.common,
        site=options.site,
        statistics=options.statistics,
        report=options.report,
    )
    site = check_site(settings.reading, options.site)
    if options.texts:
        if file or is_stated("column"):
            raise click.UsageError("--text is checked instead of a FILE and its columns")
        return _check_texts(options, settings, text_site(site))
    needed = "a FILE with at least one --column is needed, or --text"
    if file is None:
        raise click.UsageError(needed)
    if not options.column:
        from rstage.cli.messages import check_message, no_table

        no_table(file, options.message, needed)
        return check_message(file, options.message, settings, form=options.form, schema=options.schema)
    check_of_table(options.message)
    return _check_table(file, options, settings, site)


def _check_table(file: str, options: CheckOptions, settings: Settings, site: str | None) -> int:
    with settings.open_table(file, options.message.input_format) as table:
        stages = find_stages(table, options.column)
        source = find_source(table, site, "--site")
        readers = [settings.stage_reader(stage, source) for stage in stages]
        checker = Checker(readers, settings.counts, record=settings.find_record(table), tally=settings.tally)
        settings.report(chain(checker.findings(table), settings.stale()), options.form)
    rows = f"{plural(table.row_count, 'row')} in"
    facts = f"{rows} = {checker.checked_count:,} checked + {checker.rejected_count:,} rejected"
    return end(
        "check",
        facts,
        settings,
        rows=RowCounts(table.row_count, None, checker.rejected_count),
        stages=checker.cell_counts,
        file=file,
    )


def _check_texts(options: CheckOptions, settings: Settings, site: str | None) -> int:
    findings = _text_findings(options.texts, settings, site)
    if options.form == "text" and not settings.statistics:
        settings.printer.draw(findings, err=False)
    else:
        settings.report(findings, options.form)
    return end("check", None, settings)


def _text_findings(texts: Iterable[str], settings: Settings, site: str | None) -> Iterator[PlacedFinding]:
    options: ReadOptions = {**settings.reading, "site": site}
    for number, text in enumerate(given_texts(texts), start=1):
        cells = [
            CellFinding(diagnostic=found, column="text", value=text)
            for found in read(text, **options).diagnostics
        ]
        settings.counts.add(cells)
        for cell in filter(settings.counts.is_reported, cells):
            yield cell.at("--text", number, number)
