"""`rstage find`: the stagings that stand in texts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from rstage.cli.command import command
from rstage.cli.config_options import NeededArgument
from rstage.cli.ending import RowCounts, end
from rstage.cli.option_groups import FILE, flag_option, group, is_stated, option, text_option
from rstage.cli.options import OPEN, ReadingOptions
from rstage.cli.printing import plural, print_data
from rstage.cli.settings import CommonOptions, Settings
from rstage.cli.table_options import table_format_option
from rstage.reporting.placed import CellFinding
from rstage.reporting.report import json_lines
from rstage.tables.append import failed_row, misfit
from rstage.tables.stage_columns import find_column
from rstage.text.context import LANGUAGES
from rstage.text.files import PlacedMention, TextFile
from rstage.text.find import find
from rstage.text.pairs import paired

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rstage.reporting.placed import PlacedFinding
    from rstage.tables.table import Table
    from rstage.text.find import Mention
    from rstage.text.pairs import FoundRestaging

    _Find = Callable[[str], Iterable[Mention]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindOptions:
    """The options of `find`."""

    column: str | None = text_option("--column", "COL", "Column of a table whose cells are the texts.")
    key: str | None = text_option("--key", "KEY", "Key of JSON Lines whose values are the texts.")
    languages: tuple[str, ...] = option(
        "--language",
        type=click.Choice(LANGUAGES),
        multiple=True,
        default=LANGUAGES,
        help="Language of the texts, as often as needed; by default all.",
    )
    pairs: bool = flag_option("--restage", "Pair a staging with r with the diagnosis before it.")
    reading: ReadingOptions = group(ReadingOptions, only=OPEN)
    input_format: str | None = table_format_option()
    common: CommonOptions = group(CommonOptions)


@command("find", FindOptions)
@click.argument("file", cls=NeededArgument, type=FILE)
def find_command(options: FindOptions, file: str) -> int:
    """Write a line of JSON for each staging that stands in the text of FILE, with its place.

    FILE is a text. With --column it is a table, with --key JSON Lines, and each cell is a text of its own.
    """
    if is_stated("corrections"):
        raise click.UsageError("--corrections decides how the cells of a stage are read, and not a text")
    settings = Settings.of(options.reading, options.common)
    if options.column is not None and options.key is not None:
        raise click.UsageError(
            "--column names a column of a table, --key a key of JSON Lines: only one is needed"
        )
    find_in = partial(
        find,
        languages=options.languages,
        mode=options.reading.mode,
        edition=options.reading.edition,
        carry_method=options.reading.carry_method,
        assume_clinical=options.reading.assume_clinical,
    )
    command = _FindCommand(settings, find_in, has_pairs=options.pairs)
    if options.key is not None:
        if options.input_format not in (None, "ndjson"):
            raise click.UsageError("--key is for JSON Lines")
        return command.of_table(file, options.key, "ndjson")
    if options.column is not None:
        return command.of_table(file, options.column, options.input_format)
    return command.of_text(file)


class _FindCommand:
    """What one call of the command finds is printed and counted."""

    def __init__(self, settings: Settings, find: _Find, *, has_pairs: bool) -> None:
        self.settings = settings
        self._find = find
        self._has_pairs = has_pairs
        self._count = 0

    def of_text(self, file: str) -> int:
        with TextFile(file, self.settings.table.encoding) as text:
            print_data(json_lines(self._in_text(text)))
            facts = f"{plural(text.length, 'character')} in = {plural(self._count, 'staging')} found"
        return end("find", facts, self.settings)

    def of_table(self, file: str, column: str, input_format: str | None) -> int:
        settings = self.settings
        with settings.open_table(file, input_format) as table:
            place = find_column(table, column)
            rejected: list[int] = []
            print_data(json_lines(self._in_table(table, column, place, rejected)))
        count = len(rejected)
        rows = f"{plural(table.row_count, 'row')} in = {table.row_count - count:,} read + {count:,} rejected"
        facts = f"{rows}; {plural(self._count, 'staging')} found"
        return end("find", facts, settings, rows=RowCounts(table.row_count, None, count))

    def _in_text(self, text: TextFile) -> Iterator[dict[str, Any]]:
        lines: dict[tuple[int, int], int] = {}

        def mentions() -> Iterator[Mention]:
            for line, mention in text.mentions(self._find):
                lines[mention.span] = line
                yield mention

        for mention, pair in self._with_pairs(mentions()):
            placed = PlacedMention(file=text.file, line=lines.pop(mention.span), mention=mention, pair=pair)
            self._note(placed, "text")
            yield placed.to_dict()

    def _in_table(
        self, table: Table, column: str, place: int, rejected: list[int]
    ) -> Iterator[dict[str, Any]]:
        number = 0
        for cells, _, line in table.records():
            number += bool(cells)
            if len(cells) == len(table.columns):
                stands = partial(PlacedMention, file=table.file, line=line, row=number, column=column)
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
    ) -> list[tuple[PlacedMention, dict[str, Any]]]:
        placed = [stands(mention=mention, pair=pair) for mention, pair in self._with_pairs(self._find(text))]
        return [(one, one.to_dict()) for one in placed]

    def _reject(self, found: PlacedFinding) -> None:
        self.settings.counts.add([found])
        self.settings.printer.note([found])

    def _with_pairs(self, mentions: Iterable[Mention]) -> Iterator[tuple[Mention, FoundRestaging | None]]:
        return paired(mentions) if self._has_pairs else ((mention, None) for mention in mentions)

    def _note(self, placed: PlacedMention, column: str) -> None:
        """Count a staging and what was found in it."""
        self._count += 1
        found = [*placed.mention.reading.diagnostics, *(placed.pair.diagnostics if placed.pair else ())]
        self.settings.counts.add([CellFinding(one, column, placed.mention.text) for one in found])
