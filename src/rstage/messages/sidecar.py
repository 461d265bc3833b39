"""The sidecar: restagings beside a message that has no place for them, as JSON Lines.

A line names the record by its number, keys and digest and holds one restaging. The last line holds the number
of records and the digest of the whole message.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from rstage import rules
from rstage.files.errors import TableError
from rstage.messages.message import MessageFinding
from rstage.messages.place import Place
from rstage.restaging.history import verify
from rstage.restaging.link import unproven
from rstage.restaging.restage import Restaging

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rstage.diagnostics import Diagnostic
    from rstage.messages.message import Record, TumorHistory
    from rstage.messages.source import Source
    from rstage.restaging.link_key import LinkKey


def lines(record: Record, histories: Iterable[TumorHistory]) -> Iterator[bytes]:
    """Yield a line for each restaging of a record."""
    for found in histories:
        if found.history is None:
            continue
        for restaging in found.history.restagings[found.prior_count :]:
            yield _line(
                {
                    "record": record.number,
                    "digest": record.digest,
                    "keys": dict(found.tumor.keys),
                    "restaging": restaging.to_dict(),
                }
            )


def last_line(source: Source, record_count: int) -> bytes:
    """Return the line about the whole message, when all of it was read."""
    return _line({"message": {"records": record_count, "size": source.size, "digest": source.digest}})


def _line(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode() + b"\n"


class _SidecarLine(NamedTuple):
    """A line of a sidecar, as it stands and as what it holds."""

    number: int
    raw: bytes
    item: dict[str, Any]


class SidecarVerifier:
    """Holds a sidecar, given as `source`, against its message, record by record; `key` proves its links."""

    def __init__(self, source: Source, key: LinkKey | None = None) -> None:
        self._file, self._key = source.file, key
        self._lines = self._read(source)
        self._next = next(self._lines, None)

    def _read(self, source: Source) -> Iterator[_SidecarLine]:
        number, rest = 0, b""
        for chunk in source.chunks():
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                number += 1
                yield self._line(number, line + b"\n")
        if rest:
            yield self._line(number + 1, rest)

    def _line(self, number: int, raw: bytes) -> _SidecarLine:
        try:
            item = json.loads(raw)
        except (ValueError, RecursionError):
            item = None
        if not isinstance(item, dict):
            why = "this is no line of a sidecar"
            raise TableError(rules.MESSAGE_BROKEN.at(file=self._file, line=number, column=1, why=why))
        return _SidecarLine(number, raw, item)

    def record(self, record: Record, histories: Sequence[TumorHistory]) -> Iterator[MessageFinding]:
        """Yield what does not hold in the lines of a record.

        Each line is computed anew from the record. What differs is named: the record's bytes, a link, a
        restaging that is missing or that the record does not give.
        """
        expected = {line: json.loads(line) for line in lines(record, histories)}
        missing = set(expected)
        while self._next is not None and _number(self._next.item) <= record.number:
            line, self._next = self._next, next(self._lines, None)
            if line.raw in missing:
                missing.discard(line.raw)
                continue
            meant = _meant(line.item, {raw: expected[raw] for raw in missing})
            missing.discard(meant or b"")
            for found in self._altered(line.item, expected[meant] if meant is not None else {}):
                yield self._found(found, record.number, line.number)
        for _ in missing:
            yield self._found(rules.RESTAGING_MISSING.at(record=record.number), record.number, 1)

    def _altered(self, item: dict[str, Any], expected: dict[str, Any]) -> Iterator[Diagnostic]:
        """Yield what is said of a line that is not the expected one; that is empty where there is none."""
        number = _number(item)
        is_same = _without(item, "digest") == _without(expected, "digest")
        rule = unproven(_cell(expected), _cell(item)) if not is_same else None
        if rule is not None:
            is_same = _without(item, "digest", "link") == _without(expected, "digest", "link")
        if not is_same:
            yield rules.ADDITION_UNCONFIRMED.at(record=number)
            yield from _broken_links(item, self._key)
            return
        if rule is not None:
            yield rule.at()
        if item.get("digest") != expected.get("digest"):
            yield rules.RECORD_ALTERED.at(record=number)

    def end(self, source: Source, record_count: int) -> Iterator[MessageFinding]:
        """Yield what does not hold in the lines that are left: the last one is about the whole message."""
        line = self._next
        if line is None or line.raw != last_line(source, record_count):
            found = rules.RECORD_ALTERED.at(record=record_count)
            yield self._found(found, record_count, line.number if line is not None else 1)
        for line in self._lines:
            found = rules.ADDITION_UNCONFIRMED.at(record=record_count)
            yield self._found(found, record_count, line.number)

    def _found(self, found: Diagnostic, record: int, line: int) -> MessageFinding:
        return MessageFinding(found, Place(record, "restaging", line, 1))


def _number(item: dict[str, Any]) -> float:
    """Return the number of the record that a line is about; the last line is about none and comes last."""
    number = item.get("record")
    return number if type(number) is int else float("inf")


def _link(item: dict[str, Any]) -> object:
    restaging = item.get("restaging")
    return restaging.get("link") if isinstance(restaging, dict) else None


def _meant(item: dict[str, Any], expected: Mapping[bytes, dict[str, Any]]) -> bytes | None:
    """Return which line one stands for: that of the same link, else of the same restaging."""
    link, restaging = _link(item), _without(item, "digest", "link")
    same = (raw for raw, one in expected.items() if _link(one) == link)
    alike = (raw for raw, one in expected.items() if _without(one, "digest", "link") == restaging)
    return next(same, None) or next(alike, None)


def _cell(item: dict[str, Any]) -> str:
    """Return the link of a line as a cell holds it; blank where it has none."""
    link = _link(item)
    return f"r{link.get('version')}:{link.get('restaging')}" if isinstance(link, dict) else ""


def _without(item: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return a line without its digest, or without the link of its restaging."""
    made = {name: value for name, value in item.items() if name not in names}
    restaging = made.get("restaging")
    if isinstance(restaging, dict):
        made["restaging"] = {name: value for name, value in restaging.items() if name not in names}
    return made


def _broken_links(item: dict[str, Any], key: LinkKey | None) -> Iterable[Diagnostic]:
    """Return what does not hold in a restaging by itself."""
    try:
        return verify(Restaging.from_dict(item["restaging"]), key=key)
    except (ValueError, KeyError):
        return (rules.RESTAGING_UNREADABLE.at(),)
