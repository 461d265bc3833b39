"""What was seen in a table, as text for a person and as JSON-ready values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rstage.privacy import is_column_name, shown
from rstage.tables.look.trial import WAYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rstage.tables.look.columns import ColumnGuess
    from rstage.tables.look.look import Look
    from rstage.tables.look.proposal import Proposal
    from rstage.tables.look.trial import How, Share

_PERCENT = 100
_DELIMITERS = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar"}


def look_text(
    look: Look, proposal: Proposal | None, *, config: str | None, shows_values: bool
) -> Iterator[str]:
    """Yield what was seen, line by line.

    Args:
        look: what was seen.
        proposal: the command that fits.
        config: the file that its settings were written to.
        shows_values: whether values are shown that are not plain notation.
    """
    yield f"{look.opening.file}\n"
    yield f"  looks like {_opening(look)}\n"
    yield from _section("columns that may hold a stage or a part of one", _columns(look))
    yield from _section("stages", _stages(look))
    yield from _section("columns that may stand beside it", _facts(look.columns))
    yield from _section(
        "values that are not read, the most frequent", _unread(look, shows_values=shows_values)
    )
    notes = [*look.notes, *(proposal.notes if proposal else ())]
    yield from _section("to look at", [f"    {note}" for note in notes])
    if proposal is None:
        yield "  no column looks like a stage\n"
        return
    yield "  a guess, for you to decide; what fits is\n"
    yield f"    {proposal.line(config)}\n"


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield f"  {title}\n"
        yield from (f"{line}\n" for line in found)


def _opening(look: Look) -> str:
    opening = look.opening
    said = [opening.form]
    if opening.form not in ("parquet", "excel"):
        said.append(opening.encoding)
    if opening.delimiter is not None:
        said.append(f"delimiter {_DELIMITERS.get(opening.delimiter, opening.delimiter)}")
    if opening.comment is not None:
        said.append(f"lines before the header begin with {opening.comment}")
    if opening.header_row is not None:
        said.append(f"header in row {opening.header_row}")
    rows = f"{look.row_count:,} rows" + (" and more" if look.is_partial else "")
    return f"{', '.join(said)}; {rows}, {len(look.columns):,} columns"


def _columns(look: Look) -> Iterator[str]:
    for column in look.columns:
        if column.part:
            shares = look.shares.get(column.name)
            read = f"{_filled(column)}; read {_shares(shares)}" if shares else _filled(column)
            yield f"    {_name(column)}: {'a whole stage' if column.part == 'stage' else column.part}; {read}"


def _stages(look: Look) -> Iterator[str]:
    for stage, share in zip(look.stages, look.stage_shares, strict=True):
        parts = ", ".join(f"{one.part}={_name(one)}" for one in stage.columns)
        yield f"    {stage.name}: {_name(stage.columns[0]) if stage.is_whole else parts}"
        yield f"      {_percent(share)} of {share.filled:,} read ({look.how})"


def _facts(columns: Iterable[ColumnGuess]) -> Iterator[str]:
    for column in columns:
        if column.fact:
            form = {"": "", "?": ", day or month first"}.get(column.date_format, f", {column.date_format}")
            yield f"    {_name(column)}: {column.fact}{form}; {_filled(column)}"


def _unread(look: Look, *, shows_values: bool) -> Iterator[str]:
    for column, values in look.unread.items():
        for one in values:
            value = repr(one.value) if shows_values else shown(one.value)
            hint = f" (did you mean {' or '.join(one.suggestions)}?)" if one.suggestions else ""
            yield f"    {one.count:,} x {column}: {value}: {one.code}, {one.message}{hint}"


def _filled(column: ColumnGuess) -> str:
    distinct = f"{len(column.values.values):,} different" + (" and more" if column.values.is_pruned else "")
    return f"{column.values.filled:,} filled, {distinct}"


def _name(column: ColumnGuess) -> str:
    return column.name if is_column_name(column.name) else f"column {column.values.index + 1}"


def _shares(shares: Mapping[How, Share]) -> str:
    """Return what each mode reads, and each dialect that reads more than none does."""
    plain = [f"{_percent(share)} ({how})" for how, share in shares.items() if how.dialect is None]
    dialects = [
        f"{_percent(share)} (dialect {how.dialect})"
        for how, share in shares.items()
        if how.dialect is not None and how.mode == "standard" and share.rate > shares[WAYS[0]].rate
    ]
    return ", ".join([*plain, *dialects])


def _percent(share: Share) -> str:
    rate = share.rate * _PERCENT
    return f"{int(rate)} %" if rate in (0, _PERCENT) else f"{min(max(rate, 0.1), 99.9):.1f} %"


def look_dict(
    look: Look, proposal: Proposal | None, *, config: str | None, shows_values: bool
) -> dict[str, Any]:
    """Return what was seen as JSON-ready values; for the arguments see `look_text`."""
    opening = look.opening
    return {
        "file": opening.file,
        "format": opening.form,
        "encoding": None if opening.form in ("parquet", "excel") else opening.encoding,
        "delimiter": opening.delimiter,
        "comment": opening.comment,
        "header_row": opening.header_row,
        "sheet": opening.sheet,
        "rows": look.row_count,
        "is_partial": look.is_partial,
        "columns": [_column_dict(look, column) for column in look.columns],
        "mode": look.how.mode,
        "dialect": look.how.dialect,
        "missing": list(look.missing),
        "stages": [
            {
                "name": stage.name,
                "columns": {"stage" if stage.is_whole else one.part: one.name for one in stage.columns},
                "read": share.read,
                "filled": share.filled,
            }
            for stage, share in zip(look.stages, look.stage_shares, strict=True)
        ],
        "unread": {
            column: [one.to_dict(shows_values=shows_values) for one in values]
            for column, values in look.unread.items()
        },
        "notes": [*look.notes, *(proposal.notes if proposal else ())],
        "command": None if proposal is None else proposal.words(config),
        "command_line": None if proposal is None else proposal.line(config),
    }


def _column_dict(look: Look, column: ColumnGuess) -> dict[str, Any]:
    shares = look.shares.get(column.name, {})
    return {
        "name": column.name if is_column_name(column.name) else None,
        "part": column.part or None,
        "fact": column.fact or None,
        "date_format": column.date_format or None,
        "filled": column.values.filled,
        "distinct": len(column.values.values),
        "read": [
            {"mode": how.mode, "dialect": how.dialect, "read": share.read, "filled": share.filled}
            for how, share in shares.items()
        ],
    }
