"""SQL functions in PostgreSQL: what `rstage.columns` says, row by row."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from rstage import postgresql as in_sql
from tests.support.column_values import answer, values
from tests.support.postgresql import database, one_row, put_functions

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from tests.support.postgresql import Server

NAMES = ("tumor_id", "assessment_tumor_id", "diagnosis_date", "assessment_date", "site", "assessment_site")
ROWS: list[tuple[str | None, ...]] = [
    # diagnosis, assessment, the facts above, event, recurrence
    ("cT2 cN0 cM0", "cT0 cN0 pM1(HEP)", "1", "1", "2019-03-02", "2023-05", "C18.7", None, "recurrence", None),
    ("cT2 cN0 cM0", "T3", "1", "2", None, None, None, None, None, None),
    ("cT2 cN0 cM0", "T3", "1", None, "2023", "2019", "C18.7", "C50.9", "progression", "distant"),
    ("cT2 cN0 cM0", "rT3", None, None, "gestern", "2019-02-30", None, None, "relapse", None),
    (None, "rT3", "3", "3", None, None, None, None, None, "near"),
    ("cT2 cN0 cM0", None, "4", "4", None, None, None, None, None, None),
    ("unknown", "n/a", "4", "4", None, None, None, None, None, None),
    ("T9", "pT2 N0 M0; rpT3 N0 M0", "5", "5", None, None, "C18.7", "C18.7", None, "local"),
    ("pT2\tN0\nM0", "pT3 N0\tM0 (AJCC 8)", "6", "6", None, None, None, None, None, None),
]
FACTS = (*NAMES, "event", "recurrence")


def restaged_by_columns() -> list[dict[str, str | None]]:
    """Return the restagings of those rows as columns give them."""
    pa = pytest.importorskip("pyarrow", reason="the extra arrow is not installed")
    pytest.importorskip("narwhals", reason="the extra arrow is not installed")
    from rstage import columns

    diagnosis, assessment, *facts = (pa.array(column, pa.string()) for column in zip(*ROWS, strict=True))
    given: dict[str, Any] = dict(zip(FACTS, facts, strict=True))
    rows: list[dict[str, str | None]] = columns.restage(diagnosis, assessment, **given).to_pylist()
    return rows


def test_a_row_says_what_a_column_says() -> None:
    for text in values():
        said = answer(text)
        assert in_sql.normalize(text) == said.normalized
        assert in_sql.findings(text) == said.findings


def test_a_restaged_row_is_that_of_columns() -> None:
    found = [in_sql.restage(row[0], row[1], dict(zip(FACTS, row[2:], strict=True))) for row in ROWS]
    assert found == restaged_by_columns()
    assert sum(row["restaged"] is not None for row in found) > 1
    assert sum(row["restage_findings"] is None for row in found) == 2


def test_a_second_primary_needs_the_tumor_of_the_assessment() -> None:
    def codes(**facts: str | None) -> str | None:
        return in_sql.restage("cT2 cN0 cM0", "T3", dict(facts))["restage_findings"]

    other = codes(tumor_id="1", assessment_tumor_id="2")
    assert other
    assert codes(tumor_id="1") != other
    assert codes(tumor_id="1") == codes(tumor_id="1", assessment_tumor_id="1")


def test_options_are_those_of_read_and_none_is_not_given() -> None:
    assert in_sql.normalize("c1A", field="T", dialect="naaccr") == "cT1a"
    assert in_sql.normalize("rpT2N0", mode=None, field=None) == "rpT2 rN0"
    with pytest.raises(ValueError, match="mode is one of"):
        in_sql.normalize("T2", mode="loose")
    with pytest.raises(TypeError):
        in_sql.findings("T2", modee="strict")
    with pytest.raises(TypeError, match="no fact of a restaging: tumour_id"):
        in_sql.restage("T2", "T3", {"tumour_id": "1"})


def test_neither_pyarrow_nor_a_driver_is_needed() -> None:
    code = (
        "import sys; sys.modules.update(pyarrow=None, narwhals=None, psycopg=None);"
        "from rstage import postgresql as p; print(p.restage('T2', 'T3', {'tumor_id': '1'})['restaged'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout == "rT3\n"


@pytest.fixture(scope="module")
def connection(postgresql: Server) -> Iterator[psycopg.Connection[Any]]:
    """A database that has the functions."""
    with database(postgresql) as made:
        put_functions(made)
        yield made


@pytest.mark.slow
def test_the_server_says_what_read_says(connection: psycopg.Connection[Any]) -> None:
    # PostgreSQL holds no NUL in a text.
    texts = [text for text in values() if text is None or "\0" not in text]
    connection.execute("CREATE TABLE given (place int PRIMARY KEY, stage text)")
    with connection.cursor().copy("COPY given FROM STDIN") as copy:
        for row in enumerate(texts):
            copy.write_row(row)
    rows = connection.execute(
        "SELECT rstage_normalize(stage), rstage_findings(stage) FROM given ORDER BY place"
    ).fetchall()
    assert rows == [(said.normalized, said.findings) for said in map(answer, texts)]
    assert len(rows) > 4_000


@pytest.mark.slow
def test_the_server_restages_as_columns_do(connection: psycopg.Connection[Any]) -> None:
    names = ("diagnosis", "assessment", *FACTS)
    connection.execute("DROP TABLE IF EXISTS pairs")
    connection.execute(
        f"CREATE TABLE pairs (place int, {', '.join(f'{name} text' for name in names)})".encode()
    )
    with connection.cursor().copy("COPY pairs FROM STDIN") as copy:
        for place, row in enumerate(ROWS):
            copy.write_row((place, *row))
    given = ", ".join(f"{name} => {name}" for name in names)
    query = f"SELECT it.* FROM pairs CROSS JOIN LATERAL rstage_restage({given}) AS it ORDER BY place"  # noqa: S608  our own names
    found = connection.execute(query.encode())
    assert found.description is not None
    columns = [column.name for column in found.description]
    assert [dict(zip(columns, row, strict=True)) for row in found.fetchall()] == restaged_by_columns()


@pytest.mark.slow
def test_an_index_holds_what_the_functions_say(connection: psycopg.Connection[Any]) -> None:
    connection.execute(
        "CREATE TABLE indexed AS SELECT 'pT' || n % 4 || 'N0M0' AS stage FROM generate_series(1, 400) AS n"
    )
    connection.execute("CREATE INDEX ON indexed (rstage_normalize(stage))")
    connection.execute("SET enable_seqscan TO off")
    query = "SELECT count(*) FROM indexed WHERE rstage_normalize(stage) = 'pT2 N0 M0'"
    assert "indexed_rstage_normalize_idx" in str(connection.execute(f"EXPLAIN {query}".encode()).fetchall())
    assert one_row(connection, query) == (100,)
    connection.execute("RESET enable_seqscan")


@pytest.mark.slow
def test_an_unknown_option_is_an_error_without_the_value(connection: psycopg.Connection[Any]) -> None:
    import psycopg

    with pytest.raises(psycopg.Error, match="mode is one of") as raised:
        connection.execute("SELECT rstage_normalize('Frau Beispiel', mode => 'loose')")
    assert "Beispiel" not in str(raised.value)
