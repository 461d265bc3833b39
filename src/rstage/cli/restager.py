"""What `restage` and `verify` share: their options become a restager."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import click

from rstage import rules
from rstage.cli.option_groups import flag_option, group, text_option, texts_option
from rstage.cli.presets import preset_of
from rstage.cli.printing import print_note
from rstage.cli.table_options import (
    date_format_option,
    event_option,
    fact_option,
    preset_option,
    recurrence_option,
    stage_option,
)
from rstage.files.errors import TableError
from rstage.tables.dates import check_date_format
from rstage.tables.facts import REQUIRABLE, FactReader, FactSources
from rstage.tables.restage import Restager
from rstage.tables.stage_columns import find_source, find_stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from rstage.cli.settings import Settings
    from rstage.tables.stage_columns import ValueSource
    from rstage.tables.table import Table

_OPTIONS_OF = {"tumor-id": "--tumor-id", "dates": "--diagnosis-date and --assessment-date"}
_NOT_CHECKED = {
    "tumor-id": "without --tumor-id second primaries were not looked for",
    "dates": "without --diagnosis-date and --assessment-date it was not checked what came first",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FactOptions:
    """What stands beside the two stages of a restaging."""

    tumor_id: str | None = fact_option("--tumor-id", help_text="Tumor of both stages, or of the diagnosis.")
    assessment_tumor_id: str | None = fact_option(
        "--assessment-tumor-id", help_text="Tumor of the assessment, where it has its own column."
    )
    diagnosis_date: str | None = fact_option("--diagnosis-date", help_text="Date of the diagnosis.")
    assessment_date: str | None = fact_option("--assessment-date", help_text="Date of the assessment.")
    site: str | None = fact_option("--site", help_text="Primary site at diagnosis.")
    assessment_site: str | None = fact_option(
        "--assessment-site", help_text="Primary site in the record of the assessment."
    )
    event: str | None = event_option()
    recurrence: str | None = recurrence_option()

    def sources(self, source: Callable[[str | None, str], ValueSource | None]) -> FactSources:
        """Return where the facts come from.

        Args:
            source: returns what a text and the option that gives it mean, or raises a `TableError`.
        """
        return FactSources(
            tumor_id=source(self.tumor_id, "--tumor-id"),
            assessment_tumor_id=source(self.assessment_tumor_id, "--assessment-tumor-id"),
            diagnosis_date=source(self.diagnosis_date, "--diagnosis-date"),
            assessment_date=source(self.assessment_date, "--assessment-date"),
            site=source(self.site, "--site"),
            assessment_site=source(self.assessment_site, "--assessment-site"),
            event=source(self.event, "--event"),
            recurrence=source(self.recurrence, "--recurrence"),
        )


def _checked_facts(_ctx: click.Context, _option: click.Parameter, texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the facts that an option names, each text with commas between them."""
    facts = tuple(one.strip() for text in texts for one in text.split(","))
    if unknown := [one for one in facts if one not in REQUIRABLE]:
        raise click.BadParameter(f"{unknown[0]} is none of {', '.join(REQUIRABLE)}")
    return facts


@dataclass(frozen=True, slots=True, kw_only=True)
class RestagingOptions:
    """What is restaged, and what is appended for it."""

    preset: str | None = preset_option()
    diagnosis: tuple[str, ...] = stage_option(
        "--diagnosis", help_text="Stage at diagnosis: a column, or one column a part."
    )
    assessment: tuple[str, ...] = stage_option("--assessment", help_text="New assessment, in the same way.")
    facts: FactOptions = group(FactOptions)
    date_format: str | None = date_format_option()
    require: tuple[str, ...] = texts_option(
        "--require",
        "FACTS",
        "Restage no row without these: tumor-id, dates.",
        callback=_checked_facts,
    )
    prefix: str | None = text_option("--prefix", "NAME", "Append NAME_restaged, NAME_recurrence and so on.")
    no_link: bool = flag_option("--no-link", "Append no link.")


def check_required(required: tuple[str, ...], sources: FactSources) -> None:
    """Make sure that the facts that no row may lack are given.

    Raises:
        TableError: RS012, one is not.
    """
    for fact in required:
        if fact in sources.unchecked:
            why = f"it needs {_OPTIONS_OF[fact]}"
            raise TableError(rules.OPTION_UNUSABLE.at(option=f"--require {fact}", why=why))


def note_unchecked(restager: Restager, settings: Settings) -> None:
    """Say what was not looked for, because the facts that would show it are not given."""
    if not settings.table.quiet:
        for fact in restager.unchecked:
            print_note(f"rstage restage: {_NOT_CHECKED[fact]}")


def restager_of(table: Table, options: RestagingOptions, settings: Settings) -> Restager:
    """Return the restager that the options ask for.

    Raises:
        TableError: RS005, RS010, RS012; a column or a value cannot be used.
    """
    check_date_format(options.date_format)
    diagnosis = find_stage(table, options.diagnosis, "--diagnosis")
    assessment = find_stage(table, options.assessment, "--assessment")
    sources = options.facts.sources(partial(find_source, table))
    check_required(options.require, sources)
    preset = preset_of(options.preset)
    return Restager(
        settings.stage_reader(diagnosis, sources.site),
        settings.stage_reader(assessment, sources.assessment_site or sources.site),
        FactReader(
            sources,
            settings.words,
            options.date_format,
            events=preset.meanings("event"),
            types=preset.meanings("recurrence"),
            required=options.require,
        ),
        writer=table.cell_format,
        has_link=not options.no_link,
        key=None if options.no_link else settings.link_key(),
        prefix=options.prefix,
        counts=settings.counts,
        tally=settings.tally,
    )
