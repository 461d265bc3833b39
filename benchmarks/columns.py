"""What a column of stages costs in each library, against polars copying the same column."""

from __future__ import annotations

import argparse
import sys
import time
from itertools import cycle, islice
from statistics import median
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import pyarrow as pa
from measuring import cost
from texts import stage_texts

import rstage
import rstage.duckdb
import rstage.polars
from rstage import columns

if TYPE_CHECKING:
    from collections.abc import Callable


def seconds(work: Callable[[], object]) -> float:
    """Return how long some work took."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def copied(column: pl.Series) -> pl.Series:
    """Return the column with each text written anew: the yardstick, which reads and writes every text."""
    return column.str.to_lowercase()


def jobs(texts: pl.Series) -> dict[str, Callable[[], Any]]:
    """Return what is measured: the yardstick first."""
    frame = pl.DataFrame({"stage": texts})
    in_pandas, in_arrow = texts.to_pandas(), texts.to_arrow()
    categories = texts.cast(pl.Categorical)
    expression: Any = pl.col("stage")
    connection = duckdb.connect()
    rstage.duckdb.register(connection)
    connection.register("records", pa.table({"stage": in_arrow}))
    return {
        "polars copying the column": lambda: copied(texts),
        "columns.normalize, polars": lambda: columns.normalize(texts),
        "columns.normalize, polars Categorical": lambda: columns.normalize(categories),
        "columns.normalize, pandas": lambda: columns.normalize(in_pandas),
        "columns.normalize, pandas category": lambda: columns.normalize(in_pandas.astype("category")),
        "columns.normalize, pyarrow": lambda: columns.normalize(in_arrow),
        "columns.parts, polars": lambda: columns.parts(texts),
        "polars expression, streaming": lambda: (
            frame.lazy().select(expression.rstage.normalize()).collect(engine="streaming")
        ),
        "DuckDB rstage_normalize": lambda: connection.execute(
            "SELECT count(rstage_normalize(stage)) FROM records"
        ).fetchall(),
    }


def restaging(rows: int, distinct: int) -> dict[str, Callable[[], Any]]:
    """Return the restaging of rows with an id and dates each, with and without the link."""
    diagnosis = pl.Series(islice(cycle(stage_texts(distinct // 2, timings=("",))), rows))
    assessment = pl.Series(islice(cycle(stage_texts(distinct // 2, start=distinct, timings=("",))), rows))
    beside: dict[str, Any] = {
        "tumor_id": pl.Series(range(rows)),
        "diagnosis_date": pl.Series(islice(cycle(range(2000, 2010)), rows)),
        "assessment_date": pl.Series(islice(cycle(range(2010, 2020)), rows)),
    }
    return {
        "columns.restage": lambda: columns.restage(diagnosis, assessment, **beside),
        "columns.restage without link": lambda: columns.restage(diagnosis, assessment, link=False, **beside),
    }


def main() -> None:
    """Print the time of each job, its ratio to the yardstick, and the memory of a column without repeats."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--distinct", type=int, default=4_000, help="different values in a column")
    options.add_argument("--repeats", type=int, default=5)
    options.add_argument(
        "--copy", type=int, help="only make a column of so many different texts, and copy it"
    )
    options.add_argument("--read", type=int, help="the same, and read it too")
    chosen = options.parse_args()
    if count := chosen.copy or chosen.read:
        different = pl.Series(stage_texts(count))
        copied(different)
        if chosen.read:
            columns.normalize(different)
        return

    texts = pl.Series(islice(cycle(stage_texts(chosen.distinct)), chosen.rows))
    work = {**jobs(texts), **restaging(chosen.rows, chosen.distinct)}
    times: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(chosen.repeats):
        for name, job in work.items():
            times[name].append(seconds(job))
    yardstick = times["polars copying the column"]
    for name, taken in times.items():
        ratio = median(one / other for one, other in zip(taken, yardstick, strict=True))
        print(f"{name}: {median(taken):.3f} s for {chosen.rows:,} rows, {ratio:.1f} times the copy")

    print_distinct(chosen.rows)


def print_distinct(rows: int) -> None:
    """Print what a column costs in which no text comes twice, and the memory of a process that reads it."""
    copied_only, read = (cost([sys.executable, __file__, f"--{job}", str(rows)]) for job in ("copy", "read"))
    rate = rows / (read.seconds - copied_only.seconds)
    print(f"no text twice: {rate:,.0f} rows a second")
    print(
        f"memory: {copied_only.megabytes:.0f} MB with the column alone, {read.megabytes:.0f} MB at the most"
    )


if __name__ == "__main__":
    main()
