"""NAACCR XML with its restagings as items: every byte of the message, and the items between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rstage import rules
from rstage.messages.histories import record_findings, record_histories
from rstage.messages.message import MessageFinding
from rstage.messages.naaccr.tumor import FORMAT, record_start
from rstage.messages.place import Place
from rstage.messages.source import Followed, Source
from rstage.messages.writing import OutputPart
from rstage.restaging.link import unproven_in, without_links

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rstage.messages.histories import Making
    from rstage.messages.naaccr.additions import ItemWriter


def parts_with_items(
    source: Source, writer: ItemWriter, make: Making, reading: Mapping[str, Any]
) -> Iterator[OutputPart]:
    """Yield what is written for each record, with what stands before it, and at last the rest of the message.

    The message is read twice at the same time, by its name: once for its records, once for its bytes.

    Raises:
        TableError: as for `read`.
    """
    with Source(source.file) as again:
        copy = _Copy(again.chunks())
        root = writer.root_addition()
        before = copy.up_to(root.offset) + root.data if root is not None else b""
        for record in FORMAT.records(source, reading):
            histories = record_histories(record, make)
            additions, left_out = writer.additions(record, histories)
            data, start = before, record_start(record)
            for one in additions:
                data += copy.up_to(start + one.offset) + one.data
            data += copy.up_to(start + len(record.raw))
            before = b""
            findings = [*record_findings(record, histories), *left_out]
            yield OutputPart(record, data, histories, findings)
        yield OutputPart(None, before + copy.rest(), (), ())


class _Copy:
    """The bytes of a message, from where they were left."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._held = b""
        self._at = 0

    def up_to(self, offset: int) -> bytes:
        """Return the bytes from here to an offset of the message."""
        while self._at + len(self._held) < offset and (chunk := next(self._chunks, b"")):
            self._held += chunk
        count = offset - self._at
        data, self._held = self._held[:count], self._held[count:]
        self._at = offset
        return data

    def rest(self) -> bytes:
        """Return what is left."""
        return b"".join([self._held, *self._chunks])


def verify_items(
    written: Source, original: Source, writer: ItemWriter, make: Making, reading: Mapping[str, Any]
) -> Iterator[MessageFinding]:
    """Yield what does not hold in a message with items: each record is computed anew, and compared."""
    followed, count = Followed(written), 0
    for part in parts_with_items(original, writer, make, reading):
        count += part.record is not None
        if followed.follow(part.data):
            continue
        found = followed.take(len(part.data))
        rule = unproven_in(part.data, found)
        is_same = rule is not None and without_links(part.data) == without_links(found)
        rule = rule if rule is not None and is_same else rules.RECORD_ALTERED
        yield MessageFinding(rule.at(record=count), Place(count, "record"))
        if not is_same:
            return
    if not followed.is_at_end():
        yield MessageFinding(rules.ADDITION_UNCONFIRMED.at(record=count), Place(count, "record"))
