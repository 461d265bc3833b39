"""Registry dialects: every code is read as the table says, and what is written is read back or named."""

from __future__ import annotations

import doctest
import re
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rstage
from rstage import Category, DialectError, Edition, Method, Stage, StageGroup, Timing
from rstage.cli import main
from rstage.dialects import dialect_of, further_parts
from rstage.model.descriptor import DESCRIPTOR_ORDER
from rstage.model.group import GROUP_VALUES
from rstage.notation.group_text import read_group_of_dialect
from rstage.reference.choices import DIALECTS, MODES
from rstage.reference.dialect_values import dialect_with
from rstage.reference.tsv import grammar_rows
from tests.support.case_tables import cases, rows
from tests.support.command_line import CliRunner
from tests.support.paths import DOCS
from tests.support.stages import METHODS, TIMINGS, alone, stages, values

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rstage.reference.choices import DialectName

WRITTEN = [name for name in DIALECTS if dialect_of(name).write]
AJCC_8 = Edition(version="8", owner="AJCC")


def own_dialect(stage: Stage | None) -> Any:
    """The dialect without which a stage cannot be read back: it has a value that no other reader has."""
    assert stage is not None
    written = [(one.letter, one.value) for one in stage.categories]
    written += [("group", stage.group.value)] if stage.group else []
    return next(filter(None, (dialect_with(*one) for one in written)), None)


# ---------------------------------------------------------------- reading


@pytest.mark.parametrize("row", cases("dialects.tsv", "dialect", "field", "text"))
def test_a_code_is_read_as_the_table_says(row: dict[str, Any]) -> None:
    reading = rstage.read(row["text"], field=row["field"] or None, dialect=row["dialect"])
    assert str(reading) == row["canonical"]
    if row["codes"] != "*":
        assert " ".join(sorted({found.code for found in reading.diagnostics})) == row["codes"]
    if row["canonical"]:
        field = row["field"] if row["field"] in DESCRIPTOR_ORDER else None
        dialect = own_dialect(reading.stage)
        assert dialect in (None, row["dialect"])
        assert str(rstage.parse(row["canonical"], field=field, dialect=dialect)) == row["canonical"]


def test_the_table_has_every_dialect_and_field() -> None:
    found = {(row["dialect"], row["field"]) for row in rows("dialects.tsv")}
    assert {(dialect, field) for dialect in DIALECTS for field in ("T", "N", "M", "group")} <= found
    assert len(rows("dialects.tsv")) >= 250


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_plain_category_means_the_same_in_every_dialect(dialect: DialectName) -> None:
    for letter in "TNM":
        for timing, method, body in product(TIMINGS, METHODS, values(letter)):
            stage = alone(Category(letter=letter, timing=timing, method=method, **body))
            assert rstage.read(str(stage), field=letter, dialect=dialect).stage == stage  # type: ignore[arg-type]  # a field of the table


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_is_read_with_another_mode_is_the_same(dialect: DialectName) -> None:
    for row in rows("dialects.tsv"):
        if row["dialect"] == dialect and row["codes"] in ("", "RS217"):
            reading = rstage.read(row["text"], field=row["field"] or None, dialect=dialect, mode="strict")  # type: ignore[arg-type]  # a field of the table
            assert str(reading) == row["canonical"] or not reading.ok


def test_a_span_leads_back_to_the_code() -> None:
    (found,) = rstage.read(" c1A2 ", field="T", dialect="naaccr").diagnostics
    assert (found.code, found.span) == ("RS217", (1, 5))
    reading = rstage.read("c-8th_AJCC/UICC-T9", field="T", dialect="omop")
    error = next(one for one in reading.diagnostics if one.code == "RS103")
    assert error.span[1] <= 18


def test_a_dialect_needs_its_field() -> None:
    assert not rstage.read("c1A", dialect="naaccr").ok
    assert str(rstage.read("c1A", dialect="naaccr", field="T")) == "cT1a"
    assert str(rstage.read("c-8th_AJCC/UICC-T1a", dialect="omop")) == "cT1a (edition 8)"


