"""JSON records, streamed: a file of one document, or one document a line, and the place of what is in them.

The bytes of all records make up the whole file. Documents with the same owner are in one record, in whatever
order the lines of several owners come, as far as no more than `GATHERED` bytes have to be held for that.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from rstage import rules
from rstage.files.errors import TableError
from rstage.messages.json_documents import BOM, Decoder, document_of
from rstage.messages.json_places import TextMap, shown_path
from rstage.messages.place import Place
from rstage.messages.source import LONGEST_RECORD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rstage.messages.json_documents import Document, Slim
    from rstage.messages.json_places import Path
    from rstage.messages.json_values import JsonObject
    from rstage.messages.source import Source

    _Line = tuple[bytes, int, JsonObject | None, bool]
    # A line of a file: its bytes; its number, 0 where it is blank; what is kept of the document in it, None
    # where that is all of it; and whether a key stands twice in that.


ALONE: Final = ""
"""The owner of a document that is a record by itself."""

GATHERED = 1 << 24
"""Bytes of lines that are held at most to gather those of one owner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonRecord:
    """One record: its bytes and the documents in them.

    Attributes:
        number: from 1. raw: its bytes. documents: in order.
        comes_again: whether an owner of it had a record before.
    """

    number: int
    raw: bytes = field(repr=False)
    documents: Sequence[Document] = field(repr=False)
    comes_again: bool = False
    # Where things stand in the documents, as far as that was asked.
    _maps: dict[int, TextMap] = field(default_factory=dict, init=False, repr=False, compare=False)

    def text_of(self, document: Document) -> str:
        """Return the text that a document was read from."""
        return self.raw[document.start : document.end].decode()

    def place(self, document: Document, path: Path = ()) -> Place:
        """Return where a member of a document stands; line and column are looked for when asked for."""
        return Place(self.number, shown_path(path), seek=lambda: self._map_of(document).line_and_column(path))

    def value(self, document: Document, path: Path) -> object:
        """Return a member of a document as it stands, also where it was not kept."""
        return self._map_of(document).value(path)

    def _map_of(self, document: Document) -> TextMap:
        found = self._maps.get(document.start)
        if found is None:
            found = self._maps[document.start] = TextMap(self.text_of(document), document.line)
        return found


# ---------------------------------------------------------------- reading


def json_records(
    source: Source, owner: Callable[[JsonObject], str | None], slim: Slim | None = None
) -> Iterator[JsonRecord]:
    """Yield the records of a JSON file as they end, so that memory holds one at a time.

    Args:
        source: the file: one document, or one on each line.
        owner: says whose a document is. `ALONE` is a record by itself, None belongs to the line before.
        slim: says what is kept of a document; everything without it.

    Raises:
        TableError: RS004, the file is not UTF-8; RS016, it is not well-formed from some place on (the records
            before it are yielded first); RS904, RS905 and RS907, it is refused; RS001, it cannot be read.
    """
    decoder = Decoder(source.file, slim)
    lines = _lines(source)
    before: list[bytes] = []
    for number, line in lines:
        before.append(line)
        if not line.removeprefix(BOM).strip():
            continue
        if decoder.is_unfinished(line):
            raw = _rest(source.file, before, lines)
            data, _, has_repeated = decoder.document(raw, 1, owner)
            if data is None:
                data, has_repeated = decoder.whole(raw)
            document = document_of(raw, data, 0, 1, has_repeated=has_repeated)
            yield JsonRecord(number=1, raw=raw, documents=[document])
        else:
            group = _Gathered(decoder, owner)
            group.blank(b"".join(before[:-1]))
            try:
                yield from group.of_line(line, number)
                for later, text in lines:
                    yield from group.of_line(text, later)
            except TableError:
                yield from group.ended()
                raise
            yield from group.end()
        return


def _lines(source: Source) -> Iterator[tuple[int, bytes]]:
    pieces: list[bytes] = []
    number = size = 0
    for chunk in source.chunks():
        *ends, rest = chunk.split(b"\n")
        for end in ends:
            number += 1
            line = b"".join([*pieces, end, b"\n"]) if pieces else end + b"\n"
            pieces, size = [], 0  # the pieces of a long line are not held while it is read
            yield number, line
        if rest:
            pieces.append(rest)
            size += len(rest)
        if size > LONGEST_RECORD:
            raise TableError(rules.RECORD_TOO_LONG.at(file=source.file, line=number + 1))
    if size:
        yield number + 1, b"".join(pieces)


