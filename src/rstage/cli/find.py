"""`rstage find`: the stagings that stand in texts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from rstage.cli.command import command
from rstage.cli.completing import complete_columns
from rstage.cli.config_options import NeededArgument
from rstage.cli.ending import RowCounts, end
from rstage.cli.link_key import link_key_option
from rstage.cli.option_groups import FILE, choice_option, flag_option, group, is_stated, option, text_option
from rstage.cli.options import OPEN, ReadingOptions
from rstage.cli.printing import plural, print_data
from rstage.cli.settings import CommonOptions, Settings
from rstage.cli.table_options import refuse_corrections_of_text, report_option, table_format_option
from rstage.reporting.placed import CellFinding
from rstage.reporting.report import csv_lines, json_lines
from rstage.tables.append import failed_row, misfit
from rstage.tables.stage_columns import find_column
from rstage.text.dates import Dates
from rstage.text.files import TextFile
from rstage.text.find import find
from rstage.text.pairs import paired
from rstage.text.phrases import LANGUAGES
from rstage.text.placed import FIELDS, PAIR_FIELDS, PlacedMention

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rstage.reporting.placed import PlacedFinding
    from rstage.tables.table import Table
    from rstage.text.find import Mention
    from rstage.text.pairs import FoundRestaging

    _Find = Callable[[str], Iterable[Mention]]
    _Rendered = Any  # a dictionary of JSON-ready values, or a line

_FORMATS = ("jsonl", "csv", "text")


@dataclass(frozen=True, slots=True, kw_only=True)
class FindOptions:
    """The options of `find`."""

    column: str | None = text_option(
        "--column", "COL", "Column of a table whose cells are the texts.", shell_complete=complete_columns
    )
    key: str | None = text_option("--key", "KEY", "Key of JSON Lines whose values are the texts.")
    row_id: str | None = text_option(
        "--id",
        "COL",
        "Column or key whose value stands beside each staging.",
        shell_complete=complete_columns,
    )
    languages: tuple[str, ...] = option(
        "--language",
        type=click.Choice(LANGUAGES),
        multiple=True,
        default=LANGUAGES,
        help="Language of the texts, as often as needed; by default all.",
    )
    pairs: bool = flag_option("--restage", "Pair a staging with r with the diagnosis before it.")
    link_key: str | None = link_key_option()
    report: str | None = report_option()
    form: str = choice_option("--format", _FORMATS, "What is printed.", default="jsonl")
    reading: ReadingOptions = group(ReadingOptions, only=OPEN)
    input_format: str | None = table_format_option()
    common: CommonOptions = group(CommonOptions)


@command("find", FindOptions)
@click.argument("file", cls=NeededArgument, type=FILE)
def find_command(options: FindOptions, file: str) -> int:
    """Write a line for each staging that stands in the text of FILE, with its place.

    FILE is a text. With --column it is a table, with --key JSON Lines, and each cell is a text of its own.
    """
    refuse_corrections_of_text()
    if is_stated("link_key") and not options.pairs:
        raise click.UsageError("--link-key makes the links of --restage")
    settings = Settings.of(options.reading, options.common, report=options.report, link_key=options.link_key)
    if options.column is not None and options.key is not None:
        raise click.UsageError(
            "--column names a column of a table, --key a key of JSON Lines: only one is needed"
        )
    if options.row_id is not None and options.column is None and options.key is None:
        raise click.UsageError("--id names a column of a table: it needs --column or --key")
    find_in = partial(
        find,
        languages=options.languages,
        mode=options.reading.mode,
        edition=options.reading.edition,
        carry_method=options.reading.carry_method,
        assume_clinical=options.reading.assume_clinical,
    )
    command = _FindCommand(settings, find_in, options)
    if options.key is not None:
        if options.input_format not in (None, "ndjson"):
            raise click.UsageError("--key is for JSON Lines")
        return command.of_table(file, options.key, "ndjson")
    if options.column is not None:
        return command.of_table(file, options.column, options.input_format)
    return command.of_text(file)


class _FindCommand:
    """What one call of the command finds is printed and counted."""

    def __init__(self, settings: Settings, find: _Find, options: FindOptions) -> None:
        self.settings = settings
        self._find = find
        self._has_pairs = options.pairs
        key = settings.link_key() if options.pairs else None
        self._paired = paired if key is None else partial(paired, key=key)
        self._form = options.form
        self._row_id = options.row_id
        self._count = 0

    def of_text(self, file: str) -> int:
        with TextFile(file, self.settings.table.encoding) as text:
            print_data(self._printed(self._in_text(text)))
            facts = f"{plural(text.length, 'character')} in = {plural(self._count, 'staging')} found"
        return end("find", facts, self.settings, file=file)

    def of_table(self, file: str, column: str, input_format: str | None) -> int:
        settings = self.settings
        with settings.open_table(file, input_format) as table:
            place = find_column(table, column)
            id_place = None if self._row_id is None else find_column(table, self._row_id)
            rejected: list[int] = []
            print_data(self._printed(self._in_table(table, column, (place, id_place), rejected)))
        count = len(rejected)
        rows = f"{plural(table.row_count, 'row')} in = {table.row_count - count:,} read + {count:,} rejected"
        facts = f"{rows}; {plural(self._count, 'staging')} found"
        return end("find", facts, settings, rows=RowCounts(table.row_count, None, count), file=file)

    def _printed(self, rendered: Iterator[_Rendered]) -> Iterator[str]:
        """Yield what is printed, line by line."""
        if self._form == "text":
            return (f"{one}\n" for one in rendered)
        if self._form == "csv":
            return csv_lines(rendered, FIELDS + (PAIR_FIELDS if self._has_pairs else ()))
        return json_lines(rendered)

    def _rendered(self, placed: PlacedMention) -> _Rendered:
        if self._form == "text":
            return str(placed)
        return placed.to_row() if self._form == "csv" else placed.to_dict()

    def _in_text(self, text: TextFile) -> Iterator[_Rendered]:
        lines: dict[tuple[int, int], int] = {}

        def mentions() -> Iterator[Mention]:
            for line, mention in text.mentions(self._find):
                lines[mention.span] = line
                yield mention

        for mention, pair in self._with_pairs(mentions(), lambda _: text.date()):
            placed = PlacedMention(file=text.file, line=lines.pop(mention.span), mention=mention, pair=pair)
            self._note(placed, "text")
            yield self._rendered(placed)

    def _in_table(
        self, table: Table, column: str, places: tuple[int, int | None], rejected: list[int]
    ) -> Iterator[_Rendered]:
        number = 0
        place, id_place = places
        for cells, _, line in table.records():
            number += bool(cells)
            if len(cells) == len(table.columns):
                row_id = None if id_place is None else cells[id_place]
                stands = partial(
                    PlacedMention, file=table.file, line=line, row=number, row_id=row_id, column=column
                )
                try:
                    found = self._in_cell(cells[place], stands)
                except Exception as error:  # noqa: BLE001  one bad row never stops a run
                    rejected.append(number)
                    self._reject(failed_row(table.file, error, line, number))
                    continue
                for placed, rendered in found:
                    self._note(placed, column)
                    yield rendered
            elif cells:
                rejected.append(number)
                self._reject(misfit(table, cells, line, number))

    def _in_cell(
        self, text: str, stands: Callable[..., PlacedMention]
    ) -> list[tuple[PlacedMention, _Rendered]]:
        dates = Dates(text)
        found = self._with_pairs(self._find(text), lambda mention: dates.of(mention.span))
        placed = [stands(mention=mention, pair=pair) for mention, pair in found]
        return [(one, self._rendered(one)) for one in placed]

    def _reject(self, found: PlacedFinding) -> None:
        self.settings.counts.add([found])
        self.settings.printer.note([found])

    def _with_pairs(
        self, mentions: Iterable[Mention], date_of: Callable[[Mention], str | None]
    ) -> Iterator[tuple[Mention, FoundRestaging | None]]:
        if not self._has_pairs:
            return ((mention, None) for mention in mentions)
        return self._paired(mentions, date_of)

    def _note(self, placed: PlacedMention, column: str) -> None:
        """Count a staging and what was found in it."""
        self._count += 1
        found = [*placed.mention.reading.diagnostics, *(placed.pair.diagnostics if placed.pair else ())]
        self.settings.counts.add([CellFinding(one, column, placed.mention.text) for one in found])
        tally = self.settings.tally
        if tally is not None:
            tally.of(column, is_one=True).add(placed.mention.reading)
            if placed.pair is not None and placed.pair.restaging is not None:
                tally.course.add_restaging(placed.pair.restaging)
