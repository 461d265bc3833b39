"""The job of docs/postgresql.md on a real PostgreSQL: nothing changed, nothing dropped, whatever breaks."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import cache
from runpy import run_path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

import rstage
from tests.support.column_values import answer, values
from tests.support.command_line import run
from tests.support.paths import DOCS, EXAMPLES
from tests.support.postgresql import database, one_row, put_functions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import psycopg

    from tests.support.postgresql import Server

    Connection = psycopg.Connection[Any]

pytestmark = pytest.mark.slow  # a server starts, and is broken off
SCRIPT = EXAMPLES / "postgres_stages.py"
PAGE = DOCS / "postgresql.md"
_LONGEST = 120
_COPY_OUT = "COPY (SELECT * FROM cases ORDER BY record) TO STDOUT"
NAMES = (
    "record",
    "tumor_id",
    "new_tumor_id",
    "site",
    "new_site",
    "diagnosis",
    "diagnosis_date",
    "assessment",
    "assessment_date",
    "event",
)


class Done(NamedTuple):
    """How a job ended."""

    code: int
    out: str
    err: str


def options(connection: Connection, *given: object) -> list[str]:
    """Return the options of a job on a database."""
    info = connection.info
    dsn = f"host={info.host} port={info.port} dbname={info.dbname} user={info.user}"
    return ["--dsn", dsn, *map(str, given)]


def job(connection: Connection, *given: object) -> Done:
    """Run the example in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = _main()(options(connection, *given))
    return Done(code, out.getvalue(), err.getvalue())


@cache
def _main() -> Any:
    pytest.importorskip("pyarrow", reason="the extra postgresql is not installed")
    pytest.importorskip("narwhals", reason="the extra postgresql is not installed")
    return run_path(str(SCRIPT))["main"]


def put_cases(connection: Connection, rows: Iterable[Sequence[object]], key: str = "text") -> None:
    """Make the table of the example; a row may be shorter than the table is wide."""
    columns = ", ".join(f"{name} text" for name in NAMES[1:])
    connection.execute(f"CREATE TABLE cases (record {key} PRIMARY KEY, {columns})".encode())
    with connection.cursor().copy("COPY cases FROM STDIN") as copy:
        for row in rows:
            copy.write_row([*row, *[None] * (len(NAMES) - len(row))])


def recurrences() -> list[list[str]]:
    """Return the rows of the example, but for the one with a field too many."""
    with (EXAMPLES / "recurrences.csv").open(newline="", encoding="utf-8") as file:
        names, *rows = csv.reader(file)
    assert tuple(names) == NAMES
    return [row for row in rows if len(row) == len(names)]


def checksum(connection: Connection) -> str:
    """Return the digest that the page says anybody can take."""
    with connection.cursor().copy(_COPY_OUT.encode()) as copy:
        return hashlib.sha256(b"".join(bytes(block) for block in copy)).hexdigest()


def results(connection: Connection) -> list[list[tuple[Any, ...]]]:
    """Return what stands in the tables of results."""
    return [
        sorted(connection.execute(f"SELECT * FROM rstage.cases_{kind}".encode()).fetchall(), key=str)  # noqa: S608
        for kind in ("stages", "findings", "rejected")
    ]


def count(connection: Connection, table: str) -> int:
    return int(one_row(connection, f"SELECT count(*) FROM {table}")[0])  # noqa: S608  our own tables


@pytest.fixture
def connection(postgresql: Server) -> Iterator[Connection]:
    with database(postgresql) as made:
        yield made


