"""`rstage normalize`: each stage of a table in its one canonical spelling."""

from __future__ import annotations

from typing import Any

import click

from rstage.cli.appending import OutputFiles, write_appended
from rstage.cli.config_options import configuration_options, is_stated
from rstage.cli.decorators import FILE
from rstage.cli.ending import Cells, end, end_texts
from rstage.cli.failures import ends_with_message
from rstage.cli.options import (
    finding_options,
    output_options,
    preset_option,
    reading_options,
    site_option,
    statistics_option,
    table_format_option,
    table_options,
)
from rstage.cli.printing import given_texts, print_data
from rstage.cli.selection_options import selection_options
from rstage.cli.settings import Settings, check_site, text_site
from rstage.reading.read import read
from rstage.reporting.placed import CellFinding
from rstage.tables.cells import StageReader
from rstage.tables.normalize import Normalizer, normalized_text
from rstage.tables.stage_columns import find_source, find_stages


@click.command("normalize")
@click.argument("file", type=FILE, required=False)
@click.option(
    "--column", "columns", multiple=True, metavar="COL | NAME:PART=COL", help="A stage of the table."
)
@click.option(
    "--text", "texts", multiple=True, metavar="TEXT", help="Normalize this text instead of a table."
)
@click.option("--parts", is_flag=True, help="Append a column for each part of a stage too.")
@click.option("--prefix", metavar="NAME", help="Append NAME_normalized and NAME_findings.")
@output_options
@table_format_option
@preset_option
@statistics_option
@reading_options
@site_option
@table_options
@finding_options
@selection_options
@configuration_options
@ends_with_message
def normalize_command(
    file: str | None, columns: tuple[str, ...], texts: tuple[str, ...], **given: Any
) -> int:
    """Append the canonical text of each stage of FILE, a table, and its findings.

    The columns that were there come out byte for byte.
    """
    settings = Settings.of(given)
    columns = columns or settings.preset.options.get("column", ())
    site = check_site(settings, given["site"])
    if texts:
        if file or (columns and is_stated("columns")):
            raise click.UsageError("--text is normalized instead of a FILE and its columns")
        return _normalize_texts(texts, settings, text_site(site))
    if file is None or not columns:
        raise click.UsageError("a FILE with at least one --column is needed, or --text")
    with settings.open_table(file, given["output"]) as table:
        stages = find_stages(table, columns)
        source = find_source(table, site, "--site") if site is not None else None
        normalizer = Normalizer(
            [StageReader(stage, settings.reading, settings.words, source) for stage in stages],
            table.write_cells,
            parts=given.pop("parts"),
            prefix=given.pop("prefix"),
            counts=settings.counts,
        )
        in_words, rows = write_appended(table, normalizer, OutputFiles.of(given), settings)
    cells = Cells(*normalizer.cell_counts)
    facts = f"{cells.read:,} normalized, {cells.refused:,} refused, {cells.missing:,} missing"
    return end("normalize", f"{in_words}; {facts}", settings, rows=rows, cells=cells)


def _normalize_texts(texts: tuple[str, ...], settings: Settings, site: str | None) -> int:
    for text in given_texts(texts):
        reading = read(text, site=site, **settings.reading)
        found = [CellFinding(diagnostic=one, value=text) for one in reading.diagnostics]
        settings.counts.add(found)
        print_data([normalized_text(reading) + "\n"])
        settings.teller.draw(filter(settings.counts.is_told, found), err=True)
    return end_texts("normalize", settings)
