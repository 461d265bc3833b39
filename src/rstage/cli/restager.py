"""What `restage` and `verify` share: their options become a restager."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rstage.tables.cells import StageReader
from rstage.tables.dates import check_date_format
from rstage.tables.facts import FactReader, FactSources
from rstage.tables.restage import Restager
from rstage.tables.stage_columns import find_source, find_stage

if TYPE_CHECKING:
    from rstage.cli.settings import Settings
    from rstage.tables.formats.delimited import Table

FACTS = {
    "tumor_id": "--tumor-id",
    "assessment_tumor_id": "--assessment-tumor-id",
    "diagnosis_date": "--diagnosis-date",
    "assessment_date": "--assessment-date",
    "site": "--site",
    "assessment_site": "--assessment-site",
    "event": "--event",
    "recurrence": "--recurrence",
}
"""The facts beside the two stages, with the options that give them."""


def restager_of(table: Table, given: dict[str, Any], settings: Settings) -> Restager:
    """Return the restager that the options ask for.

    Raises:
        TableError: RS005, RS010, RS012; a column or a value cannot be used.
    """
    check_date_format(given["date_format"])
    diagnosis = find_stage(table, given["diagnosis"], "--diagnosis")
    assessment = find_stage(table, given["assessment"], "--assessment")
    sources = {
        name: find_source(table, given[name], option)
        for name, option in FACTS.items()
        if given[name] is not None
    }
    site = sources.get("site")
    return Restager(
        StageReader(diagnosis, settings.reading, settings.words, site),
        StageReader(assessment, settings.reading, settings.words, sources.get("assessment_site", site)),
        FactReader(
            FactSources(**sources),
            settings.words,
            given["date_format"],
            events=settings.preset.meanings("event"),
            types=settings.preset.meanings("recurrence"),
        ),
        write=table.write_cells,
        has_link=not given["no_link"],
        prefix=given["prefix"],
        counts=settings.counts,
    )
