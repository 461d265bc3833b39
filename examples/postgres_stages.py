"""Stages of a PostgreSQL table, normalized and restaged in batches: tables beside it refer to its rows.

    python examples/postgres_stages.py --dsn service=registry --table public.cases --key record

The table is never written to, and a checksum of all its rows is taken before and after. Each batch is one
transaction, so that a run that broke off goes on where it was. docs/postgresql.md tells more.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg
import pyarrow as pa
from psycopg import sql
from pyarrow import compute, csv

import rstage
from rstage import columns

if TYPE_CHECKING:
    from typing import LiteralString

    from rstage.reading.options import ReadOptions

# What your columns are called, by the names of `rstage.columns.restage`.
STAGES = {"diagnosis": "diagnosis", "assessment": "assessment"}
FACTS = {
    "tumor_id": "tumor_id",
    "assessment_tumor_id": "new_tumor_id",
    "diagnosis_date": "diagnosis_date",
    "assessment_date": "assessment_date",
    "site": "site",
    "assessment_site": "new_site",
    "event": "event",
}
# The keywords of `rstage.read`, such as {"dialect": "naaccr"}.
OPTIONS: ReadOptions = {}

# Neither the text of a date nor the checksum may depend on how a server is set.
SETTINGS = """
    SET client_encoding TO 'UTF8'; SET datestyle TO 'ISO'; SET intervalstyle TO 'postgres';
    SET timezone TO 'UTC'; SET extra_float_digits TO 1; SET bytea_output TO 'hex'
"""
TABLES = """
    CREATE SCHEMA IF NOT EXISTS {schema};
    CREATE TABLE IF NOT EXISTS {stages} (
        record {key_type} PRIMARY KEY REFERENCES {source} ({key}),
        read_sha256 text NOT NULL,
        diagnosis_normalized text, diagnosis_is_recurrence boolean,
        assessment_normalized text, assessment_is_recurrence boolean,
        restaged text, restage_recurrence text, restage_link text
    );
    CREATE TABLE IF NOT EXISTS {findings} (
        record {key_type} REFERENCES {stages} ON DELETE CASCADE,
        found_in text, code text, PRIMARY KEY (record, found_in, code)
    );
    CREATE TABLE IF NOT EXISTS {rejected} (
        record {key_type} PRIMARY KEY REFERENCES {source} ({key}), reason text NOT NULL
    );
    CREATE TABLE IF NOT EXISTS {runs} (
        run bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, begun timestamptz NOT NULL DEFAULT now(),
        rstage text NOT NULL, sha256_before text NOT NULL, sha256_after text
    )
"""
REFERS = """
    SELECT count(*) = 2 FROM pg_constraint
    WHERE contype = 'f' AND confrelid = {source_oid} AND conrelid IN ({stages_oid}, {rejected_oid})
"""
# The bound stands on both sides of the joins: no batch looks at what the ones before it wrote.
NOT_DONE = """
    FROM {source} AS source
    LEFT JOIN {stages} AS done
        ON done.record = source.{key} AND ({last}::{key_type} IS NULL OR done.record > {last}::{key_type})
    LEFT JOIN {rejected} AS rejected ON rejected.record = source.{key}
    WHERE done.record IS NULL AND rejected.record IS NULL
        AND ({last}::{key_type} IS NULL OR source.{key} > {last}::{key_type})
    ORDER BY source.{key} LIMIT {limit}