def test_without_a_dialect_its_codes_are_refused() -> None:
    translated = [row for row in rows("dialects.tsv") if row["codes"] == "RS217" and row["canonical"]]
    kept = {"OC", "X", "1C2"}  # notation by itself in a column of groups
    for row in translated:
        text = row["text"].strip()
        reading = rstage.read(text, field=row["field"] or None)  # type: ignore[arg-type]  # a field of the table
        assert not reading.ok or text in kept or str(reading) == row["canonical"], row


OWN = [(row["dialect"], row["part"], row["value"]) for row in grammar_rows("dialect_values.tsv")]


@pytest.mark.parametrize(("dialect", "part", "value"), OWN)
def test_a_value_of_one_dialect_is_a_stage_there_and_a_mistake_elsewhere(
    dialect: Any, part: Any, value: str
) -> None:
    text = value if part == "group" else part + value
    stage = rstage.parse(text, field=part, dialect=dialect)
    assert Stage.from_dict(stage.to_dict()) == stage
    for written in (str(stage), stage.format("bare"), str(stage.restaged())):
        assert str(rstage.parse(written, dialect=dialect)) in (str(stage), str(stage.restaged()))
    columns: dict[str, Any] = dict(stage.encode(dialect))
    assert rstage.read_parts(**columns, dialect=dialect).stage == stage
    for mode, other in product(MODES, (None, *(name for name in DIALECTS if name != dialect))):
        for field in (part, None):
            reading = rstage.read(text, field=field, mode=mode, dialect=other)
            assert not reading.ok
            assert not rstage.read(str(stage), field=field, mode=mode, dialect=other).ok
        if other is not None and dialect_of(other).write:
            assert stage.encode(other, lossy=True).left_out
    (named,) = [one for one in rstage.read(text, field=part).diagnostics if one.severity == "error"]
    assert f"--dialect {dialect}" in named.message


def test_a_value_of_one_dialect_ends_no_range() -> None:
    for low, high in (("2", "3"), ("1", "2")):
        with pytest.raises(ValueError, match="range"):
            Category(letter="M", value=low, upper=high)
    for low, high in (("IAB", "II"), ("I", "IAB"), ("IA", "IAB")):
        with pytest.raises(ValueError, match="range"):
            StageGroup(value=low, upper=high)
    with pytest.raises(ValueError, match="no such stage group"):
        StageGroup(value="IAB", system="FIGO")


@pytest.mark.parametrize("behind", [": 3", " prognosis", " V1"])
def test_a_group_of_one_dialect_has_nothing_of_another_system_behind_it(behind: str) -> None:
    assert read_group_of_dialect("IAB", "argo") is not None
    assert read_group_of_dialect(f"IAB{behind}", "argo") is None


def test_n4_takes_the_edition_that_the_caller_gives() -> None:
    assert str(rstage.read("N4", field="N", dialect="gdc")) == "N4 (AJCC 6)"
    assert str(rstage.read("N4", field="N", dialect="gdc", edition="AJCC 5")) == "N4 (AJCC 5)"
    assert not rstage.read("N4", field="N", dialect="gdc", edition="8").ok
    assert str(rstage.read_parts(T="T1", N="N4", edition="5th", dialect="gdc")) == "T1 N4 (AJCC 5)"


CODES = [row["text"] for row in rows("dialects.tsv")]
FIELDS = ["T", "N", "M", "group", "L", "R", None]
texts = st.one_of(
    st.sampled_from(CODES),
    st.builds(
        "".join,
        st.lists(st.sampled_from([*"TNMrycpuaISX0123459()+-/ ", "NOS", "MI", "SN", "th_"]), max_size=8),
    ),
    st.builds("".join, st.lists(st.sampled_from(CODES), min_size=2, max_size=2)),
)


@given(texts, st.sampled_from(FIELDS), st.sampled_from(DIALECTS))
def test_whatever_is_read_is_stable_and_has_no_r_of_its_own(
    text: str, field: Any, dialect: DialectName
) -> None:
    reading = rstage.read(text, field=field, dialect=dialect)
    for found in reading.diagnostics:
        assert 0 <= found.span[0] <= found.span[1] <= len(text)
    for stage in reading.stages:
        if field in (None, *"TNM", "group"):
            assert rstage.read(str(stage), dialect=own_dialect(stage)).stage == stage
        assert not stage.is_recurrence or "r" in text
        assert "r" not in text or stage.is_recurrence or stage.group


