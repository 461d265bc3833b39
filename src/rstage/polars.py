"""Stages in polars expressions: `import rstage.polars` gives every expression the namespace `rstage`.

    import polars as pl
    import rstage.polars

    table.with_columns(pl.col("stage").rstage.normalize())

They work row by row for polars, so lazy and streaming queries run them too; each distinct text of a batch is
read once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

try:
    import polars as pl
    import pyarrow as _  # noqa: F401, ICN001  polars hands its columns over through it
except ImportError as error:
    raise ImportError("rstage.polars needs polars and pyarrow: pip install 'rstage[polars]'") from error

from rstage.arguments import check_keywords
from rstage.columns.answers import NORMALIZED, PARTS, Answers
from rstage.columns.arrow import answered, stage_column
from rstage.columns.restaging import RESTAGE_KEYWORDS, GivenColumns
from rstage.reading.options import READ_KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Unpack

    from rstage.columns.restaging import RestageOptions
    from rstage.reading.options import ReadOptions

__all__ = ["StageExpressions"]


@pl.api.register_expr_namespace("rstage")
class StageExpressions:
    """What rstage can say of an expression that gives stages as text, also as Categorical or Enum.

    The keywords of each method are those of the function of the same name in `rstage.columns`. What comes out
    is String, Boolean or a Struct of Strings. A missing stage gives null.

    Raises:
        TypeError: when the query runs, and the expression does not give text.
    """

    def __init__(self, expression: pl.Expr) -> None:
        self._expression = expression

    def normalize(self, *, missing: Iterable[str] = (), **options: Unpack[ReadOptions]) -> pl.Expr:
        """Return the canonical text; null where a text could not be read."""
        return self._one_of("normalize", "normalized", missing, options)

    def is_recurrence(self, *, missing: Iterable[str] = (), **options: Unpack[ReadOptions]) -> pl.Expr:
        """Return whether a stage has an r; null where a text could not be read."""
        return self._one_of("is_recurrence", "is_recurrence", missing, options)

    def findings(self, *, missing: Iterable[str] = (), **options: Unpack[ReadOptions]) -> pl.Expr:
        """Return the codes of what was found, with a blank between; empty where all is well."""
        return self._one_of("findings", "findings", missing, options)

    def parts(self, *, missing: Iterable[str] = (), **options: Unpack[ReadOptions]) -> pl.Expr:
        """Return a struct of the parts: `T_timing`, `T_method`, ..., `group`, `edition`, `descriptors`."""
        check_keywords("parts", options, READ_KEYWORDS)
        answers = Answers(PARTS, missing, **options)

        def asked(series: pl.Series) -> pl.Series:
            return _struct(answered(stage_column(series.to_arrow(), "the expression"), answers), series.name)

        return self._expression.map_batches(asked, _struct_type(PARTS.fields), is_elementwise=True)

    def restage(self, assessment: pl.Expr, **given: Unpack[RestageOptions]) -> pl.Expr:
        """Return a struct of the restaging of this diagnosis: `restaged`, `restage_recurrence`, ...

        Args:
            assessment: an expression that gives the new assessments.
            given: the keywords of `rstage.columns.restage`. A fact is an expression; the event and the
                recurrence may be one text for every row instead.

        Raises:
            ValueError: an option has an unknown value.
            TypeError: an option is unknown, or is no expression.
        """
        check_keywords("restage", given, RESTAGE_KEYWORDS)
        columns = GivenColumns.of(self._expression, assessment, given)
        for name, one in columns.columns.items():
            if not isinstance(one, pl.Expr):
                raise TypeError(f"{name} is an expression, such as pl.col(...)")
        restager = columns.restager()

        def restaged(series: pl.Series) -> pl.Series:
            given_columns = {name: series.struct.field(name).to_arrow() for name in columns.columns}
            return _struct(restager.restaged(given_columns), series.name)

        rows = pl.struct([one.alias(name) for name, one in columns.columns.items()]).alias("restaging")
        return rows.map_batches(restaged, _struct_type(restager.names), is_elementwise=True)

    def _one_of(self, function: str, field: str, missing: Iterable[str], options: ReadOptions) -> pl.Expr:
        check_keywords(function, options, READ_KEYWORDS)
        answers = Answers(NORMALIZED, missing, **options)
        kind = pl.Boolean if field.startswith("is_") else pl.String

        def asked(series: pl.Series) -> pl.Series:
            table = answered(stage_column(series.to_arrow(), "the expression"), answers)
            return pl.Series(pl.from_arrow(table.column(field))).cast(kind).alias(series.name)

        return self._expression.map_batches(asked, kind, is_elementwise=True)


def _struct_type(fields: Iterable[str]) -> pl.Struct:
    return pl.Struct(dict.fromkeys(fields, pl.String))


def _struct(table: Any, name: str) -> pl.Series:
    frame = pl.DataFrame(pl.from_arrow(table)).cast(pl.String)
    return frame.to_struct(name)
