"""Stages in Spark: functions of columns that run as Arrow functions on the workers, without pandas.

    from rstage import spark as stages

    table.select(stages.normalize("stage"), stages.restage("dx", "new", tumor_id="tumor"))

The workers need rstage, lark, click and pyarrow (docs/cluster.md). Each distinct text of a batch is read
once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rstage.arguments import check_keywords
from rstage.columns.answers import NORMALIZED, PARTS, Answers
from rstage.columns.arrow import answered, stage_column
from rstage.columns.restaging import RESTAGE_KEYWORDS, GivenColumns
from rstage.reading.options import READ_KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Unpack

    from pyspark.sql import Column

    from rstage.columns.answers import Aspect
    from rstage.columns.restaging import RestageOptions
    from rstage.reading.options import ReadOptions

__all__ = ["findings", "is_recurrence", "normalize", "parts", "restage"]

Named = Any
"""A column of Spark, or the name of one."""


def normalize(column: Named, *, missing: Iterable[str] = (), **options: Unpack[ReadOptions]) -> Column:
    """Return the canonical text of each stage; null where it is missing or could not be read.

    Args:
        column: stages as text, or the name of such a column.
        missing: further words for a missing stage.
        options: the keywords of `read`.

    Raises:
        ImportError: PySpark or pyarrow is missing, or PySpark is older than 4.1; the message names the extra.
        TypeError: an option is unknown.
        ValueError: an option has an unknown value.
    """
    return _field("normalize", column, "normalized", missing, options)


def is_recurrence(column: Named, *, missing: Iterable[str] = (), **options: Unpack[ReadOptions]) -> Column:
    """Return whether each stage has an r; null where it is missing or could not be read.

    Arguments and errors are those of `normalize`.
    """
    return _field("is_recurrence", column, "is_recurrence", missing, options)


def findings(column: Named, *, missing: Iterable[str] = (), **options: Unpack[ReadOptions]) -> Column:
    """Return the codes of what was found in each stage, with a blank between; empty where all is well.

    Arguments and errors are those of `normalize`.
    """
    return _field("findings", column, "findings", missing, options)


def parts(column: Named, *, missing: Iterable[str] = (), **options: Unpack[ReadOptions]) -> Column:
    """Return a struct of the parts of each stage, as `rstage.columns.parts` names them.

    Arguments and errors are those of `normalize`.
    """
    ask = _asker("parts", PARTS, missing, options)

    def rstage_parts(batches: Iterator[Any]) -> Iterator[Any]:
        answers = ask()
        for batch in batches:
            yield _struct(answered(stage_column(batch, "the column"), answers))

    return _arrow_function(rstage_parts, _struct_type(PARTS.fields))(column)


def restage(diagnosis: Named, assessment: Named, **given: Unpack[RestageOptions]) -> Column:
    """Return a struct of the restaging of each row, with the fields that `rstage.columns.restage` gives.

    Args:
        diagnosis: the stages at diagnosis.
        assessment: the new assessments.
        given: the keywords of `rstage.columns.restage`. A fact is a column or its name; the event and the
            recurrence may be one text for every row instead.

    Raises:
        ImportError, TypeError, ValueError: as for `normalize`.
    """
    check_keywords("restage", given, RESTAGE_KEYWORDS)
    columns = GivenColumns.of(diagnosis, assessment, given)
    names = tuple(columns.columns)
    # Workers are sent what the restager is made of, and no column of Spark.
    made_of = columns._replace(columns=dict.fromkeys(names))
    fields = made_of.restager().names  # a wrong option is reported here, and not by a worker

    def rstage_restage(batches: Iterator[tuple[Any, ...]]) -> Iterator[Any]:
        restager = made_of.restager()
        for batch in batches:
            yield _struct(restager.restaged(dict(zip(names, batch, strict=True))))

    function = _arrow_function(rstage_restage, _struct_type(fields), has_several=True)
    return function(*columns.columns.values())


def _field(function: str, column: Named, field: str, missing: Iterable[str], options: ReadOptions) -> Column:
    ask = _asker(function, NORMALIZED, missing, options)

    def values(batches: Iterator[Any]) -> Iterator[Any]:
        answers = ask()
        for batch in batches:
            yield _plain(answered(stage_column(batch, "the column"), answers).column(field))

    values.__name__ = f"rstage_{field}"
    return _arrow_function(values, "boolean" if field.startswith("is_") else "string")(column)


def _asker(
    function: str, aspect: Aspect, missing: Iterable[str], options: ReadOptions
) -> Callable[[], Answers]:
    """Return what makes the answers on a worker, once a task; a wrong option is reported here."""
    check_keywords(function, options, READ_KEYWORDS)
    words = tuple(missing)
    Answers(aspect, words, **options)
    return lambda: Answers(aspect, words, **options)


def _arrow_function(
    function: Callable[[Iterator[Any]], Iterator[Any]], result: str, *, has_several: bool = False
) -> Callable[..., Column]:
    """Return a function of one column of Spark, or of several."""
    try:
        import pyarrow as pa
        from pyspark.sql.pandas.functions import arrow_udf
    except ImportError as error:
        raise ImportError(
            "rstage.spark needs pyspark 4.1 or later and pyarrow: pip install 'rstage[spark]'"
        ) from error
    # Spark goes by these, and pyarrow is not there when this module is imported.
    batches = Iterator[tuple[pa.Array, ...]] if has_several else Iterator[pa.Array]
    function.__annotations__.update({"batches": batches, "return": Iterator[pa.Array]})
    make: Any = arrow_udf  # its types know functions of plain arrays only
    made: Callable[..., Column] = make(function, result)
    return made


def _struct_type(fields: Iterable[str]) -> str:
    return f"struct<{','.join(f'`{field}`:string' for field in fields)}>"


def _struct(table: Any) -> Any:
    import pyarrow as pa

    return pa.StructArray.from_arrays([_plain(column) for column in table.columns], names=table.column_names)


def _plain(column: Any) -> Any:
    """Return a ChunkedArray as an Array of the type that Spark has."""
    import pyarrow as pa

    is_flag = pa.types.is_boolean(column.type)
    return column.cast(pa.bool_() if is_flag else pa.string()).combine_chunks()
