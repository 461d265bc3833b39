"""What the benchmarks of tables share: files to work on, and the time and memory of one command."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

COPY = """
import csv, sys
source = open(sys.argv[1], newline="", encoding="utf-8")
with source, open(sys.argv[2], "w", newline="", encoding="utf-8") as target:
    csv.writer(target, lineterminator="\\n").writerows(csv.reader(source))
"""
"""The yardstick: the csv module reads every field and writes it again."""


POLARS_COPY = """
import polars, sys
polars.scan_csv(sys.argv[1], infer_schema=False).sink_csv(sys.argv[2])
"""
"""The other yardstick: polars reads every field as text and writes it again, on all cores."""


PARQUET_COPY = """
import polars, sys
polars.scan_parquet(sys.argv[1]).sink_parquet(sys.argv[2])
"""
"""The same for Parquet."""


AS_PARQUET = """
import polars, sys
polars.scan_csv(sys.argv[1], infer_schema=False).sink_parquet(sys.argv[2])
"""


class Cost(NamedTuple):
    """What one run of a command took: wall time, the time of all cores, and the peak of its memory."""

    seconds: float
    cpu: float
    megabytes: float


def rstage_command() -> list[str]:
    """Return the command that starts the rstage of this Python."""
    script = shutil.which("rstage", path=str(Path(sys.executable).parent))
    return [script] if script else [sys.executable, "-m", "rstage"]


def copy_command(source: Path, target: Path) -> list[str]:
    """Return the command that copies a table with the csv module."""
    return [sys.executable, "-c", COPY, str(source), str(target)]


def polars_copy_command(source: Path, target: Path) -> list[str]:
    """Return the command that copies a table with polars."""
    return [sys.executable, "-c", POLARS_COPY, str(source), str(target)]


def polars_parquet_copy_command(source: Path, target: Path) -> list[str]:
    """Return the command that copies a Parquet file with polars."""
    return [sys.executable, "-c", PARQUET_COPY, str(source), str(target)]


def cost(command: Sequence[str]) -> Cost:
    """Run `command` to its end and return what it took.

    Raises:
        RuntimeError: when it did not end with exit code 0, or with 1, which tells of findings: the figure
            would be of another job.
    """
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    # wait4 reports this one child; getrusage would report the largest of all children so far.
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"exit code {process.returncode}: {' '.join(command)}")
    kilobytes = usage.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return Cost(seconds, usage.ru_utime + usage.ru_stime, kilobytes / 1024)


def interleaved(
    commands: Mapping[str, Sequence[str]], repeats: int, targets: Mapping[str, Path] | None = None
) -> dict[str, list[Cost]]:
    """Run the commands in turns, so that a slow minute of the machine meets all of them alike.

    Args:
        commands: the commands.
        repeats: how often each is run.
        targets: the files that they write, which are removed before: to write over a file costs a system less
            than to write a new one, and only some of the commands would write over theirs.
    """
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(repeats):
        for name, command in commands.items():
            if targets is not None and name in targets:
                targets[name].unlink(missing_ok=True)
            costs[name].append(cost(command))
    return costs


def ratio(costs: Sequence[Cost], yardstick: Sequence[Cost]) -> float:
    """Return the median of the ratios of the runs that stood side by side."""
    return median(one.seconds / other.seconds for one, other in zip(costs, yardstick, strict=True))


def cpu_ratio(costs: Sequence[Cost], yardstick: Sequence[Cost]) -> float:
    """Return the same for the time of all cores."""
    return median(one.cpu / other.cpu for one, other in zip(costs, yardstick, strict=True))


def print_costs(costs: Mapping[str, Sequence[Cost]], rows: int) -> None:
    """Print the median times of each command."""
    for name, runs in costs.items():
        seconds, cpu = median(run.seconds for run in runs), median(run.cpu for run in runs)
        print(f"{name}: {seconds:.2f} s, CPU {cpu:.2f} s, for {rows:,} rows")


def print_against(
    name: str, costs: Sequence[Cost], yardstick: str, others: Sequence[Cost], bar: float
) -> None:
    """Print the ratios of two commands."""
    wall, cpu = ratio(costs, others), cpu_ratio(costs, others)
    print(f"{name} against {yardstick}: {wall:.2f}, CPU {cpu:.2f} (bar: {bar})")


def print_memory(name: str, part: Sequence[Cost], whole: Sequence[Cost]) -> None:
    """Print the peaks of memory of a command on a part of the input and on all of it, and their ratio."""
    small, peak = (max(run.megabytes for run in runs) for runs in (part, whole))
    print(f"{name}: {small:.0f} MB for a part of it, {peak:.0f} MB for all: {peak / small:.2f} (flat is 1)")


def write_parquet(source: Path, target: Path) -> None:
    """Write a CSV file as Parquet, in another process, so that this one stays small."""
    subprocess.run([sys.executable, "-c", AS_PARQUET, str(source), str(target)], check=True)


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV file row by row, so that this process stays small."""
    with path.open("w", newline="", encoding="utf-8") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
