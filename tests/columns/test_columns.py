"""Columns in, columns out: the same answers as for single texts and for tables, in order and in kind."""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from functools import partial
from typing import Any

import pytest

import rstage

pytest.importorskip("pyarrow", reason="the extra arrow is not installed")
pytest.importorskip("narwhals", reason="the extra arrow is not installed")
import pyarrow as pa

from rstage import columns
from rstage.columns import arrow as column_arrow
from rstage.tables.cells import StageReader

TEXTS = ["rpT2b(m) yN1", None, "T2N0", "T9", "NA", "T2N0", "pT1 N0 M0; rT3 N0 M0", " "]
CANONICAL = ["rpT2b(m) ryN1", None, "T2 N0", None, None, "T2 N0", "pT1 N0 M0; rT3 rN0 rM0", None]
HAS_R = [True, None, False, None, None, False, True, None]


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> Counter[Any]:
    """Which texts were read, and how often."""
    counted: Counter[Any] = Counter()
    original = StageReader.read

    def read(reader: StageReader, key: Any) -> Any:
        counted[key] += 1
        return original(reader, key)

    monkeypatch.setattr(StageReader, "read", read)
    return counted


@pytest.mark.usefixtures("rows_at_a_time")
def test_normalize_a_column() -> None:
    table = columns.normalize(pa.array(TEXTS))
    assert table.column_names == ["normalized", "is_recurrence", "findings"]
    assert table["normalized"].to_pylist() == CANONICAL
    assert table["is_recurrence"].to_pylist() == HAS_R
    found = table["findings"].to_pylist()
    assert [found[place] for place in (1, 4, 7)] == [None] * 3
    assert found[2] == found[5] == ""
    assert "RS103" in found[3]


@pytest.mark.usefixtures("rows_at_a_time")
@pytest.mark.parametrize("chunks", [[], [[]], [[], TEXTS], [TEXTS[:2], [], TEXTS[2:]], [[None, None]]])
@pytest.mark.parametrize("is_encoded", [False, True])
def test_chunks_make_no_difference(chunks: list[list[str | None]], *, is_encoded: bool) -> None:
    column = pa.chunked_array(chunks, pa.string())
    texts = column.to_pylist()
    if is_encoded:
        column = pa.chunked_array(
            [chunk.dictionary_encode() for chunk in column.chunks], pa.dictionary("int32", "string")
        )
    table = columns.normalize(column)
    assert table["normalized"].to_pylist() == [
        dict(zip(TEXTS, CANONICAL, strict=True))[text] for text in texts
    ]
    assert pa.types.is_dictionary(table["normalized"].type) == is_encoded
    assert pa.types.is_dictionary(table["findings"].type) == is_encoded
    assert table["is_recurrence"].type == pa.bool_()


def test_each_distinct_text_is_read_once(readings: Counter[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(column_arrow, "ROWS_AT_A_TIME", 10)
    columns.normalize(pa.array(["T1", "T2", None, "T2 N0"] * 100))
    assert readings == {"T1": 1, "T2": 1, "T2 N0": 1}


def test_only_the_categories_are_read(readings: Counter[Any]) -> None:
    column = pa.DictionaryArray.from_arrays(pa.array([0, 0, None, 2] * 100), pa.array(["T1", "T2", None]))
    table = columns.normalize(column)
    assert readings == {"T1": 1, "T2": 1}
    assert table["normalized"].slice(0, 4).to_pylist() == ["T1", "T1", None, None]


def test_texts_of_one_meaning_become_one_category() -> None:
    column = pa.array(["T2N0", "T2 N0", " T2 N0", "T9", None]).dictionary_encode()
    normalized = columns.normalize(column)["normalized"].combine_chunks()
    assert normalized.dictionary.to_pylist() == ["T2 N0"]
    assert normalized.to_pylist() == ["T2 N0"] * 3 + [None, None]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view(), pa.null()])
def test_every_type_of_text(kind: Any) -> None:
    texts = [None] if kind == pa.null() else ["T2N0", None]
    table = columns.normalize(pa.array(texts, kind))
    assert table["normalized"].to_pylist() == ([None] if kind == pa.null() else ["T2 N0", None])
    assert column_arrow.is_text(table["normalized"].type)


def test_the_options_are_those_of_read() -> None:
    table = columns.normalize(
        pa.array(["c1A", "88", "none here"]), field="T", dialect="naaccr", missing=["None here"]
    )
    assert table["normalized"].to_pylist() == [
        str(rstage.read("c1A", field="T", dialect="naaccr")),
        None,
        None,
    ]
    for wrong in ({"mode": "loose"}, {"field": "Q"}):
        with pytest.raises(ValueError, match="is one of"):
            columns.normalize(pa.array(["T2"]), **wrong)  # type: ignore[arg-type]  # that is the test
    with pytest.raises(TypeError):
        columns.normalize(pa.array(["T2"]), spelling="loose")  # type: ignore[call-arg]  # that is the test
    with pytest.raises(TypeError, match="list of words"):
        columns.normalize(pa.array(["T2"]), missing="none")


