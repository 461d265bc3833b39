"""Files that a run writes beside its data: an older one of the kind is replaced, any other file stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rstage import rules
from rstage.files.errors import TableError

if TYPE_CHECKING:
    import os


class _NoInput:
    """The input of such a file: none that could be written over."""

    def is_file(self, _status: os.stat_result) -> bool:
        return False

    def check_unchanged(self) -> None:
        """There is nothing to change."""


class OwnFile:
    """A file that says itself what it is.

    Args:
        name: the file.
        option: what names it. kind: what it is, in a word.
        beginning: what every file of the kind begins with.

    Raises:
        TableError: RS012, there is a file of another kind; RS009, it cannot be written.
    """

    def __init__(self, name: str, *, option: str, kind: str, beginning: bytes) -> None:
        self._name, self._option, self._kind, self._beginning = name, option, kind, beginning
        if name == "-":
            raise self._unusable("standard output holds the data")
        from rstage.files.outputs import Output

        with Output(_NoInput(), name, force=True):  # whether it can be written shows now, not after hours
            self._check_what_is_there()

    def _check_what_is_there(self) -> None:
        from pathlib import Path

        path, name = Path(self._name), self._name
        try:
            if not path.is_file():  # a pipe or a device is written straight
                return
            with path.open("rb") as file:
                beginning = file.read(len(self._beginning))
        except OSError as error:
            raise self._unusable(f"{name} is there and cannot be read") from error
        if beginning not in (b"", self._beginning):
            raise self._unusable(f"{name} is there and is no {self._kind}")

    def write(self, data: bytes) -> None:
        """Write the file.

        Raises:
            TableError: RS009, it cannot be written; RS012, it is a file of this run.
        """
        from rstage.files.outputs import Output

        with Output(_NoInput(), self._name, force=True) as output:
            self._check_what_is_there()  # this run may have written it
            output.write(data)
            output.commit()

    def _unusable(self, why: str) -> TableError:
        return TableError(rules.OPTION_UNUSABLE.at(option=self._option, why=why))