# ---------------------------------------------------------------- a stage in parts

PARTS: list[tuple[str, dict[str, str], str, set[str]]] = [
    ("obds", {"T": "1a", "r": "r"}, "rT1a", {"RS217"}),
    ("obds", {"T": "2", "N": "1", "M": "0", "r": "r"}, "rT2 rN1 rM0", {"RS217"}),
    (
        "obds",
        {"T": "2", "N": "0", "M": "0", "r": "r", "group": "IIA"},
        "rT2 rN0 rM0 rStage IIA",
        {"RS217", "RS312"},
    ),
    ("obds", {"group": "IIA", "r": "r"}, "rStage IIA", {"RS312"}),
    ("obds", {"T": "2", "N": "1", "M": "0", "y": "y", "T_method": "p"}, "ypT2 yN1 M0", {"RS217"}),
    ("obds", {"M": "1", "y": "y"}, "yM1", {"RS217", "RS319"}),
    ("obds", {"T": "2", "y": "y", "r": "r", "group": "II"}, "ryT2 ryStage II", {"RS217", "RS312", "RS319"}),
    ("obds", {"T": "2", "a": "a", "T_method": "p"}, "apT2", {"RS217"}),
    ("obds", {"T": "2", "T_method": "u", "N": "0", "N_method": "c"}, "uT2 cN0", {"RS217", "RS302"}),
    ("obds", {"T": "2", "m": "m"}, "T2(m)", {"RS217"}),
    ("obds", {"T": "2", "m": "(m)"}, "T2(m)", {"RS217"}),
    ("obds", {"T": "2", "m": "m1"}, "T2(m)", {"RS217"}),
    ("obds", {"T": "2", "m": "3"}, "T2(3)", {"RS217"}),
    ("obds", {"T": "2", "m": "is"}, "T2(is)", {"RS217"}),
    ("obds", {"T": "2", "m": "m,is"}, "T2(m,is)", {"RS217"}),
    ("obds", {"T": "2", "m": "5,is"}, "T2(5,is)", {"RS217"}),
    ("obds", {"T": "2(m)", "m": "m"}, "T2(m)", {"RS217"}),
    ("obds", {"T": "2(m)", "m": "3"}, "", {"RS217", "RS508"}),
    ("obds", {"T": "2", "m": "1"}, "", {"RS217", "RS101"}),
    ("obds", {"T": "pT2", "T_method": "p"}, "pT2", set()),
    ("obds", {"T": "pT2", "T_method": "c"}, "", {"RS105"}),
    ("obds", {"T": "rT2", "r": "r"}, "rT2", set()),
    ("obds", {"T": "2", "T_method": "x"}, "", {"RS217", "RS101"}),
    ("obds", {"T": "2", "N_method": "c"}, "T2", {"RS217", "RS506"}),
    ("obds", {"L": "1", "r": "r"}, "", {"RS217", "RS506"}),
    ("obds", {"T": "2", "edition": "8"}, "T2 (UICC 8)", {"RS217"}),
    ("obds", {"T": "2", "L": "1", "V": "Vx", "Pn": "0", "S": "1", "R": "0"}, "T2 L1 VX Pn0 R0 S1", {"RS217"}),
    ("obds", {"T": "2", "N": "0", "M": "0", "group": "okk"}, "T2 N0 M0 Stage occult", {"RS217"}),
    (
        "naaccr",
        {"T": "c1A2", "N": "c0", "M": "c0", "group": "1A", "edition": "07"},
        "cT1a2 cN0 cM0 Stage IA (AJCC 7)",
        {"RS201", "RS217"},
    ),
    ("naaccr", {"T": "p2", "N": "p1", "descriptor": "4"}, "ypT2 ypN1", {"RS217"}),
    ("naaccr", {"T": "p2", "descriptor": "3"}, "pT2(m)", {"RS217"}),
    ("naaccr", {"T": "p2", "N": "p0", "descriptor": "6"}, "ypT2(m) ypN0", {"RS217"}),
    ("naaccr", {"T": "p2", "descriptor": "9"}, "pT2", {"RS217", "RS507"}),
    ("naaccr", {"T": "p2", "descriptor": "7"}, "", {"RS217", "RS101"}),
    ("naaccr", {"T": "cT2", "T_suffix": "(m)", "N": "cN0", "N_suffix": "(sn)"}, "cT2(m) cN0(sn)", set()),
    ("naaccr", {"T": "cT1a", "T_suffix": "(s)"}, "cT1a(s)", set()),
    ("naaccr", {"T": "cT2(m)", "T_suffix": "(m)"}, "cT2(m)", set()),
    ("naaccr", {"T": "cT2(m)", "T_suffix": "(s)"}, "", {"RS508"}),
    ("naaccr", {"N": "pN1(sn)", "N_suffix": "(f)"}, "", {"RS508"}),
    ("naaccr", {"N": "pN1(sn)", "N_suffix": "(sn)"}, "pN1(sn)", set()),
    ("naaccr", {"T": "cT2", "T_suffix": "m"}, "", {"RS101"}),
    ("naaccr", {"T": "88", "N": "88", "M": "88", "group": "88"}, "T(n/a) N(n/a) M(n/a)", {"RS217", "RS507"}),
    ("naaccr", {"T": "c2", "group": "88"}, "cT2", {"RS217", "RS507"}),
    ("naaccr", {"T": "c2", "group": "99"}, "cT2 Stage X", {"RS217"}),
    ("naaccr", {"group": "88"}, "", {"RS102", "RS507"}),
    ("naaccr", {"T": "c2", "edition": "99"}, "cT2", {"RS217", "RS507"}),
    ("naaccr", {"T": "c2", "edition": "05"}, "cT2 (AJCC 5)", {"RS217"}),
    ("naaccr", {"T": "c2", "edition": "09"}, "cT2 (AJCC 9)", {"RS217"}),
    ("naaccr", {"T": "c2", "group": "2A", "group_method": "yp"}, "cT2 ypStage IIA", {"RS201", "RS217"}),
    ("naaccr", {"T": "cT2", "S": "1"}, "cT2 S1", {"RS217"}),
    (
        "gdc",
        {"T": "T2", "T_method": "pathologic", "M": "cM0 (i+)", "M_method": "pathologic"},
        "pT2 cM0(i+)",
        {"RS201"},
    ),
    ("gdc", {"T": "T2", "T_method": "clinical", "edition": "6th"}, "cT2 (AJCC 6)", {"RS217"}),
    ("gdc", {"group": "Stage IIA", "group_method": "pathologic"}, "pStage IIA", set()),
    ("gdc", {"T": "cT2", "T_method": "pathologic"}, "", {"RS105"}),
    ("argo", {"T": "T2", "T_method": "recurrence", "N": "N1", "N_method": "recurrence"}, "rT2 rN1", set()),
    (
        "argo",
        {"T": "T2", "T_method": "posttherapy", "M": "M0", "M_method": "posttherapy"},
        "yT2 M0",
        {"RS216", "RS319"},
    ),
    ("argo", {"group": "Stage IIA", "group_method": "recurrence"}, "rStage IIA", {"RS312"}),
    ("argo", {"T": "T2", "edition": "AJCC 8th edition"}, "T2 (AJCC 8)", set()),
    ("omop", {"T": "c-8th_AJCC/UICC-T1a", "N": "c-8th_AJCC/UICC-N0"}, "cT1a cN0 (edition 8)", {"RS217"}),
    ("omop", {"T": "c-8th_AJCC/UICC-T1a", "N": "c-7th_AJCC/UICC-N0"}, "", {"RS119", "RS217"}),
]