def test_a_job_says_what_the_command_line_says(connection: Connection, tmp_path: Path) -> None:
    rows = recurrences()
    put_cases(connection, [[cell or None for cell in row] for row in rows])
    before = checksum(connection)
    done = job(connection, "--rows-at-a-time", 50)
    assert done.code == 0
    findings = count(connection, "rstage.cases_findings")
    assert done.out.splitlines() == [
        f"{len(rows)} rows in, {len(rows)} out, 0 rejected; {findings} findings",
        f"sha256 before {before}",
        f"sha256 after  {before}",
    ]
    assert checksum(connection) == before

    source, target = EXAMPLES / "recurrences.csv", tmp_path / "restaged.csv"
    facts = ("tumor-id=tumor_id", "assessment-tumor-id=new_tumor_id", "site=site", "assessment-site=new_site")
    more = ("diagnosis-date=diagnosis_date", "assessment-date=assessment_date", "event=event")
    columns = ("diagnosis=diagnosis", "assessment=assessment", *facts, *more)
    run("restage", source, "-o", target, *(f"--{one}" for one in columns))
    with target.open(newline="", encoding="utf-8") as file:
        restaged = {row["record"]: row for row in csv.DictReader(file)}
    given = {row[0]: dict(zip(NAMES, row, strict=True)) for row in rows}
    found = connection.execute(
        "SELECT record, diagnosis_normalized, assessment_normalized, assessment_is_recurrence, restaged,"
        " restage_recurrence, restage_link, (SELECT string_agg(code, ' ' ORDER BY code)"
        " FROM rstage.cases_findings AS f WHERE f.record = s.record AND found_in = 'restaging')"
        " FROM rstage.cases_stages AS s"
    ).fetchall()
    assert len(found) == len(rows) == len(restaged)
    for record, diagnosis, assessment, is_recurrence, *cells, codes in found:
        wanted = restaged[record]
        names = ("restaged", "restage_recurrence", "restage_link")
        assert cells == [wanted[name] or None for name in names]
        assert (codes or "").split() == sorted(wanted["restage_findings"].split())
        assert diagnosis == answer(given[record]["diagnosis"]).normalized
        assert (assessment, is_recurrence) == answer(given[record]["assessment"])[:2]
    assert sum(bool(row[4]) for row in found) > 100
    runs = connection.execute("SELECT rstage, sha256_before, sha256_after FROM rstage.cases_runs").fetchall()
    assert runs == [(rstage.__version__, before, before)]


def test_nulls_blanks_and_hostile_texts_are_taken_as_they_are(connection: Connection) -> None:
    # PostgreSQL holds no NUL in a text.
    texts = [text for text in values() if text is None or "\0" not in text]
    put_cases(connection, [(place, *[None] * 4, text) for place, text in enumerate(texts)], key="bigint")
    assert job(connection, "--rows-at-a-time", 999).code == 0
    found = connection.execute(
        "SELECT diagnosis_normalized, diagnosis_is_recurrence, coalesce((SELECT count(*) FROM"
        " rstage.cases_findings AS f WHERE f.record = s.record AND found_in = 'diagnosis'), 0)"
        " FROM rstage.cases_stages AS s ORDER BY record"
    ).fetchall()
    said = [answer(text) for text in texts]
    assert found == [(one.normalized, one.is_recurrence, len((one.findings or "").split())) for one in said]


def test_a_killed_job_goes_on_after_its_last_batch(connection: Connection, postgresql: Server) -> None:
    rows = [[f"{place:05}", *row[1:]] for place, row in enumerate(recurrences() * 20)]
    put_cases(connection, rows)
    before = checksum(connection)
    command = [sys.executable, str(SCRIPT), *options(connection, "--rows-at-a-time", 20)]
    process = subprocess.Popen(command)  # noqa: S603  our own example
    latest = time.monotonic() + _LONGEST
    while not (
        one_row(connection, "SELECT to_regclass('rstage.cases_stages') IS NOT NULL")[0]
        and count(connection, "rstage.cases_stages")
    ):
        assert process.poll() is None
        assert time.monotonic() < latest
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait(_LONGEST)
    wait_until_alone(connection)
    done = count(connection, "rstage.cases_stages")
    assert 0 < done < len(rows)
    assert done % 20 == 0
    assert checksum(connection) == before
    assert job(connection, "--rows-at-a-time", 1000).code == 0
    assert checksum(connection) == before
    runs = connection.execute(
        "SELECT sha256_before, sha256_after FROM rstage.cases_runs ORDER BY run"
    ).fetchall()
    assert runs == [(before, None), (before, before)]
    with database(postgresql) as other:
        put_cases(other, rows)
        assert job(other).code == 0
        assert results(other) == results(connection)


