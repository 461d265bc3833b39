"""`rstage normalize`: each stage of a table in its one canonical spelling."""

from __future__ import annotations

from typing import Any

import click

from rstage.reading import read
from rstage.table_cells import StageReader
from rstage.table_columns import find_source, find_stages
from rstage.table_findings import CellFinding, FindingCounts
from rstage.table_normalize import Normalizer, normalized_text
from rstage.tables import Table

from .appending import OutputFiles, end, write_appended
from .failures import ends_with_message
from .options import (
    Settings,
    check_site,
    finding_options,
    output_options,
    reading_options,
    site_option,
    statistics_option,
    table_options,
    text_site,
)
from .printing import given_texts, print_data, print_findings


@click.command("normalize")
@click.argument("file", required=False)
@click.option(
    "--column", "columns", multiple=True, metavar="COL | NAME:PART=COL", help="A stage of the table."
)
@click.option(
    "--text", "texts", multiple=True, metavar="TEXT", help="Normalize this text instead of a table."
)
@click.option("--parts", is_flag=True, help="Append a column for each part of a stage too.")
@click.option("--prefix", metavar="NAME", help="Append NAME_normalized and NAME_findings.")
@output_options
@statistics_option
@reading_options
@site_option
@table_options
@finding_options
@ends_with_message
def normalize_command(
    file: str | None, columns: tuple[str, ...], texts: tuple[str, ...], **given: Any
) -> int:
    """Append the canonical text of each stage of FILE, a table, and its findings.

    The columns that were there come out byte for byte.
    """
    settings = Settings.of(given)
    check_site(settings, given["site"])
    if texts:
        if file or columns:
            raise click.UsageError("--text is normalized instead of a FILE and its columns")
        return _normalize_texts(texts, settings, text_site(given["site"]))
    if file is None or not columns:
        raise click.UsageError("a FILE with at least one --column is needed, or --text")
    with Table(file, delimiter=settings.delimiter, encoding=settings.encoding) as table:
        stages = find_stages(table, columns)
        source = find_source(table, given["site"], "--site") if given["site"] is not None else None
        normalizer = Normalizer(
            [StageReader(stage, settings.reading, settings.words, source) for stage in stages],
            table.delimiter,
            parts=given.pop("parts"),
            prefix=given.pop("prefix"),
            with_values=settings.statistics,
        )
        rows = write_appended(table, normalizer, OutputFiles.of(given), settings)
    read_count, refused, missing = normalizer.cell_counts
    facts = f"{rows}; {read_count:,} normalized, {refused:,} refused, {missing:,} missing"
    return end("normalize", facts, normalizer, settings)


def _normalize_texts(texts: tuple[str, ...], settings: Settings, site: str | None) -> int:
    counts = FindingCounts()
    for text in given_texts(texts):
        reading = read(text, site=site, **settings.reading)
        found = [CellFinding(diagnostic=one, value=text) for one in reading.diagnostics]
        counts.add(found)
        print_data([normalized_text(reading) + "\n"])
        print_findings(found, err=True)
    return settings.exit_code(counts)
