"""How many texts that were seen before are parsed in a second, beside looking them up in a dictionary."""

from __future__ import annotations

import argparse
import time
from statistics import median
from typing import TYPE_CHECKING

from texts import stage_texts

import rstage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def rate(call: Callable[[str], object], texts: Sequence[str]) -> float:
    """Return how many million calls a second were made."""
    begun = time.perf_counter()
    for text in texts:
        call(text)
    return len(texts) / (time.perf_counter() - begun) / 1e6


def main() -> None:
    """Print both rates and their ratio."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--texts", type=int, default=1_000, help="how many different texts")
    options.add_argument("--calls", type=int, default=2_000_000, help="how many calls in a round")
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()

    different = list(stage_texts(chosen.texts))
    known = {text: rstage.parse(text) for text in different}
    texts = different * (chosen.calls // chosen.texts)
    rates, ratios = [], []
    for _ in range(chosen.rounds):
        rates.append(rate(rstage.parse, texts))
        ratios.append(rates[-1] / rate(known.__getitem__, texts))

    print(f"rstage.parse on repeats: {median(rates):.2f} million a second (bar: 3.5)")
    print(f"against a dictionary: {median(ratios):.2f} times as many")


if __name__ == "__main__":
    main()
