"""Stages in PostgreSQL: what the functions of `sql/postgres.sql` call inside the server.

    SELECT rstage_normalize(stage), rstage_findings(stage) FROM records

PL/Python hands over one row at a time, so that neither pyarrow nor a driver is needed there.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from rstage.columns.answers import NORMALIZED, Answers
from rstage.columns.restaging import FACTS, SAME_TUMOR, STAGES, ColumnRestager

__all__ = ["findings", "normalize", "restage"]

_Options = tuple[tuple[str, Any], ...]

# Sets of options that are kept at a time; a query has one or two.
_MOST_OPTIONS = 32


def normalize(stage: str | None, **options: Any) -> str | None:
    """Return the canonical text of a stage; None where it is missing or could not be read.

    Args:
        stage: the stage as written.
        options: the keywords of `read`; one that is None is not given.

    Raises:
        TypeError: an option is unknown.
        ValueError: an option has an unknown value.
    """
    return _answer(stage, "normalized", options)


def findings(stage: str | None, **options: Any) -> str | None:
    """Return the codes of what was found, with a blank between; None where the stage is missing.

    Arguments and errors are those of `normalize`.
    """
    return _answer(stage, "findings", options)


def restage(
    diagnosis: str | None, assessment: str | None, facts: dict[str, str | None], **options: Any
) -> dict[str, str | None]:
    """Return the restaging of a row: what `rstage restage` appends, by name; all None without an assessment.

    Args:
        diagnosis: the stage at diagnosis.
        assessment: the new one.
        facts: what stands beside them, by the names of `rstage.columns.restage`; without
            `assessment_tumor_id` the tumor of the row is that of both.
        options: the keywords of `read` and `date_format`; one that is None is not given.

    Raises:
        TypeError: a fact or an option is unknown.
        ValueError: an option has an unknown value.
    """
    if unknown := facts.keys() - {*FACTS}:
        raise TypeError(f"no fact of a restaging: {', '.join(sorted(unknown))}")
    if facts.get("assessment_tumor_id", SAME_TUMOR) == SAME_TUMOR:
        facts = {**facts, "assessment_tumor_id": facts.get("tumor_id")}
    restager = _restager(_given(options))
    found = restager.of_row([diagnosis, assessment, *(facts.get(name) for name in FACTS)])
    return dict(zip(restager.names, found, strict=True))


def _answer(stage: str | None, field: str, options: dict[str, Any]) -> str | None:
    (answer,) = _answers(_given(options)).of((stage,))
    found = answer[NORMALIZED.fields.index(field)]
    return None if found is None else str(found)


def _given(options: dict[str, Any]) -> _Options:
    return tuple((name, value) for name, value in options.items() if value is not None)


@lru_cache(_MOST_OPTIONS)
def _answers(options: _Options) -> Answers:
    return Answers(NORMALIZED, **dict(options))


@lru_cache(_MOST_OPTIONS)
def _restager(options: _Options) -> ColumnRestager:
    return ColumnRestager((*STAGES, *FACTS), {}, **dict(options))
