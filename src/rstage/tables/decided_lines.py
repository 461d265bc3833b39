"""The lines of a table in which a person decided something: overrides and corrections."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rstage.files.errors import TableError
from rstage.reporting.similar import closest
from rstage.tables.formats.delimited import open_delimited

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rstage.diagnostics import Rule
    from rstage.tables.table import Table


class Kind(NamedTuple):
    """A kind of such a table.

    Attributes:
        name: what one line is, with its article. rule: the rule of a line that is not understood.
        columns: what the header can name. needed: what it has to name.
    """

    name: str
    rule: Rule
    columns: tuple[str, ...]
    needed: tuple[str, ...]

    def unusable(self, file: str, line: int, why: str) -> TableError:
        """Return the error of a line that is not understood."""
        return TableError(self.rule.at(file=file, line=line, why=why))


def decided_lines(file: str, kind: Kind) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the lines of a CSV or TSV file, each with its number; its cells by their columns.

    Raises:
        TableError: RS001 to RS004 or RS011, it cannot be read; the rule of the kind, a line does not fit.
    """
    with open_delimited(file) as table:
        _check_header(table, kind)
        for cells, _, line in table.records():
            if not cells:
                continue
            if len(cells) != len(table.columns):
                why = f"it has {len(cells)} fields where the header has {len(table.columns)}"
                raise kind.unusable(file, line, why)
            yield line, dict(zip(table.columns, cells, strict=True))


def _check_header(table: Table, kind: Kind) -> None:
    for column in table.columns:
        if column not in kind.columns:
            near = closest(column, kind.columns)
            hint = f"did you mean {near[0]}?" if near else f"they are {', '.join(kind.columns)}"
            raise kind.unusable(table.file, 1, f"{kind.name} has no such column; {hint}")
        if table.columns.count(column) > 1:
            raise kind.unusable(table.file, 1, f"the header has the column {column} twice")
    if missing := [name for name in kind.needed if name not in table.columns]:
        raise kind.unusable(table.file, 1, f"the column {missing[0]} is missing")
