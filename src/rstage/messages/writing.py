"""A message with its restagings, or the sidecar beside it; and the proof that nothing else was changed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

from rstage import rules
from rstage.arguments import check_keywords, path_text
from rstage.files.errors import TableError
from rstage.files.outputs import Output
from rstage.messages.given import given
from rstage.messages.histories import AS_READ, Making, record_findings, record_histories
from rstage.messages.message import MessageFinding
from rstage.messages.place import Place
from rstage.messages.prior import PriorHistories
from rstage.messages.recognize import needed_format
from rstage.messages.sidecar import SidecarVerifier, last_line, lines
from rstage.messages.source import Followed, Source
from rstage.reading.options import SPELLING_KEYWORDS
from rstage.restaging.course import DEFAULT_WINDOW, check_window
from rstage.restaging.link import unproven_in
from rstage.restaging.link_key import check_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from os import PathLike
    from typing import Unpack

    from rstage.messages.given import Message
    from rstage.messages.histories import Extend
    from rstage.messages.message import Addition, Format, Record, TumorHistory
    from rstage.reading.options import SpellingOptions
    from rstage.reference.choices import MessageFormat, Policy
    from rstage.restaging.link_key import LinkKey


class OutputPart(NamedTuple):
    """What is written for one record, or what ends the output.

    Attributes:
        record: None for what ends the output. data: the bytes. histories: the histories of its tumors.
        findings: what was found in the record, and what the format cannot hold.
    """

    record: Record | None
    data: bytes
    histories: Sequence[TumorHistory]
    findings: Sequence[MessageFinding]

    def __repr__(self) -> str:
        return f"OutputPart({self.record!r}, {len(self.data)} bytes, {len(self.findings)} findings)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What came of a message that was written.

    Attributes:
        records, tumors, restagings: how many there were.
        findings: everything that was found; RS505 names what the format cannot hold.
    """

    records: int
    tumors: int
    restagings: int
    findings: tuple[MessageFinding, ...]


def output_parts(
    source: Source,
    form: Format,
    *,
    make: Making,
    reading: Mapping[str, Any],
) -> Iterator[OutputPart]:
    """Yield what is written for each record, and at last what ends the output.

    Args:
        source: the message.
        form: its format.
        make: makes the histories of a record.
        reading: as for `read`.

    Raises:
        TableError: RS012, the format holds additions and a prior history is given: what an addition follows
            has to stand in the same message.
    """
    count = 0
    check_prior(form, make)
    if not form.holds_additions:
        source.keep_digest()
    for record in form.records(source, reading):
        count += 1
        histories = record_histories(record, make)
        findings = record_findings(record, histories)
        if form.holds_additions:
            additions, left_out = form.additions(record, histories)
            data = spliced(record.raw, additions)
            findings += left_out
        else:
            data = b"".join(lines(record, histories))
        yield OutputPart(record, data, histories, findings)
    if not form.holds_additions:
        yield OutputPart(None, last_line(source, count), (), ())


def _maker(
    policy: Policy,
    diagnosis_window: int,
    prior: str | PathLike[str] | None,
    extend: Extend | None,
    key: LinkKey | None,
) -> Making:
    check_key(key)
    known = PriorHistories(path_text("prior", prior), key) if prior is not None else None
    return Making(policy, check_window(diagnosis_window), known, extend, key)


def check_prior(form: Format, make: Making) -> None:
    """Make sure that a prior history has its place.

    Raises:
        TableError: RS012, the format holds additions, and what one follows has to stand in the same message.
    """
    if form.holds_additions and make.prior is not None:
        why = "what is added to a message follows a diagnosis in the same message"
        raise TableError(rules.OPTION_UNUSABLE.at(option="--prior", why=why))


def spliced(raw: bytes, additions: Sequence[Addition]) -> bytes:
    """Return the bytes of a record with additions put in; the record itself is not written anew."""
    made, start = [], 0
    for addition in sorted(additions, key=lambda one: one.offset):
        made += [raw[start : addition.offset], addition.data]
        start = addition.offset
    return b"".join([*made, raw[start:]])


