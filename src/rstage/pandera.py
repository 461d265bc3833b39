"""Checks of stages for schemas of pandera, over pandas and polars.

    import pandera.pandas as pa
    from rstage.pandera import is_diagnosis, is_stage

    schema = pa.DataFrameSchema(
        {
            "dx_stage": pa.Column(str, is_diagnosis(), nullable=True),
            "new_stage": pa.Column(str, is_stage(fail_on="warning"), nullable=True),
        }
    )

A missing stage passes each check, as in tables of rstage: null, a blank, or a word such as `unknown`; whether
a column may have one is what `nullable` says. Each distinct text is read once. pandera shows the values that
fail: they can be data of patients, and its reports are as sensitive as the table.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

try:
    from pandera.api.checks import Check
except ImportError as error:
    raise ImportError("rstage.pandera needs pandera: pip install 'rstage[pandera]'") from error

from rstage.arguments import check_keywords
from rstage.diagnostics import SEVERITIES, Severity
from rstage.reading.options import READ_KEYWORDS, checked_options
from rstage.reading.read import read
from rstage.tables.missing import is_missing, missing_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Unpack

    from rstage.reading.options import ReadOptions
    from rstage.reading.read import Reading

__all__ = ["is_canonical", "is_diagnosis", "is_stage"]


def is_stage(*, fail_on: str = "error", missing: Iterable[str] = (), **options: Unpack[ReadOptions]) -> Check:
    """Return a check that each text can be read as a stage.

    Args:
        fail_on: the least severity of a finding that fails: `error`, `warning` or `info`.
        missing: further words for a missing stage.
        options: the keywords of `rstage.read`.

    Raises:
        ValueError: the severity is unknown, or an option has an unknown value.
        TypeError: an option is unknown.
    """
    if fail_on not in SEVERITIES:
        raise ValueError(f"a severity is one of {', '.join(SEVERITIES)}")
    failing = SEVERITIES[SEVERITIES.index(Severity(fail_on)) :]

    def passes(reading: Reading) -> bool:
        return reading.ok and not any(one.severity in failing for one in reading.diagnostics)

    check_keywords("is_stage", options, READ_KEYWORDS)
    return _check(f"is_stage(fail_on={fail_on})", passes, missing, options)


def is_canonical(*, missing: Iterable[str] = (), **options: Unpack[ReadOptions]) -> Check:
    """Return a check that each text is a stage in its canonical form, as `rstage normalize` writes it.

    Arguments and errors are those of `is_stage`.
    """

    def passes(reading: Reading) -> bool:
        return reading.ok and str(reading) == reading.text

    check_keywords("is_canonical", options, READ_KEYWORDS)
    return _check("is_canonical", passes, missing, options)


def is_diagnosis(*, missing: Iterable[str] = (), **options: Unpack[ReadOptions]) -> Check:
    """Return a check that each text is a stage without r: one with r is no stage at diagnosis.

    Arguments and errors are those of `is_stage`.
    """

    def passes(reading: Reading) -> bool:
        return reading.ok and not any(stage.is_recurrence for stage in reading.stages)

    check_keywords("is_diagnosis", options, READ_KEYWORDS)
    return _check("is_diagnosis", passes, missing, options)


def _check(
    name: str, passes: Callable[[Reading], bool], missing: Iterable[str], options: ReadOptions
) -> Check:
    """Return a check of each text; what is no text fails."""
    checked_options(**options)
    words = missing_words(missing)

    @cache
    def is_good(text: str) -> bool:
        return is_missing(text, words) or passes(read(text, **options))

    def verdict(value: Any) -> bool:
        return value is None or (isinstance(value, str) and is_good(value))

    def check(data: Any) -> Any:
        found = (_of_polars if hasattr(data, "lazyframe") else _of_pandas)(data, verdict)
        is_good.cache_clear()  # a schema lives long, and what it remembers would grow with every table
        return found

    return Check(check, name=f"rstage.{name}", error=f"rstage.{name}", ignore_na=False)


def _of_pandas(data: Any, verdict: Callable[[Any], bool]) -> Any:
    """Return the verdicts on a series of pandas; what it calls missing (None, NaN, NA, NaT) passes."""
    found = [is_null or verdict(value) for value, is_null in zip(data, data.isna(), strict=True)]
    return type(data)(found, index=data.index, dtype=bool)


def _of_polars(data: Any, verdict: Callable[[Any], bool]) -> Any:
    """Return the verdicts on a column of polars, as pandera wants them: a frame of one column of Booleans."""
    import polars as pl

    column = data.lazyframe.select(pl.col(data.key)).collect()[data.key]
    return pl.LazyFrame({data.key: pl.Series([verdict(value) for value in column], dtype=pl.Boolean)})
