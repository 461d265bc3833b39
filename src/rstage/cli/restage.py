"""`rstage restage`: the r-form of each assessment beside the diagnosis, which stays as it is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from rstage import rules
from rstage.cli.appending import OutputOptions, write_appended
from rstage.cli.command import command
from rstage.cli.ending import end
from rstage.cli.link_key import link_key_option
from rstage.cli.option_groups import FILE, choice_option, group, is_stated, text_option
from rstage.cli.options import ReadingOptions
from rstage.cli.printing import print_data
from rstage.cli.restager import RestagingOptions, check_required, note_unchecked, restager_of
from rstage.cli.settings import CommonOptions, Settings
from rstage.cli.table_options import (
    MessageOptions,
    check_of_table,
    naaccr_items_option,
    report_option,
    statistics_option,
)
from rstage.files.errors import TableError
from rstage.restaging.recurrence import types_text
from rstage.tables.cells import CellCounts, StageReader
from rstage.tables.dates import check_date_format
from rstage.tables.facts import FactReader
from rstage.tables.restage import Restager
from rstage.tables.stage_columns import StageColumns, ValueSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rstage.restaging.restage import Restaging


@dataclass(frozen=True, slots=True, kw_only=True)
class RestageOptions:
    """The options of `restage`."""

    restaging: RestagingOptions = group(RestagingOptions)
    texts: tuple[str, str] | None = text_option(
        "--text", "DIAGNOSIS ASSESSMENT", "Restage these texts, not a table.", nargs=2
    )
    form: str = choice_option("--format", ["text", "json"], "Of --text.", default="text")
    output: OutputOptions = group(OutputOptions)
    message: MessageOptions = group(MessageOptions)
    naaccr_items: str | None = naaccr_items_option()
    link_key: str | None = link_key_option()
    statistics: bool = statistics_option()
    report: str | None = report_option()
    reading: ReadingOptions = group(ReadingOptions)
    common: CommonOptions = group(CommonOptions)


@command("restage", RestageOptions)
@click.argument("file", type=FILE, required=False)
def restage_command(options: RestageOptions, file: str | None) -> int:
    """Append the r-form of each assessment of FILE, a table, with its kind of recurrence, link and findings.

    The columns that were there come out byte for byte. With --text, dates, ids, sites and the event are given
    as =VALUE. Without columns FILE is a message (NAACCR XML, oBDS, FHIR): OUT is the message with the
    restagings put in, or a sidecar as JSON Lines where the format has no place for them.
    """
    restaging, output = options.restaging, options.output
    settings = Settings.of(
        options.reading,
        options.common,
        site=restaging.facts.site,
        statistics=options.statistics,
        report=options.report,
        link_key=options.link_key,
    )
    if restaging.no_link and is_stated("no_link") and is_stated("link_key"):
        raise click.UsageError("--link-key makes links, and --no-link leaves them out")
    if options.texts:
        if file or is_stated("diagnosis") or is_stated("assessment"):
            raise click.UsageError("--text is restaged instead of a FILE and its columns")
        return _restage_texts(options.texts, options, settings)
    needed = "a FILE with --diagnosis and --assessment is needed, or --text"
    if file is not None and not restaging.diagnosis and not restaging.assessment:
        from rstage.cli.messages import no_table, restage_message
        from rstage.cli.naaccr_items import restage_with_items

        no_table(file, options.message, needed)
        if options.naaccr_items is not None:
            return restage_with_items(
                file,
                options.message,
                settings,
                output.output,
                prefix=options.naaccr_items,
                force=output.force,
            )
        return restage_message(file, options.message, settings, output.output, force=output.force)
    if file is None or not restaging.diagnosis or not restaging.assessment:
        raise click.UsageError(needed)
    check_of_table(options.message, options.naaccr_items)
    form = options.message.input_format
    with settings.open_table(file, form, output.output, is_written=True) as table:
        restager = restager_of(table, restaging, settings)
        in_words, rows = write_appended(table, restager, output, settings, restager.stage_indexes)
    note_unchecked(restager, settings)
    restaged, blank = restager.restaged_count, restager.blank_count
    facts = f"{restaged:,} restaged, {blank:,} without assessment"
    stages = CellCounts(restaged, (rows.out or 0) - restaged - blank, blank)
    return end("restage", f"{in_words}; {facts}", settings, rows=rows, stages=stages, file=file)


def _restage_texts(texts: tuple[str, str], options: RestageOptions, settings: Settings) -> int:
    restager = _text_restager(options.restaging, settings)
    outcome = restager.restaged([_utf8("--text", text) for text in texts])
    restager.finish()
    if outcome is None:
        raise TableError(rules.OPTION_UNUSABLE.at(option="--text", why="the assessment is blank"))
    if outcome.restaging is not None:
        print_data(_described(outcome.restaging, options.form))
    settings.printer.draw(filter(settings.counts.is_reported, outcome.findings), err=True)
    return end("restage", None, settings)


def _text_restager(options: RestagingOptions, settings: Settings) -> Restager:
    """Return a restager for one row of two cells, the diagnosis and the assessment."""
    check_date_format(options.date_format)
    sources = options.facts.sources(_literal)
    sites = sources.site, sources.assessment_site or sources.site
    diagnosis, assessment = [
        StageReader(
            StageColumns(name=name, columns=(name,), indexes=(index,)), settings.reading, frozenset(), site
        )
        for index, (name, site) in enumerate(zip(("diagnosis", "assessment"), sites, strict=True))
    ]
    check_required(options.require, sources)
    facts = FactReader(sources, frozenset(), options.date_format, required=options.require)
    return Restager(diagnosis, assessment, facts, key=settings.link_key(), counts=settings.counts)


def _literal(value: str | None, option: str) -> ValueSource | None:
    if value is None:
        return None
    if not value.startswith("="):
        why = "with --text it takes a value, written as =VALUE"
        raise TableError(rules.OPTION_UNUSABLE.at(option=option, why=why))
    return ValueSource(name=option, literal=_utf8(option, value[1:]))


def _utf8(option: str, text: str) -> str:
    """Return a text of the command line; bytes that are no UTF-8 cannot be linked."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise TableError(rules.OPTION_UNUSABLE.at(option=option, why="it is not UTF-8")) from None
    return text


def _described(restaging: Restaging, form: str) -> Iterator[str]:
    if form == "json":
        yield json.dumps(restaging.to_dict()) + "\n"
        return
    yield f"{restaging.restaged}\n"
    yield f"{types_text(restaging.recurrence) or 'no recurrence shown'}\n"
    yield f"{restaging.describe()}\n"