def wait_until_alone(connection: Connection) -> None:
    """Wait until the server has noticed that the job is gone."""
    latest = time.monotonic() + _LONGEST
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    while one_row(connection, query) != (1,):
        assert time.monotonic() < latest
        time.sleep(0.05)


def test_a_batch_is_whole_or_not_there(connection: Connection) -> None:
    put_cases(connection, recurrences())
    assert job(connection).code == 0
    wanted = results(connection)
    connection.execute("DELETE FROM rstage.cases_stages")
    assert count(connection, "rstage.cases_findings") == 0
    # The findings of a batch come last: its stages are written when this stops it.
    connection.execute("""
        CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN IF NEW.record > 'R100' THEN RAISE EXCEPTION 'Frau Beispiel'; END IF; RETURN NEW; END $$;
        CREATE TRIGGER stop BEFORE INSERT ON rstage.cases_findings FOR EACH ROW EXECUTE FUNCTION stop()
    """)
    stopped = job(connection, "--rows-at-a-time", 40)
    assert (stopped.code, stopped.out) == (3, "")
    assert "Beispiel" not in stopped.err
    assert count(connection, "rstage.cases_stages") == 80
    connection.execute("DROP TRIGGER stop ON rstage.cases_findings")
    assert job(connection, "--rows-at-a-time", 40).code == 0
    assert results(connection) == wanted


@pytest.mark.parametrize(
    ("encoding", "character", "reason"),
    [
        ("WIN1252", b"\x81", "UntranslatableCharacter (22P05)"),
        ("SQL_ASCII", b"\xfc", "CharacterNotInRepertoire (22021)"),
    ],
)
def test_a_row_that_is_no_text_is_rejected_alone(
    postgresql: Server, encoding: str, character: bytes, reason: str
) -> None:
    rejects = [0, 41, 42, 99]
    with database(postgresql, encoding) as connection:
        put_cases(connection, [(place, *[None] * 4, "pT2 N0 M0") for place in range(100)], key="int")
        # As it is stored, whatever it means.
        connection.execute(b"SET client_encoding TO '%b'" % encoding.encode())
        for place in rejects:
            connection.execute(b"UPDATE cases SET site = E'%b' WHERE record = %d" % (character, place))
        before = checksum(connection)
        done = job(connection, "--rows-at-a-time", 30)
        assert (done.code, done.out.splitlines()[0]) == (1, "100 rows in, 96 out, 4 rejected; 0 findings")
        rejected = connection.execute(
            b"SELECT record, reason FROM rstage.cases_rejected ORDER BY 1"
        ).fetchall()
        assert [row[0] for row in rejected] == rejects
        assert {_text(row[1]) for row in rejected} == {reason}
        assert done.out.splitlines()[1:3] == [f"sha256 before {before}", f"sha256 after  {before}"]


def _text(value: object) -> str:
    """A database without an encoding gives bytes."""
    return value.decode() if isinstance(value, bytes) else str(value)


def test_what_is_added_or_corrected_later_is_told_and_done(connection: Connection) -> None:
    put_cases(connection, [(place, *[None] * 4, "pT2 N0 M0") for place in (5, 10)], key="bigint")
    assert job(connection).code == 0
    connection.execute("INSERT INTO cases (record, diagnosis) VALUES (7, 'T3')")
    assert job(connection).out.startswith("3 rows in, 3 out, 0 rejected")
    connection.execute("UPDATE cases SET diagnosis = 'pT4 N0 M0' WHERE record = 5")
    told = job(connection)
    assert (told.code, told.out.splitlines()[-1]) == (1, "rows were changed by others since they were read")
    connection.execute("DELETE FROM rstage.cases_stages WHERE record = 5")
    assert job(connection).code == 0
    query = "SELECT diagnosis_normalized FROM rstage.cases_stages WHERE record = 5"
    assert one_row(connection, query) == ("pT4 N0 M0",)


