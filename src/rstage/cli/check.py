"""`rstage check`: what is wrong in the stages of a table or of single texts."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from rstage.cli.config_options import configuration_options, is_stated
from rstage.cli.decorators import FILE
from rstage.cli.ending import Cells, Rows, end, end_texts
from rstage.cli.failures import ends_with_message
from rstage.cli.options import (
    finding_options,
    message_options,
    preset_option,
    reading_options,
    site_option,
    statistics_option,
    table_options,
)
from rstage.cli.printing import given_texts, plural, print_data
from rstage.cli.selection_options import selection_options
from rstage.cli.settings import Settings, check_site, text_site
from rstage.reading.read import read
from rstage.reporting.placed import CellFinding, PlacedFinding
from rstage.reporting.report import FORMATS, statistics
from rstage.tables.cells import StageReader
from rstage.tables.check import Checker
from rstage.tables.reviewed import stale
from rstage.tables.stage_columns import find_source, find_stages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rstage.reporting.counts import FindingCounts


@click.command("check")
@click.argument("file", type=FILE, required=False)
@click.option(
    "--column", "columns", multiple=True, metavar="COL | NAME:PART=COL", help="A stage of the table."
)
@click.option("--text", "texts", multiple=True, metavar="TEXT", help="Check this text instead of a table.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="What is printed.")
@click.option("--schema", type=FILE, metavar="FILE", help="Hold an XML message against this schema too.")
@preset_option
@statistics_option
@message_options
@reading_options
@site_option
@table_options
@finding_options
@selection_options
@configuration_options
@ends_with_message
def check_command(
    file: str | None, columns: tuple[str, ...], texts: tuple[str, ...], form: str, **given: Any
) -> int:
    """Print what is wrong in the stages of FILE and write nothing.

    FILE is a table with --column, else a message (NAACCR XML, oBDS, FHIR). With --statistics the findings are
    counted instead of listed.
    """
    settings = Settings.of(given)
    columns = columns or settings.preset.options.get("column", ())
    site = check_site(settings, given["site"])
    if texts:
        if file or (columns and is_stated("columns")):
            raise click.UsageError("--text is checked instead of a FILE and its columns")
        return _check_texts(texts, form, settings, text_site(site))
    needed = "a FILE with at least one --column is needed, or --text"
    if file is None:
        raise click.UsageError(needed)
    if not columns:
        from rstage.cli.messages import check_message, no_table

        no_table(file, given, needed)
        return check_message(file, form, given, settings)
    return _check_table(file, columns, form, settings, site)


def _check_table(file: str, columns: tuple[str, ...], form: str, settings: Settings, site: str | None) -> int:
    with settings.open_table(file) as table:
        stages = find_stages(table, columns)
        source = find_source(table, site, "--site") if site is not None else None
        readers = [StageReader(stage, settings.reading, settings.words, source) for stage in stages]
        checker = Checker(readers, settings.counts, record=settings.find_record(table))
        findings = chain(checker.findings(table), stale(settings.counts))
        if settings.statistics:
            for _ in findings:
                pass
            print_data(statistics(checker.counts, form))
        else:
            settings.teller.report(findings, form)
    rows = f"{plural(table.row_count, 'row')} in"
    facts = f"{rows} = {checker.checked_count:,} checked + {checker.rejected_count:,} rejected"
    return end(
        "check",
        facts,
        settings,
        rows=Rows(table.row_count, None, checker.rejected_count),
        cells=Cells(*checker.cell_counts),
    )


def _check_texts(texts: tuple[str, ...], form: str, settings: Settings, site: str | None) -> int:
    counts = settings.counts
    findings = _text_findings(texts, {**settings.reading, "site": site}, counts)
    if settings.statistics:
        for _ in findings:
            pass
        print_data(statistics(counts, form))
    elif form == "text":
        settings.teller.draw((found.cell for found in findings), err=False)
    else:
        settings.teller.report(findings, form)
    return end_texts("check", settings)


def _text_findings(
    texts: Iterable[str], options: dict[str, Any], counts: FindingCounts
) -> Iterator[PlacedFinding]:
    for number, text in enumerate(given_texts(texts), start=1):
        cells = [
            CellFinding(diagnostic=found, column="text", value=text)
            for found in read(text, **options).diagnostics
        ]
        counts.add(cells)
        for cell in filter(counts.is_told, cells):
            yield PlacedFinding(file="--text", line=number, row=number, cell=cell)
