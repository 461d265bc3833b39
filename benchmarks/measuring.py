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


class Cost(NamedTuple):
    """What one run of a command took: by the clock, of memory at its peak, and of the processor."""

    seconds: float
    megabytes: float
    processor: float = 0.0


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


def cost(command: Sequence[str]) -> Cost:
    """Run `command` to its end and return its wall time and the peak of its own memory.

    Raises:
        RuntimeError: when it did not end with exit code 0: the figure would be of another job.
    """
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    # wait4 reports this one child; getrusage would report the largest of all children so far.
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"exit code {process.returncode}: {' '.join(command)}")
    kilobytes = usage.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return Cost(seconds, kilobytes / 1024, usage.ru_utime + usage.ru_stime)


def interleaved(commands: Mapping[str, Sequence[str]], repeats: int) -> dict[str, list[Cost]]:
    """Run the commands in turns, so that a slow minute of the machine meets all of them alike."""
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(repeats):
        for name, command in commands.items():
            costs[name].append(cost(command))
    return costs


def ratio(costs: Sequence[Cost], yardstick: Sequence[Cost]) -> float:
    """Return the median of the ratios of the runs that stood side by side."""
    return median(one.seconds / other.seconds for one, other in zip(costs, yardstick, strict=True))


def cpu_ratio(costs: Sequence[Cost], yardstick: Sequence[Cost]) -> float:
    """Return the same of the time that the processor took, which a busy machine changes less."""
    return median(one.processor / other.processor for one, other in zip(costs, yardstick, strict=True))


def print_costs(costs: Mapping[str, Sequence[Cost]], rows: int) -> None:
    """Print the median time of each command."""
    for name, runs in costs.items():
        print(f"{name}: {median(run.seconds for run in runs):.2f} s for {rows:,} rows")


def print_memory(tenth: Cost, whole: Sequence[Cost]) -> None:
    """Print the peaks of memory at a tenth of the input and at all of it, and their ratio."""
    peak = max(run.megabytes for run in whole)
    print(f"memory: {tenth.megabytes:.0f} MB for a tenth of it, {peak:.0f} MB for all")
    print(f"memory, all against a tenth: {peak / tenth.megabytes:.2f} (flat is 1)")


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a CSV file row by row, so that this process stays small."""
    with path.open("w", newline="", encoding="utf-8") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
