"""How a run ends: what is said of it, the summary for who watches many runs, and the exit code."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from rstage import __version__, rules
from rstage.diagnostics import Severity
from rstage.table_errors import TableError

from .printing import print_note, summary

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from rstage.table_findings import FindingCounts

    from .options import Settings

_BEGINNING = b'{\n  "rstage":'


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


class _Nothing:
    """The input of a summary: none that could be written over."""

    def is_file(self, _status: os.stat_result) -> bool:
        return False


class SummaryFile:
    """The file of the summary; an older one is replaced, any other file stays.

    Args:
        name: the file; nothing where none is wanted.

    Raises:
        TableError: RS012, there is a file that is no summary; RS009, it cannot be written.
    """

    def __init__(self, name: str | None) -> None:
        self._name = name
        self._began = monotonic()
        if name is None:
            return
        if name == "-":
            raise _unusable("standard output holds the data")
        from rstage.outputs import Output

        with Output(_Nothing(), name, force=True):  # whether it can be written shows now, not after hours
            self._check_what_is_there(name)

    def _check_what_is_there(self, name: str) -> None:
        from pathlib import Path

        path = Path(name)
        try:
            if not path.is_file():  # a pipe or a device is written straight
                return
            with path.open("rb") as file:
                beginning = file.read(len(_BEGINNING))
        except OSError as error:
            raise _unusable(f"{name} is there and cannot be read") from error
        if beginning not in (b"", _BEGINNING):
            raise _unusable(f"{name} is there and is no summary")

    def write(self, command: str, exit_code: int, content: dict[str, Any]) -> None:
        """Write the summary.

        Raises:
            TableError: RS009, it cannot be written; RS012, it is a file of this run.
        """
        if self._name is None:
            return
        import json

        from rstage.outputs import Output

        seconds = monotonic() - self._began
        rows_in = (content.get("rows") or {}).get("in")
        made = {
            "rstage": __version__,
            "command": command,
            "exit_code": exit_code,
            "seconds": round(seconds, 3),
            "rows_per_second": round(rows_in / seconds) if rows_in is not None and seconds else None,
            **content,
        }
        with Output(_Nothing(), self._name, force=True) as output:
            self._check_what_is_there(self._name)  # this run may have written it
            output.write((json.dumps(made, indent=2) + "\n").encode())
            output.commit()


def _unusable(why: str) -> TableError:
    return TableError(rules.OPTION_UNUSABLE.at(option="--summary", why=why))


def write_failure(name: str | None, command: str, exit_code: int, code: str) -> None:
    """Write the summary of a run that an error ended; that it cannot be written is no second error."""
    try:
        SummaryFile(name).write(command, exit_code, {"ended_by": code})
    except TableError:
        return


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
