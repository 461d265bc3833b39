"""`read` never raises for bad data, `parse` raises the documented error, and nothing is lost in between."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import rstage
from rstage import Category, Descriptor, Edition, Method, Reading, Stage, StageGroup, Suffixes, Timing
from rstage.caches import CACHE_SIZE
from rstage.privacy import is_plain, shown
from rstage.reading import read as reading_module
from rstage.reference.choices import FIELDS, FieldName, Mode

PIECES = (
    *("pT2", "cN0", "M1(HEP)", "rpT3", "T2c", "N1a(sn)", "(2/15)", "Stage IIA", "(AJCC 8)", "r", "yp", "mr"),
    *(",", ";", " ", "-", "/", "(", ")", "\n", "+", "0", "12", "T", "N", "M0", "c", "a", "is", "mi", "X"),
    *("\u00b2", "\u2161", "\u04222", "NOS", "R1", "Pn0", "G2", "IV"),
)
NOISE = st.text(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
ANYTHING = NOISE | st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join)


def names(reading: Reading) -> list[str]:
    return [found.name for found in reading.diagnostics]


@given(ANYTHING)
@example("\ud800")
@example("T2" * 600)
@example("\x00")
def test_reading_never_raises_and_every_span_lies_in_the_text(text: str) -> None:
    reading = rstage.read(text)
    assert reading.text == text
    assert reading.diagnostics or reading.stages
    for found in reading.diagnostics:
        start, end = found.span
        assert 0 <= start <= end <= len(text)
    assert reading.ok == (not any(found.severity == "error" for found in reading.diagnostics))
    spans = [found.span for found in reading.diagnostics]
    assert spans == sorted(spans)


@given(ANYTHING, st.sampled_from([*FIELDS]), st.sampled_from(["strict", "standard"]))
@example("pT0T0", "T", "standard")
def test_every_field_and_mode_reads_anything(text: str, field: FieldName, mode: Mode) -> None:
    reading = rstage.read(text, field=field, mode=mode)
    assert len(reading.stages) <= 1 or field is None


@given(ANYTHING)
def test_what_is_read_reads_back_the_same(text: str) -> None:
    for stage in rstage.read(text).stages:
        assert rstage.read(str(stage)).stage == stage


@given(ANYTHING)
def test_an_r_is_never_lost_and_never_invented(text: str) -> None:
    reading = rstage.read(text)
    if reading.ok:
        assert any(stage.is_recurrence for stage in reading.stages) <= ("r" in text)


@given(ANYTHING)
def test_strict_reads_only_what_standard_reads_without_a_change(text: str) -> None:
    strict, standard = rstage.read(text, mode="strict"), rstage.read(text)
    if strict.ok:
        assert strict.stages == standard.stages
        assert not [found for found in standard.diagnostics if found.code.startswith("RS2")]


@given(ANYTHING)
def test_parse_raises_the_documented_error_or_returns_the_stage(text: str) -> None:
    reading = rstage.read(text)
    choices = [
        found for found in reading.diagnostics if found.code.startswith("RS2") and found.severity == "warning"
    ]
    if reading.stage is not None and not choices:
        assert rstage.parse(text) == reading.stage
        return
    with pytest.raises(rstage.NotationError) as caught:
        rstage.parse(text)
    assert caught.value.diagnostics == reading.diagnostics


@pytest.mark.parametrize("value", [None, 2, b"T2", ["T2"], 1.5])
def test_something_that_is_no_string_is_a_type_error(value: object) -> None:
    for function in (rstage.parse, rstage.read):
        with pytest.raises(TypeError):
            function(value)  # type: ignore[arg-type]  # what this test is about
        with pytest.raises(TypeError):
            function(value, field="T")  # type: ignore[arg-type]  # the same


def test_an_edition_of_another_type_is_a_type_error() -> None:
    with pytest.raises(TypeError):
        rstage.read("T2", edition=8)  # type: ignore[arg-type]  # what this test is about
    with pytest.raises(TypeError):
        rstage.read_parts(T="T2", edition=8)  # type: ignore[arg-type]  # the same


@pytest.mark.parametrize(
    "options",
    [{"mode": "loose"}, {"field": "Q"}, {"dialect": "nobody"}, {"system": "Rye"}, {"edition": "latest"}],
    ids=str,
)
def test_an_unknown_option_is_a_value_error(options: dict[str, str]) -> None:
    for function in (rstage.parse, rstage.read):
        with pytest.raises(ValueError, match=r"is one of|an edition is|knows no"):
            function("T2", **options)  # type: ignore[arg-type]  # what this test is about


def test_each_failing_call_raises_a_fresh_exception() -> None:
    with pytest.raises(rstage.NotationError) as first:
        rstage.parse("T5")
    with pytest.raises(rstage.NotationError) as second:
        rstage.parse("T5")
    assert first.value is not second.value
    assert first.value.diagnostics == second.value.diagnostics
    assert pickle.loads(pickle.dumps(first.value)).diagnostics == first.value.diagnostics  # noqa: S301


def test_caches_are_bounded_and_can_be_cleared() -> None:
    rstage.clear_caches()
    once = rstage.parse("T2 N0")
    kept = rstage.parse("T2 N0")
    assert kept == once
    assert kept is not once, "what comes once is not kept"
    assert rstage.parse("T2 N0") is kept
    rstage.clear_caches()
    assert rstage.parse("T2 N0") is not kept
    assert reading_module.read_cached.cache_info().maxsize == CACHE_SIZE


def test_no_more_texts_are_remembered_than_a_cache_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    rstage.clear_caches()
    monkeypatch.setattr(reading_module._met, "most", 3)
    for most, text in enumerate(("T0", "T1", "T2"), start=1):
        rstage.read(text)
        assert len(reading_module._met) == most
    rstage.read("T3")
    assert list(reading_module._met) == ["T3"]


def test_a_text_too_long_is_not_kept() -> None:
    rstage.clear_caches()
    for _ in range(2):
        assert names(rstage.read("T" * 1001)) == ["TEXT_TOO_LONG"]
        with pytest.raises(rstage.NotationError, match="RS901"):
            rstage.parse("T" * 1001)
    assert reading_module.read_cached.cache_info().currsize == 0
    assert reading_module._parse_cached.cache_info().currsize == 0


def test_one_refused_text_names_all_its_faults() -> None:
    reading = rstage.read("pT5 mrN1 M2 T2(abc), IIE")
    assert {"UNKNOWN_VALUE", "MRI_PREFIX", "UNKNOWN_BRACKET", "OTHER_SYSTEM"} <= set(names(reading))
    assert not reading.stages


@pytest.mark.parametrize(
    ("text", "name", "written"),
    [
        ("\uff50\uff34\uff12 \uff2e9", "UNKNOWN_VALUE", "\uff2e9"),
        ("Stage \u2163 M2", "UNKNOWN_VALUE", "M2"),
        ("pT2\u00a0\u00a0M9 ", "UNKNOWN_VALUE", "M9"),
        ("pT2 \u2013 N7", "UNKNOWN_VALUE", "N7"),
        ("T1a² N0", "SUPERSCRIPT", "²"),
    ],
)
def test_a_span_counts_in_the_text_as_given_also_after_folding(text: str, name: str, written: str) -> None:
    found = next(one for one in rstage.read(text).diagnostics if one.name == name)
    assert text[slice(*found.span)] == written


def test_the_edition_given_fills_a_missing_one_and_is_part_of_the_value() -> None:
    assert str(rstage.parse("T2", edition="7th")) == "T2 (edition 7)"
    assert rstage.parse("T2", edition="AJCC 8").edition == Edition(version="8", owner="AJCC")
    assert rstage.parse("T2", edition="8") != rstage.parse("T2")
    assert str(rstage.parse("T2 (AJCC 7)", edition="8")) == "T2 (AJCC 7)"
    assert "EDITION_CONFLICT" in names(rstage.read("T2 (AJCC 7)", edition="8"))
    assert "EDITION_CONFLICT" not in names(rstage.read("T2 (AJCC 8)", edition="8"))
    assert "MX_FROM_EDITION_7" not in names(rstage.read("T2 N0 MX", edition="6"))


def test_a_method_is_carried_or_assumed_only_where_that_is_asked() -> None:
    assert str(rstage.parse("cT2 N0 M0")) == "cT2 N0 M0"
    assert str(rstage.parse("cT2 N0 M0", carry_method=True)) == "cT2 cN0 cM0"
    assert str(rstage.parse("pT2 N0 M0", carry_method=True)) == "pT2 pN0 M0"
    assert str(rstage.parse("T2 pN0 M0", assume_clinical=True)) == "cT2 pN0 cM0"
    assert str(rstage.parse("pT2 N0 M0", carry_method=True, assume_clinical=True)) == "pT2 pN0 cM0"


def test_parts_are_read_as_one_run() -> None:
    stage = rstage.parse_parts(T="rpT2", N="pN1", M="cM0", group="rIIB", edition="8", L="L1", R="R0")
    assert str(stage) == "rpT2 rpN1 rcM0 L1 R0 rStage IIB (edition 8)"
    assert rstage.parse_parts(T="pT2", N=None, M=" ") == rstage.parse("pT2")


def test_a_finding_in_a_part_names_it_and_counts_in_its_text() -> None:
    reading = rstage.read_parts(T="pT2", N="pN9", M="mrM0")
    assert [(found.name, found.part, found.span) for found in reading.diagnostics] == [
        ("MRI_PREFIX", "M", (0, 2)),
        ("UNKNOWN_VALUE", "N", (1, 3)),
    ]
    assert not reading.stages
    mixed = rstage.read_parts(T="cT2", N="pN1")
    (found,) = mixed.diagnostics
    assert (found.name, found.part, found.span) == ("MIXED_METHOD", "N", (0, 3))


def test_parts_refuse_what_is_none() -> None:
    assert names(rstage.read_parts(T=" ")) == ["EMPTY_TEXT"]
    assert names(rstage.read_parts(T="N1")) == ["WRONG_FIELD"]
    assert names(rstage.read_parts(N="1")) == ["LETTER_MISSING"]
    assert names(rstage.read_parts(T="T2", edition="soon")) == ["NOT_NOTATION"]
    with pytest.raises(TypeError, match="Q"):
        rstage.read_parts(Q="1")
    with pytest.raises(rstage.NotationError, match="RS122"):
        rstage.parse_parts(T="N1")


def test_values_are_frozen() -> None:
    stage = rstage.parse("pT2 N0")
    with pytest.raises(FrozenInstanceError):
        stage.t = None  # type: ignore[misc]  # what this test is about
    assert stage.t is not None
    with pytest.raises(FrozenInstanceError):
        stage.t.value = "3"  # type: ignore[misc]  # the same


@pytest.mark.parametrize(
    "build",
    [
        lambda: Category(letter="Q", value="1"),
        lambda: Category(letter="T", value="5"),
        lambda: Category(letter="N", value="0", subcategory="c"),
        lambda: Category(letter="T", value="3", upper="2"),
        lambda: Category(letter="T", value="2", suffixes=Suffixes(sentinel=True)),
        lambda: Category(letter="N", value="0", suffixes=Suffixes(involved=1, examined=3)),
        lambda: Category(letter="M", value="n/a", suffixes=Suffixes(certainty=1)),
        lambda: Suffixes(involved=4, examined=3),
        lambda: Suffixes(multiplicity="1"),
        lambda: Suffixes(sites=("PUL", "HEP")),
        Stage,
        lambda: Stage(t=Category(letter="N", value="1")),
        lambda: Stage(n=Category(letter="N", value="4")),
        lambda: StageGroup(value="IIZ"),
        lambda: StageGroup(value="IIA", mark="r"),
        lambda: StageGroup(value="II", upper="I"),
        lambda: StageGroup(value="IIE", system="Rai"),
        lambda: StageGroup(value="II", system="Rye"),
        lambda: StageGroup(value="II", system="Ann Arbor", mark="EA"),
        lambda: StageGroup(value="II", system="Rai", timing=frozenset({Timing.RECURRENCE})),
        *(
            lambda place=place: Descriptor(name="R", value="1", detail=place)
            for place in (
                "IV",
                "Stage IV",
                "occult",
                "AJCC 8",
                "liver)",
                "3 cm",
                "x",
                "lung (left)",
                "",
                "a\u2013b",
                "recurrent",
                "rec",
                "liver r",
                "local recurrence",
                "Lokalrezidiv",
                "récidive",
                "RECIDIVA",
                "recai\u0301da",
            )
        ),
        lambda: Descriptor(name="L", value="1", detail="liver"),
        lambda: Edition(version="eight"),
        lambda: Edition(version="8", owner="Me"),
    ],
)
def test_what_cannot_be_written_and_read_back_cannot_be_built(build: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        build()  # type: ignore[operator]  # a function of the table above


def test_a_constructor_spreads_the_timing_of_the_first_category() -> None:
    r = frozenset({Timing.RECURRENCE})
    t, n = Category(letter="T", value="2", timing=r), Category(letter="N", value="1", method=Method.CLINICAL)
    stage = Stage(t=t, n=n)
    assert str(stage) == "rT2 rcN1"
    assert str(replace(stage, m=Category(letter="M", value="0"))) == "rT2 rcN1 rM0"
    assert Stage.from_dict({"t": t.to_dict(), "n": n.to_dict()}) == stage


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("rpT2 rN1(sn)(2/15) M1(HEP)", True),
        ("Stage IIIC1 (AJCC 8)", True),
        ("pT2 (FIGO 2018)", True),
        ("Tis(DCIS)", True),
        ("Meyer, Anna", False),
        ("T2 Anna", False),
        ("T2 2019-03-02", False),
        ("T2 03.02.19", False),
        ("12345678", False),
        ("T2 " * 20, False),
        ("T2\x07", False),
    ],
)
def test_only_plain_notation_is_shown(text: str, *, plain: bool) -> None:
    assert is_plain(text) is plain
    assert (text in shown(text)) is plain


def test_no_message_shows_what_is_not_plain() -> None:
    reading = rstage.read("T2 Meyer-Schulze geb. 12.03.1958 (Anna) 0815/4711")
    assert reading.diagnostics
    for found in reading.diagnostics:
        for secret in ("Meyer", "Schulze", "1958", "Anna", "4711"):
            assert secret not in str(found)
            assert secret not in repr(found)
    assert "Meyer" not in repr(reading)
    assert "Meyer" not in repr(rstage.Reading(text="Meyer"))


@pytest.mark.parametrize("text", ["mpT(n/a)", "pmTn/a", "mcT na N0", "rmpT(n/a) N0 M0"])
@pytest.mark.parametrize("options", [{}, {"mode": "strict"}, {"mode": "repair"}, {"field": "T"}])
def test_nothing_that_is_not_assigned_has_several_tumors(text: str, options: dict[str, str]) -> None:
    if options.get("field") and " " in text.replace("T na", "T"):
        text = text.partition(" N0")[0]
    reading = rstage.read(text, **options)  # type: ignore[arg-type]  # none of them is a switch
    place = text.index("m")
    assert [(found.name, found.span) for found in reading.diagnostics] == [
        ("MISPLACED_SUFFIX", (place, place + 1))
    ]
    with pytest.raises(rstage.NotationError):
        rstage.parse(text)


@pytest.mark.parametrize("suffixes", [Suffixes(multiplicity="m"), Suffixes(certainty=3)])
def test_a_category_that_is_not_assigned_holds_no_suffix(suffixes: Suffixes) -> None:
    with pytest.raises(ValueError, match="cannot stand on Tn/a"):
        Category(letter="T", value="n/a", suffixes=suffixes)


@pytest.mark.parametrize(
    ("text", "field", "code"), [("1-2mi", "R", "NOT_NOTATION"), ("INRG L1(mol+)", "T", "UNKNOWN_IN_SYSTEM")]
)
@pytest.mark.parametrize("mode", ["strict", "standard", "repair"])
def test_suffixes_where_no_value_can_have_them(text: str, field: FieldName, code: str, mode: Mode) -> None:
    reading = rstage.read(text, field=field, mode=mode)
    assert names(reading) == [code]


def test_an_r_in_brackets_behind_a_group_beside_categories_in_parts_is_recurrence() -> None:
    # FIGO's mark of method is written behind IIIC too, so that the group alone says too little (ruling J.1).
    assert str(rstage.read_parts(T="T4", N="N2", M="M0", group="IIIC (r)").stage) == "T4 N2 M0 rStage IIIC"
    assert not rstage.read_parts(group="IIIC (r)").ok
    assert str(rstage.read("IIIC (r)", system="TNM").stage) == "rStage IIIC"
    assert not rstage.read("IIIC (r)").ok


def test_the_kind_of_a_group_is_kept() -> None:
    stage = rstage.parse("Pathological Prognostic Stage IIA (AJCC 8)")
    assert stage.group == rstage.StageGroup(value="IIA", method=rstage.Method("p"), kind="prognostic")
    assert stage.to_dict()["group"] == {"value": "IIA", "method": "p", "kind": "prognostic"}
    assert stage.format() == str(stage) == "pStage IIA (prognostic) (AJCC 8)"
    assert stage.format("bare") == "pIIA (prognostic) (AJCC 8)"
    assert rstage.parse(stage.format("bare")) == stage
    with pytest.raises(ValueError, match="anatomic"):
        rstage.StageGroup(value="IIA", system="FIGO", kind="anatomic")


def test_an_edition_of_figo_makes_the_group_one_of_figo() -> None:
    group, edition = rstage.StageGroup(value="IB2"), rstage.Edition(version="2018", owner="FIGO")
    assert str(rstage.Stage(group=group, edition=edition)) == "FIGO IB2 (FIGO 2018)"
    assert str(rstage.Stage(group=rstage.StageGroup(value="X"), edition=edition)) == "Stage X (FIGO 2018)"
