"""A look at a table: what may stand in it, how much of it is read, and the command that fits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rstage.dialects import further_parts
from rstage.files.errors import TableError
from rstage.tables.as_given import SYSTEM
from rstage.tables.look.columns import columns_of, guess_column, most_rows
from rstage.tables.look.opening import MESSAGE, guess_opening
from rstage.tables.look.stages import guess_stages
from rstage.tables.look.trial import ENOUGH, SHOWN, WAYS, best_way, share_of, stage_shares, unread_of
from rstage.tables.missing import missing_words
from rstage.tables.stage_columns import find_stages

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rstage.tables.look.columns import ColumnGuess
    from rstage.tables.look.opening import OpeningGuess
    from rstage.tables.look.stages import StageGuess
    from rstage.tables.look.trial import How, Share, Unread

_VALUES = ("T", "N", "M", "group")
_FLAGS = ("r", "y", "a", "m")
_CATEGORIES_AND_MORE = (*_VALUES, "stage")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What may stand in a table; nothing of it is certain.

    Attributes:
        opening: how the file is read. row_count: the rows that were looked at.
        is_partial: whether there are more.
        columns: what each column may hold.
        how: the way that reads the most. shares: for the columns with a value, what each way reads of them.
        stages: the stages. stage_shares: how many rows of each are read.
        unread: the most frequent values that are not read, by column.
        missing: further words that may mean a missing stage.
        notes: what else is to be said.
    """

    opening: OpeningGuess
    row_count: int
    is_partial: bool
    columns: tuple[ColumnGuess, ...]
    how: How
    shares: Mapping[str, Mapping[How, Share]]
    stages: tuple[StageGuess, ...]
    stage_shares: tuple[Share, ...]
    unread: Mapping[str, Sequence[Unread]]
    missing: tuple[str, ...]
    notes: tuple[str, ...]


def look_at(file: str) -> Look:
    """Return what may stand in a file.

    Raises:
        TableError: the file cannot be read.
    """
    opening = guess_opening(file)
    if opening.form == MESSAGE:
        return _of_message(opening)
    with opening.open() as table:
        values, row_count = columns_of(table)
        is_partial = row_count >= most_rows(table)
    columns = [guess_column(one) for one in values]
    notes = list(opening.notes)
    tried = [one for one in columns if one.part in _CATEGORIES_AND_MORE]
    missing = tuple(dict.fromkeys(word for one in tried for word in one.values.empty_words))
    words = missing_words(missing)
    how, _ = best_way(tried, words)
    columns = [_settled(one, how, words) if one.part in _VALUES else one for one in columns]
    tried = [one for one in columns if one.part in _CATEGORIES_AND_MORE]
    how, ways = best_way(tried, words)
    shares = {one.name: {way: ways[way][place] for way in SHOWN} for place, one in enumerate(tried)}
    if any(one.part in _FLAGS for one in columns):
        how = _with_flags(how, ways)
    notes += _of_dialect(how, ways)
    columns, left = _supported(columns, how)
    stages, more = _kept_apart(columns, {name: found[how] for name, found in shares.items()})
    with opening.open() as table:
        read = stage_shares(table, stages, how, missing, most_rows(table))
        stages = _with_free_names(stages, table.columns)
    return Look(
        opening=opening,
        row_count=row_count,
        is_partial=is_partial,
        columns=tuple(columns),
        how=how,
        shares=shares,
        stages=tuple(stages),
        stage_shares=tuple(read),
        unread={one.name: found for one in tried if (found := unread_of(one, how, words))},
        missing=missing,
        notes=(*notes, *left, *more),
    )


def _with_flags(how: How, ways: Mapping[How, Sequence[Share]]) -> How:
    """Return the way that reads the most of those that have a part for an r; an r is never lost."""
    known = [way for way in WAYS if set(_FLAGS) <= set(further_parts(way.dialect))]
    return how if how in known else max(known, key=lambda way: sum(share.rate for share in ways[way]))


