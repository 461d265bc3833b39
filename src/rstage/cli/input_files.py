"""The files of a run: names and patterns, those that could not be read, and the file of its report."""

from __future__ import annotations

import os
from contextlib import contextmanager
from glob import glob, has_magic
from itertools import chain, islice
from typing import TYPE_CHECKING, TypeVar

from rstage.cli.exit_codes import CLEAN
from rstage.cli.failures import code_of
from rstage.cli.printing import plural, print_data, print_note
from rstage.files.errors import TableError
from rstage.files.inputs import STDIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Write = Callable[[Iterable[str]], None]

_Item = TypeVar("_Item")


def expanded(names: Sequence[str]) -> tuple[str, ...]:
    """Return the files that names and patterns mean, each once; a pattern without a match stays as it is.

    Most shells expand a pattern themselves; one in quotes comes as it is written.
    """
    found: dict[str, None] = {}
    for name in names:
        is_pattern = has_magic(name) and not os.path.lexists(name)
        found.update(dict.fromkeys((is_pattern and sorted(glob(name, recursive=True))) or [name]))  # noqa: PTH207  absolute ones too
    return tuple(found)


class InputFiles:
    """The files of a run. One that cannot be read ends a run over it alone, and is told in one over several.

    Args:
        names: the files.

    Attributes:
        names: as given.
        exit_code: the gravest of those that could not be read.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self.exit_code = CLEAN
        self._failed = 0

    @contextmanager
    def reading(self, name: str) -> Iterator[None]:
        """Work on a file; what ends the reading of one of several is told, and the run goes on.

        Raises:
            TableError: it is the only file.
        """
        try:
            yield
        except TableError as error:
            if len(self.names) == 1:
                raise
            self._failed += 1
            self.exit_code = max(self.exit_code, code_of(error))
            said = str(error)
            print_note(said if name in said else f"{name}: {said}")

    @property
    def title(self) -> str:
        """What they are called in a report: the name of the only one, or how many there are."""
        return self.names[0] if len(self.names) == 1 else plural(len(self.names), "file")

    def in_words(self, facts: str) -> str:
        """Return the facts of a run, where it was over several files with how many there were."""
        if len(self.names) == 1:
            return facts
        failed = f" ({self._failed:,} not read)" if self._failed else ""
        return f"{plural(len(self.names), 'file')}{failed}, {facts}"

    def is_file(self, status: os.stat_result) -> bool:
        """Return whether one of them is the very file that has this status."""
        for name in self.names:
            try:
                if name != STDIN and os.path.samestat(status, os.stat(name)):  # noqa: PTH116  no object needed
                    return True
            except (OSError, ValueError):
                continue
        return False

    def check_unchanged(self) -> None:
        """Let a report of files that were changed meanwhile be kept: it says what was read."""


def begun(items: Iterable[_Item]) -> Iterator[_Item]:
    """Return the items with the first one taken, so that an input that is refused leaves no half report."""
    iterator = iter(items)
    return chain(list(islice(iterator, 1)), iterator)


@contextmanager
def report_writer(name: str | None, inputs: InputFiles, *, force: bool) -> Iterator[Write]:
    """Give what writes a report: to a file that is kept when it is whole, or to standard output.

    Raises:
        TableError: RS007, the file exists; RS008, it is an input; RS009, it cannot be written.
    """
    if name in (None, "-"):
        yield print_data
        return
    from rstage.files.outputs import Output

    with Output(inputs, name, force=force) as output:

        def write(pieces: Iterable[str]) -> None:
            for piece in pieces:
                output.write(piece.encode(errors="backslashreplace"))

        yield write
        output.commit()
