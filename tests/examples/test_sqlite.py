"""The SQLite example runs, and its functions say what `rstage.read` says."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from runpy import run_path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.column_values import answer, values
from tests.support.paths import EXAMPLES

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def example() -> dict[str, Any]:
    return run_path(str(EXAMPLES / "sqlite_stages.py"))


def test_it_runs(example: dict[str, Any], capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert example["main"](str(EXAMPLES / "recurrences.csv"), str(tmp_path / "stages.db")) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 7
    assert int(lines[-2].split()[0]) > 10
    assert int(lines[-1].split()[0]) > 0


def test_its_functions_say_what_read_says(example: dict[str, Any]) -> None:
    # Words for a missing stage are a matter of tables.
    texts = [text for text in values() if text is None or answer(text).findings is not None]
    with closing(sqlite3.connect(":memory:")) as connection:
        example["register"](connection)
        connection.execute("CREATE TABLE cases (place INTEGER PRIMARY KEY, stage TEXT)")
        connection.executemany("INSERT INTO cases VALUES (?, ?)", enumerate(texts))
        rows = connection.execute(
            "SELECT rstage_normalize(stage), rstage_is_recurrence(stage), rstage_findings(stage) FROM cases"
            " ORDER BY place"
        ).fetchall()
    assert rows == [tuple(answer(text)) for text in texts]
    assert len(rows) > 4_000


def test_the_file_and_an_index_hold_what_the_functions_say(example: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "stages.db"
    with closing(sqlite3.connect(path)) as connection:
        example["register"](connection)
        example["load"](connection, EXAMPLES / "recurrences.csv")
        connection.execute("CREATE INDEX by_stage ON cases (rstage_normalize(diagnosis))")
        connection.commit()
        plan = connection.execute(
            "EXPLAIN QUERY PLAN SELECT * FROM cases WHERE rstage_normalize(diagnosis) = 'T2 N0 M0'"
        ).fetchall()
    assert "by_stage" in str(plan)