def _of_dialect(how: How, ways: Mapping[How, Sequence[Share]]) -> list[str]:
    """Return what is said of a dialect: where several read as much, which one it is cannot be told."""
    if how.dialect is None:
        return []
    rates = {way: sum(share.rate for share in found) for way, found in ways.items()}
    alike = [
        way.dialect
        for way in WAYS
        if way.dialect not in (None, how.dialect) and way.mode == how.mode and rates[way] >= rates[how]
    ]
    others = f"; {' and '.join(map(str, alike))} read as much" if alike else ""
    return [f"the dialect {how.dialect} is a guess: it says what values without their letter mean{others}"]


def _supported(columns: Sequence[ColumnGuess], how: How) -> tuple[list[ColumnGuess], list[str]]:
    """Return the columns without the parts that the dialect does not have, and what is said of those."""
    parts = {"", *_CATEGORIES_AND_MORE, "edition", SYSTEM, *further_parts(how.dialect)}
    left = [one for one in columns if one.part not in parts]
    said = [f"{one.name} is left out: {how.dialect or 'a stage'} has no part {one.part}" for one in left]
    return [replace(one, part="") if one in left else one for one in columns], said


def _of_message(opening: OpeningGuess) -> Look:
    """Return what is seen of a message, which says itself what it holds."""
    return Look(
        opening=opening,
        row_count=0,
        is_partial=False,
        columns=(),
        how=WAYS[0],
        shares={},
        stages=(),
        stage_shares=(),
        unread={},
        missing=(),
        notes=("it looks like a message, which needs no columns: rstage check FILE reads it",),
    )


def fitting_presets(look: Look, presets: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the presets whose columns are all those that were found.

    Args:
        look: what was seen.
        presets: what each gives for `--column`.

    Raises:
        TableError: the table cannot be read.
    """
    found = {one.name for stage in look.stages for one in stage.columns}
    fitting: list[str] = []
    for name, specs in presets.items() if found else ():
        with look.opening.open() as table:
            try:
                stages = find_stages(table, specs)
            except TableError:
                continue
        if found <= {column for stage in stages for column in stage.columns}:
            fitting.append(name)
    return tuple(fitting)


def _settled(column: ColumnGuess, how: How, missing: frozenset[str]) -> ColumnGuess:
    """Return a column as a whole stage where that reads more: one that holds `pT1a (FIGO IA)`, say."""
    as_whole = replace(column, part="stage")
    part, whole = share_of(column, how, missing), share_of(as_whole, how, missing)
    return as_whole if part.rate < ENOUGH <= whole.rate else column


def _kept_apart(
    columns: Sequence[ColumnGuess], shares: Mapping[str, Share]
) -> tuple[list[StageGuess], list[str]]:
    """Return the stages, and what is said of the columns that stand alone because little of them is read."""
    poor = [one for one in columns if one.part in _VALUES and shares[one.name].rate < ENOUGH]
    stages = guess_stages([one for one in columns if one not in poor])
    notes = []
    for one in poor:
        (alone,) = guess_stages([one])
        has_others = any(not stage.is_whole for stage in stages)
        name = f"{alone.name}_{one.part}" if has_others else alone.name
        stages.append(replace(alone, name=name))
        if has_others:
            notes.append(f"{one.name} stands alone: what is not read of it would refuse the other parts")
    return stages, notes


def _with_free_names(stages: Iterable[StageGuess], columns: Sequence[str]) -> list[StageGuess]:
    """Return stages whose results are called otherwise than the columns that there are."""
    taken = set(columns)
    found = []
    for stage in stages:
        name = stage.name
        while not stage.is_whole and {f"{name}_normalized", f"{name}_findings"} & taken:
            name += "_stage"
        taken |= {f"{name}_normalized", f"{name}_findings"}
        found.append(replace(stage, name=name))
    return found
