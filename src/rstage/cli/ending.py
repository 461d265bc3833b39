"""How a run ends: what is said of it, the summary for who watches many runs, and the exit code."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from rstage import rules
from rstage.cli.exit_codes import CLEAN
from rstage.cli.frequent import frequent_lines
from rstage.cli.options import exit_code
from rstage.cli.printing import print_note, summary
from rstage.diagnostics import Severity, printable
from rstage.files.inputs import STDIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rstage.cli.settings import Settings
    from rstage.report.words import RunFacts
    from rstage.reporting.counts import FindingCounts
    from rstage.tables.cells import CellCounts


_WITH_FREQUENT = ("check", "normalize")


class RowCounts(NamedTuple):
    """The rows of a run: read, written (None where no table is), and rejected."""

    rows_in: int
    out: int | None
    rejected: int


def end(
    command: str,
    facts: str | None,
    settings: Settings,
    *,
    rows: RowCounts | None = None,
    stages: CellCounts | None = None,
    more: Mapping[str, int] | None = None,
    unread: int = CLEAN,
    file: str = "",
) -> int:
    """Say what came of a run, write its summary, and return its exit code.

    Args:
        command: its name.
        facts: what went in and came out, for a person; None where nothing is said, as of single texts.
        settings: with what was counted.
        rows: the same for the summary.
        stages: likewise.
        more: further counts for it.
        unread: the exit code of an input that could not be read, where the run went on with others.
        file: what was read, for the report.

    Raises:
        TableError: RS009, the summary or the report cannot be written.
    """
    counts = settings.counts
    settings.printer.end()
    if facts is not None and not settings.table.quiet:
        print_note(summary(command, printable(facts), counts))
        if command in _WITH_FREQUENT and not settings.statistics:
            for line in frequent_lines(counts, settings, stages):
                print_note(line)
    code = max(exit_code(counts, settings.finding), unread)
    settings.summary_file.write(command, code, _content(counts, rows, stages, more or {}))
    if settings.tally is not None:
        settings.write_report(_run_facts(command, file, rows, stages, more or {}), settings.tally)
    return code


def _run_facts(
    command: str, file: str, rows: RowCounts | None, stages: CellCounts | None, more: Mapping[str, int]
) -> RunFacts:
    from rstage.report.words import RunFacts

    if command == "restage" and stages is not None:
        more = {**more, "restaged": stages.read, "blank": stages.missing}
    return RunFacts(
        command=command,
        file=os.path.basename(file) if file != STDIN else "standard input",  # noqa: PTH119  a name, no path
        rows=None if rows is None else rows.rows_in,
        rejected=0 if rows is None else rows.rejected,
        is_table=stages is not None,
        more=more,
    )


def _content(
    counts: FindingCounts, rows: RowCounts | None, stages: CellCounts | None, more: Mapping[str, int]
) -> dict[str, Any]:
    overrides = counts.overrides
    return {
        "rows": None if rows is None else {"in": rows.rows_in, "out": rows.out, "rejected": rows.rejected},
        "cells": None if stages is None else stages._asdict(),
        "counts": dict(more),
        "rates": {
            "rejected": None if rows is None else _rate(rows.rejected, rows.rows_in),
            "refused": None if stages is None else _rate(stages.refused, sum(stages)),
            "missing": None if stages is None else _rate(stages.missing, sum(stages)),
        },
        "severities": {severity: counts.severities[severity] for severity in Severity},
        "overridden": counts.overridden,
        "overrides_used": 0 if overrides is None else overrides.used_count,
        "overrides_stale": 0 if overrides is None else len(overrides.stale(counts.selection)),
        "codes": [
            {"code": code, "name": rules.BY_CODE[code].name, "severity": severity, "count": count}
            for (code, severity), count in sorted(counts.codes.items())
        ],
        "columns": [
            {"column": column, "code": code, "count": count}
            for (column, code), count in sorted(counts.columns.items())
        ],
    }


def _rate(count: int, total: int) -> float | None:
    return round(count / total, 6) if total else None
