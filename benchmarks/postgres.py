"""What the job and the functions of docs/postgresql.md cost, beside COPY out of and into the same table.

    python benchmarks/postgres.py --dsn "host=127.0.0.1 dbname=scratch" --rows 1000000

It makes a schema of its own in the database that is named, and drops it in the end.
"""

from __future__ import annotations

import argparse
import io
import os
import time
from functools import partial
from pathlib import Path
from random import Random
from runpy import run_path
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg
import pyarrow as pa
from psycopg import sql
from texts import stage_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SCHEMA = sql.Identifier("rstage_benchmark")
SOURCE = sql.Identifier("rstage_benchmark", "cases")
COLUMNS = (
    *("tumor_id", "new_tumor_id", "diagnosis", "diagnosis_date", "assessment", "assessment_date"),
    *("site", "new_site", "event"),
)
EXAMPLE = Path(__file__).parents[1] / "examples" / "postgres_stages.py"
OUT = sql.SQL("COPY (SELECT * FROM {} ORDER BY record) TO STDOUT")
OUT_CSV = sql.SQL("COPY (SELECT * FROM {} ORDER BY record) TO STDOUT (FORMAT csv, HEADER)")
MILLION = 1_000_000


class Taken(NamedTuple):
    """What one run of some work took: wall time, and the time that this process had a processor."""

    wall: float
    processor: float


class Times(dict[str, list[Taken]]):
    """What each way took in each of its runs."""

    def of(self, name: str, work: Callable[[], Any]) -> Any:
        """Do some work, and note how long it took."""
        wall, processor = time.perf_counter(), time.process_time()
        result = work()
        taken = Taken(time.perf_counter() - wall, time.process_time() - processor)
        self.setdefault(name, []).append(taken)
        return result

    def lines(self, rows: int, yardstick: str) -> Iterator[str]:
        """Yield a line for each way, with its ratio to the yardstick in the same round."""
        for name, runs in self.items():
            ratio = median(one.wall / other.wall for one, other in zip(runs, self[yardstick], strict=False))
            wall, processor = (median(column) for column in zip(*runs, strict=True))
            yield (
                f"{name}: {rows / wall:,.0f} rows a second, {ratio:.1f} times {yardstick};"
                f" {processor / rows * MILLION:.1f} s of this process for a million rows"
            )


def make_table(connection: psycopg.Connection, rows: int, distinct: int, pairs: int) -> None:
    """Make the table: every value drawn by itself, so that hardly a pair comes twice, or of some pairs."""
    draw = Random("postgres")  # noqa: S311  no secret
    before = list(stage_texts(distinct, timings=("",)))
    after = list(stage_texts(distinct, start=distinct, timings=("",)))

    def drawn() -> tuple[str, str, str]:
        site = f"C{draw.randrange(80):02}.{draw.randrange(10)}"
        return draw.choice(before), draw.choice(after), site

    known = [drawn() for _ in range(pairs)]
    columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(name)) for name in COLUMNS)
    connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(SCHEMA))
    connection.execute(sql.SQL("CREATE SCHEMA {}").format(SCHEMA))
    statement = sql.SQL("CREATE TABLE {} (record bigint PRIMARY KEY, {})")
    connection.execute(statement.format(SOURCE, columns))
    with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(SOURCE)) as copy:
        for number in range(rows):
            tumor, diagnosed, assessed = f"T{number}", draw.randrange(2000, 2012), draw.randrange(2012, 2024)
            diagnosis, assessment, site = draw.choice(known) if known else drawn()
            stages = diagnosis, str(diagnosed), assessment, str(assessed)
            copy.write_row((number, tumor, tumor, *stages, site, site, "recurrence"))
    connection.execute(sql.SQL("ANALYZE {}").format(SOURCE))


def copied_out(connection: psycopg.Connection, statement: sql.SQL = OUT) -> io.BytesIO:
    """Return the table as COPY writes it."""
    data = io.BytesIO()
    with connection.cursor().copy(statement.format(SOURCE)) as copy:
        for block in copy:
            data.write(block)
    return data


def copied_in(connection: psycopg.Connection, data: io.BytesIO, options: str = "") -> None:
    """Write a table of the same columns and with the same key."""
    target = sql.Identifier("rstage_benchmark", "copy")
    connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(target))
    connection.execute(sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(target, SOURCE))
    statement = sql.SQL("COPY {} FROM STDIN {}")
    with connection.cursor().copy(statement.format(target, sql.SQL(options))) as copy:
        copy.write(data.getbuffer())


