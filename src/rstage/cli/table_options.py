"""Options of the commands that read tables and messages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import click

from rstage import rules
from rstage.cli.completing import complete_columns
from rstage.cli.option_groups import (
    FILE,
    choice_option,
    file_option,
    flag_option,
    is_stated,
    option,
    text_option,
    texts_option,
)
from rstage.cli.presets import PRESETS
from rstage.files.encodings import DEFAULT_ENCODING
from rstage.files.errors import TableError
from rstage.reference.choices import ENGINES, MESSAGE_FORMATS, POLICIES
from rstage.restaging.course import DEFAULT_WINDOW, LONGEST_WINDOW
from rstage.tables.formats.listing import FORMAT_NAMES

if TYPE_CHECKING:
    from rstage.reference.choices import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class TableOptions:
    """How a table is read, and whether a summary is printed."""

    delimiter: str | None = text_option(
        "--delimiter", "CHAR", "Delimiter; by default tab for .tsv and .tab, else comma."
    )
    sheet: str | None = text_option("--sheet", "NAME", "Sheet of an Excel workbook, where it has several.")
    comment: str | None = text_option(
        "--comment", "TEXT", "What lines before the header begin with, such as #."
    )
    header_row: int | None = option(
        "--header-row", type=click.IntRange(min=1), metavar="N", help="Line or row of the header, from 1."
    )
    skip_rows: int | None = option(
        "--skip-rows", type=click.IntRange(min=0), metavar="N", help="Lines or rows before the header."
    )
    encoding: str = option(
        "--encoding", default=DEFAULT_ENCODING, show_default=True, help="Encoding of the files."
    )
    corrections: str | None = file_option(
        "--corrections", "FILE", "Decisions of a person how values are read; look --worklist begins one."
    )
    missing: tuple[str, ...] = texts_option("--missing", "WORD", "One more word for a missing value.")
    quiet: bool = option("-q", "--quiet", is_flag=True, help="No summary.")

    def header_place(self) -> int | None:
        """Return the line or row of the header; None where none is said.

        Raises:
            TableError: RS012, it is said twice.
        """
        if self.header_row is not None and self.skip_rows is not None:
            why = "--skip-rows says the same in another way: give one of them"
            raise TableError(rules.OPTION_UNUSABLE.at(option="--header-row", why=why))
        return self.header_row if self.skip_rows is None else self.skip_rows + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageOptions:
    """What a message needs, and the format of what may be a message or a table."""

    input_format: str | None = choice_option(
        "--input-format",
        (*MESSAGE_FORMATS, *FORMAT_NAMES),
        "Format of FILE; else a message is recognized, and the name of a table ends in its format.",
    )
    policy: Policy = choice_option(
        "--policy", POLICIES, "Which staging is the diagnosis.", default=POLICIES[0]
    )
    diagnosis_window: int = option(
        "--diagnosis-window",
        type=click.IntRange(0, LONGEST_WINDOW),
        metavar="MONTHS",
        default=DEFAULT_WINDOW,
        show_default=True,
        help="Months after the first staging in which a staging can be of the diagnosis.",
    )
    prior: str | None = option(
        "--prior",
        type=FILE,
        metavar="HISTORIES",
        help="Histories that an earlier run wrote: the diagnosis of a tumor of a message that stands there.",
    )


def refuse_corrections_of_text() -> None:
    """Say that a text has no corrections: they are those of the cells of a column.

    Raises:
        click.UsageError: there are some.
    """
    if is_stated("corrections"):
        raise click.UsageError("--corrections decides how the cells of a stage are read, and not a text")


def check_of_table(options: MessageOptions, naaccr_items: str | None = None) -> None:
    """Make sure that no option was given that a table has no use for.

    Raises:
        click.UsageError: one was.
    """
    if options.prior is not None:
        raise click.UsageError("--prior is for messages: a table holds its diagnoses itself")
    if naaccr_items is not None:
        raise click.UsageError("--naaccr-items is for messages of NAACCR XML")


# Options that a group of one command takes as they are: `preset: str | None = preset_option()`.

table_format_option = partial(
    choice_option, "--input-format", FORMAT_NAMES, "Format of FILE; else its name ends in it."
)
statistics_option = partial(flag_option, "--statistics", "Count findings by code, column and value.")
report_option = partial(
    file_option, "--report", "FILE.html", "Write a page with pictures of what was read and found."
)
preset_option = partial(
    choice_option, "--preset", PRESETS, "Fill the options that are not given, for a known table."
)
engine_option = partial(
    choice_option,
    "--engine",
    ENGINES,
    "What works through a table; the result is the same.",
    default=ENGINES[0],
)
column_option = partial(
    texts_option,
    "--column",
    "COL | NAME:PART=COL",
    "A stage of the table.",
    shell_complete=complete_columns,
)
date_format_option = partial(
    text_option, "--date-format", "FORMAT", "Format of full dates, such as %d.%m.%Y."
)
# The command says what they are called and what they are for.
stage_option = partial(texts_option, metavar="COL | PART=COL", shell_complete=complete_columns)
fact_option = partial(text_option, metavar="COL | =VALUE", shell_complete=complete_columns)
event_option = partial(fact_option, "--event", help_text="What happened: unknown, recurrence or progression.")
recurrence_option = partial(
    fact_option, "--recurrence", help_text="Types of recurrence where they are stated, such as local+distant."
)
naaccr_items_option = partial(
    text_option,
    "--naaccr-items",
    "PREFIX",
    "NAACCR XML: restagings as items of a user dictionary, whose names begin so, and no sidecar.",
)
output_option = partial(
    option, "-o", "--output", type=FILE, metavar="OUT", help="Output; standard output without it."
)
