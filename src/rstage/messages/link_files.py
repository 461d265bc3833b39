"""Restagings and histories in a JSON or JSON Lines file, and whether their links hold."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from rstage import rules
from rstage.files.errors import TableError, reading_file
from rstage.files.inputs import open_bytes
from rstage.reporting.counts import FindingCounts
from rstage.reporting.placed import CellFinding, PlacedFinding
from rstage.restaging.history import History, verify
from rstage.restaging.link import VERSION
from rstage.restaging.restage import Restaging

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rstage.diagnostics import Diagnostic
    from rstage.restaging.link_key import LinkKey

# What shows a line to be of a sidecar or a history, and what of it is the history itself.
_AROUND = {"restaging", "message", "initial"}
_OF_HISTORY = ("tumor_id", "initial", "diagnosis", "diagnosis_basis", "restagings", "diagnostics")


class LinkFile:
    """A file of restagings, histories, or the lines of a sidecar."""

    def __init__(self, file: str) -> None:
        self.file = file

    def items(self) -> Iterator[tuple[int, Any]]:
        """Yield what stands in the file, each with its line.

        Raises:
            TableError: RS001, RS002, RS004 or RS011; the file cannot be read.
        """
        text = self._text()
        if not text.strip():
            raise TableError(rules.FILE_EMPTY.at(file=self.file))
        try:
            whole = json.loads(text)
        except json.JSONDecodeError as error:
            lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
            # A first line that is JSON by itself shows the file to be JSON Lines.
            if error.lineno == 1 or len(lines) < 2 or not _is_json(lines[0][1]):
                raise self.malformed(error.lineno, "this is not JSON") from error
            for number, line in lines:
                yield number, self._loaded(number, line)
            return
        except RecursionError as error:
            raise self.malformed(1, "this is nested too deep") from error
        for data in whole if isinstance(whole, list) else [whole]:
            yield 1, data

    def _loaded(self, number: int, line: str) -> Any:
        try:
            return json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            raise self.malformed(number, "this is not JSON") from error

    def _text(self) -> str:
        with reading_file(self.file), open_bytes(self.file) as source:
            data = source.read() or b""
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            row = data.count(b"\n", 0, error.start) + 1
            raise TableError(rules.FILE_ENCODING.at(file=self.file, encoding="utf-8", row=row)) from error

    def malformed(self, row: int, why: str) -> TableError:
        """Return what ends a run where a row cannot be read."""
        return TableError(rules.FILE_MALFORMED.at(file=self.file, row=row, why=why))


class LinkVerifier:
    """Verifies the link of every restaging in a file.

    Args:
        file: the file.
        key: as for `rstage.verify`.

    Attributes:
        counts: what was found. restaging_count: the restagings read; both complete when `findings` has come
            to its end.
    """

    def __init__(self, file: str, key: LinkKey | None = None) -> None:
        self.file = file
        self.counts = FindingCounts()
        self.restaging_count = 0
        self._key = key
        self._versions: Counter[int] = Counter()

    def findings(self) -> Iterator[PlacedFinding]:
        """Yield what does not hold, restaging by restaging.

        Raises:
            TableError: RS001, RS002, RS004 or RS011; the file cannot be read, or is no JSON.
        """
        for line, data in LinkFile(self.file).items():
            try:
                record = record_of(data)
            except ValueError:
                self.restaging_count += 1
                yield self._counted(rules.RESTAGING_UNREADABLE.at(), line)
                continue
            if record is None:
                continue
            restagings = record.restagings if isinstance(record, History) else (record,)
            self.restaging_count += len(restagings)
            self._versions.update(one.link.version for one in restagings)
            for found in verify(record, key=self._key):
                yield self._counted(found, line)

    def links_in_words(self) -> str:
        """Return how many links there were of each version; blank where no key was used or given."""
        if self._key is None and set(self._versions) <= {VERSION}:
            return ""
        counts = ", ".join(f"{count:,} r{version}" for version, count in sorted(self._versions.items()))
        return f" ({counts or 'no link'})"

    def _counted(self, found: Diagnostic, line: int) -> PlacedFinding:
        cell = CellFinding(found, found.part or "restaging")
        self.counts.add([cell])
        return cell.at(self.file, line, self.restaging_count)


def record_of(data: Any) -> Restaging | History | None:
    """Return what a line holds; None where it says that there is none.

    Raises:
        ValueError: it is neither a restaging nor a history.
    """
    if not isinstance(data, dict) or _AROUND.isdisjoint(data):
        return Restaging.from_dict(data)
    if "restaging" in data:
        return Restaging.from_dict(data["restaging"])
    if "message" in data or ("diagnosis" in data and data["diagnosis"] is None):
        return None
    return History.from_dict({name: data[name] for name in _OF_HISTORY if name in data})


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except (json.JSONDecodeError, RecursionError):
        return False
    return True