@pytest.mark.parametrize(("dialect", "parts", "text", "codes"), PARTS)
def test_parts_are_put_together_and_judged_as_a_whole(
    dialect: str, parts: dict[str, str], text: str, codes: set[str]
) -> None:
    reading = rstage.read_parts(dialect=dialect, **parts)  # type: ignore[arg-type]  # every part is a text
    assert str(reading) == text
    assert {found.code for found in reading.diagnostics} == codes
    for found in reading.diagnostics:
        assert found.part is None or found.span[1] <= len(parts[found.part])


@pytest.mark.parametrize("dialect", [None, *DIALECTS])
def test_a_part_of_another_dialect_is_refused(dialect: DialectName | None) -> None:
    every = {part for name in DIALECTS for part in further_parts(name)}
    assert {"r", "y", "a", "m", "T_method", "N_suffix", "descriptor"} <= every
    for part in every - set(further_parts(dialect)):
        with pytest.raises(TypeError, match=part):
            rstage.read_parts(T="T2", dialect=dialect, **{part: "r"})  # type: ignore[arg-type]  # it is a text


def test_a_finding_of_a_composed_part_counts_in_its_own_text() -> None:
    reading = rstage.read_parts(T="9", T_method="p", r="r", N="1(abc)", N_method="p", dialect="obds")
    found = {one.part: one.span for one in reading.diagnostics if one.severity == "error"}
    assert found["T"] == (0, 1)
    assert found["N"] == (1, 6)


