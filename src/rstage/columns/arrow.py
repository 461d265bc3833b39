"""Columns as pyarrow holds them, which every engine can give and take without a loop over rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rstage.columns.answers import Answers

ROWS_AT_A_TIME = 1 << 18
"""Rows whose distinct texts are held as Python values at a time, so that memory stays bounded."""

_EXACT_FLOATS = 2**53


def is_text(kind: Any) -> bool:
    """Return whether a type of pyarrow is text."""
    from pyarrow import types

    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def chunked(column: Any) -> Any:
    """Return an Array or ChunkedArray as a ChunkedArray."""
    import pyarrow as pa

    return column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column])


def stage_column(column: Any, name: str) -> Any:
    """Return a column of stages as text; a dictionary-encoded one stays so.

    Raises:
        TypeError: it is no text. A number is none either, because one can have lost zeros in front.
    """
    import pyarrow as pa

    column = chunked(column)
    kind = column.type
    value_type = kind.value_type if pa.types.is_dictionary(kind) else kind
    if not is_text(value_type):
        # What is blank in every row has the type that its reader thought of.
        if column.null_count < len(column):
            raise TypeError(f"{name} is a column of text, not of {_kind_name(value_type)}")
        return pa.chunked_array([pa.nulls(len(column), pa.string())])
    if pa.types.is_string_view(value_type):
        return column.cast(pa.large_string())
    return column


def fact_column(column: Any, name: str) -> Any:
    """Return a column of dates, ids or other facts as text.

    A date is written as ISO 8601; the time of a timestamp is left out. A number is written without a
    fraction: pandas holds whole numbers as floats where some are missing.

    Raises:
        TypeError: it is no text, number or date; or a number has a fraction or more digits than a float has.
    """
    import pyarrow as pa
    from pyarrow import compute

    column = chunked(column)
    kind, types = column.type, pa.types
    if types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if types.is_null(kind):
        return pa.chunked_array([pa.nulls(len(column), pa.string())])
    if types.is_timestamp(kind):
        local = compute.local_timestamp(column) if kind.tz else column
        column, kind = local.cast(pa.date32(), safe=False), pa.date32()
    if types.is_floating(kind):
        column, kind = _whole_numbers(column, name), pa.int64()
    if not (is_text(kind) or types.is_integer(kind) or types.is_date(kind)):
        raise TypeError(f"{name} is a column of text, numbers or dates, not of {_kind_name(kind)}")
    return column.cast(pa.large_string())


def _whole_numbers(column: Any, name: str) -> Any:
    import pyarrow as pa
    from pyarrow import compute

    is_number = compute.invert(compute.is_nan(column))
    column = compute.if_else(is_number, column, None).cast(pa.float64())
    is_whole = compute.and_(
        compute.equal(column, compute.floor(column)), compute.less(compute.abs(column), float(_EXACT_FLOATS))
    )
    if compute.all(is_whole).as_py() is False:
        raise TypeError(f"{name} is a column of whole numbers where it is one of numbers")
    return column.cast(pa.int64())


def _kind_name(kind: Any) -> str:
    """Return the name of a type without what it holds, which can be made of data."""
    return str(kind).partition("<")[0].partition("[")[0]


def slices(column: Any) -> Iterator[Any]:
    """Yield the rows of a ChunkedArray in order, as arrays of a bounded number of rows."""
    for chunk in column.chunks:
        for start in range(0, len(chunk), ROWS_AT_A_TIME):
            yield chunk.slice(start, ROWS_AT_A_TIME)


def answered(column: Any, answers: Answers) -> Any:
    """Return a table of pyarrow with the answers to each row of a `stage_column`.

    The texts of a dictionary-encoded column come out dictionary-encoded, and only its categories are read.
    """
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        return _answered_categories(column.unify_dictionaries(), answers)
    schema = answer_schema(answers.fields, column.type)
    return pa.Table.from_batches([_answered_rows(rows, answers, schema) for rows in slices(column)], schema)


def answer_schema(fields: tuple[str, ...], text_type: Any) -> Any:
    """Return the schema of answers: a field that begins with `is_` is a flag, every other one text."""
    import pyarrow as pa

    return pa.schema([(name, pa.bool_() if name.startswith("is_") else text_type) for name in fields])


def _answered_rows(rows: Any, answers: Answers, schema: Any) -> Any:
    import pyarrow as pa

    encoded = rows.dictionary_encode()
    found = answers.by_field(encoded.dictionary.to_pylist())
    columns = [
        pa.array(values, field.type).take(encoded.indices)
        for values, field in zip(found, schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _answered_categories(column: Any, answers: Answers) -> Any:
    """Return the answers to a column whose chunks have one dictionary."""
    import pyarrow as pa

    dictionary = column.chunk(0).dictionary if column.num_chunks else pa.array([], column.type.value_type)
    indices = pa.chunked_array([chunk.indices for chunk in column.chunks], column.type.index_type)
    by_category = answered(pa.chunked_array([dictionary]), answers)
    return pa.table(
        {
            name: encoded(values).take(indices) if is_text(values.type) else values.take(indices)
            for name, values in zip(by_category.column_names, by_category.columns, strict=True)
        }
    )


def encoded(column: Any) -> Any:
    """Return a ChunkedArray of text dictionary-encoded, with one dictionary for all of it."""
    return column.dictionary_encode().unify_dictionaries()
