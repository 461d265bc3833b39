"""Restagings as items in NAACCR XML: the message with them, and the dictionary beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rstage import rules
from rstage.cli.ending import end
from rstage.cli.messages import MessageCommand, end_message
from rstage.files.inputs import STDIN
from rstage.files.outputs import Output
from rstage.messages.message import MessageFinding
from rstage.messages.naaccr.additions import ItemWriter
from rstage.messages.naaccr.writing import parts_with_items, verify_items
from rstage.messages.place import Place
from rstage.messages.source import Source
from rstage.reporting.report import MESSAGE_FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rstage.cli.settings import Settings
    from rstage.cli.table_options import MessageOptions

DICTIONARY = ".dictionary.xml"
"""What is added to the name of the output for its dictionary."""


def restage_with_items(
    file: str, options: MessageOptions, settings: Settings, output: str | None, *, prefix: str, force: bool
) -> int:
    """Write a message with its restagings as items, and the dictionary of the items beside it.

    Raises:
        click.UsageError: the message is none of NAACCR XML, or one of the two files has no name.
    """
    if file == STDIN or output in (None, STDIN):
        raise click.UsageError("--naaccr-items needs the name of a FILE and an output with -o")
    with Source(file) as source:
        run = MessageCommand(source, options, settings)
        writer = _writer(run, prefix)
        with (
            Output(source, output, force=force) as written,
            Output(source, f"{output}{DICTIONARY}", force=force) as dictionary,
        ):
            for part in parts_with_items(source, writer, run.make, run.reading):
                run.add(part.record, part.histories)
                settings.note(run.count(part.findings))
                written.write(part.data)
            dictionary.write(writer.dictionary())
            written.commit()
            dictionary.commit()
    settings.note(run.stale())
    return end_message("restage", run, settings)


def verify_with_items(prefix: str) -> Callable[..., int]:
    """Return what proves that a message is another one with items, and its dictionary the one of them."""

    def verify(file: str, against: str, options: MessageOptions, settings: Settings, *, form: str) -> int:
        with Source(file) as written, Source(against) as original:
            run = MessageCommand(original, options, settings)
            writer = _writer(run, prefix)
            run.source = written
            found = [*verify_items(written, original, writer, run.make, run.reading)]
            found += _dictionary(file, writer)
            settings.report(run.count(found), form, MESSAGE_FIELDS)
        return end("verify", f"{file} against {against}", settings)

    return verify


def _dictionary(file: str, writer: ItemWriter) -> Iterator[MessageFinding]:
    with Source(f"{file}{DICTIONARY}") as source:
        if b"".join(source.chunks()) != writer.dictionary():
            yield MessageFinding(rules.ADDITION_UNCONFIRMED.at(record=0), Place(0, "NaaccrDictionary"))


def _writer(run: MessageCommand, prefix: str) -> ItemWriter:
    if run.form.name != "naaccr":
        raise click.UsageError("--naaccr-items is for messages of NAACCR XML")
    return ItemWriter(prefix, run.source.head)
