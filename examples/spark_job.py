"""A job for a Spark cluster: restage the rows of a CSV, and write them as Parquet with what was appended.

    spark-submit --py-files rstage.zip examples/spark_job.py examples/recurrences.csv restaged

docs/cluster.md says how the workers get rstage. What was read is not changed, and an output that is there is
never written over.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pyspark.sql import SparkSession
from pyspark.sql import functions as F  # noqa: N812  as everybody writes it

import rstage
from rstage import spark as stages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def versions(_rows: Iterable[int]) -> Iterator[tuple[str, str]]:
    """Yield the version of rstage that a worker has, and where it found it."""
    import rstage as of_worker

    yield of_worker.__version__, of_worker.__file__ or ""


def main(source: str, target: str) -> int:
    """Restage the rows of a file and print what came of them; 1 says that the workers have another rstage."""
    spark = SparkSession.builder.appName("restaging").getOrCreate()
    workers = spark.sparkContext.parallelize(range(2), 2).mapPartitions(versions).collect()
    for version, place in sorted(set(workers)):
        print(f"workers: rstage {version} from {place}")
    if {version for version, _ in workers} != {rstage.__version__}:
        print(f"the driver has rstage {rstage.__version__}: nothing was done")
        return 1

    rows = spark.read.csv(source, header=True)
    restaged = stages.restage(
        "diagnosis",
        "assessment",
        tumor_id="tumor_id",
        assessment_tumor_id="new_tumor_id",
        diagnosis_date="diagnosis_date",
        assessment_date="assessment_date",
        site="site",
        assessment_site="new_site",
        event=F.col("event"),  # a text alone would be the event of every row
    )
    rows.withColumn("it", restaged).select(*rows.columns, "it.*").write.parquet(target)

    written = spark.read.parquet(target)
    counted = written.select(F.count("*"), F.count("restaged"), F.count("restage_link")).first()
    if counted is None or counted[0] != rows.count():
        print("rows in and rows out differ")
        return 1
    print(f"{counted[0]} rows, {counted[1]} restaged, {counted[2]} links")
    spark.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