def time_drivers(connection: psycopg.Connection, dsn: str, times: Times) -> None:
    """Take the time of each way from the server to Arrow, and back."""
    from pyarrow import csv

    def by_rows() -> pa.Table:
        with connection.cursor().copy(OUT.format(SOURCE)) as copy:
            return pa.table(list(map(pa.array, zip(*copy.rows(), strict=True))), ("record", *COLUMNS))

    def by_csv() -> pa.Table:
        data = copied_out(connection, OUT_CSV)
        data.seek(0)
        return csv.read_csv(data)

    def from_rows() -> None:
        with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(copy_table)) as copy:
            for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
                copy.write_row(row)

    def from_csv() -> None:
        data = io.BytesIO()
        csv.write_csv(table, data, csv.WriteOptions(include_header=False))
        copied_in(connection, data, "(FORMAT csv)")

    copy_table = sql.Identifier("rstage_benchmark", "copy")
    times.of("psycopg to Arrow, row by row", by_rows)
    table = times.of("psycopg to Arrow, COPY as CSV", by_csv)
    connection.execute(sql.SQL("TRUNCATE {}").format(copy_table))
    times.of("psycopg from Arrow, row by row", from_rows)
    times.of("psycopg from Arrow, COPY as CSV", from_csv)
    try:
        from adbc_driver_postgresql import dbapi
    except ImportError:
        return
    connection.execute(sql.SQL("TRUNCATE {}").format(copy_table))
    with dbapi.connect(uri_of(connection, dsn), autocommit=True) as other, other.cursor() as cursor:

        def fetched() -> pa.Table:
            cursor.execute("SELECT * FROM rstage_benchmark.cases ORDER BY record")
            return cursor.fetch_arrow_table()

        found = times.of("ADBC to Arrow", fetched)
        times.of(
            "ADBC from Arrow",
            lambda: cursor.adbc_ingest("copy", found, mode="append", db_schema_name="rstage_benchmark"),
        )


def uri_of(connection: psycopg.Connection, dsn: str) -> str:
    """Return how ADBC reaches the database of a connection."""
    info = connection.info
    return dsn if "://" in dsn else f"postgresql://{info.user}@{info.host}:{info.port}/{info.dbname}"


def time_job(connection: psycopg.Connection, times: Times) -> None:
    """Take the time of the whole job, and of each of its two checksums."""
    example = run_path(str(EXAMPLE))
    job = example["Job"](connection, "rstage_benchmark.cases", "record", "rstage_benchmark")
    times.of("the checksum", job.checksum)
    counts = times.of("the job without its checksums", job.run)
    if (counts.done, counts.rejected) != (counts.rows, 0):
        raise RuntimeError("rows were lost: the figure would be of another job")
    tables = [sql.Identifier("rstage_benchmark", f"cases_{kind}") for kind in ("findings", "stages")]
    connection.execute(sql.SQL("DROP TABLE {}").format(sql.SQL(", ").join(tables)))
    connection.execute("SELECT pg_advisory_unlock_all()")


def time_functions(connection: psycopg.Connection, times: Times) -> None:
    """Take the time of the functions of SQL, where the database has them."""
    if connection.execute("SELECT to_regproc('rstage_normalize')").fetchone() == (None,):
        return
    normalized = sql.SQL("SELECT count(rstage_normalize(diagnosis)) FROM {}").format(SOURCE)
    restaged = sql.SQL("""
        SELECT count(it.restaged) FROM {} CROSS JOIN LATERAL rstage_restage(
            diagnosis, assessment, tumor_id => tumor_id, diagnosis_date => diagnosis_date,
            assessment_date => assessment_date, site => site, event => event) AS it
    """).format(SOURCE)
    times.of("rstage_normalize in SQL", lambda: connection.execute(normalized).fetchone())
    times.of("rstage_restage in SQL", lambda: connection.execute(restaged).fetchone())


def main() -> None:
    """Print rows a second of each way, and its ratio to COPY out in the same round."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--dsn", default="", help="a database in which a schema may be made")
    options.add_argument("--rows", type=int, default=MILLION)
    options.add_argument(
        "--distinct", type=int, default=2_000, help="different texts in each column of stages"
    )
    options.add_argument(
        "--pairs", type=int, default=0, help="different pairs of them; 0: each drawn by itself"
    )
    options.add_argument("--repeats", type=int, default=3)
    chosen = options.parse_args()
    times = Times()
    with psycopg.connect(chosen.dsn, autocommit=True) as connection:
        make_table(connection, chosen.rows, chosen.distinct, chosen.pairs)
        try:
            for _ in range(chosen.repeats):
                data = times.of("COPY out", lambda: copied_out(connection))
                times.of("COPY in", partial(copied_in, connection, data))
                time_drivers(connection, chosen.dsn, times)
                time_job(connection, times)
                time_functions(connection, times)
        finally:
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(SCHEMA))
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    pairs = f"{chosen.pairs:,} pairs of them" if chosen.pairs else "each drawn by itself"
    print(f"{chosen.rows:,} rows, {chosen.distinct:,} different texts a column, {pairs}; load {load}")
    for line in times.lines(chosen.rows, "COPY out"):
        print(line)


if __name__ == "__main__":
    main()
