"""How a file may be read: its format, encoding and delimiter, and where its header stands."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from rstage import rules
from rstage.files.encodings import DEFAULT_ENCODING
from rstage.files.errors import TableError, reading_file
from rstage.files.inputs import STDIN, Input, read_exactly
from rstage.tables.formats.csv_records import BYTE_ORDER_MARK
from rstage.tables.formats.listing import choose_format, format_of_name
from rstage.tables.formats.open_options import OpenOptions
from rstage.tables.formats.opening import open_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rstage.tables.table import Table

FIRST_BYTES = 1 << 20
MOST_BYTES = 1 << 26
"""How much of a file is looked at to tell its encoding."""

MESSAGE = "message"
"""Stands for the format of what is XML or FHIR, and no table."""

_RESOURCE = b'"resourceType"'
_FIRST_LINES = 200
_DELIMITERS = (",", ";", "\t", "|")
_COMMENT = "#"
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_WESTERN = ("cp1252", "latin-1")
_MOST_NULS = 0.3
_FILLED = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningGuess:
    """How a file may be read.

    Attributes:
        form: the name of its format. is_named: whether the name of the file says so.
        encoding, delimiter, header_row, comment, sheet: as in `OpenOptions`; None where they do not matter.
        notes: what is to be said of it.
    """

    file: str
    form: str
    is_named: bool
    encoding: str = DEFAULT_ENCODING
    delimiter: str | None = None
    header_row: int | None = None
    comment: str | None = None
    sheet: str | None = None
    notes: tuple[str, ...] = ()

    def open(self) -> Table:
        """Open the table.

        Raises:
            TableError: as for `open_table`.
        """
        options = OpenOptions(
            delimiter=self.delimiter,
            encoding=self.encoding,
            sheet=self.sheet,
            comment=self.comment,
            header_row=self.header_row,
        )
        return open_table(self.file, options, form=self.form)

    def options(self) -> dict[str, str]:
        """Return the options of a command that are needed beside the name of the file."""
        default = choose_format(self.form if not self.is_named else None, self.file).delimiter
        found: dict[str, str] = {}
        if not self.is_named and self.form != "csv":
            found["input-format"] = self.form
        if self.encoding != DEFAULT_ENCODING:
            found["encoding"] = self.encoding
        if self.delimiter is not None and self.delimiter != default:
            found["delimiter"] = "\\t" if self.delimiter == "\t" else self.delimiter
        if self.comment is not None:
            found["comment"] = self.comment
        if self.header_row is not None:
            found["header-row"] = str(self.header_row)
        if self.sheet is not None:
            found["sheet"] = self.sheet
        return found


def guess_opening(file: str) -> OpeningGuess:
    """Return how a file may be read.

    Raises:
        TableError: RS001 or RS002, it cannot be read or is empty; RS011, a workbook that cannot be read;
            RS012, it is standard input, which cannot be read more than once; RS019, an extra is missing.
    """
    if file == STDIN:
        why = "a file is looked at more than once, and standard input can be read once only"
        raise TableError(rules.OPTION_UNUSABLE.at(option="FILE", why=why))
    with reading_file(file), Input(file) as source:
        first = read_exactly(source, FIRST_BYTES)
    if not first.strip():
        raise TableError(rules.FILE_EMPTY.at(file=file))
    if first.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<") or _RESOURCE in first:
        return OpeningGuess(file=file, form=MESSAGE, is_named=True)
    named = format_of_name(file)
    form = named.name if named is not None else _form_of(first)
    guess = OpeningGuess(file=file, form=form, is_named=named is not None)
    if form == "parquet":
        return guess
    if form == "excel":
        return _of_workbook(guess)
    encoding = _encoding(file, first)
    guess = replace(guess, encoding=encoding)
    return guess if form in ("json", "ndjson") else _of_text(guess, first.decode(encoding, errors="replace"))


def _form_of(first: bytes) -> str:
    if first.startswith(b"PAR1"):
        return "parquet"
    if first.startswith(_WORKBOOKS):
        return "excel"
    return {b"[": "json", b"{": "ndjson"}.get(first.removeprefix(codecs.BOM_UTF8).lstrip()[:1], "csv")


def _encoding(file: str, first: bytes) -> str:
    """Return an encoding in which the beginning of a file can be read."""
    for mark, name in _MARKS:
        if first.startswith(mark):
            return name
    if first[:1000].count(0) > _MOST_NULS * len(first[:1000]):
        return "utf-16-le" if first[1:2] == b"\0" else "utf-16-be"
    return next((name for name in (DEFAULT_ENCODING, *_WESTERN) if _reads(file, name)), DEFAULT_ENCODING)


def _reads(file: str, encoding: str) -> bool:
    decode = codecs.getincrementaldecoder(encoding)().decode
    left = MOST_BYTES
    with reading_file(file), Input(file) as source:
        try:
            while left > 0 and (data := read_exactly(source, FIRST_BYTES)):
                decode(data)
                left -= len(data)
        except UnicodeDecodeError:
            return False
    return True


def _of_text(guess: OpeningGuess, text: str) -> OpeningGuess:
    lines = text.removeprefix(BYTE_ORDER_MARK).splitlines(keepends=True)
    if len(text) >= FIRST_BYTES // 4:
        lines = lines[:-1] or lines  # the last one may be cut off
    lines = lines[:_FIRST_LINES]
    named = choose_format(None, guess.file).delimiter or ","
    found = max(_DELIMITERS, key=lambda one: (_score(lines, one), one == named))
    if not _score(lines, found):
        found = named
    records = list(_records(lines, found))
    place = _header([cells for _, cells in records])
    guess = replace(guess, delimiter=found, notes=_header_notes([cells for _, cells in records], place))
    before = lines[: records[place][0] - 1] if records else []
    if not any(line.strip() for line in before):
        return guess
    if all(line.startswith(_COMMENT) for line in before):
        return replace(guess, comment=_COMMENT)
    return replace(guess, header_row=records[place][0])


def _records(lines: Sequence[str], delimiter: str) -> Iterable[tuple[int, list[str]]]:
    """Yield the records that lines hold, each with the number of its first line; blank ones are none."""
    reader = csv.reader(lines, delimiter=delimiter)
    number = 1
    try:
        for cells in reader:
            if cells:
                yield number, cells
            number = reader.line_num + 1
    except csv.Error:
        return


def _score(lines: Sequence[str], delimiter: str) -> float:
    """Return how many columns most lines have with a delimiter; 0 where they do not agree."""
    widths = Counter(len(cells) for _, cells in _records(lines, delimiter))
    if not widths:
        return 0
    width, count = max(widths.items(), key=lambda one: (one[1], one[0]))
    return width * count / widths.total() if width > 1 else 0


def _header(rows: Sequence[Sequence[str]]) -> int:
    """Return the place of the row that may be the header: the first that is as wide as most, and filled."""
    if not rows:
        return 0
    width = Counter(map(len, rows)).most_common(1)[0][0]
    comments = [cells for cells in rows if cells[0].startswith(_COMMENT)]
    for place, cells in enumerate(rows):
        if len(comments) > 1 and cells[0].startswith(_COMMENT):
            continue
        filled = [cell for cell in cells if cell.strip()]
        if len(cells) == width and len(filled) >= _FILLED * width and len(set(filled)) == len(filled):
            return place
    return 0


def _header_notes(rows: Sequence[Sequence[str]], place: int) -> tuple[str, ...]:
    numbers = [cell for cell in rows[place] if cell.strip()[:1].isdigit()] if rows else []
    if len(numbers) * 2 > len(rows[place] if rows else ()):
        return ("the first row looks like data: there may be no header row",)
    return ()


def _of_workbook(guess: OpeningGuess) -> OpeningGuess:
    from rstage.tables.formats.excel import SheetSource

    try:
        source = SheetSource(guess.file, ",", None, header_row=1)
    except TableError as error:
        names = error.diagnostic.suggestions
        if not names:
            raise
        note = f"there are {len(names)} sheets: this is the first one, and --sheet names another"
        guess = replace(guess, sheet=names[0], notes=(note,))
        source = SheetSource(guess.file, ",", names[0], header_row=1)
    with_source = list(islice(source.rows(), _FIRST_LINES))
    source.close()
    place = _header(with_source)
    first = next((place for place, cells in enumerate(with_source) if any(cells)), 0)
    return guess if place == first else replace(guess, header_row=place + 1)
