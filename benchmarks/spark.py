"""How rstage scales in Spark: the same rows with one worker and with two, and what 100 million rows take."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from pyspark.sql import SparkSession
from pyspark.sql import functions as F  # noqa: N812  as everybody writes it
from texts import stage_texts

from rstage import spark as stages

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

PARTITIONS = 8
PREDICTED = 100_000_000
JOBS = ("count only", "normalize and findings", "restage with link")


def session(workers: int, folder: Path) -> SparkSession:
    """Return Spark on this machine alone, with so many workers."""
    builder = SparkSession.builder.master(f"local[{workers}]").appName("rstage")
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.memory": "1g",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    made = builder.getOrCreate()
    made.sparkContext.setLogLevel("ERROR")
    return made


def table(spark: SparkSession, rows: int, distinct: int) -> DataFrame:
    """Return rows with two stages of `distinct` values in all, an id and two dates."""
    old = F.array(*map(F.lit, stage_texts(distinct // 2, timings=("",))))
    new = F.array(*map(F.lit, stage_texts(distinct // 2, start=distinct, timings=("",))))
    place = F.col("id")
    return spark.range(rows, numPartitions=PARTITIONS).select(
        F.get(old, (place * 7 % (distinct // 2)).cast("int")).alias("diagnosis"),
        F.get(new, (place * 11 % (distinct // 2)).cast("int")).alias("assessment"),
        place.cast("string").alias("tumor_id"),
        F.date_add(F.lit("2005-01-01"), (place % 3000).cast("int")).alias("diagnosed"),
        F.date_add(F.lit("2015-01-01"), (place % 3000).cast("int")).alias("assessed"),
    )


def seconds(job: str, source: DataFrame) -> float:
    """Return how long a job takes; its results are counted, so that nothing is left out and nothing kept."""
    begun = time.perf_counter()
    if job == JOBS[0]:
        source.select(F.count("diagnosis"), F.count("assessment")).collect()
    elif job == JOBS[1]:
        found = source.select(
            stages.normalize("diagnosis").alias("normalized"), stages.findings("diagnosis").alias("findings")
        )
        found.select(F.count("normalized"), F.count("findings")).collect()
    else:
        restaged = stages.restage(
            "diagnosis",
            "assessment",
            tumor_id="tumor_id",
            diagnosis_date="diagnosed",
            assessment_date="assessed",
        )
        source.select(restaged.alias("it")).select(F.count("it.restage_link")).collect()
    return time.perf_counter() - begun


def measured(workers: int, rows: int, distinct: int, repeats: int) -> dict[str, float]:
    """Return the shortest time of each job with so many workers, after one run that starts them."""
    with tempfile.TemporaryDirectory() as name:
        spark = session(workers, Path(name))
        first, source = table(spark, PARTITIONS, distinct), table(spark, rows, distinct)
        times = {}
        for job in JOBS:
            seconds(job, first)
            # Other work on the machine only adds to a time, and takes more from two workers than from one.
            times[job] = min(seconds(job, source) for _ in range(repeats))
        spark.stop()
    return times


def main() -> None:
    """Print the time of each job with one worker and with two, the speed-up, and the prediction."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=2_000_000)
    options.add_argument("--distinct", type=int, default=4_000, help="different values in the two columns")
    options.add_argument("--repeats", type=int, default=5)
    chosen = options.parse_args()

    os.environ["PYSPARK_PYTHON"] = sys.executable
    one, two = (measured(workers, chosen.rows, chosen.distinct, chosen.repeats) for workers in (1, 2))
    for job in JOBS:
        rate = chosen.rows / one[job]
        minutes = PREDICTED / chosen.rows * two[job] / 60
        print(f"{job}: {one[job]:.1f} s with one worker, {two[job]:.1f} s with two")
        print(
            f"  {rate:,.0f} rows a second and worker; two workers are {one[job] / two[job]:.2f} times as fast"
        )
        print(f"  {PREDICTED:,} rows with two workers: {minutes:.1f} minutes")


if __name__ == "__main__":
    main()
