"""The job of docs/cluster.md runs as it stands there, with the wheel shipped to the workers as a zip."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import rstage
from rstage.reference.tsv import grammar_bytes
from tests.support.command_line import run
from tests.support.paths import DOCS, EXAMPLES

pytestmark = pytest.mark.slow  # Spark needs a while to start
PACKAGE = Path(rstage.__file__).parent
SHELL_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)


def wheel(folder: Path) -> Path:
    """Return a file with what the wheel holds, under its name."""
    path = folder / f"rstage-{rstage.__version__}-py3-none-any.whl"
    grammar = {name: grammar_bytes(name) for name in grammar_names()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(PACKAGE.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts and "grammar" not in file.parts:
                archive.write(file, Path("rstage") / file.relative_to(PACKAGE))
        for name, data in grammar.items():
            archive.writestr(f"rstage/grammar/{name}", data)
    return path


def grammar_names() -> list[str]:
    """Return the files of the grammar, of an installed wheel or of the checkout."""
    folders = (PACKAGE / "grammar", PACKAGE.parents[1] / "grammar")
    return sorted(file.name for file in next(filter(Path.is_dir, folders)).iterdir() if file.is_file())


def test_the_job_of_the_page_runs_on_two_workers(tmp_path: Path) -> None:
    spark = pytest.importorskip("pyspark", reason="the extra spark is not installed")
    pytest.importorskip("pyarrow", reason="the extra spark is not installed")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("there is no Java, which Spark runs in")
    page = (DOCS / "cluster.md").read_text(encoding="utf-8")
    (block,) = [one for one in SHELL_BLOCK.findall(page) if "spark_job.py" in one]
    assert f" {wheel(tmp_path).name} " in block
    shutil.copytree(EXAMPLES, tmp_path / "examples", ignore=shutil.ignore_patterns("__pycache__"))
    programs = Path(spark.__file__).parent / "bin"
    environment = {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    command = ["bash", "-euc", block]
    done = subprocess.run(  # noqa: S603  the block of our own page
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout
    *_, workers, counted = done.stdout.splitlines()
    assert re.fullmatch(
        rf"workers: rstage {re.escape(rstage.__version__)} from .*rstage\.zip/rstage/.*", workers
    )

    table = tmp_path / "restaged.csv"
    options = ("--tumor-id", "tumor_id", "--assessment-tumor-id", "new_tumor_id", "--site", "site")
    more = ("--assessment-site", "new_site", "--event", "event", "--diagnosis-date", "diagnosis_date")
    columns = (
        "--diagnosis",
        "diagnosis",
        "--assessment",
        "assessment",
        "--assessment-date",
        "assessment_date",
    )
    run("restage", EXAMPLES / "recurrences.csv", "-o", table, *columns, *options, *more)
    with table.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    restaged = sum(bool(row["restaged"]) for row in rows)
    # Spark reads the one row with a field too few as well, which a table command rejects.
    assert counted == f"{len(rows) + 1} rows, {restaged} restaged, {restaged} links"
    from pyarrow import parquet

    made = parquet.read_table(str(tmp_path / "restaged")).to_pylist()
    by_record = {row["record"]: (row["restaged"] or "", row["restage_link"] or "") for row in made}
    assert {row["record"] for row in rows} < by_record.keys()
    for row in rows:
        assert by_record[row["record"]] == (row["restaged"], row["restage_link"])
