"""Which format a file has, its records, and the histories of their tumors."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from rstage import rules
from rstage.arguments import check_keywords, path_text
from rstage.files.encodings import not_text
from rstage.files.errors import TableError
from rstage.messages.given import given
from rstage.messages.histories import Making, record_histories
from rstage.messages.prior import PriorHistories
from rstage.messages.source import Source
from rstage.messages.xml_stream import root_name
from rstage.reading.options import SPELLING_KEYWORDS
from rstage.reference.choices import MESSAGE_FORMATS
from rstage.restaging.course import DEFAULT_WINDOW, check_window
from rstage.restaging.link_key import check_key

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike
    from typing import Unpack

    from rstage.diagnostics import Diagnostic
    from rstage.messages.given import Given, Message
    from rstage.messages.message import Format, Record, TumorHistory
    from rstage.reading.options import SpellingOptions
    from rstage.reference.choices import MessageFormat, Policy
    from rstage.restaging.link_key import LinkKey

FORMATS = dict(zip(MESSAGE_FORMATS, ("naaccr.tumor", "obds.format", "fhir.format"), strict=True))
"""The formats by the name that `--input-format` gives them, and the module of each."""


def format_of(name: str) -> Format:
    """Return a format by its name.

    Raises:
        ValueError: there is none of that name.
    """
    if name not in FORMATS:
        raise ValueError(f"a format is one of {', '.join(FORMATS)}")
    made: Format = import_module(f".{FORMATS[name]}", __package__).FORMAT
    return made


def recognized(source: Source, input_format: str | None = None) -> Format | None:
    """Return the format of a file by how it begins; None where it is none of them.

    Args:
        source: the file.
        input_format: the only format that is tried, where it is known.
    """
    names = [input_format] if input_format is not None else list(FORMATS)
    return next((found for found in map(format_of, names) if found.recognizes(source.head)), None)


def needed_format(source: Source, input_format: str | None, key: LinkKey | None = None) -> Format:
    """Return the format of a file, with the key of its links where there is one.

    Raises:
        TableError: RS002, the file is empty; RS003, it is no text; RS017, it is no message of a known format.
    """
    found = recognized(source, input_format)
    if found is not None:
        return found.with_key(key)
    raise TableError(_not_recognized(source))


def _not_recognized(source: Source) -> Diagnostic:
    if not source.head:
        return rules.FILE_EMPTY.at(file=source.file)
    if is_xml(source):
        roots = ", ".join(root for found in map(format_of, FORMATS) for root in found.roots)
        return rules.FORMAT_UNKNOWN.at(file=source.file, why=f": its root element is none of {roots}")
    if b"\0" in source.head:
        return not_text(source.file, source.head)
    return rules.FORMAT_UNKNOWN.at(file=source.file, why="")


def is_xml(source: Source) -> bool:
    """Return whether a file begins as XML, so that it cannot be a table."""
    return bool(root_name(source.head))


def read(
    file: Message,
    *,
    input_format: MessageFormat | None = None,
    key: LinkKey | None = None,
    **reading: Unpack[SpellingOptions],
) -> Iterator[Record]:
    """Yield the records of a message.

    Args:
        file: its path, or `-` for standard input; its bytes; or a binary stream, which stays open. Each may
            be compressed with gzip or xz. Or FHIR resources that are decoded already.
        input_format: `naaccr`, `obds` or `fhir`; else it is recognized by how the file begins.
        key: the key of links that stand in the message already.
        reading: `mode`, `edition`, `carry_method`, `assume_clinical`, as for `rstage.read`.

    Raises:
        TableError: the file cannot be read, is no message, breaks off or is refused. The records before the
            break are yielded first.
        ValueError: the format is unknown, or an option has an unknown value.
        TypeError: `file` is none of these (a text is a path, never the message), or a keyword is unknown.
    """
    check_keywords("read", reading, SPELLING_KEYWORDS)
    check_key(key)
    return _records(given("file", file), input_format, key, reading)


def _records(
    message: Given, input_format: str | None, key: LinkKey | None, reading: SpellingOptions
) -> Iterator[Record]:
    with Source(*message) as source:
        yield from needed_format(source, input_format, key).records(source, reading)


def histories(
    file: Message,
    *,
    input_format: MessageFormat | None = None,
    policy: Policy = "pathological",
    diagnosis_window: int = DEFAULT_WINDOW,
    prior: str | PathLike[str] | None = None,
    key: LinkKey | None = None,
    **reading: Unpack[SpellingOptions],
) -> Iterator[TumorHistory]:
    """Yield the history of each tumor of a message, record by record.

    Args:
        file: as for `read`.
        input_format: as for `read`.
        policy: how the diagnosis is taken, as for `History.of`.
        diagnosis_window: months after the first staging in which a staging can be of it, likewise.
        prior: a file of histories that an earlier run wrote; the diagnosis of a tumor that stands there is
            that one, where its links hold.
        key: what the links are made with, and those of the message and of `prior` are proven with.
        reading: as for `read`.

    Raises:
        TableError: as for `read`.
        ValueError: as for `read`, or policy or window cannot be.
        TypeError: as for `read`.
    """
    check_keywords("histories", reading, SPELLING_KEYWORDS)
    check_key(key)
    records = _records(given("file", file), input_format, key, reading)
    known = PriorHistories(path_text("prior", prior), key) if prior is not None else None
    make = Making(policy, check_window(diagnosis_window), known, key=key)
    return (one for record in records for one in record_histories(record, make))
