"""A stage put together from known pieces is the stage that the grammar reads, for every text."""

from __future__ import annotations

import csv
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rstage import Stage, clear_caches, parse, read
from rstage.reading.known import KnownStages
from rstage.reading.options import Options
from rstage.reading.read import read_whole
from tests.support.paths import CORPORA, DATA

PREFIXES = ("", "r", "y", "a", "c", "p", "rp", "yc", "ry", "m", "mr")
VALUES = (
    "T1",
    "T2a",
    "Tis",
    "TX",
    "N0",
    "N1",
    "N2c",
    "N1mi",
    "N0(i+)",
    "N1(sn)",
    "M0",
    "M1",
    "M1a(PUL)",
    "MX",
)
COUNTS = ("", "(0/3)", "(1/3)", "(4/3)", "(0/0)", "(01/3)", "(3/17)")
OTHERS = (
    "L0",
    "V1",
    "Pn0",
    "R1",
    "G2",
    "S1",
    "(sn)",
    "(m)",
    "Stage",
    "IIA",
    "T2N0M0",
    "T2N1M0(1/3)",
    "PUL",
    "0",
    "",
    ",",
)
WORDS = [f"{prefix}{value}{counts}" for prefix in PREFIXES for value in VALUES for counts in COUNTS] + [
    *OTHERS
] * 40


# A prime: steps of this size visit each combination once, and neighbors differ in every part.
STEP = 10_007


def stage_texts(count: int) -> list[str]:
    """Return so many different texts that are made of few parts."""
    timings = ("", "y", "r")
    tumors = [f"{timing}pT{value}" for timing in timings for value in ("1", "2a", "3b", "4", "is", "X")]
    nodes = [f"pN1({involved}/{count})" for count in range(1, 20) for involved in range(1, count + 1)]
    others = [f"{invasion}{grade}" for invasion in ("", " L0", " L1 V0") for grade in ("", " G1", " G3")]
    known = list(product(tumors, nodes, ("M0", "M1(HEP)", "M1a"), others))
    chosen = [known[number * STEP % len(known)] for number in range(count)]
    texts = []
    for tumor, node, metastases, other in chosen:
        timing = tumor.partition("p")[0]
        texts.append(f"{tumor} {timing}{node} {timing.replace('y', '')}c{metastases}{other}")
    return texts


def plain(text: str) -> Stage | None:
    reading = read_whole(text, Options())
    return reading.stage if not reading.diagnostics else None


def table_texts() -> list[str]:
    found = []
    folders = [DATA, *([CORPORA] if CORPORA.is_dir() else [])]
    for path in sorted(path for folder in folders for path in folder.glob("*.tsv")):
        with path.open(newline="", encoding="utf-8") as lines:
            rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            found += [cell for row in rows for cell in row if 0 < len(cell) <= 80]
    return list(dict.fromkeys(found))


@pytest.fixture(scope="module")
def known() -> KnownStages:
    return KnownStages(plain)


def assert_same(known: KnownStages, text: str) -> None:
    made = [stage for stage in (known.stage(text) for _ in range(3)) if stage is not None]
    if made:
        expected = read_whole(text, Options())
        assert expected.diagnostics == ()
        assert all(expected.stages == (stage,) for stage in made)


def test_every_text_of_the_tables_and_corpora_is_the_same(known: KnownStages) -> None:
    texts = table_texts()
    assert len(texts) > 2_000
    for text in texts:
        assert_same(known, text)


@settings(max_examples=600)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join))
def test_any_row_of_words_is_the_same(known: KnownStages, text: str) -> None:
    assert_same(known, text)


def test_texts_that_differ_are_put_together_from_what_they_share(known: KnownStages) -> None:
    texts = stage_texts(3_000)
    assert len(set(texts)) == 3_000
    for text in (*texts, *texts):
        known.stage(text)
    made = [known.stage(text) for text in texts]
    assert None not in made
    assert all(one == plain(text) for text, one in list(zip(texts, made, strict=True))[::29])


def test_read_and_parse_give_the_same_with_and_without_pieces() -> None:
    clear_caches()
    texts = [f"pT2 pN1({involved}/17) cM0 L{involved % 2}" for involved in range(17)]
    first = [read_whole(text, Options()) for text in texts]
    for _ in range(2):
        assert [read(text) for text in texts] == first
        assert [parse(text) for text in texts] == [one.stage for one in first]
        clear_caches()


def test_what_is_remembered_is_bounded() -> None:
    known = KnownStages(plain, most=50)
    for text in stage_texts(400):
        known.stage(text)
    sizes = [len(one) for one in vars(known).values() if isinstance(one, dict)]
    assert len(sizes) == 5
    assert max(sizes) <= 50
