"""`rstage restage`: the r-form of each assessment beside the diagnosis, which stays as it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from rstage import rules
from rstage.cli.appending import OutputFiles, write_appended
from rstage.cli.config_options import configuration_options, is_stated
from rstage.cli.decorators import FILE
from rstage.cli.ending import Cells, end, end_texts
from rstage.cli.failures import ends_with_message
from rstage.cli.options import (
    finding_options,
    message_options,
    output_options,
    reading_options,
    restage_options,
    statistics_option,
    table_options,
)
from rstage.cli.printing import print_data
from rstage.cli.restager import FACTS, restager_of
from rstage.cli.selection_options import selection_options
from rstage.cli.settings import Settings
from rstage.files.errors import TableError
from rstage.restaging.recurrence import types_text
from rstage.tables.cells import StageReader
from rstage.tables.dates import check_date_format
from rstage.tables.facts import FactReader, FactSources
from rstage.tables.restage import Restager
from rstage.tables.stage_columns import Source, StageColumns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rstage.restaging.restage import Restaging


@click.command("restage")
@click.argument("file", type=FILE, required=False)
@restage_options
@click.option(
    "--text", "texts", nargs=2, metavar="DIAGNOSIS ASSESSMENT", help="Restage these texts, not a table."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Of --text.")
@output_options
@message_options
@statistics_option
@reading_options
@table_options
@finding_options
@selection_options
@configuration_options
@ends_with_message
def restage_command(file: str | None, texts: tuple[str, str] | None, form: str, **given: Any) -> int:
    """Append the r-form of each assessment of FILE, a table, with its kind of recurrence, link and findings.

    The columns that were there come out byte for byte. With --text, dates, ids, sites and the event are given
    as =VALUE. Without columns FILE is a message (NAACCR XML, oBDS, FHIR): OUT is the message with the
    restagings put in, or a sidecar as JSON Lines where the format has no place for them.
    """
    settings = Settings.of(given)
    if texts:
        if file or any(given[name] and is_stated(name) for name in ("diagnosis", "assessment")):
            raise click.UsageError("--text is restaged instead of a FILE and its columns")
        return _restage_texts(texts, form, given, settings)
    needed = "a FILE with --diagnosis and --assessment is needed, or --text"
    if file is not None and not given["diagnosis"] and not given["assessment"]:
        from rstage.cli.messages import no_table, restage_message

        no_table(file, given, needed)
        return restage_message(file, given, settings)
    if file is None or not given["diagnosis"] or not given["assessment"]:
        raise click.UsageError(needed)
    with settings.open_table(file, given["output"]) as table:
        restager = restager_of(table, given, settings)
        in_words, rows = write_appended(table, restager, OutputFiles.of(given), settings)
    restaged, blank = restager.restaged_count, restager.blank_count
    facts = f"{restaged:,} restaged, {blank:,} without assessment"
    cells = Cells(restaged, (rows.out or 0) - restaged - blank, blank)
    return end("restage", f"{in_words}; {facts}", settings, rows=rows, cells=cells)


def _restage_texts(texts: tuple[str, str], form: str, given: dict[str, Any], settings: Settings) -> int:
    restager = _text_restager(given, settings)
    outcome = restager.outcome([_utf8("--text", text) for text in texts])
    restager.finish()
    if outcome is None:
        raise TableError(rules.OPTION_UNUSABLE.at(option="--text", why="the assessment is blank"))
    if outcome.restaging is not None:
        print_data(_described(outcome.restaging, form))
    settings.teller.draw(filter(settings.counts.is_told, outcome.findings), err=True)
    return end_texts("restage", settings)


def _text_restager(given: dict[str, Any], settings: Settings) -> Restager:
    """Return a restager for one row of two cells, the diagnosis and the assessment."""
    check_date_format(given["date_format"])
    sources = {
        name: _literal(option, given[name]) for name, option in FACTS.items() if given[name] is not None
    }
    sites = sources.get("site"), sources.get("assessment_site", sources.get("site"))
    diagnosis, assessment = [
        StageReader(
            StageColumns(name=name, columns=(name,), indexes=(index,)), settings.reading, frozenset(), site
        )
        for index, (name, site) in enumerate(zip(("diagnosis", "assessment"), sites, strict=True))
    ]
    facts = FactReader(FactSources(**sources), frozenset(), given["date_format"])
    return Restager(diagnosis, assessment, facts, counts=settings.counts)


def _literal(option: str, value: str) -> Source:
    if not value.startswith("="):
        why = "with --text it takes a value, written as =VALUE"
        raise TableError(rules.OPTION_UNUSABLE.at(option=option, why=why))
    return Source(name=option, literal=_utf8(option, value[1:]))


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
