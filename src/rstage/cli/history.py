"""`rstage history`: the stagings of each tumor in order, as the lines of a table or in a message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from rstage.cli.config_options import NeededArgument, configuration_options, is_stated
from rstage.cli.decorators import FILE
from rstage.cli.ending import Cells, Rows, end
from rstage.cli.failures import ends_with_message
from rstage.cli.options import (
    finding_options,
    history_options,
    message_options,
    reading_options,
    statistics_option,
    table_options,
)
from rstage.cli.printing import plural, print_note
from rstage.cli.selection_options import selection_options
from rstage.cli.settings import Settings
from rstage.files.outputs import Output
from rstage.reporting.report import statistics
from rstage.tables.cells import StageReader
from rstage.tables.dates import check_date_format
from rstage.tables.facts import FactReader, FactSources
from rstage.tables.history import HistoryReader
from rstage.tables.reviewed import stale
from rstage.tables.stage_columns import Source, find_column, find_source, find_stage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rstage.reporting.placed import PlacedFinding
    from rstage.tables.formats.delimited import Table

_FACTS = {
    "date": ("diagnosis_date", "--date"),
    "site": ("site", "--site"),
    "event": ("event", "--event"),
    "recurrence": ("recurrence", "--recurrence"),
}
_OF_TABLE = ("tumor_id", "staging_id", *_FACTS, "date_format")


@click.command("history")
@click.argument("file", cls=NeededArgument, type=FILE)
@history_options
@click.option("-o", "--output", type=FILE, metavar="OUT", help="Output; standard output without it.")
@click.option("--force", is_flag=True, help="Replace a file that exists.")
@message_options
@statistics_option
@reading_options
@table_options
@finding_options
@selection_options
@configuration_options
@ends_with_message
def history_command(file: str, **given: Any) -> int:
    """Write the history of each tumor of FILE as a line of JSON: the stage at diagnosis, and what follows it.

    FILE is a table with one row for each staging (--stage and --tumor-id), else a message (NAACCR XML, oBDS,
    FHIR). Rows of one tumor can stand anywhere, so the stagings of all tumors are held in memory. A staging
    with r is restaged, and so is one without r whose row states an event or a recurrence; all others can be
    the diagnosis.
    """
    settings = Settings.of(given)
    if given["stage"] and given["tumor_id"] is not None:
        return _table_histories(file, given, settings)
    needed = "a table needs --stage and --tumor-id"
    if given["stage"] or any(given[name] is not None and is_stated(name) for name in _OF_TABLE):
        raise click.UsageError(needed)
    from rstage.cli.messages import message_histories, no_table

    no_table(file, given, needed)
    return message_histories(file, given, settings)


def _table_histories(file: str, given: dict[str, Any], settings: Settings) -> int:
    with (
        settings.open_table(file) as table,
        Output(table, given["output"], force=given["force"]) as output,
    ):
        reader = _reader(table, given, settings)
        _tell(reader.findings(table), settings)
        for tumor in reader.tumors(file):
            _tell(tumor.findings, settings)
            if tumor.data is not None:
                output.write(tumor.data)
        output.commit()
    _tell(stale(reader.counts), settings)
    if settings.statistics:
        print_note("".join(statistics(reader.counts)).rstrip())
    return end(
        "history",
        _facts(table, reader),
        settings,
        rows=Rows(table.row_count, None, reader.rejected_count),
        cells=Cells(reader.staging_count, reader.refused_count, reader.blank_count),
        more={"tumors": reader.tumor_count, "restagings": reader.restaging_count},
    )


def _reader(table: Table, given: dict[str, Any], settings: Settings) -> HistoryReader:
    """Return the reader that the options ask for.

    Raises:
        TableError: RS005, RS010, RS012; a column or a value cannot be used.
    """
    check_date_format(given["date_format"])
    stage = find_stage(table, given["stage"], "--stage")
    tumor_id = Source(name=given["tumor_id"], index=find_column(table, given["tumor_id"]))
    found = {
        fact: find_source(table, given[name], option)
        for name, (fact, option) in _FACTS.items()
        if given[name] is not None
    }
    staging_id = find_source(table, given["staging_id"], "--id") if given["staging_id"] is not None else None
    sources = FactSources(tumor_id=tumor_id, **found)
    return HistoryReader(
        StageReader(stage, settings.reading, settings.words, sources.site),
        sources,
        FactReader(sources, settings.words, given["date_format"]),
        words=settings.words,
        staging_id=staging_id,
        policy=given["policy"],
        counts=settings.counts,
        record=settings.find_record(table),
    )


def _tell(findings: Iterable[PlacedFinding], settings: Settings) -> None:
    if settings.quiet or settings.statistics:
        for _ in findings:
            pass
    else:
        settings.teller.tell(findings)


def _facts(table: Table, reader: HistoryReader) -> str:
    rows = f"{plural(table.row_count, 'row')} in = {plural(reader.staging_count, 'staging')}"
    lost = f"{reader.refused_count:,} refused + {reader.rejected_count:,} rejected"
    came_to = f"{plural(reader.tumor_count, 'tumor')}, {plural(reader.restaging_count, 'restaging')}"
    return f"{rows} + {reader.blank_count:,} blank + {lost}; {came_to}"
