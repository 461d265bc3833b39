"""What `normalize` and `restage` share: an output is written, then it is said what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from rstage.outputs import TableOutput
from rstage.report import statistics
from rstage.table_append import append_columns

from .printing import plural, print_note, summary

if TYPE_CHECKING:
    from rstage.table_append import Appender
    from rstage.table_findings import PlacedFinding
    from rstage.tables import Table

    from .options import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputFiles:
    """Where a table is written: the output, the rejected rows, and whether files may be replaced."""

    output: str | None
    reject_file: str | None
    force: bool

    @classmethod
    def of(cls, given: dict[str, Any]) -> Self:
        """Return the files, taking their options out of `given`."""
        return cls(output=given.pop("output"), reject_file=given.pop("reject_file"), force=given.pop("force"))


def write_appended(table: Table, appender: Appender, files: OutputFiles, settings: Settings) -> str:
    """Write `table` with what is appended, and return how its rows add up.

    Raises:
        TableError: the input cannot be read or the output not be written; nothing is kept then.
    """
    with TableOutput(table, files.output, files.reject_file, force=files.force) as output:
        has_place = output.rejected_name is not None
        totals = append_columns(table, appender, output, _keep_quiet if has_place else _print_rejected)
    if settings.statistics:
        print_note("".join(statistics(appender.counts)).rstrip())
    where = f" ({output.rejected_name})" if totals.rejected and has_place else ""
    return (
        f"{plural(totals.rows_in, 'row')} in = {totals.rows_out:,} out + {totals.rejected:,} rejected{where}"
    )


def _print_rejected(found: PlacedFinding) -> None:
    print_note(str(found))


def _keep_quiet(_found: PlacedFinding) -> None:
    """The row is in the reject file."""


def end(command: str, facts: str, appender: Appender, settings: Settings) -> int:
    """Print the summary of a run and return its exit code."""
    if not settings.quiet:
        print_note(summary(command, facts, appender.counts))
    return settings.exit_code(appender.counts)
