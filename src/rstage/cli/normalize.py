"""`rstage normalize`: each stage of a table in its one canonical spelling."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from rstage.cli.appending import OutputOptions, output_names, write_appended
from rstage.cli.command import command
from rstage.cli.ending import RowCounts, end
from rstage.cli.group_tables import compared, group_table, group_table_option
from rstage.cli.input_files import InputFiles, expanded
from rstage.cli.option_groups import FILE, flag_option, group, is_stated, text_option, texts_option
from rstage.cli.options import ReadingOptions, check_site, site_option, text_site
from rstage.cli.printing import given_readings, plural, print_data, print_note
from rstage.cli.settings import CommonOptions, Settings
from rstage.cli.table_options import (
    column_option,
    preset_option,
    refuse_corrections_of_text,
    report_option,
    statistics_option,
    table_format_option,
)
from rstage.reading.read import read
from rstage.reporting.placed import WHOLE_ROW, CellFinding
from rstage.tables.cells import CellCounts
from rstage.tables.check import Checker
from rstage.tables.differences import Differences
from rstage.tables.normalize import Normalizer, normalized_text
from rstage.tables.stage_columns import find_source, find_stages

if TYPE_CHECKING:
    from rstage.model.group_table import GroupTable
    from rstage.reading.options import ReadOptions
    from rstage.tables.cells import StageReader
    from rstage.tables.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class NormalizeOptions:
    """The options of `normalize`."""

    column: tuple[str, ...] = column_option()
    texts: tuple[str, ...] = texts_option("--text", "TEXT", "Normalize this text instead of a table.")
    diff: bool = flag_option("--diff", "Print what would be written otherwise, and write no table.")
    parts: bool = flag_option("--parts", "Append a column for each part of a stage too.")
    prefix: str | None = text_option("--prefix", "NAME", "Append NAME_normalized and NAME_findings.")
    output: OutputOptions = group(OutputOptions)
    input_format: str | None = table_format_option()
    preset: str | None = preset_option()
    statistics: bool = statistics_option()
    report: str | None = report_option()
    reading: ReadingOptions = group(ReadingOptions)
    site: str | None = site_option()
    group_table: str | None = group_table_option()
    append_group: bool = flag_option("--append-group", "Append the group that --group-table gives.")
    common: CommonOptions = group(CommonOptions)


@command("normalize", NormalizeOptions)
@click.argument("files", type=FILE, nargs=-1, metavar="[FILE...]")
def normalize_command(options: NormalizeOptions, files: tuple[str, ...]) -> int:
    """Append the canonical text of each stage of FILE, a table, and its findings.

    The columns that were there come out byte for byte. Of several files each is written into the folder OUT
    under its own name. With --diff nothing is written: what would be is printed beside what is there.
    """
    settings = Settings.of(
        options.reading,
        options.common,
        site=options.site,
        statistics=options.statistics,
        report=options.report,
    )
    site = check_site(settings.reading, options.site, group_table=options.group_table)
    groups = group_table(options.group_table, site)
    if options.append_group and groups is None:
        raise click.UsageError("--append-group needs --group-table")
    if options.texts:
        if files or is_stated("column") or options.diff:
            raise click.UsageError("--text is normalized instead of a FILE and its columns")
        refuse_corrections_of_text()
        return _normalize_texts(options.texts, settings, text_site(site), groups)
    if not files or not options.column:
        raise click.UsageError("a FILE with at least one --column is needed, or --text")
    inputs, run = InputFiles(expanded(files)), _Run(options, settings, site, groups)
    if options.diff:
        if is_stated("output"):
            raise click.UsageError("--diff writes no table, so there is no --output")
        return run.diff(inputs)
    return run.write(inputs)


class _Run:
    """The tables of a run, one after the other, counted together."""

    def __init__(
        self, options: NormalizeOptions, settings: Settings, site: str | None, groups: GroupTable | None
    ) -> None:
        self._options, self._settings, self._site, self._groups = options, settings, site, groups
        self._rows = RowCounts(0, 0, 0)
        self._cells = CellCounts(0, 0, 0)

    def write(self, inputs: InputFiles) -> int:
        """Write each table with what is appended."""
        options = self._options
        outputs = output_names(inputs.names, options.output, options.input_format)
        in_words = ""
        for file, output in zip(inputs.names, outputs, strict=True):
            with inputs.reading(file):
                given, is_whole = replace(options.output, output=output), len(inputs.names) == 1
                in_words = self._write_one(file, given, is_whole=is_whole)
        if len(inputs.names) > 1:
            self._note_ending()
            rows = self._rows
            in_words = f"{plural(rows.rows_in, 'row')} in = {rows.out:,} out + {rows.rejected:,} rejected"
        counted = self._cells
        facts = f"{counted.read:,} normalized, {counted.refused:,} refused, {counted.missing:,} missing"
        return self._end(inputs, f"{in_words}; {facts}")

    def _write_one(self, file: str, output: OutputOptions, *, is_whole: bool) -> str:
        options, settings = self._options, self._settings
        with settings.open_table(file, options.input_format, output.output, is_written=True) as table:
            readers = self._readers(table)
            normalizer = Normalizer(
                readers,
                table.cell_format,
                has_parts=options.parts,
                derives_group=options.append_group,
                prefix=options.prefix,
                counts=settings.counts,
                tally=settings.tally,
            )
            shown = [index for reader in readers for index in reader.columns.indexes]
            in_words, rows = write_appended(table, normalizer, output, settings, shown, is_whole=is_whole)
        self._count(rows, normalizer.cell_counts)
        return in_words

    def diff(self, inputs: InputFiles) -> int:
        """Print what would be changed in each table."""
        settings, changed = self._settings, 0
        for file in inputs.names:
            with inputs.reading(file), settings.open_table(file, self._options.input_format) as table:
                readers = self._readers(table)
                differences = Differences(readers, file, shows_values=settings.printer.shows_values)
                record = settings.find_record(table)
                checker = Checker(
                    readers, settings.counts, record=record, differences=differences, tally=settings.tally
                )
                found = checker.findings(table)
                settings.printer.note(one for one in found if one.column == WHOLE_ROW)
                print_data(differences.lines())
                changed += differences.changed_rows
                if differences.left_out:
                    print_note(f"{plural(differences.left_out, 'further change')} in {file} not listed")
                rows = RowCounts(table.row_count, 0, checker.rejected_count)
                self._count(rows, checker.cell_counts)
        self._note_ending()
        rows = self._rows = self._rows._replace(out=None)
        facts = f"{plural(rows.rows_in, 'row')} in, {plural(changed, 'stage')} would be written otherwise"
        return self._end(inputs, f"{facts}, {self._cells.refused:,} of them refused")

    def _note_ending(self) -> None:
        self._settings.note(self._settings.stale(), is_quiet=False)
        self._settings.note_statistics()

    def _readers(self, table: Table) -> list[StageReader]:
        source = find_source(table, self._site, "--site")
        stages = find_stages(table, self._options.column)
        return [self._settings.stage_reader(stage, source, self._groups) for stage in stages]

    def _count(self, rows: RowCounts, cells: CellCounts) -> None:
        both = [(one or 0) + (other or 0) for one, other in zip(self._rows, rows, strict=True)]
        self._rows = RowCounts(*both)
        self._cells = CellCounts(*map(sum, zip(self._cells, cells, strict=True)))

    def _end(self, inputs: InputFiles, facts: str) -> int:
        return end(
            "normalize",
            inputs.in_words(facts),
            self._settings,
            rows=self._rows,
            stages=self._cells,
            unread=inputs.exit_code,
            file=inputs.title,
        )


def _normalize_texts(
    texts: tuple[str, ...], settings: Settings, site: str | None, groups: GroupTable | None
) -> int:
    options: ReadOptions = {**settings.reading, "site": site}
    for reading in given_readings(texts, lambda text: compared(read(text, **options), groups, site)):
        found = [CellFinding(diagnostic=one, value=reading.text) for one in reading.diagnostics]
        settings.counts.add(found)
        print_data([normalized_text(reading) + "\n"])
        settings.printer.draw(filter(settings.counts.is_reported, found), err=True)
    return end("normalize", None, settings)
