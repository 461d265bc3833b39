"""What all tests share: a profile of hypothesis, a limit of workers, and two servers, each started once."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.postgresql import Server

# Helpers assert as well: what differs is then shown as in a test.
pytest.register_assert_rewrite("tests.support")

# A busy machine is no failure; and the examples of a test may share its folder, each writes its files anew.
settings.register_profile(
    "rstage",
    deadline=None,
    derandomize="CI" in os.environ,
    print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("rstage")

MOST_WORKERS = 4


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Each worker collects everything: more of them than this cost more than they save.

    In a container the number of processors is often that of the whole machine.
    """
    return min(os.cpu_count() or 1, MOST_WORKERS)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """PostgreSQL for real, on loopback, stopped in the end."""
    pytest.importorskip("psycopg", reason="the extra postgresql is not installed")
    from tests.support.postgresql import running_server

    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Spark for real, on this machine alone, with two workers."""
    pytest.importorskip("pyspark", reason="the extra spark is not installed")
    pytest.importorskip("pyarrow", reason="the extra spark is not installed")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("there is no Java, which Spark runs in")
    from pyspark.sql import SparkSession

    folder = tmp_path_factory.mktemp("spark")
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.memory": "512m",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.session.timeZone": "UTC",
    }
    builder = SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    before = os.environ.get("PYSPARK_PYTHON")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()
    if before is None:
        del os.environ["PYSPARK_PYTHON"]
    else:
        os.environ["PYSPARK_PYTHON"] = before
