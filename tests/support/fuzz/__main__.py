"""The command: `python -m tests.support.fuzz --readings N --seed S`, and `--only CASE` for one case again."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from tests.support.fuzz.program import cases, fuzz
from tests.support.fuzz.promises import ALL

if TYPE_CHECKING:
    from collections import Counter

LONGEST_SHOWN = 600


def _listed(counted: Counter[str]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in sorted(counted.items()))


def main() -> int:
    """Run, print what was run, and return 1 where a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.fuzz", description=__doc__)
    parser.add_argument("--readings", type=int, default=100_000, help="texts, in however many modes each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="the number of one case")
    parser.add_argument("--processes", type=int, default=1, help="the same cases, shared out")
    parser.add_argument("--seconds", type=float, help="ends the run before all is read")
    given = parser.parse_args()
    if given.only is not None:
        ran = cases(given.seed, [given.only])
    else:
        ran = fuzz(given.readings, given.seed, processes=given.processes, seconds=given.seconds)
    sys.stdout.write(f"seed {given.seed}: {ran.readings:,} texts read in {ran.seconds:,.0f} s of CPU\n")
    sys.stdout.write(f"{ran.calls.total():,} calls beside tables and messages: {_listed(ran.calls)}\n")
    sys.stdout.write(f"{ran.tries.total():,} tries: {_listed(ran.tries)}\n")
    for promise in ALL:
        broken = [case for case, name, _ in ran.failures if name == promise]
        sys.stdout.write(
            f"{'held  ' if not broken else 'BROKEN'} {promise}{f' ({len(broken)})' * bool(broken)}\n"
        )
    for case, _, shown in ran.failures:
        sys.stdout.write(f"case {case}: {shown[:LONGEST_SHOWN]}\n")
    return 1 if ran.failures else 0


if __name__ == "__main__":
    sys.exit(main())
