"""Rows of a restaging put together by polars: canonical JSON, its digests, and the cells around the link."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from rstage.report.years import SUM_OF_YEARS, first_number, second_number
from rstage.restaging import link
from rstage.tables.appender import ManyRows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import polars as pl

    from rstage.tables.formats.polars_codes import Coded
    from rstage.tables.linked import LinkedRows, WrittenRows

# An id of these characters is the same in JSON, and has no blanks around it.
_PLAIN_ID = r"^[!#-\[\]-~]+$"
_NULL = link.json_text(None)
_AT_A_TIME = 1_000
"""Texts that are given to Python at a time: so few take the memory of those before them."""


def linked_rows(
    linked: LinkedRows,
    coded: Sequence[Coded],
    column: Callable[[int], pl.Series],
    code: Callable[[int], Coded],
    by_themselves: Callable[[pl.Series], ManyRows],
) -> ManyRows:
    """Return the texts of rows, those put together that add nothing of their own.

    Args:
        linked: what they are put together from.
        coded: which diagnosis and which assessment each row has.
        column: gives the cells of a column.
        code: gives them as codes.
        by_themselves: takes the rows in some places one by one.
    """
    import polars as pl

    old, new = (one.codes for one in coded)
    width = max(len(linked.behind), 1)
    pairs = pl.Series(linked.kinds, dtype=pl.Int64).gather(old) * width + new.cast(pl.Int64)
    different = pairs.unique().sort()
    numbers = different.search_sorted(pairs)
    shared = [linked.rows(*divmod(pair, width)) for pair in different.to_list()]
    found = [None if one is None else one.value for one in shared]
    kinds = pl.Series([_kind(one) for one in found], dtype=pl.Int8).gather(numbers)
    frame = pl.DataFrame({"old": old, "new": new, "pair": numbers, "kind": kinds}).with_row_index("place")
    frame = frame.with_columns(*_dates(linked, code), *_ids(linked, column))
    frame = frame.filter(pl.col("kind") > 0, "is_plain_id", *_undisputed(linked, frame))
    notes: list[Callable[[], None]] = []
    if linked.tally is not None:
        frame = _without_first(frame, found, linked.tally.first)
        notes.append(partial(linked.tally.add_years, years_between(frame.filter("recurs"))))
    unlinked, has_link = (frame.filter(pl.col("kind") == kind) for kind in (1, 2))
    places = pl.DataFrame({"old": old}).with_row_index("place")
    alone = places.join(frame, on="place", how="anti").sort("place")["place"]
    rest = by_themselves(alone)
    texts = pl.concat(
        [
            _unlinked(found, unlinked),
            _linked(linked, found, has_link),
            pl.Series(rest.texts, dtype=pl.String),
        ],
        rechunk=True,  # to gather from three costs ten times as much
    )
    order = pl.concat([unlinked["place"], has_link["place"], alone]).arg_sort()
    together = {shared[number]: count for number, count in zip(*_counted(frame["pair"]), strict=True)}
    counts = Counter({one: count for one, count in together.items() if one is not None})
    counts.update(rest.counts)
    is_noted = pl.Series(linked.is_noted, dtype=pl.Boolean).gather(frame["old"])
    notes.append(linked.note(*_counted(frame["old"].filter(is_noted))))
    return ManyRows(texts.gather(order), counts, [*notes, *rest.notes])


def _kind(rows: WrittenRows | None) -> int:
    if rows is None:
        return 0
    return 2 if rows.has_link else 1


def _counted(numbers: pl.Series) -> tuple[list[int], list[int]]:
    """Return the different numbers, and how often each is there."""
    counts = numbers.value_counts()
    return counts[numbers.name].to_list(), counts["count"].to_list()


def _dates(linked: LinkedRows, code: Callable[[int], Coded]) -> Iterator[pl.Series | pl.Expr]:
    """Yield the two dates of each row, as they are and as JSON, which is null where one is unreadable.

    For a report there are also their numbers.
    """
    import polars as pl

    both = ("old", linked.old.date, first_number), ("new", linked.new.date, second_number)
    for name, place, number_of in both:
        if place is None:
            yield pl.lit(None, pl.String).alias(f"{name}_date")
            yield pl.lit(_NULL).alias(f"{name}_json")
            yield pl.lit(number_of(None), pl.UInt64).alias(f"{name}_number")
            continue
        texts, codes, _ = code(place)
        dates = [linked.read_date(cell) for cell in texts[0].to_list()]
        written = [link.json_text(one.date) if one.is_plain else None for one in dates]
        yield pl.Series(f"{name}_date", [one.date for one in dates], dtype=pl.String).gather(codes)
        yield pl.Series(f"{name}_json", written, dtype=pl.String).gather(codes)
        if linked.tally is not None:
            numbers = [number_of(one.date) for one in dates]
            yield pl.Series(f"{name}_number", numbers, dtype=pl.UInt64).gather(codes)


def _ids(linked: LinkedRows, column: Callable[[int], pl.Series]) -> Iterator[pl.Series | pl.Expr]:
    """Yield the tumor id of each row as JSON, and whether it is plain and that of both stages."""
    import polars as pl

    place, new_place = linked.old.tumor_id, linked.new.tumor_id
    if place is None or new_place is None:
        yield pl.lit(_NULL).alias("id")
        yield pl.lit(place is new_place).alias("is_plain_id")
        return
    ids = column(place)
    is_plain = ids.str.contains(_PLAIN_ID) & ~ids.str.to_lowercase().is_in(list(linked.id_words))
    if place != new_place:
        is_plain &= ids == column(new_place)
    yield pl.format('"{}"', ids).alias("id")
    yield is_plain.alias("is_plain_id")


def _undisputed(linked: LinkedRows, frame: pl.DataFrame) -> Iterator[pl.Expr | pl.Series]:
    """Yield what `is_undisputed` asks of the dates and the sites, and that the dates can be read."""
    import polars as pl

    old_date, new_date = pl.col("old_date"), pl.col("new_date")
    yield pl.col("old_json").is_not_null() & pl.col("new_json").is_not_null()
    yield old_date.is_null() | new_date.is_null() | (old_date <= new_date)
    if any(site is not None for site in linked.new.sites):
        sites = pl.Series(linked.old.sites, dtype=pl.String).gather(frame["old"])
        found = sites == pl.Series(linked.new.sites, dtype=pl.String).gather(frame["new"])
        yield found.fill_null(value=True)  # one of the two is not known


def _without_first(frame: pl.DataFrame, found: Sequence[WrittenRows | None], first: int) -> pl.DataFrame:
    """Return rows without so many of those that are restaged, and which of them show a recurrence."""
    import polars as pl

    types = [None if one is None else one.types for one in found]
    recurs = [None if one is None else bool(one) for one in types]  # null: not restaged
    frame = frame.with_columns(pl.Series("recurs", recurs, dtype=pl.Boolean).gather(frame["pair"]))
    is_restaged = pl.col("recurs").is_not_null()
    return frame.filter(~is_restaged | (is_restaged.cum_sum() > first)) if first else frame


def years_between(frame: pl.DataFrame) -> dict[int, int]:
    """Return how often the years between the two dates of rows come, by the `SUM_OF_YEARS`."""
    import polars as pl

    total = pl.col("old_number") + pl.col("new_number")
    sums = frame.select(total & pl.lit(SUM_OF_YEARS, pl.UInt64)).to_series()
    return dict(zip(*_counted(sums), strict=True))


def _unlinked(found: Sequence[WrittenRows | None], rows: pl.DataFrame) -> pl.Series:
    import polars as pl

    texts = ["" if one is None else one.before + one.after for one in found]
    return pl.Series(texts, dtype=pl.String).gather(rows["pair"])


def _linked(linked: LinkedRows, found: Sequence[WrittenRows | None], rows: pl.DataFrame) -> pl.Series:
    """Return the cells of rows with a link, as `Restager.of_row` writes them."""
    import polars as pl

    def each(texts: Iterable[str], number: str) -> pl.Series:
        return pl.Series(list(texts), dtype=pl.String).gather(rows[number])

    old = each(linked.old.between, "old")
    start = pl.lit(link.BEFORE_DATE)
    written = rows.select(pl.concat_str(start, "old_json", old, "id", pl.lit(link.BEHIND_TUMOR))).to_series()
    written = rows.select(
        pl.concat_str(
            pl.lit(link.BEFORE_ASSESSMENT + link.BEFORE_DATE),
            "new_json",
            each(linked.new.between, "new"),
            "id",
            pl.lit(link.BEHIND_TUMOR + link.BEFORE_DIAGNOSIS),
            _digests(linked, written),
            each(linked.behind, "new"),
        )
    ).to_series()
    return rows.select(
        pl.concat_str(
            each(("" if one is None else one.before for one in found), "pair"),
            pl.lit(linked.cell_prefix),
            _digests(linked, written),
            each(("" if one is None else one.after for one in found), "pair"),
        )
    ).to_series()


def _digests(linked: LinkedRows, texts: pl.Series) -> pl.Series:
    import polars as pl

    digests: list[str] = []
    for some in texts.cast(pl.Binary).to_frame().iter_slices(_AT_A_TIME):
        digests += map(linked.digest, some.to_series().to_list())
    return pl.Series(digests, dtype=pl.String)
