"""Functions of Spark columns, on Spark itself: what `rstage.columns` says."""

from __future__ import annotations

import datetime as dt
import sys
from typing import Any

import pytest

pytest.importorskip("pyspark", reason="the extra spark is not installed")
pytest.importorskip("pyarrow", reason="the extra spark is not installed")
import pyarrow as pa
from pyspark.errors import PythonException
from pyspark.sql import functions as F  # noqa: N812  as everybody writes it

import rstage
from rstage import spark as stages
from rstage.columns import arrow as column_arrow
from rstage.columns.answers import PARTS, Answers
from rstage.columns.restaging import ColumnRestager

pytestmark = pytest.mark.slow  # Spark needs a while to start

TEXTS = ["rpT2b yN1", None, "T2N0", "T9", "NA", "pT1 N0 M0; rT3 N0 M0"]


def rows(frame: Any) -> list[Any]:
    return [row.asDict(recursive=True) for row in frame.collect()]


def stage_frame(spark: Any) -> Any:
    return spark.createDataFrame(list(enumerate(TEXTS)), "place int, stage string").coalesce(1)


def test_the_functions_of_a_stage(spark: Any) -> None:
    frame = stage_frame(spark).select(
        stages.normalize("stage").alias("normalized"),
        stages.is_recurrence(F.col("stage")).alias("is_recurrence"),
        stages.findings("stage").alias("findings"),
        stages.parts("stage").alias("parts"),
    )
    assert frame.schema.simpleString().startswith(
        "struct<normalized:string,is_recurrence:boolean,findings:string,parts:struct<T_timing:string,"
    )
    found = rows(frame)
    assert [row["normalized"] for row in found] == [
        "rpT2b ryN1",
        None,
        "T2 N0",
        None,
        None,
        "pT1 N0 M0; rT3 rN0 rM0",
    ]
    assert [row["is_recurrence"] for row in found] == [True, None, False, None, None, True]
    assert [row["findings"] for row in found][1:5] == [None, "", "RS103", None]
    wanted = column_arrow.answered(column_arrow.stage_column(pa.array(TEXTS), "stage"), Answers(PARTS))
    assert [row["parts"] for row in found] == wanted.to_pylist()


def test_a_column_is_named_after_what_it_holds(spark: Any) -> None:
    assert stage_frame(spark).select(stages.normalize("stage"), stages.findings("stage")).columns == [
        "rstage_normalized(stage)",
        "rstage_findings(stage)",
    ]


def test_a_restaging_is_that_of_columns(spark: Any) -> None:
    columns = {
        "diagnosis": pa.array(["cT2 cN0 cM0", "cT2 cN0 cM0", "T2", None]),
        "assessment": pa.array(["cT0 cN0 pM1(HEP)", None, "rT3", "T1"]),
        "tumor_id": pa.array([1, 2, 3, 4]),
        "diagnosis_date": pa.array([dt.datetime(2019, 3, 2, 23, 30)] * 4, pa.timestamp("us")),  # noqa: DTZ001
        "assessment_date": pa.array(["2023-05", None, "2018", "x"]),
        "event": pa.array(["recurrence", None, "progression", "relapse"]),
    }
    wanted = ColumnRestager(tuple(columns), {"recurrence": "distant"}).restaged(columns).to_pylist()
    frame = spark.createDataFrame(
        list(zip(*(column.to_pylist() for column in columns.values()), strict=True)),
        "diagnosis string, assessment string, tumor_id int, diagnosis_date timestamp, assessment_date string,"
        " event string",
    ).coalesce(1)
    restaged = stages.restage(
        "diagnosis",
        F.col("assessment"),
        tumor_id="tumor_id",
        diagnosis_date="diagnosis_date",
        assessment_date="assessment_date",
        event=F.col("event"),
        recurrence="distant",
    )
    found = rows(frame.select(restaged.alias("restaging")).select("restaging.*"))
    assert found == wanted
    assert found[0]["restaged"] == "rcT0 rcN0 rpM1(HEP)"


def test_every_partition_is_read(spark: Any) -> None:
    frame = spark.range(20_000, numPartitions=4).selectExpr("if(id % 4 = 0, 'rT2', 'T2') AS stage")
    assert frame.where(stages.is_recurrence("stage")).count() == 5_000


def test_the_options_are_those_of_read(spark: Any) -> None:
    frame = spark.createDataFrame([("c1A",), ("none here",)], "stage string").coalesce(1)
    options: dict[str, Any] = {"field": "T", "dialect": "naaccr"}
    found = frame.select(stages.normalize("stage", missing=["none here"], **options).alias("it")).collect()
    assert [row["it"] for row in found] == [str(rstage.read("c1A", **options)), None]


def test_wrong_use_is_told_by_the_driver(spark: Any) -> None:
    assert spark
    with pytest.raises(ValueError, match="mode is one of"):
        stages.normalize("stage", mode="loose")  # type: ignore[arg-type]  # no mode
    with pytest.raises(TypeError, match=r"^findings\(\) got an unexpected keyword argument 'modee'"):
        stages.findings("stage", modee="strict")  # type: ignore[call-arg]  # misspelled
    with pytest.raises(ValueError, match="an event is one of"):
        stages.restage("diagnosis", "assessment", event="relapse")


def test_what_is_no_text_is_refused(spark: Any) -> None:
    with pytest.raises(PythonException, match="is a column of text, not of"):
        stage_frame(spark).select(stages.normalize("place")).collect()


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ImportError, match=r"rstage\[spark\]"):
        stages.normalize("stage")
