"""The text of a file on which the records of a table stand, in an encoding that gives the same bytes back."""

from __future__ import annotations

import io
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Self

from rstage import rules
from rstage.files.encodings import DEFAULT_ENCODING, TextEncoding, choose_codec
from rstage.files.errors import TableError, reading_file
from rstage.files.inputs import STDIN
from rstage.tables.formats.sourced import OpenedFile

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCK = 1 << 16
"""Bytes that are read at a time."""

_WIDE = ("utf-16", "utf-32")


class LineSource(OpenedFile, ABC):
    """A file that gives the lines of a delimited table.

    Attributes:
        has_its_bytes: whether the file can be read once more, and has the very bytes of the lines.
    """

    has_its_bytes: bool

    @abstractmethod
    def lines(self) -> Iterator[str]:
        """Return the physical lines, each with its line end.

        Raises:
            OSError, UnicodeDecodeError: while they are taken.
        """

    @abstractmethod
    def again(self) -> Self:
        """Return the same source, opened once more."""

    @abstractmethod
    def opened_alike(self, file: str) -> LineSource:
        """Return the text that a table of this source became."""


class TextSource(LineSource):
    """A file of text.

    Args:
        file: the name, or `-` for standard input.
        encoding: see `choose_codec`.
        as_it_comes: whether a line is read as soon as it is there, and one of other bytes is no error yet.

    Raises:
        TableError: RS001 to RS004 or RS012.
    """

    def __init__(self, file: str, encoding: str = DEFAULT_ENCODING, *, as_it_comes: bool = False) -> None:
        super().__init__(file, as_they_come=as_it_comes)
        self.has_its_bytes = file != STDIN
        self._asked = encoding
        try:
            self._stream = io.BufferedReader(self.input, _BLOCK)
            codec = choose_codec(encoding, self._first_bytes(), file)
            # Of UTF-16 and UTF-32 it is not known where a line begins behind what is none of it.
            errors = "surrogateescape" if as_it_comes and not codec.startswith(_WIDE) else "strict"
            self.encoding = TextEncoding(file, encoding, codec, errors)
        except BaseException:
            self.close()
            raise

    def _first_bytes(self) -> bytes:
        with reading_file(self.file):
            first = self._stream.peek(_BLOCK)
        if not first:
            raise TableError(rules.FILE_EMPTY.at(file=self.file))
        return first

    def beginning(self) -> str:
        """Return the first characters, which are read again later."""
        return self._first_bytes().decode(self.encoding.codec, errors="replace")

    def text(self, newline: str) -> io.TextIOWrapper:
        """Return the text, with the ends of its lines as `open` takes `newline`."""
        # Kept: a wrapper that nothing refers to closes its file with a warning.
        encoding = self.encoding
        self._text = io.TextIOWrapper(self._stream, encoding.codec, encoding.errors, newline)
        return self._text

    def lines(self) -> Iterator[str]:
        """Return the physical lines, whatever ends each."""
        return iter(self.text(""))

    def again(self) -> Self:
        """Return the same text, opened once more."""
        return type(self)(self.file, self._asked)

    def opened_alike(self, file: str) -> TextSource:
        """Return the text of another file in this encoding."""
        return TextSource(file, self._asked)
