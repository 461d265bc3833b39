"""`rstage check` of messages: what is wrong in their stagings and in how they follow each other."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rstage.cli.ending import end
from rstage.cli.input_files import begun
from rstage.cli.messages import MessageCommand, found_in, no_table
from rstage.cli.printing import plural
from rstage.messages.source import Source
from rstage.messages.xml_schema import violations
from rstage.reporting.report import MESSAGE_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rstage.cli.input_files import InputFiles, Write
    from rstage.cli.settings import Settings
    from rstage.cli.table_options import MessageOptions
    from rstage.reporting.placed import PlacedFinding


def check_messages(
    inputs: InputFiles,
    options: MessageOptions,
    settings: Settings,
    *,
    form: str,
    schema: str | None,
    write: Write,
    needed: str,
) -> int:
    """Write what is wrong in messages.

    Raises:
        click.UsageError: a file is no message, so that the options of a table are `needed`.
    """
    counted: Counter[str] = Counter(records=0, tumors=0, restagings=0)

    def in_files() -> Iterator[PlacedFinding]:
        run = None
        for file in inputs.names:
            with inputs.reading(file):
                no_table(file, options, needed)
                with Source(file) as source:
                    run = MessageCommand(source, options, settings)
                    yield from run.count(found_in(run))
                    if schema is not None:
                        yield from run.count(violations(file, schema))
                    counted.update(records=run.records, tumors=run.tumors, restagings=run.restagings)
        if run is not None:
            yield from run.stale()

    settings.report(begun(in_files()), form, MESSAGE_FIELDS, write=write)
    facts = ", ".join(plural(count, name.removesuffix("s")) for name, count in counted.items())
    return end(
        "check", inputs.in_words(facts), settings, more=counted, unread=inputs.exit_code, file=inputs.title
    )
