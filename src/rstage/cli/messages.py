"""What the commands do with a message instead of a table."""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from rstage.cli.ending import end
from rstage.cli.input_files import begun
from rstage.cli.option_groups import is_stated, names_of
from rstage.cli.options import OPEN, FindingOptions
from rstage.cli.printing import plural
from rstage.cli.selection_options import SelectionOptions
from rstage.cli.table_options import MessageOptions
from rstage.files.inputs import STDIN
from rstage.files.outputs import Output
from rstage.messages.histories import record_findings, record_histories
from rstage.messages.message import MessageFinding
from rstage.messages.place import Place
from rstage.messages.recognize import is_xml, needed_format, recognized
from rstage.messages.source import Source
from rstage.messages.writing import output_parts, verify_written
from rstage.messages.xml_schema import violations
from rstage.reporting.report import MESSAGE_FIELDS
from rstage.restaging.diagnosis import Taking
from rstage.tables.formats.listing import FORMAT_NAMES
from rstage.tables.reviewed import stale

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rstage.cli.input_files import InputFiles, Write
    from rstage.cli.settings import Settings
    from rstage.messages.message import Format, Record, TumorHistory
    from rstage.reporting.counts import FindingCounts
    from rstage.reporting.placed import PlacedFinding


_OF_MESSAGES = (
    *("file", "files", "against", "schema", "form", "output", "output_file", "force", "statistics", "quiet"),
    *(*OPEN, *names_of(MessageOptions), *names_of(FindingOptions), *names_of(SelectionOptions)),
)


class _MessageCommand:
    """One command on a message: what is found on the way is counted and handed on.

    Attributes:
        counts: what was found. records, tumors, restagings: how many there were so far.
    """

    def __init__(self, source: Source, options: MessageOptions, settings: Settings) -> None:
        _refuse_options_of_tables()
        self.source = source
        self.form: Format = needed_format(source, options.input_format)
        self.taking = Taking(options.policy, options.diagnosis_window)
        self.reading = _reading(settings)
        self.counts = settings.counts
        settings.check_record_key()
        self._record_key = settings.record_key or ""
        self._keys: dict[int, str | None] = {}
        self._common: str | None = None
        self.records = self.tumors = self.restagings = 0

    def histories(self) -> Iterator[tuple[Sequence[TumorHistory], Iterator[PlacedFinding]]]:
        """Yield the histories of each record, and what is reported of it, to be taken before the next one."""
        for record in self.form.records(self.source, self.reading):
            found = record_histories(record, **self.taking._asdict())
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
            self.tumors += 1
            self.restagings += len(one.history.restagings) if one.history is not None else 0

    def count(self, findings: Iterable[MessageFinding]) -> Iterator[PlacedFinding]:
        """Count findings by their element, and yield those that are reported, with their file."""
        for found in findings:
            # What stands outside a tumor is that of a key that all tumors of the record have.
            key = self._keys.get(id(found), self._common)
            self.counts.add([found], record=key)
            if self.counts.is_reported(found, key):
                yield found.at(self.source.file)


def _stale(counts: FindingCounts) -> Iterator[PlacedFinding]:
    """Yield and count the overrides that were not used, each with a place that a message can have."""
    for found in stale(counts):
        yield MessageFinding(found.diagnostic, Place(0, found.column, found.place.line)).at(found.file)


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
                raise click.UsageError(f"{needed}; {file} is no message of a known format")


def is_message(file: str, input_format: str | None) -> bool:
    """Return whether a file is a message of a known format; standard input only where its format is named."""
    if input_format is not None:
        return input_format not in FORMAT_NAMES
    if file == STDIN:
        return False
    with Source(file) as source:
        return recognized(source) is not None


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
    """Print what is wrong in the stagings of messages and in how they follow each other.

    Raises:
        click.UsageError: a file is no message, so that the options of a table are `needed`.
    """
    runs: list[_MessageCommand] = []

    def in_file(file: str) -> Iterator[PlacedFinding]:
        with inputs.reading(file):
            no_table(file, options, needed)
            with Source(file) as source:
                run = _MessageCommand(source, options, settings)
                runs.append(run)
                yield from run.count(_found(run))
                if schema is not None:
                    yield from run.count(violations(file, schema))

    found = chain.from_iterable(map(in_file, inputs.names))
    settings.report(begun(chain(found, _stale(settings.counts))), form, MESSAGE_FIELDS, write=write)
    return _end("check", runs, settings, inputs)


def _found(run: _MessageCommand) -> Iterator[MessageFinding]:
    for record in run.form.records(run.source, run.reading):
        histories = record_histories(record, **run.taking._asdict())
        run.add(record, histories)
        yield from record.findings
        for one in histories:
            yield from one.findings


def message_histories(
    file: str, options: MessageOptions, settings: Settings, output: str | None, *, force: bool
) -> int:
    """Write one JSON history a line; what was found goes to stderr."""
    with Source(file) as source, Output(source, output, force=force) as written:
        run = _MessageCommand(source, options, settings)
        for record in run.form.records(source, run.reading):
            histories = record_histories(record, **run.taking._asdict())
            run.add(record, histories)
            found = [*record.findings, *(found for one in histories for found in one.findings)]
            settings.note(run.count(found))
            for one in histories:
                written.write(json.dumps(one.to_dict(), ensure_ascii=False).encode() + b"\n")
        written.commit()
    settings.note(_stale(settings.counts))
    return _end("history", [run], settings)


def restage_message(
    file: str, options: MessageOptions, settings: Settings, output: str | None, *, force: bool
) -> int:
    """Write a message with its restagings, or the sidecar beside it; what was found goes to stderr."""
    with Source(file) as source, Output(source, output, force=force) as written:
        run = _MessageCommand(source, options, settings)
        for part in output_parts(source, run.form, taking=run.taking, reading=run.reading):
            run.add(part.record, part.histories)
            settings.note(run.count(part.findings))
            written.write(part.data)
        written.commit()
    settings.note(_stale(settings.counts))
    return _end("restage", [run], settings)


def verify_message(file: str, against: str, options: MessageOptions, settings: Settings, *, form: str) -> int:
    """Prove that a file is a message with its additions, or the sidecar of one."""
    with Source(file) as written, Source(against) as original:
        run = _MessageCommand(original, options, settings)
        run.source = written
        found = verify_written(written, original, run.form, taking=run.taking, reading=run.reading)
        settings.report(run.count(found), form, MESSAGE_FIELDS)
    return end("verify", f"{file} against {against}", settings)


def _end(
    command: str, runs: Sequence[_MessageCommand], settings: Settings, inputs: InputFiles | None = None
) -> int:
    if command != "check":
        settings.note_statistics()
    counted = {
        "records": sum(run.records for run in runs),
        "tumors": sum(run.tumors for run in runs),
        "restagings": sum(run.restagings for run in runs),
    }
    facts = ", ".join(plural(count, name.removesuffix("s")) for name, count in counted.items())
    if inputs is None:
        return end(command, facts, settings, more=counted)
    return end(command, inputs.in_words(facts), settings, more=counted, unread=inputs.exit_code)