"""


class UnreadableError(Exception):
    """Rows that cannot be had as text: the message says why, and shows nothing of them."""


class Counts(NamedTuple):
    """Rows of the table, and what became of them; `changed` counts those that differ from what was read."""

    rows: int
    done: int
    rejected: int
    changed: int
    findings: int


class Job:
    """The work on one table.

    Args:
        connection: to the database, in autocommit mode.
        table: the table, with or without its schema. key: its primary key, a single column.
        schema: where the results are written.

    Raises:
        RuntimeError: there is no such table or key, or another run works on it.
    """

    def __init__(self, connection: psycopg.Connection, table: str, key: str, schema: str = "rstage") -> None:
        name = table.rpartition(".")[2]
        self._connection = connection
        self._names: dict[str, sql.Composable] = {
            "source": sql.Identifier(*table.split(".")),
            "key": sql.Identifier(key),
            "schema": sql.Identifier(schema),
        }
        for kind in ("stages", "findings", "rejected", "runs"):
            self._names[kind] = sql.Identifier(schema, f"{name}_{kind}")
        for kind in ("source", "stages", "rejected"):
            text = self._names[kind].as_string(connection)
            self._names[f"{kind}_oid"] = sql.SQL("to_regclass({})").format(sql.Literal(text))
        given = [
            sql.SQL("source.{}::text").format(sql.Identifier(one))
            for one in (*STAGES.values(), *FACTS.values())
        ]
        self._names["given"] = sql.SQL(", ").join(given)
        self._names["named"] = sql.SQL(", ").join(
            sql.SQL("{} AS {}").format(one, sql.Identifier(alias))
            for one, alias in zip(given, (*STAGES, *FACTS), strict=True)
        )
        self._names["digest"] = self._sql(
            "encode(sha256(convert_to(ROW({given})::text, getdatabaseencoding())), 'hex')"
        )
        connection.execute(SETTINGS)
        self._names["key_type"] = self._key_type(key)
        if not self._row("SELECT pg_try_advisory_lock(hashtextextended({}, 0))", f"{schema}.{name}")[0]:
            raise RuntimeError("another run works on this table")
        connection.execute(self._sql(TABLES))
        if not self._row(REFERS)[0]:
            raise RuntimeError("the results of another table of this name stand there: take another schema")

    def run(self, rows_at_a_time: int = 50_000) -> Counts:
        """Do whatever is not done yet, batch by batch, and return the counts of the whole table.

        A batch that holds what cannot be read is halved until the row stands alone and is rejected.
        """
        last, limit = None, rows_at_a_time
        while True:
            try:
                with self._connection.transaction():
                    rows = self._read(last, limit)
                    if not rows.num_rows:
                        break
                    self._write(rows)
                last, limit = rows["record"][-1].as_py(), min(limit * 2, rows_at_a_time)
            except UnreadableError:
                if limit > 1:
                    limit //= 2
                else:
                    last = self._reject(last)
        return self._counts()

    def checksum(self) -> str:
        """Return the SHA-256 of all rows in the order of their keys, as COPY writes them."""
        digest = hashlib.sha256()
        with self._connection.transaction(), self._connection.cursor() as cursor:
            # As they are stored: one character that has no place in UTF-8 must not stop it.
            cursor.execute("SELECT set_config('client_encoding', getdatabaseencoding(), true)")
            with cursor.copy(self._sql("COPY (SELECT * FROM {source} ORDER BY {key}) TO STDOUT")) as rows:
                for block in rows:
                    digest.update(block)
        return digest.hexdigest()

    def begin(self, checksum: str) -> int:
        """Note that a run begins, and return its number."""
        statement = "INSERT INTO {runs} (rstage, sha256_before) VALUES ({}, {}) RETURNING run"
        return int(self._row(statement, rstage.__version__, checksum)[0])

    def end(self, run: int, checksum: str) -> None:
        """Note how a run found the table in the end."""
        self._row("UPDATE {runs} SET sha256_after = {} WHERE run = {} RETURNING run", checksum, run)

    def _read(self, last: str | None, limit: int) -> pa.Table:
        """Return rows that are not done, as text, in the order of their keys."""
        statement = "COPY (SELECT source.{key}::text AS record, {digest} AS read_sha256, {named}"
        query = self._sql(statement) + self._sql(NOT_DONE, last=last, limit=limit)
        data = io.BytesIO()
        try:
            with self._connection.cursor().copy(query + sql.SQL(") TO STDOUT (FORMAT csv, HEADER)")) as copy:
                for block in copy:
                    data.write(block)
            return _table(data)
        except (psycopg.DataError, psycopg.errors.DataCorrupted) as error:
            raise UnreadableError(f"{type(error).__name__} ({error.sqlstate})") from error

    def _write(self, rows: pa.Table) -> None:
        diagnosis, assessment = (columns.normalize(rows[name], **OPTIONS) for name in STAGES)
        restaging = columns.restage(
            *(rows[name] for name in STAGES), **{name: rows[name] for name in FACTS}, **OPTIONS
        )
        self._append(
            "stages",
            {
                "record": rows["record"],
                "read_sha256": rows["read_sha256"],
                "diagnosis_normalized": diagnosis["normalized"],
                "diagnosis_is_recurrence": diagnosis["is_recurrence"],
                "assessment_normalized": assessment["normalized"],
                "assessment_is_recurrence": assessment["is_recurrence"],
                "restaged": restaging["restaged"],
                "restage_recurrence": restaging["restage_recurrence"],
                "restage_link": restaging["restage_link"],
            },
        )
        for name, found in (
            ("diagnosis", diagnosis["findings"]),
            ("assessment", assessment["findings"]),
            ("restaging", restaging["restage_findings"]),
        ):
            self._append("findings", _one_a_code(rows["record"], name, found))

    def _append(self, kind: str, values: dict[str, Any]) -> None:
        """Append rows to a table of results, all of them or none."""
        rows, data = pa.table(values), io.BytesIO()
        csv.write_csv(rows, data, csv.WriteOptions(include_header=False))
        names = sql.SQL(", ").join(map(sql.Identifier, values))
        with self._connection.cursor() as cursor:
            statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(self._names[kind], names)
            with cursor.copy(statement) as copy:
                copy.write(data.getbuffer())
            if cursor.rowcount != rows.num_rows:
                raise RuntimeError(f"{rows.num_rows} rows were written and {cursor.rowcount} arrived")

    def _reject(self, last: str | None) -> str | None:
        """Note the next row as one that cannot be read, and return its key."""
        with self._connection.transaction():
            # Its reading and its key are seen in one state of the table, whatever others insert meanwhile.
            self._connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            try:
                with self._connection.transaction():
                    self._read(last, 1)
            except UnreadableError as error:
                begin = self._sql("INSERT INTO {rejected} SELECT source.{key}, {}", str(error))
                not_done = self._sql(NOT_DONE, last=last, limit=1)
                query = begin + not_done + sql.SQL("RETURNING record::text")
                ((key,),) = self._connection.execute(query).fetchall()
                return str(key)
        return last

    def _counts(self) -> Counts:
        return Counts(
            *self._row("""
                SELECT (SELECT count(*) FROM {source}), (SELECT count(*) FROM {stages}),
                    (SELECT count(*) FROM {rejected}),
                    (SELECT count(*) FROM {source} AS source JOIN {stages} AS done
                     ON done.record = source.{key} WHERE done.read_sha256 <> {digest}),
                    (SELECT count(*) FROM {findings})
            """)
        )

    def _key_type(self, key: str) -> sql.Composable:
        """Return the type of the key, as PostgreSQL writes it."""
        query = self._sql(
            "SELECT format_type(atttypid, atttypmod)::text FROM pg_attribute"
            " WHERE attrelid = {source_oid} AND attname = {} AND attnum > 0 AND NOT attisdropped",
            key,
        )
        row = self._connection.execute(query).fetchone()
        if row is None:
            raise RuntimeError("there is no such table with such a key")
        return sql.SQL(row[0])

    def _row(self, statement: LiteralString, *values: object) -> tuple[Any, ...]:
        """Return the one row that a statement gives."""
        (row,) = self._connection.execute(self._sql(statement, *values)).fetchall()
        return row

    def _sql(self, statement: LiteralString, *values: object, **named: object) -> sql.Composed:
        """Return a statement with the names of this job and some values, each quoted as what it is."""
        literals = {name: sql.Literal(value) for name, value in named.items()}
        return sql.SQL(statement).format(*map(sql.Literal, values), **self._names, **literals)


def _table(data: io.BytesIO) -> pa.Table:
    """Return what COPY wrote; every column is text, and only what is NULL is null."""
    size = data.tell()
    data.seek(0)
    names = ("record", "read_sha256", *STAGES, *FACTS)
    return csv.read_csv(
        data,
        # One block, so that no value is too long for it.
        read_options=csv.ReadOptions(block_size=size + 1),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )


def _one_a_code(record: pa.ChunkedArray, found_in: str, found: pa.ChunkedArray) -> dict[str, Any]:
    """Return a row for each code of each record."""
    codes = compute.split_pattern(found.combine_chunks(), " ")
    rows = compute.list_parent_indices(codes)
    table = pa.table({"record": record.take(rows), "code": compute.list_flatten(codes)})
    table = table.filter(compute.not_equal(table["code"], ""))
    return {"record": table["record"], "found_in": pa.repeat(found_in, table.num_rows), "code": table["code"]}


def main(arguments: list[str] | None = None) -> int:
    """Work on a table, and print what became of its rows; 1 says that something is to be looked at."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument(
        "--dsn", default="", help="the database, as libpq takes it; PGSERVICE and its like count too"
    )
    options.add_argument("--table", default="cases")
    options.add_argument("--key", default="record", help="its primary key")
    options.add_argument("--schema", default="rstage", help="where the results are written")
    options.add_argument("--rows-at-a-time", type=int, default=50_000)
    chosen = options.parse_args(arguments)
    with psycopg.connect(chosen.dsn, autocommit=True) as connection:
        try:
            job = Job(connection, chosen.table, chosen.key, chosen.schema)
            before = job.checksum()
            run = job.begin(before)
            counts = job.run(chosen.rows_at_a_time)
            after = job.checksum()
            job.end(run, after)
        except (psycopg.Error, RuntimeError) as error:
            # The words of a server can show what stands in a row.
            code = getattr(error, "sqlstate", None)
            print(f"stopped: {type(error).__name__} {code}" if code else f"stopped: {error}", file=sys.stderr)
            print("what was committed stays; the next run goes on from there", file=sys.stderr)
            return 3
    print(f"{counts.rows} rows in, {counts.done} out, {counts.rejected} rejected; {counts.findings} findings")
    print(f"sha256 before {before}")
    print(f"sha256 after  {after}")
    to_look_at = {
        "rows were rejected": counts.rejected,
        "rows came or went meanwhile; run the job again": counts.rows - counts.done - counts.rejected,
        "rows were changed by others since they were read": counts.changed,
        "the table was changed by others while the job ran": before != after,
    }
    for what, is_so in to_look_at.items():
        if is_so:
            print(what)
    return int(any(to_look_at.values()))


if __name__ == "__main__":
    sys.exit(main())
