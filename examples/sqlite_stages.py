"""Stages in SQLite: functions of SQL that read them, with nothing but the standard library and rstage.

    python examples/sqlite_stages.py examples/recurrences.csv

The table stays as it is; a view beside it holds the canonical texts, so that a query can group by them.
"""

from __future__ import annotations

import csv
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import rstage


def register(connection: sqlite3.Connection) -> None:
    """Give a connection `rstage_normalize`, `rstage_is_recurrence` and `rstage_findings`; NULL stays NULL."""
    functions = {
        "rstage_normalize": _normalize,
        "rstage_is_recurrence": _is_recurrence,
        "rstage_findings": _findings,
    }
    for name, function in functions.items():
        # Deterministic functions may stand in an index too.
        connection.create_function(name, 1, function, deterministic=True)


def _reading(value: object) -> rstage.Reading | None:
    """Return what a value says; nothing where it is NULL or blank. SQLite may hold a number in any column."""
    text = "" if value is None else str(value)
    return rstage.read(text) if text.strip() else None


def _normalize(value: object) -> str | None:
    reading = _reading(value)
    return str(reading) if reading is not None and reading.ok else None


def _is_recurrence(value: object) -> bool | None:
    reading = _reading(value)
    return (
        any(stage.is_recurrence for stage in reading.stages) if reading is not None and reading.ok else None
    )


def _findings(value: object) -> str | None:
    reading = _reading(value)
    return None if reading is None else " ".join(dict.fromkeys(one.code for one in reading.diagnostics))


def load(connection: sqlite3.Connection, path: Path) -> None:
    """Put the columns record, diagnosis and assessment of a CSV file into a table, with a view beside it."""
    connection.execute("CREATE TABLE cases (record TEXT, diagnosis TEXT, assessment TEXT)")
    with path.open(newline="", encoding="utf-8") as source:
        rows = [(row["record"], row["diagnosis"], row["assessment"]) for row in csv.DictReader(source)]
    connection.executemany("INSERT INTO cases VALUES (?, ?, ?)", rows)
    connection.execute("""
        CREATE TEMPORARY VIEW normalized AS
        SELECT record,
               rstage_normalize(diagnosis) AS diagnosis,
               rstage_normalize(assessment) AS assessment,
               rstage_is_recurrence(assessment) AS is_recurrence,
               rstage_findings(diagnosis) AS diagnosis_findings
        FROM cases
    """)


def main(path: str, database: str = ":memory:") -> int:
    """Print the most frequent stages at diagnosis, and how many assessments carry an r."""
    with closing(sqlite3.connect(database)) as connection:
        register(connection)
        load(connection, Path(path))
        frequent = connection.execute("""
            SELECT diagnosis, count(*) FROM normalized WHERE diagnosis IS NOT NULL
            GROUP BY diagnosis ORDER BY count(*) DESC, diagnosis LIMIT 5
        """).fetchall()
        (with_r,) = connection.execute("SELECT count(*) FROM normalized WHERE is_recurrence").fetchone()
        (unread,) = connection.execute("""
            SELECT count(*) FROM normalized WHERE diagnosis IS NULL AND diagnosis_findings <> ''
        """).fetchone()
    for stage, count in frequent:
        print(f"{count:4} {stage}")
    print(f"{with_r} assessments carry an r")
    print(f"{unread} diagnoses could not be read")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
