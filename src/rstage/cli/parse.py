"""`rstage parse`: what a stage means."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from rstage.cli.command import command
from rstage.cli.config_options import NeededArgument
from rstage.cli.option_groups import choice_option, group
from rstage.cli.options import (
    FindingOptions,
    ReadingOptions,
    check_site,
    exit_code,
    read_options,
    site_option,
)
from rstage.cli.printing import given_readings, print_data, print_note
from rstage.files.inputs import STDIN
from rstage.reading.read import read
from rstage.reference.choices import FIELDS
from rstage.reporting.counts import FindingCounts
from rstage.reporting.placed import CellFinding
from rstage.reporting.report import draw, json_array, json_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rstage.model.stage import Stage
    from rstage.reading.read import Reading
    from rstage.reference.choices import FieldName


_JSON = {"json": json_array, "jsonl": json_lines}


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseOptions:
    """The options of `parse`."""

    form: str = choice_option("--format", ["text", "json", "jsonl"], "What is printed.", default="text")
    field: FieldName | None = choice_option("--field", FIELDS, "Read a field of its own, such as G or group.")
    reading: ReadingOptions = group(ReadingOptions)
    site: str | None = site_option(metavar="SITE")
    finding: FindingOptions = group(FindingOptions)


@command("parse", ParseOptions)
@click.argument("texts", cls=NeededArgument, metavar="TEXT...", nargs=-1, required=True)
def parse_command(options: ParseOptions, texts: tuple[str, ...]) -> int:
    """Say what a stage means, in words and as a table.

    TEXT is a stage such as 'rpT2 rpN1 cM0'; - reads one stage a line from stdin. On a terminal a finding
    shows where it stands in TEXT; of a line from stdin only plain notation is shown. With --format jsonl
    each line is answered by one line, at once, for as long as stdin is open.
    """
    reading = read_options(options.reading, options.site)
    reading |= {"field": options.field, "site": check_site(reading, options.site)}
    counts = FindingCounts()
    read_text = partial(read, **reading)
    if options.form == "text":
        for given in texts:
            readings = _counted(given_readings([given], read_text), counts)
            _print_readings(readings, is_typed=given != STDIN)
    else:
        readings = _counted(given_readings(texts, read_text), counts)
        for piece in _JSON[options.form](map(_reading_to_dict, readings)):
            print_data([piece])
    return exit_code(counts, options.finding)


def _print_readings(readings: Iterable[Reading], *, is_typed: bool) -> None:
    """Print what texts say, and their findings; who typed a text at the terminal is shown it whole."""
    shows_values = is_typed and sys.stderr is not None and sys.stderr.isatty()
    for one in readings:
        print_data(_described(one))
        made = [str(part) for stage in one.stages for part in stage.parts]
        for found in one.diagnostics:
            print_note(draw(found, one.text, shows_values=shows_values, made=made))


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
    rows = stage.words()
    width = max(len(text) for _, text, _ in rows)
    for name, text, words in rows:
        yield f"  {name:<7}  {text:<{width}}  {words}\n"
