"""Expressions of polars: what `rstage.columns` says, in eager, lazy and streaming queries."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("polars", reason="the extra polars is not installed")
pytest.importorskip("pyarrow", reason="the extra polars is not installed")
import polars as pl

import rstage.polars  # noqa: F401  it gives expressions their namespace
from rstage import columns

if TYPE_CHECKING:
    from pathlib import Path

    from rstage.polars import StageExpressions

TEXTS = ["rpT2b yN1", None, "T2N0", "T9", "NA", "T2N0", "pT1 N0 M0; rT3 N0 M0"] * 30
TABLE = pl.DataFrame(
    {
        "stage": TEXTS,
        "new": list(reversed(TEXTS)),
        "tumor": range(len(TEXTS)),
        "day": pl.Series([None, "2019", "2021-03-01"] * 70),
        "new_day": pl.Series([None, "2020"] * 105).str.to_date("%Y", strict=True),
    }
)


def stage(column: str = "stage") -> StageExpressions:
    namespace: StageExpressions = pl.col(column).rstage  # type: ignore[attr-defined]  # registered at run time
    return namespace


def queries() -> list[pl.Expr]:
    return [
        stage().normalize().alias("normalized"),
        stage().is_recurrence().alias("is_recurrence"),
        stage().findings().alias("findings"),
        stage().parts().alias("parts"),
        stage()
        .restage(
            pl.col("new"),
            tumor_id=pl.col("tumor"),
            diagnosis_date=pl.col("day"),
            assessment_date=pl.col("new_day"),
        )
        .alias("restaging"),
    ]


def wanted() -> pl.DataFrame:
    restaged = columns.restage(
        TABLE["stage"],
        TABLE["new"],
        tumor_id=TABLE["tumor"],
        diagnosis_date=TABLE["day"],
        assessment_date=TABLE["new_day"],
    )
    normalized: pl.DataFrame = columns.normalize(TABLE["stage"])
    return normalized.with_columns(
        columns.parts(TABLE["stage"]).to_struct("parts"), restaged.to_struct("restaging")
    )


def test_eager_lazy_and_streaming_agree_with_columns(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    TABLE.write_parquet(path, row_group_size=32)
    assert TABLE.select(queries()).equals(wanted())
    assert TABLE.lazy().select(queries()).collect().equals(wanted())
    assert pl.scan_parquet(path).select(queries()).collect(engine="streaming").equals(wanted())


def test_the_types_are_known_before_the_query_runs() -> None:
    lazy = TABLE.lazy().select(queries())
    assert lazy.collect_schema() == lazy.collect().schema == wanted().schema


def test_a_column_keeps_its_name_and_other_columns_their_place() -> None:
    frame = TABLE.lazy().filter(pl.col("tumor") < 3).with_columns(stage().normalize()).collect()
    assert frame.columns == TABLE.columns
    assert frame["stage"].to_list() == ["rpT2b ryN1", None, "T2 N0"]


def test_categories_give_text() -> None:
    frame = TABLE.select(pl.col("stage").cast(pl.Categorical))
    assert frame.select(stage().normalize())["stage"].equals(wanted()["normalized"])


def test_within_groups() -> None:
    frame = TABLE.group_by("new", maintain_order=True).agg(stage().is_recurrence().any().alias("any"))
    assert frame.height == 6


def test_one_text_for_every_row() -> None:
    frame = TABLE.select(
        stage().restage(pl.lit("rT4 N0 pM1"), event="progression", link=False).struct.unnest()
    )
    assert frame.columns == ["restaged", "restage_recurrence", "restage_findings"]
    assert frame["restaged"][2] == "rT4 rN0 rpM1"


def test_wrong_use_is_told_when_the_query_is_made() -> None:
    with pytest.raises(ValueError, match="mode is one of"):
        stage().normalize(mode="loose")  # type: ignore[arg-type]  # no mode
    with pytest.raises(ValueError, match="an event is one of"):
        stage().restage(pl.col("new"), event="relapse")
    with pytest.raises(TypeError, match=r"^normalize\(\) got .* 'modee'\. Did you mean 'mode'"):
        stage().normalize(modee="strict")  # type: ignore[call-arg]  # misspelled
    with pytest.raises(TypeError, match=r"^restage\(\) got an unexpected keyword argument 'spelling'"):
        stage().restage(pl.col("new"), spelling="loose")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="tumor_id"):
        stage().restage(pl.col("new"), tumor_id="tumor")


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises((TypeError, pl.exceptions.ComputeError), match="is a column of text, not of int64"):
        TABLE.select(stage("tumor").normalize())


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "rstage.polars")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ImportError, match=r"rstage\[polars\]"):
        import_module("rstage.polars")