def test_a_row_with_results_is_not_deleted_from_under_them(connection: Connection) -> None:
    import psycopg

    put_cases(connection, [("a", *[None] * 4, "pT2 N0 M0")])
    assert job(connection).code == 0
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        connection.execute("DELETE FROM cases")


def test_another_run_and_another_table_are_refused(connection: Connection) -> None:
    put_cases(connection, [("a", *[None] * 4, "pT2 N0 M0")])
    connection.execute("SELECT pg_advisory_lock(hashtextextended('rstage.cases', 0))")
    done = job(connection)
    assert (done.code, done.err.splitlines()[0]) == (3, "stopped: another run works on this table")
    for wrong in (("--table", "case"), ("--key", "number")):
        done = job(connection, *wrong)
        assert (done.code, done.err.splitlines()[0]) == (3, "stopped: there is no such table with such a key")


def test_the_results_of_another_table_are_not_mixed_with_these(connection: Connection) -> None:
    put_cases(connection, [("a", *[None] * 4, "pT2 N0 M0")])
    assert job(connection, "--table", "public.cases").code == 0
    connection.execute("CREATE SCHEMA other")
    connection.execute("CREATE TABLE other.cases (LIKE cases INCLUDING ALL)")
    connection.execute("INSERT INTO other.cases (record, diagnosis) VALUES ('a', 'T3'), ('b', 'T4')")
    done = job(connection, "--table", "other.cases")
    assert done.code == 3
    assert done.err.startswith("stopped: the results of another table of this name stand there")
    assert job(connection, "--table", "other.cases", "--schema", "other_rstage").out.startswith(
        "2 rows in, 2 out"
    )
    assert count(connection, "rstage.cases_stages") == 1


@contextmanager
def registry(server: Server) -> Iterator[Connection]:
    """Yield the database of the page, and drop the role that the page makes in the end."""
    import psycopg

    try:
        with database(server, name="registry") as made:
            yield made
    finally:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute("DROP ROLE IF EXISTS stager")


def test_the_page_runs_as_it_stands(postgresql: Server, tmp_path: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    statements = re.findall(r"^```sql\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    (shell,) = [
        block
        for block in re.findall(r"^```sh\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
        if SCRIPT.name in block
    ]
    with registry(postgresql) as connection:
        put_functions(connection)
        for block in statements:
            connection.execute(block.encode())
        service = tmp_path / "service"
        service.write_text(
            f"[registry]\nhost=127.0.0.1\nport={postgresql.port}\ndbname=registry\nuser=stager\n"
        )
        done = subprocess.run(  # noqa: S603  the block of our own page
            ["/bin/sh", "-euc", f'python() {{ "{sys.executable}" "$@"; }}\n{shell}'],
            cwd=EXAMPLES.parent,
            env={"PGSERVICEFILE": str(service)},
            capture_output=True,
            text=True,
            check=False,
            timeout=_LONGEST,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("4 rows in, 4 out, 0 rejected")
        # Both ways say the same, and the role of the job could not have written to the table.
        in_server = connection.execute(
            "SELECT record, restaged, restage_recurrence, restage_link FROM restaged_cases ORDER BY 1"
        ).fetchall()
        by_job = connection.execute(
            "SELECT record, restaged, restage_recurrence, restage_link FROM rstage.cases_stages ORDER BY 1"
        ).fetchall()
        assert in_server == by_job
        assert [row[1] for row in by_job] == ["rcT0 rcN0 rpM1(HEP)", None, None, None]
        can_write = "SELECT has_table_privilege('stager', 'cases', 'INSERT, UPDATE, DELETE, TRUNCATE')"
        assert one_row(connection, can_write) == (False,)
