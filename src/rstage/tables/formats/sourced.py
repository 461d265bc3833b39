"""What every format does alike: a file is opened, a table is read from it, and both are closed together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Self, TypeVar

from rstage.files.encodings import TextEncoding
from rstage.files.errors import reading_file
from rstage.files.inputs import Input

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from rstage.reporting.placed import PlacedFinding


class OpenedFile:
    """A file that a table is read from.

    Args:
        file: the name, or `-` for standard input.
        as_they_come: as for `Input`.

    Attributes:
        file: as given. encoding: how its text is written as bytes. input: its bytes.

    Raises:
        TableError: RS001, it cannot be opened.
    """

    def __init__(self, file: str, *, as_they_come: bool = False) -> None:
        self.file, self.encoding = file, TextEncoding(file)
        with reading_file(file):
            self.input = Input(file, as_they_come=as_they_come)

    @property
    def size(self) -> int:
        """How many bytes the file has; 0 where that is not known."""
        return self.input.raw_size or 0

    def is_file(self, status: os.stat_result) -> bool:
        """Return whether it is the very file that has this status."""
        return self.input.is_file(status)

    def check_unchanged(self) -> None:
        """Make sure that the file is still what it was when it was opened, as `Input` does."""
        self.input.check_unchanged()

    def close(self) -> None:
        """Close the file; standard input stays open."""
        self.input.close()


_Source = TypeVar("_Source", bound=OpenedFile)


class SourcedTable(Generic[_Source]):
    """A table that is closed with its source. A context manager.

    Attributes:
        file, encoding, size: those of the source.
        row_count: the rows read so far, ragged ones too.
        notes: what is to be said of the file as a whole.
    """

    notes: Sequence[PlacedFinding] = ()

    def __init__(self, source: _Source) -> None:
        self.source = source
        self.file, self.encoding = source.file, source.encoding
        self.row_count = 0

    @property
    def size(self) -> int:
        """How many bytes the file has; 0 where that is not known."""
        return self.source.size

    def is_file(self, status: os.stat_result) -> bool:
        """Return whether the table is read from the very file that has this status."""
        return self.source.is_file(status)

    def awaited(self, _column: str) -> int | None:
        """Return None: the columns are known."""
        return None

    def check_unchanged(self) -> None:
        """Make sure that the file is still what it was when it was opened, as `Input` does."""
        self.source.check_unchanged()

    def close(self) -> None:
        """Close the file; standard input stays open."""
        self.source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