def test_the_parts() -> None:
    texts = ["rypT2b(m) N1-2a(2/7) cM1(HEP) L1 Stage IIB (AJCC 8)", None, "T9", "T1 N0 M0; rT2 N0 M0"]
    rows = columns.parts(pa.array(texts)).to_pylist()
    given = {name: value for name, value in rows[0].items() if value is not None}
    assert given == {
        "T_timing": "ry",
        "T_method": "p",
        "T_value": "2",
        "T_subcategory": "b",
        "T_suffixes": "(m)",
        "N_timing": "ry",
        "N_value": "1",
        "N_upper": "2a",
        "N_suffixes": "(2/7)",
        "M_timing": "r",
        "M_method": "c",
        "M_value": "1",
        "M_suffixes": "(HEP)",
        "group": "Stage IIB",
        "edition": "AJCC 8",
        "descriptors": "L1",
    }
    assert all(value is None for row in rows[1:] for value in row.values())


# -- kinds of columns ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "column",
    [
        pa.array([True, None]),
        pa.array([1, 2]),
        pa.array([1.5]),
        pa.array([b"T2"]),
        pa.array([["Ann"]]),
        pa.array([{"Ann": "T2"}]),
        pa.array([dt.date(2020, 1, 1)]),
        pa.array([7]).dictionary_encode(),
    ],
    ids=lambda one: str(one.type).partition("<")[0],
)
def test_what_is_no_text_is_refused_without_showing_it(column: Any) -> None:
    for call in (columns.normalize, columns.parts, partial(columns.restage, column)):
        with pytest.raises(TypeError, match="is a column of text, not of") as caught:
            call(column)
        assert "Ann" not in str(caught.value)


def test_what_is_no_series_is_refused() -> None:
    for wrong in (["T2"], "T2", None, {"stage": "T2"}):
        with pytest.raises(TypeError, match="no series"):
            columns.normalize(wrong)


@pytest.mark.parametrize("missing", ["narwhals", "pyarrow"])
def test_a_missing_extra_is_named(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(ImportError, match=r"rstage\[polars\].*rstage\[pandas\].*rstage\[arrow\]"):
        columns.normalize(["T2"])


def test_pandas_keeps_index_and_kind() -> None:
    pd = pytest.importorskip("pandas", reason="the extra pandas is not installed")
    index = pd.Index(list("hgfedcba"), name="patient")
    for kind in ("str", object, "string", pd.ArrowDtype(pa.string())):
        series = pd.Series(TEXTS, index=index, dtype=kind, name="stage")
        before = series.copy()
        frame = columns.normalize(series)
        pd.testing.assert_series_equal(series, before)
        assert frame.index.equals(index)
        assert frame["normalized"].dtype == frame["findings"].dtype == series.dtype
        assert str(frame["is_recurrence"].dtype) == "boolean"
        assert [None if pd.isna(one) else one for one in frame["normalized"]] == CANONICAL
        assert [None if pd.isna(one) else one for one in frame["is_recurrence"]] == HAS_R
        assert columns.restage(series, series).index.equals(index)


def test_pandas_categories_stay_categories() -> None:
    pd = pytest.importorskip("pandas", reason="the extra pandas is not installed")
    series = pd.Series(pd.Categorical(TEXTS, ordered=True), index=range(10, 18))
    frame = columns.normalize(series)
    assert str(frame["normalized"].dtype) == str(frame["findings"].dtype) == "category"
    assert [None if pd.isna(one) else one for one in frame["normalized"]] == CANONICAL
    assert list(frame.index) == list(range(10, 18))


def test_pandas_columns_without_a_text() -> None:
    pd = pytest.importorskip("pandas", reason="the extra pandas is not installed")
    for series in (
        pd.Series([float("nan")] * 2),
        pd.Series([None, None], dtype=object),
        pd.Series([], dtype=object),
    ):
        frame = columns.normalize(series)
        assert len(frame) == len(series)
        assert bool(frame.isna().all().all())


def test_pandas_values_that_are_no_text_are_not_shown() -> None:
    pd = pytest.importorskip("pandas", reason="the extra pandas is not installed")
    for held in (["Ann Lee", 1], ["Ann\ud800"], ["Ann", ["T2"]], [1, "Ann"]):
        with pytest.raises(TypeError, match="several types, or text that is not Unicode") as caught:
            columns.normalize(pd.Series(held, dtype=object))
        assert "Ann" not in str(caught.value)
        assert caught.value.__suppress_context__


def test_pandas_columns_with_other_indexes_are_not_mixed() -> None:
    pd = pytest.importorskip("pandas", reason="the extra pandas is not installed")
    with pytest.raises(ValueError, match="another index"):
        columns.restage(pd.Series(["T2", "T3"]), pd.Series(["T4", "T1"], index=[1, 0]))


def test_polars_keeps_its_types() -> None:
    pl = pytest.importorskip("polars", reason="the extra polars is not installed")
    for kind, result in ((pl.String, pl.String), (pl.Categorical, pl.Categorical)):
        frame = columns.normalize(pl.Series("stage", TEXTS, dtype=kind))
        assert frame.columns == ["normalized", "is_recurrence", "findings"]
        assert [str(one) for one in frame.dtypes] == [str(result), "Boolean", str(result)]
        assert frame["normalized"].to_list() == CANONICAL
    fixed = columns.normalize(pl.Series(["T2N0", None], dtype=pl.Enum(["T9", "T2N0"])))
    assert fixed["normalized"].to_list() == ["T2 N0", None]


def test_series_of_two_libraries_are_not_mixed() -> None:
    pl = pytest.importorskip("polars", reason="the extra polars is not installed")
    with pytest.raises(TypeError, match="another library"):
        columns.restage(pl.Series(["T2"]), pa.array(["T3"]))
    with pytest.raises(ValueError, match="differ in length"):
        columns.restage(pl.Series(["T2"]), pl.Series(["T3", "T4"]))
