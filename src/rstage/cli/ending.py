"""How a run ends: what is said of it, the summary for who watches many runs, and the exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from rstage import rules
from rstage.cli.printing import print_note, summary
from rstage.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rstage.cli.settings import Settings
    from rstage.reporting.counts import FindingCounts


class Rows(NamedTuple):
    """The rows of a run: read, written (nothing where no table is), and rejected."""

    rows_in: int
    out: int | None
    rejected: int


class Cells(NamedTuple):
    """What became of the stages: read without an error, refused, missing."""

    read: int
    refused: int
    missing: int


def end(
    command: str,
    facts: str,
    settings: Settings,
    *,
    rows: Rows | None = None,
    cells: Cells | None = None,
    more: Mapping[str, int] | None = None,
) -> int:
    """Say what came of a run, write its summary, and return its exit code.

    Args:
        command: its name.
        facts: what went in and came out, for a person.
        settings: with what was counted.
        rows: the same for the summary.
        cells: likewise.
        more: further counts for it.

    Raises:
        TableError: RS009, the summary cannot be written.
    """
    counts = settings.counts
    settings.teller.end()
    if not settings.quiet:
        print_note(summary(command, facts, counts))
    code = settings.exit_code(counts)
    settings.summary_file.write(command, code, _content(counts, rows, cells, more or {}))
    return code


def end_texts(command: str, settings: Settings) -> int:
    """Write the summary of a run over single texts, of which nothing is said, and return its exit code.

    Raises:
        TableError: RS009, the summary cannot be written.
    """
    settings.teller.end()
    code = settings.exit_code(settings.counts)
    settings.summary_file.write(command, code, _content(settings.counts, None, None, {}))
    return code


def _content(
    counts: FindingCounts, rows: Rows | None, cells: Cells | None, more: Mapping[str, int]
) -> dict[str, Any]:
    overrides = counts.overrides
    return {
        "rows": None if rows is None else {"in": rows.rows_in, "out": rows.out, "rejected": rows.rejected},
        "cells": None if cells is None else cells._asdict(),
        "counts": dict(more),
        "rates": {
            "rejected": None if rows is None else _rate(rows.rejected, rows.rows_in),
            "refused": None if cells is None else _rate(cells.refused, sum(cells)),
            "missing": None if cells is None else _rate(cells.missing, sum(cells)),
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
