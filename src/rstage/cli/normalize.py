"""`rstage normalize`: each stage of a table in its one canonical spelling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from rstage.cli.appending import OutputOptions, write_appended
from rstage.cli.command import command
from rstage.cli.ending import end
from rstage.cli.group_tables import compared, group_table, group_table_option
from rstage.cli.option_groups import FILE, flag_option, group, is_stated, text_option, texts_option
from rstage.cli.options import ReadingOptions, check_site, site_option, text_site
from rstage.cli.printing import given_texts, print_data
from rstage.cli.settings import CommonOptions, Settings
from rstage.cli.table_options import column_option, preset_option, statistics_option, table_format_option
from rstage.reading.read import read
from rstage.reporting.placed import CellFinding
from rstage.tables.normalize import Normalizer, normalized_text
from rstage.tables.stage_columns import find_source, find_stages

if TYPE_CHECKING:
    from rstage.model.group_table import GroupTable
    from rstage.reading.options import ReadOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class NormalizeOptions:
    """The options of `normalize`."""

    column: tuple[str, ...] = column_option()
    texts: tuple[str, ...] = texts_option("--text", "TEXT", "Normalize this text instead of a table.")
    parts: bool = flag_option("--parts", "Append a column for each part of a stage too.")
    prefix: str | None = text_option("--prefix", "NAME", "Append NAME_normalized and NAME_findings.")
    output: OutputOptions = group(OutputOptions)
    input_format: str | None = table_format_option()
    preset: str | None = preset_option()
    statistics: bool = statistics_option()
    reading: ReadingOptions = group(ReadingOptions)
    site: str | None = site_option()
    group_table: str | None = group_table_option()
    append_group: bool = flag_option("--append-group", "Append the group that --group-table gives.")
    common: CommonOptions = group(CommonOptions)


@command("normalize", NormalizeOptions)
@click.argument("file", type=FILE, required=False)
def normalize_command(options: NormalizeOptions, file: str | None) -> int:
    """Append the canonical text of each stage of FILE, a table, and its findings.

    The columns that were there come out byte for byte.
    """
    settings = Settings.of(options.reading, options.common, site=options.site, statistics=options.statistics)
    site = check_site(settings.reading, options.site, group_table=options.group_table)
    groups = group_table(options.group_table, site)
    if options.append_group and groups is None:
        raise click.UsageError("--append-group needs --group-table")
    if options.texts:
        if file or is_stated("column"):
            raise click.UsageError("--text is normalized instead of a FILE and its columns")
        return _normalize_texts(options.texts, settings, text_site(site), groups)
    if file is None or not options.column:
        raise click.UsageError("a FILE with at least one --column is needed, or --text")
    with settings.open_table(file, options.input_format, options.output.output) as table:
        stages = find_stages(table, options.column)
        source = find_source(table, site, "--site")
        normalizer = Normalizer(
            [settings.stage_reader(stage, source, groups) for stage in stages],
            table.cell_format,
            has_parts=options.parts,
            derives_group=options.append_group,
            prefix=options.prefix,
            counts=settings.counts,
        )
        shown = [index for stage in stages for index in stage.indexes]
        in_words, rows = write_appended(table, normalizer, options.output, settings, shown)
    counted = normalizer.cell_counts
    facts = f"{counted.read:,} normalized, {counted.refused:,} refused, {counted.missing:,} missing"
    return end("normalize", f"{in_words}; {facts}", settings, rows=rows, stages=counted)


def _normalize_texts(
    texts: tuple[str, ...], settings: Settings, site: str | None, groups: GroupTable | None
) -> int:
    options: ReadOptions = {**settings.reading, "site": site}
    for text in given_texts(texts):
        reading = compared(read(text, **options), groups, site)
        found = [CellFinding(diagnostic=one, value=text) for one in reading.diagnostics]
        settings.counts.add(found)
        print_data([normalized_text(reading) + "\n"])
        settings.printer.draw(filter(settings.counts.is_reported, found), err=True)
    return end("normalize", None, settings)
