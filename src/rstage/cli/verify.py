"""`rstage verify`: that a table holds another one unaltered, or that the links of restagings hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from rstage.report import FORMATS, report
from rstage.restaging_files import LinkVerifier
from rstage.table_verify import Verifier
from rstage.tables import Table

from .failures import ends_with_message
from .options import (
    Settings,
    finding_options,
    message_options,
    reading_options,
    restage_options,
    table_options,
)
from .printing import plural, print_data, print_note, summary
from .restaging import FACTS, restager_of

if TYPE_CHECKING:
    from rstage.table_findings import FindingCounts

_OF_RESTAGE = (*FACTS, "date_format", "prefix", "no_link")


@click.command("verify")
@click.argument("file")
@click.option("--against", metavar="FILE", help="The table that FILE was made from.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="What is printed.")
@restage_options
@message_options
@reading_options
@table_options
@finding_options
@ends_with_message
def verify_command(file: str, against: str | None, form: str, **given: Any) -> int:
    """Prove that FILE holds what --against holds byte for byte, and name each row or record that it does not.

    With the options of the restage every appended cell of a table is computed anew too. FILE can also be
    what restaging a message wrote: the message with additions, or its sidecar. Without --against FILE holds
    restagings or histories as JSON or JSON Lines, and their links are verified.
    """
    settings = Settings.of(given)
    if against is not None:
        if not given["diagnosis"] and not given["assessment"]:
            from .messages import is_message, verify_message

            if is_message(against, given["input_format"]):
                return verify_message(file, against, form, given, settings)
        return _verify_table(file, against, form, given, settings)
    if given["diagnosis"] or given["assessment"]:
        raise click.UsageError("the options of the restage need --against")
    verifier = LinkVerifier(file)
    print_data(report(verifier.findings(), form))
    return _end(plural(verifier.restaging_count, "restaging"), verifier.counts, settings)


def _verify_table(file: str, against: str, form: str, given: dict[str, Any], settings: Settings) -> int:
    has_stages = bool(given["diagnosis"]), bool(given["assessment"])
    if has_stages != (True, True) and (any(has_stages) or any(given[name] for name in _OF_RESTAGE)):
        raise click.UsageError("the options of the restage need both --diagnosis and --assessment")
    with (
        Table(against, delimiter=settings.delimiter, encoding=settings.encoding) as original,
        Table(file, delimiter=original.delimiter, encoding=settings.encoding) as output,
    ):
        restager = restager_of(original, given, settings) if all(has_stages) else None
        verifier = Verifier(original, output, restager)
        print_data(report(verifier.findings(), form))
    rows = f"{plural(verifier.original_count, 'row')} in, {verifier.output_count:,} out"
    proven = "original and appended cells compared" if restager else "original cells compared"
    return _end(f"{rows}, {verifier.rejected_count:,} rejected; {proven}", verifier.counts, settings)


def _end(facts: str, counts: FindingCounts, settings: Settings) -> int:
    if not settings.quiet:
        print_note(summary("verify", facts, counts))
    return settings.exit_code(counts)