def write(
    file: Message,
    out: str | PathLike[str] | None,
    *,
    input_format: MessageFormat | None = None,
    policy: Policy = "pathological",
    diagnosis_window: int = DEFAULT_WINDOW,
    prior: str | PathLike[str] | None = None,
    extend: Extend | None = None,
    key: LinkKey | None = None,
    force: bool = False,
    **reading: Unpack[SpellingOptions],
) -> Written:
    """Write a message with its restagings and their links, or a sidecar where it has no place for them.

    Args:
        file: the message, as for `read`.
        out: the output; None or `-` is standard output. It is never half written.
        input_format: as for `read`.
        policy: as for `histories`.
        diagnosis_window: likewise.
        prior: likewise.
        extend: is given the history of each tumor that has a diagnosis, and may return it with further
            restagings (`found.history.restage(...)`), or None to leave it as it is.
        key: as for `histories`.
        force: whether an output that exists may be replaced.
        reading: as for `read`.

    Raises:
        TableError: as for `read`, or the output exists (RS007), is the input (RS008) or cannot be written
            (RS009).
        ValueError: as for `read`, or `extend` returned a history that is no longer one.
        TypeError: as for `read`.
    """
    check_keywords("write", reading, SPELLING_KEYWORDS)
    message, target = given("file", file), None if out is None else path_text("out", out)
    counts = [0, 0, 0]
    make = _maker(policy, diagnosis_window, prior, extend, key)
    findings: list[MessageFinding] = []
    with Source(*message) as source, Output(source, target, force=force) as output:
        form = needed_format(source, input_format, key)
        for part in output_parts(source, form, make=make, reading=reading):
            output.write(part.data)
            counts[0] += part.record is not None
            counts[1] += len(part.histories)
            counts[2] += sum(one.new_count for one in part.histories)
            findings += part.findings
        output.commit()
    return Written(records=counts[0], tumors=counts[1], restagings=counts[2], findings=tuple(findings))


def verify(
    out: Message,
    file: Message,
    *,
    input_format: MessageFormat | None = None,
    policy: Policy = "pathological",
    diagnosis_window: int = DEFAULT_WINDOW,
    prior: str | PathLike[str] | None = None,
    extend: Extend | None = None,
    key: LinkKey | None = None,
    **reading: Unpack[SpellingOptions],
) -> tuple[MessageFinding, ...]:
    """Return what does not hold in an output of `write`; empty where it is the original with its additions.

    Args:
        out: the message with its additions, or the sidecar.
        file: the message that it was made from.
        input_format: the format of the message, as for `read`.
        policy: the same as when it was written.
        diagnosis_window: likewise.
        prior: likewise.
        extend: likewise.
        key: likewise; a link that it does not prove is a finding (RS445 to RS447).
        reading: likewise.

    Raises:
        TableError: as for `read`, of either file.
        ValueError, TypeError: as for `read`.
    """
    check_keywords("verify", reading, SPELLING_KEYWORDS)
    with Source(*given("out", out)) as written, Source(*given("file", file)) as original:
        make = _maker(policy, diagnosis_window, prior, extend, key)
        form = needed_format(original, input_format, key)
        found = verify_written(written, original, form, make=make, reading=reading)
        return tuple(found)


def verify_written(
    written: Source,
    original: Source,
    form: Format,
    *,
    make: Making = AS_READ,
    reading: Mapping[str, Any] | None = None,
) -> Iterator[MessageFinding]:
    """Yield what `verify` returns, for files that are open already."""
    check_prior(form, make)
    if form.holds_additions:
        return _verify_message(written, original, form, make, reading or {})
    return _verify_sidecar(written, original, form, make, reading or {})


def _verify_sidecar(
    written: Source, original: Source, form: Format, make: Making, reading: Mapping[str, Any]
) -> Iterator[MessageFinding]:
    sidecar, count = SidecarVerifier(written, make.key), 0
    original.keep_digest()
    for record in form.records(original, reading):
        count += 1
        yield from sidecar.record(record, record_histories(record, make))
    yield from sidecar.end(original, count)


def _verify_message(
    written: Source, original: Source, form: Format, make: Making, reading: Mapping[str, Any]
) -> Iterator[MessageFinding]:
    """Hold the bytes of a message against those that are written now; it is read from where they differ."""
    followed, number, differing = Followed(written), 1, []
    records = form.records(original, reading)
    for record in records:
        if not followed.follow(_as_written(record, form, make)):
            differing = [record]
            break
        number += 1
    if not differing and followed.is_at_end():
        return
    with followed.rest() as rest:
        both = zip_longest(form.records(rest, reading), chain(differing, records))
        for count, (found, before) in enumerate(both, start=number):
            rule = rules.RECORD_ALTERED
            if found is not None and before is not None:
                expected = _as_written(before, form, make)
                if found.raw == expected:
                    continue
                if form.taken_out(found, before) == before.raw:
                    rule = unproven_in(expected, found.raw) or rules.ADDITION_UNCONFIRMED
            yield MessageFinding(rule.at(record=count), Place(count, "record", 1, 1))


def _as_written(record: Record, form: Format, make: Making) -> bytes:
    """Return the bytes of a record with its additions."""
    additions, _ = form.additions(record, record_histories(record, make))
    return spliced(record.raw, additions)
