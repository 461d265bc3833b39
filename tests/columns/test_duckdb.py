"""SQL functions in DuckDB: what `rstage.columns` says."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("duckdb", reason="the extra duckdb is not installed")
pytest.importorskip("pyarrow", reason="the extra duckdb is not installed")
import duckdb
import pyarrow as pa

import rstage
import rstage.duckdb as rstage_duckdb
from rstage.columns.restaging import ColumnRestager
from tests.support.link_keys import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        rstage_duckdb.register(made)
        yield made


def one(connection: duckdb.DuckDBPyConnection, expression: str) -> object:
    row = connection.execute(f"SELECT {expression}").fetchone()
    assert row is not None
    return row[0]


def test_the_functions_of_a_stage(connection: duckdb.DuckDBPyConnection) -> None:
    rows = connection.execute(
        "SELECT rstage_normalize(s), rstage_is_recurrence(s), rstage_findings(s), rstage_parts(s).T_value"
        " FROM (VALUES ('rpT2N0'), (NULL), ('NA'), ('T9')) AS t(s)"
    ).fetchall()
    assert rows == [("rpT2 rN0", True, "", "2"), (None,) * 4, (None,) * 4, (None, None, "RS103", None)]


def test_a_constant_and_an_empty_table(connection: duckdb.DuckDBPyConnection) -> None:
    assert one(connection, "rstage_normalize(NULL)") is None
    assert one(connection, "rstage_findings('T2')") == ""
    assert connection.execute("SELECT rstage_parts(s) FROM (SELECT 'T2' AS s) WHERE false").fetchall() == []


def test_in_a_condition_and_over_more_rows_than_a_vector_has(connection: duckdb.DuckDBPyConnection) -> None:
    sql = "SELECT count(*) FROM range(20000) AS t(n) WHERE rstage_is_recurrence(if(n % 4 = 0, 'rT2', 'T2'))"
    assert connection.execute(sql).fetchone() == (5_000,)


FACTS = {
    "tumor_id": [1, 2, 3, 4, None, 6],
    "assessment_tumor_id": [1, 7, 3, None, None, 6],
    "site": ["C18.7", "C18.7", None, "C18.7", "C50.9", "C18.7"],
    "event": ["recurrence", "progression", None, "relapse", "unknown", "recurrence"],
    "recurrence": [None, None, "distant", None, "local", "near"],
}
STAGES = {"diagnosis": ["cT2 cN0 cM0"] * 6, "assessment": ["T3", "cT0 cN0 pM1(HEP)", "rT3", "T3", None, "T9"]}


@pytest.mark.parametrize(
    "left_out", [(), ("assessment_tumor_id",), ("site", "event", "recurrence"), tuple(FACTS)]
)
def test_a_restaging_is_that_of_columns(
    connection: duckdb.DuckDBPyConnection, left_out: tuple[str, ...]
) -> None:
    data = STAGES | {name: values for name, values in FACTS.items() if name not in left_out}
    table = pa.table(data)
    connection.register("records", pa.table({"place": range(6)} | {name: table[name] for name in data}))
    named = [f"{name} := {name}" for name in data if name not in STAGES]
    sql = f"SELECT rstage_restage({', '.join([*STAGES, *named])}) FROM records ORDER BY place"  # noqa: S608  nothing from outside
    found = [row[0] for row in connection.execute(sql).fetchall()]
    wanted = ColumnRestager(tuple(data), {}).restaged({name: table[name] for name in data}).to_pylist()
    assert found == wanted
    assert any(row["restaged"] for row in found)


@pytest.mark.parametrize(
    "date",
    [
        "'2019-03-02'",
        "DATE '2019-03-02'",
        "TIMESTAMP '2019-03-02 23:30:00'",
        "TIMESTAMP_NS '2019-03-02 01:00:00'",
    ],
)
def test_dates_of_every_type(connection: duckdb.DuckDBPyConnection, date: str) -> None:
    link = f"rstage_restage('T2', 'T3', diagnosis_date := {date}, assessment_date := 2023).restage_link"
    diagnosis = rstage.Staging.parse("T2", date="2019-03-02")
    restaging = rstage.restage(diagnosis, rstage.Staging.parse("T3", date="2023"))
    assert one(connection, link) == str(restaging.link)


def test_the_options_are_those_of_read() -> None:
    with duckdb.connect() as connection:
        rstage_duckdb.register(connection, field="T", dialect="naaccr", missing=["none here"], link=False)
        assert one(connection, "rstage_normalize('c1A')") == str(
            rstage.read("c1A", field="T", dialect="naaccr")
        )
        assert one(connection, "rstage_findings('None here')") is None
        fields = one(connection, "rstage_restage('c1A', 'c2')")
        assert isinstance(fields, dict)
        assert set(fields) == {"restaged", "restage_recurrence", "restage_findings"}
        with pytest.raises(ValueError, match="mode is one of"):
            rstage_duckdb.register(connection, mode="loose")  # type: ignore[arg-type]  # no mode
        with pytest.raises(TypeError, match=r"^register\(\) got an unexpected keyword argument 'modee'"):
            rstage_duckdb.register(connection, modee="strict")  # type: ignore[call-arg]  # misspelled


def test_a_link_is_made_with_the_key() -> None:
    diagnosis, assessment = (rstage.Staging.parse(text) for text in ("T2", "T3"))
    with duckdb.connect() as connection:
        rstage_duckdb.register(connection, key=KEY)
        found = one(connection, "rstage_restage('T2', 'T3').restage_link")
    assert found == str(rstage.restage(diagnosis, assessment, key=KEY).link)


def test_what_is_no_text_is_refused(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(duckdb.Error):
        connection.execute("SELECT rstage_normalize([1, 2])").fetchall()


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with duckdb.connect() as connection:
        monkeypatch.setitem(sys.modules, "pyarrow", None)
        with pytest.raises(ImportError, match=r"rstage\[duckdb\]"):
            rstage_duckdb.register(connection)
