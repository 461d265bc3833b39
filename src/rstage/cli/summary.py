"""The summary of a run for who watches many runs: a JSON file."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

from rstage import __version__, rules
from rstage.files.errors import TableError

if TYPE_CHECKING:
    import os


_BEGINNING = b'{\n  "rstage":'


class _NoInput:
    """The input of a summary: none that could be written over."""

    def is_file(self, _status: os.stat_result) -> bool:
        return False

    def check_unchanged(self) -> None:
        """There is nothing to change."""


class SummaryFile:
    """The file of the summary; an older one is replaced, any other file stays.

    Args:
        name: the file; None where none is wanted.

    Raises:
        TableError: RS012, there is a file that is no summary; RS009, it cannot be written.
    """

    def __init__(self, name: str | None) -> None:
        self._name = name
        self._began = monotonic()
        if name is None:
            return
        if name == "-":
            raise _unusable("standard output holds the data")
        from rstage.files.outputs import Output

        with Output(_NoInput(), name, force=True):  # whether it can be written shows now, not after hours
            self._check_what_is_there(name)

    def _check_what_is_there(self, name: str) -> None:
        from pathlib import Path

        path = Path(name)
        try:
            if not path.is_file():  # a pipe or a device is written straight
                return
            with path.open("rb") as file:
                beginning = file.read(len(_BEGINNING))
        except OSError as error:
            raise _unusable(f"{name} is there and cannot be read") from error
        if beginning not in (b"", _BEGINNING):
            raise _unusable(f"{name} is there and is no summary")

    def write(self, command: str, exit_code: int, content: dict[str, Any]) -> None:
        """Write the summary.

        Raises:
            TableError: RS009, it cannot be written; RS012, it is a file of this run.
        """
        if self._name is None:
            return
        import json

        from rstage.files.outputs import Output

        seconds = monotonic() - self._began
        rows_in = (content.get("rows") or {}).get("in")
        made = {
            "rstage": __version__,
            "command": command,
            "exit_code": exit_code,
            "seconds": round(seconds, 3),
            "rows_per_second": round(rows_in / seconds) if rows_in is not None and seconds else None,
            **content,
        }
        with Output(_NoInput(), self._name, force=True) as output:
            self._check_what_is_there(self._name)  # this run may have written it
            output.write((json.dumps(made, indent=2) + "\n").encode())
            output.commit()


def _unusable(why: str) -> TableError:
    return TableError(rules.OPTION_UNUSABLE.at(option="--summary", why=why))


def write_failure(name: str | None, command: str, exit_code: int, code: str) -> None:
    """Write the summary of a run that an error ended; that it cannot be written is no second error."""
    try:
        SummaryFile(name).write(command, exit_code, {"ended_by": code})
    except TableError:
        return
