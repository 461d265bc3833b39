"""`rstage verify`: that a table holds another one unaltered, or that the links of restagings hold."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from rstage.cli.config_options import NeededArgument, configuration_options, is_stated
from rstage.cli.decorators import FILE
from rstage.cli.ending import Rows, end
from rstage.cli.failures import ends_with_message
from rstage.cli.options import (
    engine_option,
    finding_options,
    message_options,
    reading_options,
    restage_options,
    table_options,
)
from rstage.cli.printing import plural
from rstage.cli.restager import FACTS, restager_of
from rstage.cli.selection_options import selection_options
from rstage.cli.settings import Settings
from rstage.messages.link_files import LinkVerifier
from rstage.reporting.report import FORMATS
from rstage.tables.engines import verifier_of

_OF_RESTAGE = (*FACTS, "date_format", "prefix", "no_link")


@click.command("verify")
@click.argument("file", cls=NeededArgument, type=FILE)
@click.option("--against", type=FILE, metavar="FILE", help="The table that FILE was made from.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="What is printed.")
@restage_options
@engine_option
@message_options
@reading_options
@table_options
@finding_options
@selection_options
@configuration_options
@ends_with_message
def verify_command(file: str, against: str | None, form: str, **given: Any) -> int:
    """Prove that FILE holds what --against holds byte for byte, and name each row or record that it does not.

    With the options of the restage every appended cell of a table is computed anew too. FILE can also be
    what restaging a message wrote: the message with additions, or its sidecar. Without --against FILE holds
    restagings or histories as JSON or JSON Lines, and their links are verified.
    """
    given["overrides"] = None  # what is proved is always told
    settings = Settings.of(given)
    if against is not None:
        if not given["diagnosis"] and not given["assessment"]:
            from rstage.cli.messages import is_message, verify_message

            if is_message(against, given["input_format"]):
                return verify_message(file, against, form, given, settings)
        return _verify_table(file, against, form, given, settings)
    if any(given[name] and is_stated(name) for name in ("diagnosis", "assessment")):
        raise click.UsageError("the options of the restage need --against")
    verifier = LinkVerifier(file)
    settings.teller.report(verifier.findings(), form)
    settings = replace(settings, counts=verifier.counts)
    restagings = verifier.restaging_count
    return end("verify", plural(restagings, "restaging"), settings, more={"restagings": restagings})


def _verify_table(file: str, against: str, form: str, given: dict[str, Any], settings: Settings) -> int:
    has_stages = bool(given["diagnosis"]), bool(given["assessment"])
    if has_stages != (True, True) and (
        any(has_stages) or any(given[name] and is_stated(name) for name in _OF_RESTAGE)
    ):
        raise click.UsageError("the options of the restage need both --diagnosis and --assessment")
    with (
        settings.open_table(against, file) as original,
        original.opened_alike(file) as output,
    ):
        restager = restager_of(original, given, settings) if all(has_stages) else None
        verifier = verifier_of(original, output, restager, settings.engine)
        settings.teller.report(verifier.findings(), form)
    rows = Rows(verifier.original_count, verifier.output_count, verifier.rejected_count)
    facts = f"{plural(rows.rows_in, 'row')} in, {rows.out:,} out, {rows.rejected:,} rejected"
    proven = "original and appended cells compared" if restager else "original cells compared"
    return end("verify", f"{facts}; {proven}", replace(settings, counts=verifier.counts), rows=rows)
