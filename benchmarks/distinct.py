"""How many texts that were never seen before are read in a second, by kind, beside lark alone and openmed."""

from __future__ import annotations

import argparse
import time
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

from lark.exceptions import LarkError
from texts import KINDS, unseen_texts

import rstage
from rstage.reference.grammar import parser

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def openmed_parser() -> Callable[[str], object] | None:
    """Return openmed's parser of one stage, or None where openmed is not installed."""
    try:
        parser: Callable[[str], object] = import_module("openmed.clinical.cancer_staging").parse_tnm
    except ImportError:
        return None
    return parser


def with_lark(text: str) -> None:
    """Parse a text with the grammar alone."""
    with suppress(LarkError):
        parser().parse(text, start="start")


def rate(reader: Callable[[str], object], texts: Sequence[str]) -> float:
    """Return how many of `texts` were read in a second of processor time."""
    begun = time.process_time()
    for text in texts:
        reader(text)
    return len(texts) / (time.process_time() - begun)


def main() -> None:
    """Print a line for each kind of text: the rate, and its ratio to the others in the same run."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--texts", type=int, default=20_000, help="how many texts of each kind")
    options.add_argument("--seed", type=int, default=1, help="other texts for another number")
    chosen = options.parse_args()

    other = openmed_parser()
    for kind in KINDS:
        rstage.clear_caches()
        for text in unseen_texts(kind, 500, chosen.seed + 1):
            rstage.read(text)
        texts = unseen_texts(kind, chosen.texts, chosen.seed)
        read, alone = rate(rstage.read, texts), rate(with_lark, texts[: chosen.texts // 4])
        line = f"{kind:10} {read:8,.0f} a second, {read / alone:5.2f} times as many as lark alone"
        if other is not None:
            line += f", {read / rate(other, texts):5.2f} times as many as openmed"
        print(line)


if __name__ == "__main__":
    main()
