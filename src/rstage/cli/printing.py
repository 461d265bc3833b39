"""What commands print: data to stdout, everything else to stderr."""

from __future__ import annotations

import errno
import sys
from typing import TYPE_CHECKING, TextIO

import click

from rstage import rules
from rstage.cli.progress import erased
from rstage.diagnostics import Severity
from rstage.files.errors import reading_file
from rstage.files.inputs import STDIN, open_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rstage.reading.read import Reading
    from rstage.reporting.counts import FindingCounts


def stdout() -> TextIO:
    """Return standard output.

    Raises:
        OSError: it is closed.
    """
    if sys.stdout is None:
        raise OSError(errno.EBADF, "it is closed")
    return sys.stdout


def print_data(pieces: Iterable[str]) -> None:
    """Print data to stdout; a long report is not held in memory."""
    stream = stdout()
    for piece in pieces:
        stream.write(piece)
    stream.flush()


def print_note(text: str, *, is_colored: bool | None = None) -> None:
    """Print something for a person to stderr; what is colored stays so wherever it goes."""
    with erased():
        click.echo(text, err=True, color=is_colored or None)


def summary(command: str, facts: str, counts: FindingCounts) -> str:
    """Return the line that ends a run: what went in and came out, and how much was found."""
    return f"rstage {command}: {facts}; {', '.join(_counted(counts))}"


def _counted(counts: FindingCounts) -> Iterator[str]:
    for severity in Severity:
        yield plural(counts.severities[severity], str(severity))
    if counts.overrides is not None:
        yield f"{counts.overridden:,} overridden"


def plural(count: int, noun: str) -> str:
    """Return a count with its noun: `1 row`, `2,000 rows`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def given_readings(texts: Iterable[str], read: Callable[[str], Reading]) -> Iterator[Reading]:
    """Yield what is read of the texts; `-` stands for the lines of stdin, each read as soon as it is there.

    A line that is not UTF-8 is not read: its reading says so (RS004), and the lines behind it are read.

    Raises:
        TableError: RS001, stdin is closed or cannot be read on.
    """
    for text in texts:
        if text == STDIN:
            yield from _stdin_readings(read)
        else:
            yield read(text)


def _stdin_readings(read: Callable[[str], Reading]) -> Iterator[Reading]:
    with reading_file(STDIN):
        for row, line in enumerate(open_bytes(STDIN), start=1):
            try:
                text = line.decode("utf-8-sig" if row == 1 else "utf-8").rstrip("\r\n")
            except UnicodeDecodeError:
                from rstage.reading.read import Reading

                shown = line.decode(errors="replace").rstrip("\r\n")
                found = rules.FILE_ENCODING.at((0, len(shown)), file=STDIN, encoding="utf-8", row=row)
                yield Reading(text=shown, diagnostics=(found,))
            else:
                yield read(text)
