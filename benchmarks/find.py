"""How well and how fast stagings are found in text, beside edsnlp and openmed where they are installed."""

from __future__ import annotations

import argparse
import re
import sys
import time
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import rstage

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.support.find_cases import sentences, sentences_without

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Found = Iterable[tuple[tuple[int, int], str | None]]
    Finder = Callable[[str], Found]

# No chance in it: the same text in every run. Much that looks like a category, and no stage.
SENTENCES = (
    "The patient was seen in clinic today for follow-up and has no new complaints. ",
    "MRI of the spine: T2-weighted images show a signal change at L4, T12 and L1. ",
    "Thyroid function: TSH 2.1, T3 and T4 within normal limits; ECG leads V1-V6 unremarkable. ",
    "Tissue from the sigmoid colon, no tumor seen in blocks C1-C3. To be discussed on Monday. ",
    "At this stage no further treatment is planned, and the next visit is in three months.\n",
    "Der Patient stellte sich heute zur Verlaufskontrolle vor, die Nachsorge ist unauffällig. ",
    "Medikation: Metoprolol, Tamoxifen. Natrium 140, Troponin negativ. Nächster Termin: Mittwoch.\n",
    "Le patient va bien, sans plainte nouvelle. L'IRM en pondération T2 est normale.\n",
    "La paciente acude a revisión. Sin hallazgos nuevos en la tomografía de tórax y abdomen.\n\n",
)

STAGES = ("Stadium IIIB", "rpT2 rpN0", "resected", "stage IIA")
# What a search for categories alone would cost.
PLAIN = re.compile("[ryacpu]*T[0-4]")


def rstage_finder(text: str) -> Found:
    """Return what rstage finds."""
    return [(one.span, str(one)) for one in rstage.find(text)]


def edsnlp_finder() -> Finder | None:
    """Return what finds spans with edsnlp's TNM pipe, or None where it is not installed."""
    try:
        edsnlp = import_module("edsnlp")
    except ImportError:
        return None
    pipeline = edsnlp.blank("eds")
    pipeline.add_pipe("eds.tnm")

    def find(text: str) -> Iterator[tuple[tuple[int, int], str | None]]:
        for entity in pipeline(text).ents:
            yield (entity.start_char, entity.end_char), canonical(entity.text)

    return find


def openmed_finder() -> Finder | None:
    """Return what finds the span of openmed's `parse_tnm`, one a text, or None without it."""
    try:
        parse_tnm = import_module("openmed.clinical.cancer_staging").parse_tnm
    except ImportError:
        return None

    def find(text: str) -> Iterator[tuple[tuple[int, int], str | None]]:
        found = parse_tnm(text)
        if found["span"] is not None:
            yield found["span"], canonical(text[slice(*found["span"])])

    return find


def canonical(text: str) -> str | None:
    """Return the canonical text of a span of another library, or None where that is no single stage.

    What it makes of the span itself is not compared: its own normal forms are others.
    """
    stage = rstage.read(text.strip()).stage
    return None if stage is None else str(stage)


class Score:
    """Counts what was found, what was expected, and what was both."""

    def __init__(self) -> None:
        self.found = self.expected = self.both = 0

    def add(self, found: list[object], expected: list[object]) -> None:
        """Count one sentence."""
        self.found += len(found)
        self.expected += len(expected)
        left = list(expected)
        for one in found:
            if one in left:
                left.remove(one)
                self.both += 1

    def __str__(self) -> str:
        precision = self.both / self.found if self.found else 0.0
        recall = self.both / self.expected if self.expected else 0.0
        return f"precision {precision:.3f}, recall {recall:.3f}"


def print_scores(name: str, find: Finder) -> None:
    """Print precision and recall over the labelled sentences, and what is found where nothing is."""
    spans, overlaps, texts = Score(), Score(), Score()
    for sentence in sentences():
        found = list(find(sentence.text))
        spans.add([span for span, _ in found], [one.span for one in sentence.stagings])
        texts.add([text for _, text in found], [one.canonical for one in sentence.stagings])
        touched = [
            next(
                (one.span for one in sentence.stagings if one.span[0] < span[1] and span[0] < one.span[1]),
                span,
            )
            for span, _ in found
        ]
        overlaps.add(list(dict.fromkeys(touched)), [one.span for one in sentence.stagings])
    wrong = sum(bool(list(find(text))) for text in sentences_without())
    spans.found += wrong
    texts.found += wrong
    overlaps.found += wrong
    print(f"{name}, spans: {spans}")
    print(f"{name}, spans that touch: {overlaps}")
    print(f"{name}, canonical texts: {texts}")
    print(f"{name}, sentences without a stage in which something is found: {wrong}")


def text_without_stages(megabytes: float) -> str:
    """Return report text of about this length."""
    block = "".join(SENTENCES)
    return block * max(1, round(megabytes * 1_000_000 / len(block.encode())))


def main() -> None:
    """Print how well stagings are found, and how fast."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--megabytes", type=float, default=20, help="report text without stages")
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()

    print(f"{len(sentences())} sentences with stages, {len(sentences_without())} without")
    print(
        "The sentences are the project's own and rstage was corrected by them: its figures are a regression"
    )
    print("test and say nothing of new texts. docs/find.md has figures of texts it was not corrected with.")
    print_scores("rstage", rstage_finder)
    for name, finder in (("edsnlp", edsnlp_finder()), ("openmed", openmed_finder())):
        if finder is None:
            print(f"{name}: not installed")
        else:
            print_scores(name, finder)

    print("speed, beside a search for one pattern in the same text:")
    texts = {
        "without stages": text_without_stages(chosen.megabytes),
        "ordinary reports, 300 stagings a MB": text_with_stages(chosen.megabytes / 4, words=5000),
        "notes with 3,900 stagings a MB": text_with_stages(chosen.megabytes / 10, words=380),
        "stage after stage": "Stage I " * max(1, round(chosen.megabytes * 1_000)),
    }
    for name, text in texts.items():
        print_speed(name, text, chosen.rounds)


def text_with_stages(megabytes: float, *, words: int) -> str:
    """Return report text with a line of stagings behind about each `words` characters."""
    block = "".join(SENTENCES) * 5
    pieces, size, number = [], 0, 0
    while size < megabytes * 1_000_000:
        staging = (
            f"pT{number % 4 + 1} pN{number % 3} ({number % 7}/{number % 23 + 7}) cM0, {STAGES[number % 4]}. "
        )
        start = number * words % len(block)
        pieces.append((block * 2)[start : start + max(0, words - len(staging))] + "\n\n" + staging)
        size += len(pieces[-1])
        number += 1
    return "".join(pieces)


def print_speed(name: str, text: str, rounds: int) -> None:
    """Print how many megabytes a second are passed, and how much longer that takes than one plain search."""
    size = len(text.encode()) / 1_000_000
    taken, plain = [], []
    for _ in range(rounds):
        begun = time.process_time()
        count = sum(1 for _ in rstage.find(text))
        taken.append(time.process_time() - begun)
        begun = time.process_time()
        sum(1 for _ in PLAIN.finditer(text))
        plain.append(time.process_time() - begun)
    rate, ratio = size / median(taken), median(taken) / median(plain)
    print(f"{name}: {rate:.1f} MB a second, {ratio:.0f} times the search; {count / size:,.0f} stagings a MB")


if __name__ == "__main__":
    main()
