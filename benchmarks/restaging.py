"""What `rstage restage` and `rstage verify` cost on a large CSV file, against the csv module copying it."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from measuring import (
    copy_command,
    cost,
    interleaved,
    print_costs,
    print_memory,
    ratio,
    rstage_command,
    write_table,
)
from texts import stage_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADER = ("record", "tumor", "site", "diagnosis", "diagnosed", "assessment", "assessed")
COLUMNS = (
    ("--diagnosis", "diagnosis"),
    ("--assessment", "assessment"),
    ("--tumor-id", "tumor"),
    ("--assessment-tumor-id", "tumor"),
    ("--diagnosis-date", "diagnosed"),
    ("--assessment-date", "assessed"),
    ("--site", "site"),
)


def rows(count: int, distinct: int) -> Iterator[tuple[str, ...]]:
    """Yield rows that are all restaged, each with a tumor of its own, so that no digest serves twice."""
    diagnoses = list(stage_texts(distinct // 2, timings=("",)))
    assessments = list(stage_texts(distinct // 2, start=distinct, timings=("",)))
    for number in range(count):
        month, day = number % 12 + 1, number % 28 + 1
        diagnosed = f"{2005 + number % 9}-{month:02}-{day:02}"
        assessed = f"{2015 + number % 9}-{month:02}"
        diagnosis = diagnoses[number * 7 % len(diagnoses)]
        assessment = assessments[number * 11 % len(assessments)]
        yield (f"R{number:09}", f"P{number:09}-1", "C18.7", diagnosis, diagnosed, assessment, assessed)


def restage_command(source: Path, target: Path, engine: str) -> list[str]:
    """Return the command that restages with ids and dates."""
    columns = [word for pair in COLUMNS for word in pair]
    return [
        *rstage_command(),
        "restage",
        str(source),
        "-o",
        str(target),
        *columns,
        "--engine",
        engine,
        "--force",
        "-q",
    ]


def verify_command(source: Path, target: Path, engine: str) -> list[str]:
    """Return the command that computes every appended cell anew and compares."""
    columns = [word for pair in COLUMNS for word in pair]
    return [
        *rstage_command(),
        "verify",
        str(target),
        "--against",
        str(source),
        *columns,
        "--engine",
        engine,
        "-q",
    ]


def main() -> None:
    """Print the ratios of the times, and the peaks of memory at a tenth of the rows and at all."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--distinct", type=int, default=4_000, help="different values in the two columns")
    options.add_argument("--repeats", type=int, default=3)
    options.add_argument("--engine", choices=("auto", "stdlib", "polars"), default="auto")
    chosen = options.parse_args()

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, tenth = folder / "table.csv", folder / "tenth.csv"
        copied, target, small_target = folder / "copied.csv", folder / "out.csv", folder / "small.csv"
        write_table(source, HEADER, rows(chosen.rows, chosen.distinct))
        write_table(tenth, HEADER, rows(chosen.rows // 10, chosen.distinct))
        commands = {
            "csv": copy_command(source, copied),
            "restage": restage_command(source, target, chosen.engine),
            "verify": verify_command(source, target, chosen.engine),
        }
        costs = interleaved(commands, chosen.repeats)
        small = cost(restage_command(tenth, small_target, chosen.engine))

    print_costs(costs, chosen.rows)
    print(f"restage against csv: {ratio(costs['restage'], costs['csv']):.2f} (bar: 3)")
    print(f"verify against restage: {ratio(costs['verify'], costs['restage']):.2f} (bar: 1)")
    print_memory(small, costs["restage"])


if __name__ == "__main__":
    main()
