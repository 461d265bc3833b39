"""`rstage parse`: what a stage means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from rstage.cli.config_options import NeededArgument, configuration_options
from rstage.cli.failures import ends_with_message
from rstage.cli.options import finding_options, reading_options
from rstage.cli.printing import given_texts, print_data, print_note
from rstage.cli.settings import Settings, check_site
from rstage.model.words import stage_words
from rstage.reading.options import FIELDS
from rstage.reading.read import read
from rstage.reporting.counts import FindingCounts
from rstage.reporting.placed import CellFinding
from rstage.reporting.report import draw, json_array

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rstage.model.stage import Stage
    from rstage.reading.read import Reading


@click.command("parse")
@click.argument("texts", cls=NeededArgument, metavar="TEXT...", nargs=-1, required=True)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="What is printed."
)
@click.option("--field", type=click.Choice(FIELDS), help="Read a field of its own, such as G or group.")
@reading_options
@click.option(
    "--site", metavar="SITE", help="Primary site, for --site-table: ICD-O code or name of a schema."
)
@finding_options
@configuration_options
@ends_with_message
def parse_command(
    texts: tuple[str, ...], form: str, field: str | None, site: str | None, **given: Any
) -> int:
    """Say what a stage means, in words and as a table.

    TEXT is a stage such as 'rpT2 rpN1 cM0'; - reads one stage a line from stdin.
    """
    settings = Settings.of({**given, "site": site})
    site = check_site(settings, site)
    counts = FindingCounts()
    options = {**settings.reading, "field": field, "site": site}
    readings = _counted((read(text, **options) for text in given_texts(texts)), counts)
    if form == "json":
        print_data(json_array(_reading_to_dict(reading) for reading in readings))
    else:
        for reading in readings:
            print_data(_described(reading))
            for found in reading.diagnostics:
                print_note(draw(found, reading.text))
    return settings.exit_code(counts)


def _counted(readings: Iterable[Reading], counts: FindingCounts) -> Iterator[Reading]:
    for reading in readings:
        counts.add(CellFinding(diagnostic=found, value=reading.text) for found in reading.diagnostics)
        yield reading


def _reading_to_dict(reading: Reading) -> dict[str, Any]:
    """Return a reading as JSON-ready values, each stage with its canonical text."""
    return {
        "text": reading.text,
        "stages": [{"canonical": str(stage), **stage.to_dict()} for stage in reading.stages],
        "diagnostics": [found.to_dict() for found in reading.diagnostics],
    }


def _described(reading: Reading) -> Iterator[str]:
    for stage in reading.stages:
        yield f"{stage}\n"
        yield from _table(stage)


def _table(stage: Stage) -> Iterator[str]:
    rows = list(stage_words(stage))
    width = max(len(text) for _, text, _ in rows)
    for name, text, words in rows:
        yield f"  {name:<7}  {text:<{width}}  {words}\n"
