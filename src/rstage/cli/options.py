"""Options that several commands share, and what they come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from rstage.cli.decorators import FILE, together
from rstage.cli.presets import PRESETS
from rstage.diagnostics import Severity
from rstage.dialects import DIALECTS
from rstage.files.encodings import DEFAULT_ENCODING
from rstage.reading.options import MODES
from rstage.reference.systems import SYSTEMS

if TYPE_CHECKING:
    from collections.abc import Callable


_Command = TypeVar("_Command", bound="Callable[..., Any]")


# The names of formats, engines and policies; what they do is imported when a file is read.
_FORMATS = ("naaccr", "obds", "fhir")
_TABLE_FORMATS = ("csv", "tsv", "psv", "ndjson", "parquet", "excel")
_ENGINES = ("auto", "stdlib", "polars")
_POLICIES = ("pathological", "clinical", "earliest")


def _dialect_option(command: _Command) -> _Command:
    """Add --dialect where this version knows a dialect."""
    if not DIALECTS:
        return command
    return click.option("--dialect", type=click.Choice(DIALECTS), help="Registry dialect of the cells.")(
        command
    )


reading_options = together(
    click.option(
        "--mode", type=click.Choice(MODES), default="standard", help="How freely spelling may vary."
    ),
    _dialect_option,
    click.option(
        "--edition", metavar="EDITION", help="Edition where none is written, such as 8 or 'AJCC 8'."
    ),
    click.option(
        "--system", type=click.Choice(SYSTEMS), help="System of a bare stage group; by default TNM."
    ),
    click.option("--carry-method", is_flag=True, help="Carry a leading c to N and M, a leading p to N."),
    click.option("--assume-clinical", is_flag=True, help="Read a category without c or p as clinical."),
    click.option(
        "--site-table",
        type=FILE,
        metavar="FILE",
        help="Which values each site has: a table, or a SEER algorithm.",
    ),
)

site_option = click.option(
    "--site", metavar="COL | =VALUE", help="Primary site, for --site-table: ICD-O code or name of a schema."
)

finding_options = together(
    click.option(
        "--fail-on",
        type=click.Choice([str(severity) for severity in Severity]),
        default=str(Severity.ERROR),
        help="Least severity that ends the run with exit code 1.",
    ),
    click.option("--exit-zero", is_flag=True, help="End with exit code 0 whatever is found."),
)

table_format_option = click.option(
    "--input-format", type=click.Choice(_TABLE_FORMATS), help="Format of FILE; else its name ends in it."
)

table_options = together(
    click.option(
        "--delimiter", metavar="CHAR", help="Delimiter; by default tab for .tsv and .tab, else comma."
    ),
    click.option("--sheet", metavar="NAME", help="Sheet of an Excel workbook, where it has several."),
    click.option("--comment", metavar="TEXT", help="What lines before the header begin with, such as #."),
    click.option("--encoding", default=DEFAULT_ENCODING, show_default=True, help="Encoding of the files."),
    click.option(
        "--missing", "missing", multiple=True, metavar="WORD", help="One more word for a missing value."
    ),
    click.option("-q", "--quiet", is_flag=True, help="No summary."),
)

policy_option = click.option(
    "--policy", type=click.Choice(_POLICIES), default=_POLICIES[0], help="Which staging is the diagnosis."
)

message_options = together(
    click.option(
        "--input-format",
        type=click.Choice((*_FORMATS, *_TABLE_FORMATS)),
        help="Format of FILE; else a message is recognized, and the name of a table ends in its format.",
    ),
    policy_option,
)

statistics_option = click.option(
    "--statistics", is_flag=True, help="Count findings by code, column and value."
)

engine_option = click.option(
    "--engine",
    type=click.Choice(_ENGINES),
    default=_ENGINES[0],
    help="What works through a table; the result is the same.",
)

output_options = together(
    click.option("-o", "--output", type=FILE, metavar="OUT", help="Output; standard output without it."),
    click.option(
        "--reject-file", type=FILE, metavar="FILE", help="Where ragged rows go; by default OUT.rejected."
    ),
    click.option("--force", is_flag=True, help="Replace files that exist."),
    engine_option,
)


def _stage(name: str, help_text: str) -> Callable[[_Command], _Command]:
    return click.option(name, multiple=True, metavar="COL | PART=COL", help=help_text)


def _fact(name: str, help_text: str) -> Callable[[_Command], _Command]:
    return click.option(name, metavar="COL | =VALUE", help=help_text)


preset_option = click.option(
    "--preset", type=click.Choice(PRESETS), help="Fill the options that are not given, for a known table."
)

restage_options = together(
    preset_option,
    _stage("--diagnosis", "Stage at diagnosis: a column, or one column a part."),
    _stage("--assessment", "New assessment, in the same way."),
    _fact("--tumor-id", "Tumor of both stages, or of the diagnosis."),
    _fact("--assessment-tumor-id", "Tumor of the assessment, where it has its own column."),
    _fact("--diagnosis-date", "Date of the diagnosis."),
    _fact("--assessment-date", "Date of the assessment."),
    _fact("--site", "Primary site at diagnosis."),
    _fact("--assessment-site", "Primary site in the record of the assessment."),
    _fact("--event", "What happened: unknown, recurrence or progression."),
    _fact("--recurrence", "Types of recurrence where they are stated, such as local+distant."),
    click.option("--date-format", metavar="FORMAT", help="Format of full dates, such as %d.%m.%Y."),
    click.option("--prefix", metavar="NAME", help="Append NAME_restaged, NAME_recurrence and so on."),
    click.option("--no-link", is_flag=True, help="Append no link."),
)

history_options = together(
    preset_option,
    _stage("--stage", "Stage of a row: a column, or one column a part."),
    click.option("--tumor-id", metavar="COL", help="Tumor of the row."),
    _fact("--date", "Date of the staging."),
    click.option("--id", "staging_id", metavar="COL", help="Id of the staging itself."),
    _fact("--site", "Primary site."),
    _fact("--event", "What happened: unknown, recurrence or progression."),
    _fact("--recurrence", "Types of recurrence where they are stated, such as local+distant."),
    click.option("--date-format", metavar="FORMAT", help="Format of full dates, such as %d.%m.%Y."),
)
