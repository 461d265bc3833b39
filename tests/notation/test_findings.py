"""What a finding says, to the letter: where it points, its sentence, and what it suggests."""

from __future__ import annotations

import pytest

import rstage
from rstage import rules
from rstage.notation.tree import MOST_RETRIES, _blank_out, parse_nodes
from tests.support.case_tables import cases, options


@pytest.mark.parametrize("row", cases("findings.tsv", "text", "code", "of"))
def test_the_place_the_sentence_and_the_suggestions(row: dict[str, str]) -> None:
    text = row["text"]
    found = [
        one for one in rstage.read(text, **options(row["options"])).diagnostics if one.code == row["code"]
    ]
    said = [(text[slice(*one.span)], one.message, " | ".join(one.suggestions)) for one in found]
    assert (row["of"], row["message"], row["suggestions"]) in said


@pytest.mark.parametrize(
    ("text", "is_mixed"),
    [
        ("T2 N0 yM1", True),
        ("yM1", False),
        ("ypT2 ypN0 ycM1", False),
        ("yT2 N0 M0", False),
        ("T2 yN0 M0", True),
        ("T2 rN1 M0", True),
        ("rN1 M0", False),
        ("T2 N0 rM1", True),
        ("T2 N0 aM1", True),
        ("aT2 N0 M0", False),
    ],
)
def test_which_timing_is_mixed(text: str, *, is_mixed: bool) -> None:
    codes = {found.code for found in rstage.read(text).diagnostics}
    assert (rules.MIXED_TIMING.code in codes) is is_mixed


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("R1", ("1", None, None, None, None)),
        ("R1(is)", ("1", None, "is", None, None)),
        ("R1(liver)", ("1", None, "liver", None, None)),
        ("R1(is)(liver)", ("1", None, "is", "liver", None)),
        ("pR1(cy+; liver)", ("1", None, "cy+", "liver", "p")),
        ("Rx", ("X", None, None, None, None)),
        ("G1-2", ("1", "2", None, None, None)),
        ("G3-4", ("3", "4", None, None, None)),
        ("cG2", ("2", None, None, None, "c")),
    ],
)
def test_what_a_descriptor_holds(text: str, fields: tuple[str | None, ...]) -> None:
    stage = rstage.read(f"T2 {text}").stage
    assert stage is not None
    (one,) = stage.descriptors
    assert (one.value, one.upper, one.detail, one.place, one.method) == fields
    assert rstage.read(str(stage)).stage == stage


@pytest.mark.parametrize(("text", "written"), [("Tis(DCIS) N0", "Tis (DCIS)"), ("Tis(LCIS)", "Tis (LCIS)")])
def test_in_situ_of_a_kind_is_kept_in_the_columns_of_gdc(text: str, written: str) -> None:
    encoded = rstage.parse(text).encode("gdc", lossy=True)
    assert encoded.values["T"] == written
    assert encoded.left_out == ()


@pytest.mark.parametrize("kind", ["LAMN", "pu", "pd"])
def test_in_situ_of_another_kind_is_named_where_gdc_cannot_hold_it(kind: str) -> None:
    stage = rstage.parse(f"Tis({kind})")
    with pytest.raises(rstage.DialectError) as raised:
        stage.encode("gdc")
    assert [(one.code, one.part) for one in raised.value.diagnostics] == [("RS505", "T")]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("T2N0M0", []),
        ("T2 N0 M0", []),
        ("T2N0 L1 V0", []),
        ("TNM:T2N0", ["RS211"]),
        ("TNM T2 N0", ["RS211"]),
        ("T2L0", ["RS202"]),
        ("T2, N0", ["RS202"]),
        ("T2  N0", ["RS202"]),
        ("T2 Stage II", []),
    ],
)
@pytest.mark.parametrize("step_by_step", [False, True])
def test_what_stands_between_two_parts(text: str, codes: list[str], *, step_by_step: bool) -> None:
    # An option takes another way than a text alone.
    reading = rstage.read(text, carry_method=True) if step_by_step else rstage.read(text)
    assert [found.code for found in reading.diagnostics] == codes


def test_a_text_is_read_on_behind_ten_stretches_that_no_rule_reads() -> None:
    nodes, failures = parse_nodes("T2" + " pTNM" * MOST_RETRIES)
    assert ([node.kind for node in nodes], len(failures)) == (["category"], MOST_RETRIES)
    nodes, failures = parse_nodes("T2" + " pTNM" * 2 * MOST_RETRIES)
    assert (nodes, len(failures)) == ([], MOST_RETRIES + 1)


@pytest.mark.parametrize("mark", " \t\n\r,;")
def test_the_stretch_around_a_place_is_named(mark: str) -> None:
    text = f"T2{mark}xyz{mark}N0"
    for place in (3, 4, 5):
        assert _blank_out(text, place) == (f"T2{mark}   {mark}N0", ("xyz", 3, 6))
    # Where reading ended behind everything, it is the last stretch.
    assert _blank_out(f"T2{mark}xyz{mark}", 7) == (f"T2{mark}   {mark}", ("xyz", 3, 6))
    assert _blank_out(f"xyz{mark}", 4) == (f"   {mark}", ("xyz", 0, 3))
    assert _blank_out(mark * 3, 3) == (mark * 3, None)


@pytest.mark.parametrize("text", ["xyz", "T2xyz"])
def test_a_stretch_that_ends_a_text_is_named(text: str) -> None:
    assert _blank_out(text, len(text)) == (" " * len(text), (text, 0, len(text)))
