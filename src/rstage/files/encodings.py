"""Which codec reads a table so that writing the text again gives the same bytes."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from rstage import rules
from rstage.files.errors import TableError
from rstage.files.inputs import GZIP, XZ, ZSTANDARD

if TYPE_CHECKING:
    from rstage.diagnostics import Diagnostic

DEFAULT_ENCODING = "utf-8"

# The longer marks first: UTF-32-LE begins with the mark of UTF-16-LE.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNICODE = {"utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"}
_ZIP = b"PK\x03\x04"
_NOT_TEXT = (
    *(GZIP, XZ, ZSTANDARD),
    b"PK\x03\x04",  # zip, xlsx, ods
    b"PK\x05\x06",  # empty zip
    b"\xd0\xcf\x11\xe0",  # xls
    b"BZh",  # bzip2
    b"PAR1",  # Parquet
    b"%PDF-",
    b"SQLite format 3\x00",
)

_LINE_END = re.compile("\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class TextEncoding:
    """How the text of a file is written as bytes.

    Attributes:
        file: the file. name: the encoding as it was asked for. codec: what reads and writes it.
        errors: what becomes of bytes that are no text of it, as `open` takes it.
    """

    file: str
    name: str = DEFAULT_ENCODING
    codec: str = DEFAULT_ENCODING
    errors: str = "strict"

    def encoded(self, text: str) -> bytes:
        """Return a text of the output.

        Raises:
            TableError: RS009, the encoding does not have a character of what is appended.
        """
        try:
            return text.encode(self.codec, self.errors)
        except UnicodeEncodeError:
            why = f"{self.codec} does not have each character of the canonical text"
            raise TableError(rules.OUTPUT_UNWRITABLE.at(file="the output", why=why)) from None

    def undecodable(self, error: UnicodeDecodeError, line: int) -> TableError:
        """Return the error with its line, where decoding broke off in what begins with a line."""
        before = error.object[: error.start].decode(self.codec, errors="replace")
        row = line + len(_LINE_END.findall(before))
        hint = ("--encoding cp1252",) if self.codec == "utf-8" else ()
        return TableError(
            rules.FILE_ENCODING.at(suggestions=hint, file=self.file, encoding=self.name, row=row)
        )


def not_text(file: str, first: bytes) -> Diagnostic:
    """Return what is said of a file that is no text and begins with the bytes `first`."""
    hint = (
        ": it is a zip archive or a spreadsheet; unpack an archive, and give the files in it"
        if first.startswith(_ZIP)
        else ""
    )
    return rules.FILE_BINARY.at(file=file, hint=hint)


def choose_codec(asked: str, first: bytes, file: str) -> str:
    """Return the codec for a table that begins with the bytes `first`.

    A byte-order mark stays in the text as its first character, so that it is written again.

    Raises:
        TableError: RS012, the encoding is unknown or not one that gives the same bytes back; RS003, the
            file is no text; RS004, the file shows that it is in another encoding.
    """
    codec = _known_codec(asked)
    marked = next((name for mark, name in _MARKS if first.startswith(mark)), None)
    if codec in ("utf-16", "utf-32"):
        if marked is None or not marked.startswith(codec):
            why = "no byte-order mark, so say " + " or ".join(f"{codec}-{order}" for order in ("le", "be"))
            raise TableError(rules.FILE_ENCODING.at(file=file, encoding=f"{asked} ({why})", row=1))
        return marked
    if codec in _UNICODE and codec != "utf-8":
        return codec
    if first.startswith(_NOT_TEXT):
        raise TableError(not_text(file, first))
    if first.startswith(codecs.BOM_UTF8) and codec != "utf-8":
        hint = (f"--encoding {DEFAULT_ENCODING}",)
        raise TableError(rules.FILE_ENCODING.at(suggestions=hint, file=file, encoding=asked, row=1))
    if marked is not None and (codec == "utf-8" or b"\0" in first):
        hint = (f"--encoding {marked[:6]}",)
        raise TableError(rules.FILE_ENCODING.at(suggestions=hint, file=file, encoding=asked, row=1))
    # The first line shows what kind of file it is. Farther down a NUL is a damaged cell, wherever it stands.
    if b"\0" in first.partition(b"\n")[0]:
        raise TableError(not_text(file, first))
    return codec


def _known_codec(asked: str) -> str:
    try:
        name = codecs.lookup(asked).name
    except (LookupError, ValueError):
        raise _unusable("no such encoding is known") from None
    name = {"utf-8-sig": "utf-8"}.get(name, name)
    if name in {*_UNICODE, "utf-16", "utf-32", "ascii"} or _is_one_to_one(name):
        return name
    raise _unusable(
        "text in it cannot be written again byte for byte; it is UTF-8, -16, -32 or a single-byte one"
    )


def _unusable(why: str) -> TableError:
    return TableError(rules.OPTION_UNUSABLE.at(option="--encoding", why=why))


def _is_one_to_one(name: str) -> bool:
    """Return whether each byte is one character and no character stands for two bytes."""
    try:
        table = getattr(import_module(f"encodings.{name.replace('-', '_')}"), "decoding_table", None)
    except ImportError:
        return False
    # Python writes an undefined byte as U+FFFE into these tables.
    defined = [character for character in table or "" if character != "\ufffe"]
    return bool(defined) and len(set(defined)) == len(defined)
