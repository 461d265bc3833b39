"""`rstage verify`: that a table holds another one unaltered, or that the links of restagings hold."""

from __future__ import annotations

from dataclasses import dataclass, replace

import click

from rstage import rules
from rstage.cli.command import command
from rstage.cli.config_options import NeededArgument
from rstage.cli.ending import RowCounts, end
from rstage.cli.link_key import link_key_option
from rstage.cli.option_groups import FILE, choice_option, file_option, group, is_stated, names_of
from rstage.cli.options import ReadingOptions
from rstage.cli.printing import plural
from rstage.cli.restager import FactOptions, RestagingOptions, restager_of
from rstage.cli.settings import CommonOptions, Settings
from rstage.cli.table_options import MessageOptions, check_of_table, engine_option, naaccr_items_option
from rstage.files.errors import TableError
from rstage.messages.link_files import LinkVerifier
from rstage.reporting.report import FORMATS
from rstage.tables.engines import verifier_of
from rstage.tables.formats.listing import format_of_name

_NEEDS_AGAINST = "--against names the table that FILE was made from; without it FILE holds restagings as JSON"
_ALONE = "without --against no original is compared"
_BESIDE_STAGES = (*names_of(FactOptions), "date_format", "prefix", "no_link")


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyOptions:
    """The options of `verify`."""

    against: str | None = file_option("--against", "FILE", "The table that FILE was made from.")
    form: str = choice_option("--format", FORMATS, "What is printed.", default="text")
    restaging: RestagingOptions = group(RestagingOptions)
    engine: str = engine_option()
    message: MessageOptions = group(MessageOptions)
    naaccr_items: str | None = naaccr_items_option()
    link_key: str | None = link_key_option()
    reading: ReadingOptions = group(ReadingOptions)
    common: CommonOptions = group(CommonOptions)


@command("verify", VerifyOptions)
@click.argument("file", cls=NeededArgument, type=FILE)
def verify_command(options: VerifyOptions, file: str) -> int:
    """Prove that FILE holds what --against holds byte for byte, and name each row or record that it does not.

    With the options of the restage every appended cell of a table is computed anew too. FILE can also be
    what restaging a message wrote: the message with additions, or its sidecar. Without --against FILE holds
    restagings or histories as JSON or JSON Lines, and their links are verified.
    """
    # What is proved is always reported.
    selection = replace(options.common.selection, overrides=None)
    settings = Settings.of(
        options.reading,
        replace(options.common, selection=selection),
        site=options.restaging.facts.site,
        link_key=options.link_key,
    )
    if options.against is not None:
        if not options.restaging.diagnosis and not options.restaging.assessment:
            from rstage.cli.messages import is_message, verify_message
            from rstage.cli.naaccr_items import verify_with_items

            if is_message(options.against, options.message.input_format):
                verify = (
                    verify_message
                    if options.naaccr_items is None
                    else verify_with_items(options.naaccr_items)
                )
                return verify(file, options.against, options.message, settings, form=options.form)
        return _verify_table(file, options.against, options, settings)
    if is_stated("diagnosis") or is_stated("assessment"):
        raise click.UsageError("the options of the restage need --against")
    verifier = LinkVerifier(file, settings.link_key())
    try:
        settings.report(verifier.findings(), options.form)
    except TableError as error:
        if error.diagnostic.code == rules.FILE_MALFORMED.code and _is_named_as_table(file):
            raise click.UsageError(_NEEDS_AGAINST) from None
        raise
    settings = replace(settings, counts=verifier.counts)
    restagings = verifier.restaging_count
    facts = f"{plural(restagings, 'restaging')}{verifier.links_in_words()}, links only: {_ALONE}"
    return end("verify", facts, settings, more={"restagings": restagings})


def _is_named_as_table(file: str) -> bool:
    """Return whether the name of a file is that of a table which is no JSON."""
    named = format_of_name(file)
    return named is not None and not named.name.endswith("json")


def _verify_table(file: str, against: str, options: VerifyOptions, settings: Settings) -> int:
    check_of_table(options.message, options.naaccr_items)
    has_stages = _has_stages(options.restaging)
    if has_stages != (True, True) and (any(has_stages) or any(map(_is_given, _BESIDE_STAGES))):
        raise click.UsageError("the options of the restage need both --diagnosis and --assessment")
    with (
        settings.open_table(against, options.message.input_format, file) as original,
        original.opened_alike(file) as output,
    ):
        restager = restager_of(original, options.restaging, settings) if all(has_stages) else None
        verifier = verifier_of(original, output, restager, options.engine)
        settings.report(verifier.findings(), options.form)
    rows = RowCounts(verifier.original_count, verifier.output_count, verifier.rejected_count)
    facts = f"{plural(rows.rows_in, 'row')} in, {rows.out:,} out, {rows.rejected:,} rejected"
    proven = "original and appended cells compared" if restager else "original cells compared"
    return end("verify", f"{facts}; {proven}", replace(settings, counts=verifier.counts), rows=rows)


def _has_stages(options: RestagingOptions) -> tuple[bool, bool]:
    """Return whether there is a diagnosis, and an assessment; a preset's diagnosis alone is none."""
    has_assessment = bool(options.assessment)
    return bool(options.diagnosis) and (has_assessment or is_stated("diagnosis")), has_assessment


def _is_given(name: str) -> bool:
    """Return whether an option was given on the command line, with a text that is not blank."""
    return is_stated(name) and bool(click.get_current_context().params[name])
