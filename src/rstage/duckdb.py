"""Stages in DuckDB: `rstage.duckdb.register(connection)` gives SQL the functions of rstage.

    SELECT rstage_normalize(stage), rstage_findings(stage) FROM records

DuckDB hands its rows over as Arrow vectors; each distinct text of a vector is read once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rstage.arguments import check_keywords
from rstage.columns.answers import NORMALIZED, PARTS, Answers
from rstage.columns.arrow import answered, chunked, stage_column
from rstage.columns.restaging import FACTS, SAME_TUMOR, STAGES, ColumnRestager
from rstage.reading.options import READ_KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Unpack

    import duckdb

    from rstage.reading.options import ReadOptions
    from rstage.restaging.link_key import LinkKey

__all__ = ["register"]

_RESTAGED_ROWS = "rstage_restaged_rows"


def register(
    connection: duckdb.DuckDBPyConnection,
    *,
    link: bool = True,
    key: LinkKey | None = None,
    missing: Iterable[str] = (),
    date_format: str | None = None,
    **options: Unpack[ReadOptions],
) -> None:
    """Give a connection these SQL functions; a missing stage is NULL in all of them.

    - `rstage_normalize(stage)`: the canonical text; NULL where the text could not be read.
    - `rstage_is_recurrence(stage)`: whether it has an r.
    - `rstage_findings(stage)`: the codes of what was found, with a blank between; empty where all is well.
    - `rstage_parts(stage)`: a struct of the parts, as `rstage.columns.parts` names them.
    - `rstage_restage(diagnosis, assessment, tumor_id := ..., assessment_tumor_id := ...,
      diagnosis_date := ..., assessment_date := ..., site := ..., assessment_site := ..., event := ...,
      recurrence := ...)`: a struct of `restaged`, `restage_recurrence`, `restage_link` and
      `restage_findings`. The time of a timestamp is left out.

    Args:
        connection: an open connection that does not have them yet.
        link: whether the link of a restaging is made.
        key: what it is made with, as for `rstage.restage`.
        missing: further words for a missing cell.
        date_format: the format of full dates in text.
        options: the keywords of `read`.

    Raises:
        ImportError: an extra is missing; the message names it.
        TypeError: an option is unknown.
        ValueError: an option has an unknown value.
    """
    try:
        import pyarrow as _  # noqa: F401, ICN001  DuckDB hands its vectors over through it
    except ImportError as error:
        raise ImportError("rstage.duckdb needs duckdb and pyarrow: pip install 'rstage[duckdb]'") from error
    check_keywords("register", options, READ_KEYWORDS)
    answers = Answers(NORMALIZED, missing, **options)
    in_parts = Answers(PARTS, missing, **options)
    restager = ColumnRestager(
        (*STAGES, *FACTS), {}, link=link, key=key, missing=missing, date_format=date_format, **options
    )

    vectors: dict[str, Any] = {"type": "arrow", "null_handling": "special"}

    def create(name: str, function: Callable[..., Any], result: str, parameter: str = "VARCHAR") -> None:
        connection.create_function(name, function, [parameter], result, **vectors)

    def restaged(rows: Any) -> Any:
        return _struct(restager.restaged(_columns(rows)))

    create("rstage_normalize", _field(answers, "normalized"), "VARCHAR")
    create("rstage_is_recurrence", _field(answers, "is_recurrence"), "BOOLEAN")
    create("rstage_findings", _field(answers, "findings"), "VARCHAR")
    create("rstage_parts", lambda stages: _struct(_answered(stages, in_parts)), _struct_type(PARTS.fields))
    create(_RESTAGED_ROWS, restaged, _struct_type(restager.names), _struct_type((*STAGES, *FACTS)))
    connection.execute(_restage_macro())


def _answered(stages: Any, answers: Answers) -> Any:
    return answered(stage_column(stages, "stage"), answers)


def _field(answers: Answers, name: str) -> Callable[[Any], Any]:
    """Return what gives one field of the answers to a vector."""
    return lambda stages: _answered(stages, answers).column(name).combine_chunks()


def _struct(table: Any) -> Any:
    import pyarrow as pa

    columns = [column.combine_chunks() for column in table.columns]
    return pa.StructArray.from_arrays(columns, names=table.column_names)


def _struct_type(names: Iterable[str]) -> str:
    fields = ", ".join(f'"{name}" VARCHAR' for name in names)
    return f"STRUCT({fields})"


def _columns(rows: Any) -> dict[str, Any]:
    """Return the columns of a vector of structs; the tumor of the row is that of both where SQL says so."""
    from pyarrow import compute

    columns = {name: chunked(compute.struct_field(rows, name)) for name in (*STAGES, *FACTS)}
    tumor_id, other = columns["tumor_id"], columns["assessment_tumor_id"]
    columns["assessment_tumor_id"] = compute.if_else(compute.equal(other, SAME_TUMOR), tumor_id, other)
    return columns


def _restage_macro() -> str:
    """Return the SQL of `rstage_restage`: a function of Python has no parameters with names and defaults."""
    defaults = dict.fromkeys(FACTS, "NULL") | {"assessment_tumor_id": f"'{SAME_TUMOR}'"}
    parameters = [*STAGES, *(f"{name} := {default}" for name, default in defaults.items())]
    values = [f"{name} := {_as_text(name)}" for name in (*STAGES, *FACTS)]
    return f"""
        CREATE OR REPLACE TEMPORARY MACRO rstage_restage({", ".join(parameters)}) AS
        {_RESTAGED_ROWS}(struct_pack({", ".join(values)}))
    """


def _as_text(name: str) -> str:
    text = f"CAST({name} AS VARCHAR)"
    if not name.endswith("_date"):
        return text
    # The time of a timestamp is left out, as everywhere.
    day = f"CAST(TRY_CAST({name} AS DATE) AS VARCHAR)"
    return f"CASE WHEN typeof({name}) LIKE 'TIMESTAMP%' THEN {day} ELSE {text} END"
