"""How many texts that were never seen before are parsed in a second, beside openmed where it is installed."""

from __future__ import annotations

import argparse
import time
from importlib import import_module
from statistics import median
from typing import TYPE_CHECKING

from texts import stage_texts

import rstage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def openmed_parser() -> Callable[[str], object] | None:
    """Return openmed's parser of one stage, or nothing where openmed is not installed."""
    try:
        parser: Callable[[str], object] = import_module("openmed.clinical.cancer_staging").parse_tnm
    except ImportError:
        return None
    return parser


def rate(parser: Callable[[str], object], texts: Sequence[str]) -> float:
    """Return how many of `texts` the parser read in a second."""
    begun = time.perf_counter()
    for text in texts:
        parser(text)
    return len(texts) / (time.perf_counter() - begun)


def main() -> None:
    """Print both rates and their ratio."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--texts", type=int, default=100_000, help="how many texts in a round")
    options.add_argument("--rounds", type=int, default=3, help="each with new texts")
    chosen = options.parse_args()

    other = openmed_parser()
    rates, ratios = [], []
    for turn in range(chosen.rounds):
        texts = list(stage_texts(chosen.texts, start=turn * chosen.texts))
        rates.append(rate(rstage.parse, texts))
        if other is not None:
            ratios.append(rates[-1] / rate(other, texts))

    print(f"first round, nothing known yet: {rates[0]:,.0f} texts a second")
    print(f"median of {chosen.rounds} rounds: {median(rates):,.0f} texts a second (bar: 100,000)")
    if ratios:
        print(f"against openmed: {median(ratios):.2f} times as many (bar: 1)")
    else:
        print("against openmed: not installed")


if __name__ == "__main__":
    main()
