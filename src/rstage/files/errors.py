"""The one error of the table layer: a file, a column or an option that ends the run."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rstage import rules
from rstage.files.unforeseen import origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rstage.diagnostics import Diagnostic


class TableError(Exception):
    """A run cannot go on; `diagnostic` (RS0xx) says why. A bad row is never one of these."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic)
        self.diagnostic = diagnostic

    def __str__(self) -> str:
        return str(self.diagnostic)


def internal_error(error: Exception) -> Diagnostic:
    """Return the finding of a row in which something was raised that nobody foresaw.

    Raises:
        TableError, MemoryError: the error itself, because no other row would fare better.
    """
    if isinstance(error, TableError | MemoryError):
        raise error
    return rules.INTERNAL_ERROR.at(origin=origin(error))


def reason(error: OSError) -> str:
    """Return what the system says of an error, without the path, in words that fit into a sentence."""
    return (error.strerror or type(error).__name__).lower()


@contextmanager
def reading_file(file: str) -> Iterator[None]:
    """Turn what the system raises while a file is opened or read into a `TableError`.

    Raises:
        TableError: RS001, the file cannot be read.
    """
    try:
        yield
    except OSError as error:
        raise TableError(rules.FILE_UNREADABLE.at(file=file, why=reason(error))) from error