# ---------------------------------------------------------------- writing


@pytest.mark.parametrize("row", cases("encoded.tsv", "dialect", "stage"))
def test_a_stage_is_written_as_the_table_says(row: dict[str, Any]) -> None:
    of_tnm = rstage.read(row["stage"]).ok
    stage = rstage.parse(row["stage"], dialect=None if of_tnm else row["dialect"])
    encoded = stage.encode(row["dialect"], lossy=True)
    assert "; ".join(f"{part}={text}" for part, text in encoded.values.items()) == row["values"]
    named = [found.message.removeprefix(f"{row['dialect']} cannot hold ") for found in encoded.left_out]
    assert "; ".join(named) == row["left_out"]
    assert_honest(stage, row["dialect"])


def marks(stage: Stage | None) -> Iterator[tuple[str, Timing]]:
    """Yield every r, y and a of a stage with the part that carries it."""
    for found in stage.categories if stage else ():
        yield from ((found.letter, mark) for mark in found.timing)
    if stage is not None and stage.group is not None:
        yield from (("group", mark) for mark in stage.group.timing)


def with_owner_of(back: Stage, stage: Stage) -> Stage:
    """Return a stage with the edition of another where one of the two names no owner of the same number."""
    one, other = stage.edition, back.edition
    if one and other and one.version == other.version and None in (one.owner, other.owner):
        return replace(back, edition=one)
    return back


def assert_honest(stage: Stage, dialect: DialectName) -> None:
    """Assert that what is written is the stage, or that everything missing is named and nothing is added."""
    encoded = stage.encode(dialect, lossy=True)
    given: Any = encoded.values
    back = rstage.read_parts(**given, dialect=dialect).stage if given else None
    back = back and with_owner_of(back, stage)
    assert (back == stage) == (not encoded.left_out), (str(stage), str(back))
    assert set(marks(back)) <= set(marks(stage))
    assert {(found.code, str(found.severity)) for found in encoded.left_out} <= {("RS505", "warning")}
    lost = {mark for _, mark in set(marks(stage)) - set(marks(back))}
    named = " ".join(found.message for found in encoded.left_out)
    assert all(re.search(rf"\b{mark}\b|\b[ryacpu]*{mark}[ryacpu]*[A-Z]", named) for mark in lost), named
    if not encoded.left_out:
        assert stage.encode(dialect) == encoded.values
        assert with_owner_of(rstage.parse_parts(**given, dialect=dialect), stage) == stage
        return
    with pytest.raises(DialectError) as raised:
        stage.encode(dialect)
    assert {(found.code, str(found.severity)) for found in raised.value.diagnostics} == {("RS505", "error")}
    assert len(raised.value.diagnostics) == len(encoded.left_out)


@pytest.mark.parametrize("letter", ["T", "N", "M"])
@pytest.mark.parametrize("dialect", WRITTEN)
def test_every_prefix_on_every_value_is_written_or_named(dialect: DialectName, letter: str) -> None:
    for timing, method, body in product(TIMINGS, METHODS, values(letter)):
        assert_honest(alone(Category(letter=letter, timing=timing, method=method, **body)), dialect)


@pytest.mark.parametrize("dialect", WRITTEN)
def test_every_group_is_written_or_named(dialect: DialectName) -> None:
    known = [value for group in GROUP_VALUES.values() for value in group]
    for value, timing, method in product(known, TIMINGS, (None, Method.CLINICAL, Method.PATHOLOGICAL)):
        assert_honest(Stage(group=StageGroup(value=value, timing=timing, method=method)), dialect)


