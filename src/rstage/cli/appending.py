"""What `normalize` and `restage` share: an output is written, then it is said what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rstage import rules
from rstage.cli.ending import RowCounts
from rstage.cli.option_groups import file_option, flag_option, option
from rstage.cli.printing import plural
from rstage.cli.table_options import engine_option, output_option
from rstage.diagnostics import printable
from rstage.files.inputs import STDIN
from rstage.files.outputs import TableOutput
from rstage.tables.engines import append
from rstage.tables.formats.listing import choose_format
from rstage.tables.formats.opening import check_output_name
from rstage.tables.reviewed import WithOverrides
from rstage.tables.sample import sample_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rstage.cli.settings import Settings
    from rstage.reporting.placed import PlacedFinding
    from rstage.tables.appender import Appender
    from rstage.tables.table import Table


_WRITTEN_AS = ".csv"
"""What the name of a sheet's output ends in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputOptions:
    """Where a table with what is appended is written, and what makes it."""

    output: str | None = output_option()
    reject_file: str | None = file_option(
        "--reject-file", "FILE", "Where ragged rows go; by default OUT.rejected."
    )
    force: bool = flag_option("--force", "Replace files that exist.")
    show_rows: int | None = option(
        "--show-rows", type=click.IntRange(min=0), metavar="N", help="Show so many rows of OUT at the end."
    )
    engine: str = engine_option()


def write_appended(
    table: Table,
    appender: Appender,
    options: OutputOptions,
    settings: Settings,
    shown: Sequence[int],
    *,
    is_whole: bool = True,
) -> tuple[str, RowCounts]:
    """Write `table` with what is appended, and return how its rows add up, in words and as numbers.

    Overrides that were not used are reported where the run ends with the table. Where rows are to be shown,
    they are those columns whose places are in `shown`, and what was appended but for links.

    Raises:
        TableError: the input cannot be read or the output not be written; no output is kept then.
    """
    check_output_name(table, options.output)
    record = settings.find_record(table)
    if record is not None:
        appender = WithOverrides(appender, record)
    with TableOutput(table, options.output, options.reject_file, force=options.force) as output:
        has_place = output.rejected_name is not None
        on_failed = partial(_report_rejected, settings, has_place=has_place)
        totals = append(table, appender, output, on_failed, options.engine)
    if is_whole:
        settings.note(settings.stale(), is_quiet=False)
        settings.note_statistics()
    _show_rows(table, appender, options, settings, shown)
    where = f" ({output.rejected_name})" if totals.rejected and has_place else ""
    if totals.rejected and not has_place:
        where = " (in no file: --reject-file FILE keeps them)"
    facts = f"{plural(totals.rows_in, 'row')} in = {totals.rows_out:,} out"
    rows = RowCounts(totals.rows_in, totals.rows_out, totals.rejected)
    return f"{facts} + {totals.rejected:,} rejected{where}", rows


def output_names(files: Sequence[str], options: OutputOptions, form: str | None) -> list[str | None]:
    """Return the output of each file: what was asked for; of several its own name in a folder.

    Raises:
        click.UsageError: several files have no folder, the same name, or one file for what is rejected.
    """
    if len(files) == 1:
        return [options.output]
    folder = Path(options.output or "")
    if options.output is None or not folder.is_dir():
        raise click.UsageError("several files need --output FOLDER, one that is there")
    if options.reject_file is not None:
        raise click.UsageError("--reject-file is for one FILE: each has its own beside its output")
    names = [Path(file).name + _WRITTEN_AS * choose_format(form, file).has_sheets for file in files]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise click.UsageError(f"several files would be {printable(twice)} in {options.output}")
    return [str(folder / name) for name in names]


def _show_rows(
    table: Table, appender: Appender, options: OutputOptions, settings: Settings, shown: Sequence[int]
) -> None:
    """Print some rows of the output, which standard output would show itself."""
    if not options.show_rows or options.output in (None, STDIN) or settings.table.quiet:
        return
    width, places = len(table.columns), list(dict.fromkeys(shown))
    appended = [width + place for place, name in enumerate(appender.names) if not name.endswith("_link")]
    with table.opened_alike(options.output or "") as output:
        found = list(sample_rows(output, [*places, *appended], options.show_rows))
        names = [output.columns[place] for place in (*places, *appended)]
    rows = []
    for row in found:
        given, made = row.cells[: len(places)], row.cells[len(places) :]
        rows.append([str(row.line), *map(settings.printer.cell, given), *made])
    settings.printer.table(["line", *names], rows)


def _report_rejected(settings: Settings, found: PlacedFinding, *, has_place: bool) -> None:
    """Report a rejected row, unless it has a place in the reject file and shows there what is wrong."""
    if not has_place or found.diagnostic.code == rules.INTERNAL_ERROR.code:
        settings.printer.note([found])
