"""The report of a table as a function: what `rstage check --report` and `rstage restage --report` write."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rstage.arguments import check_keywords, path_text
from rstage.files.outputs import Output
from rstage.reading.options import READ_KEYWORDS, checked_options
from rstage.report.content import Content
from rstage.report.page import page
from rstage.report.tally import Tally
from rstage.report.words import RunFacts
from rstage.reporting.counts import FindingCounts
from rstage.tables.cells import StageReader
from rstage.tables.check import Checker
from rstage.tables.dates import check_date_format
from rstage.tables.engines import choose_blocks
from rstage.tables.facts import FactReader, FactSources
from rstage.tables.formats.open_options import OpenOptions
from rstage.tables.formats.opening import open_table
from rstage.tables.missing import missing_words
from rstage.tables.restage import Restager
from rstage.tables.stage_columns import find_source, find_stage, find_stages

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from os import PathLike
    from typing import Unpack

    from rstage.reading.options import SitelessOptions
    from rstage.tables.table import Table

_FACTS = FactSources.__dataclass_fields__.keys()
_KEYWORDS = READ_KEYWORDS - {"field", "site", "site_table"}


def report(
    file: str | PathLike[str],
    out: str | PathLike[str],
    columns: str | Iterable[str] = (),
    *,
    diagnosis: str | Iterable[str] = (),
    assessment: str | Iterable[str] = (),
    facts: Mapping[str, str] | None = None,
    date_format: str | None = None,
    missing: Iterable[str] = (),
    show_values: bool = False,
    force: bool = False,
    **reading: Unpack[SitelessOptions],
) -> None:
    """Write one HTML page with pictures of the stages of a table.

    The page asks for nothing from elsewhere, and the same table gives the same bytes. Columns are named as
    on the command line: `"dx"`, or `["dx:T=t", "dx:N=n"]` for a stage in parts.

    Args:
        file: the table.
        out: the page.
        columns: the stages that are checked.
        diagnosis: the stage at diagnosis, for a report of what the table restages to, instead of `columns`.
        assessment: the new assessment, beside it.
        facts: where what stands beside the two comes from: a column or `=VALUE` by the name of an option of
            `rstage restage`, such as `{"tumor_id": "id", "diagnosis_date": "dx_date"}`.
        date_format: the format of full dates, such as `%d.%m.%Y`.
        missing: further words for a missing value.
        show_values: whether the page shows values that are not plain stage notation, names of tumors and
            dates; it then says so.
        force: whether a page that exists may be replaced.
        reading: the keywords of `rstage.read` but `field`, `site` and `site_table`.

    Raises:
        TableError: the table cannot be read, has no such column, or the page cannot be written.
        ValueError: neither or both of what is checked and what is restaged are given, a fact is unknown, or
            an option has an unknown value.
        TypeError: an argument is of another type.
    """
    check_keywords("report", reading, _KEYWORDS)
    checked_options(**reading)
    checked, old, new = _specs(columns), _specs(diagnosis), _specs(assessment)
    if bool(checked) == bool(old or new) or bool(old) != bool(new):
        raise ValueError("a report is of columns, or of a diagnosis and an assessment")
    if unknown := [name for name in facts or {} if name not in _FACTS]:
        raise ValueError(f"{unknown[0]} is no fact: they are {', '.join(_FACTS)}")
    name, target = path_text("file", file), path_text("out", out)
    counts, tally = FindingCounts(with_values=True, shows_values=show_values), Tally()
    words = missing_words(missing)
    with open_table(name, OpenOptions()) as table, Output(table, target, force=force) as output:
        if checked:
            readers = [StageReader(one, reading, words) for one in find_stages(table, checked)]
            run = _checked(table, Checker(readers, counts, tally=tally))
        else:
            check_date_format(date_format)
            found = {fact: find_source(table, spec, fact) for fact, spec in (facts or {}).items()}
            sources = FactSources(**found)
            restager = Restager(
                StageReader(find_stage(table, old, "diagnosis"), reading, words),
                StageReader(find_stage(table, new, "assessment"), reading, words),
                FactReader(sources, words, date_format),
                has_link=False,
                counts=counts,
                tally=tally,
            )
            run = _restaged(table, restager)
        content = Content(facts=run, counts=counts, tally=tally, reading=reading, shows_values=show_values)
        output.write(page(content))
        output.commit()


def _specs(given: str | Iterable[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _checked(table: Table, checker: Checker) -> RunFacts:
    for _ in checker.findings(table):
        pass
    return RunFacts(
        command="check",
        file=Path(table.file).name,
        rows=table.row_count,
        rejected=checker.rejected_count,
        is_table=True,
    )


def _restaged(table: Table, restager: Restager) -> RunFacts:
    """Restage every row as the command does; what would be written is passed over."""
    rejected = 0
    for block in choose_blocks("auto", table)(restager):
        rejected += len(block.rejected)
        restager.counts.add([one.finding for one in block.rejected])
        restager.counts.add(block.failed)
    restager.finish()
    return RunFacts(
        command="restage",
        file=Path(table.file).name,
        rows=table.row_count,
        rejected=rejected,
        is_table=True,
        more={"restaged": restager.restaged_count, "blank": restager.blank_count},
    )