@given(stages, st.sampled_from(WRITTEN))
def test_any_stage_is_written_or_named(stage: Stage, dialect: DialectName) -> None:
    assert_honest(stage, dialect)


# What each dialect holds whole: how its categories may be prefixed, and the editions it means.
HELD: dict[str, tuple[list[frozenset[Timing]], list[Method | None], list[Edition | None]]] = {
    "naaccr": (
        [frozenset(), frozenset({Timing.POST_THERAPY})],
        [Method.CLINICAL, Method.PATHOLOGICAL],
        [None, AJCC_8, Edition(version="9", owner="AJCC")],
    ),
    "obds": (TIMINGS, METHODS, [None, Edition(version="8", owner="UICC")]),
    "gdc": ([frozenset()], [None, Method.CLINICAL, Method.PATHOLOGICAL], [None, AJCC_8]),
    "argo": ([frozenset()], [None, Method.CLINICAL, Method.PATHOLOGICAL], [None, AJCC_8]),
    "omop": ([frozenset()], [None, Method.CLINICAL, Method.PATHOLOGICAL], [None, Edition(version="7")]),
}


@given(st.data(), st.sampled_from(WRITTEN))
def test_what_a_dialect_holds_comes_back_whole(data: Any, dialect: DialectName) -> None:
    timings, methods, editions = HELD[dialect]
    timing = data.draw(st.sampled_from(timings))
    is_value = {"T": "X01234ais", "N": "X0123", "M": "01"}
    found: dict[str, Any] = {
        letter.lower(): Category(
            letter=letter,
            timing=timing,
            method=data.draw(st.sampled_from(methods)),
            **data.draw(st.sampled_from([one for one in values(letter) if one["value"] in is_value[letter]])),
        )
        for letter in "TNM"
    }
    stage = Stage(**found, edition=data.draw(st.sampled_from(editions)))
    assert rstage.read_parts(**stage.encode(dialect), dialect=dialect).stage == stage  # type: ignore[arg-type]


def test_a_dialect_that_is_only_read_says_so() -> None:
    stage = rstage.parse("pT2 N0 M0")
    with pytest.raises(ValueError, match="ncras can only be read"):
        stage.encode("ncras")
    with pytest.raises(ValueError, match="dialect is one of naaccr"):
        stage.encode("icd")  # type: ignore[call-overload]  # there is none of this name


def test_an_r_is_never_lost_silently() -> None:
    stage = rstage.parse("rpT2 N1 M0")
    for dialect in ("naaccr", "gdc", "omop"):
        with pytest.raises(DialectError, match="the r of T, N and M") as raised:
            stage.encode(dialect)
        assert isinstance(raised.value, ValueError)
    assert stage.encode("obds")["r"] == "r"


def test_the_page_about_dialects_says_what_happens() -> None:
    page = DOCS / "dialects.md"
    result = doctest.testfile(str(page), module_relative=False, globs={"rstage": rstage})
    assert result.attempted >= 4
    assert not result.failed


def test_the_columns_of_a_table_can_be_further_parts(tmp_path: Path) -> None:
    table = tmp_path / "obds.csv"
    table.write_text("t,tm,r,new,nm\n1a,p,,2,c\n,p,,,c\n3,c,r,3,c\n", encoding="utf-8")
    parts = ["--column", "dx:T=t", "--column", "dx:T_method=tm", "--column", "dx:r=r"]
    result = CliRunner().invoke(main, ["normalize", str(table), "--dialect", "obds", *parts])
    assert [line.split(",")[5] for line in result.stdout.splitlines()] == [
        "dx_normalized",
        "pT1a",
        "",
        "rcT3",
    ]
    result = CliRunner().invoke(main, ["check", str(table), *parts])
    assert result.exit_code == 2
    assert "RS012" in result.stderr
    diagnosis = [
        "--diagnosis",
        "T=t",
        "--diagnosis",
        "r=r",
        "--assessment",
        "T=new",
        "--assessment",
        "T_method=nm",
    ]
    result = CliRunner().invoke(main, ["restage", str(table), "--dialect", "obds", "--no-link", *diagnosis])
    assert [line.split(",")[5] for line in result.stdout.splitlines()] == ["restaged", "rcT2", "", ""]
