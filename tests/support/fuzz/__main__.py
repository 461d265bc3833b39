"""The command: `python -m tests.support.fuzz --readings N --seed S`, and `--only CASE` for one case again."""

from __future__ import annotations

import argparse
import sys
import time

from tests.support.fuzz.program import fuzz
from tests.support.fuzz.promises import ALL

LONGEST_SHOWN = 600


def main() -> int:
    """Run, print what was run, and return 1 where a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.fuzz", description=__doc__)
    parser.add_argument("--readings", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="the number of one case")
    parser.add_argument("--seconds", type=float, help="ends the run before all is read")
    given = parser.parse_args()
    begun = time.process_time()
    ran = fuzz(given.readings, given.seed, only=given.only, seconds=given.seconds)
    tries = ", ".join(f"{name} {count:,}" for name, count in sorted(ran.tries.items()))
    sys.stdout.write(
        f"seed {given.seed}: {ran.readings:,} readings in {time.process_time() - begun:.0f} s of CPU\n"
    )
    sys.stdout.write(f"tries: {tries}\n")
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
