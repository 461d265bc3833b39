"""How long a short command takes, against importing click alone: what a shell loop over single texts pays."""

from __future__ import annotations

import argparse
import sys
from statistics import median

from measuring import interleaved, ratio, rstage_command


def main() -> None:
    """Print the median of each command and its ratio to the yardstick."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--repeats", type=int, default=15)
    chosen = options.parse_args()

    yardstick = "import click"
    commands = {
        yardstick: [sys.executable, "-c", "import click"],
        "rstage --version": [*rstage_command(), "--version"],
        "rstage parse": [*rstage_command(), "parse", "rpT2 rpN1 cM0"],
    }
    interleaved(commands, 1)  # the first start writes compiled files
    costs = interleaved(commands, chosen.repeats)
    bars = {"rstage --version": 1.5, "rstage parse": 3.0}
    for name, runs in costs.items():
        print(f"{name}: {median(run.seconds for run in runs) * 1000:.0f} ms")
    for name, bar in bars.items():
        print(f"{name} against {yardstick}: {ratio(costs[name], costs[yardstick]):.2f} (bar: {bar})")


if __name__ == "__main__":
    main()