def _rest(file: str, before: list[bytes], lines: Iterable[tuple[int, bytes]]) -> bytes:
    """Return the bytes of a file whose document goes on over several lines."""
    size = sum(map(len, before))
    for number, line in lines:
        before.append(line)
        size += len(line)
        if size > LONGEST_RECORD:
            raise TableError(rules.RECORD_TOO_LONG.at(file=file, line=number))
    return b"".join(before)


class _Gathered:
    """The lines that are held until the records they make are known.

    A record ends where no owner of it has a line behind, as far as `GATHERED` bytes tell. The lines stay in
    their order, so that a record can be of several owners.
    """

    def __init__(self, decoder: Decoder, owner: Callable[[JsonObject], str | None]) -> None:
        self._decoder = decoder
        self._owner_of = owner
        # Whoever has many owners in one file has many records for each: the names are small beside them.
        self._known: set[str | None] = set()
        self._count = 0
        # Line by line: what it holds, and whose that is.
        self._lines: deque[_Line] = deque()
        self._owners: deque[str | None] = deque()
        self._size = 0
        self._is_alone = False

    def blank(self, data: bytes) -> None:
        """Take bytes that hold no document."""
        self._hold((data, 0, None, False), None)

    def of_line(self, line: bytes, number: int) -> Iterable[JsonRecord]:
        """Take a line; return the records that end before it, or where too many bytes are held."""
        if line.isspace():
            self.blank(line)
            return ()
        data, owner, has_repeated = self._decoder.document(line, number, self._owner_of)
        ended = list(self.end()) if owner == ALONE or self._is_alone else ()
        self._is_alone = owner == ALONE
        self._hold((line, number, data, has_repeated), owner or None)
        return chain(ended, self._drained(number)) if self._size > GATHERED else ended

    def _hold(self, line: _Line, owner: str | None) -> None:
        self._lines.append(line)
        self._owners.append(owner)
        self._size += len(line[0])

    def end(self) -> Iterator[JsonRecord]:
        """Yield the last records."""
        for size in self._runs():
            yield self._record(size)

    def ended(self) -> Iterator[JsonRecord]:
        """Yield the records that have ended where the file breaks off; the last lines may not be whole."""
        runs = self._runs()
        for size in runs if self._is_alone else runs[:-1]:
            yield self._record(size)

    def _drained(self, number: int) -> Iterator[JsonRecord]:
        """Yield records until half of the bytes are left; the last run is not known to have ended."""
        for size in self._runs()[:-1]:
            if self._size <= GATHERED // 2:
                return
            yield self._record(size)
        if self._size <= GATHERED:
            return
        if len({*self._owners} - {None}) > 1:
            yield self._record(len(self._lines))
        elif self._size > LONGEST_RECORD:
            self._decoder.refuse(rules.RECORD_TOO_LONG, number)

    def _runs(self) -> list[int]:
        """Return how many lines each record has: none of its owners has a line outside of it.

        A line of no owner goes with the one before it, the first ones with what follows.
        """
        last = dict(zip(self._owners, range(len(self._owners)), strict=True))
        runs, start, end, before = [], 0, 0, None
        for place, owner in enumerate(self._owners):
            if owner is not None and owner != before:
                if before is not None and place > end:
                    runs.append(place - start)
                    start = place
                before, end = owner, max(end, last[owner])
        if any(line[1] for line in islice(self._lines, start, None)):
            runs.append(len(self._lines) - start)
        elif runs:
            runs[-1] += len(self._lines) - start
        return runs

    def _record(self, size: int) -> JsonRecord:
        lines = [self._lines.popleft() for _ in range(size)]
        owners = {self._owners.popleft() for _ in range(size)} - {None}
        documents, start = [], 0
        for line, number, kept, has_repeated in lines:
            if number and kept is not None:
                documents.append(document_of(line, kept, start, number, has_repeated=has_repeated))
            elif number:
                data, is_twice = self._decoder.whole(line)
                documents.append(document_of(line, data, start, number, has_repeated=is_twice))
            start += len(line)
        self._size -= start
        self._count += 1
        comes_again = not owners.isdisjoint(self._known)
        self._known |= owners
        return JsonRecord(
            number=self._count,
            raw=b"".join([line[0] for line in lines]),
            documents=documents,
            comes_again=comes_again,
        )
