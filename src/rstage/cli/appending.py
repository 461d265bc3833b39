"""What `normalize` and `restage` share: an output is written, then it is said what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from rstage import rules
from rstage.cli.ending import Rows
from rstage.cli.printing import plural, print_note
from rstage.files.outputs import TableOutput
from rstage.reporting.report import statistics
from rstage.tables.engines import append
from rstage.tables.formats.opening import check_output_name
from rstage.tables.reviewed import WithOverrides, stale

if TYPE_CHECKING:
    from rstage.cli.settings import Settings
    from rstage.reporting.placed import PlacedFinding
    from rstage.tables.append import Appender
    from rstage.tables.formats.delimited import Table
    from rstage.tables.reviewed import ReviewedAppender


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


def write_appended(
    table: Table, reviewed: ReviewedAppender, files: OutputFiles, settings: Settings
) -> tuple[str, Rows]:
    """Write `table` with what is appended, and return how its rows add up, in words and as numbers.

    What was overridden for nothing is told at the end.

    Raises:
        TableError: the input cannot be read or the output not be written; nothing is kept then.
    """
    check_output_name(table, files.output)
    record = settings.find_record(table)
    appender: Appender = reviewed if record is None else WithOverrides(reviewed, record)
    with TableOutput(table, files.output, files.reject_file, force=files.force) as output:
        has_place = output.rejected_name is not None
        on_rejected = partial(_tell_rejected, settings, has_place=has_place)
        totals = append(table, appender, output, on_rejected, settings.engine)
    not_used = stale(appender.counts)
    if settings.statistics:
        for _ in not_used:
            pass
        print_note("".join(statistics(appender.counts)).rstrip())
    else:
        settings.teller.tell(not_used)
    where = f" ({output.rejected_name})" if totals.rejected and has_place else ""
    facts = f"{plural(totals.rows_in, 'row')} in = {totals.rows_out:,} out"
    rows = Rows(totals.rows_in, totals.rows_out, totals.rejected)
    return f"{facts} + {totals.rejected:,} rejected{where}", rows


def _tell_rejected(settings: Settings, found: PlacedFinding, *, has_place: bool) -> None:
    """Tell of a rejected row, unless it has a place in the reject file and shows there what is wrong."""
    if not has_place or found.diagnostic.code == rules.INTERNAL_ERROR.code:
        settings.teller.tell([found])
