"""Tables as a JSON array of objects: read like JSON Lines, and what was between the objects stays."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from rstage import rules
from rstage.files.errors import TableError, reading_file
from rstage.tables.formats.csv_records import BYTE_ORDER_MARK
from rstage.tables.formats.json_cells import object_cells
from rstage.tables.formats.json_lines import LONGEST_ROW, JsonTable
from rstage.tables.formats.text_source import TextSource

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from rstage.tables.formats.open_options import OpenOptions

_CHUNK = 1 << 16
# A string with its quotes, also one that the text read so far ends in; or what an array is made of.
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{},]', re.DOTALL)


def open_table(file: str, options: OpenOptions) -> JsonTable:
    """Open a file of this format; one that begins with an object holds one on each line.

    Raises:
        TableError: as for `TextSource` and `JsonTable`.
    """
    source = TextSource(file, options.encoding)
    try:
        begins_with = source.beginning().removeprefix(BYTE_ORDER_MARK).lstrip()[:1]
    except BaseException:
        source.close()
        raise
    return JsonArray(source) if begins_with == "[" else JsonObjects(source)


class JsonObjects(JsonTable):
    """JSON Lines in a file whose name says JSON."""

    written_form = "JSON"


class _Element(NamedTuple):
    """What stands between two commas of the array: an object, and the blanks around it.

    Attributes:
        text: that text. line: the line that the object begins on. is_last: whether no comma follows.
    """

    text: str
    line: int
    is_last: bool


class JsonArray(JsonTable):
    """An open table that is one JSON array. A context manager.

    The comma belongs to the object behind it, so that what is left of the array without a rejected one still
    is an array; one that is rejected before any other takes the comma behind it.
    """

    written_form = "JSON"
    _row_word = "element of the array"

    def _read_lines(self) -> Iterator[tuple[int, str]]:
        """Yield the elements with their lines, at last what stands behind the array."""
        scanner = _Scanner(self.source.text("\n"), self.file)
        has_row = False
        try:
            with reading_file(self.file):
                self.preamble = scanner.before()
                for element in scanner.elements():
                    comma = "," if has_row else ""
                    is_row = has_row or bool(object_cells(element.text))
                    after = "" if is_row or element.is_last else ","
                    yield element.line, comma + element.text + after
                    has_row = is_row
                yield scanner.line, scanner.rest()
        except UnicodeDecodeError as error:
            raise self.encoding.undecodable(error, scanner.line) from error

    def _object(self, line: str) -> dict[str, str] | None:
        """Return the cells of an element, none where it is no row; None for what stands behind the array."""
        text = line.strip()
        if text.startswith("]"):
            return None
        return object_cells(text.removeprefix(",") if text.startswith(",") else text)


class _Scanner:
    """Takes the elements of an array from a text, which is never held whole.

    Args:
        text: the text. file: its name.

    Attributes:
        line: the number of the line that was come to.
    """

    def __init__(self, text: TextIO, file: str) -> None:
        self._text, self._file = text, file
        # What was read and is not taken yet begins at a place of the buffer.
        self._buffer, self._start = "", 0
        self.line = 1

    def before(self) -> str:
        """Return what stands before the first element."""
        while "[" not in self._buffer and self._read_on():
            pass
        return self._taken(self._buffer.index("[") + 1)

    def elements(self) -> Iterator[_Element]:
        """Yield the elements; what follows them is taken by `rest`."""
        is_first = True
        while True:
            length = self._length_of_element()
            is_last = self._buffer[self._start + length] == "]"
            if is_first and is_last and not self._buffer[self._start : self._start + length].strip():
                return
            line = self.line
            text = self._taken(length)
            yield _Element(text, line + text[: len(text) - len(text.lstrip())].count("\n"), is_last)
            if is_last:
                return
            self._taken(1)
            is_first = False

    def _length_of_element(self) -> int:
        """Return how long the element is, with the blanks around it."""
        length = depth = 0
        while True:
            found = _TOKEN.search(self._buffer, self._start + length)
            if found is None or (found.end() == len(self._buffer) and found[0][0] == '"'):
                length = (found.start() if found else len(self._buffer)) - self._start
                if not self._read_on():
                    raise self._malformed("the array does not end")
                continue
            mark, length = found[0], found.end() - self._start
            if depth == 0 and mark in ",]":
                return length - 1
            depth += (mark in "[{") - (mark in "]}")

    def rest(self) -> str:
        """Return the bracket that ends the array, and what stands behind it.

        Raises:
            TableError: RS011, that is more than blanks.
        """
        while self._read_on():
            pass
        text = self._taken(len(self._buffer) - self._start)
        if text.strip() != "]":
            raise self._malformed("something stands behind the array")
        return text

    def _taken(self, length: int) -> str:
        end = self._start + length
        text, self._start = self._buffer[self._start : end], end
        self.line += text.count("\n")
        return text

    def _read_on(self) -> bool:
        if len(self._buffer) - self._start > LONGEST_ROW:
            raise self._malformed("an element is too long for a row")
        more = self._text.read(_CHUNK)
        self._buffer, self._start = self._buffer[self._start :] + more, 0
        return bool(more)

    def _malformed(self, why: str) -> TableError:
        return TableError(rules.FILE_MALFORMED.at(file=self._file, row=self.line, why=why))
