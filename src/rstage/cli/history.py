"""`rstage history`: the stagings of each tumor in order, as the lines of a table or in a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from rstage.cli.command import command
from rstage.cli.completing import complete_columns
from rstage.cli.config_options import NeededArgument
from rstage.cli.ending import RowCounts, end
from rstage.cli.link_key import link_key_option
from rstage.cli.option_groups import FILE, flag_option, group, is_stated, text_option
from rstage.cli.options import ReadingOptions
from rstage.cli.printing import plural
from rstage.cli.settings import CommonOptions, Settings
from rstage.cli.table_options import (
    MessageOptions,
    check_of_table,
    date_format_option,
    event_option,
    fact_option,
    output_option,
    preset_option,
    recurrence_option,
    report_option,
    stage_option,
    statistics_option,
)
from rstage.files.outputs import Output
from rstage.restaging.diagnosis import Taking
from rstage.tables.cells import CellCounts
from rstage.tables.dates import check_date_format
from rstage.tables.facts import FactReader, FactSources
from rstage.tables.history import HistoryReader
from rstage.tables.stage_columns import ValueSource, find_column, find_source, find_stage

if TYPE_CHECKING:
    from rstage.tables.table import Table

_OF_TABLE = ("tumor_id", "staging_id", "date", "site", "event", "recurrence", "date_format")


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryOptions:
    """The options of `history`."""

    preset: str | None = preset_option()
    stage: tuple[str, ...] = stage_option(
        "--stage", help_text="Stage of a row: a column, or one column a part."
    )
    tumor_id: str | None = text_option(
        "--tumor-id", "COL", "Tumor of the row.", shell_complete=complete_columns
    )
    date: str | None = fact_option("--date", help_text="Date of the staging.")
    staging_id: str | None = text_option(
        "--id", "COL", "Id of the staging itself.", shell_complete=complete_columns
    )
    site: str | None = fact_option("--site", help_text="Primary site.")
    event: str | None = event_option()
    recurrence: str | None = recurrence_option()
    date_format: str | None = date_format_option()
    output: str | None = output_option()
    force: bool = flag_option("--force", "Replace a file that exists.")
    message: MessageOptions = group(MessageOptions)
    link_key: str | None = link_key_option()
    statistics: bool = statistics_option()
    report: str | None = report_option()
    reading: ReadingOptions = group(ReadingOptions)
    common: CommonOptions = group(CommonOptions)


@command("history", HistoryOptions)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, cls=NeededArgument, type=FILE)
def history_command(options: HistoryOptions, files: tuple[str, ...]) -> int:
    """Write the history of each tumor of FILE as a line of JSON: the stage at diagnosis, and what follows it.

    FILE is a table with one row for each staging (--stage and --tumor-id), else a message (NAACCR XML, oBDS,
    FHIR); several messages are put together, tumor by tumor. Rows of one tumor can stand anywhere, so the
    stagings of all tumors are held in memory. A staging with r is restaged, and so is one without r whose row
    states an event or a recurrence; the others can be the diagnosis, unless their date is far behind the
    first (--diagnosis-window) or behind a recurrence.
    """
    settings = Settings.of(
        options.reading,
        options.common,
        site=options.site,
        statistics=options.statistics,
        report=options.report,
        link_key=options.link_key,
    )
    file = files[0] if len(files) == 1 else None
    if file is None:
        return _gathered_histories(files, options, settings)
    if options.stage and options.tumor_id is not None:
        return _table_histories(file, options, options.tumor_id, settings)
    needed = "a table needs --stage and --tumor-id"
    if options.stage or any(map(is_stated, _OF_TABLE)):
        raise click.UsageError(needed)
    from rstage.cli.messages import message_histories, no_table

    no_table(file, options.message, needed)
    return message_histories(file, options.message, settings, options.output, force=options.force)


def _gathered_histories(files: tuple[str, ...], options: HistoryOptions, settings: Settings) -> int:
    if options.stage or any(map(is_stated, _OF_TABLE)):
        raise click.UsageError("a table is one FILE: only messages are gathered")
    from rstage.cli.messages import gathered_histories

    return gathered_histories(files, options.message, settings, options.output, force=options.force)


def _table_histories(file: str, options: HistoryOptions, tumor_id: str, settings: Settings) -> int:
    check_of_table(options.message)
    with (
        settings.open_table(file, options.message.input_format) as table,
        Output(table, options.output, force=options.force) as output,
    ):
        reader = _reader(table, options, tumor_id, settings)
        settings.note(reader.findings(table))
        for tumor in reader.tumors(file):
            settings.note(tumor.findings)
            if tumor.data is not None:
                output.write(tumor.data)
        output.commit()
    settings.note(settings.stale())
    settings.note_statistics()
    return end(
        "history",
        _facts(table, reader),
        settings,
        rows=RowCounts(table.row_count, None, reader.rejected_count),
        stages=CellCounts(reader.staging_count, reader.refused_count, reader.blank_count),
        more={"tumors": reader.tumor_count, "restagings": reader.restaging_count},
        file=file,
    )


def _reader(table: Table, options: HistoryOptions, tumor_id: str, settings: Settings) -> HistoryReader:
    """Return the reader that the options ask for.

    Raises:
        TableError: RS005, RS010, RS012; a column or a value cannot be used.
    """
    check_date_format(options.date_format)
    stage = find_stage(table, options.stage, "--stage")
    sources = FactSources(
        tumor_id=ValueSource(name=tumor_id, index=find_column(table, tumor_id)),
        diagnosis_date=find_source(table, options.date, "--date"),
        site=find_source(table, options.site, "--site"),
        event=find_source(table, options.event, "--event"),
        recurrence=find_source(table, options.recurrence, "--recurrence"),
    )
    staging_id = find_source(table, options.staging_id, "--id")
    return HistoryReader(
        settings.stage_reader(stage, sources.site),
        sources,
        FactReader(sources, settings.words, options.date_format),
        words=settings.words,
        staging_id=staging_id,
        taking=Taking(options.message.policy, options.message.diagnosis_window),
        key=settings.link_key(),
        counts=settings.counts,
        record=settings.find_record(table),
        tally=settings.tally,
    )


def _facts(table: Table, reader: HistoryReader) -> str:
    rows = f"{plural(table.row_count, 'row')} in = {plural(reader.staging_count, 'staging')}"
    lost = f"{reader.refused_count:,} refused + {reader.rejected_count:,} rejected"
    came_to = f"{plural(reader.tumor_count, 'tumor')}, {plural(reader.restaging_count, 'restaging')}"
    return f"{rows} + {reader.blank_count:,} blank + {lost}; {came_to}"
