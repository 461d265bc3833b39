"""The same values get the same answers from plain Python and from every engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.column_values import COUNT, Answer, answer, values

if TYPE_CHECKING:
    from collections.abc import Callable

    Engine = Callable[[list[str | None]], list[Answer]]


def with_python(texts: list[str | None]) -> list[Answer]:
    from rstage.columns import answers as column_stages

    answers = column_stages.Answers(column_stages.NORMALIZED)
    return [Answer(*one) for one in answers.of(texts)]  # type: ignore[arg-type]  # the fields are these


def with_polars(texts: list[str | None]) -> list[Answer]:
    pl = pytest.importorskip("polars", reason="the extra polars is not installed")
    pytest.importorskip("narwhals", reason="the extra polars is not installed")
    from rstage import columns

    return [Answer(*row) for row in columns.normalize(pl.Series(texts, dtype=pl.String)).rows()]


def with_polars_expressions(texts: list[str | None]) -> list[Answer]:
    pl = pytest.importorskip("polars", reason="the extra polars is not installed")
    pytest.importorskip("rstage.polars", reason="the extra polars is not installed", exc_type=ImportError)

    stage = pl.col("stage").rstage
    frame = pl.LazyFrame({"stage": texts}, schema={"stage": pl.String}).select(
        stage.normalize().alias("normalized"),
        stage.is_recurrence().alias("is_recurrence"),
        stage.findings().alias("findings"),
    )
    return [Answer(*row) for row in frame.collect(engine="streaming").rows()]


def with_pandas(texts: list[str | None]) -> list[Answer]:
    pd = pytest.importorskip("pandas", reason="the extra pandas is not installed")
    pytest.importorskip("narwhals", reason="the extra pandas is not installed")
    from rstage import columns

    frame = columns.normalize(pd.Series(texts, dtype=object))
    rows = zip(*(frame[name].array for name in frame.columns), strict=True)
    return [Answer(*(None if pd.isna(value) else value for value in row)) for row in rows]


def with_pyarrow(texts: list[str | None], *, is_encoded: bool = False) -> list[Answer]:
    pa = pytest.importorskip("pyarrow", reason="the extra arrow is not installed")
    pytest.importorskip("narwhals", reason="the extra arrow is not installed")
    from rstage import columns

    column = pa.chunked_array([texts[:7], [], texts[7:]], pa.string())
    table = columns.normalize(column.dictionary_encode() if is_encoded else column)
    return [Answer(**row) for row in table.to_pylist()]


def with_pyarrow_dictionary(texts: list[str | None]) -> list[Answer]:
    return with_pyarrow(texts, is_encoded=True)


def with_duckdb(texts: list[str | None]) -> list[Answer]:
    duckdb = pytest.importorskip("duckdb", reason="the extra duckdb is not installed")
    pa = pytest.importorskip("pyarrow", reason="the extra duckdb is not installed")
    import rstage.duckdb

    with duckdb.connect() as connection:
        rstage.duckdb.register(connection)
        connection.register(
            "records", pa.table({"place": range(len(texts)), "stage": pa.array(texts, pa.string())})
        )
        rows = connection.execute(
            "SELECT rstage_normalize(stage), rstage_is_recurrence(stage), rstage_findings(stage)"
            " FROM records ORDER BY place"
        ).fetchall()
    return [Answer(*row) for row in rows]


def with_spark(texts: list[str | None], spark: Any) -> list[Answer]:
    from rstage import spark as stages

    frame = spark.createDataFrame(list(enumerate(texts)), "place int, stage string").repartition(2)
    answers = frame.select(
        "place", stages.normalize("stage"), stages.is_recurrence("stage"), stages.findings("stage")
    )
    return [Answer(*row[1:]) for row in answers.orderBy("place").collect()]


ENGINES = (
    with_python,
    with_polars,
    with_polars_expressions,
    with_pandas,
    with_pyarrow,
    with_pyarrow_dictionary,
    with_duckdb,
    pytest.param(with_spark, marks=pytest.mark.slow),
)


@pytest.mark.parametrize("engine", ENGINES, ids=lambda one: one.__name__.removeprefix("with_"))
def test_the_same_answers(engine: Callable[..., list[Answer]], request: pytest.FixtureRequest) -> None:
    texts = values()
    assert len(texts) == COUNT
    found = engine(texts, request.getfixturevalue("spark")) if engine is with_spark else engine(texts)
    wanted = list(map(answer, texts))
    # Places first: a difference of 5,000 answers is no message that anybody reads.
    different = [place for place, (one, other) in enumerate(zip(found, wanted, strict=True)) if one != other]
    assert [(place, found[place], wanted[place]) for place in different[:5]] == []


def test_the_values_are_of_every_kind() -> None:
    texts = values()
    answers = {text: answer(text) for text in texts}
    assert texts.count(None) > 5
    assert len(answers) > 1_500
    assert sum(one.normalized is not None for one in answers.values()) > 1_000
    assert sum(one.is_recurrence is True for one in answers.values()) > 100
    assert sum(one.findings not in (None, "") for one in answers.values()) > 50
    assert sum(one.findings is None for one in answers.values()) > 10
    assert any(len(text or "") >= 100_000 for text in answers)
