"""Mentions in a text file of any length, with their lines."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, Self

from rstage import rules
from rstage.files.encodings import DEFAULT_ENCODING, choose_codec
from rstage.files.errors import TableError, reading_file
from rstage.files.inputs import Input
from rstage.text.dates import Dates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rstage.diagnostics import Span
    from rstage.text.find import Mention

LONGEST_PARAGRAPH = 1 << 20
"""Characters. A longer paragraph is read in stretches that overlap, so that no mention is lost."""

_BLOCK = 1 << 18
_PEEKED = 1 << 16
_BEHIND = 4096
"""Characters behind a cut that are read with what stands before it: no staging and no words reach farther."""
_BEFORE = 1024
_BYTE_ORDER_MARK = "\ufeff"


class _Stretch(NamedTuple):
    """Some of a text: where it begins in the whole, and between which places mentions in it begin."""

    text: str
    begin: int
    skipped: int
    taken: int


class TextFile:
    """An open text file whose paragraphs are read one after the other. A context manager.

    Args:
        file: the name, or `-` for standard input; it can be compressed.
        encoding: its encoding.

    Attributes:
        length: characters read so far.

    Raises:
        TableError: RS001, RS003, RS004 or RS012. An empty file has no mentions and is no error.
    """

    def __init__(self, file: str, encoding: str) -> None:
        self.file = file
        self.length = 0
        self._last: tuple[Dates, Span] | None = None
        self._asked = encoding
        with reading_file(file):
            self._input = Input(file)
            self._stream = io.BufferedReader(self._input, _PEEKED)
            first = self._stream.peek(_PEEKED)
        try:
            codec = choose_codec(encoding, first, file)
        except BaseException:
            self._input.close()
            raise
        self._text = io.TextIOWrapper(self._stream, codec, errors="strict", newline="")

    def mentions(self, find: Callable[[str], Iterable[Mention]]) -> Iterator[tuple[int, Mention]]:
        """Yield the line of each mention of the file, and the mention with spans in the whole text.

        Raises:
            TableError: RS001 or RS004, the file cannot be read to its end.
        """
        line, counted = 1, 0
        for stretch in self._stretches():
            dates = Dates(stretch.text)
            for mention in find(stretch.text):
                start = mention.span[0]
                if stretch.skipped <= start < stretch.taken:
                    self._last = dates, mention.span
                    line += stretch.text.count("\n", counted - stretch.begin, start)
                    counted = stretch.begin + start
                    yield line, _moved(mention, stretch.begin)
            line += stretch.text.count("\n", counted - stretch.begin, stretch.taken)
            counted = stretch.begin + stretch.taken

    def date(self) -> str | None:
        """Return the date beside the mention that was yielded last."""
        if self._last is None:
            return None
        dates, span = self._last
        return dates.of(span)

    def _stretches(self) -> Iterator[_Stretch]:
        """Yield the text in stretches that end at blank lines, or overlap where there are none."""
        text, begin, skipped = "", 0, 0
        for block in self._blocks():
            text += block
            cut = max(text.rfind("\n\n") + 2, text.rfind("\n\r\n") + 3)
            if cut > skipped + 2:
                yield _Stretch(text[:cut], begin, skipped, cut)
                text, begin, skipped = text[cut:], begin + cut, 0
            elif len(text) >= LONGEST_PARAGRAPH:
                cut = len(text) - _BEHIND
                yield _Stretch(text, begin, skipped, cut)
                text, begin, skipped = text[cut - _BEFORE :], begin + cut - _BEFORE, _BEFORE
        self.length = begin + len(text)
        if text:
            yield _Stretch(text, begin, skipped, len(text))

    def _blocks(self) -> Iterator[str]:
        row = 1
        try:
            with reading_file(self.file):
                first = self._text.read(_BLOCK).removeprefix(_BYTE_ORDER_MARK)
                yield first
                row += first.count("\n")
                while block := self._text.read(_BLOCK):
                    yield block
                    row += block.count("\n")
        except UnicodeDecodeError as error:
            hint = ("--encoding cp1252",) if self._asked == DEFAULT_ENCODING else ()
            found = rules.FILE_ENCODING.at(suggestions=hint, file=self.file, encoding=self._asked, row=row)
            raise TableError(found) from error

    def close(self) -> None:
        """Close the file; standard input stays open."""
        self._input.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _moved(mention: Mention, offset: int) -> Mention:
    """Return a mention as it stands in the whole text."""
    words = mention.context_span
    return replace(
        mention,
        span=(mention.span[0] + offset, mention.span[1] + offset),
        context_span=None if words is None else (words[0] + offset, words[1] + offset),
    )
