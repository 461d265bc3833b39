"""Series of any engine as columns of pyarrow, and results as frames of the same engine, through narwhals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rstage.columns.arrow import chunked, is_text

if TYPE_CHECKING:
    from collections.abc import Mapping


class SeriesEngine:
    """What several series have in common, so that results become a frame like them.

    Args:
        series: the series by the names that messages give them: of one engine, equally long and, where they
            have an index, with the same one.

    Attributes:
        columns: the series as columns of pyarrow.

    Raises:
        ImportError: narwhals or pyarrow is missing; the message names the extra.
        TypeError: one of them is no series, is of another engine than the first, or mixes types.
        ValueError: they differ in length or in their index.
    """

    def __init__(self, series: Mapping[str, Any]) -> None:
        self._series = {name: _as_series(one, name) for name, one in series.items()}
        self._first = next(iter(self._series.values()))
        for name, one in self._series.items():
            self._check_alike(name, one)
        self.columns = {name: _arrow(one, name) for name, one in self._series.items()}

    def _check_alike(self, name: str, one: Any) -> None:
        first = self._first
        if one.implementation != first.implementation:
            raise TypeError(f"{name} is a series of another library than the first one")
        if len(one) != len(first):
            raise ValueError("the columns differ in length")
        if first.implementation.is_pandas_like() and not one.to_native().index.equals(
            first.to_native().index
        ):
            raise ValueError(
                f"{name} has another index than the first column, so that rows would be mixed up"
            )

    def frame(self, table: Any) -> Any:
        """Return a table of pyarrow as a frame of the engine, with the index of the series."""
        import narwhals as nw

        frame = nw.from_arrow(table, backend=self._first.implementation).to_native()
        return self._like_pandas(frame) if self._first.implementation.is_pandas_like() else frame

    def _like_pandas(self, frame: Any) -> Any:
        """Return a frame with the index of the first series; text has its type, flags can be missing."""
        first, column = self._first.to_native(), next(iter(self.columns.values()))
        frame.index = first.index
        kinds = {name: "boolean" if name.startswith("is_") else first.dtype for name in frame.columns}
        if not is_text(column.type):
            kinds = {name: kind for name, kind in kinds.items() if kind == "boolean"}
        return frame.astype(kinds)


def _as_series(one: Any, name: str) -> Any:
    try:
        import narwhals as nw
        import pyarrow as pa
    except ImportError as error:
        raise ImportError(
            "columns need narwhals and pyarrow: "
            "pip install 'rstage[polars]', 'rstage[pandas]' or 'rstage[arrow]'"
        ) from error
    try:
        return nw.from_native(chunked(one) if isinstance(one, pa.Array) else one, series_only=True)
    except TypeError:
        raise TypeError(
            f"{name} is no series of polars, pandas or pyarrow, but {type(one).__name__}"
        ) from None


def _arrow(series: Any, name: str) -> Any:
    import pyarrow as pa

    try:
        return chunked(series.to_arrow())
    except (pa.ArrowException, UnicodeError, TypeError):
        # What pyarrow says of it shows a value.
        raise TypeError(f"{name} holds values of several types, or text that is not Unicode") from None
