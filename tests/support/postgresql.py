"""A PostgreSQL server of our own: on loopback, in a folder of its own, with a Python that finds rstage."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

import click
import lark
import pytest

import rstage
from tests.support.paths import SQL

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

_PACKAGE = Path(rstage.__file__).parent
# Debian keeps the programs of a server out of the path, in a folder for each version.
_DEBIAN = Path("/usr/lib/postgresql")
_USER = "postgres"
# Seconds; a busy machine may need many.
_LONGEST = 120


class Server(NamedTuple):
    """A server that runs.

    Attributes:
        port: where, on loopback. folder: what its Python has on its path.
    """

    port: int
    folder: Path

    def dsn(self, database: str = "postgres", user: str = _USER) -> str:
        """Return how a database of it is reached."""
        return f"host=127.0.0.1 port={self.port} dbname={database} user={user}"


def _programs() -> Path:
    """Return the folder of the server's programs; without one the test is skipped."""
    found = [path.parent for path in _DEBIAN.glob("*/bin/initdb")]
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve().parent)
    if not found:
        pytest.skip("there is no PostgreSQL server")
    return max(found, key=lambda path: int(path.parent.name) if path.parent.name.isdigit() else 0)


def _as_nobody_special() -> list[str]:
    """Return what runs a command as a user that may be the server's: root may not."""
    if os.geteuid() != 0:
        return []
    import pwd  # POSIX alone has it

    if shutil.which("runuser") is None or not any(user.pw_name == _USER for user in pwd.getpwall()):
        pytest.skip(f"root cannot run PostgreSQL, and there is no runuser or no user {_USER}")
    return ["runuser", "-u", _USER, "--"]


def put_library(folder: Path) -> None:
    """Put into a folder what `pip install --target` puts there, without the network."""
    for package in (lark, click, rstage):
        home = Path(str(package.__file__)).parent
        shutil.copytree(home, folder / home.name, ignore=shutil.ignore_patterns("__pycache__"))
    if not (folder / "rstage" / "grammar").is_dir():
        shutil.copytree(_PACKAGE.parents[1] / "grammar", folder / "rstage" / "grammar")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server and stop it in the end; skip the test where there is none."""
    programs, prefix = _programs(), _as_nobody_special()
    # Not in pytest's own folder, which no other user may enter.
    with tempfile.TemporaryDirectory(prefix="rstage-postgresql-") as name:
        folder = Path(name)
        library, own = folder / "library", folder / "own"
        put_library(library)
        own.mkdir()
        folder.chmod(0o755)
        if prefix:
            shutil.chown(own, _USER)
        port = _free_port()
        environment = {
            **os.environ,
            "PYTHONPATH": str(library),
            "PYTHONDONTWRITEBYTECODE": "1",
            "LC_ALL": "C",
        }

        def run(program: str, *arguments: str) -> None:
            # Its output goes to a file: the server would keep a pipe open.
            with (folder / "out").open("ab") as out:
                done = subprocess.run(  # noqa: S603  the programs of the server
                    [*prefix, str(programs / program), *arguments],
                    cwd=own,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=out,
                    check=False,
                    timeout=_LONGEST,
                )
            assert done.returncode == 0, (folder / "out").read_text(errors="replace")

        data = str(own / "data")
        run("initdb", "-D", data, "-U", _USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        run("pg_ctl", "-D", data, "-w", "-t", str(_LONGEST), "-o", options, "-l", str(own / "log"), "start")
        try:
            yield Server(port, library)
        finally:
            run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")


@contextmanager
def database(server: Server, encoding: str = "UTF8", name: str = "") -> Iterator[psycopg.Connection[Any]]:
    """Connect to a new database, in autocommit mode, and drop it in the end."""
    import psycopg

    name = name or f"of_{uuid4().hex}"
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(
            f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0".encode()
        )
        try:
            with psycopg.connect(server.dsn(name), autocommit=True) as made:
                yield made
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def put_functions(connection: psycopg.Connection[Any]) -> None:
    """Do what the DBA does; skip the test where the server has no Python that rstage runs in."""
    if not connection.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'plpython3u'").fetchone():
        pytest.skip("PostgreSQL has no PL/Python")
    connection.execute((SQL / "postgres.sql").read_text(encoding="utf-8"))
    connection.execute("""
        CREATE FUNCTION python_version() RETURNS int[] LANGUAGE plpython3u AS
        'import sys; return list(sys.version_info[:2])'
    """)
    (version,) = one_row(connection, "SELECT python_version()")
    if version < [3, 11]:
        pytest.skip(f"PL/Python of this PostgreSQL is {version[0]}.{version[1]}, and rstage needs 3.11")


def one_row(connection: psycopg.Connection[Any], query: str, *given: object) -> tuple[Any, ...]:
    """Return the one row of a query."""
    (row,) = connection.execute(query.encode(), given).fetchall()
    return tuple(row)
