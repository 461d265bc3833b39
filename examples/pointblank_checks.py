"""A report of pointblank on the stages of a table, with the expressions of `rstage.polars`.

    python examples/pointblank_checks.py examples/recurrences.csv report.html

Each step is an expression of polars, so that pointblank counts, extracts and reports as for any other column.
The report can show values of the table and is as sensitive as it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pointblank as pb
import polars as pl

import rstage.polars  # noqa: F401  gives every expression the namespace `rstage`

DIAGNOSIS, ASSESSMENT = "diagnosis", "assessment"


def validation(table: pl.DataFrame, diagnosis: str, assessment: str) -> Any:
    """Return what was found in the two stages of a table."""
    old, new = pl.col(diagnosis), pl.col(assessment)
    restaged = old.rstage.restage(new)  # type: ignore[attr-defined]  # the namespace
    return (
        pb.Validate(table, label="Stages", thresholds=pb.Thresholds(warning=1, error=0.05))
        .col_vals_expr(_is_read(old), brief="The stage at diagnosis can be read.")
        .col_vals_expr(_is_read(new), brief="The new assessment can be read.")
        .col_vals_expr(
            old.rstage.is_recurrence().not_().fill_null(True),  # type: ignore[attr-defined]  # noqa: FBT003
            brief="No stage at diagnosis carries an r.",
        )
        .col_vals_expr(
            # Without an assessment there is no result, and so no findings.
            restaged.struct.field("restage_findings").is_null()
            | restaged.struct.field("restaged").is_not_null(),
            brief="Each assessment can be restaged.",
        )
        .interrogate()
    )


def _is_read(stage: Any) -> Any:
    """Return whether a stage can be read; one that is missing has no findings at all."""
    return stage.rstage.findings().is_null() | stage.rstage.normalize().is_not_null()


def main(file: str, report: str) -> int:
    """Write the report of a table; return 1 where a step is over its threshold."""
    # polars cuts what a row has too much; `rstage check` tells of such a row (RS501).
    table = pl.read_csv(file, infer_schema=False, truncate_ragged_lines=True)
    found = validation(table, DIAGNOSIS, ASSESSMENT)
    Path(report).write_text(found.get_tabular_report().as_raw_html(), encoding="utf-8")
    for step in found.validation_info:
        print(f"{step.n_failed:>4} of {step.n:>4} rows fail: {step.brief}")
    return int(not found.all_passed())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
