"""What the commands do with a message instead of a table."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rstage import rules
from rstage.cli.ending import end
from rstage.cli.option_groups import is_stated, names_of
from rstage.cli.options import OPEN, FindingOptions
from rstage.cli.printing import plural
from rstage.cli.selection_options import SelectionOptions
from rstage.cli.table_options import MessageOptions
from rstage.diagnostics import printable
from rstage.files.errors import TableError
from rstage.files.inputs import STDIN
from rstage.files.outputs import Output
from rstage.messages.gathering import Gatherer
from rstage.messages.histories import Making, record_findings, record_histories
from rstage.messages.message import MessageFinding
from rstage.messages.pictured import tally_tumor
from rstage.messages.place import Place
from rstage.messages.prior import PriorHistories
from rstage.messages.recognize import is_xml, needed_format, recognized
from rstage.messages.source import Source
from rstage.messages.writing import output_parts, verify_written
from rstage.reporting.report import MESSAGE_FIELDS
from rstage.tables.formats.listing import FORMAT_NAMES
from rstage.tables.reviewed import stale

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rstage.cli.settings import Settings
    from rstage.messages.message import Format, Record, TumorHistory
    from rstage.reporting.placed import PlacedFinding


_OF_MESSAGES = (
    *("file", "files", "against", "naaccr_items", "schema", "form", "output", "output_file", "force"),
    *("statistics", "report", "quiet", "link_key"),
    *(*OPEN, *names_of(MessageOptions), *names_of(FindingOptions), *names_of(SelectionOptions)),
)


class MessageCommand:
    """One command on a message: what is found on the way is counted and handed on.

    Attributes:
        counts: what was found. records, tumors, restagings: how many there were so far.
        file: what was read, for the report.
    """

    def __init__(self, source: Source, options: MessageOptions, settings: Settings) -> None:
        _refuse_options_of_tables()
        self.source, self.file = source, source.file
        key = settings.link_key()
        self.form: Format = needed_format(source, options.input_format, key)
        prior = PriorHistories(options.prior, key) if options.prior is not None else None
        self.make = Making(options.policy, options.diagnosis_window, prior, key=key)
        self.reading = _reading(settings)
        self.counts = settings.counts
        settings.check_record_key()
        self.tally = settings.tally
        self._record_key = settings.record_key or ""
        self._keys: dict[int, str | None] = {}
        self._common: str | None = None
        self.records = self.tumors = self.restagings = 0

    def histories(self) -> Iterator[tuple[Sequence[TumorHistory], Iterator[PlacedFinding]]]:
        """Yield the histories of each record, and what is reported of it, to be taken before the next one."""
        for record in self.form.records(self.source, self.reading):
            found = record_histories(record, self.make)
            self.add(record, found)
            yield found, self.count(record_findings(record, found))

    def add(self, record: Record | None, histories: Sequence[TumorHistory]) -> None:
        """Count a record, and keep the keys of its tumors for what was found in it."""
        self.records += record is not None
        keys = [one.tumor.keys.get(self._record_key) for one in histories]
        self._keys = {
            id(found): key for one, key in zip(histories, keys, strict=True) for found in one.findings
        }
        self._common = keys[0] if len(set(keys)) == 1 else None
        for one in histories:
            if self.tally is not None:
                tally_tumor(self.tally, one)
            self.tumors += 1
            self.restagings += one.new_count

    def count(self, findings: Iterable[MessageFinding], file: str | None = None) -> Iterator[PlacedFinding]:
        """Count findings by their element, and yield those that are reported, with their file."""
        for found in findings:
            # What stands outside a tumor is that of a key that all tumors of the record have.
            key = self._keys.get(id(found), self._common)
            self.counts.add([found], record=key)
            if self.counts.is_reported(found, key):
                yield found.at(file or self.source.file)

    def stale(self) -> Iterator[PlacedFinding]:
        """Yield and count the overrides that were not used, each with a place that a message can have."""
        for found in stale(self.counts):
            yield MessageFinding(found.diagnostic, Place(0, found.column, found.place.line)).at(found.file)

    def facts(self) -> str:
        """Return how many records, tumors and restagings there were."""
        return (
            f"{plural(self.records, 'record')}, {plural(self.tumors, 'tumor')}, "
            f"{plural(self.restagings, 'restaging')}"
        )


def _reading(settings: Settings) -> dict[str, Any]:
    """Return the options of reading that a message leaves open; its format fixes the rest."""
    return {
        name: value for name, value in settings.reading.items() if name in OPEN and value not in (None, False)
    }


def _refuse_options_of_tables() -> None:
    """Make sure that no option was given that would be passed over.

    Raises:
        click.UsageError: an option is for tables; a message says itself what it holds.
    """
    context = click.get_current_context()
    for option in context.command.params:
        name = option.name or ""
        known = name in _OF_MESSAGES or not option.expose_value  # the configuration
        if is_stated(name) and not known:
            raise click.UsageError(f"{option.opts[-1]} is for tables: a message says itself what it holds")


def no_table(file: str, options: MessageOptions, needed: str) -> None:
    """Make sure that a file without options of a table is a message.

    Raises:
        click.UsageError: it is none, so that the options of a table are `needed`.
        TableError: RS001, the file cannot be read; RS017, it is XML of another kind.
    """
    if options.input_format in FORMAT_NAMES:
        raise click.UsageError(needed)
    if options.input_format is None and file != STDIN:
        with Source(file) as source:
            if is_xml(source):
                needed_format(source, None)
            elif source.head and b"\0" not in source.head and recognized(source) is None:
                raise click.UsageError(f"{needed}; {printable(file)} is no message of a known format")


def is_message(file: str, input_format: str | None) -> bool:
    """Return whether a file is a message of a known format; standard input only where its format is named."""
    if input_format is not None:
        return input_format not in FORMAT_NAMES
    if file == STDIN:
        return False
    with Source(file) as source:
        return recognized(source) is not None


def found_in(run: MessageCommand) -> Iterator[MessageFinding]:
    """Yield what is wrong in the stagings of a message and in how they follow each other."""
    for record in run.form.records(run.source, run.reading):
        histories = record_histories(record, run.make)
        run.add(record, histories)
        yield from record.findings
        for one in histories:
            yield from one.findings


def message_histories(
    file: str, options: MessageOptions, settings: Settings, output: str | None, *, force: bool
) -> int:
    """Write one JSON history a line; what was found goes to stderr."""
    with Source(file) as source, Output(source, output, force=force) as written:
        run = MessageCommand(source, options, settings)
        for record in run.form.records(source, run.reading):
            histories = record_histories(record, run.make)
            run.add(record, histories)
            found = [*record.findings, *(found for one in histories for found in one.findings)]
            settings.note(run.count(found))
            for one in histories:
                written.write(json.dumps(one.to_dict(), ensure_ascii=False).encode() + b"\n")
        written.commit()
    settings.note(run.stale())
    return end_message("history", run, settings)


class _Files:
    """Several files, none of which is ever overwritten."""

    def __init__(self, files: Sequence[str]) -> None:
        self._files = files
        self._began = self._states()

    def is_file(self, status: os.stat_result) -> bool:
        """Return whether this is the status of one of them."""
        paths = [Path(file) for file in self._files if file != STDIN]
        return any(os.path.samestat(path.stat(), status) for path in paths if path.exists())

    def check_unchanged(self) -> None:
        """Make sure that each is still what it was when the first was opened.

        Raises:
            TableError: RS001, one of them was changed meanwhile.
        """
        for file, before, now in zip(self._files, self._began, self._states(), strict=True):
            if before != now:
                raise TableError(rules.FILE_UNREADABLE.at(file=file, why="it was changed meanwhile"))

    def _states(self) -> list[tuple[int, int] | None]:
        """Return the size and the time of the last change of each; None where it is no file."""
        return [_state(Path(file)) if file != STDIN else None for file in self._files]


def _state(path: Path) -> tuple[int, int] | None:
    if not path.is_file():
        return None
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def gathered_histories(
    files: Sequence[str], options: MessageOptions, settings: Settings, output: str | None, *, force: bool
) -> int:
    """Write one JSON history a line for the tumors of several messages."""
    with Source(files[0]) as first:
        run = MessageCommand(first, options, settings)
    gatherer = Gatherer(files, options.input_format, run.reading, run.make.key)
    with Output(_Files(files), output, force=force) as written:
        for file, found in gatherer.findings():
            settings.note(run.count([found], file))
        for one in gatherer.histories(run.make):
            run.add(None, [one.history])
            for file, found in one.findings:
                settings.note(run.count([found], file))
            written.write(json.dumps(one.history.to_dict(), ensure_ascii=False).encode() + b"\n")
        written.commit()
    run.records = gatherer.record_count
    run.file = f"{files[0]} and {plural(len(files) - 1, 'more file')}"
    settings.note(run.stale())
    return end_message("history", run, settings)


def restage_message(
    file: str, options: MessageOptions, settings: Settings, output: str | None, *, force: bool
) -> int:
    """Write a message with its restagings, or the sidecar beside it; what was found goes to stderr."""
    with Source(file) as source, Output(source, output, force=force) as written:
        run = MessageCommand(source, options, settings)
        for part in output_parts(source, run.form, make=run.make, reading=run.reading):
            run.add(part.record, part.histories)
            settings.note(run.count(part.findings))
            written.write(part.data)
        written.commit()
    settings.note(run.stale())
    return end_message("restage", run, settings)


def verify_message(file: str, against: str, options: MessageOptions, settings: Settings, *, form: str) -> int:
    """Prove that a file is a message with its additions, or the sidecar of one."""
    with Source(file) as written, Source(against) as original:
        run = MessageCommand(original, options, settings)
        run.source = written
        found = verify_written(written, original, run.form, make=run.make, reading=run.reading)
        settings.report(run.count(found), form, MESSAGE_FIELDS)
    return end("verify", f"{file} against {against}", settings)


def end_message(command: str, run: MessageCommand, settings: Settings) -> int:
    """Print how a command on a message ended, and return its exit code."""
    if command != "check":
        settings.note_statistics()
    facts = {"records": run.records, "tumors": run.tumors, "restagings": run.restagings}
    return end(command, run.facts(), settings, more=facts, file=run.file)
