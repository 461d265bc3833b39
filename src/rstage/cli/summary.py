"""The summary of a run for who watches many runs: a JSON file."""

from __future__ import annotations

from time import monotonic
from typing import Any

from rstage import __version__
from rstage.cli.own_file import OwnFile
from rstage.files.errors import TableError

_BEGINNING = b'{\n  "rstage":'


class SummaryFile:
    """The file of the summary.

    Args:
        name: the file; None where none is wanted.

    Raises:
        TableError: as for `OwnFile`.
    """

    def __init__(self, name: str | None) -> None:
        self._began = monotonic()
        self._file = (
            None if name is None else OwnFile(name, option="--summary", kind="summary", beginning=_BEGINNING)
        )

    def write(self, command: str, exit_code: int, content: dict[str, Any]) -> None:
        """Write the summary.

        Raises:
            TableError: RS009, it cannot be written; RS012, it is a file of this run.
        """
        if self._file is None:
            return
        import json

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
        self._file.write((json.dumps(made, indent=2) + "\n").encode())


def write_failure(name: str | None, command: str, exit_code: int, code: str) -> None:
    """Write the summary of a run that an error ended; that it cannot be written is no second error."""
    try:
        SummaryFile(name).write(command, exit_code, {"ended_by": code})
    except TableError:
        return
