"""A text that is put together from its components is read as the grammar reads it whole, every text."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rstage import Diagnostic, Reading, Stage, clear_caches, parse
from rstage.notation import component
from rstage.notation.assembly import PLAIN, assemble, assemble_text
from rstage.notation.component import Component, known_component, read_component, read_nodes
from rstage.notation.folding import fold
from rstage.notation.tree import Node, parse_nodes
from rstage.reading.read import made_reading
from tests.support.case_tables import every_text

PREFIXES = ("", "r", "y", "a", "c", "p", "rp", "yc", "ry", "m", "mr")
VALUES = (
    *("T1", "T2a", "Tis", "TX", "T9", "t2", "TO"),
    *("N0", "N1", "N2c", "N1mi", "N0(i+)", "N1(sn)", "NO"),
    *("M0", "M1", "M1a(PUL)", "MX", "M1(HEP)"),
)
COUNTS = ("", "(0/3)", "(1/3)", "(4/3)", "(0/0)", "(01/3)", "(3/17)", "(3)", "(sn)")
OTHERS = (
    *("L0", "V1", "Pn0", "R1", "G2", "S1", "R0(local)", "L", "r", "y", "p", "PUL", "0", "", ",", ";", "?"),
    *("(", "(sn)", "(m)", "(3)", "(1/3)", "Stage", "IIA", "Stage IIB", "Stadium IIIC1", "FIGO", "FIGO IB1"),
    *("(Stage IV)", "T2N0M0", "T2N1M0(1/3)", "AJCC 8", "AJCC", "(UICC 7)", "edition", "Ann Arbor", "7th"),
    *("recurrence", "unclear"),
)
WORDS = [f"{prefix}{value}{counts}" for prefix in PREFIXES for value in VALUES for counts in COUNTS]
SEPARATORS = ("", " ", " ", " ", ", ", "; ", "\n", ",")
ROWS = st.lists(
    st.tuples(st.sampled_from(SEPARATORS), st.sampled_from([*WORDS, *OTHERS * 40])), min_size=1, max_size=6
).map(lambda words: "".join(word for pair in words for word in pair))

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


def whole(text: str) -> Reading:
    """Return the reading of a folded text that the grammar reads at once, put together step by step."""
    read = read_component(text)
    stages, found = assemble(read.parts, text, PLAIN) if read.parts else ([], [])
    return made_reading(text, stages, [*read.failures, *found], "standard")


def composed(text: str) -> Reading:
    return made_reading(text, *assemble_text(text), "standard")


def said(nodes: list[Node], failures: list[Diagnostic]) -> tuple[list[object], list[Diagnostic]]:
    """Return what stands in a text and where; the blank in front of an edition may be its own or not."""
    made: list[object] = [
        (node.kind, node.start, node.end, [(token.kind, token.text.lstrip()) for token in node.tokens])
        for node in nodes
    ]
    return made, failures


def assert_same(text: str) -> None:
    folded = fold(text).text
    if folded.strip():
        assert said(*read_nodes(folded)) == said(*parse_nodes(folded))
        expected = whole(folded)
        assert composed(folded) == expected, "a text met first"
        assert composed(folded) == expected, "a text of known components"


@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.slow)])
def test_the_texts_of_the_tables_and_corpora(step: int) -> None:
    texts = every_text()
    assert len(texts) > 2_000
    for text in texts[::step]:
        assert_same(text)


@settings(max_examples=800)
@given(ROWS)
def test_any_row_of_words(text: str) -> None:
    assert_same(text)


def test_new_combinations_of_known_components_need_no_grammar(monkeypatch: pytest.MonkeyPatch) -> None:
    clear_caches()
    texts = stage_texts(3_000)
    assert len(set(texts)) == 3_000
    for text in texts[::10]:
        composed(text)
    read: list[str] = []

    def counted(text: str) -> Component:
        read.append(text)
        return read_component(text)

    monkeypatch.setattr(component, "read_component", counted)
    made = [composed(text).stage for text in texts]
    assert None not in made
    assert len(read) < 20
    assert all(one == whole(text).stage for text, one in list(zip(texts, made, strict=True))[::29])


@pytest.mark.parametrize("before", ["", "pNO1", "N03", "pN5", "T2", "N0", "(m)", "R2-ISS only ", "pN1 (1/2"])
@pytest.mark.parametrize("counts", ["(0/1)", "(3/17)", "(12/345)", "(17/3)", "2/15)", "(3/17", "(3/17))"])
@pytest.mark.parametrize("behind", ["", " N0", " T2 M0", ", Stage IIB"])
def test_counts_behind_what_refuses_them(before: str, counts: str, behind: str) -> None:
    assert_same(f"{before}{counts}{behind}")
    assert_same(f"{before}(1/2){behind}")


@pytest.mark.parametrize("text", ["pN1(3/17)", "N0(0/5)", "ypN1mi(2/9)", "rpN2a(sn)(4/4)", "pN0(i+)(0/12)"])
def test_counts_are_two_numbers_on_a_component(text: str) -> None:
    clear_caches()
    known, suffixes = known_component(text)
    assert suffixes is not None
    assert known.text == f"{text[: text.rindex('(')]}(0/1)"


@pytest.mark.parametrize("text", ["pN1(4/3)", "pN0(2/5)", "pN1(01/3)", "pN1(1/1000)", "pN1(-1/3)"])
def test_counts_of_which_something_is_to_be_said_are_read(text: str) -> None:
    clear_caches()
    known, suffixes = known_component(text)
    assert (suffixes, known.text) == (None, text)


def test_parse_gives_the_same_after_the_caches_were_emptied() -> None:
    clear_caches()
    texts = [f"pT2 pN1({involved}/17) cM0 L{involved % 2}" for involved in range(17)]
    first: list[Stage | None] = [whole(text).stage for text in texts]
    for _ in range(2):
        assert [parse(text) for text in texts] == first
        clear_caches()
