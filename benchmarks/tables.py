"""What `rstage normalize` costs on a large CSV file, against the csv module and polars copying it."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from measuring import (
    copy_command,
    cost,
    interleaved,
    polars_copy_command,
    print_costs,
    print_memory,
    ratio,
    rstage_command,
    write_table,
)
from texts import stage_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADER = ("record", "site", "diagnosis", "remark", "assessment")


def rows(count: int, distinct: int) -> Iterator[tuple[str, ...]]:
    """Yield rows with two stage columns of `distinct` values in all, and a field that needs quotes."""
    diagnoses = list(stage_texts(distinct // 2, timings=("", "y")))
    assessments = list(stage_texts(distinct // 2, timings=("r",)))
    for number in range(count):
        diagnosis = diagnoses[number * 7 % len(diagnoses)]
        assessment = assessments[number * 11 % len(assessments)]
        yield (f"R{number:09}", "C18.7", diagnosis, "seen, and told", assessment)


def normalize_command(source: Path, target: Path, engine: str) -> list[str]:
    """Return the command that normalizes both stage columns."""
    columns = ["--column", "diagnosis", "--column", "assessment"]
    return [
        *rstage_command(),
        "normalize",
        str(source),
        "-o",
        str(target),
        *columns,
        "--engine",
        engine,
        "--force",
        "-q",
    ]


def main() -> None:
    """Print the ratio of the times, and the peaks of memory at a tenth of the rows and at all."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--distinct", type=int, default=4_000, help="different values in the two columns")
    options.add_argument("--repeats", type=int, default=3)
    options.add_argument("--engines", nargs="+", choices=("csv", "polars"), default=["csv", "polars"])
    chosen = options.parse_args()

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, tenth, target = folder / "table.csv", folder / "tenth.csv", folder / "out.csv"
        write_table(source, HEADER, rows(chosen.rows, chosen.distinct))
        write_table(tenth, HEADER, rows(chosen.rows // 10, chosen.distinct))
        copies = {"csv": copy_command(source, target), "polars": polars_copy_command(source, target)}
        bars = {"csv": ("stdlib", 2), "polars": ("polars", 2.5)}
        for yardstick in chosen.engines:
            engine, bar = bars[yardstick]
            label = f"normalize --engine {engine}"
            commands = {
                f"{yardstick} copy": copies[yardstick],
                label: normalize_command(source, target, engine),
            }
            costs = interleaved(commands, chosen.repeats)
            small = cost(normalize_command(tenth, target, engine))
            print_costs(costs, chosen.rows)
            against = ratio(costs[label], costs[f"{yardstick} copy"])
            print(f"{label} against the copy: {against:.2f} (bar: {bar})")
            print_memory(small, costs[label])


if __name__ == "__main__":
    main()
